//! A server of one file that misbehaves as told. In: what to do with the n-th request. Out: what was asked of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// A request's head, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    head: String,
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// What is sent, byte by byte, and how it ends.
pub(crate) struct Answer {
    bytes: Vec<u8>,
    /// The connection stays open and silent.
    silent: bool,
    /// Ten bytes of the body leave at a time, a tenth of a second apart.
    drips: bool,
}

/// An answer whose `Content-Length` is that of `body`.
pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    Answer { bytes: [head.as_bytes(), b"\r\n", body].concat(), silent: false, drips: false }
}

impl Answer {
    /// Leaves out the last bytes, and hangs up.
    pub(crate) fn short_by(mut self, bytes: usize) -> Self {
        self.bytes.truncate(self.bytes.len() - bytes);
        self
    }

    /// Does not hang up.
    pub(crate) fn then_silence(self) -> Self {
        Self { silent: true, ..self }
    }

    /// Comes at a hundred bytes a second.
    pub(crate) fn slowly(self) -> Self {
        Self { drips: true, ..self }
    }
}

/// A file and its version, served as RFC 9110 says.
pub(crate) struct Served<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) etag: &'a str,
}

impl Served<'_> {
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        let whole = || answer("200 OK", &[("ETag", self.etag)], self.body);
        let start = request.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        match start.and_then(|start| start.parse::<usize>().ok()) {
            Some(_) if request.header("if-range").is_some_and(|version| version != self.etag) => whole(),
            Some(start) if start >= self.body.len() => {
                answer("416 Range Not Satisfiable", &[("Content-Range", &format!("bytes */{}", self.body.len()))], b"")
            }
            Some(start) => self.part(start),
            None => whole(),
        }
    }

    pub(crate) fn part(&self, start: usize) -> Answer {
        let range = format!("bytes {start}-{}/{}", self.body.len() - 1, self.body.len());
        answer("206 Partial Content", &[("ETag", self.etag), ("Content-Range", &range)], &self.body[start..])
    }
}

/// A running server; dropping it stops it.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
    task: AbortHandle,
}

impl Server {
    /// `answers` gets the request and how many came before it.
    pub(crate) async fn start(answers: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answers, requests) = (Arc::new(answers), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let (answers, requests) = (Arc::clone(&answers), Arc::clone(&requests));
                tokio::spawn(async move { serve(stream, &*answers, &requests).await });
            }
        });
        Self { port, seen, task: task.abort_handle() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    answers: &(dyn Fn(usize, &Request) -> Answer + Send + Sync),
    seen: &Mutex<Vec<Request>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let request = Request { head: String::from_utf8_lossy(&head).into_owned() };
    let answer = {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = answers(seen.len(), &request);
        seen.push(request);
        answer
    };
    let head = answer.bytes.windows(4).position(|end| end == b"\r\n\r\n").map_or(0, |end| end + 4);
    let (head, body) = answer.bytes.split_at(if answer.drips { head } else { answer.bytes.len() });
    _ = stream.write_all(head).await;
    for bytes in body.chunks(10) {
        if stream.write_all(bytes).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    if answer.silent {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    _ = stream.shutdown().await;
}
