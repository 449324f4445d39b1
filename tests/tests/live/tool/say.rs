//! An input said as arguments: an input and the schema of a tool in, what a language model that wants this input would send
//! out. And that schema in the words of the standard, for a validator.

use std::collections::HashMap;

use jsonschema::Validator;
use runcomfy_client::tool::Dialect;
use serde_json::{Map, Value, json};

/// One tool's schema, and the validators of its forms.
pub(super) struct Speaker<'s> {
    dialect: Dialect,
    schema: &'s Value,
    whole: Validator,
    forms: HashMap<*const Value, Validator>,
}

impl<'s> Speaker<'s> {
    pub(super) fn new(dialect: Dialect, schema: &'s Value) -> Self {
        let mut speaker = Self { dialect, schema, whole: validator(schema), forms: HashMap::new() };
        speaker.add(schema);
        speaker
    }

    fn add(&mut self, schema: &'s Value) {
        match schema {
            Value::Object(keywords) => {
                for form in ["anyOf", "oneOf"].iter().filter_map(|keyword| keywords.get(*keyword)?.as_array()).flatten()
                {
                    self.forms.insert(form, validator(form));
                }
                keywords.values().for_each(|value| self.add(value));
            }
            Value::Array(parts) => parts.iter().for_each(|part| self.add(part)),
            _ => {}
        }
    }

    pub(super) fn takes(&self, arguments: &Value) -> bool {
        self.whole.is_valid(arguments)
    }

    pub(super) fn arguments(&self, input: &Value) -> Value {
        self.say(self.schema, input)
    }

    fn say(&self, schema: &'s Value, value: &Value) -> Value {
        if is_text(schema) {
            return if value.is_null() && takes_null(schema) { Value::Null } else { value.to_string().into() };
        }
        for form in ["anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten() {
            let said = self.say(form, value);
            if self.forms.get(&std::ptr::from_ref(form)).is_some_and(|form| form.is_valid(&said)) {
                return self.say_plainly(schema, &said, value);
            }
        }
        self.say_plainly(schema, value, value)
    }

    /// By the keywords of this schema alone, whatever forms it has.
    fn say_plainly(&self, schema: &'s Value, said: &Value, value: &Value) -> Value {
        let properties = schema.get("properties").and_then(Value::as_object);
        match value {
            Value::Object(entries) if properties.is_some() => {
                self.say_object(schema, properties.into_iter().flatten(), entries)
            }
            Value::Array(items) if schema.get("items").is_some_and(Value::is_object) => {
                items.iter().map(|item| self.say(&schema["items"], item)).collect()
            }
            _ => said.clone(),
        }
    }

    fn say_object(
        &self,
        schema: &Value,
        properties: impl Iterator<Item = (&'s String, &'s Value)>,
        entries: &Map<String, Value>,
    ) -> Value {
        let needed: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties: Vec<(&String, &Value)> = properties.collect();
        let mut said = Map::new();
        for (name, value) in entries {
            let own = name;
            let name = argument(self.dialect, name);
            let property = properties.iter().find(|(own, _)| **own == name).map(|(_, property)| *property);
            match property {
                Some(property)
                    if value.is_null()
                        && !takes_null(property)
                        && !needed.contains(&name.as_str())
                        && !takes_any(property) => {}
                Some(property) => _ = said.insert(name, self.say(property, value)),
                None => _ = said.insert(own.clone(), value.clone()),
            }
        }
        for (name, property) in properties {
            if needed.contains(&name.as_str()) && takes_null(property) {
                said.entry(name.clone()).or_insert(Value::Null);
            }
        }
        said.into()
    }
}

/// Whether a value is asked for as JSON text.
fn is_text(schema: &Value) -> bool {
    schema["description"].as_str().is_some_and(|text| text.to_lowercase().contains("give it as json text"))
}

fn takes_any(schema: &Value) -> bool {
    schema.get("type").is_none() && schema.get("anyOf").is_none() && schema.get("oneOf").is_none()
}

fn takes_null(schema: &Value) -> bool {
    let by_type = match &schema["type"] {
        Value::Array(types) => types.iter().any(|one| one == "null"),
        one => one == "null",
    };
    let mut forms = ["anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    by_type || schema["nullable"] == true || forms.any(takes_null)
}

/// The name of a property in arguments: the documented rule, once more.
fn argument(dialect: Dialect, name: &str) -> String {
    let is_strict = matches!(dialect, Dialect::Gemini | Dialect::Common);
    let is_fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || !is_strict && ".-".contains(c);
    let begins_badly = is_strict && name.starts_with(|c: char| c.is_ascii_digit());
    if !name.is_empty() && name.len() <= 64 && name.chars().all(is_fine) && !begins_badly {
        return name.to_owned();
    }
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let plain = name.chars().map(|c| if is_fine(c) { c } else { '_' });
    let plain: String = begins_badly.then_some('_').into_iter().chain(plain).take(47).collect();
    format!("{plain}{}{hash:016x}", if is_strict { '_' } else { '-' })
}

fn validator(schema: &Value) -> Validator {
    let mut standard = schema.clone();
    spell_out(&mut standard);
    let options = jsonschema::draft202012::options().should_validate_formats(false);
    options.build(&standard).unwrap_or_else(|error| panic!("{error}: {schema}"))
}

/// `nullable` in the words of the standard.
fn spell_out(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            keywords.values_mut().for_each(spell_out);
            if keywords.get("nullable") == Some(&Value::Bool(true)) {
                keywords.remove("nullable");
                let own = Value::Object(keywords.clone());
                *schema = json!({"anyOf": [own, {"type": "null"}]});
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(spell_out),
        _ => {}
    }
}
