//! One union, spelled in all the ways that mean the same: a [`TrueUnion`] in, schemas out, and the compiled program that
//! reads values by them. Must not know how a union is lowered.

use fastrand::Rng;
use runcomfy_codegen::{ModelSource, SourceFile};
use serde_json::{Value, json};

use crate::stability::shape::TrueUnion;

/// The program that answers with what it reads.
pub const PROGRAM: &str = include_str!("spellings.rs.txt");

/// A way to write a union.
#[derive(Clone, Debug)]
pub struct Spelling {
    /// `anyOf` or `oneOf`.
    keyword: &'static str,
    /// The form that is published first.
    first: usize,
    /// How the value of a tag is written.
    tag: Tag,
    /// How null is written.
    null: Null,
    /// Whether two forms stand in a union of their own.
    is_nested: bool,
}

#[derive(Clone, Copy, Debug)]
enum Tag {
    Const,
    Enum,
    TypeAndConst,
    TypeAndEnum,
}

#[derive(Clone, Copy, Debug)]
enum Null {
    /// `{"type": "null"}` among the forms.
    Form,
    /// The same as a list of one value.
    Value,
    /// `anyOf` of the union and null.
    Around,
    /// `nullable` beside the forms.
    Keyword,
    /// `null` among the types of a form.
    Type,
}

impl Spelling {
    /// Any.
    #[must_use]
    pub fn random(rng: &mut Rng) -> Self {
        let tags = [Tag::Const, Tag::Enum, Tag::TypeAndConst, Tag::TypeAndEnum];
        let nulls = [Null::Form, Null::Value, Null::Around, Null::Keyword, Null::Type];
        Self {
            keyword: ["anyOf", "oneOf"][rng.usize(0..2)],
            first: rng.usize(0..8),
            tag: tags[rng.usize(0..tags.len())],
            null: nulls[rng.usize(0..nulls.len())],
            is_nested: rng.bool(),
        }
    }

    /// The union, spelled so.
    #[must_use]
    pub fn spell(&self, union: &TrueUnion) -> Value {
        let mut forms: Vec<Value> = union.forms.iter().map(|form| self.form(union, form)).collect();
        let count = forms.len();
        forms.rotate_left(self.first % count);
        let mut null = union.nulls.then_some(self.null);
        if let Some(Null::Type) = null {
            // Listed values would have to list null too.
            match forms.iter_mut().find(|form| form["type"].is_string() && form["enum"].is_null()) {
                Some(form) => form["type"] = json!([form["type"], "null"]),
                None => null = Some(Null::Form),
            }
        }
        if self.is_nested && forms.len() > 2 {
            let inner: Vec<Value> = forms.drain(..2).collect();
            forms.insert(0, json!({self.keyword: inner}));
        }
        match null {
            Some(Null::Form) => forms.push(json!({"type": "null"})),
            Some(Null::Value) => forms.insert(0, json!({"enum": [null]})),
            Some(Null::Around) => return json!({"anyOf": [{self.keyword: forms}, {"type": "null"}]}),
            Some(Null::Keyword) => return json!({self.keyword: forms, "nullable": true}),
            Some(Null::Type) | None => {}
        }
        json!({self.keyword: forms})
    }

    fn form(&self, union: &TrueUnion, form: &crate::stability::shape::TrueForm) -> Value {
        let mut schema = form.shape.schema();
        if let Some(tag) = &union.tag {
            let value = form.tag();
            schema["properties"][tag.text()] = match self.tag {
                Tag::Const => json!({"const": value}),
                Tag::Enum => json!({"enum": [value]}),
                Tag::TypeAndConst => json!({"type": "string", "const": value}),
                Tag::TypeAndEnum => json!({"type": "string", "enum": [value], "default": value}),
            };
            schema["required"].as_array_mut().expect("a list").insert(0, tag.text().into());
        }
        schema
    }
}

/// A model whose one field, `v`, is required and has this schema.
#[must_use]
pub fn model(id: &str, schema: &Value) -> ModelSource {
    let file = |name: &str, text: String| SourceFile { path: format!("{id}/{name}"), text };
    let input = json!({"type": "object", "properties": {"v": schema}, "required": ["v"]});
    let manifest = format!("id = {id:?}\ndisplay_name = \"Random\"\nsource = \"page\"\nupdated = 2026-01-01\n");
    ModelSource {
        folder: id.to_owned(),
        manifest: file("model.toml", manifest),
        input: file("input.json", input.to_string()),
        output: file("output.json", r#"{"type": "object", "properties": {"image": {"type": "string"}}}"#.to_owned()),
        lock: None,
        overrides: None,
    }
}
