//! The seam to the generator: `generate` and `catalog` of `runcomfy-codegen`, with the signatures the commands use.
//!
//! SEAM: replace this module's body by `pub(crate) use runcomfy_codegen::{catalog, generate};`.

use runcomfy_codegen::{Error, ErrorKind, Errors, Package, Placement, Sources};
use serde::Serialize;

/// Schemas in, the files of the generated crate out.
pub(crate) fn generate(_: &Sources, _: &Placement) -> Result<Package, Errors> {
    Err(absent().into())
}

/// Schemas in, the intermediate representation out.
pub(crate) fn catalog(_: &Sources) -> Result<impl Serialize + use<>, Errors> {
    Err::<(), _>(absent().into())
}

fn absent() -> Error {
    Error::new(ErrorKind::Internal, "this build has no generator")
}
