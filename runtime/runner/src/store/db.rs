//! The two databases behind one interface: transactions, statements with a name, values, rows. The one module that knows
//! sqlx. Must not know what the tables mean.

#[cfg(test)]
pub(super) mod mishap;

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _, Sqlite, Transaction};
#[cfg(feature = "postgres")]
use sqlx::{Connection as _, Postgres, postgres};

use crate::Error;

/// How long a statement waits for another process that writes.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a server that does not answer is asked when a store is opened: it may be about to start. Nobody waits longer to hear that its
/// place is wrong.
#[cfg(feature = "postgres")]
const PATIENCE_TO_OPEN: Duration = Duration::from_secs(5);

/// A statement of both databases: numbered parameters, integers of 64 bits and texts.
#[derive(Debug)]
pub(super) struct Statement {
    /// What it does, for errors, traces and tests.
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// A value that is given to a statement.
#[derive(Clone, Debug)]
pub(super) enum Arg {
    Int(Option<i64>),
    Text(Option<String>),
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Arg {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<Option<&str>> for Arg {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

/// The values of a statement, each by its own conversion.
macro_rules! args {
    ($($value:expr),* $(,)?) => { [$($crate::store::db::Arg::from($value)),*] };
}
pub(super) use args;

/// A row that a statement gave.
pub(super) enum Row {
    Sqlite(sqlx::sqlite::SqliteRow),
    #[cfg(feature = "postgres")]
    Postgres(postgres::PgRow),
}

/// What a column can be read as.
pub(super) trait Column: Sized {
    fn of(row: &Row, index: usize) -> Result<Self, sqlx::Error>;
}

macro_rules! column {
    ($($type:ty),*) => { $(impl Column for $type {
        fn of(row: &Row, index: usize) -> Result<Self, sqlx::Error> {
            match row {
                Row::Sqlite(row) => row.try_get(index),
                #[cfg(feature = "postgres")]
                Row::Postgres(row) => row.try_get(index),
            }
        }
    })* };
}

column!(i64, Option<i64>, String, Option<String>);

impl Row {
    /// The value of a column.
    pub(super) fn get<T: Column>(&self, index: usize) -> Result<T, Error> {
        T::of(self, index).map_err(|error| Error::Database { statement: "read a column", reason: error.to_string() })
    }
}

/// A database.
#[derive(Clone)]
pub(super) enum Db {
    Sqlite(SqlitePool),
    #[cfg(feature = "postgres")]
    Postgres(postgres::PgPool),
}

/// A transaction; what is not committed is undone.
pub(super) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// A database in a file, which is made if it is not there.
    pub(super) async fn sqlite(path: &Path, synchronous: SqliteSynchronous) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .disable_statement_logging();
        // One writer at a time is what SQLite has; a queue in the process is fairer than its waiting.
        let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options).await;
        let reason = |error: sqlx::Error| format!("no SQLite database can be opened here: {error}");
        pool.map(Self::Sqlite).map_err(|error| Error::Open { place: path.display().to_string(), reason: reason(error) })
    }

    /// A database on a server. Its password may stand in the environment.
    #[cfg(feature = "postgres")]
    pub(super) async fn postgres(url: &str, place: &str) -> Result<Self, Error> {
        let opening = |error: sqlx::Error| Error::Open { place: place.to_owned(), reason: error.to_string() };
        let options: postgres::PgConnectOptions = url.parse().map_err(opening)?;
        let options = options.disable_statement_logging();
        // A pool would not say why it has no connection.
        let mut first = connected(&options).await.map_err(opening)?;
        let commits: String =
            sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut first).await.map_err(opening)?;
        if matches!(commits.as_str(), "off" | "local") {
            let reason = format!(
                "synchronous_commit is {commits}: a commit must be on disk before a job is paid for; set it to on"
            );
            return Err(Error::Open { place: place.to_owned(), reason });
        }
        first.close().await.map_err(opening)?;
        let pool = postgres::PgPoolOptions::new().max_connections(8).acquire_timeout(PATIENCE);
        Ok(Self::Postgres(pool.connect_lazy_with(options)))
    }

    /// For what only reads: in SQLite it waits for no writer, and no writer for it.
    pub(super) async fn read(&self) -> Result<Tx, Error> {
        match self {
            Self::Sqlite(pool) => pool
                .begin()
                .await
                .map(Tx::Sqlite)
                .map_err(|error| Error::Database { statement: "begin", reason: error.to_string() }),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => self.begin().await,
        }
    }

    pub(super) async fn begin(&self) -> Result<Tx, Error> {
        let begun = match self {
            Self::Sqlite(pool) => pool.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        };
        begun.map_err(|error| Error::Database { statement: "begin", reason: error.to_string() })
    }
}

