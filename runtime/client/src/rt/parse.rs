//! The reader of the JSON that stands in tables. Tables reach it through a function pointer, so that a program whose models
//! list no such values does not link a parser.

use crate::Json;

/// Reads a list or an object of `enum` or `const`.
pub fn parse_json(text: &str) -> Option<Json> {
    serde_json::from_str(text).ok()
}
