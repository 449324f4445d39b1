//! What arrives is what was promised, or an error that names both.

use std::fs;

use runcomfy_client::{DownloadError, DownloadErrorKind, Json};
use serde_json::json;

use super::parts::part;
use super::server::{Answer, Request, Server, answer};
use super::{body, build, folder, local, names};

/// What becomes of `path` in an empty folder, what is in the folder then, and how often the server was asked.
pub(super) async fn fetched(
    path: &str,
    answers: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
) -> (Result<Vec<u8>, DownloadError>, Vec<String>, usize) {
    let server = Server::start(answers).await;
    let folder = folder();
    let saved = build(local().max_retries(2)).download_all(&Json::from(server.url(path)), folder.path()).await;
    let bytes = saved.map(|files| {
        assert_eq!(files.len(), 1);
        fs::read(&files[0].path).expect("a file")
    });
    (bytes, names(folder.path()), server.seen().len())
}

/// It must fail, name what was promised and what came, and leave nothing that looks like a file.
pub(super) async fn refused(
    what: &str,
    path: &str,
    [promised, came]: [&str; 2],
    answers: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
) {
    let (result, left, asked) = fetched(path, answers).await;
    let error = result.map(|bytes| bytes.len()).expect_err(what);
    assert!(matches!(error.kind(), DownloadErrorKind::Unexpected { .. }), "{what}: {error:?}");
    let text = error.to_string();
    assert!(text.contains(promised) && text.contains(came), "{what}: {text}");
    assert!(left.iter().all(|name| name.contains(".part")), "{what}: {left:?}");
    assert!(asked <= 4, "{what}: asked {asked} times");
}

#[tokio::test]
async fn an_encoded_file_is_not_saved_as_the_file() {
    for coding in ["gzip", "br", "identity, deflate"] {
        let name = coding.rsplit(' ').next().unwrap_or_default();
        refused(coding, "/f.mp4", ["sends the file encoded as", name], move |_, _| {
            answer("200 OK", &[("Content-Encoding", coding)], b"\x1f\x8b\x08")
        })
        .await;
    }
    for coding in ["identity", "", "aws-chunked", "binary", "None", "identity,UTF-8"] {
        let film = move |_: usize, _: &Request| answer("200 OK", &[("Content-Encoding", coding)], b"\0film");
        let (file, ..) = fetched("/f.mp4", film).await;
        assert_eq!(file.expect("that is no encoding"), b"\0film", "{coding}");
    }
}

#[tokio::test]
async fn a_page_or_a_message_is_not_saved_as_media() {
    let mut all = tokio::task::JoinSet::new();
    for (path, kind) in [
        ("/f.mp4", "text/html"),
        ("/f.mp4", "text/html; charset=utf-8"),
        ("/f.png", "application/json"),
        ("/f.wav", "application/problem+json"),
        ("/f.mp4", "application/xml"),
        ("/f", "text/html"),
        ("/f.mp4", "image/png"),
        ("/f.png", "video/mp4"),
        ("/f.mp4", "multipart/byteranges; boundary=x"),
        ("/f.mp4", "text/csv"),
    ] {
        all.spawn(async move {
            let essence = kind.split(';').next().unwrap_or_default();
            refused(kind, path, ["instead of", essence], move |_, _| {
                answer("200 OK", &[("Content-Type", kind)], b"\x002345678901234567890")
            })
            .await;
        });
    }
    all.join_all().await;
    for (path, kind) in [
        ("/f.mp4", "video/mp4"),
        ("/f.mp4", "application/octet-stream"),
        ("/f.m4a", "video/mp4"),
        ("/f.html", "text/html"),
        ("/f.jpg", "image/webp"),
    ] {
        let (file, ..) = fetched(path, move |_, _| answer("200 OK", &[("Content-Type", kind)], b"\0film")).await;
        assert_eq!(file.expect(kind), b"\0film");
    }
}

