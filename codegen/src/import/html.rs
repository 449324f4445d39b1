//! HTML to text: a saved page in, what a browser would show of it out. Knows no JSON.
//!
//! `html5gum` splits the page into tags and text and decodes entities; a tree is not needed. Its positions give every
//! piece of text its line in the saved file.

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::text::Text;

/// Elements whose text nobody sees, `<script>` with its JSON above all.
const HIDDEN: [&str; 8] = ["script", "style", "template", "noscript", "svg", "title", "iframe", "object"];

/// Elements in which blanks and line breaks stay as they are.
const VERBATIM: [&str; 4] = ["pre", "code", "textarea", "samp"];

/// Elements that don't start a new line: what highlighters wrap around words, and what stands in the middle of a
/// sentence. Every other element is a block, so that an unknown one never glues two lines together.
const INLINE: [&str; 32] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
];

impl Text {
    /// The text of a saved page, with LF. It is HTML if it starts with a tag, a comment or a declaration: the text of a page may
    /// well hold `<token>` or quote HTML further down, but does not start so.
    pub(super) fn of(saved: &str) -> Self {
        let saved = saved.replace("\r\n", "\n");
        let mut start = saved.trim_start().chars();
        let is_html =
            start.next() == Some('<') && start.next().is_some_and(|c| c.is_ascii_alphabetic() || "!?".contains(c));
        if is_html {
            return text(&saved);
        }
        let mut plain = Self::new();
        plain.text = saved;
        plain
    }
}

/// What people see of an HTML page.
fn text(html: &str) -> Text {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // Scripts and text areas are then read as the text they hold, whatever tags it looks like.
    emitter.naively_switch_states(true);
    let mut reader = Reader { text: Text::new(), hidden: None, verbatim: 0 };
    let (mut seen, mut line) = (0, 1);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.open(&tag.name, tag.self_closing),
            Token::EndTag(tag) => reader.close(&tag.name),
            Token::String(piece) => {
                let between = html.as_bytes().get(seen..piece.span.start).unwrap_or_default();
                line += between.iter().filter(|byte| **byte == b'\n').count();
                seen = seen.max(piece.span.start);
                reader.piece(&String::from_utf8_lossy(&piece.value), line);
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.text
}

struct Reader {
    text: Text,
    /// The outermost hidden element we are in, and how many of its name are open.
    hidden: Option<(&'static str, usize)>,
    /// How many elements that keep blanks are open.
    verbatim: usize,
}

impl Reader {
    fn open(&mut self, name: &[u8], self_closing: bool) {
        match &mut self.hidden {
            Some((hidden, depth)) if name == hidden.as_bytes() => *depth += 1,
            Some(_) => {}
            None => match among(&HIDDEN, name) {
                // Only elements of SVG can be closed on the spot; elsewhere HTML ignores the slash.
                Some("svg") if self_closing => {}
                Some(hidden) => self.hidden = Some((hidden, 1)),
                None => {
                    self.verbatim += usize::from(among(&VERBATIM, name).is_some());
                    self.edge(name);
                }
            },
        }
    }

    fn close(&mut self, name: &[u8]) {
        match &mut self.hidden {
            Some((hidden, depth)) if name == hidden.as_bytes() => {
                *depth -= 1;
                if *depth == 0 {
                    self.hidden = None;
                }
            }
            Some(_) => {}
            None => {
                let kept = usize::from(among(&VERBATIM, name).is_some());
                self.verbatim = self.verbatim.saturating_sub(kept);
                self.edge(name);
            }
        }
    }

    /// The start or end of an element: blocks are lines of their own.
    fn edge(&mut self, name: &[u8]) {
        if among(&INLINE, name).is_none() && !self.text.text.ends_with('\n') {
            self.text.text.push('\n');
        }
    }

    /// A piece of text. Outside verbatim elements a line break of the file is a blank, as in a browser; other blanks are
    /// kept, since a style sheet may have meant them.
    fn piece(&mut self, piece: &str, line: usize) {
        if self.hidden.is_some() {
            return;
        }
        self.text.mark(line);
        if self.verbatim > 0 {
            self.text.text.push_str(piece);
            return;
        }
        for (index, part) in piece.split('\n').enumerate() {
            if index == 0 {
                self.text.text.push_str(part);
            } else {
                let end = self.text.text.trim_end_matches([' ', '\t']).len();
                self.text.text.truncate(end);
                self.text.text.push(' ');
                self.text.mark(line + index);
                self.text.text.push_str(part.trim_start_matches([' ', '\t']));
            }
        }
    }
}

fn among(names: &[&'static str], name: &[u8]) -> Option<&'static str> {
    names.iter().copied().find(|known| known.as_bytes() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlighted_code_is_one_text_again_with_its_line_breaks() {
        let page = "<pre><code><span class=p>{</span>\n  <span>&quot;a&quot;</span>: <b>1</b>\n}</code></pre>";
        assert_eq!(text(page).text.trim(), "{\n  \"a\": 1\n}");
    }

    #[test]
    fn blocks_are_lines_and_a_wrapped_heading_is_one() {
        let page =
            "<body><h1>A <i>long</i>\n    title</h1><div>a/b<button>Copy</button></div><br>x<custom-box>y</custom-box>";
        assert_eq!(text(page).text.trim(), "A long title\na/b\nCopy\nx\ny");
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        let page = "<title>T</title><script>{\"a\": \"</p>\"}</script><!-- c --><svg><title>logo</title><svg/></svg></svg><p>seen</p>";
        assert_eq!(text(page).text.trim(), "seen");
    }

    #[test]
    fn lines_are_those_of_the_saved_file() {
        let page = "<!DOCTYPE html>\n<script>\n\n</script>\n<p>one\ntwo</p>\n<pre>\nthree &amp;\nfour</pre>";
        let found = text(page);
        let line = |word: &str| found.line(found.text.find(word).expect(word));
        assert_eq!((line("one"), line("two"), line("three"), line("four")), (5, 6, 8, 9));
    }

    #[test]
    fn broken_tags_lose_nothing_silently() {
        assert_eq!(text("</code></pre><p>a < b &unknown; <pre>c").text.trim(), "a < b &unknown; \nc");
    }

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
