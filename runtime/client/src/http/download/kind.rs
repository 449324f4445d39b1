//! Kinds of files, as far as they are told apart: an extension or a media type in, a kind out. Must not look into files.

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Page,
    Message,
    Image,
    /// Films and sounds share their containers.
    Film,
    /// Meshes, archives and tables that are no texts.
    Binary,
    /// Subtitles, lists, meshes and papers that may be texts, but never begin as a page or JSON does.
    Plain,
    /// What else is known by its name, such as drawings, lists and other meshes: it may be any text.
    Other,
}

impl Kind {
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "html" | "htm" | "xhtml" => Self::Page,
            "json" | "xml" => Self::Message,
            "png" | "apng" | "jpg" | "jpeg" | "jpe" | "jfif" | "gif" | "webp" | "avif" | "bmp" | "tif" | "tiff"
            | "heic" | "heif" | "jxl" | "jp2" | "ico" | "psd" | "tga" | "dds" | "qoi" | "exr" => Self::Image,
            "mp4" | "m4v" | "f4v" | "mov" | "qt" | "webm" | "mkv" | "avi" | "divx" | "wmv" | "asf" | "flv" | "mpg"
            | "mpeg" | "mpe" | "mp2" | "m2v" | "vob" | "m2ts" | "mts" | "mxf" | "ogv" | "ogx" | "3gp" | "3g2"
            | "mp3" | "wav" | "wave" | "w64" | "flac" | "ogg" | "oga" | "opus" | "spx" | "m4a" | "m4b" | "aac"
            | "ac3" | "aif" | "aiff" | "aifc" | "wma" | "weba" | "mka" | "caf" | "amr" | "mid" | "midi" => Self::Film,
            "glb" | "splat" | "ksplat" | "spz" | "usdc" | "usdz" | "blend" | "3mf" | "npy" | "npz" | "zip" | "tar"
            | "gz" | "tgz" | "bz2" | "xz" | "zst" | "7z" | "rar" | "svgz" | "safetensors" | "gguf" | "onnx"
            | "ckpt" | "pth" | "parquet" => Self::Binary,
            "srt" | "vtt" | "ssa" | "m3u8" | "obj" | "mtl" | "ply" | "fbx" | "bvh" | "usda" | "hdr" | "pfm" | "pbm"
            | "pgm" | "ppm" | "pnm" | "eps" | "pdf" => Self::Plain,
            "svg" | "ai" | "ass" | "sbv" | "lrc" | "ttml" | "mpd" | "edl" | "txt" | "md" | "rtf" | "csv" | "tsv"
            | "jsonl" | "ndjson" | "yaml" | "yml" | "toml" | "log" | "gltf" | "stl" | "dae" | "usd" | "cube"
            | "bin" => Self::Other,
            _ => return None,
        })
    }

    /// An image, a film or a sound, none of which begins as a text does.
    pub(super) fn is_media(self) -> bool {
        matches!(self, Self::Image | Self::Film)
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
