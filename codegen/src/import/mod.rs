//! `import`: a saved model page in, the files of one model in the schema folder out.
//!
//! The stages, in order:
//!
//! 1. `text`: HTML or plain text → the text people see, with the line of the saved file for every place in it;
//! 2. `json`: that text → every JSON object on it, and every one that breaks off
//!    (`layout` lays the files out);
//! 3. `page`: those and the URLs → a [`Page`], or a refusal with line and remedy;
//! 4. [`update`]: the page → files, all or none, and the change in words.
//!
//! The page may be in any language: only JSON, the URL `…/v1/models/<id>` and the line above the id are read. Stages 1 to
//! 3 are pure.

mod html;
mod json;
mod layout;
mod outputs;
mod page;
mod text;
mod trial;
mod update;

pub(crate) use layout::{pretty, token};
pub(crate) use outputs::{OUTPUTS, SHARED, assumed};
pub use page::{Page, read_page};
pub use update::update;
