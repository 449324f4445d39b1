//! Lock to text, one property or value a line, so that two branches that touch different fields merge without help. The
//! reading side is [`read`](super::read).

use std::fmt::Write as _;

use super::file::{Corrected, Lock, LockedField, ROOT};
use crate::toml_text::{key, quoted};

/// What a lock begins with.
const HEADER: &str = "\
# The published names of this model, so that they stay when its keys change.
# Written by the generator. Review the diff, and never edit by hand: `overrides.toml` is for that.
version = 1
";

impl Lock {
    /// The text of the lock; [`Lock::parse`] gives back the same lock.
    #[must_use]
    pub fn render(&self) -> String {
        // Writing to a string can't fail, here and below.
        let mut out = String::from(HEADER);
        if self.fields.iter().any(|locked| locked.field.is_bare) {
            out.push_str("texts_omitted = true\n");
        }
        if !self.required.is_empty() {
            out.push_str("\n[required]\n");
        }
        for (owner, names) in &self.required {
            list(&mut out, &key(owner), names.iter().map(|name| quoted(name)));
        }
        for field in &self.fields {
            render_field(&mut out, field);
        }
        out
    }
}

fn render_field(out: &mut String, locked: &LockedField) {
    let definition = &locked.field.definition;
    out.push_str("\n[[field]]\n");
    if locked.owner != ROOT {
        property(out, "type", &locked.owner);
    }
    property(out, "name", &locked.name);
    if locked.json != locked.name {
        property(out, "json", &locked.json);
    }
    list(out, "former", locked.former.iter().map(|name| quoted(name)));
    property(out, "key", &locked.field.key);
    if let Some(input) = &locked.field.input {
        property(out, "input", input);
    }
    if !locked.field.title.is_empty() {
        property(out, "title", &locked.field.title);
    }
    property(out, "kind", &definition.kind);
    for (keyword, value) in &definition.bounds {
        property(out, &format!("bounds.{}", key(keyword)), value);
    }
    if let Some(default) = &definition.default {
        property(out, "default", default);
    }
    list(
        out,
        "types",
        locked.types.iter().map(|made| {
            let named = made.named.as_deref().unwrap_or_default();
            entry([("at", made.at.as_str()), ("name", &made.name), ("named", named)], made.retired)
        }),
    );
    list(
        out,
        "values",
        locked.values.iter().map(|value| {
            let variant = value.variant.as_deref().unwrap_or_default();
            entry([("at", value.at.as_str()), ("text", &value.text), ("variant", variant)], value.retired)
        }),
    );
    if let Some(path) = &locked.applied.named {
        property(out, "named", path);
    }
    if let Some(Corrected { path, kind }) = &locked.applied.corrected {
        let _ = writeln!(out, "corrected = {{ path = {}, type = {} }}", quoted(path), quoted(kind));
    }
    if let Some(answer) = &locked.applied.moved {
        let _ = writeln!(out, "moved = {answer}");
    }
    if locked.retired {
        out.push_str("retired = true\n");
    }
}

/// `key = "text"`.
fn property(out: &mut String, key: &str, text: &str) {
    let _ = writeln!(out, "{key} = {}", quoted(text));
}

/// An array with one item a line; nothing if it is empty.
fn list(out: &mut String, key: &str, items: impl ExactSizeIterator<Item = String>) {
    if items.len() == 0 {
        return;
    }
    let _ = writeln!(out, "{key} = [");
    for item in items {
        let _ = writeln!(out, "    {item},");
    }
    out.push_str("]\n");
}

/// One line of `types` or `values`. Empty texts are left out, but for that of an empty enum value.
fn entry<'a, const N: usize>(texts: [(&str, impl AsRef<str> + 'a); N], retired: bool) -> String {
    let mut parts: Vec<String> = texts
        .iter()
        .filter(|(key, text)| !text.as_ref().is_empty() || *key == "text")
        .map(|(key, text)| format!("{key} = {}", quoted(text.as_ref())))
        .collect();
    if retired {
        parts.push("retired = true".to_owned());
    }
    format!("{{ {} }}", parts.join(", "))
}
