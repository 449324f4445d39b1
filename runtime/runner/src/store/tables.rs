//! The tables, and how an older store gets them. Must not know what moves rows.
//!
//! Money is in millionths of a dollar, time in milliseconds since 1970, days are counted from 1970 in UTC. Every amount that
//! a job has reserved or spent stands in its row and, summed up, in the three budgets that it counts against.
//!
//! # `store`: one row
//! | column | why it is there |
//! |---|---|
//! | `id` | a spool file that was written for another store is not replayed into this one |
//! | `version` | how many migrations it has seen; a program that is older than the store stops |
//!
//! # `accounts`
//! | column | why it is there |
//! |---|---|
//! | `base`, `label` | workers take only jobs of their own API and account: an emulator's rows never become paid ones |
//!
//! # `workers`: each process that ever worked, once for each start
//! | column | why it is there |
//! |---|---|
//! | `machine`, `process` | a person who must find out what became of a submit wants to know where it was |
//! | `lease_until` | in PostgreSQL: past it, others may say that the worker is gone; renewed by one row for all its jobs |
//! | `gone` | decided once and never taken back: a worker that wakes up after it starts anew as another one |
//!
//! # `batches`
//! | column | why it is there |
//! |---|---|
//! | `name` | what a person calls it; the same name again is the same batch |
//! | `paused`, `reason` | a refusal of the account stops all that would end the same, until a person resumes |
//!
//! # `models`
//! | column | why it is there |
//! |---|---|
//! | `dearest` | no job of the model is reserved with less than the dearest one has cost |
//! | `paused`, `reason` | what is wrong with one model stops that model only |
//!
//! # `locks`: never changed, never removed
//! | column | why it is there |
//! |---|---|
//! | `digest`, `text` | what the names of stored inputs mean, whatever a later program calls them |
//!
//! # `budgets`: counters, `kind` is `batch`, `day` or `model`
//! | column | why it is there |
//! |---|---|
//! | `number`, `name` | which batch, day or model |
//! | `spend_limit` | no limit where it is null |
//! | `reserved` | what jobs that may still cost something hold |
//! | `spent` | what is known to be spent, and what was given up |
//!
//! # `jobs`
//! | column | why it is there |
//! |---|---|
//! | `key` | the caller's: a job that is added twice is there once |
//! | `input` | with readable names; media as URL, or as path and digest, never as bytes |
//! | `lock` | the names it is written in |
//! | `quote`, `quoted` | the least that is reserved for it, and whether that is a figure (`bounded`) or the price of one unit |
//! | `state` | see [`State`](crate::State) |
//! | `held` | a person must look first: an id turned up for a job that was said not to be submitted, or the store is a backup |
//! | `not_before` | the server asked to wait |
//! | `epoch` | rises whenever the job changes hands; every write names the one it is meant for |
//! | `intent` | the epoch of the last intent: only who made that one may say what came of it |
//! | `nonce` | whether an intent whose commit was in doubt is one's own: another's may have the same epoch |
//! | `owner` | who works on it; of a worker that is gone, others take it over |
//! | `sender` | who made the last intent: on which machine a job was paid for |
//! | `lease_until` | until when the request of the intent may be under way |
//! | `sent_at`, `wire`, `heard` | what a person needs who looks for it in the account: when, what, and what the answer was |
//! | `day` | the day whose budget has its reservation, also after midnight |
//! | `reserved`, `spent` | its part of the budgets |
//! | `settled`, `by_hand` | its cost is written once, by the server's word or by a person's |
//! | `request_id` | what is followed, and read again by anyone |
//! | `output`, `ended_at` | what the job made; files are found in it |
//! | `files` | `none`, `pending`, `fetched` or `expired`: of a job that succeeded, and nothing that happens to files changes that |
//! | `files_epoch`, `files_owner` | downloads change hands by themselves; of a worker that is gone, they are nobody's |
//!
//! # `strays`: ids that came for a row that could not take them
//! | column | why it is there |
//! |---|---|
//! | `request_id` | it is paid for, whatever the row says |
//! | `reserved`, `spent`, `settled`, `by_hand`, `day` | and is charged to the budgets of its job |
//!
//! # `attempts`: requests of a job that a person let be made again
//! | column | why it is there |
//! |---|---|
//! | `epoch`, `request_id`, `state`, `cost`, `ended_at`, `heard` | what was paid for stays told when the row is used again |
//!
//! # `quotes`: jobs as they would be, for whoever may only say "run"
//! | column | why it is there |
//! |---|---|
//! | `id` | becomes the key of the job: one quote is one job |
//! | `digest`, `published` | a model that has changed, or another price, voids it |
//! | `input`, `lock` | as the job will have them |
//! | `wire` | a job that would send anything else is not sent |
//! | `price` | what the job reserves |
//! | `expires_at` | past it, it can't be run |
//!
//! # `files`
//! | column | why it is there |
//! |---|---|
//! | `name`, `url`, `bytes`, `sha256` | what lies under the name, so that anyone can check it |

