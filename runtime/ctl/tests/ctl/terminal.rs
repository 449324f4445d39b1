//! The program in a terminal: colours, the spinner, and what Ctrl-C does.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use runcomfy_emulator::{Fault, Faults, Route};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;
use tokio::sync::mpsc;

use crate::desk::{Desk, MODEL, builder};
use crate::inputs::PNG;

/// A terminal with a program in it.
pub(crate) struct Terminal {
    keys: File,
    child: Child,
    hears: mpsc::UnboundedReceiver<Vec<u8>>,
    said: String,
}

impl Terminal {
    pub(crate) fn new(mut program: Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal");
        let name = ptsname(&master, Vec::new()).expect("a name");
        let name = std::ffi::OsStr::from_bytes(name.as_bytes());
        let screen = File::options().read(true).write(true).open(name).expect("a terminal");
        let again = || screen.try_clone().expect("a terminal");
        let child =
            program.env("TERM", "xterm").stdin(again()).stdout(again()).stderr(again()).spawn().expect("the program");
        let keys = File::from(master);
        let mut shown = keys.try_clone().expect("a terminal");
        let (heard, hears) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // It ends with an error once nobody has the other end.
            while let Ok(count @ 1..) = shown.read(&mut bytes) {
                _ = heard.send(bytes[..count].to_vec());
            }
        });
        Self { keys, child, hears, said: String::new() }
    }

    async fn more(&mut self) -> bool {
        let bytes = tokio::time::timeout(Duration::from_secs(60), self.hears.recv()).await;
        let bytes = bytes.unwrap_or_else(|_| panic!("it says nothing more: {}", self.said));
        self.said.extend(bytes.iter().map(|bytes| String::from_utf8_lossy(bytes)));
        bytes.is_some()
    }

    /// Waits until it has said that.
    pub(crate) async fn until(&mut self, text: &str) {
        while !self.said.contains(text) {
            assert!(self.more().await, "it ended, and said: {}", self.said);
        }
    }

    fn ctrl_c(&self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.expect("a signal").success());
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
    }

    /// Its exit code, and all that was on the screen.
    pub(crate) async fn end(mut self) -> (Option<i32>, String) {
        while self.more().await {}
        let code = self.child.wait().expect("ended").code();
        (code, self.said)
    }
}

