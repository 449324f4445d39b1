//! A crate whose models need a feature of the runtime that is off: the compiler names the feature.

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
