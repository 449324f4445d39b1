//! README and the guides say what is so: their Rust is code that compiles, and commands, flags, features, examples, paths and
//! links that they name are there.

mod page;

use std::collections::BTreeSet;
use std::path::Path;

use clap::CommandFactory as _;
use toml::Table;
use workspace_tests::root;

use page::Page;

/// README is the front page, not the manual.
#[test]
fn readme_is_short() {
    assert!(read("README.md").lines().count() <= 160);
}

/// Each line of a block stands, in order, in a file that is compiled.
#[test]
fn every_line_of_rust_compiles() {
    let files = [
        "runtime/live/examples/live.rs",
        "runtime/live/examples/tool.rs",
        "runtime/runner/examples/batch.rs",
        "examples/pages.rs",
        "tests/downstream/build.rs",
        "tests/downstream/src/lib.rs",
    ];
    let code: Vec<String> = files.iter().flat_map(|path| lines(&read(path))).collect();
    let mut blocks = 0;
    for page in Page::all() {
        for block in &page.rust {
            let mut rest = code.as_slice();
            blocks += 1;
            for line in lines(block) {
                let found = rest.iter().position(|other| *other == line);
                let found =
                    found.unwrap_or_else(|| panic!("{}: not in {files:?}, or not in this order: {line}", page.path));
                rest = &rest[found + 1..];
            }
        }
    }
    assert!(blocks >= 5, "only {blocks} blocks of Rust");
}

