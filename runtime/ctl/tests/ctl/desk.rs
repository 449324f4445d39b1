//! An emulator, folders of its own, and the program.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use runcomfy_emulator::{Builder, Emulator};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::mpsc;

pub(crate) const MODEL: &str = "community/wan-2-2/vace-fun";
pub(crate) const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/downstream/schemas");

/// Folders of its own, for the store, the cache and files; and an emulator, for what needs one.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) emulator: Option<Emulator>,
}

/// An emulator whose jobs take little of a test's time.
pub(crate) fn builder() -> Builder {
    Emulator::builder(SCHEMAS).speed(400.0)
}

impl Desk {
    /// Without an emulator: nobody is signed in, and nothing can be sent.
    pub(crate) fn offline() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), emulator: None }
    }

    pub(crate) async fn new(builder: Builder) -> Self {
        let emulator = builder.start().await.expect("an emulator");
        Self { emulator: Some(emulator), ..Self::offline() }
    }

    pub(crate) fn emulator(&self) -> &Emulator {
        self.emulator.as_ref().expect("this desk has one")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, in the desk's folder, with nothing of the machine's own settings.
    pub(crate) fn program(&self, args: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_runcomfyctl"));
        program.env_clear().current_dir(self.folder.path()).args(args).env("COLUMNS", "80");
        program.env("HOME", self.folder.path());
        if let Some(emulator) = &self.emulator {
            program.env("RUNCOMFY_MODEL_API_BASE", emulator.base_url()).env("RUNCOMFY_TOKEN", emulator.token());
        }
        program
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.program(args).output().expect("the program"))
    }

    /// The same, beside an emulator of this process.
    pub(crate) async fn run_beside(&self, args: &[&str]) -> Ran {
        beside(self.program(args)).await
    }
}

/// Runs a program to its end, beside an emulator of this process.
pub(crate) async fn beside(mut program: Command) -> Ran {
    let output = tokio::task::spawn_blocking(move || program.output());
    let output = tokio::time::timeout(Duration::from_secs(120), output).await.expect("it comes to an end");
    Ran::of(&output.expect("it ran").expect("the program"))
}

/// What a program said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// With its exit code, as a snapshot has it.
    pub(crate) fn told(&self) -> String {
        format!("exit {}\n--- stdout\n{}--- stderr\n{}", self.code.unwrap_or(-1), self.out, self.err)
    }
}

/// A program that runs, and what it says on its standard error, line by line.
pub(crate) struct Watched {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
    said: String,
}

impl Watched {
    pub(crate) fn new(mut program: Command) -> Self {
        let mut child = program.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program");
        let stderr = child.stderr.take().expect("a pipe");
        let (heard, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                _ = heard.send(line.expect("a line"));
            }
        });
        Self { child, lines, said: String::new() }
    }

    /// Waits until it says that.
    pub(crate) async fn until(&mut self, text: &str) {
        while !self.said.contains(text) {
            assert!(self.line().await, "it ended, and said: {}", self.said);
        }
    }

    async fn line(&mut self) -> bool {
        let line = tokio::time::timeout(Duration::from_secs(60), self.lines.recv()).await;
        let line = line.unwrap_or_else(|_| panic!("it says nothing more: {}", self.said));
        self.said.extend(line.iter().flat_map(|line| [line.as_str(), "\n"]));
        line.is_some()
    }

    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.expect("a signal").success());
    }

    /// Ends it as by a crash.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Its exit code, and all that it said.
    pub(crate) async fn end(mut self) -> (Option<i32>, String) {
        while self.line().await {}
        (self.child.wait().expect("ended").code(), self.said)
    }
}
