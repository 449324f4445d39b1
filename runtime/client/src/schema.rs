//! What is known of a model's schema and values, for programs that look at models without knowing them: the static tables
//! behind [`Model::SCHEMA`](crate::Model::SCHEMA), and the views through which inputs and outputs are read and written. It names
//! what stands in public signatures; nothing is defined here.

pub use crate::media::{MediaForm, MediaKind};
pub use crate::rt::{
    AsValue, Const, Entries, Faults, Field, Fragment, FragmentCompiler, FromValue, JsonParser, List, Matcher, Matches,
    MediaChecker, Names, Node, Number, Object, Pattern, Place, Rule, Table, Types, Validation, Value, check_json,
};
