//! JSON as lax writers emit it: any bytes in, JSON that is well-formed out, and the request ids that were whole. What is odd
//! costs its own value: NaN, infinities and numbers beyond `f64` become null, halves of surrogate pairs and bytes that are
//! no UTF-8 become U+FFFD, what is nested too deeply becomes null. Structure is not guessed: what was cut off or is no JSON
//! stays broken. Must not know what an answer means, but for the keys whose values cost money when they are lost.

mod words;

use std::fmt;

use serde::de::DeserializeOwned;

use self::words::is_number;
use super::ids::{Names, in_address, is_status};

/// Levels that are kept. serde_json takes 127, and what is around a value needs some.
const MAX_LEVELS: usize = 100;

/// Why bytes are no JSON, not even laxly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) why: &'static str,
}

const CUT: &str = "it ends";

/// Goes on after a name.
impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            CUT => write!(f, "is cut off after {} bytes", self.at),
            why => write!(f, "is no JSON: {why} at byte {}", self.at),
        }
    }
}

/// What was read of some bytes.
pub(super) struct Reading {
    /// The JSON, well-formed if nothing is broken.
    pub(super) text: Vec<u8>,
    pub(super) broken: Option<Broken>,
    /// The whole ids of jobs, in order: texts, and numbers as they are written. Only from where an answer itself speaks, which
    /// is its top, a list there, and [`Names::Answer`]: a prompt may be repeated in it, with anything within.
    pub(super) ids: Vec<String>,
    /// Whether a job is named there, also by half an id, by its place in the queue or by its status.
    pub(super) names_a_job: bool,
}

/// Reads JSON strictly, and laxly if that fails.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Option<Broken>> {
    serde_json::from_slice(bytes).or_else(|_| {
        let reading = read(bytes);
        match reading.broken {
            Some(broken) => Err(Some(broken)),
            None => serde_json::from_slice(&reading.text).map_err(|_| None),
        }
    })
}

/// Reads what can be read.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = Vec::with_capacity(bytes.len());
    let mut reader = Reader {
        bytes,
        at: 0,
        text,
        open: Vec::new(),
        hidden: None,
        next: Names::Nothing,
        ids: Vec::new(),
        names_a_job: false,
        extra: None,
    };
    let broken = reader.document().map_err(|why| Broken { at: reader.at, why }).err();
    let names_a_job = reader.names_a_job || !reader.ids.is_empty();
    Reading { text: reader.text, broken: reader.extra.or(broken), ids: reader.ids, names_a_job }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Array,
}

