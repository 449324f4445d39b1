//! Offers a model to a language model as a tool: its input's JSON Schema goes out, a call comes back, and what is wrong with
//! the call goes back as text that a language model can act on.
//!
//! ```sh
//! cargo run --example typed_tool
//! ```

use runcomfy::Model;
use runcomfy::community::wan_2_2::vace_fun::Input;
use runcomfy::schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

/// A tool as most APIs of language models take it.
fn tool<M: Model + JsonSchema>(name: &str, description: &str) -> Value {
    json!({"name": name, "description": description, "input_schema": schema_for!(M)})
}

/// The input that a call asks for, or what to tell the language model.
fn input<M: Model + serde::de::DeserializeOwned>(arguments: Value) -> Result<M, String> {
    let input: M = serde_json::from_value(arguments).map_err(|error| error.to_string())?;
    input.validate().map_err(|invalid| invalid.to_string())?;
    Ok(input)
}

#[expect(clippy::print_stdout, reason = "a program")]
fn main() -> Result<(), String> {
    println!("{:#}", tool::<Input>("make_video", "Makes a video from a prompt and a picture."));

    // What language models get wrong is told all at once.
    let call = json!({"prompt": "A lone figure", "image": "https://example.com/a.png", "steps": 99, "seed": "any"});
    let Err(answer) = input::<Input>(call) else { return Err("this call should have been refused".to_owned()) };
    println!("\nrefused:\n{answer}");

    let call = json!({"prompt": "A lone figure", "image": "https://example.com/a.png", "steps": 20});
    println!("\naccepted, to be sent:\n{}", input::<Input>(call)?.to_wire());
    Ok(())
}
