//! Text to lock. In: the text of `names.lock`. Out: a [`Lock`] that keeps its own promises (no name twice, no key
//! twice, nothing but identifiers as names), or what is wrong, with line and column. The writing side is
//! [`render`](super::render).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::answer::Answer;
use super::field::{Definition, Field};
use super::file::{Applied, Corrected, Lock, LockedField, LockedType, LockedValue, ROOT};
use crate::error::{Error, ErrorKind, Errors};
use crate::keyword::is_identifier;
use crate::sources::SourceFile;

/// The only version of the format so far.
const VERSION: i64 = 1;

impl Lock {
    /// Reads a lock.
    ///
    /// # Errors
    /// What is wrong with the file, with line and column: a merge conflict, a version from the future, a syntax error,
    /// an unknown property, a name or key given twice, a name that is no identifier.
    pub fn parse(source: &SourceFile) -> Result<Self, Errors> {
        let reader = Reader { source };
        reader.refuse_conflict_markers()?;
        let version: FileVersion = toml::from_str(&source.text).map_err(|error| reader.syntax(&error))?;
        if *version.version.get_ref() != VERSION {
            let message =
                format!("names.lock has version {}, and this generator knows {VERSION}", version.version.get_ref());
            let help = "it was written by another version of the generator: use that one, or update this one";
            return Err(reader.error(version.version.span().start, message).help(help).into());
        }
        let file: FileLock = toml::from_str(&source.text).map_err(|error| reader.syntax(&error))?;
        reader.check(&file)?;
        let required =
            file.required.into_iter().map(|(owner, names)| (owner, names.into_iter().map(Spanned::into_inner)));
        let mut fields: Vec<LockedField> = file.field.into_iter().map(LockedField::from).collect();
        fields.iter_mut().for_each(|locked| locked.field.is_bare = file.texts_omitted);
        Ok(Lock {
            required: required
                .map(|(owner, names)| (owner, names.collect::<Vec<_>>()))
                .filter(|(_, names)| !names.is_empty())
                .collect(),
            fields,
        })
    }
}

