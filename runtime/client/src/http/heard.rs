//! What was heard of a job and when it is to be asked about again, for all handles of the job together. In: what each
//! question brought. Out: when the next one is due. Must not ask itself.

use std::time::Duration;

use tokio::time::Instant;

use super::error::Error;
use super::poll::{PollContext, PollPolicy, pause};
use super::status::{Status, Update};

/// A question whose answer nobody waited for is not repeated before this.
const MIN_REPEAT: Duration = Duration::from_secs(1);

/// At most one question in this many is asked before it is due, at the end of a wait: so many short waits ask about as often
/// as one long wait.
const EARLY_SHARE: u32 = 8;

/// How long before the end of a wait its last question is asked, so that the answer still arrives.
const MIN_MARGIN: Duration = Duration::from_millis(50);
const MAX_MARGIN: Duration = Duration::from_secs(1);

/// For how long a success may be without an output: servers say that a job has ended before its result is stored.
const STORING: Duration = Duration::from_secs(30);

/// The longest pause before an output that should be there is asked for again.
const MAX_STORING_PAUSE: Duration = Duration::from_secs(5);

/// What was heard of a job, by whoever asked.
pub(crate) struct Heard {
    /// The submit, or the first question.
    started: Option<Instant>,
    last: Option<Update>,
    /// How often something was heard.
    news: u32,
    /// How often the status was asked for.
    polls: u32,
    /// When the status or the result was last asked for.
    asked: Option<Instant>,
    /// When the next question is due.
    due: Instant,
    /// Until when the server asked not to be asked.
    not_before: Instant,
    /// The last news says that the job has ended, and no result contradicts it.
    over: bool,
    /// When the last question came that was early, counted in questions.
    early: Option<u32>,
    /// How long the last answer took.
    took: Duration,
    /// Of the status.
    silent: Silence,
    /// Of the result. Apart from `silent`: a status that is answered must not excuse a result that never is.
    no_result: Silence,
    /// Since when the result says success and has no output.
    no_output: Option<Instant>,
    /// When the server last said something that this version understands.
    pub(crate) understood: Instant,
}

/// What is asked about a job.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Status,
    Result,
}

/// How it is with a question that is not answered.
#[derive(Default)]
pub(crate) struct Silence {
    /// When the first question was asked that brought nothing. Time in which nobody wanted to ask is left out, as in
    /// `understood`.
    pub(crate) since: Option<Instant>,
    /// What came instead of an answer. That nothing came is only kept where nothing else ever did.
    pub(crate) said: Option<Error>,
}

impl Silence {
    /// When it has lasted as long as it may, if it began with the question that was asked then or before; `None` if that is
    /// later than clocks go.
    pub(crate) fn until(&self, asked: Instant, limit: Duration) -> Option<Instant> {
        self.since.unwrap_or(asked).checked_add(limit)
    }

    /// A request brought this instead of an answer.
    pub(crate) fn note(&mut self, error: &Error) {
        if self.said.is_none() || !error.is_silence() {
            self.said = error.of_call();
        }
    }

    /// It is over, or whoever waits again wants to wait anew. The reason is what was last said, if this error says nothing.
    pub(crate) fn end(&mut self, error: Error) -> Error {
        let said = std::mem::take(self).said;
        if error.is_silence() { said.unwrap_or(error) } else { error }
    }
}

impl Heard {
    /// Of a job that was submitted just now: its first pause has begun.
    pub(crate) fn submitted(policy: &dyn PollPolicy) -> Self {
        let mut heard = Self::resumed();
        heard.started = Some(Instant::now());
        heard.postpone(policy, Duration::ZERO);
        heard
    }

    /// Of a job of which nobody here knows anything: it may have ended long ago, and is asked about at once.
    pub(crate) fn resumed() -> Self {
        let now = Instant::now();
        Self {
            started: None,
            last: None,
            news: 0,
            polls: 0,
            asked: None,
            due: now,
            not_before: now,
            over: false,
            early: None,
            took: Duration::from_millis(100),
            silent: Silence::default(),
            no_result: Silence::default(),
            no_output: None,
            understood: now,
        }
    }

    pub(crate) fn last(&self) -> Option<&Update> {
        self.last.as_ref()
    }

    pub(crate) fn news(&self) -> u32 {
        self.news
    }

    pub(crate) fn polls(&self) -> u32 {
        self.polls
    }

    /// The last news if it is the end, which need not be asked for again.
    pub(crate) fn end(&self) -> Option<&Update> {
        self.last.as_ref().filter(|_| self.over)
    }

    /// When to ask. A wait that ends before the pause does asks shortly before its end, unless it is one of many that do
    /// so, or the server asked for a longer pause; if it can't, this is after its end.
    pub(crate) fn ask_at(&self, begun: Instant, end: Option<Instant>) -> Instant {
        let Some(end) = end else { return self.due };
        let margin = (self.took * 2).clamp(MIN_MARGIN, MAX_MARGIN).min((end - begun) / 4);
        let last = end - margin;
        let early = || self.early.is_none_or(|asked| self.polls.saturating_sub(asked) >= EARLY_SHARE);
        match () {
            () if self.due <= last => self.due,
            () if last < self.not_before => end.checked_add(MIN_REPEAT).unwrap_or(end),
            () if self.asked.is_none_or(|asked| asked < last) && (self.due <= end || early()) => last,
            () => end.checked_add(MIN_REPEAT).unwrap_or(end),
        }
    }

