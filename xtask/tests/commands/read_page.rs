//! What is read off a saved page, and what a page is refused for. The pages are shaped like real ones and tiny.

use proptest::prelude::*;
use runcomfy_codegen::ErrorKind;
use runcomfy_codegen::fs::decode;
use runcomfy_codegen::import::{Page, read_page};

const GERMAN: &str = include_str!("pages/german.txt");
const HIGHLIGHTED: &str = include_str!("pages/highlighted.html");

const INPUT: &str = r#"{
  "type": "object",
  "required": [
    "56_text"
  ],
  "properties": {
    "56_text": {
      "type": "string"
    },
    "118_image": {
      "type": "string"
    },
    "108_cfg": {
      "type": "float",
      "default": 3.50
    }
  }
}
"#;

const OUTPUT: &str = "{\n  \"output\": {\n    \"type\": \"object\",\n    \"properties\": {}\n  }\n}\n";

/// The German page with one thing changed.
fn with(from: &str, to: &str) -> String {
    assert!(GERMAN.contains(from), "{from}");
    GERMAN.replace(from, to)
}

fn read(text: &str) -> Page {
    read_page("page.txt", text).expect("a page")
}

/// The page is refused with this kind, file, line, words and remedy.
fn refused(text: &str, kind: ErrorKind, line: usize, words: &str, remedy: &str) {
    let error = read_page("page.txt", text).expect_err(words);
    assert_eq!((error.kind, error.file.as_str()), (kind, "page.txt"), "{error}");
    assert_eq!(error.place, format!("line {line}"), "{error}");
    assert!(error.message.contains(words), "{error}");
    assert!(error.help.contains(remedy), "{error}");
}

#[test]
fn a_page_in_another_language_is_read_as_it_was_published() {
    let page = read(GERMAN);
    assert_eq!(page.id.as_str(), "community/wan-2-2/vace-fun");
    assert_eq!(page.display_name.as_deref(), Some("Wan 2.2: Bild zu Video"));
    assert_eq!((page.input.as_str(), page.output.as_str()), (INPUT, OUTPUT));
    let example = page.example.expect("an example");
    assert_eq!(example, "{\n  \"56_text\": \"A lone figure\",\n  \"118_image\": \"sample.png\"\n}\n");
}

