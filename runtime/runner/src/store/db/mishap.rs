//! What tests do to a database: commits that fail or whose answer is lost, statements that lack a guard, a clock that is put
//! on. For the thread of the test alone.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

/// What becomes of the next commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) enum Commit {
    #[default]
    Works,
    /// It is rolled back, and nobody hears so.
    Fails,
    /// It works, and nobody hears so.
    AnswerLost,
}

thread_local! {
    static COMMIT: Cell<Commit> = const { Cell::new(Commit::Works) };
    static STARTED: OnceCell<i64> = const { OnceCell::new() };
    static CLOCK: Cell<i64> = const { Cell::new(0) };
    static WEAKENED: RefCell<HashMap<&'static str, &'static str>> = RefCell::default();
}

pub(in crate::store) fn next_commit(commit: Commit) {
    COMMIT.set(commit);
}

pub(super) fn commit() -> Commit {
    COMMIT.take()
}

/// The database's time: it stands still but for what [`pass`]es, so that a schedule is the same however busy the machine is.
pub(super) fn now(real: i64) -> i64 {
    STARTED.with(|started| *started.get_or_init(|| real)) + CLOCK.get()
}

/// Puts the clock on.
pub(in crate::store) fn pass(milliseconds: i64) {
    CLOCK.set(CLOCK.get() + milliseconds);
}

pub(in crate::store) fn clock() -> i64 {
    CLOCK.get()
}

/// From now on, a statement has another text.
pub(in crate::store) fn weaken(name: &'static str, text: &'static str) {
    WEAKENED.with_borrow_mut(|all| all.insert(name, text));
}

/// All statements have their own texts again.
pub(in crate::store) fn restore() {
    WEAKENED.with_borrow_mut(HashMap::clear);
}

pub(super) fn weakened(name: &str) -> Option<&'static str> {
    WEAKENED.with_borrow(|all| all.get(name).copied())
}
