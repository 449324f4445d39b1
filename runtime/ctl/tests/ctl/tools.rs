//! The list of tools, as hosts of each dialect get it.

use runcomfy_client::tool::Dialect;
use runcomfyctl::tools;
use serde_json::Value;

// The table of what hosts take that models as tools are held to.
#[path = "../../../../tests/tests/live/tool/rules.rs"]
mod rules;

/// What each turn of a model carries. A token has three characters at least in JSON of English words.
#[test]
fn the_list_of_tools_is_small() {
    insta::assert_snapshot!("tools", serde_json::to_string_pretty(&tools(Dialect::Anthropic)).expect("JSON"));
    for dialect in Dialect::ALL {
        let list = serde_json::to_string(&tools(dialect)).expect("JSON");
        assert!(list.len() / 3 <= 1600, "{} characters", list.len());
        for tool in tools(dialect) {
            let schema = serde_json::to_string(&tool.input_schema).expect("JSON");
            assert!(
                !["budget", "limit", "price", "usd"].iter().any(|word| schema.to_lowercase().contains(word)),
                "{schema}"
            );
        }
    }
}

/// Some hosts drop all tools of a server for one schema that they do not take.
#[test]
fn each_host_takes_every_tool() {
    for dialect in Dialect::ALL {
        for tool in tools(dialect) {
            let schema = Value::Object((*tool.input_schema).clone());
            let mut broken = rules::broken(dialect, &schema);
            broken.extend(rules::broken_texts(dialect, &tool.name, tool.description.as_deref().unwrap_or_default()));
            assert!(broken.is_empty(), "{} in {dialect:?}: {broken:#?}\n{schema:#}", tool.name);
        }
    }
}

#[test]
fn the_skill_names_every_tool() {
    let skill = include_str!("../../SKILL.md");
    for tool in tools(Dialect::Anthropic) {
        assert!(skill.contains(&format!("`{}`", tool.name)), "{}", tool.name);
    }
}