    /// A wait asks now; notes it if that is before the question is due.
    pub(crate) fn note_early_question(&mut self) {
        if Instant::now() < self.due {
            self.early = Some(self.polls);
        }
    }

    /// How it is with this question while it is not answered.
    pub(crate) fn silence(&mut self, asked: Asked) -> &mut Silence {
        match asked {
            Asked::Status => &mut self.silent,
            Asked::Result => &mut self.no_result,
        }
    }

    /// Someone asks now.
    pub(crate) fn asked(&mut self) {
        let now = Instant::now();
        self.started.get_or_insert(now);
        self.leave_out_idle_time_to(now);
        self.asked = Some(now);
        self.due = self.due.max(now + MIN_REPEAT);
    }

    /// The question that someone asked leaves: the time in which it waited for its turn is no silence of the server.
    pub(crate) fn sent(&mut self, now: Instant) {
        self.asked = Some(now);
        self.due = self.due.max(now + MIN_REPEAT);
    }

    /// Since the question was due, nobody wanted to know. Not for a time in which an answer was waited for.
    pub(crate) fn leave_out_idle_time(&mut self) {
        self.leave_out_idle_time_to(Instant::now());
    }

    /// By one reading of the clock: by a second one, an outage would end a moment after the last question, each time anew.
    fn leave_out_idle_time_to(&mut self, now: Instant) {
        let idle = now.saturating_duration_since(self.due);
        let silences = [self.silent.since.as_mut(), self.no_result.since.as_mut()];
        let clocks = silences.into_iter().chain([self.asked.as_mut(), Some(&mut self.understood)]);
        clocks.flatten().for_each(|since| *since += idle);
        self.due = self.due.max(now);
    }

    /// When the last question was asked.
    pub(crate) fn last_asked(&self) -> Instant {
        self.asked.unwrap_or_else(Instant::now)
    }

    /// The status was answered.
    pub(crate) fn status_answered(&mut self, update: &Update, asked: Instant, policy: &dyn PollPolicy) {
        let now = Instant::now();
        self.silent = Silence::default();
        self.polls = self.polls.saturating_add(1);
        if self.end().is_some_and(|end| end.status == Status::Cancelled) {
            // The answer is older.
            return;
        }
        if update.status.is_live() {
            (self.understood, self.no_output) = (now, None);
        }
        self.news = self.news.wrapping_add(1);
        self.took = now - asked;
        self.over = update.status.is_over();
        self.last = Some(update.clone());
        if self.over {
            self.due = now;
        } else {
            self.postpone(policy, Duration::ZERO);
        }
    }

    /// The status was not answered.
    pub(crate) fn status_unanswered(&mut self) {
        self.polls = self.polls.saturating_add(1);
    }

    /// The server says that it has cancelled the job.
    pub(crate) fn cancelled(&mut self) {
        self.news = self.news.wrapping_add(1);
        (self.over, self.due) = (true, Instant::now());
        self.last = Some(Update { status: Status::Cancelled, queue_position: None });
    }

    /// The result says success and has no output. Whether that has been so for so long that there is none.
    pub(crate) fn misses_output(&mut self) -> bool {
        self.no_output.get_or_insert_with(Instant::now).elapsed() >= STORING
    }

    /// The output should be there any moment.
    pub(crate) fn ask_soon_if_output_is_missing(&mut self) {
        if self.no_output.is_some() {
            self.due = self.due.min(Instant::now() + MAX_STORING_PAUSE);
        }
    }

    /// The job has ended, but there is no result: its status may have been wrong.
    pub(crate) fn result_says_no_end(&mut self) {
        self.over = false;
    }

    /// The result was answered: it may be asked for again whenever somebody wants to.
    pub(crate) fn result_answered(&mut self) {
        self.no_result = Silence::default();
        self.due = Instant::now();
    }

    /// The next question is due no later than this.
    pub(crate) fn ask_by(&mut self, end: Instant) {
        self.due = self.due.min(end);
    }

    /// The next question is due after a pause, and after this time.
    pub(crate) fn postpone(&mut self, policy: &dyn PollPolicy, at_least: Duration) {
        let now = Instant::now();
        let (status, position) = match &self.last {
            Some(update) => (Some(&update.status), update.queue_position),
            None => (None, None),
        };
        let elapsed = self.started.map_or(Duration::ZERO, |started| now - started);
        let seen = PollContext::new(status, position, elapsed, self.polls);
        let pause = pause(policy, &seen);
        self.due = now.checked_add(pause.max(at_least)).unwrap_or(now + pause);
        self.not_before = now.checked_add(at_least).unwrap_or(now);
    }
}
