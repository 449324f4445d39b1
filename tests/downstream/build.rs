//! The schemas beside this file in, the module `models` of the crate out.

fn main() {
    runcomfy_codegen::build::Builder::new("schemas").build_or_exit();
}
