//! The cache of a catalogue when things go wrong: files that were damaged, programs of several kinds that share it, servers
//! that list nonsense. Names stay, nothing panics, and what is lost is told.

use std::path::{Path, PathBuf};

use runcomfy_live::{Catalogue, Error};
use serde_json::{Value, json};
use workspace_tests::tables::folder;

use crate::catalogue::{VACE_FUN, names, workflow};

const ID: &str = "community/film/base";

/// A folder with one model, its fields as given.
fn publish(id: &str, fields: &Value, at: &Path) {
    folder::write(&workflow(id, fields), at);
}

fn text(title: &str) -> Value {
    json!({"type": "string", "title": title})
}

/// The one file below this folder.
fn only_file(folder: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = folder.read_dir().expect("a folder").flatten().map(|file| file.path()).collect();
    files.sort();
    files.into_iter().next().expect("a file")
}

/// What a file may become that was damaged: cut off, with another byte in it, or with something else altogether.
fn damaged(whole: &[u8]) -> Vec<Vec<u8>> {
    let step = (whole.len() / 60).max(1);
    let cut = (0..whole.len()).step_by(step).map(|end| whole[..end].to_vec());
    let other = (0..whole.len()).step_by(step).flat_map(|place| {
        [b'9', b'\n', 0xff].map(|byte| {
            let mut bytes = whole.to_vec();
            bytes[place] = byte;
            bytes
        })
    });
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    let shorter = (0..lines.len()).map(|gone| [&lines[..gone], &lines[gone + 1..]].concat().concat());
    cut.chain(other).chain(shorter).filter(|bytes| bytes != whole).collect()
}

