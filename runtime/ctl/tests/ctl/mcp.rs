//! The MCP server, as a host has it: rmcp's own client over the program's standard streams, on an emulator.

use std::fs;
use std::path::Path;

use runcomfy_emulator::{Emulator, Usd};
use serde_json::json;

use crate::desk::{Desk, MODEL, SCHEMAS, builder};
use crate::host::{Host, input};
use crate::inputs::PNG;

const LIMITS: [&str; 4] = ["--budget-usd", "0.12", "--per-job-usd", "0.05"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_is_found_quoted_run_and_fetched() {
    let desk = Desk::new(builder()).await;
    let host = Host::new(&desk, &LIMITS).await;
    let tools = host.0.list_all_tools().await.expect("a list");
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, ["find_models", "describe_model", "check_input", "quote", "run", "wait", "fetch", "cancel"]);

    let found = host.given("find_models", json!({"words": "wan vace", "gives": "video"})).await;
    assert_eq!(found["models"][0]["id"], MODEL);
    let described = host.given("describe_model", json!({"model": MODEL})).await;
    assert!(described["input_schema"]["properties"]["steps"].is_object(), "{described}");
    assert!(described["note"].as_str().is_some_and(|note| note.contains("not instructions")));
    let wrong = host.call("check_input", json!({"model": MODEL, "input": {"steps": 99, "cfg": "high"}})).await.0;
    let fields: Vec<&str> = wrong["error"]["violations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["field"].as_str())
        .collect();
    assert!(["steps", "prompt", "image"].iter().all(|name| fields.contains(name)), "{wrong}");
    host.given("check_input", json!({"model": MODEL, "input": input(1)})).await;
    // Hosts that can't say what an input is send it as text.
    host.given("check_input", json!({"model": MODEL, "input": input(1).to_string()})).await;
    assert_eq!(desk.emulator().account().submissions().len(), 0, "all of that is free");

    let quote = host.quote(1).await;
    assert_eq!(desk.emulator().account().submissions().len(), 0, "a quote is free");
    for _ in 0..3 {
        host.given("run", json!({"quote": quote})).await;
    }
    let ended = host.given("wait", json!({"job": quote})).await;
    assert_eq!((ended["state"].as_str(), ended["next"].as_str()), (Some("succeeded"), Some("fetch")), "{ended}");
    let fetched = host.whole("fetch", json!({"job": quote})).await;
    let link = fetched.content.iter().find_map(|part| part.as_resource_link()).expect("a link");
    let path = link.uri.strip_prefix("file://").expect("a file");
    assert!(path.starts_with(desk.path("out").canonicalize().expect("a folder").to_str().expect("text")), "{path}");
    assert!(fs::metadata(path).is_ok_and(|film| film.len() > 0));
    assert_eq!(desk.emulator().account().accepted().count(), 1, "one quote is one job");
}

/// What a model writes is of any size and shape: it is answered at once, and with a reason of a bearable size.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_arguments_are_refused_at_once_and_briefly() {
    let desk = Desk::new(builder()).await;
    let host = Host::new(&desk, &LIMITS).await;
    let long = "x".repeat(100_000);
    for odd in [json!(null), json!(7), json!([]), json!({}), json!(""), json!("\u{0}"), json!("../.."), json!(long)] {
        for (tool, arguments) in [
            ("describe_model", json!({"model": odd})),
            ("check_input", json!({"model": odd, "input": input(1)})),
            ("quote", json!({"model": odd, "input": input(1)})),
            ("check_input", json!({"model": MODEL, "input": odd})),
            ("quote", json!({"model": MODEL, "input": odd})),
            ("run", json!({"quote": odd})),
            ("wait", json!({"job": odd})),
            ("fetch", json!({"job": odd})),
            ("cancel", json!({"job": odd})),
        ] {
            let (answer, refused) = host.call(tool, arguments).await;
            assert!(refused, "{tool}: {answer}");
            assert!(!answer.to_string().contains("runcomfyctl "), "{tool} names a command: {answer}");
            assert!(answer.to_string().len() < 4_000, "{tool} says {} bytes", answer.to_string().len());
        }
    }
    // Names that the model invents, many of them or long ones.
    let many: serde_json::Map<_, _> = (0..5_000).map(|number| (format!("field_{number}"), json!(1))).collect();
    for input in [json!(many), json!({long: 1})] {
        for tool in ["check_input", "quote"] {
            let (answer, refused) = host.call(tool, json!({"model": MODEL, "input": input})).await;
            assert!(refused && answer.to_string().len() < 20_000, "{tool} says {} bytes", answer.to_string().len());
        }
    }
    assert_eq!(desk.emulator().account().submissions().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_above_a_limit_is_refused_with_a_reason_and_a_restart_renews_nothing() {
    let desk = Desk::new(builder().speed(4000.0)).await;
    // Without limits of the person's: quotes only.
    let host = Host::new(&desk, &[]).await;
    let quote = host.given("quote", json!({"model": MODEL, "input": input(1)})).await;
    assert!(
        quote["quote"].is_null() && quote["note"].as_str().is_some_and(|note| note.contains("quotes only")),
        "{quote}"
    );
    host.leave().await;

    // Room for two of three.
    let host = Host::new(&desk, &LIMITS).await;
    let quotes = [host.quote(1).await, host.quote(2).await, host.quote(3).await];
    host.given("run", json!({"quote": quotes[0]})).await;
    host.given("run", json!({"quote": quotes[1]})).await;
    let why = host.refused("run", json!({"quote": quotes[2]})).await;
    assert!(why.contains("today's budget"), "{why}");
    for quote in &quotes[..2] {
        assert_eq!(host.given("wait", json!({"job": quote})).await["state"], "succeeded");
    }
    host.leave().await;

    let host = Host::new(&desk, &LIMITS).await;
    let why = host.refused("run", json!({"quote": quotes[2]})).await;
    assert!(why.contains("today's budget"), "{why}");
    for arguments in [json!({"quote": quotes[2], "budget_usd": 9}), json!({"quote": quotes[2], "per_job_usd": 9})] {
        assert!(host.refused("run", arguments).await.contains("unknown field"), "no tool takes a limit");
    }
    assert!(host.refused("run", json!({"quote": "made up"})).await.contains("no quote"));
    assert!(host.refused("wait", json!({"job": quotes[2]})).await.contains("no job"));
    // The person sees those jobs, and those only.
    assert_eq!(desk.run_beside(&["batch", "status", "--json"]).await.json(), json!({}));
    let told = desk.run_beside(&["batch", "status", "--json", "--label", "mcp"]).await.json();
    assert_eq!(told["mcp"]["states"], json!({"succeeded": 2}));
    assert_eq!(desk.emulator().account().accepted().count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_waits_for_the_person_says_so() {
    let desk = Desk::new(builder().balance(Usd::ZERO)).await;
    let host = Host::new(&desk, &LIMITS).await;
    let quote = host.quote(1).await;
    host.given("run", json!({"quote": quote})).await;
    let mut told = json!(null);
    for _ in 0..60 {
        told = host.given("wait", json!({"job": quote, "seconds": 1})).await;
        if told["waits_for_the_person"].is_string() {
            break;
        }
    }
    let why = told["waits_for_the_person"].as_str().unwrap_or_else(|| panic!("{told}"));
    assert!(why.contains("400002") && why.contains("batch retry mcp --label mcp"), "{told}");
    assert!(told["next"].as_str().is_some_and(|next| next.contains("tell them why")), "{told}");
    let said = host.given("cancel", json!({"job": quote})).await;
    assert!(said["said"].as_str().is_some_and(|said| said.contains("unless a person releases it")), "{said}");
    let told = host.given("wait", json!({"job": quote, "seconds": 0})).await;
    assert!(
        told["waits_for_the_person"].as_str().is_some_and(|why| why.contains("batch resolve --label mcp")),
        "{told}"
    );
    assert_eq!(desk.emulator().account().accepted().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quote_that_is_over_or_of_another_price_is_refused() {
    let desk = Desk::new(builder()).await;
    let host = Host::new(&desk, &[&LIMITS[..], &["--quote-seconds", "0"]].concat()).await;
    let quote = host.quote(1).await;
    assert!(host.refused("run", json!({"quote": quote})).await.contains("does not hold any more"));
    host.leave().await;

    let host = Host::new(&desk, &LIMITS).await;
    let quote = host.quote(2).await;
    host.leave().await;
    let desk = republished(desk, |model| {
        let manifest = model.join("model.toml");
        let text = fs::read_to_string(&manifest).expect("a manifest");
        fs::write(&manifest, format!("{text}\n[price]\nbase_usd = 0.04\nunit = \"second\"\n")).expect("written");
    });
    let desk = desk.await;
    let host = Host::new(&desk, &LIMITS).await;
    let why = host.refused("run", json!({"quote": quote})).await;
    assert!(why.contains("the published price was unknown and is $0.04 per second now"), "{why}");
    assert_eq!(desk.emulator().account().submissions().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_has_drifted_is_neither_quoted_nor_run() {
    let desk = Desk::new(builder()).await;
    let host = Host::new(&desk, &LIMITS).await;
    let quote = host.quote(1).await;
    host.leave().await;
    let desk = republished(desk, |model| {
        let schema = model.join("input.json");
        let text = fs::read_to_string(&schema).expect("a schema");
        fs::write(&schema, text.replace("47_value", "1047_value")).expect("written");
    });
    let desk = desk.await;
    let host = Host::new(&desk, &LIMITS).await;
    for (tool, arguments) in [("run", json!({"quote": quote})), ("quote", json!({"model": MODEL, "input": input(1)}))] {
        let why = host.refused(tool, arguments).await;
        assert!(why.contains("has changed since this program knew it") && why.contains("47_value"), "{why}");
    }
    assert_eq!(desk.emulator().account().submissions().len(), 0);
}

/// The same desk, whose emulator publishes the model otherwise.
async fn republished(desk: Desk, change: impl FnOnce(&Path)) -> Desk {
    let schemas = desk.path("schemas");
    copy(Path::new(SCHEMAS), &schemas);
    change(&schemas.join(MODEL));
    let Desk { folder, emulator } = desk;
    let emulator = emulator.expect("this desk has one");
    let builder = Emulator::builder(schemas).port(port(emulator.url()));
    emulator.stop().await;
    Desk { folder, emulator: Some(builder.start().await.expect("an emulator")) }
}

fn port(url: &str) -> u16 {
    url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("copied")),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_outside_the_folder_goes_in_and_none_comes_out_elsewhere() {
    let desk = Desk::new(builder()).await;
    fs::create_dir(desk.path("open")).expect("a folder");
    fs::write(desk.path("open/photo.png"), PNG).expect("a file");
    fs::write(desk.path("open/key.png"), "-----BEGIN PRIVATE KEY-----").expect("a file");
    fs::write(desk.path("secret.png"), PNG).expect("a file");
    std::os::unix::fs::symlink(desk.path("secret.png"), desk.path("open/link.png")).expect("a link");
    let args = [&LIMITS[..], &["--files", "open"]].concat();
    let host = Host::new(&desk, &args).await;
    let filled = |image: &str| json!({"model": MODEL, "input": {"prompt": "a lone figure", "image": image}});
    host.given("check_input", filled("file:photo.png")).await;
    // What is meant for a file is no sample.
    for tool in ["check_input", "quote"] {
        let why = host.refused(tool, filled("photo.png")).await;
        assert!(why.contains("neither an https URL nor file:NAME"), "{why}");
    }
    host.given("check_input", filled("sample:photo.png")).await;
    let secret = desk.path("secret.png").display().to_string();
    for image in ["file:../secret.png", "file:link.png", &format!("file:{secret}"), &format!("FILE:{secret}"), "file:"]
    {
        for tool in ["check_input", "quote"] {
            let why = host.refused(tool, filled(image)).await;
            assert!(why.contains("the person's folder has no file"), "{image}: {why}");
        }
    }
    let why = host.refused("quote", filled("file:key.png")).await;
    assert!(!why.contains("BEGIN"), "{why}");
    host.leave().await;
    let host = Host::new(&desk, &LIMITS).await;
    assert!(host.refused("quote", filled("file:photo.png")).await.contains("--files"));
    host.leave().await;

    fs::create_dir(desk.path("elsewhere")).expect("a folder");
    fs::create_dir(desk.path("leads")).expect("a folder");
    std::os::unix::fs::symlink(desk.path("elsewhere"), desk.path("leads/mcp")).expect("a link");
    let ran = desk.run_beside(&["mcp", "--out", "leads"]).await;
    assert_eq!(ran.code, Some(64), "{ran:?}");
    assert!(ran.err.contains("leads out of the folder"), "{ran:?}");
}
