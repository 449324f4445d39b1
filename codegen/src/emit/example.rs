//! A model in, a few lines of Rust out that build its input and run a job: for documentation. Knows which values are
//! certainly allowed, and gives no example where it knows none.

mod sample;

use std::collections::BTreeSet;

use crate::file::{DocLine, text};
use crate::ir::{Field, Model, Object, Rule, Ty, TypeKind};
use sample::{Sample, Samples};

/// A few lines that build a model's input.
pub(super) struct Example {
    /// Whether the input takes its required fields one by one, and has some.
    pub(super) is_plain: bool,
    /// What they use of the model's module.
    module: String,
    /// The media types they use.
    media: BTreeSet<&'static str>,
    /// The statement that builds the input.
    input: Vec<String>,
}

impl Example {
    fn uses(&self, first: &'static str) -> [String; 3] {
        let names: Vec<&str> = [first].into_iter().chain(self.media.iter().copied()).collect();
        [format!("use runcomfy::{};", self.module), format!("use runcomfy::{};", imported(&names)), String::new()]
    }

    /// Builds the input, with one more name of the crate at hand.
    pub(super) fn build(&self, used: &'static str) -> Vec<String> {
        self.uses(used).into_iter().chain(self.input.iter().cloned()).collect()
    }

    /// Checks the input and prints what would be sent.
    pub(super) fn check(&self) -> Vec<String> {
        let rest =
            ["input.validate()?;", "println!(\"{}\", input.to_wire());", "# Ok::<(), runcomfy::InvalidInput>(())"];
        self.build("Model as _").into_iter().chain(rest.map(str::to_owned)).collect()
    }

    /// Runs a job, as a block of code that can be compiled where a condition of `cfg` holds.
    pub(super) fn run(&self, gate: &str) -> Vec<DocLine> {
        let start = ["# async fn run() -> Result<(), runcomfy::Error> {", "let client = Client::from_env()?;"];
        let end = [
            "let done = client.run(&input).await?; // Checks, submits, waits, fetches.",
            "println!(\"{:?}\", done.output);",
            "# Ok(())",
            "# }",
        ];
        let fence = DocLine::Fence { kind: "no_run", gate: gate.to_owned() };
        let code = [text(self.uses("Client")), text(start), text(&self.input), text(end), text(["```"])];
        [fence].into_iter().chain(code.into_iter().flatten()).collect()
    }

    /// The lines for a model whose required fields are of simple types.
    pub(super) fn of(model: &Model) -> Option<Self> {
        let TypeKind::Object(input) = &model.types.first()?.kind else { return None };
        let is_whole = |rule: &Rule| matches!(rule, Rule::Type(_) | Rule::Properties(_) | Rule::NoAdditionalProperties);
        if !input.rules.iter().all(is_whole) {
            return None;
        }
        let mut samples = Samples::of(model);
        let places = input.required.iter();
        let required: Option<Vec<(&Field, Sample)>> = places
            .map(|place| {
                let field = &input.fields[*place];
                Some((field, samples.sample(field)?))
            })
            .collect();
        let required = required?;
        let is_literal = input.takes_literal();
        let setters = setters(input, &mut samples);
        let own = ["Input"].into_iter().chain(is_literal.then_some("Required")).map(str::to_owned);
        let types: BTreeSet<String> = own.chain(samples.enums).collect();
        let types = imported(&types.iter().map(String::as_str).collect::<Vec<_>>());
        let mut lines = new(&required, is_literal);
        lines.extend(setters.into_iter().map(|setter| format!("    {setter}")));
        if let Some(last) = lines.last_mut() {
            last.push(';');
        }
        let module = format!("{}::{types}", super::listing::path(&model.module));
        Some(Self { is_plain: !is_literal && !required.is_empty(), module, media: samples.media, input: lines })
    }
}

/// Names as the end of a `use`: one stands alone.
fn imported(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        more => format!("{{{}}}", more.join(", ")),
    }
}

/// The call of `new` with the values of the required fields.
fn new(required: &[(&Field, Sample)], is_literal: bool) -> Vec<String> {
    if !is_literal {
        let values: Vec<&str> = required.iter().map(|(_, value)| &*value.argument).collect();
        return vec![format!("let input = Input::new({})", values.join(", "))];
    }
    let fields = required.iter().map(|(field, value)| format!("    {}: {},", field.name, value.field));
    let first = "let input = Input::new(Required {".to_owned();
    [first].into_iter().chain(fields).chain(["})".to_owned()]).collect()
}

/// Up to two setters with values that are certainly allowed.
fn setters(input: &Object, samples: &mut Samples<'_>) -> Vec<String> {
    let optional = input.fields.iter().filter(|field| !field.required);
    let known = optional
        .filter(|field| matches!(field.ty, Ty::I64 | Ty::F64 | Ty::Bool | Ty::Named(_)) && field.default.is_some());
    let calls = known.filter_map(|field| Some(format!(".{}({})", field.name, samples.sample(field)?.argument)));
    calls.take(2).collect()
}
