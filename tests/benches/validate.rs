//! Our checks against the crate `jsonschema`, on the same inputs in the same run: for the model that everything started from
//! and the largest one of those that are published. The crate's validator is made at run time, or by its macro at compile
//! time; from a typed input both need `serde_json::to_value` first, on JSON that is there already they don't.
//!
//! ```sh
//! cargo bench -p benches --bench validate
//! ```

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use fastrand::Rng;
use runcomfy_codegen::ir::{Model, Module};
use runcomfy_codegen::{ModelSource, SourceFile, Sources};
use serde_json::Value;
use workspace_tests::differential::{instance::fullest, normal::normal};
use workspace_tests::{cargo, frozen, generate, load, root};

/// A model, its schema in the words of the standard, and a valid input.
struct Subject {
    source: ModelSource,
    schema: Value,
    input: Value,
}

const CHECKS: [&str; 6] =
    ["typed/validate", "typed/jsonschema", "typed/macro", "json/check", "json/jsonschema", "json/macro"];

impl Subject {
    fn new(source: ModelSource) -> Self {
        let schema = normal(&serde_json::from_str(&source.input.text).expect("JSON"));
        let validator = jsonschema::draft202012::new(&schema).expect("a schema");
        let input = fullest(&schema, &validator, &mut Rng::with_seed(1));
        Self { source, schema, input }
    }
}

fn fields(source: &ModelSource) -> usize {
    let schema: Value = serde_json::from_str(&source.input.text).unwrap_or_default();
    schema["properties"].as_object().map_or(0, serde_json::Map::len)
}

/// A compiled program that runs either check so many times and says how long that took.
struct Program {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Program {
    fn build(subjects: &[Subject], shared: Vec<SourceFile>) -> Self {
        let models = subjects.iter().map(|subject| subject.source.clone()).collect();
        let sources = Sources { models, shared, ..Sources::default() };
        let catalog = runcomfy_codegen::catalog(&sources).unwrap_or_else(|errors| panic!("{errors}"));
        let mut package = generate(&sources);
        let manifest = package.files.get_mut("Cargo.toml").expect("a manifest");
        // The newest version whose macro is on the registry.
        manifest.push_str(
            "\n[dev-dependencies]\nserde_json = \"1\"\n\
             jsonschema = { version = \"=0.60.2\", default-features = false, features = [\"macros\"] }\n",
        );
        let out = cargo::write("bench-validate", &package);
        let examples = out.join("examples");
        std::fs::create_dir_all(&examples).expect("a folder");
        let (mut program, mut macros) = (include_str!("measure.rs.txt").to_owned(), String::new());
        for (place, subject) in subjects.iter().enumerate() {
            let model = catalog.models.iter().find(|model| model.folder == subject.source.folder).expect("generated");
            let Module { provider, family, variant, .. } = &model.module;
            let schema = with_names(subject.schema.clone(), model).to_string();
            std::fs::write(examples.join(format!("schema_{place}.json")), schema).expect("a schema");
            macros += &format!(
                "\n#[jsonschema::validator(path = \"examples/schema_{place}.json\", validate_formats = false)]\nstruct Macro{place};\n"
            );
            program += &format!(
                "    |question| measured::<runcomfy::{provider}::{family}::{variant}::Input>(question, \
                 include_str!(\"schema_{place}.json\"), Macro{place}::is_valid),\n"
            );
        }
        std::fs::write(examples.join("measure.rs"), program + "];\n" + &macros).expect("a program");
        cargo::run(&out, &["build", "--release", "--features", "all", "--example", "measure"]);
        let mut child = Command::new(cargo::program("release/examples/measure"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program to start");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, input, output }
    }

    /// How long `rounds` of one check of one model take.
    fn measure(&mut self, place: usize, check: &str, rounds: u64, subject: &Subject) -> Duration {
        let question = serde_json::json!([place, check, rounds, subject.input]);
        writeln!(self.input, "{question}").and_then(|()| self.input.flush()).expect("the program runs");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("the program runs");
        Duration::from_nanos(answer.trim().parse().expect("nanoseconds"))
    }
}

/// The schema with the names of readable JSON, as `serde_json::to_value` writes them.
fn with_names(mut schema: Value, model: &Model) -> Value {
    let fields = model.types[0].kind.object().expect("an input has fields").fields.iter();
    let names: BTreeMap<&str, &str> = fields.map(|field| (field.key.as_str(), field.json.as_str())).collect();
    let name = |key: &str| (*names.get(key).unwrap_or(&key)).to_owned();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        *properties = std::mem::take(properties).into_iter().map(|(key, part)| (name(&key), part)).collect();
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.iter_mut().for_each(|key| *key = name(key.as_str().unwrap_or_default()).into());
    }
    schema
}

impl Drop for Program {
    fn drop(&mut self) {
        // It would end with its input, but that is dropped later.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn benches(criterion: &mut Criterion) {
    let mut sources = load(&frozen());
    sources.models.retain(|model| model.folder == "community/wan-2-2/vace-fun");
    let published = load(&root().join("schemas"));
    sources.models.extend(published.models.into_iter().max_by_key(fields));
    for shape in published.shared {
        if sources.shared.iter().all(|known| known.path != shape.path) {
            sources.shared.push(shape);
        }
    }
    let subjects: Vec<Subject> = sources.models.into_iter().map(Subject::new).collect();
    let mut program = Program::build(&subjects, sources.shared);
    for (place, subject) in subjects.iter().enumerate() {
        let mut group = criterion.benchmark_group(&subject.source.folder);
        for check in CHECKS {
            group.bench_function(check, |bencher| {
                bencher.iter_custom(|rounds| program.measure(place, check, rounds, subject));
            });
        }
        group.finish();
    }
}

criterion_group!(validate, benches);
criterion_main!(validate);
