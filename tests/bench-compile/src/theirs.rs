//! What is compared with: schemas in, the source of a crate of typify's types out, one file for each model. No builders and
//! nothing of ours in it. Must not know our representation.
//!
//! typify gets the same schemas, normalised as far as it needs: RunComfy's dialect fixed up ([`normal`]), `prefixItems` in
//! the words of draft 7, custom formats of lists left out, and each property on which typify still fails replaced by "any
//! value", which is the cheapest type there is. The shared output shape is generated once, as ours.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use runcomfy_codegen::manifest::OutputSource;
use runcomfy_codegen::schema::Schema;
use runcomfy_codegen::{Error, ErrorKind, Errors, Manifest, SourceFile, Sources, fixup, schema};
use serde_json::{Value, json};
use typify::{TypeSpace, TypeSpaceSettings};

/// The sources with schemas that typify can read, and how many properties had to be replaced for that.
pub(crate) fn normal(sources: &Sources) -> Result<(Sources, usize), Errors> {
    let mut sources = sources.clone();
    let mut replaced = 0;
    // Its panics are expected here.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let inputs = sources.models.iter_mut().map(|model| (&mut model.input, fixup::input as fn(&mut Schema)));
    let done: Result<Vec<()>, Errors> = inputs.map(|(file, fix)| normal_file(file, fix, &mut replaced)).collect();
    let outputs = sources.models.iter_mut().map(|model| &mut model.output).chain(&mut sources.shared);
    let done = done.and_then(|_| outputs.map(|file| normal_file(file, fixup::output, &mut replaced)).collect());
    std::panic::set_hook(hook);
    done.map(|_: Vec<()>| (sources, replaced))
}

fn normal_file(file: &mut SourceFile, fix: fn(&mut Schema), replaced: &mut usize) -> Result<(), Errors> {
    let published: Value = serde_json::from_str(&file.text)
        .map_err(|error| Error::new(ErrorKind::Json, error.to_string()).of("", file.path.as_str()))?;
    let (inner, pointer) = fixup::output_envelope(&published);
    let mut schema = schema::parse(inner, pointer)?;
    fix(&mut schema);
    let mut schema = schema.to_full_json();
    draft_7(&mut schema);
    schema["title"] = json!("Input");
    if !is_fine(&schema) {
        *replaced += replace_bad_properties(&mut schema);
    }
    file.text = schema.to_string();
    Ok(())
}

/// The words of draft 7, which typify reads.
fn draft_7(schema: &mut Value) {
    if let Value::Object(keywords) = schema {
        if keywords.contains_key("items") || keywords.get("type") == Some(&json!("array")) {
            keywords.remove("format");
        }
        if let Some(prefix) = keywords.remove("prefixItems") {
            let rest = keywords.insert("items".to_owned(), prefix);
            keywords.extend(rest.map(|rest| ("additionalItems".to_owned(), rest)));
        }
        keywords.values_mut().for_each(draft_7);
    } else if let Value::Array(parts) = schema {
        parts.iter_mut().for_each(draft_7);
    }
}

/// Replaces each property on which typify fails when it is the only one, and failing that all of them.
fn replace_bad_properties(schema: &mut Value) -> usize {
    let names: Vec<String> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let mut replaced = 0;
    for name in &names {
        let mut alone = schema.clone();
        alone["properties"] = json!({ name: schema["properties"][name] });
        alone["required"] = json!([]);
        if !is_fine(&alone) {
            schema["properties"][name] = json!(true);
            replaced += 1;
        }
    }
    if !is_fine(schema) {
        *schema = json!({"title": "Input", "type": "object"});
        replaced = names.len();
    }
    replaced
}

fn is_fine(schema: &Value) -> bool {
    catch_unwind(AssertUnwindSafe(|| types(schema))).is_ok_and(|text| text.is_ok())
}

/// The files of the crate: text by path.
pub(crate) fn generate(sources: &Sources) -> Result<BTreeMap<String, String>, Errors> {
    let mut files = BTreeMap::new();
    let mut root = String::new();
    let mut add = |name: String, parts: &[(&str, &SourceFile)]| -> Result<(), Errors> {
        let mut text = String::new();
        for (part, file) in parts {
            let fail = |message: String| {
                Error::new(ErrorKind::Internal, format!("typify: {message}")).of("", file.path.as_str())
            };
            let schema = serde_json::from_str(&file.text).map_err(|error| fail(error.to_string()))?;
            text += &format!("pub mod {part} {{\n{}}}\n", types(&schema).map_err(fail)?);
        }
        root.push_str(&format!("pub mod {name};\n"));
        files.insert(format!("src/{name}.rs"), text);
        Ok(())
    };
    for (place, model) in sources.models.iter().enumerate() {
        let own = Manifest::parse(&model.manifest)?.output == OutputSource::Published;
        let parts = [("input", &model.input), ("output", &model.output)];
        add(format!("model_{place}"), &parts[..if own { 2 } else { 1 }])?;
    }
    for (place, file) in sources.shared.iter().enumerate() {
        add(format!("shared_{place}"), &[("output", file)])?;
    }
    files.insert("src/lib.rs".to_owned(), root);
    Ok(files)
}

/// typify's types for one schema, as prettyplease prints them.
fn types(schema: &Value) -> Result<String, String> {
    let root = serde_json::from_value(schema.clone()).map_err(|error| error.to_string())?;
    let mut space = TypeSpace::new(&TypeSpaceSettings::default());
    space.add_root_schema(root).map_err(|error| error.to_string())?;
    let file = syn::parse2(space.to_stream()).map_err(|error| error.to_string())?;
    Ok(prettyplease::unparse(&file))
}
