//! The faults of an answer's form by name: what stands in its head that no server should send, and how its end is not told.
//! Plain data.

/// What is odd in the head of an answer that else is as usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OddHead {
    /// A line without a colon.
    NoColon,
    /// A line that begins with its colon.
    NoName,
    /// A name of two words.
    SpacedName,
    /// A name with a letter that is not ASCII.
    LetterInName,
    /// A space between a name and its colon.
    SpaceBeforeColon,
    /// A value with bytes that are not ASCII, as UTF-8 and as Latin-1.
    BytesInValue,
    /// A value with a control character.
    ControlInValue,
    /// A value that goes on in the next line, as HTTP once allowed.
    Folded,
    /// That many lines more.
    Lines(usize),
}

impl OddHead {
    /// All of them, with more lines than libraries are used to.
    pub const ALL: [Self; 9] = [
        Self::NoColon,
        Self::NoName,
        Self::SpacedName,
        Self::LetterInName,
        Self::SpaceBeforeColon,
        Self::BytesInValue,
        Self::ControlInValue,
        Self::Folded,
        Self::Lines(1000),
    ];
}

/// Why nobody can know that a whole body is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoEnd {
    /// It comes in chunks, and the last one, which is empty, never comes.
    Chunk,
    /// Its `Content-Length` is larger than it is.
    Length,
    /// It has neither chunks nor a length: it ends with its connection.
    Close,
}

impl NoEnd {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chunk, Self::Length, Self::Close];
}
