//! Fragments: the part of a schema that a library checks. In: JSON Schema as text and a compiler for it. Out: what is
//! wrong with a value. Must not know which library compiles: tables reach it through a function pointer, so that a
//! program whose models have no fragments does not link one.

use std::fmt;
use std::sync::OnceLock;

use crate::Json;

/// A compiled fragment: what is wrong with a value, one text for each fault.
pub type CompiledFragment = Box<dyn Fn(&Json) -> Vec<String> + Send + Sync>;

/// Compiles a fragment; `None` if it is none.
pub type FragmentCompiler = fn(&str) -> Option<CompiledFragment>;

/// The keywords of a schema that the checker does not know, as a document of JSON Schema 2020-12 with wire keys. It is
/// compiled on first use, once in the life of the program, so it belongs into a `static` of its own.
pub struct Fragment {
    schema: &'static str,
    compiler: FragmentCompiler,
    compiled: OnceLock<Option<CompiledFragment>>,
}

impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fragment").field(&self.schema).finish()
    }
}

impl Fragment {
    /// A fragment of this text, which `compiler` will compile.
    pub const fn new(schema: &'static str, compiler: FragmentCompiler) -> Self {
        Self { schema, compiler, compiled: OnceLock::new() }
    }

    /// The fragment's text.
    pub fn schema(&self) -> &'static str {
        self.schema
    }

    /// What is wrong with a value as it goes to the wire. Nothing is wrong for a fragment that can't be compiled: only
    /// the server knows what it makes of it, and the generator refuses it anyway.
    pub fn faults(&self, wire: &Json) -> Vec<String> {
        let compiled = self.compiled.get_or_init(|| (self.compiler)(self.schema));
        compiled.as_ref().map(|faults| faults(wire)).unwrap_or_default()
    }
}
