//! A server that does as little as a client's waits need: it takes every job, and counts the questions about it. Its clock is
//! tokio's, so that a paused one will do. Must not know what is asked too often.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use runcomfy::{Client, ClientBuilder};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// A server whose jobs all take the same time, and that counts what it was asked.
#[derive(Clone)]
pub struct Server {
    base: String,
    /// How long it thinks about a question.
    thinks: Duration,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    submits: Vec<Instant>,
    statuses: usize,
    results: usize,
}

impl Server {
    /// Starts it.
    ///
    /// # Panics
    /// If the system gives no port.
    pub async fn start(takes: Duration) -> Self {
        Self::slow(takes, Duration::ZERO).await
    }

    /// Starts one that thinks so long about each question.
    ///
    /// # Panics
    /// If the system gives no port.
    pub async fn slow(takes: Duration, thinks: Duration) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let server = Self { base, thinks, seen: Arc::default() };
        let this = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(this.clone().serve(stream, takes));
            }
        });
        server
    }

    async fn serve(self, stream: TcpStream, takes: Duration) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") {
                let start = head.len();
                if stream.read_line(&mut head).await? == 0 {
                    return Ok(());
                }
                if let Some((name, value)) = head[start..].split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().unwrap_or_default();
                }
            }
            stream.read_exact(&mut vec![0; length]).await?;
            let body = self.answer(&head, takes);
            if head.starts_with("GET") {
                tokio::time::sleep(self.thinks).await;
            }
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).await?;
        }
    }

    fn answer(&self, head: &str, takes: Duration) -> String {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let path = head.split(' ').nth(1).unwrap_or_default();
        if head.starts_with("POST") {
            if path.ends_with("/cancel") {
                return r#"{"status": "completed", "outcome": "cancelled"}"#.to_owned();
            }
            seen.submits.push(now);
            return format!(r#"{{"request_id": "r-{}"}}"#, seen.submits.len());
        }
        let number = path.rsplit('/').nth(1).and_then(|id| id.strip_prefix("r-")?.parse::<usize>().ok());
        let submitted = seen.submits[number.expect("an id of this server") - 1];
        let status = if now - submitted < takes { "in_progress" } else { "completed" };
        if path.ends_with("/status") {
            seen.statuses += 1;
            return format!(r#"{{"status": "{status}"}}"#);
        }
        seen.results += 1;
        format!(r#"{{"status": "{status}", "output": {{"video": "https://example.com/a.mp4"}}}}"#)
    }

    /// Settings of a client of it.
    pub fn settings(&self) -> ClientBuilder {
        Client::builder().base_url(&self.base).token("t0ken")
    }

    /// How often the status and the result were asked for.
    #[must_use]
    pub fn asked(&self) -> (usize, usize) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        (seen.statuses, seen.results)
    }
}
