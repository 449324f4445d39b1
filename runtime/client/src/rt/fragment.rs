//! Fragments of schemas compiled with the crate `jsonschema`. Must not know tables.

use crate::Json;
use crate::schema::fragment::CompiledFragment;

/// Compiles with the crate `jsonschema`. Its messages are shown without the value: prompts are long, and private.
pub fn jsonschema_checker(schema: &str) -> Option<CompiledFragment> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Fragment;
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
