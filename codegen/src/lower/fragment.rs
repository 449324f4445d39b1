//! The part of a schema that a library checks: a schema in, a document that stands for itself out.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::ir::Rule;
use crate::schema::{Document, Schema, target};

/// What is left as it is in a reference.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.').remove(b'$').remove(b'~');

/// The rule for the keywords of a schema that the checker does not know; nothing if there are none.
///
/// What they depend on comes along: beside `patternProperties` the names of the other properties, beside `unevaluated…`
/// the whole schema, and what references lead to.
pub(super) fn fragment(schema: &Schema, document: &Document<'_>) -> Option<Rule> {
    if schema.others.is_empty() {
        return None;
    }
    let has = |wanted: &str| schema.others.iter().any(|(keyword, _)| keyword.starts_with(wanted));
    let whole = schema.without_texts();
    let own = Schema { others: whole.others.clone(), ..Schema::default() };
    let keywords = own.to_full_json();
    let mut part = if has("unevaluated") { whole } else { own };
    let mut met = BTreeSet::new();
    redirect(&mut part, &mut met);
    let mut fragment = part.to_full_json();
    if has("patternProperties") && !has("unevaluated") && !schema.object.properties.is_empty() {
        let names = schema.object.properties.iter().map(|(name, _)| (name.clone(), json!(true)));
        fragment["properties"] = Value::Object(names.collect());
    }
    let definitions = definitions(met, document);
    if !definitions.is_empty() {
        fragment["$defs"] = definitions.into();
    }
    Some(Rule::Fragment { keywords, document: fragment })
}

/// The rule for a reference that comes back to where it stands: a library follows it as deep as the value goes.
pub(super) fn recursion(schema: &Schema, document: &Document<'_>) -> Rule {
    let mut part = Schema { reference: schema.reference.clone(), ..Schema::default() };
    let keywords = part.to_full_json();
    let mut met = BTreeSet::new();
    redirect(&mut part, &mut met);
    let mut fragment = part.to_full_json();
    fragment["$defs"] = definitions(met, document).into();
    Rule::Fragment { keywords, document: fragment }
}

/// Why a fragment can't be compiled: the runtime would let everything pass.
#[cfg(feature = "fragments")]
pub(super) fn refused(fragment: &Value) -> Option<String> {
    let options = jsonschema::draft202012::options().should_validate_formats(false);
    options.build(fragment).err().map(|error| error.masked().to_string())
}

/// Lets references lead into the fragment's own definitions, and notes where they led.
fn redirect(schema: &mut Schema, met: &mut BTreeSet<String>) {
    // What is referred to is fetched from the document.
    schema.definitions.clear();
    if let Some(reference) = &mut schema.reference
        && let Some(pointer) = target(reference)
    {
        *reference = format!("#/$defs/{}", in_reference(&definition(&pointer)));
        met.insert(pointer);
    }
    schema.for_each_part(&mut |part| redirect(part, met));
}

/// Everything that is referred to, directly or not. What leads nowhere is left out, and found when the fragment is compiled.
fn definitions(mut met: BTreeSet<String>, document: &Document<'_>) -> Map<String, Value> {
    let mut found = BTreeMap::new();
    while let Some(pointer) = met.pop_first() {
        let Some(target) = document.at(&pointer) else { continue };
        let mut target = target.without_texts();
        let mut further = BTreeSet::new();
        redirect(&mut target, &mut further);
        found.insert(definition(&pointer), target.to_full_json());
        met.extend(further.into_iter().filter(|pointer| !found.contains_key(&definition(pointer))));
    }
    found.into_iter().collect()
}

/// The name of a definition, by where it stands in the document: that of `/$defs/first` is `first`; for other places, no
/// two of which may share one, it is the whole pointer.
fn definition(pointer: &str) -> String {
    match pointer.strip_prefix("/$defs/") {
        Some(name) if !name.contains(['/', '~', '#']) => name.to_owned(),
        _ => format!("#{pointer}"),
    }
}