#[test]
fn highlighted_html_with_scripts_gives_the_same_page() {
    let page = read_page("page.html", HIGHLIGHTED).expect("a page");
    let example = page.example.clone().expect("an example");
    assert!(example.contains(r#""it's <b> & more""#), "{example}");
    assert_eq!(Page { example: None, ..page }, Page { example: None, ..read(GERMAN) });
}

#[test]
fn what_editors_and_browsers_do_to_a_page_does_not_matter() {
    let plain = read(GERMAN);
    let crlf = GERMAN.replace('\n', "\r\n");
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(crlf.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [crlf.clone().into_bytes(), format!("\u{FEFF}{GERMAN}").into_bytes(), utf16] {
        assert_eq!(read(&decode(bytes).expect("text")), plain);
    }
    assert_eq!(read(&GERMAN.replace("  ", "\u{A0} ")), plain);
    assert_eq!(read(&GERMAN.replace('\n', "\n      ")), plain);
}

#[test]
fn blanks_inside_strings_are_content() {
    let page = read(&with("A lone figure", "A\u{A0}lone  figure"));
    assert!(page.example.expect("an example").contains("A\u{A0}lone  figure"));
}

#[test]
fn code_in_other_languages_is_no_json_of_ours() {
    let python = "headers = {\"Authorization\": f\"Bearer {token}\"}\nrequests.post(url, json={\"prompt\": None}, headers=headers)\n";
    assert_eq!(read(&format!("{python}{GERMAN}")), read(GERMAN));
}

#[test]
fn a_request_to_another_endpoint_is_no_example() {
    let upload = "curl --url https://api.runcomfy.net/prod/v2/files --data '{\"name\": \"x\"}'\n";
    assert_eq!(read(&format!("{GERMAN}{upload}")), read(GERMAN));
}

#[test]
fn without_the_id_on_a_line_of_its_own_there_is_no_title() {
    assert_eq!(read(&with("\ncommunity/wan-2-2/vace-fun\n", "\n")).display_name, None);
}

#[test]
fn a_page_without_a_schema_is_refused_and_told_which_is_missing() {
    let (head, _) = GERMAN.split_once("Eingabeschema").expect("a heading");
    refused(head, ErrorKind::InvalidSchema, 1, "no schema on the page", "save the model's API page");
    let (head, _) = GERMAN.split_once("Ausgabeschema").expect("a heading");
    refused(head, ErrorKind::InvalidSchema, 1, "no output schema", "{\"output\":");
    refused(
        &with("\"properties\": {\n    \"56_text\"", "\"fields\": {\n    \"56_text\""),
        ErrorKind::InvalidSchema,
        1,
        "no input schema",
        "\"properties\"",
    );
}

#[test]
fn json_that_is_cut_off_is_refused_with_both_lines() {
    let (head, _) = GERMAN.split_once("\"108_cfg\"").expect("a field");
    refused(head, ErrorKind::Json, 49, "starts on line 37 ends with the page on line 49", "save the whole page again");
    let (head, _) = GERMAN.split_once("lone").expect("a prompt");
    refused(head, ErrorKind::Json, 14, "starts on line 13 ends with the page", "save the whole page again");
}

#[test]
fn json_that_breaks_off_where_prose_begins_is_refused_with_both_lines() {
    refused(
        &with("      \"default\": 3.50\n    }\n  }\n}\n", ""),
        ErrorKind::Json,
        52,
        "starts on line 37 breaks off on line 52",
        "save the whole page again",
    );
    refused(
        &with("\"sample.png\"\n  }'", "\"sample"),
        ErrorKind::Json,
        15,
        "starts on line 13 breaks off on line 15",
        "save the whole page again",
    );
}

#[test]
fn json_whose_start_is_missing_is_refused() {
    let text = with("{\n  \"type\": \"object\",\n  \"required\"", "\"x\": {\"properties\": {}}, \"required\"");
    refused(&text, ErrorKind::Json, 37, "whose start is missing", "from its first line on");
}

#[test]
fn two_models_on_a_page_are_refused() {
    let text = format!("{GERMAN}curl https://model-api.runcomfy.net/v1/models/other/model\n");
    refused(
        &text,
        ErrorKind::ModelId,
        65,
        "\"community/wan-2-2/vace-fun\" on line 11 and \"other/model\" on line 65",
        "one model alone",
    );
}

#[test]
fn a_page_without_an_id_is_refused_and_placeholders_are_none() {
    let text = with("models/community/wan-2-2/vace-fun", "models/{model_id}");
    refused(&text, ErrorKind::ModelId, 1, "no URL", "first request");
    let more = "GET https://model-api.runcomfy.net/v1/models/categories and …/v1/models/<id> or …/v1/models/community/wan-2-2/vace-fun.\n";
    assert_eq!(read(&format!("{GERMAN}{more}")), read(GERMAN));
}

#[test]
fn an_id_that_would_leave_the_schema_folder_is_refused() {
    for id in ["../../etc/passwd", "a/..\\b", "a/%2e%2e/b", "alone", "a//b", "a/con"] {
        let text = with("models/community/wan-2-2/vace-fun", &format!("models/{id}"));
        refused(&text, ErrorKind::ModelId, 11, "can't be used", "provider/family/variant");
    }
}

#[test]
fn two_schemas_that_differ_are_refused_and_repeats_are_not() {
    let other = INPUT.replace("3.50", "4");
    refused(
        &format!("{GERMAN}{other}"),
        ErrorKind::InvalidSchema,
        65,
        "two input schemas that differ, on line 37 and on line 65",
        "one model alone",
    );
    let other = OUTPUT.replace("object", "array");
    refused(&format!("{GERMAN}{other}"), ErrorKind::InvalidSchema, 65, "two output schemas", "one model alone");
    assert_eq!(read(&format!("{GERMAN}{INPUT}{OUTPUT}")), read(GERMAN));
}

#[test]
fn an_example_with_a_key_the_schema_lacks_is_refused() {
    let text = GERMAN.replacen("\"118_image\": \"sample.png\"", "\"901_image\": \"sample.png\"", 1);
    refused(&text, ErrorKind::InvalidSchema, 13, "\"901_image\"", "schema on line 37");
}

#[test]
fn a_key_twice_in_a_schema_is_refused_with_the_line_of_the_second() {
    refused(
        &with("\"108_cfg\"", "\"56_text\""),
        ErrorKind::Json,
        49,
        "the key \"56_text\" is there twice",
        "delete the one that is wrong",
    );
    let elsewhere = with("\"status\": \"in_queue\"", "\"request_id\": \"2\"");
    assert_eq!(read(&elsewhere), read(GERMAN));
}

#[test]
fn lines_of_a_refused_html_page_are_those_of_the_file() {
    let text = HIGHLIGHTED.replace("<span>&quot;108_cfg&quot;</span>", "<span>&quot;56_text&quot;</span>");
    let line = text.lines().position(|line| line.contains("3.50")).expect("a line") - 1;
    refused(&text, ErrorKind::Json, line, "twice", "delete");
}

proptest! {
    #[test]
    fn no_mutation_of_a_page_makes_the_reader_panic(
        html in any::<bool>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, "[{}\"':,<>&/\\\\a\u{A0}é\n ]{0,6}"), 1..6),
    ) {
        let mut text: Vec<char> = if html { HIGHLIGHTED } else { GERMAN }.chars().collect();
        for (at, length, insert) in edits {
            let from = at.index(text.len() + 1);
            let to = (from + length).min(text.len());
            text.splice(from..to, insert.chars());
        }
        let text: String = text.into_iter().collect();
        if let Err(error) = read_page("page.txt", &text) {
            prop_assert!(error.place.starts_with("line ") && !error.help.is_empty(), "{}", error);
        }
    }
}