#[test]
fn links_lead_somewhere() {
    let pages = Page::all();
    let mut broken = Vec::new();
    for page in &pages {
        for link in page.links.iter().filter(|link| !link.contains("://")) {
            let (target, anchor) = page.target(link);
            let is_there = root().join(&target).exists();
            let has_anchor = |anchor: &str| Page::read(target.display().to_string()).anchors.contains(anchor);
            if !is_there || anchor.is_some_and(|anchor| !has_anchor(&anchor)) {
                broken.push(format!("{}: {link}", page.path));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_guide_is_linked_from_readme() {
    let readme = Page::read("README.md".to_owned());
    for page in Page::all().iter().filter(|page| page.path != "README.md") {
        assert!(readme.links.contains(&page.path), "README.md does not lead to {}", page.path);
    }
}

#[test]
fn commands_and_their_flags_exist() {
    let mut cli = xtask::cli::Cli::command();
    cli.build();
    let flags = known_flags(&cli);
    let (mut commands, mut wrong) = (BTreeSet::new(), Vec::new());
    for page in Page::all() {
        for (_, code) in &page.code {
            if let Some((_, command)) = code.split_once("cargo xtask ") {
                let name = command.split([' ', '`']).next().unwrap_or_default();
                commands.insert(name.to_owned());
                if cli.find_subcommand(name).is_none() {
                    wrong.push(format!("{}: cargo xtask {name}", page.path));
                }
            }
            for flag in code.split([' ', '[', '(', '|', '`']).filter(|word| word.starts_with("--") && word.len() > 2) {
                let flag = flag.split(['=', ']', ',', '.', ')']).next().unwrap_or_default();
                if !flags.contains(flag.trim_end_matches('\\')) {
                    wrong.push(format!("{}: {flag} in {code:?}", page.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let left_out: Vec<&str> =
        cli.get_subcommands().map(clap::Command::get_name).filter(|name| !commands.contains(*name)).collect();
    assert_eq!(left_out, ["help"], "commands that no page names");
}

/// The flags of cargo that the pages use, those of `cargo xtask`, and those of other programs: fields of their options, or
/// written out.
fn known_flags(cli: &clap::Command) -> BTreeSet<String> {
    let of_cargo = ["--bench", "--example", "--features", "--release", "--workspace", "--no-default-features"];
    let own = cli.get_subcommands().flat_map(clap::Command::get_arguments).filter_map(clap::Arg::get_long);
    let own = own.map(|flag| format!("--{flag}"));
    let programs = [
        "runtime/emulator/src/main.rs",
        "codegen/src/main.rs",
        "codegen/src/cli/diff.rs",
        "tests/bench-compile/src/main.rs",
        "runtime/ctl/src/cli.rs",
    ];
    let mut texts: Vec<String> = programs.iter().map(|path| read(path)).collect();
    for folder in ["examples", "tests/examples", "runtime/runner/examples", "runtime/ctl/tests/ctl"] {
        let files =
            std::fs::read_dir(root().join(folder)).expect("examples").map(|entry| entry.expect("an example").path());
        texts.extend(files.filter(|path| path.is_file()).filter_map(|path| std::fs::read_to_string(path).ok()));
    }
    let fields = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.trim().split_once(": "));
    let fields =
        fields.map(|(name, _)| name.trim_start_matches("pub(crate) ").trim_start_matches("pub ").replace('_', "-"));
    let fields = fields.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    let written = texts.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_lowercase() && c != '-'));
    let written = written.filter(|word| word.starts_with("--")).map(str::to_owned);
    let fields = fields.map(|name| format!("--{name}"));
    of_cargo.map(str::to_owned).into_iter().chain(own).chain(fields).chain(written).collect()
}

#[test]
fn packages_examples_and_benches_exist() {
    let packages: BTreeSet<String> = manifests().iter().map(|manifest| text(&manifest["package"]["name"])).collect();
    let mut wrong = Vec::new();
    for page in Page::all() {
        for (_, code) in &page.code {
            for pair in code.split_whitespace().collect::<Vec<_>>().windows(2) {
                let named =
                    |places: &[String]| pair[1] == "…" || places.iter().any(|place| root().join(place).exists());
                let is_there = match pair[0] {
                    "-p" | "--package" if code.starts_with("cargo") => packages.contains(pair[1]),
                    "--example" => {
                        let of = |folder: &str| {
                            [format!("{folder}/{}.rs", pair[1]), format!("{folder}/{}/main.rs", pair[1])]
                        };
                        named(
                            &[
                                of("examples"),
                                of("tests/examples"),
                                of("runtime/live/examples"),
                                of("runtime/runner/examples"),
                            ]
                            .concat(),
                        )
                    }
                    "--bench" => named(&[format!("tests/benches/{}.rs", pair[1])]),
                    _ => true,
                };
                if !is_there {
                    wrong.push(format!("{}: {} {}", page.path, pair[0], pair[1]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// "The feature `files`", and `features = ["community-wan-2-2"]`.
#[test]
fn features_exist() {
    let manifests = manifests();
    let known: BTreeSet<&str> = (manifests.iter())
        .filter_map(|manifest| manifest.get("features")?.as_table())
        .flat_map(|features| features.keys().map(String::as_str))
        .collect();
    let (mut seen, mut wrong) = (0, Vec::new());
    for page in Page::all() {
        let text = read(&page.path);
        let after = |mark: &'static str, end: char| {
            let found: Vec<&str> = text.split(mark).skip(1).filter_map(|rest| rest.split(end).next()).collect();
            found
        };
        let lists = after("features = [", ']');
        let listed = lists.iter().flat_map(|list| list.split(',')).map(|name| name.trim().trim_matches('"'));
        for name in after("feature `", '`').into_iter().chain(after("feature \"", '"')).chain(listed) {
            seen += 1;
            if !known.contains(name) {
                wrong.push(format!("{}: {name}", page.path));
            }
        }
    }
    assert!(wrong.is_empty() && seen > 5, "{wrong:#?}");
}

/// What looks like a path into the repository is one.
#[test]
fn paths_exist() {
    let tops: BTreeSet<String> = (std::fs::read_dir(root()).expect("the root"))
        .map(|entry| entry.expect("an entry").file_name().display().to_string())
        .collect();
    let (mut seen, mut wrong) = (0, Vec::new());
    for page in Page::all() {
        for (_, code) in page.code.iter().filter(|(language, _)| language.is_empty()) {
            let is_path = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
            let top = code.split('/').next().unwrap_or_default();
            if code.contains('/') && code.chars().all(is_path) && tops.contains(top) {
                seen += 1;
                if !root().join(Path::new(code)).exists() {
                    wrong.push(format!("{}: {code}", page.path));
                }
            }
        }
    }
    assert!(wrong.is_empty() && seen > 20, "{seen} paths, {wrong:#?}");
}

/// The manifests of all packages of the workspace.
fn manifests() -> Vec<Table> {
    let parsed = |path: &str| -> Table { read(path).parse().unwrap_or_else(|error| panic!("{path}: {error}")) };
    let members = parsed("Cargo.toml")["workspace"]["members"].as_array().expect("members").clone();
    members.iter().map(|member| parsed(&format!("{}/Cargo.toml", text(member)))).collect()
}

fn text(value: &toml::Value) -> String {
    value.as_str().expect("a string").to_owned()
}

/// Lines of code: no comments, no white space around.
fn lines(text: &str) -> Vec<String> {
    let code = text.lines().map(|line| match line.split_once("//") {
        // A URL is no comment.
        Some((code, _)) if !code.ends_with(':') => code.trim(),
        _ => line.trim(),
    });
    code.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
