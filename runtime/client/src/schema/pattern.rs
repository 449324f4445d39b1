//! Patterns: texts checked against a regular expression. In: the published source and a compiler for it. Out: does a
//! text match? Must not know which library compiles: tables reach it through a function pointer, so that a program
//! whose models have no patterns does not link one.

use std::fmt;
use std::sync::OnceLock;

/// A compiled pattern: does this text match, anywhere in it?
pub type CompiledPattern = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// Compiles the source of a pattern; `None` if it is not one.
pub type PatternCompiler = fn(&str) -> Option<CompiledPattern>;

/// A regular expression of a schema. It is compiled on first use, once in the life of the program, so it belongs into
/// a `static` of its own: `static PROMPT: Pattern = Pattern::new("^a", regress_matcher);`.
pub struct Pattern {
    source: &'static str,
    matcher: PatternCompiler,
    compiled: OnceLock<Option<CompiledPattern>>,
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.source).finish()
    }
}

impl Pattern {
    /// A pattern of this source, which `matcher` will compile.
    pub const fn new(source: &'static str, matcher: PatternCompiler) -> Self {
        Self { source, matcher, compiled: OnceLock::new() }
    }

    /// The pattern as published.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Whether the text matches, anywhere in it. Every text matches a source that can't be compiled: only the server
    /// knows what it makes of such a pattern, and the generator refuses it anyway.
    pub fn matches(&self, text: &str) -> bool {
        match self.compiled.get_or_init(|| (self.matcher)(self.source)) {
            Some(matches) => matches(text),
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static COMPILED: AtomicUsize = AtomicUsize::new(0);

    fn starts_with(source: &str) -> Option<CompiledPattern> {
        COMPILED.fetch_add(1, Ordering::Relaxed);
        let source = source.to_owned();
        Some(Box::new(move |text| text.starts_with(&source)))
    }

    #[test]
    fn a_pattern_is_compiled_once() {
        static PATTERN: Pattern = Pattern::new("ab", starts_with);
        assert!(PATTERN.matches("abc"));
        assert!(!PATTERN.matches("bc"));
        assert_eq!(COMPILED.load(Ordering::Relaxed), 1);
    }
}
