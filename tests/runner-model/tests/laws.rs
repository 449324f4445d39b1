//! With all rules every law holds in every state; without any one of them a law breaks.

use runner_model::again::{self, Again};
use runner_model::download::{self, Download};
use runner_model::submit::{self, Submit};
use runner_model::{Broken, Model, explore};

/// Small enough for every run. With more epochs, words and restarts (8 million states) nothing else was found.
const BOUNDS: [Submit; 2] = [
    Submit { without: None, budget: 1, epochs: 2, restarts: 1, words: 1 },
    Submit { without: None, budget: 2, epochs: 2, restarts: 0, words: 1 },
];

fn holds(model: &impl Model) {
    let explored = explore(model);
    assert!(explored.broken.is_none(), "{explored:?}");
    assert!(explored.worlds > 100, "{} states are not all", explored.worlds);
}

/// The first of the bounds that shows a broken law.
fn breaks<M: Model>(models: impl IntoIterator<Item = M>) -> Option<Broken> {
    models.into_iter().find_map(|model| explore(&model).broken)
}

#[test]
fn with_all_rules_no_submit_breaks_a_law() {
    BOUNDS.iter().for_each(holds);
}

#[test]
fn with_all_rules_no_download_breaks_a_law() {
    holds(&Download::default());
}

#[test]
fn with_all_rules_nothing_that_is_made_again_breaks_a_law() {
    holds(&Again::default());
}

#[test]
fn without_any_one_rule_of_what_is_made_again_a_law_breaks() {
    let told = again::Rule::ALL.map(|rule| told(&format!("{rule:?}"), breaks([Again { without: Some(rule) }])));
    insta::assert_snapshot!(told.concat());
}

#[test]
fn without_any_one_rule_of_submits_a_law_breaks() {
    let told = submit::Rule::ALL.map(|rule| {
        let broken = breaks(BOUNDS.map(|bounds| Submit { without: Some(rule), ..bounds }));
        told(&format!("{rule:?}"), broken)
    });
    insta::assert_snapshot!(told.concat());
}

#[test]
fn without_any_one_rule_of_downloads_a_law_breaks() {
    let told = download::Rule::ALL.map(|rule| told(&format!("{rule:?}"), breaks([Download { without: Some(rule) }])));
    insta::assert_snapshot!(told.concat());
}

/// What goes wrong without a rule, and how.
fn told(rule: &str, broken: Option<Broken>) -> String {
    let Broken { law, path } = broken.unwrap_or_else(|| panic!("{rule} is no rule: no law needs it"));
    format!("{rule}: {law}\n    {}\n", path.join("\n    "))
}
