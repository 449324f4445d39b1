//! A cluster: made, started, started again and ended by a shell that outlives this process by a moment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::programs;

/// A server with databases.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    databases: AtomicU32,
    shell: Mutex<Shell>,
}

/// It reads an order in each line, and answers with a line. At the end of its input it ends the server and removes the folder;
/// the system sees to that end when the process that started it is no more.
#[derive(Debug)]
struct Shell {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

const SCRIPT: &str = r#"
programs=$1 folder=$2 settings=$3
control() { "$programs/pg_ctl" "$@" -s -w -t 120 -D "$folder/data" -l "$folder/log" >/dev/null 2>>"$folder/log"; }
trap 'rm -rf "$folder"' EXIT
"$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1 \
    && printf '%s\n' "$settings" >>"$folder/data/postgresql.conf" && control start || { cat "$folder/log" >&2; exit 1; }
echo ready
while read -r order; do control restart -m immediate && echo ready; done
"$programs/pg_ctl" stop -s -w -m immediate -D "$folder/data" >/dev/null 2>&1
"#;

impl Cluster {
    /// The one of this process, whose commits are not synced to a disk: no power fails in a test. `None` where PostgreSQL is not
    /// installed, which is said.
    ///
    /// # Panics
    /// If there must be one, or it does not start.
    #[must_use]
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::start(&["fsync = off"])).as_ref();
        if shared.is_none() {
            programs::left_out();
        }
        shared
    }

    /// A new one with these lines in its settings. `None` where PostgreSQL is not installed.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(settings: &[&str]) -> Option<Self> {
        let programs = programs::folder()?;
        let folder = tempfile::tempdir().expect("a folder").keep();
        let own = [
            "listen_addresses = ''".to_owned(),
            format!("unix_socket_directories = '{}'", folder.display()),
            "max_connections = 300".to_owned(),
        ];
        let settings: Vec<&str> = own.iter().map(String::as_str).chain(settings.iter().copied()).collect();
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "sh"]).arg(&programs).arg(&folder).arg(settings.join("\n"));
        if std::fs::metadata(&folder).expect("a folder").uid() == 0 {
            let (user, group) = another_user();
            chown(&folder, Some(user), Some(group)).expect("root may give it away");
            shell.uid(user).gid(group);
        }
        // In a group of its own: what interrupts the tests must not end it before its work is done.
        shell.process_group(0).current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = shell.spawn().expect("a shell");
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut shell = Shell { child, orders, answers };
        shell.until_ready();
        Some(Self { programs, folder, databases: AtomicU32::new(0), shell: Mutex::new(shell) })
    }

    /// The URL of a new, empty database.
    ///
    /// # Panics
    /// If the server does not make one.
    #[must_use]
    pub fn database(&self) -> String {
        let name = format!("d{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.run("createdb", &[&name]);
        self.url(&name)
    }

    /// The URL of a new database that has what another has, as a backup that was restored.
    ///
    /// # Panics
    /// If the server does not make one.
    #[must_use]
    pub fn copy_of(&self, url: &str) -> String {
        let (copy, text) = (self.database(), self.folder.join(format!("{}.sql", name(url))));
        std::fs::write(&text, self.text_of(url)).expect("a file");
        self.run("psql", &["-q", "-v", "ON_ERROR_STOP=1", "-f", &text.to_string_lossy(), name(&copy)]);
        copy
    }

    /// All that a database has, as the statements that make it.
    ///
    /// # Panics
    /// If the server does not tell.
    #[must_use]
    pub fn text_of(&self, url: &str) -> Vec<u8> {
        self.run("pg_dump", &[name(url)])
    }

    /// Runs a statement.
    ///
    /// # Panics
    /// If the server refuses it.
    pub fn sql(&self, url: &str, statement: &str) {
        self.run("psql", &["-q", "-v", "ON_ERROR_STOP=1", "-c", statement, name(url)]);
    }

    /// Ends the server as a crash does, and starts it again.
    ///
    /// # Panics
    /// If it does not start.
    pub fn restart(&self) {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let orders = shell.orders.as_mut().expect("it lives");
        orders.write_all(b"restart\n").expect("the shell reads");
        shell.until_ready();
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://postgres@localhost/{name}?host={}", self.folder.display())
    }

    /// Runs a program that asks the server, and gives what it says.
    fn run(&self, program: &str, args: &[&str]) -> Vec<u8> {
        let mut command = Command::new(self.programs.join(program));
        let said = command.arg("-h").arg(&self.folder).args(["-U", "postgres"]).args(args).output();
        let said = said.expect("a program of PostgreSQL");
        assert!(said.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&said.stderr));
        said.stdout
    }
}

/// The shared one stays until the process ends.
impl Drop for Cluster {
    fn drop(&mut self) {
        let shell = self.shell.get_mut().unwrap_or_else(PoisonError::into_inner);
        drop(shell.orders.take());
        _ = shell.child.wait();
    }
}

impl Shell {
    fn until_ready(&mut self) {
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the shell's word");
        assert_eq!(answer, "ready\n", "PostgreSQL does not start; its words are above");
    }
}

/// The database in a URL of ours.
fn name(url: &str) -> &str {
    let place = url.split('?').next().unwrap_or_default();
    place.rsplit('/').next().unwrap_or_default()
}

/// Another user and their group: PostgreSQL does not run as root.
fn another_user() -> (u32, u32) {
    let known = std::fs::read_to_string(Path::new("/etc/passwd")).expect("the users of this machine");
    let of = |name: &str| {
        let line = known.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map_while(|id| id.parse().ok());
        Some((ids.next()?, ids.next()?))
    };
    of("postgres").or_else(|| of("nobody")).expect("a user `postgres` or `nobody`, for PostgreSQL does not run as root")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_started_again_with_what_it_has_and_leaves_nothing_behind() {
        let Some(cluster) = Cluster::start(&["fsync = off"]) else { return programs::left_out() };
        let url = cluster.database();
        cluster.sql(&url, "CREATE TABLE kept (number BIGINT)");
        cluster.restart();
        cluster.sql(&url, "INSERT INTO kept VALUES (1)");
        cluster.sql(&cluster.copy_of(&url), "DO $$ BEGIN ASSERT (SELECT COUNT(*) = 1 FROM kept); END $$");
        let folder = cluster.folder.clone();
        assert!(folder.is_dir());
        drop(cluster);
        assert!(!folder.exists());
    }
}
