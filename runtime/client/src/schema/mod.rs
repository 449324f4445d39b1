//! What is known of a model's schema and values, for programs that look at models without knowing them: the static tables
//! behind [`Model::SCHEMA`](crate::Model::SCHEMA), and the views through which inputs and outputs are read and written. Must not
//! know who checks, reads or writes by them.

pub(crate) mod describe;
pub(crate) mod fragment;
pub(crate) mod node;
pub(crate) mod number;
pub(crate) mod path;
pub(crate) mod pattern;
pub(crate) mod place;
pub(crate) mod rule;
pub(crate) mod table;
pub(crate) mod validation;
pub(crate) mod value;

pub use crate::media::MediaForm;
pub use fragment::{CompiledFragment, Fragment, FragmentCompiler};
pub use node::Node;
pub use number::Number;
pub use pattern::{CompiledPattern, Pattern, PatternCompiler};
pub use place::{FromValue, Place};
pub use rule::{Const, JsonParser, Rule, Types};
pub use table::{Field, LateTable, Names, Table, TableRef};
pub use validation::{MediaChecker, Validation};
pub use value::{AsValue, Entries, List, Object, Value};
