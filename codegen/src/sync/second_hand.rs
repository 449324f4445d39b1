//! A response that came by way of somebody who changed it: what they are known to have changed in, the response without
//! their changes out. Where something can't be undone, the models are marked. Must not know the schema folder.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::{Entry, Response};
use crate::facts::{Pairs, items};
use crate::import::pretty;
use crate::ir::Media;
use crate::manifest::{Date, Via};
use crate::{Error, ErrorKind, Errors};

/// What is known of the way that a response came, as `--second-hand` names it: a file of TOML.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondHand {
    /// By way of whom it came.
    via: String,
    /// The day on which they read the catalogue.
    as_of: Date,
    /// What they put before the name of each model.
    #[serde(default)]
    display_name_prefix: String,
    /// The fields that they gave an empty text as default.
    #[serde(default)]
    empty_defaults: BTreeSet<String>,
    /// The keywords that they added to fields.
    #[serde(default)]
    added: Vec<Added>,
    /// The values that they took from lists, by model and field.
    #[serde(default)]
    removed_values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The fields that they took out, or may have taken out, by model.
    #[serde(default)]
    incomplete: BTreeMap<String, Vec<String>>,
    /// What models make whose ids do not say it.
    #[serde(default)]
    gives: BTreeMap<String, Vec<Media>>,
}

/// A keyword that was added to fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    keyword: String,
    value: Value,
    /// The fields, by model.
    to: BTreeMap<String, Vec<String>>,
}

impl SecondHand {
    /// Reads what is known; `name` is the file's.
    ///
    /// # Errors
    /// [`ErrorKind::Toml`] if the text is not TOML or has another table.
    pub fn read(name: &str, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| {
            Error::toml("this does not say how a response came", text, &error).of("", name).help(
                "the keys are `via`, `as_of` (2026-01-31) and, optional, `display_name_prefix`, `empty_defaults`, `[[added]]`, \
                 `[removed_values]`, `[incomplete]` and `[gives]`",
            )
        })
    }

    /// Undoes what was changed, and notes the rest with each model.
    ///
    /// # Errors
    /// [`ErrorKind::UnusedOverride`] for each entry that is not so in the response; then it is not the one that is meant.
    pub fn undo(&self, response: &mut Response, name: &str) -> Result<(), Errors> {
        let mut undoing = Undoing { response, name, errors: Errors::default() };
        undoing.prefix(&self.display_name_prefix);
        undoing.empty_defaults(&self.empty_defaults);
        for Added { keyword, value, to } in &self.added {
            for (model, field) in each(to) {
                undoing.field(model, field, |field| take_keyword(field, keyword, value));
            }
        }
        for (model, fields) in &self.removed_values {
            for (field, values) in fields {
                undoing.field(model, field, |field| values.iter().try_for_each(|value| give_value(field, value)));
            }
        }
        for (model, field) in each(&self.incomplete) {
            undoing.entry(model, |entry| {
                let is_there = properties(entry).is_some_and(|properties| properties.get(field).is_some());
                entry.incomplete.push(field.clone());
                if is_there { Err(format!("the field {field:?} is there")) } else { Ok(()) }
            });
        }
        for (model, media) in &self.gives {
            undoing.entry(model, |entry| {
                let is_told = !entry.gives.is_empty();
                entry.gives.clone_from(media);
                if is_told { Err("its id or its categories say what it makes".to_owned()) } else { Ok(()) }
            });
        }
        for entry in &mut undoing.response.entries {
            entry.via = Some(Via { whom: self.via.clone(), as_of: self.as_of });
        }
        undoing.errors.or(())
    }
}

/// Models with each of their fields.
fn each(fields: &BTreeMap<String, Vec<String>>) -> impl Iterator<Item = (&String, &String)> {
    fields.iter().flat_map(|(model, fields)| fields.iter().map(move |field| (model, field)))
}

struct Undoing<'r> {
    response: &'r mut Response,
    /// The file that says what was changed.
    name: &'r str,
    errors: Errors,
}