#[test]
fn a_damaged_lock_moves_no_compiled_name() {
    let (cache, schemas) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let fields = json!({"70_text": text("Prompt"), "71_text": text("Other")});
    publish(ID, &fields, schemas.path());
    let first = Catalogue::builder().folder(schemas.path()).build().expect("a catalogue");
    let lock = first.model(ID).expect("a model").lock;
    // The folder knows the names, and its titles are others by now.
    let renamed = json!({"70_text": text("Eingabe"), "71_text": text("Anderes"), "72_value": {"type": "integer", "title": "Steps"}});
    publish(ID, &renamed, schemas.path());
    std::fs::write(schemas.path().join(ID).join("names.lock"), lock).expect("a lock");
    let of = || Catalogue::builder().cache(cache.path()).folder(schemas.path()).build().expect("a catalogue");
    let expected = [("other", "71_text"), ("prompt", "70_text"), ("steps", "72_value")];
    assert_eq!(names(&of(), ID), expected);
    let file = only_file(&cache.path().join("locks"));
    let whole = std::fs::read(&file).expect("a lock");
    let all = damaged(&whole);
    assert!(all.len() > 200, "{}", all.len());
    for bytes in all {
        std::fs::write(&file, &bytes).expect("a file");
        assert_eq!(names(&of(), ID), expected, "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(std::fs::read(&file).expect("a lock"), whole, "it is made anew");
    }
}

#[test]
fn a_damaged_lock_counts_as_none_where_nothing_else_knows_names() {
    let (cache, schemas) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    publish(ID, &json!({"70_text": text("Prompt"), "71_text": text("Other")}), schemas.path());
    let of = || Catalogue::builder().cache(cache.path()).folder(schemas.path()).build().expect("a catalogue");
    let before = names(&of(), ID);
    let file = only_file(&cache.path().join("locks"));
    let whole = std::fs::read(&file).expect("a lock");
    publish(ID, &json!({"70_text": text("Eingabe"), "71_text": text("Anderes")}), schemas.path());
    assert_eq!(names(&of(), ID), before);
    let whole_now = std::fs::read(&file).expect("a lock");
    for bytes in damaged(&whole_now) {
        std::fs::write(&file, &bytes).expect("a file");
        let now = names(&of(), ID);
        assert_eq!(
            now,
            [("anderes", "71_text"), ("eingabe", "70_text")],
            "all names or none: {}",
            String::from_utf8_lossy(&bytes)
        );
    }
    std::fs::write(&file, whole).expect("a file");
    assert_eq!(names(&of(), ID), before);
}

#[test]
fn programs_with_and_without_compiled_models_share_a_cache_and_keep_their_names() {
    let (cache, schemas) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let compiled = runcomfy::models().find(|model| model.id == VACE_FUN).expect("it is compiled");
    let published = workspace_tests::load(&workspace_tests::root().join("schemas"));
    let published = published.models.iter().find(|model| model.folder == VACE_FUN).expect("it is published");
    let source: Value = serde_json::from_str(&published.input.text).expect("JSON");
    let publish_with = |title: &str| {
        let mut fields = source["properties"].clone();
        fields["777_value"] = json!({"type": "boolean", "title": title});
        publish(VACE_FUN, &fields, schemas.path());
    };
    let of = |knows: bool| {
        let builder = Catalogue::builder().cache(cache.path()).folder(schemas.path());
        let builder = if knows { builder.with_models([compiled]) } else { builder };
        names(&builder.build().expect("a catalogue"), VACE_FUN)
    };
    publish_with("First Title");
    let (with, without) = (of(true), of(false));
    assert!(with.contains(&("first_title", "777_value")) && without.contains(&("first_title", "777_value")));
    for title in ["Second Title", "Third Title", "Fourth Title"] {
        publish_with(title);
        assert_eq!(of(false), without, "{title}");
        assert_eq!(of(true), with, "{title}");
    }
}

#[test]
fn a_lock_that_cannot_be_read_names_nothing() {
    let schemas = tempfile::tempdir().expect("a folder");
    publish(ID, &json!({"70_text": text("Prompt"), "71_text": text("Other")}), schemas.path());
    let catalogue = Catalogue::builder().folder(schemas.path()).build().expect("a catalogue");
    let lock = catalogue.model(ID).expect("a model").lock.to_owned();
    assert!(catalogue.model_by_lock(ID, &lock).is_ok());
    for bad in ["version = 99\n", "<<<<<<< HEAD\n", "version = 1\n[[field]]\nname = 7\n", "\u{0}"] {
        // Inputs that were kept with a lock mean nothing under other names.
        let refused = catalogue.model_by_lock(ID, bad);
        assert!(matches!(&refused, Err(Error::Unusable { reasons, .. }) if !reasons.is_empty()), "{bad}: {refused:?}");
        std::fs::write(schemas.path().join(ID).join("names.lock"), bad).expect("a lock");
        let catalogue = Catalogue::builder().folder(schemas.path()).build().expect("a catalogue");
        assert!(catalogue.model(ID).is_err(), "{bad}");
    }
}

#[test]
fn a_damaged_index_is_no_panic() {
    let cache = tempfile::tempdir().expect("a folder");
    let path = cache.path().join("index.json");
    let of = || Catalogue::builder().cache(cache.path()).build();
    let entry = json!({"id": "maker/film/base", "display_name": "Film", "schema": "../../../etc/passwd"});
    let page = json!({"tag": "a", "sent": 1, "total": 1, "entries": [entry], "problems": []});
    let whole = json!({"version": 1, "as_of": 1_790_000_000_u64, "pages": [page]}).to_string();
    std::fs::write(&path, &whole).expect("a file");
    let catalogue = of().expect("a catalogue");
    assert_eq!(catalogue.models().entries.len(), 1);
    assert!(matches!(catalogue.model("maker/film/base"), Err(Error::Unusable { .. })), "a digest is no path");
    let mut all = damaged(whole.as_bytes());
    for time in [u64::MAX, u64::MAX / 2, 1 << 62] {
        all.push(whole.replace("1790000000", &time.to_string()).into_bytes());
    }
    for bytes in all {
        std::fs::write(&path, &bytes).expect("a file");
        let catalogue = of().unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&bytes)));
        let listing = catalogue.find("film");
        for entry in &listing.entries {
            assert!(catalogue.model(&entry.id).is_err());
        }
        _ = (listing.age(), catalogue.problems());
    }
}

#[test]
fn programs_that_write_at_once_leave_whole_files() {
    let cache = tempfile::tempdir().expect("a folder");
    let folders: Vec<_> = (0..4)
        .map(|place| {
            let schemas = tempfile::tempdir().expect("a folder");
            let mut fields = json!({"70_text": text("Prompt"), "71_text": text("Other")});
            fields[format!("{}_value", 80 + place)] = json!({"type": "integer", "title": format!("Number {place}")});
            publish(ID, &fields, schemas.path());
            schemas
        })
        .collect();
    std::thread::scope(|scope| {
        for schemas in &folders {
            scope.spawn(|| {
                for _ in 0..40 {
                    let catalogue = Catalogue::builder().cache(cache.path()).folder(schemas.path()).build();
                    let names = names(&catalogue.expect("a catalogue"), ID);
                    assert!(
                        names.contains(&("prompt", "70_text")) && names.contains(&("other", "71_text")),
                        "{names:?}"
                    );
                }
            });
        }
    });
    let left: Vec<_> = cache.path().join("locks").read_dir().expect("a folder").flatten().collect();
    assert_eq!(left.len(), 1, "nothing half-written is left: {left:?}");
}
