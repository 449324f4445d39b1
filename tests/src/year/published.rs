//! What RunComfy publishes: models whose fields are known whatever becomes of their keys and titles, what they once had,
//! and the catalogue's response. Must not know what is made of them.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Value, json};

use crate::stability::shape::{Maker, TrueForm};
use crate::stability::{Key, Spec, TrueField};

/// A model as it is published, and what it had before.
#[derive(Clone, Debug)]
pub struct Published {
    /// The fields; its id is the one that is listed.
    pub spec: Spec,
    /// Whether the catalogue lists it.
    pub is_listed: bool,
    /// The name that is shown.
    pub display_name: String,
    /// The descriptions of fields of the input, by what they are.
    pub descriptions: BTreeMap<usize, String>,
    /// Fields of the input that are gone.
    pub attic: Vec<TrueField>,
    /// Forms that are gone, with the field of the input whose value they were.
    pub forms: Vec<(usize, TrueForm)>,
}

impl Published {
    /// The catalogue's entry.
    #[must_use]
    pub fn entry(&self) -> Value {
        let mut schema = self.spec.schema();
        for field in &self.spec.fields {
            if let Some(description) = self.descriptions.get(&field.uid) {
                schema["properties"][field.key.text()]["description"] = json!(description);
            }
        }
        json!({"model_id": self.spec.id, "display_name": self.display_name, "base_price_usd": 0.05,
            "price_unit": "second", "input_schema": schema})
    }
}

/// All models, and what none of them has had yet.
#[derive(Clone, Debug)]
pub struct World {
    /// The models, listed or not.
    pub models: Vec<Published>,
    /// What is new.
    pub fresh: Fresh,
}

/// Identities and words that nothing has had.
#[derive(Clone, Debug, Default)]
pub struct Fresh {
    uids: usize,
    words: usize,
}

/// Room for everything within a new field.
const STRIDE: usize = 100;

impl Fresh {
    /// An identity from which a [`Maker`] may count on.
    pub fn uid(&mut self) -> usize {
        self.uids += STRIDE;
        self.uids
    }

    /// Two words, and a third that makes them unlike all others.
    pub fn title(&mut self, rng: &mut Rng) -> String {
        self.words += 1;
        format!("{} {}", crate::stability::random_title(rng), number(self.words))
    }

    /// A value for a list.
    pub fn value(&mut self) -> String {
        self.words += 1;
        format!("mode {}", number(self.words))
    }

    /// A field with node ids and titles that neither version of the model has.
    pub fn field(&mut self, rng: &mut Rng, now: &Spec, before: &Spec) -> TrueField {
        let mut field = self.maker(now, before).field(rng, 0);
        self.retitle_all(rng, std::slice::from_mut(&mut field), &|_| true);
        field
    }

    /// A maker of shapes with node ids that neither version of the model has.
    pub fn maker(&mut self, now: &Spec, before: &Spec) -> Maker {
        let mut maker = Maker::of(now, self.uid());
        before.clone().each_key(&mut |key| maker.avoid(key));
        maker
    }

    /// New titles for fields, at any depth, but equal ones for those that are one.
    pub fn retitle_all(&mut self, rng: &mut Rng, fields: &mut [TrueField], which: &dyn Fn(&TrueField) -> bool) {
        let mut titles: BTreeMap<usize, String> = BTreeMap::new();
        crate::stability::shape::each_field(fields, &mut |field| {
            if which(field) {
                let title = titles.entry(field.uid).or_insert_with(|| self.title(rng));
                field.title.clone_from(title);
            }
        });
    }
}

/// A number in letters, so that it is a word: `b`, `ca`.
fn number(mut number: usize) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
        if number == 0 {
            return letters;
        }
    }
}

impl World {
    /// A few models: names of their ids can be spelt in several ways.
    #[must_use]
    pub fn random(rng: &mut Rng, models: usize) -> Self {
        let mut world = Self { models: Vec::new(), fresh: Fresh::default() };
        for place in 0..models {
            world.come(rng, place);
        }
        world
    }

    /// One more model.
    pub fn come(&mut self, rng: &mut Rng, place: usize) {
        let id = format!("year/wan-{place}-{}/text-to-video", place % 7);
        let mut spec = Spec { id, fields: Vec::new(), overrides: String::new() };
        for _ in 0..rng.usize(3..9) {
            let field = self.fresh.field(rng, &spec, &spec);
            spec.fields.push(field);
        }
        // What happens to unions has one to happen to.
        while !spec.fields.iter().any(|field| field.shape.has_union()) {
            let field = self.fresh.field(rng, &spec, &spec);
            if field.shape.has_union() {
                spec.fields.push(field);
            }
        }
        self.models.push(Published {
            spec,
            is_listed: true,
            display_name: format!("Model {place}"),
            descriptions: BTreeMap::new(),
            attic: Vec::new(),
            forms: Vec::new(),
        });
    }

    /// What the catalogue answers.
    #[must_use]
    pub fn response(&self) -> String {
        let models: Vec<Value> = self.models.iter().filter(|model| model.is_listed).map(Published::entry).collect();
        json!({"total": models.len(), "models": models}).to_string()
    }
}

/// The node ids of some fields and of all within them, replaced where others have them.
pub fn give_free_nodes(rng: &mut Rng, fields: &mut [TrueField], taken: &[&Spec], all: bool) {
    let taken: Vec<u32> = taken.iter().flat_map(|spec| spec.nodes()).collect();
    let mut given: BTreeMap<u32, u32> = BTreeMap::new();
    crate::stability::shape::each_key(fields, &mut |key| {
        let Key::Node(nodes) = key else { return };
        for (node, _) in nodes {
            if !all && !taken.contains(node) {
                continue;
            }
            if !given.contains_key(node) {
                let free = loop {
                    let free = rng.u32(1..2000);
                    if !taken.contains(&free) && !given.values().any(|other| *other == free) {
                        break free;
                    }
                };
                given.insert(*node, free);
            }
            *node = given[node];
        }
    });
}
