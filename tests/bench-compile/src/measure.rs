//! Costs of programs: a command in, its CPU seconds and its peak memory out. Knows nothing of crates.

use std::io::{Read as _, Seek as _};
use std::process::{Command, Stdio};

use runcomfy_codegen::{Error, ErrorKind};
use wait4::Wait4 as _;

/// What a program took, everything it started included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cost {
    /// User and system time, in seconds.
    pub(crate) cpu_seconds: f64,
    /// The largest resident set of one process, in MiB.
    pub(crate) peak_mib: f64,
}

/// Runs a program to its end; what it prints is shown only if it fails.
pub(crate) fn run(command: &mut Command) -> Result<Cost, Error> {
    let name = command.get_program().display().to_string();
    let shown = command.get_args().map(|argument| argument.display().to_string()).collect::<Vec<_>>().join(" ");
    let fail = |message: String| Error::new(ErrorKind::Io, format!("`{name} {shown}` {message}"));
    let unread = |error: std::io::Error| fail(format!("can't be run: {error}"));
    // A file, for a pipe that nobody empties would stop the program.
    let mut said = tempfile::tempfile().map_err(unread)?;
    let copy = said.try_clone().map_err(unread)?;
    let mut child = command.stdout(Stdio::null()).stderr(copy).spawn().map_err(unread)?;
    let ended = child.wait4().map_err(unread)?;
    if !ended.status.success() {
        let mut text = String::new();
        _ = said.rewind().and_then(|()| said.read_to_string(&mut text));
        return Err(fail("failed".to_owned()).help(text));
    }
    let used = ended.rusage;
    Ok(Cost { cpu_seconds: (used.utime + used.stime).as_secs_f64(), peak_mib: used.maxrss as f64 / f64::from(1 << 20) })
}

/// The least time and the highest peak of two measurements, each taken this many times by turns: noise only ever adds
/// time, and what slows the machine down meets both.
pub(crate) fn by_turns(
    runs: usize,
    mut one: impl FnMut() -> Result<Cost, Error>,
    mut other: impl FnMut() -> Result<Cost, Error>,
) -> Result<[Cost; 2], Error> {
    let mut best = [one()?, other()?];
    for _ in 1..runs {
        best = [best[0].better(one()?), best[1].better(other()?)];
    }
    Ok(best)
}

impl Cost {
    fn better(self, other: Self) -> Self {
        Self { cpu_seconds: self.cpu_seconds.min(other.cpu_seconds), peak_mib: self.peak_mib.max(other.peak_mib) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_alternate_and_keep_the_least_time_and_the_highest_peak() {
        let turns = std::cell::RefCell::new(String::new());
        let mut times = [3.0, 1.0, 2.0].into_iter();
        let mut turn = |name| {
            turns.borrow_mut().push(name);
            let cpu_seconds = if name == 'a' { times.next().unwrap_or_default() } else { 5.0 };
            Ok(Cost { cpu_seconds, peak_mib: cpu_seconds * 10.0 })
        };
        let turn = std::cell::RefCell::new(&mut turn);
        let best = by_turns(3, || turn.borrow_mut()('a'), || turn.borrow_mut()('b')).expect("no faults");
        assert_eq!(turns.borrow().as_str(), "ababab");
        assert_eq!(best[0], Cost { cpu_seconds: 1.0, peak_mib: 30.0 });
    }

    #[test]
    fn a_program_that_fails_is_shown_with_what_it_said() {
        let error = run(Command::new("cargo").arg("no-such-command")).expect_err("it fails");
        assert!(error.message.contains("no-such-command") && !error.help.is_empty(), "{error}");
        assert!(run(&mut Command::new("no-such-program")).expect_err("not there").message.contains("can't be run"));
    }
}
