//! What a comparison found, as plain data: the changes, their flags, how many models they touch. Knows nothing of how they
//! were found.

use serde::Serialize;

use super::kind::{ChangeKind, Direction, Strictness, Verdict};

/// All changes between two catalogues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The changes, sorted by model and path.
    pub changes: Vec<Change>,
    /// How many models changed, and how much. Shared output shapes are not counted.
    pub models: Counts,
}

/// How many models changed; each is counted once, by its worst change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Models that are new.
    pub added: usize,
    /// Models that are gone.
    pub removed: usize,
    /// Models that changed in a breaking way.
    pub breaking: usize,
    /// Models that changed in compatible ways.
    pub compatible: usize,
    /// Models of which only texts changed.
    pub docs_only: usize,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The model's id, or the file of a shared output shape (`_shared/media-output.json`).
    pub model: String,
    /// Type and field by the names released code knows (`Input.steps`, `Input.urls[]` for the items of a list); empty
    /// for the model as a whole.
    pub path: String,
    /// Which way the type travels; `None` for the model as a whole.
    pub direction: Option<Direction>,
    /// What changed.
    pub kind: ChangeKind,
    /// What that means for code that compiles today.
    pub verdict: Verdict,
    /// How the set of valid values changed, where it did.
    pub strictness: Option<Strictness>,
    /// Released versions send a key, or a value, that no longer means what they mean by it (or look for the wrong key in
    /// a response): release at once.
    pub wrong_keys: bool,
    /// Released versions that set this field send a key that the server no longer knows.
    pub unknown_key: bool,
    /// What was there, in full; empty where there was nothing.
    pub old: String,
    /// What is there now, in full; empty where there is nothing.
    pub new: String,
    /// What happened, for people. One line of Markdown and plain text at once: everything published stands in code
    /// spans, long values shortened.
    pub sentence: String,
}

impl Report {
    /// The verdict on all changes together; `None` if nothing changed.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.changes.iter().map(|change| change.verdict).max()
    }

    /// Whether released versions send wrong keys from now on, so that a release can't wait.
    #[must_use]
    pub fn wrong_keys(&self) -> bool {
        self.changes.iter().any(|change| change.wrong_keys)
    }

    /// Whether released versions can send keys that the server no longer knows.
    #[must_use]
    pub fn unknown_keys(&self) -> bool {
        self.changes.iter().any(|change| change.unknown_key)
    }

    /// The models whose released versions send wrong keys, sorted.
    pub(super) fn wrong_key_models(&self) -> Vec<&str> {
        let flagged = self.changes.iter().filter(|change| change.wrong_keys);
        let mut models: Vec<&str> = flagged.map(|change| change.model.as_str()).collect();
        models.dedup();
        models
    }
}

impl Counts {
    /// Counts a model that is in both catalogues.
    pub(super) fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Breaking => self.breaking += 1,
            Verdict::Compatible => self.compatible += 1,
            Verdict::DocsOnly => self.docs_only += 1,
        }
    }
}

/// Where something may have changed; makes the changes that are found there.
#[derive(Clone)]
pub(super) struct Place<'a> {
    model: &'a str,
    direction: Option<Direction>,
    path: String,
}

impl<'a> Place<'a> {
    /// A model as a whole.
    pub(super) fn model(model: &'a str) -> Self {
        Self { model, direction: None, path: String::new() }
    }

    /// A type of the model.
    pub(super) fn named(model: &'a str, direction: Direction, name: &str) -> Self {
        Self { model, direction: Some(direction), path: name.to_owned() }
    }

    /// A part of what is here: `.steps`, `[]`.
    pub(super) fn part(&self, suffix: &str) -> Self {
        Self { path: format!("{}{suffix}", self.path), ..self.clone() }
    }

    /// Whether this is part of a request.
    pub(super) fn is_request(&self) -> bool {
        self.direction == Some(Direction::Request)
    }

    /// A change at this place.
    pub(super) fn change(
        &self,
        kind: ChangeKind,
        old: impl Into<String>,
        new: impl Into<String>,
        sentence: impl Into<String>,
    ) -> Change {
        Change {
            model: self.model.to_owned(),
            path: self.path.clone(),
            direction: self.direction,
            kind,
            verdict: kind.verdict(self.direction),
            strictness: None,
            wrong_keys: false,
            unknown_key: false,
            old: old.into(),
            new: new.into(),
            sentence: sentence.into(),
        }
    }
}
