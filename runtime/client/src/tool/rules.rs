//! What the hosts of language models take as the schema of a tool, as data, with its date. The one place to change when a
//! host changes its mind. Must not know how schemas are made to fit.

/// The day on which these rules were last held against what the hosts publish.
pub const AS_OF: &str = "2026-11-26";

/// What one dialect can say.
#[derive(Debug)]
pub(super) struct Rules {
    /// The keywords it takes, anywhere; `None` if it takes all but `$ref` and `$defs`.
    pub(super) keywords: Option<&'static [&'static str]>,
    /// What properties may be called.
    pub(super) names: Names,
    /// How a value is allowed to be null.
    pub(super) null: Null,
    /// How a property is left out.
    pub(super) optional: Optional,
    /// Whether every object says `additionalProperties: false`.
    pub(super) closed: bool,
    /// Whether `anyOf` stands alone, its description in each of its forms.
    pub(super) is_union_alone: bool,
    /// Whether two objects of one `anyOf` must begin with different properties, or with different values of the same.
    pub(super) begin_apart: bool,
    /// Whether an object without properties may be asked for, but as the whole input.
    pub(super) has_empty_objects: bool,
    /// Whether `enum` lists texts only, none of them empty.
    pub(super) are_values_texts: bool,
    /// Whether patterns may look around and refer back.
    pub(super) has_all_patterns: bool,
    /// Whether a schema may take any value. Where it may not, the value is given as JSON text.
    pub(super) has_any: bool,
    /// How large a schema may be.
    pub(super) limits: Option<Limits>,
    /// How many characters the tool's description may have.
    pub(super) description: Option<usize>,
}

/// What a property may be called: 1 to [`MAX_NAME`] of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// Letters, digits, `_`, `.` and `-`.
    Plain,
    /// Letters, digits and `_`, the first of them no digit.
    Identifiers,
}

/// How null is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Null {
    /// As a type: `"type": ["string", "null"]`.
    Type,
    /// By `"nullable": true`.
    Flag,
    /// Not at all.
    Never,
}

/// How an optional property is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Optional {
    /// It is not among the required ones.
    LeftOut,
    /// The same, and it may be null.
    LeftOutOrNull,
    /// It is required and may be null.
    Null,
}

/// The largest schema that is taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Properties in all objects together.
    pub(super) properties: usize,
    /// Objects and lists within each other, the whole input included.
    pub(super) levels: usize,
    /// Values in all lists of values together.
    pub(super) values: usize,
    /// Characters of names and listed values together.
    pub(super) characters: usize,
    /// How many values one list may have, whatever their length.
    pub(super) short_list: usize,
    /// Characters of the values of one list that has more.
    pub(super) list_characters: usize,
}

/// How many characters a name may have, for all hosts.
pub(super) const MAX_NAME: usize = 64;

/// The longest description of a tool that OpenAI takes.
const MAX_DESCRIPTION: usize = 1_024;

/// Custom tools of the Messages API, and MCP hosts: JSON Schema without references, and no union at its root.
pub(super) static ANTHROPIC: Rules = Rules {
    keywords: None,
    names: Names::Plain,
    null: Null::Type,
    optional: Optional::LeftOut,
    closed: false,
    is_union_alone: false,
    begin_apart: false,
    has_empty_objects: true,
    are_values_texts: false,
    has_all_patterns: true,
    has_any: true,
    limits: None,
    description: None,
};

/// Function tools with `strict: true`.
pub(super) static OPENAI_STRICT: Rules = Rules {
    keywords: Some(&[
        "type",
        "title",
        "description",
        "enum",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "anyOf",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "pattern",
    ]),
    names: Names::Plain,
    null: Null::Type,
    optional: Optional::Null,
    closed: true,
    is_union_alone: false,
    begin_apart: true,
    has_empty_objects: true,
    are_values_texts: false,
    has_all_patterns: false,
    has_any: false,
    limits: Some(Limits {
        properties: 5_000,
        levels: 10,
        values: 1_000,
        characters: 120_000,
        short_list: 250,
        list_characters: 15_000,
    }),
    description: Some(MAX_DESCRIPTION),
};

/// `parameters` of function declarations.
pub(super) static GEMINI: Rules = Rules {
    keywords: Some(&[
        "type",
        "title",
        "description",
        "nullable",
        "enum",
        "properties",
        "required",
        "items",
        "anyOf",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "pattern",
    ]),
    names: Names::Identifiers,
    null: Null::Flag,
    optional: Optional::LeftOutOrNull,
    closed: false,
    is_union_alone: true,
    begin_apart: false,
    has_empty_objects: false,
    are_values_texts: true,
    has_all_patterns: false,
    has_any: false,
    limits: None,
    description: None,
};

/// What all of them take, OpenAI without `strict`: neither null nor closed objects, which no two of them spell alike.
pub(super) static COMMON: Rules = Rules {
    keywords: Some(&[
        "type",
        "title",
        "description",
        "enum",
        "properties",
        "required",
        "items",
        "anyOf",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "pattern",
    ]),
    names: Names::Identifiers,
    null: Null::Never,
    optional: Optional::LeftOut,
    closed: false,
    is_union_alone: true,
    begin_apart: false,
    has_empty_objects: false,
    are_values_texts: true,
    has_all_patterns: false,
    has_any: false,
    limits: OPENAI_STRICT.limits,
    description: Some(MAX_DESCRIPTION),
};

impl Rules {
    pub(super) fn takes(&self, keyword: &str) -> bool {
        self.keywords.map_or(!matches!(keyword, "$ref" | "$defs"), |known| known.contains(&keyword))
    }
}
