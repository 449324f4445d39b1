//! How files of outputs are called: a template of the user, and what is known of a file. Must not touch the disk.

use crate::{Error, digest};

/// A template such as `{key}-{index}.{extension}`.
#[derive(Clone, Debug)]
pub(super) struct Naming(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Key,
    Job,
    Model,
    Index,
    Extension,
}

/// A file to be named.
pub(super) struct Named<'a> {
    pub(super) key: &'a str,
    pub(super) job: i64,
    pub(super) model: &'a str,
    /// Its place in the output, from 0 on.
    pub(super) index: &'a str,
    /// Without its point; may be empty.
    pub(super) extension: &'a str,
}

impl Default for Naming {
    fn default() -> Self {
        use Piece::{Extension, Index, Key, Text};
        let text = |text: &str| Text(text.to_owned());
        Self(vec![Key, text("-"), Index, text("."), Extension])
    }
}

impl Naming {
    /// Reads a template. Two files of a batch must never have one name, so it has the key or the number of the job, and the index.
    pub(super) fn parse(template: &str) -> Result<Self, Error> {
        let refused = |why: &str| Error::Refused(format!("the template `{template}` for names {why}"));
        let (mut pieces, mut rest) = (Vec::new(), template);
        while let Some((text, after)) = rest.split_once('{') {
            let (word, after) = after.split_once('}').ok_or_else(|| refused("has a { without a }"))?;
            pieces.push(Piece::Text(text.to_owned()));
            pieces.push(match word {
                "key" => Piece::Key,
                "job" => Piece::Job,
                "model" => Piece::Model,
                "index" => Piece::Index,
                "extension" => Piece::Extension,
                _ => return Err(refused("may have {key}, {job}, {model}, {index} and {extension}")),
            });
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        let has = |wanted: fn(&Piece) -> bool| pieces.iter().any(wanted);
        if !has(|piece| matches!(piece, Piece::Key | Piece::Job)) || !has(|piece| matches!(piece, Piece::Index)) {
            return Err(refused("needs {index}, and {key} or {job}: no two files may have one name"));
        }
        let texts = pieces.iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(text) } else { None });
        if texts.clone().any(|text| text.contains(['\\', ':', '\0'])) || template.starts_with('/') {
            return Err(refused("is a relative path with / between folders"));
        }
        Ok(Self(pieces))
    }

    /// The name, a path below the folder of the batch.
    pub(super) fn name(&self, file: &Named<'_>) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Key => safe(file.key),
            Piece::Job => file.job.to_string(),
            Piece::Model => safe(&file.model.replace('/', "-")),
            Piece::Index => file.index.to_owned(),
            Piece::Extension => file.extension.to_owned(),
        };
        let name: String = self.0.iter().map(piece).collect();
        let parts = name.split('/').map(|part| part.trim_end_matches('.')).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("/")
    }
}

/// A text as part of a file name. What had to be changed is told apart by its digest.
pub(crate) fn safe(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !text.is_empty() && text.len() <= 80 && !text.starts_with('.') && text.chars().all(plain) {
        return text.to_owned();
    }
    let kept: String = text.chars().filter(|c| plain(*c) && *c != '.').take(40).collect();
    format!("{kept}-{}", &digest::of(&[text])[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(template: &str, key: &str, extension: &str) -> String {
        let naming = Naming::parse(template).expect("a template");
        naming.name(&Named { key, job: 7, model: "a/b", index: "0", extension })
    }

    #[test]
    fn names_are_made_of_what_is_known_and_stay_in_their_folder() {
        assert_eq!(name("{key}-{index}.{extension}", "film-1", "mp4"), "film-1-0.mp4");
        assert_eq!(name("{model}/{job}_{index}.{extension}", "film-1", ""), "a-b/7_0");
        for (key, kept) in [("../../etc/passwd", "etcpasswd-"), ("..", "-"), ("a/b", "ab-"), ("", "-")] {
            let made = name("{key}-{index}.{extension}", key, "mp4");
            assert!(made.starts_with(kept) && !made.contains("..") && !made.contains('/'), "{made}");
        }
        assert!(!name("../{key}-{index}", "a", "").contains(".."));
        assert_eq!(
            Naming::default().name(&Named { key: "a", job: 1, model: "m", index: "2", extension: "png" }),
            "a-2.png"
        );
    }

    #[test]
    fn a_template_by_which_two_files_have_one_name_is_refused() {
        for template in
            ["{key}.mp4", "{index}", "", "{key}{index}{seed}", "{key}-{index", "/{key}{index}", "a\\{key}{index}"]
        {
            assert!(Naming::parse(template).is_err(), "{template}");
        }
    }
}
