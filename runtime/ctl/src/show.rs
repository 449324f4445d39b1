//! `show` and `schema`: one model. Must not read inputs.

use std::fmt::Write as _;

use anstyle::Style;
use runcomfy_client::schema::Field;
use runcomfy_client::tool::Dialect;
use runcomfy_client::{Json, ModelInfo};
use serde_json::json;

use crate::failure::{Exit, Failure};
use crate::out::{Out, pretty};
use crate::seen::line;
use crate::words::{self, Shape};
use crate::{command, flags, list};

/// Shows a model.
///
/// # Errors
/// The answer can't be written.
pub(crate) fn show(out: Out, info: &'static ModelInfo) -> Result<(), Failure> {
    let mut json = list::summary(info);
    json["page"] = info.page.into();
    json["as_of"] = info.as_of.into();
    json["fields"] = info.schema.fields.iter().map(field).collect();
    json["example"] = info.example().into();
    out.answer(&json, &text(info))
}

fn field(field: &Field) -> Json {
    json!({
        "name": field.name,
        "wire_key": field.key,
        "required": field.required,
        "kind": Shape::of(field.rules).placeholder(),
        "about": words::published(field),
        "allowed": words::allowed(field.rules),
        "default": field.default_value(),
    })
}

fn text(info: &'static ModelInfo) -> String {
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n{}\n", line(info.display_name), line(info.id));
    _ = writeln!(text, "{}, {}", list::makes(info), info.capability);
    if let Some(price) = info.price {
        let note = price.note.map_or(String::new(), |note| format!("; {}", line(note)));
        let price = price.to_string();
        let price = line(&price);
        let as_of = if info.as_of.is_empty() { String::new() } else { format!(", as of {}", info.as_of) };
        _ = writeln!(text, "{price}{as_of}{note}: no quote, what a job costs depends on its input");
    }
    if let Some(page) = info.page {
        _ = writeln!(text, "{}", line(page));
    }
    for what in info.incomplete {
        _ = writeln!(text, "not known here: {}", line(what));
    }
    let taken = command::taken(&command::command(None), "run");
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    _ = writeln!(text, "\n{bold}Fields{bold:#}");
    for (field, flag) in info.schema.fields.iter().zip(flags::longs(info, &taken)) {
        let flag = flag.map_or_else(|| format!("{:?} in --input", field.name), |flag| format!("--{flag}"));
        let required = if field.required { ", required" } else { "" };
        let kind = Shape::of(field.rules);
        _ = writeln!(text, "  {bold}{}{bold:#} {}{required}", line(&flag), kind.placeholder());
        let default = words::default(field).map(|default| format!("default {default}"));
        let about = words::about(field);
        for said in about.lines().map(str::to_owned).chain(words::allowed(field.rules)).chain(default) {
            _ = writeln!(text, "      {said}");
        }
    }
    if let Some(example) = info.example() {
        _ = writeln!(text, "\n{bold}Example{bold:#} for --input, with readable names\n{}", pretty(&example));
    }
    text
}

/// Prints the schema of a model's input in a dialect, and what that dialect can't say.
///
/// # Errors
/// The model is too large for the dialect.
pub(crate) fn schema(out: Out, info: &ModelInfo, dialect: Dialect) -> Result<(), Failure> {
    let tool = info.tool(dialect).map_err(|error| Failure::new(Exit::Input, error.to_string()).at(info.id))?;
    if !tool.dropped.is_empty() && !out.json {
        let dropped = tool.dropped.iter().map(|one| format!("  {one}")).collect::<Vec<_>>().join("\n");
        out.note(&format!("not in this dialect, and checked nevertheless:\n{dropped}"));
    }
    out.answer(&tool.schema, &pretty(&tool.schema))
}
