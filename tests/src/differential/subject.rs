//! The generated types under test: models in, a compiled program that reads, validates and writes their inputs out. The
//! program goes the way that users go.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use runcomfy_codegen::{ModelSource, SourceFile, Sources};
use serde_json::Value;

use crate::cargo;

/// What the generated types make of one instance.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is valid.
    Accepted {
        /// What would be sent.
        wire: Value,
        /// The kinds of violations that the check of untyped JSON finds.
        untyped: Vec<String>,
        /// The same of the input as it is stored, with readable names.
        readable: Vec<String>,
        /// Whether it survives being stored and read.
        stored: bool,
    },
    /// It is not.
    Refused {
        /// The kinds of the violations, each with the wire key of its field.
        kinds: Vec<(String, String)>,
        /// All violations in words.
        text: String,
        /// Whether the check of untyped JSON refuses it too.
        untyped: bool,
    },
}

/// A running program.
pub struct Subject {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Subject {
    /// Generates and builds the program; models are asked for by their place in `models`.
    ///
    /// # Panics
    /// If the models can't be generated or compiled.
    #[must_use]
    pub fn build(models: &[ModelSource], shared: &[SourceFile], release: bool) -> Self {
        Self::of(include_str!("answer.rs.txt"), "all", "differential", models, shared, release)
    }

    /// The same for another program, of that name, which ends with the start of a list of functions `answer::<Input>`.
    ///
    /// # Panics
    /// If the models can't be generated or compiled.
    #[must_use]
    pub fn of(
        program: &str,
        features: &str,
        name: &str,
        models: &[ModelSource],
        shared: &[SourceFile],
        release: bool,
    ) -> Self {
        let sources = Sources { models: models.to_vec(), shared: shared.to_vec(), ..Sources::default() };
        let catalog = runcomfy_codegen::catalog(&sources).unwrap_or_else(|errors| panic!("{errors}"));
        let out = cargo::write(name, &crate::generate(&sources));
        let mut program = program.to_owned();
        for source in models {
            let model = catalog.models.iter().find(|model| model.folder == source.folder).expect("generated");
            let module = &model.module;
            program += &format!(
                "    answer::<runcomfy::{}::{}::{}::Input>,\n",
                module.provider, module.family, module.variant
            );
        }
        program += "];\n";
        std::fs::create_dir_all(out.join("src/bin")).expect("a folder");
        std::fs::write(out.join(format!("src/bin/{name}.rs")), program).expect("a program");
        let build = ["build", "--no-default-features", "--features", features, "--bin", name];
        cargo::run(&out, &[&build[..], if release { &["--release"] } else { &[] }].concat());
        let program = cargo::program(&format!("{}/{name}", if release { "release" } else { "debug" }));
        let mut child =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program to start");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, input, output }
    }

    /// Asks about many instances at once, each with the place of its model.
    ///
    /// # Panics
    /// If the program ends: generated code must not panic.
    pub fn ask(&mut self, instances: &[(usize, Value)]) -> Vec<Answer> {
        self.replies(instances).into_iter().map(answer).collect()
    }

    /// The same, as the program replies.
    ///
    /// # Panics
    /// If the program ends.
    pub fn replies(&mut self, instances: &[(usize, Value)]) -> Vec<Value> {
        let Self { input, output, .. } = self;
        let input = input.as_mut().expect("open until the program is dropped");
        std::thread::scope(|scope| {
            // Written beside reading: either pipe may fill up.
            scope.spawn(move || {
                let mut lines = String::new();
                for (count, (place, instance)) in instances.iter().enumerate() {
                    // A blank at the end asks for what there is so far.
                    let end = if count + 1 == instances.len() { " " } else { "" };
                    lines += &format!("{place} {instance}{end}\n");
                }
                input.write_all(lines.as_bytes()).and_then(|()| input.flush()).expect("the program runs");
            });
            (0..instances.len())
                .map(|place| {
                    let mut line = String::new();
                    output.read_line(&mut line).expect("the program runs");
                    assert!(!line.is_empty(), "the program ended at or before {:?}", instances[place]);
                    serde_json::from_str(&line).expect("a reply")
                })
                .collect()
        })
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

fn answer(mut reply: Value) -> Answer {
    let texts = |name: &str| -> Vec<String> {
        reply[name].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (untyped, readable) = (texts("untyped"), texts("readable"));
    if reply.get("wire").is_some() {
        return Answer::Accepted { wire: reply["wire"].take(), untyped, readable, stored: reply["stored"] == true };
    }
    let kinds = texts("kinds");
    let kinds =
        kinds.iter().filter_map(|kind| kind.split_once(' ')).map(|(kind, key)| (kind.to_owned(), key.to_owned()));
    let kinds = kinds.collect();
    Answer::Refused { kinds, text: reply["text"].as_str().unwrap_or_default().to_owned(), untyped: !untyped.is_empty() }
}
