//! Submits over HTTP/2, at a server that writes frames by hand and so can say what no library would.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use super::{connections, outcome, settings, submit};

/// What a server does with a request, once it is whole.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Answers with a job.
    Accept,
    /// Resets the stream for this reason.
    Reset(u32),
    /// Begins an answer, then resets the stream for this reason.
    ResetAnswer(u32),
    /// Says that streams above this one were not looked at, and why it leaves; then closes.
    GoAway { last: u32, reason: u32 },
    /// Closes.
    Close,
    /// Redirects to this path.
    Redirect(&'static str, &'static str),
    /// Answers with a job, and leaves in good order when it is told to.
    AcceptAndLeave,
    /// Answers with a job, and closes without a word when it is told to.
    AcceptAndClose,
}

const REFUSED_STREAM: u32 = 7;

/// A frame's type, flags and stream, and the first byte of what it holds.
struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    first: Option<u8>,
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

fn write(stream: &mut TcpStream, kind: u8, flags: u8, id: u32, payload: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(payload.len()).expect("a short frame").to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(id.to_be_bytes());
    frame.extend(payload);
    stream.write_all(&frame)
}

fn read(stream: &mut TcpStream) -> std::io::Result<Frame> {
    let mut head = [0; 9];
    stream.read_exact(&mut head)?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; usize::try_from(length).expect("it fits")];
    stream.read_exact(&mut payload)?;
    let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
    Ok(Frame { kind: head[3], flags: head[4], stream: id, first: payload.first().copied() })
}

/// `:status: 200`, from the static table of HPACK.
const OK: &[u8] = &[0x88];

/// `:method: POST`, from there; with it a submit begins.
const POST: u8 = 0x83;

/// `:status` and `location`, spelled out.
fn redirect(status: &str, location: &str) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).expect("a short text")], text.as_bytes()].concat();
    [&[0x08], &*text(status), &[0x0f, 0x1f], &*text(location)].concat()
}

struct Server {
    base: String,
    /// How many whole submits it read.
    posts: Arc<AtomicUsize>,
    /// Tells it to leave, and hears that it has left.
    leave: mpsc::Sender<()>,
    left: mpsc::Receiver<()>,
}

/// A server whose `n`th request meets the `n`th step, the last one again and again.
fn server(steps: &[Step]) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let (posts, (leave, leaving), (gone, left)) = (Arc::default(), mpsc::channel(), mpsc::channel());
    let (count, requests, steps) = (Arc::clone(&posts), AtomicUsize::new(0), steps.to_vec());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            match serve(stream, &steps, (&requests, &count), &leaving, &gone) {
                Err(error) if error.kind() == ErrorKind::InvalidData => panic!("{error}"),
                _ => {}
            }
        }
    });
    Server { base, posts, leave, left }
}

fn serve(
    mut stream: TcpStream,
    steps: &[Step],
    (requests, posts): (&AtomicUsize, &AtomicUsize),
    leaving: &mpsc::Receiver<()>,
    gone: &mpsc::Sender<()>,
) -> std::io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface)?;
    if &preface != b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" {
        return Err(ErrorKind::InvalidData.into());
    }
    write(&mut stream, SETTINGS, 0, 0, &[])?;
    let mut is_submit = false;
    loop {
        let Frame { kind, flags, stream: id, first } = read(&mut stream)?;
        if kind == HEADERS {
            is_submit = first == Some(POST);
        }
        if kind == SETTINGS && flags & ACK == 0 {
            write(&mut stream, SETTINGS, ACK, 0, &[])?;
        }
        if !matches!(kind, DATA | HEADERS) || flags & END_STREAM == 0 {
            continue;
        }
        let number = requests.fetch_add(1, Ordering::SeqCst);
        posts.fetch_add(usize::from(is_submit), Ordering::SeqCst);
        let step = steps[number.min(steps.len() - 1)];
        let go_away = |stream: &mut TcpStream, last: u32, reason: u32| {
            write(stream, GOAWAY, 0, 0, &[last.to_be_bytes(), reason.to_be_bytes()].concat())
        };
        match step {
            Step::Reset(reason) => write(&mut stream, RST_STREAM, 0, id, &reason.to_be_bytes())?,
            Step::ResetAnswer(reason) => {
                write(&mut stream, HEADERS, END_HEADERS, id, OK)?;
                write(&mut stream, RST_STREAM, 0, id, &reason.to_be_bytes())?;
            }
            Step::GoAway { last, reason } => {
                go_away(&mut stream, last, reason)?;
                // A connection that is closed with something unread in it is reset, and takes the frame along.
                stream.shutdown(Shutdown::Write)?;
                return std::io::copy(&mut stream, &mut std::io::sink()).map(drop);
            }
            Step::Close => return Ok(()),
            Step::Redirect(status, location) => {
                write(&mut stream, HEADERS, END_HEADERS | END_STREAM, id, &redirect(status, location))?;
            }
            Step::Accept | Step::AcceptAndLeave | Step::AcceptAndClose => {
                write(&mut stream, HEADERS, END_HEADERS, id, OK)?;
                let job = format!(r#"{{"request_id": "r-{number}"}}"#);
                write(&mut stream, DATA, END_STREAM, id, job.as_bytes())?;
                if matches!(step, Step::Accept) {
                    continue;
                }
                let _ = leaving.recv();
                if matches!(step, Step::AcceptAndLeave) {
                    go_away(&mut stream, id, 0)?;
                }
                drop(stream);
                let _ = gone.send(());
                return Ok(());
            }
        }
    }
}

