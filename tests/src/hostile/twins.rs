//! Twins: a random source in, a model whose every text is hostile and one with plain words in the same places out.
//! Generated code of the two must be the same but for names, strings and docs.

use fastrand::Rng;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use serde_json::{Map, Value, json};

use super::TEXTS;

/// A hostile model and its harmless twin.
#[derive(Clone, Debug)]
pub struct Twins {
    /// Every text is one of [`TEXTS`], or made of one.
    pub hostile: Value,
    /// The same shape with plain words.
    pub harmless: Value,
}

/// Makes both at once.
struct Maker<'r> {
    rng: &'r mut Rng,
    count: usize,
}

impl Twins {
    /// A random pair.
    #[must_use]
    pub fn random(rng: &mut Rng) -> Self {
        let mut maker = Maker { rng, count: 0 };
        let (hostile, harmless) = maker.object(3, true);
        Self { hostile, harmless }
    }
}

impl Maker<'_> {
    /// A text for each twin. No two are alike, so that names are not, either.
    fn text(&mut self) -> (String, String) {
        self.count += 1;
        let hostile = TEXTS[self.rng.usize(0..TEXTS.len())];
        (format!("{hostile} zq{}", self.count), format!("word zq{}", self.count))
    }

    fn value(&mut self, depth: u8) -> (Value, Value) {
        let both = |value: Value| (value.clone(), value);
        let (mut one, mut other) = match self.rng.u8(0..if depth == 0 { 4 } else { 8 }) {
            0 => both(json!({"type": "integer", "minimum": 1})),
            1 => both(json!({"type": "string", "maxLength": 9})),
            2 => self.listed(),
            3 => self.defaulted(),
            4 => {
                let (one, other) = self.value(depth - 1);
                (json!({"type": "array", "items": one}), json!({"type": "array", "items": other}))
            }
            5 => {
                let (one, other) = self.listed_for_union();
                (json!({"anyOf": [one, {"type": "integer"}]}), json!({"anyOf": [other, {"type": "integer"}]}))
            }
            6 => self.object(depth - 1, false),
            _ => self.fragment(),
        };
        for keyword in ["title", "description"] {
            let (hostile, harmless) = self.text();
            one[keyword] = hostile.into();
            other[keyword] = harmless.into();
        }
        (one, other)
    }

    fn listed(&mut self) -> (Value, Value) {
        let (one, other): (Vec<_>, Vec<_>) = (0..self.rng.usize(1..4)).map(|_| self.text()).unzip();
        (json!({"type": "string", "enum": one}), json!({"type": "string", "enum": other}))
    }

    /// In a union, values that have no Rust name make it another type, which plain words would not.
    fn listed_for_union(&mut self) -> (Value, Value) {
        loop {
            let (one, other) = self.listed();
            if one.to_string().is_ascii() && !one.to_string().contains("\\u") {
                return (one, other);
            }
        }
    }

    fn defaulted(&mut self) -> (Value, Value) {
        let (one, other) = self.text();
        (json!({"type": "string", "default": one}), json!({"type": "string", "default": other}))
    }

    fn fragment(&mut self) -> (Value, Value) {
        let (one, other) = self.text();
        (json!({"type": "string", "not": {"const": one}}), json!({"type": "string", "not": {"const": other}}))
    }

    fn object(&mut self, depth: u8, is_root: bool) -> (Value, Value) {
        let (mut one, mut other) = (Map::new(), Map::new());
        for place in 0..self.rng.usize(1..5) {
            let (hostile, harmless) = self.text();
            let (value, twin) = self.value(depth);
            // Some keys are node ids, whose titles name the field.
            let is_node = is_root && place % 2 == 0;
            let (key, twin_key) = if is_node {
                (format!("{place}_{hostile}"), format!("{place}_{harmless}"))
            } else {
                (hostile, harmless)
            };
            one.insert(key, value);
            other.insert(twin_key, twin);
        }
        (json!({"type": "object", "properties": one}), json!({"type": "object", "properties": other}))
    }
}

/// The shape of generated code: its tokens, with names, strings and docs blanked.
///
/// # Panics
/// If the text is not Rust.
#[must_use]
pub fn shape(source: &str) -> String {
    let tokens: TokenStream = source.parse().expect("generated code is Rust");
    let mut shape = String::new();
    blank(tokens, &mut shape);
    shape
}

fn blank(tokens: TokenStream, shape: &mut String) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut place = 0;
    while let Some(token) = tokens.get(place) {
        // `#[doc = "…"]`: how many lines there are is the text's business.
        if is_doc(&tokens[place..]) {
            place += 2 + usize::from(matches!(&tokens[place + 1], TokenTree::Punct(_)));
            continue;
        }
        match token {
            TokenTree::Group(group) if !is_text(group) => {
                shape.push_str(&format!("{:?}", group.delimiter()));
                blank(group.stream(), shape);
                shape.push_str(" end ");
            }
            TokenTree::Group(_) => shape.push_str("text "),
            TokenTree::Ident(_) => shape.push_str("name "),
            // Where a line breaks, a last comma is written; where an arm is long, braces in place of one.
            TokenTree::Punct(punct) if punct.as_char() == ',' => {}
            TokenTree::Punct(punct) => shape.push(punct.as_char()),
            TokenTree::Literal(literal) if literal.to_string().starts_with('"') => shape.push_str("text "),
            // Another schema has another digest.
            TokenTree::Literal(literal) if literal.to_string().starts_with("0x") => shape.push_str("digest "),
            TokenTree::Literal(literal) => shape.push_str(&format!("{literal} ")),
        }
        place += 1;
    }
}

/// A string in braces.
fn is_text(group: &Group) -> bool {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    group.delimiter() == Delimiter::Brace && matches!(tokens.as_slice(), [TokenTree::Literal(_)])
}

fn is_doc(tokens: &[TokenTree]) -> bool {
    let is_hash = matches!(tokens.first(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#');
    let group = tokens.iter().skip(1).find(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == '!'));
    is_hash && matches!(group, Some(TokenTree::Group(group)) if group.stream().to_string().starts_with("doc"))
}
