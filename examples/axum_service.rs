//! A web service that takes inputs and streams the progress of jobs, as server-sent events.
//!
//! `cargo run --example axum_service` serves on an emulator; try it with the two lines that it prints.
//! `cargo run --example axum_service -- --once` asks itself for one job and ends.
//!
//! The service keeps nothing: a job's id is all that it takes to follow it, also after a restart.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Parser;
use futures_util::{Stream, StreamExt as _};
use runcomfy::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, Ending, Error, Model as _};
use runcomfy_emulator::Emulator;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tracing_subscriber::EnvFilter;

/// A service around one model.
#[derive(Parser)]
struct Args {
    /// Ask the service for one job, print what it says, and end.
    #[arg(long)]
    once: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `RUST_LOG=debug` shows what the client does.
    tracing_subscriber::fmt().with_env_filter(EnvFilter::from_default_env()).with_writer(std::io::stderr).init();
    let emulator = Emulator::builder(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/downstream/schemas"))
        .model_time(Input::ID, Duration::from_secs(60))
        .speed(30.0)
        .start()
        .await?;
    let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build()?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let service = axum::serve(listener, app(client)).into_future();
    if Args::parse().once {
        let service = tokio::spawn(service);
        ask(address).await?;
        service.abort();
        return Ok(());
    }
    println!(
        "curl http://{address}/jobs --json '{{\"prompt\": \"A city\", \"image\": \"Runcomfy_Example_1290_1.png\"}}'"
    );
    println!("curl -N http://{address}/jobs/ID/events");
    Ok(service.await?)
}

fn app(client: Client) -> Router {
    Router::new().route("/jobs", post(submit)).route("/jobs/{id}/events", get(events)).with_state(client)
}

type Refusal = (StatusCode, Json<Value>);

/// Takes an input with readable names. Everything that is wrong with it is said at once, and costs nothing.
async fn submit(State(client): State<Client>, Json(body): Json<Value>) -> Result<(StatusCode, Json<Value>), Refusal> {
    let input: Input = serde_json::from_value(body)
        .map_err(|problems| (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": problems.to_string()}))))?;
    // A handler is dropped when its caller hangs up. A submit that is dropped half-way is a job that nobody has the id of.
    let submitted = tokio::spawn(async move { client.submit(&input).await }).await;
    let lost =
        |panic: tokio::task::JoinError| (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"error": panic.to_string()})));
    let job = submitted.map_err(lost)?.map_err(refuse)?;
    Ok((StatusCode::ACCEPTED, Json(json!({"id": job.request_id()}))))
}

/// Streams the news of a job, and its end.
async fn events(
    State(client): State<Client>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let job = client.job::<Input>(&id).map_err(refuse)?;
    let news = job.updates().map(|update| match update {
        Ok(update) => event("news", json!({"status": update.status.as_str(), "position": update.queue_position})),
        Err(error) => event("error", json!({"error": error.to_string()})),
    });
    let end = futures_util::stream::once(async move {
        match job.wait().await {
            Ok(Ending::Succeeded(done)) => event("done", json!({"output": done.output, "cost": done.cost})),
            Ok(Ending::Failed(failure)) => event("failed", json!({"error": failure.message})),
            Ok(ending) => event("ended", json!({"ending": format!("{ending:?}")})),
            Err(error) => event("error", json!({"error": error.to_string()})),
        }
    });
    Ok(Sse::new(news.chain(end).map(Ok)).keep_alive(KeepAlive::default()))
}

fn event(name: &str, data: Value) -> Event {
    Event::default().event(name).data(data.to_string())
}

/// What the caller did wrong is the caller's to know; what is wrong between us and RunComfy is not.
fn refuse(error: Error) -> Refusal {
    let status = match &error {
        Error::InvalidInput(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::OutcomeUnknown(_) => StatusCode::BAD_GATEWAY,
        error if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
        error if error.is_not_found() => StatusCode::NOT_FOUND,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, Json(json!({"error": error.to_string()})))
}

/// A caller: submits a bad input and a good one, and listens to the end.
async fn ask(service: SocketAddr) -> Result<(), Box<dyn std::error::Error>> {
    let submit = async |input: Value| {
        let (status, answer) = send(service, "POST", "/jobs", &input.to_string()).await?;
        Ok::<_, Box<dyn std::error::Error>>((status, serde_json::from_str::<Value>(&answer)?))
    };
    let (status, problems) = submit(json!({"prompt": "A city", "image": "a.png", "steps": 99})).await?;
    println!("{status}: {problems}");
    if status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err("99 steps are too many, and nobody noticed".into());
    }
    let (status, accepted) = submit(json!({"prompt": "A city", "image": "Runcomfy_Example_1290_1.png"})).await?;
    println!("{status}: {accepted}");
    let id = accepted["id"].as_str().ok_or("no id")?;
    let (_, events) = send(service, "GET", &format!("/jobs/{id}/events"), "").await?;
    println!("{events}");
    match events.contains("event: done") {
        true => Ok(()),
        false => Err("the stream ended without the job's end".into()),
    }
}

/// One request in the oldest form that the service takes: its answer is all that comes.
async fn send(
    service: SocketAddr,
    method: &str,
    path: &str,
    body: &str,
) -> Result<(StatusCode, String), Box<dyn std::error::Error>> {
    let mut stream = TcpStream::connect(service).await?;
    let head = format!("{method} {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
    stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("an answer without a head")?;
    let status = head.split(' ').nth(1).ok_or("an answer without a status")?;
    Ok((status.parse()?, body.to_owned()))
}
