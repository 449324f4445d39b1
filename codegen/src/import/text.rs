//! What people see of a saved page, with the line of the file that each place came from. Knows neither HTML nor JSON.

/// What people see of a page, and where in the saved file it stands.
#[derive(Debug)]
pub(super) struct Text {
    /// What people see.
    pub(super) text: String,
    /// Offsets into `text` with the line of the file they came from, ascending; between them, line breaks count.
    marks: Vec<(usize, usize)>,
}

impl Text {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { text: String::new(), marks: vec![(0, 1)] }
    }

    /// Says that what is appended next came from this line of the file.
    pub(super) fn mark(&mut self, line: usize) {
        // Marks beyond the end belong to blanks that were cut off since.
        while self.marks.last().is_some_and(|(at, _)| *at > self.text.len()) {
            self.marks.pop();
        }
        self.marks.push((self.text.len(), line));
    }

    /// The line of the saved file, from 1, of an offset into the text.
    ///
    /// Exact for plain text and for preformatted HTML; elsewhere in HTML, where line breaks mean nothing, the line on
    /// which the surrounding piece of text starts.
    pub(super) fn line(&self, offset: usize) -> usize {
        let next = self.marks.partition_point(|(at, _)| *at <= offset);
        let (at, line) = self.marks[next.saturating_sub(1)];
        let between = self.text.as_bytes().get(at..offset).unwrap_or_default();
        line + between.iter().filter(|byte| **byte == b'\n').count()
    }
}
