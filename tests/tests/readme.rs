//! README's Rust is code that compiles: each of its lines stands, in order, in a file that does.
#![expect(clippy::print_stdout, reason = "README's examples print")]

#[path = "readme/usage.rs"]
mod usage;

use workspace_tests::root;

/// The lines of README's Rust, without comments, and of the files they must come from.
#[test]
fn every_line_of_rust_compiles() {
    _ = usage::usage;
    let files = ["tests/tests/readme/usage.rs", "tests/downstream/build.rs", "tests/downstream/src/lib.rs"];
    let code: Vec<String> = files.iter().flat_map(|path| lines(&read(path))).collect();
    let mut rest = code.as_slice();
    let readme = read("README.md");
    let blocks: Vec<&str> = readme.split("```rust\n").skip(1).filter_map(|text| text.split("```").next()).collect();
    assert_eq!(blocks.len(), 4, "README's blocks of Rust");
    for line in blocks.into_iter().flat_map(lines) {
        let found = rest.iter().position(|other| *other == line);
        let found = found.unwrap_or_else(|| panic!("README's line is not in {files:?}, or not in this order: {line}"));
        rest = &rest[found + 1..];
    }
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
