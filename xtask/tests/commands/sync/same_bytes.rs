//! One response, read live and read from a file, leaves the same bytes in the schema folder and says the same.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use runcomfy_emulator::Emulator;

use super::bench::Bench;
use super::live::{catalogue_in_bytes, err, out, sync};

/// What stands in an input schema that is hostile, and whether the model is taken all the same.
const HOSTILE: [(&str, bool); 22] = [
    (r#""7_text":{"type":"string","title":"Prompt","maxLength":9e2}"#, true),
    (r#""8_value":{"type":"number","title":"S","maximum":1e3,"default":1.50,"minimum":-0.0}"#, true),
    (r#""8_value":{"type":"number","title":"S","maximum":1.0,"default":1}"#, true),
    (r#""8_value":{"type":"number","title":"S","maximum":1E+2,"minimum":1e-300}"#, true),
    (r#""8_value":{"type":"integer","title":"S","maximum":18446744073709551615}"#, true),
    (r#""8_value":{"type":"number","title":"S","maximum":184467440737095516150}"#, true),
    (r#""8_value":{"type":"number","title":"S","maximum":0.1000000000000000055511151231257827}"#, true),
    (r#""8_value":{"type":"number","title":"S","maximum":1e400}"#, false),
    (r#""8_value":{"type":"number","title":"S","maximum":-1e400}"#, false),
    (r#""8_value":{"type":"number","title":"S","maximum":NaN}"#, false),
    (r#""8_value":{"type":"number","title":"S","minimum":-Infinity}"#, false),
    (r#""7_text":{"type":"string","title":"\u00dc \ud83d\ude00 \/ \b"}"#, true),
    (r#""7_text":{"type":"string","title":"Ü 😀 \u0000"}"#, true),
    (r#""7_text":{"type":"string","title":"\ud800"}"#, false),
    (r#""\u0037_text":{"type":"string","title":"P"}"#, true),
    (r#""7_text":{"type":"string","title":"P","maxLength":9,"maxLength":900}"#, false),
    (r#""7_text":{"type":"string","title":"P"},"\u0037_text":{"type":"string","title":"Q"}"#, false),
    (r#""7_text":{"type":"string","title":"P","enum":["a","e\u0301","\u00fcx"]}"#, true),
    ("\"7_text\":{\"type\":\"string\",\"title\":\"a\u{FEFF}b\u{2028}c\"}", true),
    ("\r\n\t \"7_text\" :\r\n {\"type\" : \"string\" , \"title\":\"P\"}", true),
    (r#""7_text":{"type":"strnig"}"#, false),
    (r#""7_text":{"type":"string","wibble":1}"#, false),
];

/// The hostile models, as one response.
fn response() -> String {
    let mut entries: Vec<String> = HOSTILE
        .iter()
        .enumerate()
        .map(|(number, (field, _))| {
            format!(
                r#"{{"model_id":"h/m{number}","display_name":"\u00dc","input_schema":{{"type":"object","properties":{{{field}}}}}}}"#
            )
        })
        .collect();
    let deep = format!("{}{{}}{}", "{\"not\":".repeat(200), "}".repeat(200));
    entries.push(format!(r#"{{"model_id":"h/deep","input_schema":{deep}}}"#));
    entries.push(r#"{"model_id":"h/twice","model_id":"h/other","input_schema":{}}"#.to_owned());
    entries.push(r#"{"model_id":"h/priced","base_price_usd":1e400,"input_schema":{"type":"object"}}"#.to_owned());
    entries.push(r#"{"model_id":"h/cheap","base_price_usd":1.10e-1,"input_schema":{"type":"object"}}"#.to_owned());
    format!("{{\"models\": [{}], \"total\": {}, \"news\": 1e400}}", entries.join(",\n"), entries.len())
}

/// Every file of the schema folder by its path there, with its text.
fn files(bench: &Bench) -> BTreeMap<PathBuf, String> {
    let inside = |path: PathBuf| path.strip_prefix(bench.schemas()).expect("inside").to_owned();
    bench.snapshot().into_iter().map(|(path, text)| (inside(path), text)).collect()
}

/// What was said, without what the origin is called.
fn said(text: &str, origin: &str) -> Vec<String> {
    let place = |line: &str| line.replace(origin, "ORIGIN");
    text.lines().map(place).collect()
}

/// Reads the response both ways; gives the folder that both left.
fn both_ways(base_url: &str, response: &[u8], token: &str) -> Bench {
    let (live, saved) = (Bench::new(), Bench::new());
    let file = saved.file("../raw.json");
    fs::write(&file, response).expect("written");
    let file = file.to_str().expect("UTF-8");
    let heard = sync(&live, base_url, Some(token));
    let read = saved.run(&["sync", "--from", file]);
    assert_eq!(files(&live), files(&saved));
    assert_eq!((out(&heard), heard.status.code()), (read.out, Some(i32::from(read.code))));
    let request = "GET …/models?include_schema=true&limit=100&offset=0";
    if !read.err.contains("UTF-8") {
        assert_eq!(said(&err(&heard), request), said(&read.err, file));
    }
    live
}

#[test]
fn of_hostile_content_in_any_encoding() {
    let text = response();
    let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    let marked = format!("\u{FEFF}{text}");
    let readable = [
        text.clone().into_bytes(),
        marked.clone().into_bytes(),
        utf16(&marked, u16::to_le_bytes),
        utf16(&marked, u16::to_be_bytes),
        utf16(&text, u16::to_le_bytes),
        utf16(&text, u16::to_be_bytes),
    ];
    for bytes in readable {
        let served = bytes.clone();
        let bench = both_ways(&catalogue_in_bytes(move |_| (200, served.clone())), &bytes, "token");
        for (number, (field, is_taken)) in HOSTILE.iter().enumerate() {
            let file = bench.file(&format!("h/m{number}/input.json"));
            assert_eq!(file.exists(), *is_taken, "{field}");
            let squeeze = |text: &str| text.split(|c: char| c.is_ascii_whitespace()).collect::<String>();
            let kept = fs::read_to_string(file).unwrap_or_default();
            assert!(!is_taken || squeeze(&kept).contains(&squeeze(field)), "to the letter: {field}: {kept}");
        }
    }
    let mut latin = text.into_bytes();
    latin[60] = 0xFC;
    let served = latin.clone();
    let bench = both_ways(&catalogue_in_bytes(move |_| (200, served.clone())), &latin, "token");
    assert!(files(&bench).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_emulator_s_catalogue() {
    let served = tempfile::tempdir().expect("a folder");
    for (path, text) in synthetic::files(&synthetic::models(60, 7)) {
        let file = served.path().join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        fs::write(file, text).expect("written");
    }
    let emulator = Emulator::builder(served.path()).start().await.expect("an emulator");
    let (address, path) = emulator.base_url().trim_start_matches("http://").split_once('/').expect("a path");
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "GET /{path}/models?include_schema=true&limit=100&offset=0 HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        emulator.token()
    )
    .expect("asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    let body = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head") + 4;
    let bench = both_ways(emulator.base_url(), &answer[body..], emulator.token());
    assert_eq!(files(&bench).keys().filter(|path| path.ends_with("input.json")).count(), 60);
}
