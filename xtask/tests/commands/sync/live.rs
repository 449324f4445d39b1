//! The live catalogue: the program as people run it, against the emulator and against catalogues that change while they are
//! read.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::thread;

use runcomfy_emulator::{Emulator, Fault, Faults, Route, When};
use serde_json::{Value, json};

use super::bench::{Bench, entry};

/// Runs the program; `token` is what the environment holds.
pub(crate) fn sync(bench: &Bench, base_url: &str, token: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    // Without a home folder there is no token file to be found.
    command.env_clear().args(["sync", "--base-url", base_url, "--schemas"]).arg(bench.schemas());
    if let Some(token) = token {
        command.env("RUNCOMFY_TOKEN", token);
    }
    command.output().expect("the program")
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A catalogue on a free port that answers as it is told; its address. `answer` gets path and query.
fn catalogue(answer: impl Fn(&str) -> (u16, Value) + Send + 'static) -> String {
    catalogue_in_bytes(move |path| {
        let (status, body) = answer(path);
        (status, body.to_string().into_bytes())
    })
}

/// The same, of which every byte is told.
pub(crate) fn catalogue_in_bytes(answer: impl Fn(&str) -> (u16, Vec<u8>) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up is not this test's subject.
            let _ = serve(stream, &answer);
        }
    });
    format!("http://{address}/v1")
}

fn serve(mut stream: TcpStream, answer: impl Fn(&str) -> (u16, Vec<u8>)) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let (status, body) = answer(first.split(' ').nth(1).unwrap_or_default());
    let head = format!("HTTP/1.1 {status} -\r\ncontent-type: application/json\r\nconnection: close");
    write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

/// Two pages of which the second is not what the first promised, and the models that are there when asked for by id.
fn two_pages(first: Vec<Value>, second: Vec<Value>, single: BTreeMap<String, Value>) -> String {
    catalogue(move |path| match path.split_once('?') {
        Some((_, query)) if query.contains("offset=0") => (200, json!({"models": first, "total": 101})),
        Some(_) => (200, json!({"models": second, "total": 101})),
        None => match single.get(path.trim_start_matches("/v1/models/")) {
            Some(model) => (200, model.clone()),
            None => (404, json!({"error_code": 404_001, "error_message": "ResourceNotFound"})),
        },
    })
}

fn hundred() -> Vec<Value> {
    (0..100).map(|number| entry(&format!("p/family/m{number}"))).collect()
}

fn is_removed(bench: &Bench, id: &str) -> bool {
    bench.read(&format!("{id}/model.toml")).contains("removed = ")
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_of_the_emulator_come_once_and_a_second_sync_changes_nothing() {
    let served = tempfile::tempdir().expect("a folder");
    for (path, text) in synthetic::files(&synthetic::models(120, 1)) {
        let file = served.path().join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        fs::write(file, text).expect("written");
    }
    let second_fails_once = Faults::none().nth(Route::Models, 2, Fault::Status(503, When::Before));
    let emulator = Emulator::builder(served.path()).faults(second_fails_once).start().await.expect("an emulator");
    let bench = Bench::new();
    let first = sync(&bench, emulator.base_url(), Some(emulator.token()));
    assert!(first.status.success() && err(&first).is_empty(), "{first:?}");
    assert!(out(&first).contains("120 models: 120 new, 0 changed"), "{}", out(&first));
    let before = bench.snapshot();
    let again = sync(&bench, emulator.base_url(), Some(emulator.token()));
    assert!(out(&again).starts_with("120 models: 0 new, 0 changed, 120 unchanged"), "{again:?}");
    assert_eq!(bench.snapshot(), before);
}

#[test]
fn without_a_token_it_says_how_to_give_one() {
    let bench = Bench::new();
    let refused = sync(&bench, "http://127.0.0.1:9/v1", None);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("RUNCOMFY_TOKEN") && out(&refused).is_empty(), "{refused:?}");
    assert!(bench.snapshot().is_empty());
}

#[test]
fn a_page_that_fails_for_good_changes_nothing() {
    let bench = Bench::synced();
    let before = bench.snapshot();
    let base_url = catalogue(|path| match path.contains("offset=0") {
        true => (200, json!({"models": hundred(), "total": 101})),
        false => (403, json!({"error_code": 403_001, "error_message": "PermissionDeniedError"})),
    });
    let refused = sync(&bench, &base_url, Some("token"));
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("the catalogue can't be read") && err(&refused).contains("403001"), "{refused:?}");
    assert_eq!(bench.snapshot(), before);
}

#[test]
fn a_model_that_a_new_one_pushed_to_the_next_page_is_taken_once() {
    let bench = Bench::new();
    let pushed = hundred().pop().expect("a model");
    let base_url = two_pages(hundred(), vec![pushed], BTreeMap::new());
    let answer = sync(&bench, &base_url, Some("token"));
    assert!(answer.status.success() && out(&answer).contains("100 models: 100 new"), "{answer:?}");
}

#[test]
fn a_model_that_slipped_between_two_pages_is_asked_for_and_not_buried() {
    let bench = Bench::synced();
    let slipped = bench.models[0].clone();
    let base_url = two_pages(hundred(), vec![entry("p/last")], [("a/one".to_owned(), slipped)].into());
    let answer = sync(&bench, &base_url, Some("token"));
    assert!(answer.status.success() && out(&answer).contains("2 removed"), "{answer:?}");
    let removed = ["a/one", "a/two/x", "b/three/y"].map(|id| is_removed(&bench, id));
    assert_eq!(removed, [false, true, true], "the others are gone: the catalogue says so of each");
}

#[test]
fn a_model_of_which_nothing_can_be_learned_is_not_buried() {
    let bench = Bench::synced();
    let base_url = catalogue(|path| match path.contains('?') {
        true => (200, json!({"models": [entry("a/one"), entry("a/two/x")], "total": 2})),
        false => (403, json!({"error_code": 403_001, "error_message": "PermissionDeniedError"})),
    });
    let answer = sync(&bench, &base_url, Some("token"));
    assert!(answer.status.code() == Some(1) && err(&answer).contains("b/three/y"), "{answer:?}");
    assert!(out(&answer).contains("1 left as they were; 0 removed") && !is_removed(&bench, "b/three/y"), "{answer:?}");
}

#[test]
fn a_server_that_knows_no_pages_is_not_asked_for_ever() {
    let bench = Bench::new();
    let base_url = catalogue(|_| (200, json!({"models": [entry("a/one")]})));
    let answer = sync(&bench, &base_url, Some("token"));
    assert!(answer.status.success() && out(&answer).contains("1 model: 1 new"), "{answer:?}");
}

#[test]
fn an_entry_without_an_id_does_not_shift_the_pages() {
    let bench = Bench::new();
    let mut pages = vec![json!({"display_name": "no id"})];
    pages.extend(hundred());
    let base_url = catalogue(move |path| {
        let offset = path.rsplit_once("offset=").and_then(|(_, offset)| offset.parse().ok()).unwrap_or(0);
        let page: Vec<_> = pages.iter().skip(offset).take(100).collect();
        assert!(page.iter().all(|entry| entry.is_object()) && offset % 100 == 0, "{path}");
        (200, json!({"models": page, "total": pages.len()}))
    });
    let answer = sync(&bench, &base_url, Some("token"));
    assert!(out(&answer).contains("100 models: 100 new") && answer.status.code() == Some(1), "{answer:?}");
    assert_eq!(err(&answer).matches("model_id").count(), 1, "told once: {answer:?}");
}
