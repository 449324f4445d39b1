//! Shows a model as a tool of each host of language models, reads arguments as a language model sends them, and tells what is
//! wrong with them. Offline: the models are those of a schema folder, and nothing is run.
//!
//! ```sh
//! cargo run -p runcomfy-live --example tool -- community/wan-2-2/vace-fun
//! ```

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use runcomfy_client::tool::{Dialect, Tool};
use runcomfy_live::{Catalogue, LiveModel};
use serde_json::{Map, Value, json};

/// Shows a model as a tool, and reads a call of it.
#[derive(Parser)]
struct Options {
    /// The model.
    #[arg(default_value = "community/wan-2-2/vace-fun")]
    model: String,
    /// The schemas.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas"))]
    schemas: PathBuf,
}

#[expect(clippy::print_stdout, reason = "a program")]
fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let catalogue = Catalogue::builder().folder(options.schemas).build()?;
    let model = catalogue.model(&options.model)?;
    for dialect in Dialect::ALL {
        let tool = model.tool(dialect)?;
        println!(
            "== {dialect:?}: {} bytes, {} things said in words",
            tool.schema.to_string().len(),
            tool.dropped.len()
        );
        println!("{:#}", offered(&tool, dialect));
        for dropped in tool.dropped.iter().take(5) {
            println!("   in words: {dropped}");
        }
    }

    let tool = model.tool(Dialect::OpenAiStrict)?;
    let call = called(&tool);
    println!("== a call: {call}");
    let input = tool.read(&call);
    println!("as an input: {input}");
    match model.to_wire(&input) {
        Ok(wire) => println!("on the wire: {wire}"),
        Err(invalid) => println!("{invalid}"),
    }
    println!("== one with mistakes");
    told(&model, &tool.read(&spoiled(&model)));
    Ok(())
}

/// The tool as the host's API has it.
fn offered(tool: &Tool, dialect: Dialect) -> Value {
    let Tool { name, description, schema, .. } = tool;
    match dialect {
        Dialect::Anthropic | Dialect::Full => json!({"name": name, "description": description, "input_schema": schema}),
        Dialect::OpenAiStrict => {
            json!({"type": "function", "name": name, "description": description, "parameters": schema, "strict": true})
        }
        _ => json!({"name": name, "description": description, "parameters": schema}),
    }
}

/// Arguments as a language model sends them under `strict`: every property, null for those that it leaves out.
fn called(tool: &Tool) -> Value {
    let properties = tool.schema["properties"].as_object().into_iter().flatten();
    properties.map(|(name, property)| (name.clone(), value(property))).collect::<Map<String, Value>>().into()
}

fn value(property: &Value) -> Value {
    let is_optional = property["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
    let takes_file = property["description"].as_str().is_some_and(|text| text.contains("https URL"));
    match &property["type"] {
        _ if is_optional => Value::Null,
        _ if property["enum"][0].is_string() => property["enum"][0].clone(),
        Value::String(name) if name == "array" => json!([value(&property["items"])]),
        Value::String(name) if name == "integer" || name == "number" => property["minimum"].clone(),
        _ if takes_file => json!("https://example.com/picture.png"),
        _ => json!("A lone figure"),
    }
}

/// Every field with a value that is none.
fn spoiled(model: &LiveModel) -> Value {
    let fields = model.schema.fields.iter().filter(|field| !field.required);
    fields.map(|field| (field.name.to_owned(), json!({"not": "a value"}))).collect::<Map<String, Value>>().into()
}

/// Tells a language model what to mend.
#[expect(clippy::print_stdout, reason = "a program")]
fn told(model: &LiveModel, input: &Value) {
    if let Err(invalid) = model.to_wire(input) {
        for violation in &invalid {
            println!("{violation}");
        }
    }
}
