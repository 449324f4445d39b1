//! The example `batch`, killed at bad moments and started again: every prompt is paid for once.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use runcomfy_emulator::{Emulator, Fault, Faults, Route, When};
use tempfile::TempDir;
use workspace_tests::examples::example;

const PROMPTS: usize = 12;

/// A folder with prompts, and the emulator that runs them.
struct Desk {
    folder: TempDir,
    emulator: Emulator,
}

impl Desk {
    async fn new(faults: Faults) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let prompts: String = (0..PROMPTS).map(|number| format!("prompt {number}\n")).collect();
        fs::write(folder.path().join("prompts.txt"), prompts).expect("a file");
        let emulator = Emulator::builder(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../schemas"))
            .processing_time(Duration::from_secs(20))
            .speed(40.0)
            .token("token-of-the-batch-test")
            .faults(faults)
            .start()
            .await
            .expect("an emulator");
        Self { folder, emulator }
    }

    fn batch(&self) -> Command {
        let mut command = example("batch");
        let path = |name: &str| self.folder.path().join(name);
        command.args(["--live", "--at-once", "3", "--prompts"]).arg(path("prompts.txt"));
        command.arg("--table").arg(path("jobs")).arg("--out").arg(path("films"));
        command.env("RUNCOMFY_MODEL_API_BASE", self.emulator.base_url());
        command.env("RUNCOMFY_TOKEN", self.emulator.token());
        command
    }

    /// Starts the program, and kills it as soon as the emulator took so many jobs.
    async fn kill_after(&self, jobs: usize) {
        let mut program = self.batch().stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the example");
        let begun = Instant::now();
        while self.emulator.account().accepted().count() < jobs {
            assert!(begun.elapsed() < Duration::from_secs(60), "the example does not submit");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // No signal that a program could answer.
        program.kill().expect("it runs");
        program.wait().expect("it is over");
    }

    async fn run(&self) -> Output {
        let mut command = self.batch();
        tokio::task::spawn_blocking(move || command.output()).await.expect("no panic").expect("the example")
    }

    /// How many jobs the emulator took of each prompt.
    fn taken(&self) -> BTreeMap<String, usize> {
        let mut taken = BTreeMap::new();
        for submission in self.emulator.account().accepted() {
            let texts = submission.body.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_str());
            // Under the key that the example was compiled with: the example sends the published model.
            let mut prompts = texts.filter(|text| text.starts_with("prompt "));
            *taken.entry(prompts.next().unwrap_or_default().to_owned()).or_default() += 1;
        }
        taken
    }

    fn films(&self) -> usize {
        let films = fs::read_dir(self.folder.path().join("films")).expect("a folder");
        films.filter(|film| film.as_ref().is_ok_and(|film| film.path().extension().is_some_and(|e| e == "mp4"))).count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_was_killed_twice_pays_for_each_prompt_once() {
    let desk = Desk::new(Faults::none()).await;
    desk.kill_after(3).await;
    desk.kill_after(7).await;
    let last = desk.run().await;
    let said = String::from_utf8_lossy(&last.stdout);
    // A kill may hit the moment between a submit and its note: then the prompt is reported, never sent again.
    let unknown = said.matches("outcome unknown, not submitted again").count();
    assert_eq!(last.status.success(), unknown == 0, "{said}");
    assert_eq!(desk.films() + unknown, PROMPTS, "{said}");
    let taken = desk.taken();
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
    assert!(taken.len() + unknown >= PROMPTS, "{taken:?}\n{said}");

    // What is done stays done.
    let before = desk.emulator.account().submissions().len();
    desk.run().await;
    assert_eq!(desk.emulator.account().submissions().len(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_that_was_put_on_top_is_refused_and_nothing_is_paid_twice() {
    let desk = Desk::new(Faults::none()).await;
    desk.run().await;
    let before = desk.emulator.account().submissions().len();
    let file = desk.folder.path().join("prompts.txt");
    let prompts = fs::read_to_string(&file).expect("the prompts");
    fs::write(&file, format!("one more\n{prompts}")).expect("edited");
    let last = desk.run().await;
    let said = String::from_utf8_lossy(&last.stderr);
    assert!(!last.status.success() && said.contains("holds another job than this line asks for"), "{said}");
    assert_eq!(desk.emulator.account().submissions().len(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_of_a_submit_is_reported_and_not_repeated() {
    // The answer to the second submit takes longer than the program lives.
    let slow = Fault::SlowBody(Duration::from_secs(60));
    let desk = Desk::new(Faults::none().nth(Route::Submit, 2, slow)).await;
    desk.kill_after(4).await;
    let last = desk.run().await;
    let said = String::from_utf8_lossy(&last.stdout);
    assert!(!last.status.success());
    assert!(said.contains("a program ended while it submitted this job"), "{said}");
    let taken = desk.taken();
    assert_eq!(taken.len(), PROMPTS, "the slow one was taken, too");
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_got_lost_is_reported_and_not_sent_again() {
    let desk = Desk::new(Faults::none().nth(Route::Submit, 5, Fault::Reset(When::After))).await;
    for _ in 0..2 {
        let run = desk.run().await;
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(!run.status.success());
        assert_eq!(said.matches("outcome unknown, not submitted again").count(), 1, "{said}");
        assert!(!said.contains(desk.emulator.token()), "{said}");
    }
    assert_eq!(desk.films(), PROMPTS - 1);
    let taken = desk.taken();
    assert_eq!(taken.len(), PROMPTS);
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_that_the_table_can_not_take_is_printed_wherever_that_is_possible() {
    for full_stdout in [false, true] {
        let drip = Fault::SlowBody(Duration::from_secs(2));
        let desk = Desk::new(Faults::none().rate(Route::Submit, drip, 1.0)).await;
        let mut command = desk.batch();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if full_stdout {
            let Ok(full) = fs::File::options().write(true).open("/dev/full") else { continue };
            command.stdout(full);
        }
        let program = command.spawn().expect("the example");
        // Between a submit and its note: the answer drips, and the table has no room for it.
        while desk.emulator.account().accepted().count() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let table = desk.folder.path().join("jobs");
        fs::rename(&table, table.with_extension("gone")).expect("a table");
        let output =
            tokio::task::spawn_blocking(|| program.wait_with_output()).await.expect("no panic").expect("output");
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        for submission in desk.emulator.account().accepted() {
            let id = submission.request_id.as_deref().unwrap_or_default();
            assert!(said.matches(id).count() >= 2, "{id}, and what to do with it: {said}");
        }
        assert!(desk.emulator.account().accepted().count() <= 3, "nothing is submitted that can't be noted");
        assert!(said.contains("12 unfinished"), "it goes on to its end: {said}");
    }
}
