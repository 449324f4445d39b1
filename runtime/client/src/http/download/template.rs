//! How files are called. In: a template or a function of the user, and what is known of a file. Out: a name, not yet made
//! harmless. Must not look at the disk.

use std::fmt;
use std::sync::Arc;

use super::name::FileName;
use crate::http::error::DownloadErrorKind;

/// What is known of a file that needs a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileToName<'a> {
    /// The request id of its job, if [`for_job`](super::Downloader::for_job) said so.
    pub job: Option<&'a str>,
    /// The model's id, likewise.
    pub model: Option<&'a str>,
    /// Which of the output's files it is, from 0.
    pub index: usize,
    /// How many files the output has.
    pub count: usize,
    /// Its name in the URL, made harmless, without the extension.
    pub name: &'a str,
    /// Its extension in the URL, without the dot; empty if there is none.
    pub extension: &'a str,
}

/// Who says how files are called.
#[derive(Clone, Default)]
pub(super) enum Naming {
    /// As in their URLs.
    #[default]
    Url,
    Template(Arc<[Piece]>),
    Hook(Arc<Hook>),
}

type Hook = dyn Fn(&FileToName<'_>) -> String + Send + Sync;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Job,
    Model,
    Index,
    Count,
    Name,
    Extension,
}

impl Naming {
    /// # Errors
    /// What is wrong with the template.
    pub(super) fn parse(template: &str) -> Result<Self, String> {
        let refused = |problem: String| format!("the template `{template}` for names {problem}");
        if template.is_empty() || template.contains(['/', '\\']) {
            return Err(refused("must name one file; folders are given to the call that downloads".to_owned()));
        }
        let (mut pieces, mut text, mut rest) = (Vec::new(), String::new(), template);
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let (brace, after) = rest[at..].split_at(1);
            if let Some(after) = after.strip_prefix(brace) {
                text.push_str(brace);
                rest = after;
                continue;
            }
            let Some((word, after)) = after.split_once('}').filter(|_| brace == "{") else {
                return Err(refused(format!("has a single `{brace}`; write `{brace}{brace}` for the character")));
            };
            let Some(piece) = Piece::of(word) else {
                return Err(refused(format!(
                    "has `{{{word}}}`; known are {{job}}, {{model}}, {{index}}, {{count}}, {{name}}, {{extension}}"
                )));
            };
            pieces.extend([Piece::Text(std::mem::take(&mut text)), piece]);
            rest = after;
        }
        text.push_str(rest);
        pieces.push(Piece::Text(text));
        Ok(Self::Template(pieces.into()))
    }

    pub(super) fn hook(name: impl Fn(&FileToName<'_>) -> String + Send + Sync + 'static) -> Self {
        Self::Hook(Arc::new(name))
    }

    pub(super) fn name(&self, file: &FileToName<'_>, from_url: &FileName) -> Result<FileName, DownloadErrorKind> {
        match self {
            Self::Url => Ok(from_url.clone()),
            Self::Hook(name) => Ok(FileName::safe(&name(file))),
            Self::Template(pieces) => {
                let mut name = String::new();
                for piece in pieces.iter() {
                    name.push_str(&piece.of_file(file)?);
                }
                Ok(FileName::safe(&name))
            }
        }
    }
}

impl Piece {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "job" => Self::Job,
            "model" => Self::Model,
            "index" => Self::Index,
            "count" => Self::Count,
            "name" => Self::Name,
            "extension" => Self::Extension,
            _ => return None,
        })
    }

    fn of_file(&self, file: &FileToName<'_>) -> Result<String, DownloadErrorKind> {
        Ok(match self {
            Self::Text(text) => text.clone(),
            Self::Job => file.job.ok_or(DownloadErrorKind::Name("job"))?.to_owned(),
            // The segments of an id are no folders.
            Self::Model => file.model.ok_or(DownloadErrorKind::Name("model"))?.replace('/', "-"),
            Self::Index => file.index.to_string(),
            Self::Count => file.count.to_string(),
            Self::Name => file.name.to_owned(),
            Self::Extension => file.extension.to_owned(),
        })
    }
}

impl fmt::Debug for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url => f.write_str("Url"),
            Self::Template(pieces) => f.debug_tuple("Template").field(pieces).finish(),
            Self::Hook(_) => f.write_str("Hook"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FileToName<'static> = FileToName {
        job: Some("r-1"),
        model: Some("community/wan-2-2/vace-fun"),
        index: 2,
        count: 3,
        name: "0",
        extension: "mp4",
    };

    fn named(template: &str, file: &FileToName<'_>) -> String {
        let url = FileName::safe("0.mp4");
        Naming::parse(template).expect("a template").name(file, &url).expect("a name").numbered(0)
    }

    #[test]
    fn a_template_says_whose_a_file_is() {
        assert_eq!(named("{job}-{index}.{extension}", &FILE), "r-1-2.mp4");
        assert_eq!(named("{model} {name} of {count}.{extension}", &FILE), "community-wan-2-2-vace-fun 0 of 3.mp4");
        assert_eq!(named("{{{job}}}", &FILE), "_r-1_", "braces are no characters for a name on every system");
        assert_eq!(named("film.{extension}", &FileToName { extension: "", ..FILE }), "film", "no dot without one");
    }

    #[test]
    fn no_value_leaves_the_folder() {
        let file = FileToName { job: Some("../../etc/passwd"), model: Some("..\\..\\x"), ..FILE };
        assert_eq!(named("{job}", &file), "_.._etc_passwd");
        assert_eq!(named("{model}", &file), "_.._x");
    }

    #[test]
    fn a_template_that_is_none_is_refused_with_what_is_known() {
        for (template, part) in [
            ("", "one file"),
            ("a/{job}", "one file"),
            ("{job", "a single `{`"),
            ("job}", "a single `}`"),
            ("{jobs}", "{job}, {model}"),
            ("{}", "known are"),
        ] {
            let error = Naming::parse(template).expect_err(template);
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn what_nobody_said_is_an_error_not_an_empty_name() {
        let naming = Naming::parse("{job}.mp4").expect("a template");
        let error = naming.name(&FileToName { job: None, ..FILE }, &FileName::safe("0.mp4")).expect_err("no job");
        assert!(matches!(error, DownloadErrorKind::Name("job")), "{error:?}");
    }
}