fn run(desk: &Desk, prompt: &str) -> Command {
    desk.program(&["run", MODEL, "--prompt", prompt, "--image", "photo.png", "--budget-usd", "1"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colours_and_the_spinner_are_on_terminals_only() {
    let desk = Desk::new(builder()).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let wrong = ["check", MODEL, "--steps", "99"];
    let (code, said) = Terminal::new(desk.program(&wrong)).end().await;
    assert_eq!(code, Some(65), "{said}");
    assert!(said.contains("\x1b[1m\x1b[31merror"), "{said:?}");
    let piped = desk.run_beside(&wrong).await;
    assert!(piped.err.starts_with("error: "), "{piped:?}");
    let mut plain = desk.program(&wrong);
    plain.env("NO_COLOR", "1");
    assert!(!Terminal::new(plain).end().await.1.contains("\x1b["));

    let (code, said) = Terminal::new(run(&desk, "a lone figure")).end().await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\x1b[") && said.contains("1-0.mp4"), "a spinner, and a film: {said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_ctrl_c_asks_and_the_second_leaves() {
    // One job at a time, so that the second one is queued.
    let desk = Desk::new(builder().speed(1.0).workers(1)).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let mut terminal = Terminal::new(run(&desk, "the first"));
    terminal.until("submitted as").await;
    terminal.ctrl_c();
    terminal.until("cancel the job").await;
    terminal.ctrl_c();
    let (code, said) = terminal.end().await;
    assert_eq!(code, Some(75), "{said}");
    assert!(said.contains("runcomfyctl run") && said.contains("goes on with it"), "{said}");

    let mut terminal = Terminal::new(run(&desk, "the second"));
    terminal.until("submitted as").await;
    terminal.ctrl_c();
    terminal.until("cancel the job").await;
    terminal.types("y\n");
    let (code, said) = terminal.end().await;
    assert_eq!(code, Some(69), "{said}");
    assert!(said.contains("the job is cancelled"), "{said}");

    // "No" leaves everything as it was.
    let mut terminal = Terminal::new(run(&desk, "the first"));
    terminal.until("going on with job 1").await;
    terminal.until("submitting").await;
    desk.emulator().advance(Duration::from_secs(600));
    let (code, said) = terminal.end().await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(desk.emulator().account().accepted().count(), 2);
}

/// What differs on a terminal of the other commands: colours, and that nobody is asked anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_commands_have_weights_on_terminals_only() {
    let desk = Desk::offline();
    for (args, is_styled) in [
        (&["show", MODEL][..], true),
        (&["run", MODEL, "--help"], true),
        (&["show", "nope"], true),
        (&["batch", "status", "nope"], true),
        (&["mcp", "--budget-usd", "5"], true),
        (&["models", "wan"], false),
        (&["batch", "status"], false),
        (&["show", MODEL, "--json"], false),
        (&["schema", MODEL], false),
    ] {
        let (code, said) = Terminal::new(desk.program(args)).end().await;
        assert_eq!(said.contains('\u{1b}'), is_styled, "{args:?}: {said:?}");
        let piped = desk.run(args);
        assert!(!piped.out.contains('\u{1b}') && !piped.err.contains('\u{1b}'), "{args:?}: {piped:?}");
        assert_eq!(piped.code, code, "{args:?}: {piped:?}");
    }
}

/// A batch shows a spinner; the first Ctrl-C lets what is sent be noted, the second does not wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_left_with_one_press_or_at_once_with_two() {
    // The second submit is not answered in time: leaving waits for it.
    let stall = Faults::none().nth(Route::Submit, 2, Fault::SlowHead(Duration::from_secs(30)));
    let desk = Desk::new(builder().speed(1.0).faults(stall)).await;
    let input =
        |seed| json!({"model": MODEL, "input": {"prompt": "x", "image": "https://example.com/a.png", "seed": seed}});
    fs::write(desk.path("films.jsonl"), input(1).to_string()).expect("a file");
    let add = ["batch", "add", "films.jsonl", "--per-job-usd", "0.05"];
    assert_eq!(desk.run_beside(&add).await.code, Some(0));
    let mut terminal = Terminal::new(desk.program(&["batch", "run", "jobs"]));
    terminal.until("submitted as").await;
    terminal.ctrl_c();
    let (code, said) = terminal.end().await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("submitted") && !said.contains("cancel the job"), "{said}");

    fs::write(desk.path("films.jsonl"), input(2).to_string()).expect("a file");
    assert_eq!(desk.run_beside(&add).await.code, Some(0));
    let mut terminal = Terminal::new(desk.program(&["batch", "run", "jobs"]));
    while desk.emulator().account().accepted().count() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    terminal.ctrl_c();
    tokio::time::sleep(Duration::from_millis(200)).await;
    while !terminal.said.contains("left at once") {
        terminal.ctrl_c();
        terminal.more().await;
    }
    let (code, said) = terminal.end().await;
    assert_eq!(code, Some(75), "{said}");
    assert_eq!(desk.emulator().account().accepted().count(), 2);
}

/// Ctrl-C at any moment: the program ends, the same command goes on, and one job is paid.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_at_any_moment_leaves_one_job() {
    let desk = Desk::new(builder().speed(40.0)).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    for moment in (0..16).map(|step| Duration::from_millis(step * 25)) {
        let mut program = run(&desk, "at any moment");
        program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = program.spawn().expect("the program");
        tokio::time::sleep(moment).await;
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.is_ok());
        let ended = tokio::task::spawn_blocking(move || child.wait());
        let ended =
            tokio::time::timeout(Duration::from_secs(60), ended).await.expect("it ends").expect("ran").expect("ended");
        // By the signal itself, before there is anything to lose; left; or done.
        assert!([None, Some(75), Some(0)].contains(&ended.code()), "{moment:?}: {ended}");
        if ended.code() == Some(0) {
            break;
        }
    }
    let before = desk.emulator().account().accepted().count();
    let ran = desk.run_beside(&["batch", "status", "--json"]).await.json();
    let open = ran.as_object().expect("batches").values().all(|batch| batch["states"]["submitting"].is_null());
    assert!(before <= 1 && open, "{ran}");
}
