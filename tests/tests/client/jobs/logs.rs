//! What the client tells `tracing`: the table in the client's documentation against what a listener hears while jobs go well
//! and badly.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::TryStreamExt as _;
use runcomfy::{CatalogueQuery, Client, RetryPolicy};
use runcomfy_emulator::{Fault, Faults, Route, When};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use workspace_tests::root;

use super::{TOKEN, emulator, emulator_with, input, settings};

/// Kind, level, target, name, fields.
type Row = [String; 5];

const TARGET: &str = "runcomfy_client::http::";

/// Hears all that the client tells.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<BTreeSet<Row>>>);

impl Listener {
    fn note(&self, kind: &str, metadata: &Metadata<'_>, name: String) {
        let Some(target) = metadata.target().strip_prefix(TARGET) else {
            assert!(!metadata.target().starts_with("runcomfy_client"), "{metadata:?}");
            return;
        };
        let names = metadata.fields().iter().map(|field| field.name().to_owned());
        let fields: Vec<String> = names.filter(|name| name != "message").collect();
        let level = metadata.level().as_str().to_lowercase();
        let row = [kind.to_owned(), level, target.to_owned(), name, fields.join(", ")];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(row);
    }

    fn heard(&self) -> BTreeSet<Row> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<S: Subscriber> Layer<S> for Listener {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let metadata = attributes.metadata();
        self.note("span", metadata, metadata.name().to_owned());
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Message(String);
        impl Visit for Message {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                if field.name() == "message" {
                    self.0 = format!("{value:?}");
                }
            }
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        self.note("event", event.metadata(), message.0);
    }
}

/// The table as the client's documentation has it.
fn documented() -> BTreeSet<Row> {
    let library = std::fs::read_to_string(root().join("runtime/client/src/lib.rs")).expect("the documentation");
    let (_, chapter) = library.split_once("//! # Logs\n").expect("a chapter on logs");
    let rows = chapter.lines().take_while(|line| !line.starts_with("//! # ")).filter_map(|line| {
        let cells = line.strip_prefix("//! | ")?.strip_suffix(" |")?.split(" | ");
        let cells: Vec<String> = cells.map(|cell| cell.replace('`', "")).collect();
        let cells: Row = cells.try_into().expect("five cells");
        (cells[0] != "kind").then_some(cells)
    });
    rows.collect()
}

/// Jobs that go well: one is waited for and its file saved, one is cancelled. The field of one is nearly spelled right.
async fn well() {
    let emulator = emulator(|builder| builder).await;
    let client = settings(&emulator).build().expect("a client");
    let mut odd = input();
    odd.extra.insert("guidance_scal".to_owned(), 5.into());
    let done = client.run(&odd).await.expect("an output");
    let folder = tempfile::tempdir().expect("a folder");
    client.download_all(&done.output, folder.path()).await.expect("files");
    client.download(done.output.video.as_deref().expect("a video"), folder.path().join("one")).await.expect("a file");
    client.submit(&input()).await.expect("taken").cancel().await.expect("an answer");
}

/// A call, and one thing that goes wrong on its way.
async fn badly() {
    let down = Fault::Status(503, When::Before);
    for (route, fault) in [(Route::Status, down), (Route::Result, Fault::Uncoded(404)), (Route::File, Fault::CutAt(20))]
    {
        for retry in [RetryPolicy::default(), RetryPolicy::never()] {
            let emulator = emulator_with(route, fault).await;
            let client = settings(&emulator).retry(retry).build().expect("a client");
            let done = client.run(&input()).await.expect("an output");
            let folder = tempfile::tempdir().expect("a folder");
            client.download_all(&done.output, folder.path()).await.expect("files");
        }
    }
    let emulator = emulator(|builder| builder.faults(Faults::none().rate(Route::Cancel, down, 1.0))).await;
    let client = settings(&emulator).retry(RetryPolicy::never()).build().expect("a client");
    drop(client.submit(&input()).await.expect("taken").cancel_on_drop());
    tokio::time::sleep(super::seconds(60)).await;
    let emulator = emulator_with(Route::Models, Fault::EntryWithoutId).await;
    let entries = settings(&emulator).build().expect("a client").catalogue(CatalogueQuery::new());
    entries.try_collect::<Vec<_>>().await.expect("the other entries");
    // Nobody listens on the port of a listener that is gone.
    let gone =
        std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a port");
    let nowhere = Client::builder().base_url(format!("http://{gone}/v1")).token(TOKEN).retry(RetryPolicy::never());
    nowhere.build().expect("a client").submit(&input()).await.expect_err("nobody is there");
}

/// Set for a run of this program that has nothing to do but listen.
const ALONE: &str = "RUNCOMFY_TEST_LISTENS_ALONE";

/// `tracing` remembers for the whole process what nobody listened to, so that other tests would be heard, or not.
#[test]
fn the_client_tells_what_its_documentation_says_and_no_more() {
    let mut alone = std::process::Command::new(std::env::current_exe().expect("a test knows where it is"));
    let output = alone.args(["--exact", "jobs::logs::listens_alone"]).env(ALONE, "1").output().expect("to start");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

/// The inner half of the test above.
#[tokio::test(start_paused = true)]
async fn listens_alone() {
    if std::env::var_os(ALONE).is_none() {
        return;
    }
    let listener = Listener::default();
    let subscriber = tracing_subscriber::registry().with(listener.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    well().await;
    badly().await;
    let (heard, documented) = (listener.heard(), documented());
    let untold: Vec<_> = documented.difference(&heard).collect();
    let undocumented: Vec<_> = heard.difference(&documented).collect();
    assert!(untold.is_empty() && undocumented.is_empty(), "not told: {untold:#?}\nnot documented: {undocumented:#?}");
}

/// The places in a file that tell something: kind, level, name.
#[derive(Default)]
struct Places(Vec<[String; 3]>);

impl<'ast> syn::visit::Visit<'ast> for Places {
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let (kind, level) = match name.strip_suffix("_span") {
            Some(level) => ("span", level),
            None => ("event", &*name),
        };
        if ["error", "warn", "info", "debug", "trace"].contains(&level) {
            let literals =
                call.tokens.clone().into_iter().filter_map(|token| syn::parse2::<syn::LitStr>(token.into()).ok());
            let texts: Vec<String> = literals.map(|literal| literal.value()).collect();
            // A span's name comes first, and an event's last.
            let name = if kind == "span" { texts.first() } else { texts.last() };
            self.0.push([kind.to_owned(), level.to_owned(), name.expect("a name").clone()]);
        }
    }
}

/// What the client could tell, though no test makes it: every place in the sources that tells something is in the table.
#[test]
fn no_place_in_the_sources_tells_what_the_documentation_does_not_know() {
    let documented: Vec<[String; 3]> =
        documented().into_iter().map(|[kind, level, _, name, _]| [kind, level, name]).collect();
    let mut places = Places::default();
    for path in workspace_tests::rust_sources(&root().join("runtime/client/src")) {
        let text = std::fs::read_to_string(&path).expect("a file");
        syn::visit::Visit::visit_file(&mut places, &syn::parse_file(&text).expect("it compiles"));
    }
    assert!(places.0.len() >= documented.len(), "{places:?}", places = places.0);
    for place in &places.0 {
        assert!(documented.contains(place), "{place:?} is not in the table of `runtime/client/src/lib.rs`");
    }
}
