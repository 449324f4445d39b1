//! Field tables: what a schema says about an object, as static data. Plain data that others walk; nothing is checked,
//! read or written here.

use std::fmt;
use std::sync::OnceLock;

use super::rule::Rule;
use crate::Json;

/// The fields of one object, in the order of its Rust struct. Build it as `Table { fields: &[…], ..Table::BLANK }`.
pub struct Table {
    /// The fields.
    pub fields: &'static [Field],
    /// Rules for the object as a whole; empty for nearly every model.
    pub rules: &'static [Rule],
    /// Whether names that are not in the table are fine: so for responses, which keep them, and for tables inside
    /// `allOf`, `anyOf` and `oneOf`, each of which sees a part of the object only.
    pub open: bool,
    /// Whether an open table is that of an input: a null is not taken for a field that is left out.
    pub strict: bool,
}

/// Names its fields and no more: a table may hold itself.
impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.fields.iter().map(|field| field.name).collect();
        f.debug_struct("Table").field("fields", &names).field("open", &self.open).finish_non_exhaustive()
    }
}

/// A table that a rule refers to, which may be the one that the rule stands in.
#[derive(Clone, Copy, Debug)]
pub enum TableRef {
    /// A table that is whole.
    Static(&'static Table),
    /// One that is made at run time and holds itself, so that it could not be pointed to before it was whole.
    Late(&'static LateTable),
}

impl TableRef {
    /// The table. One that was never made has no fields and takes any.
    pub fn get(self) -> &'static Table {
        static NONE: Table = Table { open: true, ..Table::BLANK };
        match self {
            Self::Static(table) => table,
            Self::Late(late) => late.get().unwrap_or(&NONE),
        }
    }
}

/// The place of a table that is being made: rules may refer to it before it is whole.
#[derive(Debug, Default)]
pub struct LateTable(OnceLock<&'static Table>);

impl LateTable {
    /// The table, once it is whole.
    pub fn get(&self) -> Option<&'static Table> {
        self.0.get().copied()
    }

    /// Puts the table into its place. Only the first one counts, which is given back.
    pub fn fill(&self, table: &'static Table) -> &'static Table {
        self.0.get_or_init(|| table)
    }
}

/// One field of an object. Build it as `Field { name: "steps", key: "47_value", ..Field::BLANK }`.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The readable name, as stored inputs have it.
    pub name: &'static str,
    /// The name on the wire.
    pub key: &'static str,
    /// Former readable names, which are still read.
    pub aliases: &'static [&'static str],
    /// The published title; empty if there is none.
    pub title: &'static str,
    /// The published description; empty if there is none.
    pub description: &'static str,
    /// Whether the field must be given.
    pub required: bool,
    /// The published default, as JSON text. It is documentation and never sent: a field that is not set is left to
    /// the server, and for prompts and media the published default is a sample from the playground, of which no
    /// more than the first 160 characters are kept.
    pub default: Option<&'static str>,
    /// What a value must satisfy.
    pub rules: &'static [Rule],
}

impl Table {
    /// A closed table without fields.
    pub const BLANK: Self = Self { fields: &[], rules: &[], open: false, strict: false };

    /// The field of this readable name (aliases included).
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.find(name, Names::Readable)
    }

    /// The field of this wire key.
    pub fn field_by_key(&self, key: &str) -> Option<&'static Field> {
        self.find(key, Names::Wire)
    }

    /// Where the field is that `name` means in this spelling.
    pub(crate) fn position(&self, name: &str, names: Names) -> Option<usize> {
        self.position_from(0, name, names)
    }

    /// The same, for a field that is likely to be at this place, or soon after it.
    #[inline]
    pub(crate) fn position_from(&self, likely: usize, name: &str, names: Names) -> Option<usize> {
        let is_there = self.fields.get(likely).is_some_and(|field| field.spelled(names) == name);
        if is_there { Some(likely) } else { self.search_from(likely, name, names) }
    }

    fn search_from(&self, likely: usize, name: &str, names: Names) -> Option<usize> {
        let (before, after) = self.fields.split_at(likely.min(self.fields.len()));
        let find = |fields: &[Field]| fields.iter().position(|field| field.answers_to(name, names));
        find(after).map(|place| before.len() + place).or_else(|| find(before))
    }

    /// The field that `name` means in this spelling.
    pub(crate) fn find(&self, name: &str, names: Names) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.answers_to(name, names))
    }
}

impl Field {
    /// A field without names and rules.
    pub const BLANK: Self = Self {
        name: "",
        key: "",
        aliases: &[],
        title: "",
        description: "",
        required: false,
        default: None,
        rules: &[],
    };

    /// The published [`default`](Self::default), read; `None` if there is none.
    pub fn default_value(&self) -> Option<Json> {
        self.default.and_then(|text| serde_json::from_str(text).ok())
    }

    /// The field's name in this spelling.
    pub(crate) fn spelled(&self, names: Names) -> &'static str {
        match names {
            Names::Readable => self.name,
            Names::Wire => self.key,
        }
    }

    fn answers_to(&self, name: &str, names: Names) -> bool {
        self.spelled(names) == name || names == Names::Readable && self.aliases.contains(&name)
    }
}

/// Which names the keys of a document are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// The readable names, as in stored inputs.
    Readable,
    /// The wire keys, as the server has them.
    Wire,
}
