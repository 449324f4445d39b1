//! Connections that the server closed while nobody looked: they are not used for a submit. Real sockets and real time, for
//! what is tested is when a runtime looks at its sockets.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use runcomfy::Client;
use serde_json::json;

use super::{MODEL, TOKEN};

/// A server that answers one submit on each connection and closes it when it is told to, which it tells.
fn closing_server() -> (String, Arc<AtomicUsize>, mpsc::Sender<()>, mpsc::Receiver<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let (posts, (closed, closes)) = (Arc::new(AtomicUsize::new(0)), mpsc::channel());
    let (close, looked_away) = mpsc::channel();
    let count = Arc::clone(&posts);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = BufReader::new(stream);
            let (mut line, mut length) = (String::new(), 0);
            while line != "\r\n" {
                line.clear();
                if stream.read_line(&mut line).unwrap_or(0) == 0 {
                    break;
                }
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().unwrap_or_default();
                }
            }
            if stream.read_exact(&mut vec![0; length]).is_err() || length == 0 {
                continue;
            }
            let number = count.fetch_add(1, Ordering::SeqCst);
            let body = format!(r#"{{"request_id": "r-{number}"}}"#);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            // The answer does not say that the connection will be closed.
            let _ = stream.get_mut().write_all(format!("{head}{body}").as_bytes());
            let _ = looked_away.recv();
            drop(stream);
            let _ = closed.send(());
        }
    });
    (base, posts, close, closes)
}

#[test]
fn a_connection_that_was_closed_while_the_program_slept_carries_no_submit() {
    let (base, posts, close, closes) = closing_server();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = Client::builder().base_url(base).token(TOKEN).build().expect("a client");
    for number in 0..5 {
        let job = runtime.block_on(client.submit_json(MODEL, &json!({}))).expect("accepted");
        assert_eq!(job.request_id(), format!("r-{number}"));
        // The runtime does not run while the server closes.
        close.send(()).expect("a server");
        closes.recv().expect("closed");
    }
    assert_eq!(posts.load(Ordering::SeqCst), 5);
}
