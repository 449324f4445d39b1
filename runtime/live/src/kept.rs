//! What is made of schemas, once for each and for the life of the program: the text of a schema and of what names its
//! fields in, a [`ModelInfo`] out. Tables are `static` data to all that walk them, so they stay; how much that may be is
//! bounded here. Must not know where a schema came from.

use std::collections::HashMap;
use std::hash::Hasher as _;
use std::sync::{Mutex, PoisonError};

use runcomfy_client::{Digest, Modality, ModelInfo, Price, rt};
use runcomfy_codegen::name::Doubt;
use runcomfy_codegen::{Newcomer, ir, meet};
use siphasher::sip128::{Hasher128 as _, SipHasher24};

use crate::entry::Entry;
use crate::find::{Facts, capability};
use crate::table;

/// The longest schema that is looked at, in bytes. The longest published one has 60 thousand.
pub const MAX_SCHEMA_BYTES: usize = 4 << 20;

/// How many bytes of schemas and locks a program keeps what was made of. The whole catalogue has about three million.
pub const MAX_KEPT_BYTES: usize = 256 << 20;

/// What was made of a schema.
pub(crate) struct Kept {
    /// Without what its entry says: see [`described`].
    info: ModelInfo,
    /// The fields that keep their wire keys.
    pub(crate) doubts: Vec<Doubt>,
    /// Keywords that nobody checks before the server does.
    pub(crate) unchecked: Vec<String>,
    /// What was written down of names and could not be used.
    pub(crate) unused: Vec<String>,
}

/// Why nothing was made.
pub(crate) enum Refusal {
    /// The schema is not one, or can't be enforced.
    Unusable(Vec<String>),
    /// There is no room.
    Full(usize),
}

struct Memory {
    made: HashMap<u128, &'static Kept>,
    described: HashMap<Described, &'static ModelInfo>,
    bytes: usize,
}

/// What was made of a schema, by its place; the base price's bits, its unit and its note; the page.
type Described = (usize, Option<(u64, String, Option<String>)>, Option<String>);

static MEMORY: Mutex<Option<Memory>> = Mutex::new(None);

