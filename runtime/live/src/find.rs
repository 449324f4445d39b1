//! Finding models by words: what is known of a model and the words in, how well they describe it out. Every word must be found
//! somewhere; where, decides the rank. Must not know where models come from.

use std::collections::BTreeSet;

use runcomfy_client::schema::{Const, Rule};
use runcomfy_client::{Capability, ModelInfo};
use runcomfy_codegen::ir::{self, Modality, Model, TypeKind};

use crate::entry::Entry;

/// Words that say nothing by themselves.
const FILLERS: [&str; 14] =
    ["a", "an", "and", "by", "for", "from", "in", "into", "model", "models", "of", "the", "to", "with"];

/// How much a word says where it is found: in the id or the name, in the capability or a category, among the values of
/// fields, in what goes in or comes out, in the description. The beginning of a word says half.
const NAMED: u32 = 12;
const FOR: u32 = 10;
const VALUE: u32 = 8;
const KIND: u32 = 6;
const TOLD: u32 = 2;
/// What a phrase such as `image to video` says: of a model that is for it, and of one that can do it.
const IS_FOR: u32 = 40;
const CAN: u32 = 15;

/// How deep choices are looked for.
const DEPTH: usize = 6;

/// What the schema of a model says, as far as models are found by it.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    capability: &'static str,
    requires: Vec<&'static str>,
    takes: Vec<&'static str>,
    gives: Vec<&'static str>,
    /// The words of resolutions and of the values of fields.
    values: BTreeSet<String>,
}

/// What is looked for.
pub(crate) struct Query {
    /// `x-to-y` for what makes one thing of another, or another capability of several words.
    phrase: Option<String>,
    words: Vec<String>,
}

impl Facts {
    pub(crate) fn of(model: &Model) -> Self {
        let (profile, types) = (&model.profile, model.types.get(..model.input_types).unwrap_or_default());
        let choices = types.iter().filter_map(|of| match &of.kind {
            TypeKind::Choice(choice) => Some(choice.values.iter().map(|value| value.value.as_str())),
            _ => None,
        });
        let values = choices.flatten().chain(profile.resolutions.iter().map(String::as_str)).flat_map(words).collect();
        let named = |all: &[Modality]| all.iter().map(|one| one.as_str()).collect();
        Self {
            capability: capability(profile.capability).as_str(),
            requires: named(&profile.requires),
            takes: named(&profile.takes),
            gives: named(&profile.gives),
            values,
        }
    }

    /// The same of a model whose schema is a table already.
    pub(crate) fn of_info(info: &ModelInfo) -> Self {
        let mut values: BTreeSet<String> = info.resolutions.iter().copied().flat_map(words).collect();
        for field in info.schema.fields {
            choices(field.rules, &mut values);
        }
        let named = |all: &[runcomfy_client::Modality]| all.iter().map(|one| one.as_str()).collect();
        Self {
            capability: info.capability.as_str(),
            requires: named(info.requires),
            takes: named(info.takes),
            gives: named(info.gives),
            values,
        }
    }

    /// Whether it makes one of the other, and needs nothing else but words.
    fn can(&self, phrase: &str) -> bool {
        let Some((from, to)) = phrase.split_once("-to-") else { return false };
        self.gives.contains(&to)
            && self.takes.contains(&from)
            && self.requires.iter().all(|one| *one == from || *one == "text")
    }
}

impl Query {
    pub(crate) fn of(text: &str) -> Self {
        let mut words: Vec<String> = words(text).collect();
        let phrases = Capability::ALL.iter().map(|one| one.as_str()).chain(["video-to-video", "image-to-image"]);
        let mut phrase = None;
        for known in phrases.filter(|known| known.contains('-')) {
            let parts: Vec<&str> = known.split('-').collect();
            if let Some(place) = words.windows(parts.len()).position(|window| window.iter().eq(&parts)) {
                words.drain(place..place + parts.len());
                phrase = Some(known.to_owned());
                break;
            }
        }
        let says: Vec<String> = words.iter().filter(|word| !FILLERS.contains(&word.as_str())).cloned().collect();
        // Fillers alone are what somebody looks for.
        let words = if says.is_empty() && phrase.is_none() { words } else { says };
        Self { phrase, words }
    }

