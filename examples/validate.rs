//! Builds an input, shows every problem of a bad one at once, and prints the readable and the wire form.
//!
//! `cargo run --example validate`
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use runcomfy::community::wan_2_2::vace_fun::{Input, Resolution};
use runcomfy::{ImageInput, Model as _};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let input = Input::new("A lone figure at golden hour", ImageInput::sample("Runcomfy_Example_1290_1.png"))
        .resolution(Resolution::R1280x720)
        .number_of_frames(141)
        .steps(20)
        .guidance_scale(4.0);
    input.validate()?;

    println!("Readable, for people and for storing:\n{}\n", serde_json::to_string_pretty(&input)?);
    println!("On the wire, with the node ids of today:\n{}\n", serde_json::to_string_pretty(&input.to_wire())?);

    let stored: Input = serde_json::from_str(&serde_json::to_string(&input)?)?;
    assert_eq!(stored, input, "what was stored reads back");

    let bad = input.clone().number_of_frames(100).frames_per_second(60).steps(1).guidance_scale(f64::NAN).shift(0.5);
    match bad.validate() {
        Ok(()) => return Err("five values are out of bounds, and nobody noticed".into()),
        Err(problems) => println!("A bad input, with everything that is wrong with it:\n{problems}\n"),
    }

    let misspelt = r#"{"prompt": "A city", "image": "sample.png", "step": 20, "resolution": "1x1"}"#;
    match serde_json::from_str::<Input>(misspelt) {
        Ok(_) => return Err("`step` is no field, and nobody noticed".into()),
        Err(problem) => println!("A stored input with a misspelt name and an unknown value:\n{problem}"),
    }
    Ok(())
}
