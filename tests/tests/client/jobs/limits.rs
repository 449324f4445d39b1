//! Time limits against servers that never come to an end: whatever drips, a call takes no longer than it may.

use std::time::Duration;

use runcomfy::{CatalogueQuery, Client, Downloader, Ending, Error, RetryPolicy};
use runcomfy_emulator::{Emulator, Fault, Faults, Route};
use tokio::time::Instant;

use super::{MODEL, emulator, input, seconds, settings};

/// What never ends, or not within ten minutes.
const DRIPS: [Fault; 5] = [
    Fault::Informational(Duration::from_secs(600)),
    Fault::SlowHead(Duration::from_secs(600)),
    Fault::SlowBody(Duration::from_secs(600)),
    Fault::EndlessBody(Duration::from_millis(20)),
    Fault::EndlessBody(Duration::from_secs(2)),
];

const LIMIT: Duration = Duration::from_secs(3);

/// An emulator all of whose routes drip, but submits, and a job of it.
async fn dripping(drip: Fault) -> (Emulator, String) {
    let emulator = emulator(|builder| builder).await;
    let job = settings(&emulator).build().expect("a client").submit(&input()).await.expect("accepted");
    let faults = Route::ALL.into_iter().fold(Faults::none(), |faults, route| faults.rate(route, drip, 1.0));
    emulator.set_faults(faults).expect("faults");
    (emulator, job.request_id().to_owned())
}

fn impatient(emulator: &Emulator) -> Client {
    let settings = settings(emulator).request_timeout(LIMIT).submit_timeout(LIMIT).retry(RetryPolicy::never());
    settings.build().expect("a client")
}

/// Makes a call, which must fail within the limit.
async fn fails_in_time<T>(call: impl Future<Output = Result<T, Error>>, what: &str) {
    let begun = Instant::now();
    assert!(call.await.is_err(), "{what}");
    let elapsed = begun.elapsed();
    assert!(elapsed <= LIMIT + seconds(1), "{what} takes {elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn no_call_takes_longer_than_it_may() {
    for drip in DRIPS {
        let (emulator, id) = dripping(drip).await;
        let client = impatient(&emulator);
        let job = client.untyped_job(&id).expect("an id");
        fails_in_time(client.submit(&input()), &format!("submit, {drip:?}")).await;
        fails_in_time(job.status(), &format!("status, {drip:?}")).await;
        fails_in_time(job.result(), &format!("result, {drip:?}")).await;
        fails_in_time(job.cancel(), &format!("cancel, {drip:?}")).await;
        fails_in_time(client.catalogue_entry(MODEL), &format!("model, {drip:?}")).await;
        fails_in_time(client.catalogue_page(&CatalogueQuery::default()), &format!("models, {drip:?}")).await;
        fails_in_time(client.categories(), &format!("categories, {drip:?}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_when_its_time_is_up() {
    for drip in DRIPS {
        let (emulator, id) = dripping(drip).await;
        let job = settings(&emulator).build().expect("a client").untyped_job(&id).expect("an id");
        let begun = Instant::now();
        let ending = job.wait_timeout(LIMIT).await.expect("an ending");
        assert!(matches!(ending, Ending::StillRunning(_)), "{drip:?}: {ending:?}");
        assert!(begun.elapsed() <= LIMIT + seconds(1), "{drip:?} takes {:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_download_that_drips_ends() {
    for (drip, retries) in DRIPS.into_iter().flat_map(|drip| [(drip, 0), (drip, 2)]) {
        let (emulator, id) = dripping(drip).await;
        emulator.advance(seconds(600));
        let url = format!("{}/files/{id}/0.mp4", emulator.files_url());
        let here = url.parse().expect("a URL");
        let downloader = Downloader::builder().allow_local(&here).read_timeout(LIMIT).max_retries(retries).build();
        let folder = tempfile::tempdir().expect("a folder");
        let begun = Instant::now();
        let saved = downloader.expect("a downloader").download(&url, folder.path().join("f.mp4")).await;
        assert!(saved.is_err(), "{drip:?}");
        let most = seconds(7) * (1 + u32::try_from(retries).expect("few"));
        assert!(begun.elapsed() <= most, "{drip:?} takes {:?}", begun.elapsed());
    }
}