    /// How well the words describe a model; `None` if one of them is not found.
    pub(crate) fn rank(&self, entry: &Entry, facts: &Facts) -> Option<u32> {
        let name = format!("{} {}", entry.id, entry.display_name.as_deref().unwrap_or_default());
        let names: Vec<String> = words(&name).collect();
        let uses: Vec<String> =
            entry.categories.iter().map(String::as_str).chain([facts.capability]).flat_map(words).collect();
        let told: Vec<String> = words(entry.description.as_deref().unwrap_or_default()).collect();
        let kinds: Vec<String> = facts.gives.iter().chain(&facts.takes).map(|one| (*one).to_owned()).collect();
        let values: Vec<String> = facts.values.iter().cloned().collect();
        let places = [(NAMED, &names), (FOR, &uses), (VALUE, &values), (KIND, &kinds), (TOLD, &told)];
        let best = |word: &String| places.iter().filter_map(|(weight, all)| Some(weight * found(word, all)? / 2)).max();
        let mut rank = match &self.phrase {
            None => 0,
            Some(phrase) if facts.capability == phrase => IS_FOR,
            Some(phrase) if is_said(phrase, &name, entry) => IS_FOR - 1,
            Some(phrase) if facts.can(phrase) => CAN,
            Some(_) => return None,
        };
        for word in &self.words {
            rank += best(word)?;
        }
        Some(rank)
    }
}

/// The words among which a value may be chosen, at any depth. Tables may lead back to themselves, but only through objects, and
/// what those of inputs choose from lies near the top.
fn choices(rules: &[Rule], all: &mut BTreeSet<String>) {
    fn below(rules: &[Rule], all: &mut BTreeSet<String>, depth: usize) {
        if depth == 0 {
            return;
        }
        let mut each = |rules: &[Rule]| below(rules, all, depth - 1);
        for rule in rules {
            match *rule {
                Rule::Items(rules) | Rule::AdditionalProperties(rules) => each(rules),
                Rule::PrefixItems(lists) | Rule::AllOf(lists) | Rule::AnyOf(lists) | Rule::OneOf(lists) => {
                    lists.iter().copied().for_each(&mut each);
                }
                Rule::Properties(ref table) => table.get().fields.iter().for_each(|field| each(field.rules)),
                _ => {}
            }
        }
        for rule in rules {
            if let Rule::Values(values) = *rule {
                let texts = values.iter().filter_map(|one| if let Const::Str(text) = one { Some(*text) } else { None });
                all.extend(texts.flat_map(words));
            }
        }
    }
    below(rules, all, DEPTH);
}

/// Whether the id, the name or a category says it.
fn is_said(phrase: &str, name: &str, entry: &Entry) -> bool {
    let joined = |text: &str| format!("-{}-", words(text).collect::<Vec<_>>().join("-"));
    let phrase = format!("-{phrase}-");
    joined(name).contains(&phrase) || entry.categories.iter().any(|category| joined(category).contains(&phrase))
}

/// Whether a word is among these: 2 if it is, 1 if one of them begins so.
fn found(word: &String, all: &[String]) -> Option<u32> {
    if all.contains(word) {
        return Some(2);
    }
    let begins = |other: &&String| word.chars().count() >= 3 && other.starts_with(word.as_str());
    all.iter().find(begins).map(|_| 1)
}

/// The words of a text, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(str::to_lowercase).collect::<Vec<_>>().into_iter()
}

/// The client's word for it, which has the same name.
pub(crate) fn capability(of: ir::Capability) -> Capability {
    let name = format!("{of:?}");
    Capability::ALL.iter().copied().find(|one| format!("{one:?}") == name).unwrap_or(Capability::Other)
}
