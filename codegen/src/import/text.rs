//! The text of a saved page: the file's text in, what people see out, with the line it came from. Knows neither JSON nor
//! schemas.

use super::html;

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

    /// The text of a saved page, with LF. It is HTML if it starts with a tag, a comment or a declaration: the text of a page may
    /// well hold `<token>` or quote HTML further down, but does not start so.
    pub(super) fn of(saved: &str) -> Self {
        let saved = saved.replace("\r\n", "\n");
        let mut start = saved.trim_start().chars();
        let is_html =
            start.next() == Some('<') && start.next().is_some_and(|c| c.is_ascii_alphabetic() || "!?".contains(c));
        if is_html {
            return html::text(&saved);
        }
        Self { text: saved, ..Self::new() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_other_systems_are_dropped() {
        assert_eq!(Text::of("a\r\nb").text, "a\nb");
    }

    #[test]
    fn a_plain_page_that_speaks_of_tags_is_not_html() {
        assert_eq!(Text::of("Bearer <token>\n<b>").text, "Bearer <token>\n<b>");
        assert_eq!(Text::of("\n<p>a</p>").text.trim(), "a");
        assert_eq!(Text::of("< 5 <b>").text, "< 5 <b>");
    }
}
