//! What is wrong with inputs, and that nothing of it is sent.

use std::fs;

use serde_json::json;

use crate::desk::{Desk, MODEL};

/// The smallest PNG there is.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let desk = Desk::offline();
    let ran = desk.run(&["check", MODEL, "--steps", "99", "--seed", "many", "--image", "http://example.com/a.png"]);
    assert_eq!(ran.code, Some(65));
    insta::assert_snapshot!("violations", ran.told());
    let ran = desk.run(&["check", MODEL, "--steps", "99", "--json"]);
    let error = ran.json()["error"].clone();
    let kinds: Vec<&str> =
        error["violations"].as_array().expect("a list").iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!((error["exit"].as_i64(), kinds), (Some(65), vec!["Maximum", "Missing", "Missing"]));
}

#[test]
fn files_and_flags_make_one_input() {
    let desk = Desk::offline();
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    fs::write(desk.path("key.png"), "-----BEGIN PRIVATE KEY-----").expect("a file");
    let input = json!({"prompt": "a lone figure", "image": "https://example.com/a.png", "steps": 99});
    fs::write(desk.path("input.json"), input.to_string()).expect("a file");
    assert_eq!(desk.run(&["check", MODEL, "input.json"]).code, Some(65));
    assert_eq!(desk.run(&["check", MODEL, "input.json", "--steps", "20"]).code, Some(0));
    assert_eq!(desk.run(&["check", MODEL, "input.json", "--steps", "20", "--image", "photo.png"]).code, Some(0));
    assert_eq!(desk.run(&["check", MODEL, "input.json", "--steps", "20", "--image", "sample:a.png"]).code, Some(0));
    for (name, args) in [
        ("a_key_is_no_picture", &["check", MODEL, "--prompt", "x", "--image", "key.png"][..]),
        ("a_file_that_is_not_there", &["check", MODEL, "--prompt", "x", "--image", "gone.png"]),
        ("a_flag_that_is_misspelt", &["check", MODEL, "--promt", "x"]),
        ("a_file_that_is_no_json", &["check", MODEL, "photo.png"]),
        ("no_model", &["run", "--prompt", "x"]),
        ("a_model_that_is_misspelt", &["run", "vace-fn", "--prompt", "x"]),
        ("nobody_is_signed_in", &["run", MODEL, "--prompt", "x", "--image", "sample:a.png", "--budget-usd", "1"]),
    ] {
        let told = desk
            .run(args)
            .told()
            .replace(&desk.folder.path().canonicalize().expect("a path").display().to_string(), "DIR");
        insta::assert_snapshot!(name, told);
    }
}

/// What has no end, or waits for somebody who writes, is never opened as media.
#[cfg(unix)]
#[test]
fn devices_pipes_and_folders_are_no_media() {
    let desk = Desk::offline();
    fs::create_dir(desk.path("folder")).expect("a folder");
    assert!(std::process::Command::new("mkfifo").arg(desk.path("pipe")).status().expect("mkfifo").success());
    for image in ["/dev/zero", "pipe", "folder"] {
        let ran = desk.run(&["check", MODEL, "--prompt", "x", "--image", image]);
        assert_eq!(ran.code, Some(65), "{image}: {ran:?}");
        assert!(ran.err.contains("it is no file"), "{image}: {ran:?}");
    }
}

#[test]
fn a_file_with_a_byte_order_mark_is_read() {
    let desk = Desk::offline();
    let input = json!({"prompt": "a lone figure", "image": "https://example.com/a.png"});
    fs::write(desk.path("input.json"), format!("\u{feff}{input}")).expect("a file");
    let ran = desk.run(&["check", MODEL, "input.json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}