use super::db::{Statement, Tx, args};
use crate::Error;

/// Each brings a store from one version to the next, and is never changed. `ID` is the type of a number that is given out.
const MIGRATIONS: [&str; 3] = [FIRST, QUOTES, LOOKS];

/// By these, a look for what is next steps over what can't be taken.
const LOOKS: &str = "
CREATE INDEX jobs_next ON jobs (account, batch, model, not_before, id) WHERE state = 'queued' AND held = 0;
CREATE INDEX jobs_cheapest ON jobs (account, batch, model, quote, id) WHERE state = 'queued' AND held = 0;
DROP INDEX jobs_unfetched;
CREATE INDEX jobs_unfetched ON jobs (account, files_owner, batch, id) WHERE files = 'pending';
";

const QUOTES: &str = "
CREATE TABLE quotes (
    id TEXT PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (id),
    batch BIGINT NOT NULL REFERENCES batches (id),
    model TEXT NOT NULL,
    digest TEXT NOT NULL,
    input TEXT NOT NULL,
    lock TEXT NOT NULL,
    wire TEXT NOT NULL,
    price BIGINT NOT NULL CHECK (price > 0),
    published TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (account, model, lock) REFERENCES locks (account, model, digest)
);
";

const FIRST: &str = "
CREATE TABLE store (id TEXT NOT NULL, version BIGINT NOT NULL);
CREATE TABLE accounts (id ID, base TEXT NOT NULL, label TEXT NOT NULL, UNIQUE (base, label));
CREATE TABLE workers (
    id ID,
    account BIGINT NOT NULL REFERENCES accounts (id),
    machine TEXT NOT NULL,
    process BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    gone BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX workers_alive ON workers (gone) WHERE gone = 0;
CREATE TABLE batches (
    id ID,
    account BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    paused BIGINT NOT NULL DEFAULT 0,
    reason TEXT,
    UNIQUE (account, name)
);
CREATE TABLE models (
    account BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    dearest BIGINT NOT NULL DEFAULT 0,
    paused BIGINT NOT NULL DEFAULT 0,
    reason TEXT,
    PRIMARY KEY (account, name)
);
CREATE TABLE locks (
    account BIGINT NOT NULL,
    model TEXT NOT NULL,
    digest TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (account, model, digest),
    FOREIGN KEY (account, model) REFERENCES models (account, name)
);
CREATE TABLE budgets (
    account BIGINT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('batch', 'day', 'model')),
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    spend_limit BIGINT,
    reserved BIGINT NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    spent BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account, kind, number, name)
);
CREATE TABLE jobs (
    id ID,
    account BIGINT NOT NULL REFERENCES accounts (id),
    batch BIGINT NOT NULL REFERENCES batches (id),
    key TEXT NOT NULL,
    model TEXT NOT NULL,
    input TEXT NOT NULL,
    lock TEXT NOT NULL,
    quote BIGINT NOT NULL CHECK (quote > 0),
    quoted TEXT NOT NULL CHECK (quoted IN ('bounded', 'per unit')),
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN
        ('queued', 'submitting', 'submitted', 'succeeded', 'failed', 'cancelled', 'refused', 'unknown', 'given up')),
    held BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    epoch BIGINT NOT NULL DEFAULT 0,
    intent BIGINT NOT NULL DEFAULT 0,
    nonce TEXT,
    owner BIGINT REFERENCES workers (id),
    sender BIGINT REFERENCES workers (id),
    lease_until BIGINT NOT NULL DEFAULT 0,
    sent_at BIGINT,
    wire TEXT,
    heard TEXT,
    day BIGINT NOT NULL DEFAULT 0,
    reserved BIGINT NOT NULL DEFAULT 0,
    spent BIGINT NOT NULL DEFAULT 0,
    settled BIGINT NOT NULL DEFAULT 0,
    by_hand BIGINT NOT NULL DEFAULT 0,
    request_id TEXT,
    output TEXT,
    ended_at BIGINT,
    files TEXT NOT NULL DEFAULT 'none' CHECK (files IN ('none', 'pending', 'fetched', 'expired')),
    files_epoch BIGINT NOT NULL DEFAULT 0,
    files_owner BIGINT REFERENCES workers (id),
    UNIQUE (batch, key),
    FOREIGN KEY (account, model, lock) REFERENCES locks (account, model, digest)
);
CREATE INDEX jobs_by_state ON jobs (account, state, id);
CREATE INDEX jobs_of_batch ON jobs (batch, state);
CREATE INDEX jobs_by_request ON jobs (request_id);
CREATE INDEX jobs_unsettled ON jobs (account, id)
    WHERE settled = 0 AND state IN ('succeeded', 'failed', 'cancelled');
