//! What the hosts of language models take as the schema of a tool, as data, with its date. The one place to change when a
//! host changes its mind. Must not know how schemas are made to fit.

/// The day on which these rules were last held against what the hosts publish.
pub const AS_OF: &str = "2026-11-26";

/// What one dialect can say.
#[derive(Debug)]
pub(super) struct Rules {
    /// The keywords it takes, anywhere; `None` if it takes all but `$ref` and `$defs`.
    pub(super) keywords: Option<&'static [&'static str]>,
    /// How a value is allowed to be null.
    pub(super) null: Null,
    /// How a property is left out.
    pub(super) optional: Optional,
    /// Whether every object says `additionalProperties: false`.
    pub(super) closed: bool,
    /// Whether `anyOf` stands alone, its description in each of its forms.
    pub(super) is_union_alone: bool,
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
}

/// What a property may be called, for all hosts: 1 to 64 of letters, digits, `_`, `.` and `-`.
pub(super) const MAX_NAME: usize = 64;

/// Custom tools of the Messages API, and MCP hosts: JSON Schema without references, and no union at its root.
pub(super) static ANTHROPIC: Rules = Rules {
    keywords: None,
    null: Null::Type,
    optional: Optional::LeftOut,
    closed: false,
    is_union_alone: false,
    has_empty_objects: true,
    are_values_texts: false,
    has_all_patterns: true,
    has_any: true,
    limits: None,
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
    null: Null::Type,
    optional: Optional::Null,
    closed: true,
    is_union_alone: false,
    has_empty_objects: true,
    are_values_texts: false,
    has_all_patterns: false,
    has_any: false,
    limits: Some(Limits { properties: 5_000, levels: 10, values: 1_000, characters: 120_000 }),
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
    null: Null::Flag,
    optional: Optional::LeftOutOrNull,
    closed: false,
    is_union_alone: true,
    has_empty_objects: false,
    are_values_texts: true,
    has_all_patterns: false,
    has_any: false,
    limits: None,
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
    null: Null::Never,
    optional: Optional::LeftOut,
    closed: false,
    is_union_alone: true,
    has_empty_objects: false,
    are_values_texts: true,
    has_all_patterns: false,
    has_any: false,
    limits: OPENAI_STRICT.limits,
};

impl Rules {
    pub(super) fn takes(&self, keyword: &str) -> bool {
        self.keywords.map_or(!matches!(keyword, "$ref" | "$defs"), |known| known.contains(&keyword))
    }
}