impl Undoing<'_> {
    fn fail(&mut self, model: &str, why: &str) {
        let error = Error::new(ErrorKind::UnusedOverride, format!("the response is not as this file says: {why}"));
        self.errors
            .push(error.of(model, self.name).help("correct the entry, or name the file that is for this response"));
    }

    /// Changes what is listed of one model, or says why not.
    fn entry(&mut self, model: &str, change: impl FnOnce(&mut Entry) -> Result<(), String>) {
        let changed = match self.response.entries.iter_mut().find(|entry| entry.id.as_str() == model) {
            Some(entry) => change(entry).map_err(|why| format!("`{model}`: {why}")),
            None => Err(format!("`{model}` is not listed")),
        };
        changed.unwrap_or_else(|why| self.fail(model, &why));
    }

    /// Changes one field of a model.
    fn field(&mut self, model: &str, field: &str, change: impl FnOnce(&mut Pairs) -> Result<(), String>) {
        self.entry(model, |entry| {
            let parts =
                || Some((Pairs::read(&entry.input)?, properties(entry)?, Pairs::read(properties(entry)?.get(field)?)?));
            let Some((mut input, mut fields, mut of_field)) = parts() else {
                return Err(format!("it has no field {field:?}"));
            };
            change(&mut of_field).map_err(|why| format!("the field {field:?} {why}"))?;
            fields.set(field, of_field.to_string());
            input.set("properties", fields.to_string());
            entry.input = pretty(&input.to_string());
            Ok(())
        });
    }

    fn prefix(&mut self, prefix: &str) {
        let mut met = prefix.is_empty();
        for name in self.response.entries.iter_mut().filter_map(|entry| entry.display_name.as_mut()) {
            if let Some(rest) = name.strip_prefix(prefix).filter(|rest| !rest.is_empty()) {
                met = true;
                *name = rest.to_owned();
            }
        }
        if !met {
            self.fail("", &format!("no name starts with {prefix:?}"));
        }
    }

    fn empty_defaults(&mut self, fields: &BTreeSet<String>) {
        let ids: Vec<String> = self.response.entries.iter().map(|entry| entry.id.to_string()).collect();
        for field in fields {
            let has = |id: &&String| {
                let entry = self.response.entries.iter().find(|entry| entry.id.as_str() == **id);
                let of_field = entry.and_then(properties).and_then(|properties| Pairs::read(properties.get(field)?));
                of_field.is_some_and(|of_field| of_field.get("default") == Some("\"\""))
            };
            let models: Vec<&String> = ids.iter().filter(has).collect();
            if models.is_empty() {
                self.fail("", &format!("no field {field:?} has an empty default"));
            }
            for model in models {
                self.field(model, field, |field| {
                    field.remove("default");
                    Ok(())
                });
            }
        }
    }
}

fn properties(entry: &Entry) -> Option<Pairs> {
    Pairs::read(Pairs::read(&entry.input)?.get("properties")?)
}

fn take_keyword(field: &mut Pairs, keyword: &str, value: &Value) -> Result<(), String> {
    let there = field.get(keyword).and_then(|text| serde_json::from_str::<Value>(text).ok());
    if there.as_ref() != Some(value) {
        return Err(format!("has no `{keyword}` of {value}"));
    }
    field.remove(keyword);
    Ok(())
}

