//! The schemas that tests stand on in, the models of the crate out.

fn main() {
    runcomfy_codegen::build::Builder::new("../downstream/schemas").build_or_exit();
}