#[tokio::test]
async fn a_page_without_a_type_is_known_by_its_beginning() {
    let utf16: Vec<u8> = "\u{feff}Zugriff verweigert".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cut = format!("{}é", "x".repeat(511));
    let pages = [
        "\u{feff} \n<!DOCTYPE html><title>busy</title>",
        "<?xml version='1.0'?><Error/>",
        "{\"error\": \"expired\"}",
        "[\"expired\"]",
        "AccessDenied",
        "error\r\n\tcode: 7",
        "Größe",
        &cut,
    ];
    let mut all = tokio::task::JoinSet::new();
    for page in pages.into_iter().map(|page| page.as_bytes().to_vec()).chain([utf16]) {
        for headers in [&[][..], &[("Content-Type", "text/plain")], &[("Content-Type", "video/mp4")]] {
            let page = page.clone();
            all.spawn(async move {
                let what = String::from_utf8_lossy(&page).into_owned();
                refused(&what, "/f.mp4", ["a film", "a text that begins with"], move |_, _| {
                    answer("200 OK", headers, &page)
                })
                .await;
            });
        }
    }
    all.join_all().await;
    let film = b"\0\0\0\x0cftypisom";
    let (file, ..) = fetched("/f.mp4", |_, _| answer("200 OK", &[("Content-Type", "text/plain")], film)).await;
    assert_eq!(file.expect("bytes decide where a type says nothing"), film);
    let (file, ..) = fetched("/f.svg", |_, _| answer("200 OK", &[], b"<svg/>")).await;
    assert_eq!(file.expect("an image that is a text"), b"<svg/>");
}

