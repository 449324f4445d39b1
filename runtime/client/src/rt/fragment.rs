//! Fragments: the part of a schema that a library checks. In: JSON Schema as text and a compiler for it. Out: what is
//! wrong with a value. Must not know which library compiles: tables reach it through a function pointer, so that a
//! program whose models have no fragments does not link one.

use std::fmt;
use std::sync::OnceLock;

use crate::Json;

/// A compiled fragment: what is wrong with a value, one text for each fault.
pub type Faults = Box<dyn Fn(&Json) -> Vec<String> + Send + Sync>;

/// Compiles a fragment; `None` if it is none.
pub type FragmentCompiler = fn(&str) -> Option<Faults>;

/// The keywords of a schema that the checker does not know, as a document of JSON Schema 2020-12 with wire keys. It is
/// compiled on first use, once in the life of the program, so it belongs into a `static` of its own.
pub struct Fragment {
    schema: &'static str,
    compiler: FragmentCompiler,
    compiled: OnceLock<Option<Faults>>,
}

impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fragment").field(&self.schema).finish()
    }
}

impl Fragment {
    /// A fragment of this text, which `compiler` will compile.
    pub const fn new(schema: &'static str, compiler: FragmentCompiler) -> Self {
        Self { schema, compiler, compiled: OnceLock::new() }
    }

    /// The fragment's text.
    pub fn schema(&self) -> &'static str {
        self.schema
    }

    /// What is wrong with a value as it goes to the wire. Nothing is wrong for a fragment that can't be compiled: only
    /// the server knows what it makes of it, and the generator refuses it anyway.
    pub fn faults(&self, wire: &Json) -> Vec<String> {
        let compiled = self.compiled.get_or_init(|| (self.compiler)(self.schema));
        compiled.as_ref().map(|faults| faults(wire)).unwrap_or_default()
    }
}

/// Compiles with the crate `jsonschema`. Its messages are shown without the value: prompts are long, and private.
#[cfg(feature = "fragments")]
pub fn jsonschema_checker(schema: &str) -> Option<Faults> {
    let schema: Json = serde_json::from_str(schema).ok()?;
    let validator = jsonschema::draft202012::options().should_validate_formats(false).build(&schema).ok()?;
    let faults = move |wire: &Json| {
        let fault = |error: jsonschema::ValidationError<'_>| {
            let place = error.instance_path().to_string();
            let message = error.masked_with("the value").to_string();
            if place.is_empty() { message } else { format!("{message} (at {place})") }
        };
        validator.iter_errors(wire).map(fault).collect()
    };
    Some(Box::new(faults))
}

#[cfg(all(test, feature = "fragments"))]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fragment_says_what_is_wrong_and_where_but_not_with_what() {
        static FRAGMENT: Fragment = Fragment::new(
            r#"{"if": {"required": ["a"]}, "then": {"properties": {"b": {"const": 1}}}}"#,
            jsonschema_checker,
        );
        assert_eq!(FRAGMENT.faults(&json!({"b": 2})), Vec::<String>::new());
        let faults = FRAGMENT.faults(&json!({"a": 1, "b": "a secret"}));
        assert!(faults.len() == 1 && faults[0].contains("(at /b)") && !faults[0].contains("secret"), "{faults:?}");
    }

    #[test]
    fn what_is_no_schema_refuses_nothing() {
        assert!(Fragment::new("{", jsonschema_checker).faults(&json!(1)).is_empty());
        assert!(Fragment::new(r#"{"not": 7}"#, jsonschema_checker).faults(&json!(1)).is_empty());
    }
}
