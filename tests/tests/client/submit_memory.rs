//! What a submit holds in memory besides the input: its body, once, and only while its request is under way.

use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use downstream::models::community::wan_2_2::vace_fun::Input;
use futures_util::future::join_all;
use runcomfy::{Client, ClientBuilder, ImageInput, Model as _};
use tokio::runtime::{Builder, Runtime};
use workspace_tests::server::Server;

/// The answer, the connection and what keeps track of both.
const REST: u64 = 256 * 1024;

/// An input whose image is a `data:` URI of so many bytes.
fn input(bytes: usize) -> Input {
    Input::new("A lone figure", ImageInput::data(format!("data:image/png;base64,{}", "A".repeat(bytes))))
}

/// A server on threads of its own, whose allocations are not counted.
fn server() -> (Runtime, Server) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let server = runtime.block_on(Server::start(Duration::ZERO));
    (runtime, server)
}

/// The most bytes that were alive at once while this ran on a client, beyond those that were before.
fn peak(settings: fn(ClientBuilder) -> ClientBuilder, run: impl AsyncFnOnce(&Client)) -> u64 {
    let (_runtime, server) = server();
    let client = settings(server.settings()).build().expect("a client");
    let own = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let AllocationInfo { bytes_max, .. } = measure(|| own.block_on(run(&client)));
    bytes_max
}

#[test]
fn a_submit_holds_its_body_once() {
    let input = input(30 << 20);
    let body = input.to_wire().to_string().len() as u64;
    let peak = peak(|client| client, async |client| drop(client.submit(&input).await.expect("a job")));
    assert!((body..body + REST).contains(&peak), "{peak} bytes for a body of {body}");
}

#[test]
fn submits_that_wait_for_their_turn_hold_no_body() {
    let inputs: Vec<Input> = (0..100).map(|_| input(1_000_000)).collect();
    let body = inputs[0].to_wire().to_string().len() as u64;
    let peak = peak(
        |client| client.max_concurrent_requests(4),
        async |client| {
            drop(join_all(inputs.iter().map(async |input| client.submit(input).await.expect("a job"))).await)
        },
    );
    assert!(peak < 5 * body, "{peak} bytes, that is {} bodies of {body} at once", peak / body);
}