/// Where neither the URL nor the name says what a file is, its key in the output or its type does.
#[tokio::test]
async fn a_text_is_not_saved_as_what_its_key_or_its_type_promises() {
    let page =
        |kind: &'static str| Server::start(move |_, _| answer("200 OK", &[("Content-Type", kind)], b"try again later"));
    for (key, kind) in [("video", "application/octet-stream"), ("images", "text/plain"), ("url", "audio/wav")] {
        let (server, folder) = (page(kind).await, folder());
        let output = json!({key: server.url("/view?id=7")});
        let error = build(local()).download_all(&output, folder.path()).await.expect_err("a text");
        assert!(error.to_string().contains("a text that begins with `try again later`"), "{error}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
    let (server, folder) = (page("text/plain").await, folder());
    let output = json!({"url": server.url("/prompt.txt")});
    assert_eq!(build(local()).download_all(&output, folder.path()).await.expect("a text").len(), 1);
}

/// Every extension is one that is known, or says nothing: then the key does.
#[tokio::test]
async fn no_message_is_a_film_whatever_its_url_ends_with() {
    type Expired = (&'static [(&'static str, &'static str)], &'static [u8]);
    let answers: [Expired; 3] = [
        (&[("Content-Type", "application/json")], b"{\"error\": \"expired\"}"),
        (&[("Content-Type", "video/mp4")], b"{\"error\": \"expired\"}"),
        (&[], b"expired"),
    ];
    let films = ["mpeg", "mpg", "wmv", "ogv", "3gp", "aiff", "flv", "caf", "mid", "v2", "0-beta"];
    let images = ["jxl", "heif", "ico", "psd", "v2", "0-beta"];
    for (headers, body) in answers {
        let server = Server::start(move |_, _| answer("200 OK", headers, body)).await;
        for (key, extension) in
            films.map(|film| ("video", film)).into_iter().chain(images.map(|image| ("image", image)))
        {
            let folder = folder();
            let output = json!({key: server.url(&format!("/m.{extension}"))});
            let error = build(local()).download_all(&output, folder.path()).await.expect_err(extension);
            assert!(matches!(error.kind(), DownloadErrorKind::Unexpected { .. }), "{extension}: {error}");
            assert_eq!(names(folder.path()), [""; 0], "{extension}");
        }
    }
    let server = Server::start(|_, _| answer("200 OK", &[], b"expired")).await;
    let folder = folder();
    let error = build(local()).download(&server.url("/m.v2"), folder.path().join("film.mp4")).await;
    assert!(error.expect_err("a text").to_string().contains("a film or a sound"), "the name that it gets is known");
}

/// Meshes, archives and tables are paid for as films are.
#[tokio::test]
async fn no_message_is_a_mesh_or_an_archive() {
    type Page = (&'static [(&'static str, &'static str)], &'static [u8]);
    let pages: [Page; 6] = [
        (&[("Content-Type", "text/html")], b"<h1>busy</h1>"),
        (&[("Content-Type", "application/json")], b"{\"error\": \"expired\"}"),
        (&[("Content-Type", "application/xml")], b"\0"),
        (&[("Content-Type", "application/octet-stream")], b"{\"error\": \"expired\"}"),
        (&[("Content-Type", "model/gltf-binary")], b"<Error>AccessDenied</Error>"),
        (&[], b"try again later\n"),
    ];
    let names_of_binaries = ["glb", "zip", "safetensors", "npz", "usdz", "gz"];
    for (headers, body) in pages {
        let server = Server::start(move |_, _| answer("200 OK", headers, body)).await;
        for extension in names_of_binaries {
            let folder = folder();
            let output = json!({"url": server.url(&format!("/m.{extension}"))});
            let result = build(local().max_retries(0)).download_all(&output, folder.path()).await;
            let error = result.expect_err(extension);
            assert!(matches!(error.kind(), DownloadErrorKind::Unexpected { .. }), "{extension}: {error}");
            assert_eq!(names(folder.path()), [""; 0], "{extension}");
        }
    }
    // The length of a header comes first in such files, and may be any byte.
    for (name, kind, body) in [
        ("m.glb", "model/gltf-binary", b"glTF\x02\0\0\0"),
        ("m.glb", "text/plain", b"glTF\x02\0\0\0"),
        ("m.safetensors", "application/octet-stream", b"{\0\0\0\0\0\0\0"),
        ("m.safetensors", "", b" {\0\0\0\0\0\0"),
    ] {
        let (file, ..) =
            fetched(&format!("/{name}"), move |_, _| answer("200 OK", &[("Content-Type", kind)], body)).await;
        assert_eq!(file.expect(name), body);
    }
}

#[tokio::test]
async fn files_that_are_texts_are_saved_where_media_stand() {
    for (key, name, kind, body) in [
        ("image", "f.svg", "image/svg+xml", "<svg/>"),
        ("image", "f", "image/svg+xml", "<?xml version='1.0'?>\n<svg/>"),
        ("video", "f.srt", "application/x-subrip", "1\n00:00:00,000 --> 00:00:01,000\nHi"),
        ("video", "f.vtt", "text/vtt", "WEBVTT"),
        ("video", "f.json", "application/json", "{}"),
        ("video", "f.gltf", "model/gltf+json", "{}"),
        ("audio", "f.txt", "text/plain", "a transcript"),
        ("images", "f.csv", "text/csv", "a,b"),
    ] {
        let server = Server::start(move |_, _| answer("200 OK", &[("Content-Type", kind)], body.as_bytes())).await;
        let data = format!("data:{kind},{}", body.replace('\n', "%0A"));
        let folder = folder();
        let by_url = json!({key: server.url(&format!("/{name}"))});
        let saved = build(local()).download_all(&by_url, folder.path()).await.expect(name);
        assert_eq!(fs::read_to_string(&saved[0].path).expect("a file"), body);
        if kind.starts_with("image") {
            let saved = build(local()).download_all(&json!({key: data}), folder.path()).await.expect(name);
            assert_eq!(saved[0].path.extension().and_then(|end| end.to_str()), Some("svg"));
        }
    }
}

/// A file is held to the same whether an output holds it or a server does.
#[tokio::test]
async fn a_type_that_does_not_fit_its_key_is_refused_by_url_and_in_the_output() {
    for (key, kind, fits) in [
        ("video", "application/json", false),
        ("video", "text/csv", false),
        ("video", "image/png", false),
        ("image", "video/mp4", false),
        ("url", "text/html", false),
        ("url", "application/json", true),
        ("video", "video/mp4", true),
        ("audio", "application/octet-stream", true),
    ] {
        let server = Server::start(move |_, _| answer("200 OK", &[("Content-Type", kind)], b"\0\0\0")).await;
        for text in [server.url("/view?id=7"), format!("data:{kind};base64,AAAA")] {
            let folder = folder();
            let result = build(local()).download_all(&json!({key: text}), folder.path()).await;
            match (fits, result) {
                (true, result) => assert_eq!(result.expect(kind).len(), 1, "{key}: {text}"),
                (false, result) => {
                    let error = result.expect_err(kind);
                    assert!(error.to_string().contains(&format!("sends `{kind}` instead of")), "{key}: {error}");
                    assert_eq!(names(folder.path()), [""; 0]);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_file_in_the_output_without_a_type_is_named_by_its_content() {
    for (uri, name) in [
        ("data:;base64,iVBORw0KGgo=", "output.png"),
        ("data:application/octet-stream;base64,iVBORw0KGgo", "output.png"),
        ("data:;charset=x;base64,AAAAGGZ0eXBxdCAgAAAAAHF0ICA=", "output.mov"),
        ("data:;base64,AAAAGGZ0eXBuZXcx", "output.mp4"),
    ] {
        let folder = folder();
        build(local()).download_all(&json!({"url": uri}), folder.path()).await.expect(uri);
        assert_eq!(names(folder.path()), [name]);
    }
}

/// Some servers call the whole file a range, though none was asked for.
#[tokio::test]
async fn a_range_that_is_the_whole_file_is_the_whole_file() {
    for headers in [&[][..], &[("ETag", "\"v1\"")]] {
        let (file, ..) = fetched("/f.mp4", move |_, request| {
            assert_eq!(request.header("range"), None);
            part("bytes 0-999/1000", &body(1000), headers)
        })
        .await;
        assert_eq!(file.expect("a file"), body(1000));
    }
    for range in ["BYTES 0-999/1000", "bytes=0-999/1000", " bytes 0 - 999 / 1000"] {
        let (file, ..) = fetched("/f.mp4", move |_, _| part(range, &body(1000), &[])).await;
        assert_eq!(file.expect("a file"), body(1000), "{range}");
    }
    for (range, bytes, came) in [
        ("bytes 0-999/1000", 900, "900 bytes as `bytes 0-999/1000`"),
        ("bytes 0-999/1001", 1000, "`bytes 0-999/1001`"),
        ("bytes 1-999/1000", 999, "`bytes 1-999/1000`"),
        ("bytes 0-999/*", 1000, "`bytes 0-999/*`"),
        ("", 1000, "a part that does not say which"),
    ] {
        let sends = move |_: usize, _: &Request| part(range, &body(bytes), &[]);
        refused(range, "/f.mp4", ["instead of the whole file", came], sends).await;
    }
}

#[tokio::test]
async fn what_an_output_holds_itself_is_saved_and_what_leads_nowhere_is_an_error() {
    let server = Server::start(|_, _| answer("200 OK", &[], b"\0film")).await;
    let output = json!({
        "video": "/files/relative.mp4",
        "audio": server.url("/f.mp4"),
        "images": ["data:image/png;base64,iVBORw0KGgo=", "data:image/jpeg;base64,_9j_"],
    });
    let folder = folder();
    let error = build(local()).download_all(&output, folder.path()).await.expect_err("a relative URL");
    assert_eq!((error.url(), error.saved().len()), ("/files/relative.mp4", 3));
    assert!(
        error.to_string().starts_with("`output.video`, which is `/files/relative.mp4`: this is no absolute"),
        "{error}"
    );
    assert_eq!(names(folder.path()), ["f.mp4", "output.jpg", "output.png"]);
    assert_eq!(fs::read(folder.path().join("output.png")).expect("a file"), b"\x89PNG\r\n\x1a\n");
    let shown = error.saved().iter().map(|file| file.url.as_str()).find(|url| url.starts_with("data:"));
    assert_eq!(shown, Some("data:image/png;base64"), "a file is not its own address");
    for (uri, problem) in [
        ("data:image/png;base64,!!", "can be read"),
        ("data:image/png", "can be read"),
        ("data:image/png;base64,", "an empty file"),
        ("data:video/mp4,try%20later", "a text that begins with `try later`"),
    ] {
        let error = build(local()).download_all(&Json::from(uri), folder.path()).await.expect_err(uri);
        assert!(error.to_string().contains(problem), "{uri}: {error}");
    }
    let small = build(local().max_bytes(7)).download_all(&Json::from("data:,12345678"), folder.path()).await;
    assert!(matches!(small.expect_err("too large").kind(), DownloadErrorKind::TooLarge { limit: 7 }));
    assert_eq!(names(folder.path()).len(), 3, "nothing is left of what failed");
}

/// However a file that was paid for is written, it is saved, or an error says where it stands.
#[tokio::test]
async fn no_output_with_a_file_gives_nothing_in_silence() {
    let server = Server::start(|_, request| match request.path() {
        "/my%20film.mp4" | "/a.mp4" => answer("200 OK", &[], b"\0film"),
        _ => answer("404 Not Found", &[], b""),
    })
    .await;
    let png = format!("iVBORw0KGgo{}=", "A".repeat(60));
    for (text, name) in [
        (format!(" {} ", server.url("/a.mp4")), "a.mp4"),
        (format!("\n{}", server.url("/my film.mp4")), "my film.mp4"),
        (format!(" data:video/mp4;base64,{png}\n"), "output.mp4"),
        (format!("AAAAGGZ0eXBpc29t{}", "A".repeat(48)), "output.mp4"),
    ] {
        for output in
            [json!(text), json!([text]), json!({"video": text}), json!({"audio": text}), json!({"file": text})]
        {
            let folder = folder();
            let saved = build(local()).download_all(&output, folder.path()).await.expect(name);
            assert_eq!((saved.len(), names(folder.path())), (1, vec![name.to_owned()]), "{output}");
        }
    }
    let folder = folder();
    let outputs = [json!({"images": [{"b64_json": png}]}), json!({"image": png}), json!({"data": [{"b64_json": png}]})];
    for output in &outputs {
        build(local()).download_all(output, folder.path()).await.expect("an image");
    }
    assert_eq!(names(folder.path()), ["output-1.png", "output-2.png", "output.png"]);
    for text in ["my film.mp4", "outputs/a", "a cat", "iVBORw0KG", "@@"] {
        for key in ["video", "audio", "image", "url", "b64_json"] {
            let error = build(local()).download_all(&json!({"a": [{key: text}]}), folder.path()).await.expect_err(text);
            let expected = format!("`output.a[0].{key}`, which is `{text}`: this is no absolute URL");
            assert!(error.to_string().starts_with(&expected), "{error}");
            assert_eq!(error.place(), Some(&*format!("output.a[0].{key}")));
        }
    }
}

/// What servers say instead of a file, where the file is a text that never begins so.
#[tokio::test]
async fn no_answer_is_saved_as_subtitles_or_a_mesh() {
    for (path, essence, said) in [
        ("/f.srt", "", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>"),
        ("/f.obj", "text/plain", "<Error><Code>NoSuchKey</Code></Error>"),
        ("/f.ply", "application/octet-stream", "\n<!DOCTYPE html><title>busy</title>"),
        ("/f.pdf", "", "{\n  \"error\": \"expired\"\n}"),
        ("/f.vtt", "text/vtt", "\u{feff}{\"message\":\"Forbidden\"}"),
    ] {
        let sends = move |_: usize, _: &Request| answer("200 OK", &[("Content-Type", essence)], said.as_bytes());
        refused(said, path, ["instead of a file (`.", "a text that begins with"], sends).await;
    }
    for (path, text) in [
        ("/f.srt", "1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i>\n"),
        ("/f.ass", "{\\an8}[Script Info]\n"),
        ("/f.obj", "# a mesh\nv 1 2 3\n"),
        ("/f.gltf", "{\"asset\":{\"version\":\"2.0\"}}"),
        ("/f.dae", "<?xml version=\"1.0\"?><COLLADA/>"),
        ("/f.svg", "<svg/>"),
        ("/f.txt", "{\"error\":\"none\"}"),
        ("/f.lrc", "<Verse 1>"),
    ] {
        let (file, ..) = fetched(path, move |_, _| answer("200 OK", &[], text.as_bytes())).await;
        assert_eq!(file.expect(path), text.as_bytes());
    }
}

#[tokio::test]
async fn an_empty_file_is_no_file() {
    refused("by its length", "/f.mp4", ["at least one byte", "an empty file"], |_, _| answer("200 OK", &[], b"")).await;
    refused("by its end", "/f.mp4", ["at least one byte", "an empty file"], |_, _| {
        answer("200 OK", &[("Transfer-Encoding", "chunked")], b"0\r\n\r\n")
    })
    .await;
}
