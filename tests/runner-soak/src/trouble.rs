//! The worker processes, and what is done to them: killed, stopped beyond their leases and continued, cut off from their disk or
//! their database. Must not know what the laws are.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fastrand::Rng;
use runcomfy_runner::Batch;
use rustix::process::{Pid, Signal, kill_process};

use crate::child::{LEASE, Settings, VARIABLE};
use crate::{Desk, Options, Report, SCHEMAS, is_done};

/// How long all of them may take for a job, before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often something is done to one of them.
const CALM: Duration = Duration::from_millis(1500);

pub(crate) struct Workers<'a> {
    desk: &'a Desk,
    options: &'a Options,
    rng: Rng,
    all: Vec<Option<Child>>,
    /// Which one is stopped, and since when.
    stopped: Option<(usize, Instant)>,
    /// Which one can't write much to its disk.
    full: Option<usize>,
    next: Instant,
    pub(crate) report: Report,
}

impl<'a> Workers<'a> {
    pub(crate) fn new(options: &'a Options, desk: &'a Desk) -> Self {
        let all = (0..options.workers).map(|_| None).collect();
        let (rng, report) = (Rng::with_seed(options.seed), Report::default());
        Self { desk, options, rng, all, stopped: None, full: None, next: Instant::now() + CALM, report }
    }

    /// Starts those that have ended, again and again, and lets things happen to them, until nothing is left to do.
    pub(crate) async fn until_all_is_done(
        &mut self,
        worker: &impl Fn() -> Command,
        batch: &Batch,
    ) -> Result<(), String> {
        let latest = Instant::now() + Duration::from_secs(120) + PATIENCE * self.options.jobs;
        loop {
            for i in 0..self.all.len() {
                self.start(i, worker)?;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            if self.options.rough && Instant::now() > self.next {
                self.something().await;
            }
            match batch.summary().await {
                Ok(summary) if is_done(&summary, self.options.rough) => return Ok(()),
                // A server that is started again has no answer.
                Ok(_) | Err(_) if Instant::now() < latest => {}
                Ok(summary) => return Err(format!("they don't come to an end: {summary}")),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// Starts a worker in this place, if there is none.
    fn start(&mut self, i: usize, worker: &impl Fn() -> Command) -> Result<(), String> {
        if let Some(child) = &mut self.all[i] {
            match child.try_wait().map_err(|error| error.to_string())? {
                None => return Ok(()),
                // It may have found no server, or no disk.
                Some(status) if !status.success() && self.full != Some(i) => self.report.failed_starts += 1,
                Some(_) => {}
            }
        }
        let (desk, options) = (self.desk, self.options);
        let settings = Settings {
            url: desk.url.clone(),
            base: desk.emulator.base_url().to_owned(),
            token: desk.emulator.token().to_owned(),
            schemas: SCHEMAS.into(),
            films: options.rough.then(|| desk.films()),
            // As on machines of their own.
            state: desk.folder.path().join(format!("state-{i}")),
            at_once: options.at_once,
            hasty: options.rough,
            poll: 40,
        };
        let plain = worker();
        let mut command = match self.full == Some(i) {
            false => plain,
            true => self.on_a_full_disk(&plain),
        };
        let settings = serde_json::to_string(&settings).map_err(|error| error.to_string())?;
        command.env(VARIABLE, settings).stdout(Stdio::null());
        command.stderr(
            std::fs::File::create(desk.folder.path().join(format!("worker-{i}.log"))).map_err(|e| e.to_string())?,
        );
        self.all[i] = Some(command.spawn().map_err(|error| error.to_string())?);
        Ok(())
    }

    /// The same program with files that can't grow: as on a disk that takes no more, writes fail and nothing else happens.
    fn on_a_full_disk(&self, plain: &Command) -> Command {
        let blocks = std::fs::metadata(self.desk.folder.path().join("jobs.db")).map_or(0, |file| file.len() / 512);
        let mut shell = Command::new("sh");
        shell.args(["-c", r#"trap '' XFSZ; ulimit -f "$1"; shift; exec "$@""#, "sh"]).arg(blocks.to_string());
        shell.arg(plain.get_program()).args(plain.get_args());
        shell
    }

    /// Something happens to one of them.
    async fn something(&mut self) {
        self.next = Instant::now() + CALM;
        if let Some((i, since)) = self.stopped {
            if since.elapsed() > LEASE + CALM {
                self.signal(i, Signal::CONT);
                self.stopped = None;
            }
            return self.kill_another(i);
        }
        match self.rng.u32(0..6) {
            0 => {
                let i = self.rng.usize(0..self.all.len());
                if self.signal(i, Signal::STOP) {
                    self.report.stopped += 1;
                    self.stopped = Some((i, Instant::now()));
                }
            }
            1 if self.desk.cluster.is_some() => {
                self.report.restarts += 1;
                if let Some(cluster) = &self.desk.cluster {
                    tokio::task::block_in_place(|| cluster.restart());
                }
            }
            1 if self.full.is_none() && self.desk.url.starts_with("sqlite") => {
                let i = self.rng.usize(0..self.all.len());
                self.report.full_disks += 1;
                self.full = Some(i);
                self.kill(i);
            }
            2 => {
                if let Some(i) = self.full.take() {
                    self.kill(i);
                }
            }
            _ => self.kill_another(usize::MAX),
        }
    }

    fn kill_another(&mut self, than: usize) {
        let i = self.rng.usize(0..self.all.len());
        if i != than {
            self.kill(i);
        }
    }

    fn kill(&mut self, i: usize) {
        if let Some(mut child) = self.all[i].take() {
            self.report.killed += u64::from(child.kill().is_ok());
            _ = child.wait();
        }
    }

    fn signal(&self, i: usize, signal: Signal) -> bool {
        let pid = self.all[i].as_ref().and_then(|child| Pid::from_raw(i32::try_from(child.id()).ok()?));
        pid.is_some_and(|pid| kill_process(pid, signal).is_ok())
    }

    /// Waits until the last of them has ended.
    pub(crate) async fn end(&mut self) {
        if let Some((i, _)) = self.stopped.take() {
            self.signal(i, Signal::CONT);
        }
        if let Some(i) = self.full.take() {
            self.kill(i);
        }
        for child in self.all.iter_mut().filter_map(Option::take) {
            let ended = tokio::task::spawn_blocking(move || {
                let mut child = child;
                child.wait()
            });
            _ = ended.await;
        }
    }
}

/// None outlives the soak, whatever becomes of it.
impl Drop for Workers<'_> {
    fn drop(&mut self) {
        for child in self.all.iter_mut().flatten() {
            _ = child.kill();
            _ = child.wait();
        }
    }
}
