//! What lax writers emit, one trap each, and the laws: nothing panics, what is not broken is JSON, no id is lost or made up.

use super::*;
use crate::Json;
use proptest::prelude::*;
use serde_json::json;

fn value(bytes: &[u8]) -> Json {
    parse(bytes).unwrap_or_else(|broken| panic!("{broken:?}: {}", String::from_utf8_lossy(bytes)))
}

#[test]
fn what_lax_writers_emit_costs_the_odd_value() {
    for (bytes, expected) in [
        (&br#"{"a":NaN,"b":1}"#[..], json!({"a": null, "b": 1})),
        (
            br#"[Infinity,-Infinity,nan,inf,-inf,1.#QNAN,-nan(ind),undefined]"#,
            json!([null, null, null, null, null, null, null, null]),
        ),
        (br#"{"a":1e999,"b":-1E+400,"c":1e5}"#, json!({"a": null, "b": null, "c": 1e5})),
        (
            br#"{"a":"\ud83d","b":"\ud83d\ude00","c":"x\ude00y\ud83d\ud83d"}"#,
            json!({"a": "\u{fffd}", "b": "\u{1f600}", "c": "x\u{fffd}y\u{fffd}\u{fffd}"}),
        ),
        (b"\xef\xbb\xbf {\"a\":1}\r\n", json!({"a": 1})),
        (b"{\"a\":\"caf\xe9 \xc3\xa9\"}", json!({"a": "caf\u{fffd} \u{e9}"})),
        (b"{\"a\":\"line\nbreak\ttab\"}", json!({"a": "line\nbreak\ttab"})),
        (br#"{"a":"C:\x \u12"}"#, json!({"a": "C:\u{fffd}x \u{fffd}u12"})),
        (br#"{"a":True,"b":None,"c":[1,2,],}"#, json!({"a": true, "b": null, "c": [1, 2]})),
    ] {
        assert_eq!(value(bytes), expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_is_nested_too_deeply_is_null_and_the_rest_is_kept() {
    for levels in [99, 100, 101, 200, 200_000] {
        let deep = format!("{{\"a\":{}1{},\"b\":2}}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(value(deep.as_bytes())["b"], json!(2), "{levels}");
    }
}

#[test]
fn what_is_no_json_or_cut_off_stays_broken() {
    for bytes in
        ["", "<html>", "{\"a\":<html>}", "{\"a\":", "{\"a\"", "[1 2]", "{} {}", "{}{", "Bad Gateway", "{\"a\":}"]
    {
        assert!(read(bytes.as_bytes()).broken.is_some(), "{bytes}");
    }
}

#[test]
fn ids_are_found_where_the_answer_speaks_and_whole_only() {
    for (bytes, ids) in [
        (r#"{"request_id":"r-1""#, &["r-1"][..]),
        (r#"{"request_id":"r-1","eta"#, &["r-1"]),
        (r#"{"request_id":"r-1"#, &[]),
        (r#"{"request_id":12"#, &[]),
        (r#"{"request_id":12,"#, &["12"]),
        (r#"{"request_id":123456789012345678901234567890,"a":"#, &["123456789012345678901234567890"]),
        (r#"{"input":{"request_id":"evil"},"a":["#, &[]),
        (r#"{"prompt":"\"request_id\":\"evil\",","request_id":"r-1","a""#, &["r-1"]),
        (r#"{"request_id":"a","request_id":"b","request_id":"a""#, &["a", "b"]),
        (r#"{"a":1},"request_id":"r-1"}"#, &["r-1"]),
        ("{\"request_id\":\"r-1\"}\n{\"request_id\":\"r-2\"}", &["r-1", "r-2"]),
        (r#"{"request_id":"r-1"}{"input":{"request_id":"evil"}}"#, &["r-1"]),
        (r#"{"request_id":"r-1"} and {"request_id":"evil"}"#, &["r-1"]),
        (r#"[{"request_id":"r-1"},[{"request_id":"evil"}],{"request_id":"r-2""#, &["r-1", "r-2"]),
        (r#"{"data":{"request_id":"r-1","input":{"request_id":"evil"}},"a""#, &["r-1"]),
        (r#"{"data":[{"RequestId":"r-1"}],"inputs":[{"request_id":"evil"}]}"#, &["r-1"]),
        (r#"{"request_id":" r-1\n","request-id":"r-1"}"#, &["r-1"]),
        (
            r#"{"status_url":"https://x.example/v1/requests/r-1/status","image_url":"https://h/requests/evil"}"#,
            &["r-1"],
        ),
        (r#"{"result_url":"https://x.example/v1/requests/r-"#, &[]),
        ("<html>{\"request_id\":\"evil\"}", &[]),
    ] {
        assert_eq!(read(bytes.as_bytes()).ids, ids, "{bytes}");
    }
}

const PREFIX: &str =
    r#"{"status":"in_queue","input":{"prompt":"\"request_id\":\"no\"","request_id":"no","seed":12},"eta":1.5,"#;
const ID_PART: &str = r#""request_id":"r-1""#;
const SUFFIX: &str = r#","queue":[1,{"request_id":"no","n":null}],"result_url":"https://example.com/a"}"#;

proptest! {
    #[test]
    fn nothing_panics_and_what_is_not_broken_is_json(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let reading = read(&bytes);
        prop_assert!(reading.broken.is_some() || serde_json::from_slice::<Json>(&reading.text).is_ok());
    }

    #[test]
    fn json_like_noise_reads_as_json_or_is_broken(text in r#"[\[\]{}:,"\\ua-fd80-9N.\-+ é]{0,60}"#) {
        let reading = read(text.as_bytes());
        prop_assert!(reading.broken.is_some() || serde_json::from_slice::<Json>(&reading.text).is_ok(), "{text}");
    }

    #[test]
    fn a_cut_or_corrupt_answer_loses_no_whole_id_and_makes_none_up(cut in 0_usize..400, at in 0_usize..400, byte in any::<u8>()) {
        let whole = format!("{PREFIX}{ID_PART}{SUFFIX}").into_bytes();
        let end = PREFIX.len() + ID_PART.len();
        let cut = cut.min(whole.len());
        let ids = read(&whole[..cut]).ids;
        prop_assert_eq!(&ids[..], if cut >= end { &["r-1".to_owned()][..] } else { &[] });

        let mut corrupt = whole.clone();
        let at = at % whole.len();
        corrupt[at] = byte;
        let ids = read(&corrupt).ids;
        // A corrupt id is another one, and nobody can tell.
        prop_assume!(!(PREFIX.len()..end).contains(&at));
        let is_lost = at > end && ids != ["r-1"];
        prop_assert!(!is_lost && (ids.len() != 1 || ids == ["r-1"]), "{:?}: {}", ids, String::from_utf8_lossy(&corrupt));
    }
}
