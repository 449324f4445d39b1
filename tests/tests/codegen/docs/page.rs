//! A page of documentation: Markdown in, what can be held against the repository out. Must not know what is true.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use workspace_tests::root;

/// What a page says.
pub(crate) struct Page {
    /// The file, from the root.
    pub(crate) path: String,
    /// Code: spans, and the lines of blocks, each with the language of its block, comments of the shell taken away.
    pub(crate) code: Vec<(String, String)>,
    /// Whole blocks of Rust.
    pub(crate) rust: Vec<String>,
    /// Where links lead, as written.
    pub(crate) links: Vec<String>,
    /// The anchors of its headings.
    pub(crate) anchors: BTreeSet<String>,
}

impl Page {
    /// README, ARCHITECTURE, CHANGELOG and every guide.
    pub(crate) fn all() -> Vec<Self> {
        let guides = std::fs::read_dir(root().join("docs")).expect("guides");
        let guides = guides.map(|entry| format!("docs/{}", entry.expect("a guide").file_name().display()));
        let front = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(str::to_owned);
        front.into_iter().chain(guides).map(Self::read).collect()
    }

    pub(crate) fn read(path: String) -> Self {
        let text = std::fs::read_to_string(root().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut page = Self { path, code: Vec::new(), rust: Vec::new(), links: Vec::new(), anchors: BTreeSet::new() };
        let (mut block, mut heading) = (None::<(String, String)>, None::<String>);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.into_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    block = Some((language, String::new()));
                }
                Event::Text(text) => {
                    for open in block.iter_mut().map(|(_, text)| text).chain(heading.as_mut()) {
                        open.push_str(&text);
                    }
                }
                Event::End(TagEnd::CodeBlock) => page.block(block.take().expect("open")),
                Event::Code(code) => {
                    heading.iter_mut().for_each(|open| open.push_str(&code));
                    page.code.push((String::new(), code.into_string()));
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => page.anchors.extend(heading.take().map(|text| anchor(&text))),
                Event::Start(Tag::Link { dest_url, .. }) => page.links.push(dest_url.into_string()),
                _ => {}
            }
        }
        page
    }

    fn block(&mut self, (language, text): (String, String)) {
        let is_shell = ["sh", "console"].contains(&language.as_str());
        // What programs print, and pictures.
        let lines = if language == "text" { "" } else { text.as_str() };
        for line in lines.lines() {
            // What a command prints is no claim of the page's.
            let line = match (language.as_str(), line.strip_prefix("$ ")) {
                ("console", None) => continue,
                (_, command) => command.unwrap_or(line),
            };
            let line = if is_shell { line.split(" #").next().unwrap_or_default() } else { line };
            self.code.push((language.clone(), line.trim_end().to_owned()));
        }
        if language == "rust" {
            self.rust.push(text);
        }
    }

    /// The file that a relative link leads to, and its anchor.
    pub(crate) fn target(&self, link: &str) -> (PathBuf, Option<String>) {
        let (path, anchor) =
            link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor.to_owned())));
        let own = PathBuf::from(&self.path);
        let target = if path.is_empty() { own } else { own.parent().expect("a folder").join(path) };
        (target, anchor)
    }
}

/// As the pages are shown: small letters, hyphens for blanks, no marks.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect()
}
