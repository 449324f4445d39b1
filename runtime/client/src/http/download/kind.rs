//! Kinds of files, as far as they are told apart: an extension or a media type in, a kind out. Must not look into files.

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Page,
    Message,
    Image,
    /// Films and sounds share their containers.
    Film,
}

impl Kind {
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "html" | "htm" | "xhtml" => Self::Page,
            "json" | "xml" => Self::Message,
            "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "bmp" | "tif" | "tiff" | "heic" | "exr" => Self::Image,
            "mp4" | "m4v" | "mov" | "webm" | "mkv" | "avi" | "mp3" | "wav" | "flac" | "ogg" | "opus" | "m4a"
            | "aac" => Self::Film,
            _ => return None,
        })
    }

    /// `None` for what says nothing, such as `application/octet-stream` or a plain text that nobody configured.
    pub(super) fn of_type(essence: &str) -> Option<Self> {
        Some(match essence {
            "text/html" | "application/xhtml+xml" => Self::Page,
            "application/json" | "application/xml" | "text/xml" => Self::Message,
            _ if essence.starts_with("image/") => Self::Image,
            _ if essence.starts_with("video/") || essence.starts_with("audio/") => Self::Film,
            _ if essence.starts_with("text/") && essence != "text/plain" => Self::Message,
            _ if essence.ends_with("+json") || essence.starts_with("multipart/") => Self::Message,
            _ => return None,
        })
    }
}