#[tokio::test]
async fn only_what_the_server_says_it_did_not_look_at_is_sent_again() {
    use Step::{Accept, Close, GoAway, Reset, ResetAnswer};
    // The first stream of a client is 1, the second 3.
    let (none, this, all) = (0, 1, 0x7fff_ffff);
    let go_away = |last, reason| GoAway { last, reason };
    for (steps, sent, end) in [
        (vec![Accept], 1, "accepted"),
        (vec![Reset(REFUSED_STREAM), Accept], 2, "accepted"),
        (vec![Reset(REFUSED_STREAM), go_away(none, 0), Reset(REFUSED_STREAM), Accept], 4, "accepted"),
        (vec![Reset(REFUSED_STREAM)], 4, "not taken"),
        (vec![go_away(none, 0), Accept], 2, "accepted"),
        (vec![go_away(none, 2), Accept], 2, "accepted"),
        (vec![go_away(none, 11), Accept], 2, "accepted"),
        (vec![go_away(none, 0)], 4, "not taken"),
        (vec![go_away(this, 0), Accept], 1, "unknown"),
        (vec![go_away(this, 2), Accept], 1, "unknown"),
        (vec![go_away(all, 0), Accept], 1, "unknown"),
        (vec![go_away(all, 2), Accept], 1, "unknown"),
        (vec![Close, Accept], 1, "unknown"),
        (vec![ResetAnswer(REFUSED_STREAM), Accept], 1, "unknown"),
        (vec![Reset(REFUSED_STREAM), Close, Accept], 2, "unknown"),
    ] {
        let server = server(&steps);
        let client = settings(&server.base).http_client(http2()).build().expect("a client");
        let ended = outcome(submit(&client).await);
        assert_eq!((server.posts.load(Ordering::SeqCst), ended), (sent, end), "{steps:?}");
    }
    for reason in (0..=13).filter(|reason| *reason != REFUSED_STREAM) {
        let server = server(&[Reset(reason), Accept]);
        let client = settings(&server.base).http_client(http2()).build().expect("a client");
        let ended = outcome(submit(&client).await);
        assert_eq!((server.posts.load(Ordering::SeqCst), ended), (1, "unknown"), "reason {reason}");
    }
}

#[test]
fn a_connection_that_was_closed_while_the_program_slept_carries_no_submit() {
    for step in [Step::AcceptAndLeave, Step::AcceptAndClose] {
        let server = server(&[step]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = settings(&server.base).http_client(http2()).build().expect("a client");
        for number in 0..5 {
            let job = runtime.block_on(submit(&client)).expect("accepted");
            assert_eq!(job.request_id(), format!("r-{number}"));
            // The runtime does not run while the server leaves.
            server.leave.send(()).expect("a server");
            server.left.recv().expect("it left");
        }
        assert_eq!(server.posts.load(Ordering::SeqCst), 5, "{step:?}");
    }
}

#[tokio::test]
async fn a_submit_that_is_redirected_is_not_sent_again() {
    for status in ["301", "302", "303", "307", "308"] {
        for place in ["/v1/models/a/b/c", "/elsewhere"] {
            let refuse = Step::Reset(REFUSED_STREAM);
            let steps = [Step::Redirect(status, place), refuse, refuse, refuse, Step::Accept];
            let server = server(&steps);
            let client = settings(&server.base).http_client(http2()).build().expect("a client");
            let ended = outcome(submit(&client).await);
            assert_eq!((server.posts.load(Ordering::SeqCst), ended), (1, "unknown"), "{steps:?}");
        }
    }
}

/// Connections that speak HTTP/2 without TLS.
fn http2() -> reqwest::Client {
    connections().http2_prior_knowledge().redirect(reqwest::redirect::Policy::none()).build().expect("HTTP")
}