/// A connection to a server, which may be about to start.
#[cfg(feature = "postgres")]
async fn connected(options: &postgres::PgConnectOptions) -> Result<postgres::PgConnection, sqlx::Error> {
    let latest = tokio::time::Instant::now() + PATIENCE_TO_OPEN;
    loop {
        let connected = tokio::time::timeout_at(latest, options.connect()).await;
        let error = match connected {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => error,
            Err(_) => {
                let text = format!("it has not answered for {} seconds", PATIENCE_TO_OPEN.as_secs());
                return Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, text)));
            }
        };
        let may_pass = match &error {
            sqlx::Error::Io(_) => true,
            // It is starting, or has too many connections.
            sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P03" | "53300")),
            _ => false,
        };
        let again = tokio::time::Instant::now() + Duration::from_millis(200);
        if !may_pass || again >= latest {
            return Err(error);
        }
        tokio::time::sleep_until(again).await;
    }
}

/// The text of a statement, as this test wants it.
fn text_of(statement: &Statement) -> &'static str {
    #[cfg(test)]
    if let Some(text) = mishap::weakened(statement.name) {
        return text;
    }
    statement.text
}

macro_rules! bound {
    ($database:ty, $text:expr, $args:expr) => {{
        let mut query = sqlx::query::<$database>($text);
        for arg in $args {
            query = match arg.clone() {
                Arg::Int(value) => query.bind(value),
                Arg::Text(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Tx {
    /// Runs a statement, and gives the number of rows it changed.
    pub(super) async fn run(&mut self, statement: &Statement, args: &[Arg]) -> Result<u64, Error> {
        tracing::trace!(target: "runcomfy_runner::store", statement = statement.name, "runs");
        let text = text_of(statement);
        let done = match self {
            Self::Sqlite(tx) => bound!(Sqlite, text, args).execute(&mut **tx).await.map(|done| done.rows_affected()),
            #[cfg(feature = "postgres")]
            Self::Postgres(tx) => {
                bound!(Postgres, text, args).execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        };
        done.map_err(|error| Error::Database { statement: statement.name, reason: error.to_string() })
    }

    /// Runs a statement, and gives its rows.
    pub(super) async fn rows(&mut self, statement: &Statement, args: &[Arg]) -> Result<Vec<Row>, Error> {
        tracing::trace!(target: "runcomfy_runner::store", statement = statement.name, "runs");
        let text = text_of(statement);
        let rows = match self {
            Self::Sqlite(tx) => {
                let rows = bound!(Sqlite, text, args).fetch_all(&mut **tx).await;
                rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(tx) => {
                let rows = bound!(Postgres, text, args).fetch_all(&mut **tx).await;
                rows.map(|rows| rows.into_iter().map(Row::Postgres).collect())
            }
        };
        rows.map_err(|error| Error::Database { statement: statement.name, reason: error.to_string() })
    }

    /// Runs a statement, and gives its row, if there is one.
    pub(super) async fn row(&mut self, statement: &Statement, args: &[Arg]) -> Result<Option<Row>, Error> {
        Ok(self.rows(statement, args).await?.into_iter().next())
    }

    /// Runs a statement, and gives the first column of its row, if there is one.
    pub(super) async fn value<T: Column>(&mut self, statement: &Statement, args: &[Arg]) -> Result<Option<T>, Error> {
        self.row(statement, args).await?.map(|row| row.get(0)).transpose()
    }

    /// Runs a statement of a migration, whose text is ours and has no parameters.
    pub(super) async fn migrate(&mut self, text: &str) -> Result<(), Error> {
        let done = match self {
            Self::Sqlite(tx) => sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await.map(drop),
            #[cfg(feature = "postgres")]
            Self::Postgres(tx) => sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await.map(drop),
        };
        done.map_err(|error| Error::Database { statement: "migrate", reason: error.to_string() })
    }

    /// Whether this is PostgreSQL.
    pub(super) fn is_postgres(&self) -> bool {
        !matches!(self, Self::Sqlite(_))
    }

    /// Milliseconds since 1970: of this machine's clock where there is one machine only, else of the database's, never of a
    /// worker's.
    pub(super) async fn now(&mut self) -> Result<i64, Error> {
        let now = match self {
            Self::Sqlite(_) => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => self.value(&NOW, &[]).await?.unwrap_or_default(),
        };
        #[cfg(test)]
        let now = mishap::now(now);
        Ok(now)
    }

    /// Makes it last. An error leaves open whether it does.
    pub(super) async fn commit(self) -> Result<(), Error> {
        tracing::trace!(target: "runcomfy_runner::store", statement = "commit", "runs");
        #[cfg(test)]
        let lost = match mishap::commit() {
            mishap::Commit::Fails => return Err(Error::InDoubt { reason: "a test".to_owned() }),
            mishap::Commit::AnswerLost => true,
            mishap::Commit::Works => false,
        };
        let done = match self {
            Self::Sqlite(tx) => tx.commit().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(tx) => tx.commit().await,
        };
        tracing::trace!(target: "runcomfy_runner::store", statement = "commit", "ran");
        done.map_err(|error| Error::InDoubt { reason: error.to_string() })?;
        #[cfg(test)]
        if lost {
            return Err(Error::InDoubt { reason: "a test".to_owned() });
        }
        Ok(())
    }
}

#[cfg(feature = "postgres")]
const NOW: Statement =
    Statement { name: "now", text: "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)" };
