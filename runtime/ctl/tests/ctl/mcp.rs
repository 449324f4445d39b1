//! The MCP server, as a host has it: rmcp's own client over the program's standard streams, on an emulator.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};

use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use rmcp::{RoleClient, ServiceExt as _};
use runcomfy_emulator::{Emulator, Faults, Usd};
use serde_json::{Value, json};
use tokio::net::unix::pipe;

use crate::desk::{Desk, MODEL, SCHEMAS, builder};
use crate::inputs::PNG;

/// A host with a server of its own.
struct Host(RunningService<RoleClient, ()>, Child);

impl Host {
    async fn new(desk: &Desk, args: &[&str]) -> Self {
        let mut program = desk.program(&[&["mcp"][..], args].concat());
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program");
        let (said, heard) = (child.stdout.take().expect("a pipe"), child.stdin.take().expect("a pipe"));
        let said = pipe::Receiver::from_owned_fd(said.into()).expect("a pipe");
        let heard = pipe::Sender::from_owned_fd(heard.into()).expect("a pipe");
        Self(().serve((said, heard)).await.expect("a server"), child)
    }

    /// Ends the server as by a crash.
    fn kill(mut self) {
        self.1.kill().expect("killed");
        self.1.wait().expect("ended");
    }

    /// Goes away as hosts do: closes the server's input, and waits until it has ended.
    async fn leave(self) {
        let Self(service, mut child) = self;
        service.cancel().await.expect("ended");
        let ended = tokio::task::spawn_blocking(move || child.wait());
        assert!(ended.await.expect("it ran").expect("ended").success());
    }

    /// What a tool answers, and whether it refuses.
    async fn call(&self, tool: &'static str, arguments: Value) -> (Value, bool) {
        let result = self.whole(tool, arguments).await;
        (result.structured_content.expect("an answer"), result.is_error.unwrap_or_default())
    }

    async fn whole(&self, tool: &'static str, arguments: Value) -> CallToolResult {
        let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
        let request = CallToolRequestParams::new(tool).with_arguments(arguments);
        self.0.call_tool(request).await.expect("an answer")
    }

    /// What a tool gives that does not refuse.
    async fn given(&self, tool: &'static str, arguments: Value) -> Value {
        let (answer, refused) = self.call(tool, arguments).await;
        assert!(!refused, "{tool}: {answer}");
        answer
    }

    /// Why a tool refuses.
    async fn refused(&self, tool: &'static str, arguments: Value) -> String {
        let (answer, refused) = self.call(tool, arguments).await;
        assert!(refused, "{tool}: {answer}");
        answer["error"]["what"].as_str().expect("a reason").to_owned()
    }

    /// The same, however often it has to be asked for.
    async fn quote_in_the_end(&self, seed: u32) -> String {
        for _ in 0..30 {
            let (quote, refused) = self.call("quote", json!({"model": MODEL, "input": input(seed)})).await;
            if !refused {
                return quote["quote"].as_str().unwrap_or_else(|| panic!("{quote}")).to_owned();
            }
        }
        panic!("no quote");
    }

    /// Runs a quote, and gives the state that its job comes to, or `refused` if there is no money for it.
    async fn run_in_the_end(&self, quote: &str) -> String {
        let mut told = Value::Null;
        for _ in 0..30 {
            let (answer, refused) = self.call("run", json!({"quote": quote})).await;
            if refused && answer.to_string().contains("today's budget") {
                return "refused".to_owned();
            }
            told = if refused { answer } else { self.given("wait", json!({"job": quote})).await };
            if !refused && !["queued", "submitting", "submitted"].iter().any(|open| told["state"] == *open) {
                break;
            }
        }
        told["state"].as_str().unwrap_or_else(|| panic!("it comes to no end: {told}")).to_owned()
    }

    async fn quote(&self, seed: u32) -> String {
        let quote = self.given("quote", json!({"model": MODEL, "input": input(seed)})).await;
        quote["quote"].as_str().unwrap_or_else(|| panic!("{quote}")).to_owned()
    }
}

fn input(seed: u32) -> Value {
    json!({"prompt": "a lone figure", "image": "https://example.com/a.png", "seed": seed})
}

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

/// Hosts die wherever they want: between `run` and its answer, and later, while everything goes wrong that does in a network. `KILLS`
/// sets how many.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_is_killed_again_and_again_pays_once_for_each_quote() {
    let kills: u32 = std::env::var("KILLS").map_or(12, |kills| kills.parse().expect("KILLS is a number"));
    let desk = Desk::new(builder().speed(4000.0).faults(Faults::heavy()).seed(u64::from(kills))).await;
    // There is money for most of the jobs, not for all.
    let budget = u64::from(kills) * 50_000 * 3 / 4;
    let dollars = format!("{}.{:06}", budget / 1_000_000, budget % 1_000_000);
    let limits = ["--budget-usd", &dollars, "--per-job-usd", "0.05"];
    let first_day = day();
    let mut quotes = Vec::new();
    for round in 0..kills {
        let host = Host::new(&desk, &limits).await;
        let quote = host.quote_in_the_end(round).await;
        let call = host.call("run", json!({"quote": quote}));
        // Not awaited for longer than this round allows: the server is killed with the call under way.
        _ = tokio::time::timeout(std::time::Duration::from_millis(u64::from(round % 20) * 4), call).await;
        host.kill();
        quotes.push(quote);
    }
    let host = Host::new(&desk, &limits).await;
    let (mut succeeded, mut refused) = (0, 0);
    for quote in &quotes {
        match host.run_in_the_end(quote).await.as_str() {
            "succeeded" => succeeded += 1,
            "refused" => refused += 1,
            state => assert!(["unknown", "failed", "queued"].contains(&state), "{state}"),
        }
    }
    host.leave().await;
    let account = desk.emulator().account();
    assert_eq!(account.paid_twice(), Vec::<Value>::new());
    assert!(account.accepted().count() <= quotes.len());
    // The money of a day is there again on the next.
    let limit = Usd::from_micros((day() - first_day + 1) * budget);
    assert!(account.spent() <= limit, "{} of {dollars}", account.spent());
    assert!(succeeded > 0, "nothing came to its end, {refused} were refused");
}

/// The number of this day, by UTC.
fn day() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs() / 86_400
}
