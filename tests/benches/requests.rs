//! What the client costs beyond what it is made of: CPU and allocations for each request, against bare reqwest and
//! serde_json that do the same. Both take turns on one thread, against a server on another; ratios of the best turns.
//!
//! `cargo bench -p benches --bench requests`
#![expect(clippy::print_stdout, reason = "a bench shows what it found")]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use allocation_counter::AllocationInfo;
use downstream::models::community::wan_2_2::vace_fun::{Input, Resolution};
use runcomfy::{Client, ImageInput, Job, Model as _};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::Runtime;

const TURNS: usize = 30;
const REQUESTS: u32 = 300;
const TOKEN: &str = "bench-token";
const STATUS: &str = r#"{"request_id":"0d9c-1","status":"in_queue","queue_position":3,"status_url":"http://h/s","result_url":"http://h/r"}"#;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let base = format!("http://{}/v1", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let bench = Bench {
        client: Client::builder().base_url(&base).token(TOKEN).build()?,
        http: reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?,
        base,
    };
    let job = bench.client.untyped_job("0d9c-1")?;
    compare(&runtime, "status", || bench.status(&job), || bench.bare_status());
    compare(&runtime, "submit", || bench.submit(), || bench.bare_submit());
    Ok(())
}

struct Bench {
    client: Client,
    http: reqwest::Client,
    base: String,
}

/// What a program without this client would read.
#[derive(Deserialize)]
struct Status {
    request_id: String,
    status: String,
    queue_position: Option<u64>,
}

impl Bench {
    async fn status(&self, job: &Job) -> Result<(), Failure> {
        let update = job.status().await?;
        assert_eq!(update.queue_position, Some(3));
        Ok(())
    }

    async fn bare_status(&self) -> Result<(), Failure> {
        let request = self.http.get(format!("{}/requests/0d9c-1/status", self.base)).bearer_auth(TOKEN);
        let response = request.timeout(Duration::from_secs(30)).send().await?.error_for_status()?;
        let status: Status = serde_json::from_slice(&response.bytes().await?)?;
        assert_eq!((&*status.request_id, &*status.status, status.queue_position), ("0d9c-1", "in_queue", Some(3)));
        Ok(())
    }

    async fn submit(&self) -> Result<(), Failure> {
        let input = Input::new("A lone figure at golden hour", ImageInput::url("https://example.com/reference.png"))
            .resolution(Resolution::R1280x720)
            .number_of_frames(141)
            .steps(20)
            .guidance_scale(4.0);
        let job = self.client.submit(&input).await?;
        assert_eq!(job.request_id(), "0d9c-1");
        Ok(())
    }

    async fn bare_submit(&self) -> Result<(), Failure> {
        let body = json!({
            "56_text": "A lone figure at golden hour",
            "118_image": "https://example.com/reference.png",
            "4_valuex3_value": "1280x720 (16:9)",
            "25_value": 141,
            "47_value": 20,
            "108_cfg": 4.0,
        });
        let request = self.http.post(format!("{}/models/{}", self.base, Input::ID)).bearer_auth(TOKEN);
        let request = request.header("content-type", "application/json").body(serde_json::to_vec(&body)?);
        let response = request.timeout(Duration::from_secs(100)).send().await?.error_for_status()?;
        let status: Status = serde_json::from_slice(&response.bytes().await?)?;
        assert_eq!(status.request_id, "0d9c-1");
        Ok(())
    }
}

/// The least that a turn took.
#[derive(Clone, Copy)]
struct Cost {
    cpu: Duration,
    allocations: u64,
    bytes: u64,
}

fn compare(
    runtime: &Runtime,
    name: &str,
    mut client: impl AsyncFnMut() -> Result<(), Failure>,
    mut bare: impl AsyncFnMut() -> Result<(), Failure>,
) {
    let (mut of_client, mut of_bare) = (None, None);
    for _ in 0..TURNS {
        of_bare = best(of_bare, turn(runtime, &mut bare));
        of_client = best(of_client, turn(runtime, &mut client));
    }
    let (Some(client), Some(bare)) = (of_client, of_bare) else { return };
    let ratio = |client: f64, bare: f64| client / bare;
    println!(
        "{name}: CPU {:.2} ({:.1} µs, bare {:.1} µs), allocations {:.2} ({}, bare {}), bytes {:.2} ({}, bare {})",
        ratio(client.cpu.as_secs_f64(), bare.cpu.as_secs_f64()),
        client.cpu.as_secs_f64() * 1e6,
        bare.cpu.as_secs_f64() * 1e6,
        ratio(client.allocations as f64, bare.allocations as f64),
        client.allocations,
        bare.allocations,
        ratio(client.bytes as f64, bare.bytes as f64),
        client.bytes,
        bare.bytes,
    );
}

fn best(so_far: Option<Cost>, turn: Cost) -> Option<Cost> {
    let least = so_far.unwrap_or(turn);
    Some(Cost {
        cpu: least.cpu.min(turn.cpu),
        allocations: least.allocations.min(turn.allocations),
        bytes: least.bytes.min(turn.bytes),
    })
}

/// Many requests, one after the other; the cost of one.
fn turn(runtime: &Runtime, request: &mut impl AsyncFnMut() -> Result<(), Failure>) -> Cost {
    let before = cpu();
    let AllocationInfo { count_total, bytes_total, .. } = allocation_counter::measure(|| {
        runtime.block_on(async {
            for _ in 0..REQUESTS {
                request().await.expect("an answer");
            }
        });
    });
    let each = u64::from(REQUESTS);
    Cost { cpu: (cpu() - before) / REQUESTS, allocations: count_total / each, bytes: bytes_total / each }
}

/// What this thread has used.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Answers every request on a connection with the same text.
fn serve(stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{STATUS}",
        STATUS.len()
    );
    let mut line = String::new();
    loop {
        let mut body = 0;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    body = value.trim().parse().unwrap_or_default();
                }
                Some(_) => {}
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        io::copy(&mut reader.by_ref().take(body), &mut io::sink())?;
        writer.write_all(answer.as_bytes())?;
    }
}
