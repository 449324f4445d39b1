//! `import`: a saved model page in, the files of one model in the schema folder out.
//!
//! The stages, in order:
//!
//! 1. [`decode`]: bytes → text;
//! 2. `text`: HTML or plain text → the text people see, with the line of the saved file for every place in it;
//! 3. `json`: that text → every JSON object on it, and every one that breaks off
//!    (`repeats` and `layout` find keys that are there twice and lay the files out);
//! 4. `page`: those and the URLs → a [`Page`], or a refusal with line and remedy;
//! 5. [`update`]: the page → files, all or none, and the change in words.
//!
//! The page may be in any language: only JSON, the URL `…/v1/models/<id>` and the line above the id are read. Stages 1 to
//! 4 are pure.

mod html;
mod json;
mod layout;
mod page;
mod repeats;
mod text;
mod update;

pub(crate) use layout::pretty;
pub use page::{Page, read_page};
pub use text::decode;
pub(crate) use update::SHARED;
pub use update::update;