fn in_reference(name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    utf8_percent_encode(&name, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::parse;

    fn of(schema: &Value) -> Option<Value> {
        let schema = parse(schema, "").expect("valid");
        fragment(&schema, &Document::new(&schema)).map(|rule| match rule {
            Rule::Fragment { document, .. } => document,
            _ => panic!("another rule"),
        })
    }

    #[test]
    fn a_fragment_holds_its_keywords_and_no_texts() {
        assert_eq!(of(&json!({"type": "string", "maxLength": 3})), None);
        let schema = json!({"type": "object", "title": "T", "not": {"required": ["a"], "title": "U"}});
        assert_eq!(of(&schema), Some(json!({"not": {"required": ["a"]}})));
    }

    #[test]
    fn patterns_bring_the_names_of_the_other_properties() {
        let schema = json!({
            "properties": {"a": {"type": "string"}},
            "patternProperties": {"^x": {"type": "integer"}},
            "additionalProperties": false
        });
        let expected = json!({
            "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": false, "properties": {"a": true}
        });
        assert_eq!(of(&schema), Some(expected));
    }

    #[test]
    #[cfg(feature = "fragments")]
    fn what_the_library_can_not_compile_is_told() {
        assert_eq!(refused(&json!({"not": {"required": ["a"]}})), None);
        assert!(refused(&json!({"not": {"required": "a"}})).is_some());
        assert!(refused(&json!({"not": {"$ref": "#/$defs/nowhere"}})).is_some());
    }

    #[test]
    #[cfg(not(feature = "fragments"))]
    fn without_the_library_the_error_names_keywords_and_the_feature_to_turn_on() {
        let model = json!({"type": "object", "properties": {
            "a": {"type": "string", "not": {"const": "b"}}, "c": {"type": "integer", "minimum": 1}
        }});
        let errors = crate::lower::input(&parse(&model, "").expect("valid")).expect_err("a keyword for the library");
        assert_eq!(errors.iter().map(|error| error.place.as_str()).collect::<Vec<_>>(), ["/properties/a"]);
        assert_eq!(errors.iter().map(|error| error.kind).collect::<Vec<_>>(), [crate::ErrorKind::Feature]);
        let told = errors.to_string();
        assert!(told.contains("`not`") && told.contains("the feature \"fragments\" of runcomfy-codegen"), "{told}");
    }

    #[test]
    fn references_bring_what_they_lead_to_and_no_more() {
        let schema = json!({"not": {"$ref": "#/$defs/a"}, "$defs": {
            "a": {"anyOf": [{"$ref": "#/$defs/b~1%25"}, {"const": {"$ref": "#"}}]},
            "b/%": {"minimum": 1, "items": {"$ref": "#/$defs/a"}},
            "c": {"maximum": 2}
        }});
        let expected = json!({"not": {"$ref": "#/$defs/a"}, "$defs": {
            "a": {"anyOf": [{"$ref": "#/$defs/%23~1$defs~1b~01%25"}, {"const": {"$ref": "#"}}]},
            "#/$defs/b~1%": {"items": {"$ref": "#/$defs/a"}, "minimum": 1}
        }});
        let found = of(&schema).expect("a fragment");
        assert_eq!(found, expected);
        #[cfg(feature = "fragments")]
        assert_eq!(refused(&found), None);
    }

    #[test]
    fn a_reference_to_the_whole_document_brings_it_once() {
        let schema = json!({"not": {"$ref": "#"}, "required": ["a"]});
        let found = of(&schema).expect("a fragment");
        assert_eq!(
            found,
            json!({"not": {"$ref": "#/$defs/%23"}, "$defs": {"#": {"required": ["a"], "not": {"$ref": "#/$defs/%23"}}}})
        );
        #[cfg(feature = "fragments")]
        assert_eq!(refused(&found), None);
    }

    #[test]
    fn readers_are_shown_the_published_keywords_alone() {
        let schema = parse(
            &json!({"type": "array", "prefixItems": [{}], "unevaluatedItems": {"$ref": "#/$defs/a"}, "$defs": {"a": {}}}),
            "",
        );
        let schema = schema.expect("valid");
        let Some(Rule::Fragment { keywords, .. }) = fragment(&schema, &Document::new(&schema)) else {
            panic!("no fragment")
        };
        assert_eq!(keywords, json!({"unevaluatedItems": {"$ref": "#/$defs/a"}}));
    }
}
