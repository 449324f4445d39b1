//! The client against the emulator: each error, ending and fault by name. Time is tokio's, paused: nothing really waits.

mod answers;
mod catalogue;
mod endings;
mod left;
mod limits;
mod logs;
mod outputs;
mod stale;
mod submits;
mod waiting;

use std::time::Duration;

use downstream::models::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, ClientBuilder, ImageInput};
use runcomfy_emulator::{Account, Builder, Emulator, Fault, Faults, Route};
use workspace_tests::frozen;

const MODEL: &str = "community/wan-2-2/vace-fun";
const TOKEN: &str = "token-that-nobody-may-see";

/// An emulator of the schemas that the tests stand on.
async fn emulator(options: impl FnOnce(Builder) -> Builder) -> Emulator {
    let builder = Emulator::builder(frozen()).token(TOKEN);
    options(builder).start().await.expect("an emulator")
}

/// An emulator where one thing goes wrong with the first request to a route.
async fn emulator_with(route: Route, fault: Fault) -> Emulator {
    emulator(|builder| builder.faults(Faults::none().nth(route, 1, fault))).await
}

fn settings(emulator: &Emulator) -> ClientBuilder {
    Client::builder().base_url(emulator.base_url()).token(TOKEN)
}

fn client(emulator: &Emulator) -> Client {
    settings(emulator).build().expect("a client")
}

fn input() -> Input {
    Input::new("A lone figure", ImageInput::url("https://example.com/reference.png")).seed(7)
}

/// How many submits reached the emulator, and how many of them made jobs.
fn counted(account: &Account) -> (usize, usize) {
    (account.submissions().len(), account.accepted().count())
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
