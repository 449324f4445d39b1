//! Runtimes that share a client: one that nobody drives any more, or that is gone, keeps none of the others waiting. By the true
//! clock, for each runtime has one of its own.

#![cfg(feature = "http")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use runcomfy_client::{Client, ClientBuilder, Ending, FixedPolling, Job, Json};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// Far longer than anything here takes, and shorter than the limit of a request that nobody answers.
const PATIENCE: Duration = Duration::from_secs(25);

/// A server that holds back its answers until it is told to answer, and tells of each request.
struct Site {
    base: String,
    answers: Arc<AtomicBool>,
    requests: mpsc::Receiver<()>,
    posts: Arc<AtomicUsize>,
}

fn site() -> Site {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let (answers, posts) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (tell, requests) = mpsc::channel();
    let (may_answer, count) = (Arc::clone(&answers), Arc::clone(&posts));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (may_answer, count, tell) = (Arc::clone(&may_answer), Arc::clone(&count), tell.clone());
            thread::spawn(move || {
                let (mut request, mut part) = (Vec::new(), [0; 4096]);
                loop {
                    let length = stream.read(&mut part).unwrap_or(0);
                    if length == 0 {
                        return;
                    }
                    request.extend_from_slice(&part[..length]);
                    let Some(end) = request.windows(4).position(|end| end == b"\r\n\r\n") else { continue };
                    let head = String::from_utf8_lossy(&request[..end]).into_owned();
                    let is_post = head.starts_with("POST");
                    if is_post && request.len() < end + 6 {
                        continue;
                    }
                    request.clear();
                    let _ = tell.send(());
                    if is_post {
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    while !may_answer.load(Ordering::SeqCst) {
                        thread::sleep(Duration::from_millis(5));
                    }
                    let body = match () {
                        () if is_post => r#"{"request_id":"r-2","status":"in_queue"}"#,
                        () if head.contains("/status ") => r#"{"status":"completed"}"#,
                        () => r#"{"status":"succeeded","output":{"video":"https://h/a.mp4"}}"#,
                    };
                    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                    if stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    Site { base, answers, requests, posts }
}

fn client(site: &Site, settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let client = Client::builder().base_url(&*site.base).token("tok-9").poll(FixedPolling(Duration::from_millis(20)));
    settings(client).build().expect("a client")
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Does something in a runtime until the server hears of it, and leaves the runtime as it is.
fn leave(runtime: &Runtime, site: &Site, task: impl Future<Output: Send> + Send + 'static) {
    runtime.spawn(task);
    while site.requests.try_recv().is_err() {
        step(runtime);
    }
}

fn step(runtime: &Runtime) {
    runtime.block_on(async { sleep(Duration::from_millis(20)).await });
}

/// Waits in a runtime of its own, which has nothing to wait for.
fn is_done(job: &Job) {
    let ending = runtime().block_on(async { timeout(PATIENCE, job.wait()).await });
    assert!(matches!(ending, Ok(Ok(Ending::Succeeded(_)))), "{ending:?}");
}

#[test]
fn a_question_that_stands_still_keeps_no_other_runtime_waiting() {
    // The question for the status, and the one for the result.
    for knows_the_end in [false, true] {
        let (site, left) = (site(), runtime());
        let client = client(&site, |client| client);
        let job = client.untyped_job("r-1").expect("an id");
        if knows_the_end {
            site.answers.store(true, Ordering::SeqCst);
            runtime().block_on(job.status()).expect("a status");
            site.requests.recv().expect("asked");
            site.answers.store(false, Ordering::SeqCst);
        }
        let waits = job.clone();
        leave(&left, &site, async move { waits.wait().await });
        site.answers.store(true, Ordering::SeqCst);
        is_done(&job);
        drop(left);
    }
}

#[test]
fn a_turn_that_stands_still_keeps_no_other_runtime_waiting() {
    let (site, left) = (site(), runtime());
    let client = client(&site, |client| client.max_concurrent_requests(1));
    let job = |id| client.untyped_job(id).expect("an id");
    let holds = job("r-1");
    leave(&left, &site, async move { holds.wait().await });
    // In the same runtime, one more that has yet to get its turn.
    let queues = job("r-3");
    left.spawn(async move { queues.wait().await });
    step(&left);
    site.answers.store(true, Ordering::SeqCst);
    is_done(&job("r-4"));
    drop(left);
}

/// One that was asked for something, and is idle now; driven no more, or gone.
#[test]
fn the_connection_of_another_runtime_carries_no_submit() {
    for is_gone in [false, true] {
        let (site, left) = (site(), runtime());
        let client = client(&site, |client| client);
        site.answers.store(true, Ordering::SeqCst);
        let job = client.untyped_job("r-1").expect("an id");
        left.block_on(job.status()).expect("a status");
        let left = (!is_gone).then_some(left);
        let submitted =
            runtime().block_on(async { timeout(PATIENCE, client.submit_json("a/model", &Json::Null)).await });
        let submitted = submitted.expect("in time").expect("accepted");
        assert_eq!((submitted.request_id(), site.posts.load(Ordering::SeqCst)), ("r-2", 1));
        drop(left);
    }
}

#[test]
fn what_one_runtime_heard_no_other_asks_again() {
    let site = site();
    let client = client(&site, |client| client);
    site.answers.store(true, Ordering::SeqCst);
    let job = client.untyped_job("r-1").expect("an id");
    runtime().block_on(job.status()).expect("a status");
    is_done(&job);
    assert_eq!(site.requests.try_iter().count(), 2, "the status and the result, once each");
}