CREATE INDEX jobs_unfetched ON jobs (account, id) WHERE files = 'pending';
CREATE TABLE strays (
    job BIGINT NOT NULL REFERENCES jobs (id),
    request_id TEXT NOT NULL,
    heard_at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    spent BIGINT NOT NULL DEFAULT 0,
    settled BIGINT NOT NULL DEFAULT 0,
    by_hand BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (job, request_id)
);
CREATE TABLE attempts (
    job BIGINT NOT NULL REFERENCES jobs (id),
    epoch BIGINT NOT NULL,
    state TEXT NOT NULL,
    request_id TEXT,
    cost BIGINT NOT NULL,
    ended_at BIGINT,
    heard TEXT,
    PRIMARY KEY (job, epoch)
);
CREATE TABLE files (
    job BIGINT NOT NULL REFERENCES jobs (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (job, name)
);
";

const EXISTS_SQLITE: Statement =
    Statement { name: "exists", text: "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'store'" };
const EXISTS_POSTGRES: Statement = Statement {
    name: "exists",
    text: "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'store'",
};
/// Two programs that open a new store at once: one makes the tables. Any number will do, if it is always the same.
const LOCK_POSTGRES: Statement =
    Statement { name: "lock the schema", text: "SELECT CAST(pg_advisory_xact_lock(7236110917) AS TEXT)" };
const VERSION: Statement = Statement { name: "version", text: "SELECT version, id FROM store" };
const MADE: Statement = Statement { name: "made", text: "INSERT INTO store (id, version) VALUES ($1, 0)" };
const MIGRATED: Statement = Statement { name: "migrated", text: "UPDATE store SET version = $1" };

/// Brings the tables to this program's version, and gives the store's id.
pub(super) async fn migrate(tx: &mut Tx) -> Result<String, Error> {
    let postgres = tx.is_postgres();
    if postgres {
        tx.rows(&LOCK_POSTGRES, &[]).await?;
    }
    let exists: Option<i64> = tx.value(if postgres { &EXISTS_POSTGRES } else { &EXISTS_SQLITE }, &[]).await?;
    let exists = exists.unwrap_or_default() > 0;
    let (mut version, id) = match exists {
        false => (0, format!("{:032x}", fastrand::u128(..))),
        true => match tx.row(&VERSION, &[]).await? {
            Some(row) => (usize::try_from(row.get::<i64>(0)?).unwrap_or(usize::MAX), row.get(1)?),
            None => return Err(Error::Refused("the table `store` has no row: this is no store of jobs".to_owned())),
        },
    };
    if version > MIGRATIONS.len() {
        let known = MIGRATIONS.len();
        let text = format!("the store has version {version}, this program knows {known}: use a newer program");
        return Err(Error::Refused(text));
    }
    let number = if postgres {
        "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    } else {
        "INTEGER PRIMARY KEY AUTOINCREMENT"
    };
    for migration in &MIGRATIONS[version..] {
        tx.migrate(&migration.replace("id ID", &format!("id {number}"))).await?;
        if version == 0 {
            tx.run(&MADE, &args![id.as_str()]).await?;
        }
        version += 1;
        tx.run(&MIGRATED, &args![i64::try_from(version).unwrap_or(i64::MAX)]).await?;
    }
    Ok(id)
}
