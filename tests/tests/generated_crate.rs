//! The committed crate is what the generator makes of the committed schemas, whatever the order they were read in.

use runcomfy_codegen::{Placement, fs, generate};
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
    let family = "src/community/wan_2_2";
    assert_eq!(changed, ["README.md", &format!("{family}.rs"), &format!("{family}/fun_control.rs"), "src/models.rs"]);
}

#[test]
fn without_the_client_there_is_no_http_in_the_tree() {
    let tree = |features: &[&str]| {
        let always = ["tree", "--offline", "-p", "runcomfy", "-e", "normal", "--prefix", "none"];
        let mut cargo = std::process::Command::new(env!("CARGO"));
        let output = cargo.args(always).args(features).current_dir(root()).output().expect("cargo to start");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let has = |tree: &str, name: &str| tree.lines().any(|line| line.starts_with(&format!("{name} v")));
    let types = tree(&["--no-default-features", "--features", "all"]);
    for name in ["reqwest", "hyper", "tokio", "rustls", "tracing"] {
        assert!(!has(&types, name), "{name} is in the tree:\n{types}");
    }
    let client = tree(&["--features", "all"]);
    assert!(has(&client, "reqwest") && has(&client, "rustls"), "the client is on by default:\n{client}");
    assert!(!has(&client, "openssl") && !has(&client, "native-tls"), "{client}");
}