fn give_value(field: &mut Pairs, value: &str) -> Result<(), String> {
    let value = Value::from(value).to_string();
    let Some(mut values) = field.get("enum").and_then(items) else { return Err("has no list of values".to_owned()) };
    if values.contains(&value) {
        return Err(format!("lists {value}"));
    }
    values.push(value);
    field.set("enum", format!("[{}]", values.join(",")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::response;

    const RESPONSE: &str = r#"{"models": [
        {"model_id": "a/b", "display_name": "Pack B", "input_schema": {"type": "object", "properties": {
            "prompt": {"default": "", "type": "string"}, "images": {"maxItems": 16, "type": "array"}, "seed": {"maximum": 1.50}}}},
        {"model_id": "c/text-to-image", "display_name": "Pack", "input_schema": {"type": "object", "properties": {
            "format": {"enum": ["png"], "default": ""}}}}
    ], "total": 2}"#;

    const KNOWN: &str =
        "via = \"a pack\"\nas_of = 2026-01-31\ndisplay_name_prefix = \"Pack \"\nempty_defaults = [\"prompt\"]\n";

    fn undone(more: &str) -> Result<Response, Errors> {
        let mut response = response::read("r.json", RESPONSE)?;
        SecondHand::read("known.toml", &format!("{KNOWN}{more}"))?.undo(&mut response, "known.toml")?;
        Ok(response)
    }

    #[test]
    fn what_was_changed_is_undone_and_the_rest_is_noted() {
        let more = "[[added]]\nkeyword = \"maxItems\"\nvalue = 16\nto = { \"a/b\" = [\"images\"] }\n\
            [removed_values]\n\"c/text-to-image\" = { format = [\"webp\"] }\n\
            [incomplete]\n\"a/b\" = [\"shots\"]\n[gives]\n\"a/b\" = [\"video\"]\n";
        let response = undone(more).unwrap_or_else(|errors| panic!("{errors}"));
        let [b, image] = response.entries.as_slice() else { panic!("two") };
        let told = |entry: &Entry| (entry.display_name.clone().unwrap_or_default(), entry.gives.clone());
        assert_eq!(
            (told(b), told(image)),
            (("B".to_owned(), vec![Media::Video]), ("Pack".to_owned(), vec![Media::Image]))
        );
        assert_eq!((b.incomplete.as_slice(), image.incomplete.len()), (&["shots".to_owned()][..], 0));
        assert_eq!(b.via.as_ref().map(|via| via.as_of.to_string()).as_deref(), Some("2026-01-31"));
        let bare = r#"{"type":"object","properties":{"prompt":{"type":"string"},"images":{"type":"array"},"seed":{"maximum":1.50}}}"#;
        assert_eq!(b.input, pretty(bare));
        assert!(image.input.contains("\"webp\"") && image.input.contains("\"default\": \"\""), "{}", image.input);
    }

    #[test]
    fn what_is_not_so_is_an_error_that_names_the_model() {
        for (more, words) in [
            ("[[added]]\nkeyword = \"maxItems\"\nvalue = 10\nto = { \"a/b\" = [\"images\"] }\n", "no `maxItems` of 10"),
            ("[[added]]\nkeyword = \"maxItems\"\nvalue = 16\nto = { \"a/b\" = [\"image\"] }\n", "no field \"image\""),
            ("[removed_values]\n\"c/text-to-image\" = { format = [\"png\"] }\n", "lists \"png\""),
            ("[removed_values]\n\"a/b\" = { prompt = [\"png\"] }\n", "no list of values"),
            ("[incomplete]\n\"a/b\" = [\"seed\"]\n", "\"seed\" is there"),
            ("[incomplete]\n\"a/x\" = [\"seed\"]\n", "`a/x` is not listed"),
            ("[gives]\n\"c/text-to-image\" = [\"image\"]\n", "say what it makes"),
        ] {
            let told = undone(more).expect_err(more).to_string();
            assert!(told.contains(words) && told.contains("known.toml"), "{words}: {told}");
        }
        let mut response = response::read("r.json", RESPONSE).expect("a response");
        let known = "via = \"a\"\nas_of = 2026-01-31\ndisplay_name_prefix = \"X\"\nempty_defaults = [\"seed\"]\n";
        let told = SecondHand::read("k", known).expect("known").undo(&mut response, "k").expect_err("two").to_string();
        assert!(told.contains("no name starts with \"X\"") && told.contains("no field \"seed\""), "{told}");
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let error =
            SecondHand::read("k.toml", "via = \"a\"\nas_of = 2026-01-31\nincomplet = []\n").expect_err("misspelt");
        assert!(error.place == "line 3" && error.help.contains("[incomplete]"), "{error}");
    }
}
