//! Schemas with `anyOf`, `oneOf`, `allOf` or several types in, Rust types that typify wrote out.
//!
//! ```text
//! reduce: schema → shape → settled shape        types: plan → tokens → typify → checked items under their names
//! ```
//!
//! A union that no type can say becomes [`UNTYPED`]: no shape is refused for being unusual, and the rule table checks the
//! value in any case. Objects are closed unless `additionalProperties` opens them. What a type reads it writes back the
//! same, but for the form of numbers (`1` as `1.0`) and the order of keys. Must not know models, locks or files.

mod decode;
mod dress;
mod encode;
#[cfg(test)]
mod laws;
mod names;
mod plan;
mod reduce;
mod reference;
mod settle;
mod shape;
#[cfg(test)]
mod tests;

use serde_json::Value;

use self::plan::Plan;
use self::shape::Shape;
use crate::error::{Error, ErrorKind};

/// The type of values that can have any form.
pub const UNTYPED: &str = "::runcomfy_client::Json";

/// What is left of a schema once references are resolved, branches combined, and texts and constraints dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduced {
    pointer: String,
    shape: Shape,
    nullable: bool,
}

impl Reduced {
    /// Whether null is one of the values.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        self.nullable
    }
}

/// The Rust types for one union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnionTypes {
    /// The type of the value, null aside: the union's own name, or a path such as `::std::string::String` where the
    /// schema comes to something simple, or [`UNTYPED`].
    pub ident: String,
    /// Whether the value may be null; never set for [`UNTYPED`], which holds null itself.
    pub nullable: bool,
    /// The declarations, as Rust source; empty where none are needed.
    pub items: String,
    /// The names that `items` declares; each begins with the union's name.
    pub item_idents: Vec<String>,
}

/// Brings `schema`, which stands at `pointer` of `document`, down to the form of its values. The fix-ups are expected to
/// be done.
///
/// # Errors
/// [`ErrorKind::Reference`] for a `$ref` that leads nowhere, out of the document, or only back to itself;
/// [`ErrorKind::InvalidSchema`] for a keyword whose value has the wrong form.
pub fn reduce(schema: &Value, document: &Value, pointer: &str) -> Result<Reduced, Error> {
    let shape = reduce::shape_of(schema, document, pointer)?.map_or(Shape::Any, settle::settle);
    let (shape, nullable) = match shape.split_null() {
        (Some(shape), nullable) => (shape, nullable),
        (None, _) => (Shape::Any, false),
    };
    Ok(Reduced { pointer: pointer.to_owned(), shape, nullable })
}

/// The types for a reduced schema; `name` is that of the outermost, in PascalCase.
///
/// # Errors
/// [`ErrorKind::Union`] if typify fails, or wrote something else than what was asked for.
pub fn types(name: &str, reduced: &Reduced) -> Result<UnionTypes, Error> {
    let Some(plan) = plan::plan(name, &reduced.shape).filter(|plan| plan.root != plan::Type::Json) else {
        return Ok(untyped());
    };
    let fail = |message: String| {
        Error::new(ErrorKind::Union, format!("no type could be made for the union {name}: {message}"))
            .at(&reduced.pointer)
            .help("this is a fault of the generator: please report it with the schema")
    };
    Ok(UnionTypes {
        ident: source_text(&decode::rust_type(&plan, &plan.root).to_string()),
        nullable: reduced.nullable,
        items: declarations(&plan).map_err(fail)?,
        item_idents: plan.definitions.iter().map(|definition| definition.name.clone()).collect(),
    })
}

fn untyped() -> UnionTypes {
    UnionTypes { ident: UNTYPED.to_owned(), nullable: false, items: String::new(), item_idents: Vec::new() }
}

fn declarations(plan: &Plan) -> Result<String, String> {
    if plan.definitions.is_empty() {
        return Ok(String::new());
    }
    let items = decode::decode(plan, &encode::typify(plan)?)?;
    Ok(prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }))
}

/// Tokens of a type as people write it: spaces only where they part words.
fn source_text(tokens: &str) -> String {
    tokens.replace(' ', "").replace(',', ", ")
}
