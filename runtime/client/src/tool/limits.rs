//! How large a schema is, by what a host counts. Must not know how it came to be.

use super::ToolError;
use super::rules::Limits;
use crate::Json;

#[derive(Default)]
struct Size {
    properties: usize,
    levels: usize,
    values: usize,
    characters: usize,
    list_characters: usize,
}

/// Refuses a schema that is larger than the host takes.
pub(super) fn hold(schema: &Json, limits: Limits) -> Result<(), ToolError> {
    let mut size = Size::default();
    size.count(schema, 0, limits);
    let counted = [
        ("properties", size.properties, limits.properties),
        ("levels", size.levels, limits.levels),
        ("listed values", size.values, limits.values),
        ("characters of names and listed values", size.characters, limits.characters),
        ("characters in one long list of values", size.list_characters, limits.list_characters),
    ];
    let over = counted.into_iter().find(|(_, found, allowed)| found > allowed);
    over.map_or(Ok(()), |(what, found, allowed)| Err(ToolError::TooLarge { what, found, allowed }))
}

impl Size {
    fn count(&mut self, schema: &Json, level: usize, limits: Limits) {
        let Json::Object(keywords) = schema else { return };
        let is_nest = keywords.contains_key("properties") || keywords.contains_key("items");
        let level = level + usize::from(is_nest);
        self.levels = self.levels.max(level);
        for (keyword, value) in keywords {
            match (keyword.as_str(), value) {
                ("properties", Json::Object(properties)) => {
                    self.properties += properties.len();
                    self.characters += properties.keys().map(|name| name.chars().count()).sum::<usize>();
                    properties.values().for_each(|schema| self.count(schema, level, limits));
                }
                ("enum", Json::Array(values)) => {
                    self.values += values.len();
                    let length = |value: &Json| {
                        value.as_str().map_or_else(|| value.to_string().len(), |text| text.chars().count())
                    };
                    self.characters += values.iter().map(length).sum::<usize>();
                    let texts: Vec<&Json> = values.iter().filter(|value| value.is_string()).collect();
                    if texts.len() > limits.short_list {
                        let characters = texts.into_iter().map(length).sum();
                        self.list_characters = self.list_characters.max(characters);
                    }
                }
                ("items", items) => self.count(items, level, limits),
                ("anyOf", Json::Array(forms)) => forms.iter().for_each(|form| self.count(form, level, limits)),
                _ => {}
            }
        }
    }
}
