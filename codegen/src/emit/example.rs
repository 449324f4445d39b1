//! A model in, a few lines of Rust out that build its input and run a job: for documentation. Knows which values are
//! certainly allowed, and gives no example where it knows none.

use std::collections::BTreeSet;

use crate::file::{DocLine, text};
use crate::ir::{Choice, Field, Media, Model, Object, Ty, TypeKind};

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

    /// Checks the input and prints what would be sent.
    pub(super) fn check(&self) -> Vec<String> {
        let rest =
            ["input.validate()?;", "println!(\"{}\", input.to_wire());", "# Ok::<(), runcomfy::InvalidInput>(())"];
        let input = self.input.iter().cloned();
        self.uses("Model as _").into_iter().chain(input).chain(rest.map(str::to_owned)).collect()
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
        let mut enums = BTreeSet::new();
        let mut media = BTreeSet::new();
        let required: Option<Vec<(&Field, String)>> = input
            .required
            .iter()
            .map(|place| {
                let field = &input.fields[*place];
                Some((field, sample(field, model, &mut enums, &mut media)?))
            })
            .collect();
        let required = required?;
        let is_literal = input.takes_literal();
        let setters = setters(input, model, &mut enums);
        let own = ["Input"].into_iter().chain(is_literal.then_some("Required")).map(str::to_owned);
        let types: BTreeSet<String> = own.chain(enums).collect();
        let types = imported(&types.iter().map(String::as_str).collect::<Vec<_>>());
        let mut lines = new(&required, is_literal);
        lines.extend(setters.into_iter().map(|setter| format!("    {setter}")));
        if let Some(last) = lines.last_mut() {
            last.push(';');
        }
        let place = &model.module;
        let module = format!("{}::{}::{}::{types}", place.provider, place.family, place.variant);
        Some(Self { is_plain: !is_literal && !required.is_empty(), module, media, input: lines })
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
fn new(required: &[(&Field, String)], is_literal: bool) -> Vec<String> {
    if !is_literal {
        let values: Vec<&str> = required.iter().map(|(_, value)| value.as_str()).collect();
        return vec![format!("let input = Input::new({})", values.join(", "))];
    }
    let owned = |field: &Field| if field.ty == Ty::Text { ".to_owned()" } else { "" };
    let fields = required.iter().map(|(field, value)| format!("    {}: {value}{},", field.name, owned(field)));
    let first = "let input = Input::new(Required {".to_owned();
    [first].into_iter().chain(fields).chain(["})".to_owned()]).collect()
}

/// Up to two setters with values that are certainly allowed.
fn setters(input: &Object, model: &Model, enums: &mut BTreeSet<String>) -> Vec<String> {
    let optional = input.fields.iter().filter(|field| !field.required);
    let known = optional
        .filter(|field| matches!(field.ty, Ty::I64 | Ty::F64 | Ty::Bool | Ty::Named(_)) && field.default.is_some());
    let mut unused = BTreeSet::new();
    let calls =
        known.filter_map(|field| Some(format!(".{}({})", field.name, sample(field, model, enums, &mut unused)?)));
    calls.take(2).collect()
}

fn sample(
    field: &Field,
    model: &Model,
    enums: &mut BTreeSet<String>,
    media: &mut BTreeSet<&'static str>,
) -> Option<String> {
    let default = field.default.as_ref();
    Some(match &field.ty {
        Ty::Text if field.rules.len() <= 1 => "\"A lone figure at golden hour\"".to_owned(),
        Ty::Media(kind) => {
            let (name, file) = match kind {
                Media::Image => ("ImageInput", "reference.png"),
                Media::Video => ("VideoInput", "clip.mp4"),
                Media::Audio => ("AudioInput", "voice.mp3"),
            };
            media.insert(name);
            format!("{name}::url(\"https://example.com/{file}\")")
        }
        Ty::I64 => default?.as_i64()?.to_string(),
        Ty::F64 => format!("{:?}", default?.as_f64()?),
        Ty::Bool => default?.as_bool()?.to_string(),
        Ty::Named(id) => {
            let TypeKind::Choice(Choice { values, .. }) = &model.types[*id].kind else { return None };
            let name = &model.types[*id].name;
            enums.insert(name.clone());
            format!("{name}::{}", values.first()?.variant)
        }
        _ => return None,
    })
}
