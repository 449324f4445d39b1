//! The generator and what it writes. One program: each would hold the whole generator once more.

mod catalogue;
mod diff_laws;
mod diff_meaning;
mod diff_verdicts;
mod differential;
mod docs;
mod finding;
mod fixture_crate;
mod generated_crate;
mod hostile;
mod kept_names;
mod later_texts;
mod layers;
mod literals;
mod lock_matching;
mod missing_features;
mod overrides;
mod packages;
mod public_api;
mod random_types;
mod second_opinion;
mod snapshots;
mod spellings;
mod stability;
mod synthetic;
mod year;