#[derive(Clone, Copy)]
struct Level {
    kind: Kind,
    /// Whether it is the answer that speaks here, not something that it repeats.
    speaks: bool,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    text: Vec<u8>,
    /// What has not been closed.
    open: Vec<Level>,
    /// The number of levels from which on nothing is written.
    hidden: Option<usize>,
    /// What the next value is, where the answer itself speaks.
    next: Names,
    ids: Vec<String>,
    names_a_job: bool,
    /// There is more after the end. What follows may belong inside, if the end is not the true one.
    extra: Option<Broken>,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), &'static str> {
        self.space();
        let is_object = self.peek() == Some(b'{');
        'value: loop {
            let has_items = self.value()?;
            if has_items {
                continue;
            }
            loop {
                self.space();
                match (self.open.last(), self.peek()) {
                    (None, None) => return Ok(()),
                    (None, Some(b',')) if is_object => {
                        self.extra.get_or_insert(Broken { at: self.at, why: "more follows" });
                        self.open.push(Level { kind: Kind::Object, speaks: true });
                    }
                    // Another answer, whose id may be the true one.
                    (None, Some(b'{')) if is_object => {
                        self.extra.get_or_insert(Broken { at: self.at, why: "more follows" });
                        continue 'value;
                    }
                    (None, Some(_)) => return Err("more follows"),
                    (Some(&Level { kind, .. }), Some(b',')) => {
                        self.at += 1;
                        self.space();
                        if self.peek() == Some(kind.end()) {
                            continue;
                        }
                        self.put(b",");
                        if kind == Kind::Object {
                            self.key()?;
                        }
                        continue 'value;
                    }
                    (Some(level), Some(byte)) if byte == level.kind.end() => self.close(byte),
                    (Some(_), None) => return Err(CUT),
                    (Some(_), Some(_)) => return Err("a comma or a bracket is missing"),
                }
            }
        }
    }

    /// Reads a value, or the beginning of one whose first item is due: then it says so.
    fn value(&mut self) -> Result<bool, &'static str> {
        self.space();
        let names = std::mem::take(&mut self.next);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let says_something =
            matches!(rest, [b'"', first, ..] if *first != b'"') || matches!(rest, [b'0'..=b'9' | b'-', ..]);
        self.names_a_job |= matches!(names, Names::Id | Names::Job | Names::Place) && says_something;
        match self.peek() {
            None => Err(CUT),
            Some(b'{') => self.open(Kind::Object, names),
            Some(b'[') => self.open(Kind::Array, names),
            Some(b'"') => {
                let start = self.text.len();
                self.string()?;
                let text = || serde_json::from_slice::<String>(self.text.get(start..)?).ok();
                let id = match names {
                    Names::Id => text().map(|id| id.trim().to_owned()),
                    Names::Address => text().and_then(|url| in_address(&url)),
                    _ => None,
                };
                self.names_a_job |= names == Names::Status && text().is_some_and(|word| is_status(&word));
                self.note_id(id, true);
                Ok(false)
            }
            Some(_) => {
                let word = self.word()?;
                let is_id = names == Names::Id && is_number(word);
                self.note_id(is_id.then(|| String::from_utf8_lossy(word).into_owned()), false);
                Ok(false)
            }
        }
    }

    /// An id is whole where what follows does not make it part of something else. A number may go on after a cut.
    fn note_id(&mut self, id: Option<String>, may_be_last: bool) {
        self.space();
        let is_whole = self.peek().map_or(may_be_last, |byte| matches!(byte, b',' | b'}'));
        if let Some(id) = id.filter(|id| is_whole && !id.is_empty() && !self.ids.contains(id)) {
            self.ids.push(id);
        }
    }

    fn open(&mut self, kind: Kind, names: Names) -> Result<bool, &'static str> {
        let speaks = match self.open.last() {
            None => true,
            Some(Level { kind: Kind::Array, speaks }) => *speaks && kind == Kind::Object,
            Some(_) => names == Names::Answer,
        };
        if self.open.len() == MAX_LEVELS {
            self.put(b"null");
            self.hidden.get_or_insert(MAX_LEVELS);
        }
        self.put(&[kind.start()]);
        self.open.push(Level { kind, speaks });
        self.at += 1;
        self.space();
        match self.peek() {
            Some(byte) if byte == kind.end() => {
                self.close(byte);
                Ok(false)
            }
            _ if kind == Kind::Object => self.key().map(|()| true),
            _ => Ok(true),
        }
    }

    fn close(&mut self, end: u8) {
        self.at += 1;
        self.open.pop();
        self.put(&[end]);
        if self.hidden == Some(self.open.len()) {
            self.hidden = None;
        }
    }

    fn key(&mut self) -> Result<(), &'static str> {
        self.space();
        match self.peek() {
            Some(b'"') => {}
            None => return Err(CUT),
            Some(_) => return Err("a key is missing"),
        }
        let start = self.at + 1;
        self.string()?;
        if self.open.last().is_some_and(|level| level.speaks) {
            self.next = self.bytes.get(start..self.at - 1).map(Names::of).unwrap_or_default();
        }
        self.space();
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                self.put(b":");
                Ok(())
            }
            None => Err(CUT),
            Some(_) => Err("a colon is missing"),
        }
    }
}

impl Kind {
    fn start(self) -> u8 {
        if self == Self::Object { b'{' } else { b'[' }
    }

    fn end(self) -> u8 {
        if self == Self::Object { b'}' } else { b']' }
    }
}

#[cfg(test)]
mod tests;
