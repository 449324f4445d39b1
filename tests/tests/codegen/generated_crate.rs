//! The committed crate is what the generator makes of the committed schemas, whatever the order they were read in.

use runcomfy_codegen::{Placement, fs, generate};
use syn::visit::{Visit, visit_impl_item_fn, visit_item_fn};
use workspace_tests::{fixtures, load, root};

#[test]
fn generated_is_fresh() {
    let package = generate(&load(&root().join("schemas")), &Placement::Workspace).unwrap_or_else(|e| panic!("{e}"));
    let differences = fs::check(&root().join("generated"), &package).unwrap_or_else(|e| panic!("{e}"));
    assert!(differences.is_empty(), "run `cargo xtask generate`: {differences:#?}");
}

#[test]
fn the_order_of_reading_never_matters() {
    let sources = load(&fixtures());
    let first = generate(&sources, &Placement::Workspace).unwrap_or_else(|e| panic!("{e}"));
    let mut shuffled = sources.clone();
    for turn in 0..7 {
        // Deterministic shuffles: rotations and reversals reach every pair in both orders.
        let middle = (turn * 5 + 3) % shuffled.models.len();
        shuffled.models.rotate_left(middle);
        shuffled.models.reverse();
        shuffled.shared.reverse();
        assert_ne!(shuffled.models, sources.models, "the shuffle must change something");
        let again = generate(&shuffled, &Placement::Workspace).unwrap_or_else(|e| panic!("{e}"));
        assert!(first == again, "turn {turn} gave other bytes");
    }
}

#[test]
fn taking_one_model_away_changes_only_its_files_and_the_index() {
    let sources = load(&fixtures());
    let all = generate(&sources, &Placement::Workspace).unwrap_or_else(|e| panic!("{e}"));
    let mut fewer = sources.clone();
    fewer.models.retain(|model| model.folder != "community/wan-2-2/fun-control");
    let fewer = generate(&fewer, &Placement::Workspace).unwrap_or_else(|e| panic!("{e}"));
    let changed: Vec<&String> =
        all.files.iter().filter(|(path, text)| fewer.files.get(*path) != Some(text)).map(|(path, _)| path).collect();
    let index = ["README.md", "src/community.rs", "src/community/wan_2_2.rs"];
    let own = ["src/community/wan_2_2/fun_control.names.toml", "src/community/wan_2_2/fun_control.rs"];
    let rest = ["src/lib.rs", "src/models.rs", "tests/examples.rs"];
    assert_eq!(changed, [&index[..], &own, &rest].concat());
}

#[test]
fn without_the_client_there_is_no_http_in_the_tree() {
    let types = tree("runcomfy", &["--no-default-features", "--features", "all"]);
    for name in ["reqwest", "hyper", "tokio", "rustls", "tracing"] {
        assert!(!has(&types, name), "{name} is in the tree:\n{types}");
    }
    let client = tree("runcomfy", &["--features", "all"]);
    assert!(has(&client, "reqwest") && has(&client, "rustls"), "the client is on by default:\n{client}");
    assert!(!has(&client, "openssl") && !has(&client, "native-tls"), "{client}");
}

#[test]
fn the_first_command_builds_nothing_that_it_does_not_use() {
    let tree = tree("xtask", &[]);
    assert!(has(&tree, "runcomfy-codegen"), "{tree}");
    for name in ["criterion", "jsonschema", "regex", "reqwest", "runcomfy-client", "tokio", "typify", "wait4"] {
        assert!(!has(&tree, name), "{name} is in the tree:\n{tree}");
    }
    // What it builds meanwhile is seen.
    let alias = std::fs::read_to_string(root().join(".cargo/config.toml")).expect("the alias");
    assert!(alias.contains("xtask = \"run --package xtask --\""), "{alias}");
}

/// What cargo builds for a package of the workspace.
fn tree(package: &str, features: &[&str]) -> String {
    let always = ["tree", "--offline", "-p", package, "-e", "normal", "--prefix", "none"];
    let mut cargo = std::process::Command::new(env!("CARGO"));
    let output = cargo.args(always).args(features).current_dir(root()).output().expect("cargo to start");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn has(tree: &str, name: &str) -> bool {
    tree.lines().any(|line| line.starts_with(&format!("{name} v")))
}

/// A function without `#[inline]` is compiled with the library, used or not: of a thousand models, in each release build.
#[test]
fn every_function_waits_for_a_program_that_uses_it() {
    let package = generate(&load(&fixtures()), &Placement::Workspace).unwrap_or_else(|e| panic!("{e}"));
    let mut eager = Eager::default();
    for (path, text) in package.files.iter().filter(|(path, _)| path.starts_with("src/") && path.ends_with(".rs")) {
        eager.visit_file(&syn::parse_file(text).unwrap_or_else(|e| panic!("{path}: {e}")));
    }
    for path in ["runtime/client/src/rt/object.rs", "runtime/client/src/rt/json_schema/mod.rs"] {
        let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        for body in text.split("macro_rules! ").skip(1).filter_map(|text| text.split("\n}").next()) {
            eager.macro_body(body);
        }
    }
    assert!(eager.seen > 300, "only {} functions", eager.seen);
    assert!(eager.found.is_empty(), "without #[inline]: {:#?}", eager.found);
}

/// Functions without `#[inline]`.
#[derive(Default)]
struct Eager {
    seen: usize,
    found: Vec<String>,
}

impl Eager {
    fn function(&mut self, attributes: &[syn::Attribute], name: &syn::Ident) {
        self.seen += 1;
        if !attributes.iter().any(|attribute| attribute.path().is_ident("inline")) {
            self.found.push(name.to_string());
        }
    }

    /// The body of a macro, which is no Rust yet: one attribute a line, right above the function.
    fn macro_body(&mut self, body: &str) {
        let lines: Vec<&str> = body.lines().map(str::trim).collect();
        for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("fn ")) {
            self.seen += 1;
            if place == 0 || lines[place - 1] != "#[inline]" {
                self.found.push(format!("{}: {line}", body.lines().next().unwrap_or_default()));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Eager {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.attrs, &function.sig.ident);
        visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.attrs, &function.sig.ident);
        visit_impl_item_fn(self, function);
    }
}
