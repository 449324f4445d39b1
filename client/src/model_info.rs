//! A model as data, for programs that choose one at run time. Plain data; nothing is checked here.

use std::fmt;

use crate::rt::Table;

/// A model that the program was compiled with.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ModelInfo {
    /// The id, as in `community/wan-2-2/vace-fun`.
    pub id: &'static str,
    /// The module that has its types, as in `community::wan_2_2::vace_fun`.
    pub module: &'static str,
    /// The published input schema: names, wire keys, titles, defaults and rules of all fields.
    pub schema: &'static Table,
}

impl ModelInfo {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(id: &'static str, module: &'static str, schema: &'static Table) -> Self {
        Self { id, module, schema }
    }
}

impl fmt::Debug for ModelInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelInfo").field("id", &self.id).field("module", &self.module).finish_non_exhaustive()
    }
}
