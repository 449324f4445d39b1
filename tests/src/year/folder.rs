//! The maintainers' desk: a schema folder, the crate made of it, and how both were a week ago; with the commands that they
//! run. Must not know what is published, or what is right.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use runcomfy_codegen::cli::{Answer, DiffArgs, Format, Project, diff};
use runcomfy_codegen::diff::Version;
use runcomfy_codegen::ir::{Catalog, Model};
use runcomfy_codegen::manifest::Date;
use runcomfy_codegen::sync::{self, Options, response};
use runcomfy_codegen::{ClientCrate, Errors, Placement, Standalone};
use serde_json::Value;
use tempfile::TempDir;

/// Answers of a person: what became of fields, by the type that has them and by their names.
pub type Answers = BTreeMap<String, BTreeMap<String, String>>;

/// A schema folder with its crate, and how it was.
pub struct Folder {
    root: TempDir,
}

impl Folder {
    /// An empty one.
    ///
    /// # Panics
    /// If there can be no folder.
    #[must_use]
    pub fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        for name in ["schemas", "before"] {
            fs::create_dir(root.path().join(name)).expect("a folder");
        }
        Self { root }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A copy of the schemas to try something on.
    ///
    /// # Panics
    /// If it can't be made.
    #[must_use]
    pub fn copy(&self) -> Self {
        let copy = Self::new();
        copy_all(&self.path("schemas"), &copy.path("schemas"));
        copy
    }

    /// Remembers the schemas as they are now.
    ///
    /// # Panics
    /// If they can't be copied.
    pub fn remember(&self) {
        fs::remove_dir_all(self.path("before")).expect("removed");
        copy_all(&self.path("schemas"), &self.path("before"));
    }

    /// `sync --from`
    ///
    /// # Panics
    /// If the response is none.
    #[must_use]
    pub fn sync(&self, text: &str) -> Answer {
        let response = response::read("response.json", text).unwrap_or_else(|error| panic!("{error}"));
        let options = Options {
            only: None,
            dry_run: false,
            today: Date { year: 2026, month: 1, day: 1 },
            released: Version::new(0, 1, 0),
            is_published: false,
            generate: "generate",
            facts_only: false,
        };
        sync::sync(response, &self.path("schemas"), &options).unwrap_or_else(Answer::from)
    }

    fn project(&self, has_crate: bool) -> Project {
        let own = Standalone {
            client: ClientCrate::Version("0.1".to_owned()),
            version: "0.0.0".to_owned(),
            edition: "2024".to_owned(),
            rust_version: "1.88".to_owned(),
            license: None,
            command: "generate".to_owned(),
        };
        Project {
            schemas: self.path("schemas"),
            out: has_crate.then(|| (self.path("out"), Placement::Standalone(own))),
            command: "generate",
            flags: Vec::new(),
        }
    }

    /// `generate`
    #[must_use]
    pub fn generate(&self) -> Answer {
        self.project(true).generate().unwrap_or_else(Answer::from)
    }

    /// `lock`: the names alone. To write a crate takes most of the time of a week, so it is done where somebody looks at it.
    #[must_use]
    pub fn lock(&self) -> Answer {
        self.project(false).generate().unwrap_or_else(Answer::from)
    }

    /// `check`
    #[must_use]
    pub fn check(&self) -> Answer {
        self.project(true).check().unwrap_or_else(Answer::from)
    }

    /// `diff` of what was remembered and what is there: the changes.
    ///
    /// # Errors
    /// What keeps them from being compared.
    ///
    /// # Panics
    /// If the report is no JSON.
    pub fn diff(&self) -> Result<Vec<Value>, Errors> {
        let text = |name: &str| self.path(name).display().to_string();
        let args = DiffArgs { old: text("before"), new: text("schemas"), format: Format::Json, fail_on: None };
        let answer = diff(&args, &self.path("schemas"), &Version::new(0, 1, 0))?;
        let report: Value = serde_json::from_str(&answer.out).expect("JSON");
        Ok(report["changes"].as_array().cloned().unwrap_or_default())
    }

    /// The named representation.
    ///
    /// # Panics
    /// If the schemas can't be generated from.
    #[must_use]
    pub fn catalog(&self) -> Catalog {
        runcomfy_codegen::catalog(&crate::load(&self.path("schemas"))).unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// The generated code of a model.
    #[must_use]
    pub fn source(&self, model: &Model) -> String {
        let module = &model.module;
        let file = format!("out/src/{}/{}/{}.rs", module.provider, module.family, module.variant);
        fs::read_to_string(self.path(&file)).unwrap_or_default()
    }

    /// A file of a model.
    #[must_use]
    pub fn read(&self, model: &str, name: &str) -> Option<String> {
        fs::read_to_string(self.path("schemas").join(model).join(name)).ok()
    }

    /// Writes a file of a model, now and as if it had been so a week ago.
    ///
    /// # Panics
    /// If it can't be written.
    pub fn write(&self, model: &str, name: &str, text: &str) {
        let folder = self.path("schemas").join(model);
        fs::create_dir_all(&folder).expect("folders");
        fs::write(folder.join(name), text).expect("written");
    }

    /// Writes a person's answers down.
    pub fn answer(&self, model: &str, answers: &Answers) {
        let line = |(name, answer): (&String, &String)| format!("{name} = {answer}\n");
        let table = |(owner, answers): (&String, &BTreeMap<String, String>)| {
            let header = if owner == "Input" { "[moved]".to_owned() } else { format!("[moved.{owner}]") };
            format!("{header}\n{}", answers.iter().map(line).collect::<String>())
        };
        self.write(model, "overrides.toml", &answers.iter().map(table).collect::<String>());
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy_all(&path, &target),
            false => drop(fs::copy(&path, target).expect("a copy")),
        }
    }
}
