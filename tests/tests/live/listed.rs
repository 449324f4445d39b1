//! Lists as a broken or hostile server has them: a model twice, pages that are missing, lists without end, ids that are paths.

use std::sync::Arc;

use runcomfy::Client;
use runcomfy_live::{Catalogue, Error};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a server lists from an offset on.
type Pages = Arc<dyn Fn(usize) -> Value + Send + Sync>;

/// A client of a server that lists this.
async fn serving(pages: impl Fn(usize) -> Value + Send + Sync + 'static) -> Client {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let pages: Pages = Arc::new(pages);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&pages)));
        }
    });
    Client::builder().base_url(&base).token("nobody").build().expect("a client")
}

async fn serve(stream: TcpStream, pages: Pages) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let offset = head
            .split("offset=")
            .nth(1)
            .map_or("0", |rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or("0"));
        let body = pages(offset.parse().unwrap_or_default()).to_string();
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).await?;
    }
}

fn model(id: &str, field: &str) -> Value {
    let schema = json!({"type": "object", "properties": {field: {"type": "string"}}});
    json!({"model_id": id, "display_name": "A film", "input_schema": schema})
}

#[tokio::test]
async fn a_model_that_is_listed_twice_is_told() {
    let client = serving(|_| json!({"models": [model("maker/film/base", "a"), model("maker/other/base", "a"), model("maker/film/base", "b")]})).await;
    let catalogue = Catalogue::builder().build().expect("a catalogue");
    let found = catalogue.refresh(&client).await.expect("a list");
    assert_eq!(found.models, 2);
    assert_eq!(catalogue.models().entries.len(), 2);
    let found = catalogue.model("maker/film/base").expect("one of them");
    assert!(found.schema.field("b").is_some());
    let problems = catalogue.problems();
    assert!(problems.iter().any(|line| line.contains("maker/film/base") && line.contains("twice")), "{problems:?}");
    assert!(problems.iter().all(|line| !line.contains("maker/other/base")), "{problems:?}");
    // The same on two pages is what happens when a list grows while it is read.
    let client = serving(|offset| json!({"total": 2, "models": if offset < 2 { json!([model("maker/film/base", "a")]) } else { json!([]) }})).await;
    let catalogue = Catalogue::builder().build().expect("a catalogue");
    catalogue.refresh(&client).await.expect("a list");
    assert_eq!(catalogue.problems(), Vec::<String>::new());
}

#[tokio::test]
async fn a_list_that_is_cut_off_is_told() {
    let client = serving(|offset| {
        let models: Vec<Value> =
            (offset..(offset + 3).min(6)).map(|place| model(&format!("maker/film-{place}/base"), "a")).collect();
        json!({"total": 10, "models": models})
    })
    .await;
    let catalogue = Catalogue::builder().build().expect("a catalogue");
    assert_eq!(catalogue.refresh(&client).await.expect("a list").models, 6);
    let problems = catalogue.problems();
    assert!(problems.iter().any(|line| line.contains("6") && line.contains("10")), "{problems:?}");
    // Without end.
    let client = serving(|offset| json!({"models": [model(&format!("maker/film-{offset}/base"), "a")]})).await;
    let found = catalogue.refresh(&client).await.expect("a list");
    assert!(found.models >= 100, "{found:?}");
    let problems = catalogue.problems();
    assert!(problems.iter().any(|line| line.contains("pages")), "{problems:?}");
}

#[tokio::test]
async fn ids_that_are_paths_lead_nowhere() {
    let outside = tempfile::tempdir().expect("a folder");
    let cache = outside.path().join("inner/cache");
    let odd = [
        "../../../etc/x",
        "/etc/passwd",
        "..",
        ".",
        "",
        "a\\..\\b",
        "a/../b/c",
        "A/B/C",
        "a b/c/d",
        "a%2f..%2fb/c/d",
        "ä/ö/ü",
        "\u{0}/a/b",
        "con/nul/aux",
    ];
    let long = format!("{}/b/c", "x".repeat(10_000));
    let ids: Vec<String> = odd.iter().map(|id| (*id).to_owned()).chain([long, "maker/film/base".to_owned()]).collect();
    let listed: Vec<Value> = ids.iter().map(|id| model(id, "a")).collect();
    let client = serving(move |_| json!({ "models": listed })).await;
    let catalogue = Catalogue::builder().cache(&cache).build().expect("a catalogue");
    catalogue.refresh(&client).await.expect("a list");
    let mut refused = 0;
    for id in &ids {
        match catalogue.model(id) {
            Ok(model) => assert!(client.submit_checked(&model, &json!({"b": 7, "a": 7})).await.is_err()),
            Err(Error::Unusable { .. }) => refused += 1,
            Err(error) => panic!("{id:?}: {error}"),
        }
    }
    assert!(refused >= 8 && catalogue.model("maker/film/base").is_ok(), "{refused}");
    assert_eq!(catalogue.find("film").entries.len(), ids.len());
    let below = |path: &std::path::Path| -> Vec<_> {
        path.read_dir()
            .expect("a folder")
            .flatten()
            .map(|file| file.file_name().into_string().expect("a name"))
            .collect()
    };
    assert_eq!(
        (below(outside.path()), below(&outside.path().join("inner"))),
        (vec!["inner".to_owned()], vec!["cache".to_owned()])
    );
    let mut kept = below(&cache);
    kept.sort();
    assert_eq!(kept, ["index.json", "locks", "schemas"]);
    assert!(below(&cache.join("locks")).iter().all(|name| name.ends_with(".lock") && name.len() < 150));
}