/// The part of the file that every version has.
#[derive(Deserialize)]
struct FileVersion {
    version: Spanned<i64>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLock {
    #[expect(dead_code, reason = "read by FileVersion before, and listed here because unknown properties are refused")]
    version: i64,
    #[serde(default)]
    texts_omitted: bool,
    #[serde(default)]
    required: BTreeMap<String, Vec<Spanned<String>>>,
    #[serde(default)]
    field: Vec<FileField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileField {
    #[serde(rename = "type")]
    owner: Option<String>,
    name: Spanned<String>,
    json: Option<String>,
    #[serde(default)]
    former: Vec<String>,
    key: Spanned<String>,
    input: Option<String>,
    #[serde(default)]
    title: String,
    kind: String,
    #[serde(default)]
    bounds: BTreeMap<String, String>,
    default: Option<String>,
    #[serde(default)]
    types: Vec<Spanned<FileType>>,
    #[serde(default)]
    values: Vec<Spanned<FileValue>>,
    named: Option<String>,
    corrected: Option<Corrected>,
    moved: Option<Answer>,
    #[serde(default)]
    retired: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileType {
    #[serde(default)]
    at: String,
    name: String,
    named: Option<String>,
    #[serde(default)]
    retired: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileValue {
    #[serde(default)]
    at: String,
    text: String,
    variant: Option<String>,
    #[serde(default)]
    retired: bool,
}

impl FileField {
    fn owner(&self) -> &str {
        self.owner.as_deref().unwrap_or(ROOT)
    }
}

impl From<FileField> for LockedField {
    fn from(file: FileField) -> Self {
        let name = file.name.into_inner();
        let values: Vec<LockedValue> = file.values.into_iter().map(|value| value.into_inner().into()).collect();
        let in_use = values.iter().filter(|value| !value.retired).map(|value| value.text.clone());
        let definition =
            Definition { kind: file.kind, values: in_use.collect(), bounds: file.bounds, default: file.default };
        Self {
            owner: file.owner.unwrap_or_else(|| ROOT.to_owned()),
            json: file.json.unwrap_or_else(|| name.clone()),
            name,
            former: file.former,
            field: Field {
                key: file.key.into_inner(),
                input: file.input,
                title: file.title,
                definition,
                is_bare: false,
            },
            types: file.types.into_iter().map(|made| made.into_inner().into()).collect(),
            values,
            applied: Applied { named: file.named, corrected: file.corrected, moved: file.moved },
            retired: file.retired,
        }
    }
}

impl From<FileType> for LockedType {
    fn from(FileType { at, name, named, retired }: FileType) -> Self {
        Self { at, name, named, retired }
    }
}

impl From<FileValue> for LockedValue {
    fn from(FileValue { at, text, variant, retired }: FileValue) -> Self {
        Self { at, text, variant, retired }
    }
}

/// Turns offsets into places, and looks for what serde can't see.
struct Reader<'a> {
    source: &'a SourceFile,
}

impl Reader<'_> {
    fn error(&self, offset: usize, message: impl Into<String>) -> Error {
        let before = self.source.text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        Error::new(ErrorKind::Toml, message).of("", &self.source.path).at(format!("line {line}, column {column}"))
    }

    fn syntax(&self, error: &toml::de::Error) -> Error {
        let offset = error.span().map_or(0, |span| span.start);
        let help = "the generator writes names.lock: restore the last committed file, and generate again";
        self.error(offset, format!("names.lock can't be read: {}", error.message())).help(help)
    }

    fn refuse_conflict_markers(&self) -> Result<(), Errors> {
        let mut offset = 0;
        for line in self.source.text.split_inclusive('\n') {
            let marker = line.trim_end();
            let is_marker = ["<<<<<<<", "|||||||", ">>>>>>>"]
                .iter()
                .any(|mark| marker.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
            if is_marker || marker == "=======" {
                let help = "keep the side whose names were released (usually the main branch's) for every conflict in \
                            this file, resolve input.json, then generate again: that locks what the other side \
                            had added; compare those names in the diff";
                return Err(self.error(offset, "names.lock has an unresolved merge conflict").help(help).into());
            }
            offset += line.len();
        }
        Ok(())
    }

    /// What serde can't see: everything that would break the lock's promises.
    fn check(&self, file: &FileLock) -> Result<(), Errors> {
        let mut errors = Errors::default();
        let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for field in &file.field {
            let (owner, name, key) = (field.owner(), field.name.get_ref(), field.key.get_ref());
            self.check_identifier(field.name.span().start, name, &mut errors);
            if !names.insert((owner, name.as_str())) {
                let message = format!("names.lock gives the name `{name}` twice in `{owner}`");
                errors.push(self.error(field.name.span().start, message));
            }
            if !field.retired && !keys.insert((owner, key.as_str())) {
                let message = format!("names.lock has the key `{key}` twice in `{owner}`");
                errors.push(self.error(field.key.span().start, message));
            }
            self.check_entries(field, &mut errors);
        }
        for (owner, required) in &file.required {
            for name in required {
                if !names.contains(&(owner.as_str(), name.get_ref().as_str())) {
                    let name_text = name.get_ref();
                    let message = format!("names.lock requires `{name_text}`, which `{owner}` does not have");
                    errors.push(self.error(name.span().start, message));
                }
            }
        }
        errors.or(())
    }

    fn check_entries(&self, field: &FileField, errors: &mut Errors) {
        let mut seen = BTreeSet::new();
        for value in &field.values {
            let FileValue { at, text, variant, .. } = value.get_ref();
            if let Some(variant) = variant {
                self.check_identifier(value.span().start, variant, errors);
            }
            if !seen.insert((at, text)) {
                let message = format!("names.lock lists the value {text:?} twice");
                errors.push(self.error(value.span().start, message));
            }
        }
        let mut places = BTreeSet::new();
        for made in &field.types {
            self.check_identifier(made.span().start, &made.get_ref().name, errors);
            if !places.insert(&made.get_ref().at) {
                errors.push(self.error(made.span().start, "names.lock has two types for one place"));
            }
        }
    }

    /// Names go into Rust source as they are, so a damaged lock has to fail here.
    fn check_identifier(&self, offset: usize, name: &str, errors: &mut Errors) {
        if !is_identifier(name) {
            errors.push(self.error(offset, format!("names.lock has the name {name:?}, which is no identifier")));
        }
    }
}