/// What is made of a model, now or before.
pub(crate) fn kept(newcomer: &Newcomer<'_>) -> Result<&'static Kept, Refusal> {
    let key = key(newcomer);
    let size = newcomer.input.len() + newcomer.lock.len() + newcomer.overrides.len();
    if let Some(found) = memory(|memory| memory.made.get(&key).copied()) {
        return Ok(found);
    }
    if newcomer.input.len() > MAX_SCHEMA_BYTES {
        let length = newcomer.input.len();
        return Err(Refusal::Unusable(vec![format!("it has {length} bytes, allowed {MAX_SCHEMA_BYTES}")]));
    }
    // What is there already stays, so room is taken before something is made.
    memory(|memory| memory.take(size))?;
    let made = make(newcomer).inspect_err(|_| memory(|memory| memory.bytes -= size))?;
    Ok(memory(|memory| *memory.made.entry(key).or_insert(made)))
}

/// The unit of a price that is published without one.
const UNIT: &str = "job";

/// A model with what its entry says: the price and the page change without the schema. Made once for each.
pub(crate) fn described(kept: &'static Kept, entry: &Entry) -> Result<&'static ModelInfo, Refusal> {
    let unit = || entry.price_unit.clone().unwrap_or_else(|| UNIT.to_owned());
    let price = entry.base_price_usd.map(|base| (base.to_bits(), unit(), entry.pricing_note.clone()));
    if price.is_none() && entry.page.is_none() {
        return Ok(&kept.info);
    }
    let key: Described = (std::ptr::from_ref(kept).addr(), price, entry.page.clone());
    memory(|memory| {
        if let Some(known) = memory.described.get(&key) {
            return Ok(*known);
        }
        let texts = [entry.price_unit.as_deref(), entry.pricing_note.as_deref(), entry.page.as_deref()];
        let size: usize = texts.into_iter().flatten().map(str::len).sum();
        memory.take(size_of::<ModelInfo>() + 2 * size)?;
        let mut info = kept.info;
        let price = |base| Price::new(base, stays(&unit()), entry.pricing_note.as_deref().map(stays));
        info.price = entry.base_price_usd.map(price);
        info.page = entry.page.as_deref().map(stays);
        Ok(*memory.described.entry(key).or_insert(Box::leak(Box::new(info))))
    })
}

/// What models are found by, of a schema of which nothing is kept. Nothing, if it can't be read.
pub(crate) fn facts(newcomer: &Newcomer<'_>) -> Facts {
    if newcomer.input.len() > MAX_SCHEMA_BYTES {
        return Facts::default();
    }
    meet(newcomer).map(|met| Facts::of(&met.model)).unwrap_or_default()
}

fn memory<R>(look: impl FnOnce(&mut Memory) -> R) -> R {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let empty = || Memory { made: HashMap::new(), described: HashMap::new(), bytes: 0 };
    look(memory.get_or_insert_with(empty))
}

impl Memory {
    /// Takes room for so many bytes.
    fn take(&mut self, size: usize) -> Result<(), Refusal> {
        if self.bytes + size > MAX_KEPT_BYTES {
            return Err(Refusal::Full(MAX_KEPT_BYTES));
        }
        self.bytes += size;
        Ok(())
    }
}

fn make(newcomer: &Newcomer<'_>) -> Result<&'static Kept, Refusal> {
    let met = meet(newcomer).map_err(|errors| Refusal::Unusable(errors.iter().map(place_and_message).collect()))?;
    let info = rt::model_info_of(
        stays(newcomer.id),
        table::input(&met.model.types),
        Some(Digest::new(met.model.digest)),
        (stays(&met.model.lock.render()), stays(newcomer.overrides)),
        about(&met.model),
    );
    let unchecked = met.unchecked.into_iter().collect();
    Ok(Box::leak(Box::new(Kept { info, doubts: met.doubts, unchecked, unused: met.unused })))
}

/// What the schema and the id say of a model. Price, page and day are facts of its entry, which change without its schema.
fn about(model: &ir::Model) -> rt::About {
    let (module, profile) = (&model.module, &model.profile);
    rt::About {
        module: stays(&format!("{}::{}::{}", module.provider, module.family, module.variant)),
        feature: "",
        display_name: stays(&model.display_name),
        page: None,
        capability: capability(profile.capability),
        requires: modalities(&profile.requires),
        takes: modalities(&profile.takes),
        gives: modalities(&profile.gives),
        resolutions: profile.resolutions.iter().map(|one| stays(one)).collect::<Vec<_>>().leak(),
        price: None,
        as_of: "",
        incomplete: model.incomplete.iter().map(|one| stays(one)).collect::<Vec<_>>().leak(),
    }
}

fn modalities(all: &[ir::Modality]) -> &'static [Modality] {
    let one = |of: &ir::Modality| match of {
        ir::Modality::Text => Modality::Text,
        ir::Modality::Image => Modality::Image,
        ir::Modality::Video => Modality::Video,
        ir::Modality::Audio => Modality::Audio,
    };
    all.iter().map(one).collect::<Vec<_>>().leak()
}

/// A text that stays.
fn stays(text: &str) -> &'static str {
    if text.is_empty() { "" } else { text.to_owned().leak() }
}

/// Where in the schema, and what.
fn place_and_message(error: &runcomfy_codegen::Error) -> String {
    match error.place.as_str() {
        "" => error.message.clone(),
        place => format!("{} (at {place})", error.message),
    }
}

/// One number for all that decides what is made.
fn key(newcomer: &Newcomer<'_>) -> u128 {
    let Newcomer { id, display_name, input, lock, are_texts_omitted, overrides } = newcomer;
    let mut hasher = SipHasher24::new();
    hasher.write_u8(u8::from(*are_texts_omitted));
    for text in [id, display_name, input, lock, overrides] {
        hasher.write_u64(text.len() as u64);
        hasher.write(text.as_bytes());
    }
    hasher.finish128().as_u128()
}

/// The digest of a text to the letter, by which files are named.
pub(crate) fn text_digest(text: &str) -> Digest {
    let mut hasher = SipHasher24::new();
    hasher.write(text.as_bytes());
    Digest::new(hasher.finish128().as_u128())
}
