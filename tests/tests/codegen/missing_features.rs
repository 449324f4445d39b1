//! What the features of the runtime mean to crates that depend on it: one that is off and needed is named by the compiler, and
//! what nobody asked for is not built.

use std::collections::BTreeSet;

use workspace_tests::{cargo, root};

#[test]
fn a_feature_that_is_off_is_named_by_the_compiler() {
    let folder = cargo::folder("missing-features");
    let client = root().join("runtime/client");
    let manifest = format!(
        "[package]\nname = \"missing-features\"\nedition = \"2024\"\n\n[dependencies]\nruncomfy-client = {{ path = {client:?}, \
         default-features = false, features = [\"pattern\"] }}\n\n[workspace]\n"
    );
    std::fs::create_dir_all(folder.join("src")).expect("a folder");
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    cargo::lock(&folder);
    let features = ["fragments", "pattern", "validations"];
    let asked: String = features.iter().map(|feature| format!("runcomfy_client::__needs_{feature}!();\n")).collect();
    std::fs::write(folder.join("src/lib.rs"), asked).expect("a library");
    let output = cargo::output(&folder, &["check"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{told}");
    for feature in features {
        let message = format!("error: these models need the feature \"{feature}\" of runcomfy-client");
        assert_eq!(told.contains(&message), feature != "pattern", "{feature}:\n{told}");
    }
}

/// The crates that a package is built with.
fn built(arguments: &[&str]) -> BTreeSet<String> {
    let output = cargo::output(&root(), &[&["tree", "--locked", "--prefix", "none", "--package"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn a_program_builds_one_tls_and_the_cryptography_it_asked_for() {
    let built = |features: &str| built(&["runcomfy", "--edges", "normal,build", "--features", features]);
    let (usual, other) = (built("client,blocking,files"), built("client,aws-lc"));
    assert!(usual.contains("rustls") && usual.contains("ring"), "{usual:?}");
    for unwanted in ["aws-lc-rs", "aws-lc-sys", "native-tls", "openssl-sys"] {
        assert!(!usual.contains(unwanted), "{unwanted} is built");
    }
    assert!(other.contains("aws-lc-rs") && !other.contains("native-tls"));
}

#[test]
fn reading_schemas_takes_nothing_that_writes_rust() {
    const WRITERS: [&str; 4] = ["prettyplease", "proc-macro2", "quote", "syn"];
    let built = |more: &[&str]| built(&[&["runcomfy-codegen", "--edges", "normal,no-proc-macro"], more].concat());
    let (whole, front) = (built(&[]), built(&["--no-default-features", "--features", "fragments"]));
    for writer in WRITERS {
        assert!(whole.contains(writer) && !front.contains(writer), "{writer}: {front:?}");
    }
    let live = self::built(&["runcomfy-live", "--edges", "normal,no-proc-macro"]);
    for writer in WRITERS.iter().chain(&["typify", "typify-impl"]) {
        assert!(!live.contains(*writer), "{writer}: {live:?}");
    }
}
