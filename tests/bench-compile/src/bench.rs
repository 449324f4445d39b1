//! The bench: a number of made-up models, or the published ones, in, a [`Report`] out.
//!
//! Everything happens in a temporary folder, offline. Dependencies are compiled before the first measurement, each crate
//! cold and without incremental compilation, in CPU seconds of cargo and all it starts: the least of several runs by
//! turns. Generation is measured as a program that reads a schema folder and writes a crate.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use runcomfy_codegen::{Error, ErrorKind, Errors, Package, Placement, Sources, fs};
use tempfile::TempDir;

use crate::crates::{self, Crate, Step, size};
use crate::measure::{Cost, by_turns, run as measured};
use crate::report::{Figures, Report, peaks, seconds};
use crate::theirs;
use xtask::workspace;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// How many made-up models; none for those that are published.
    pub(crate) models: Option<usize>,
    /// Where the random source of the models starts.
    pub(crate) seed: u64,
    /// How often each measurement is taken.
    pub(crate) runs: usize,
    /// Whether to measure the generation of 100 and of 3,000 models, too.
    pub(crate) growth: bool,
}

/// Sizes between which the growth of the generation is measured.
const GROWTH: [usize; 2] = [3_000, 100];

/// Measures and tells what was measured: a table, or JSON.
///
/// # Errors
/// [`ErrorKind::Io`] if the temporary folder can't be used, or cargo fails: then with what it said.
pub(crate) fn run(options: Options, json: bool) -> Result<String, Errors> {
    let report = Bench::new(options)?.report()?;
    let text = serde_json::to_string(&report).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    Ok(if json { text + "\n" } else { report.text() })
}

/// Generates typify's crate from a schema folder of normalised schemas, as a program of its own would.
///
/// # Errors
/// If the folder can't be read, a schema is not one that typify takes, or a file can't be written.
pub(crate) fn generate_theirs(schemas: &Path, out: &Path) -> Result<(), Errors> {
    for (path, text) in theirs::generate(&fs::load(schemas)?)? {
        crates::write(&out.join(path), &text)?;
    }
    Ok(())
}

struct Bench {
    options: Options,
    folder: TempDir,
    sources: Sources,
    replaced: usize,
}

impl Bench {
    fn new(options: Options) -> Result<Self, Errors> {
        let folder = tempfile::tempdir()
            .map_err(|error| Error::new(ErrorKind::Io, format!("there is no temporary folder: {error}")))?;
        let sources = match options.models {
            Some(models) => {
                say(&format!("making up {models} models"));
                synthetic::sources(&synthetic::models(models, options.seed))
            }
            None => fs::load(&workspace::schemas())?,
        };
        let mut bench = Self { options, folder, sources, replaced: 0 };
        bench.write_schemas("schemas", &bench.sources)?;
        let (theirs, replaced) = theirs::normal(&bench.sources)?;
        bench.write_schemas("their-schemas", &theirs)?;
        bench.replaced = replaced;
        Ok(bench)
    }

    fn report(&self) -> Result<Report, Errors> {
        let mut figures = Figures { generation_seconds: self.generation()?, ..Figures::default() };
        let ours = Crate::of(self.path("ours"), "all")?;
        crates::write(&self.path("theirs/Cargo.toml"), THEIR_MANIFEST)?;
        let theirs = Crate::of(self.path("theirs"), "")?;
        let check = self.compile("cargo check", Step::Check, &ours, &theirs)?;
        (figures.check_seconds, figures.check_peak_memory_mib) = (seconds(check), peaks(check));
        let release = self.compile("release build", Step::Release, &ours, &theirs)?;
        (figures.release_seconds, figures.release_peak_memory_mib) = (seconds(release), peaks(release));
        let library = |name: &str| size(&self.path("target/release").join(name)).map(mib);
        figures.library_mib = [library("libruncomfy.rlib")?, library("libtypify_output.rlib")?];
        figures.one_family_seconds = self.one_family()?;
        figures.binary_mib = self.binaries()?;
        if self.options.growth {
            figures.growth_seconds = Some(self.growth()?);
        }
        let Options { seed, runs, .. } = self.options;
        Ok(Report::of(self.sources.models.len(), seed, runs, self.replaced, figures))
    }

    /// Reading a schema folder and writing a crate, with names that are locked, as on every day but the first.
    fn generation(&self) -> Result<[f64; 2], Error> {
        say("generation");
        self.generate("schemas", "ours")?;
        let ours = || self.generate("schemas", "ours");
        let theirs = || self.program("typify", "their-schemas", "theirs");
        by_turns(self.options.runs, ours, theirs).map(|costs| told(seconds(costs)))
    }

    fn growth(&self) -> Result<[f64; 2], Errors> {
        say("generation of 3,000 and of 100 models");
        let names = GROWTH.map(|count| format!("schemas-{count}"));
        for (count, name) in GROWTH.into_iter().zip(&names) {
            self.write_schemas(name, &synthetic::sources(&synthetic::models(count, self.options.seed)))?;
            self.generate(name, "grown")?;
        }
        let grown = |place: usize| self.generate(&names[place], "grown");
        Ok(told(seconds(by_turns(self.options.runs, || grown(0), || grown(1))?)))
    }

    fn generate(&self, schemas: &str, out: &str) -> Result<Cost, Error> {
        self.program("generate", schemas, out)
    }

    /// Runs one of our commands that writes a crate into an empty folder.
    fn program(&self, command: &str, schemas: &str, out: &str) -> Result<Cost, Error> {
        self.put_away(out)?;
        let program = std::env::current_exe()
            .map_err(|error| Error::new(ErrorKind::Io, format!("this program can't be found: {error}")))?;
        let mut program = Command::new(program);
        measured(program.arg(command).arg("--schemas").arg(self.path(schemas)).arg("--out").arg(self.path(out)))
    }

    /// Makes room for a folder, without removing what is there: for minutes after many files were removed, file systems
    /// are slow to create new ones.
    fn put_away(&self, name: &str) -> Result<(), Error> {
        let away = || {
            let old = TempDir::new_in(self.folder.path())?.keep();
            std::fs::rename(self.path(name), old.join(name))
        };
        match away() {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::new(ErrorKind::Io, format!("the folder {name} can't be moved away: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Compiles two crates by turns, after a first time that compiles what they depend on.
    fn compile(&self, what: &str, step: Step, one: &Crate, other: &Crate) -> Result<[Cost; 2], Error> {
        say(&format!("{what}: dependencies"));
        let build = |one: &Crate| one.build(step, &self.path("target"));
        build(one)?;
        build(other)?;
        say(&format!("{what}: {} times each", self.options.runs));
        let costs = by_turns(self.options.runs, || build(one), || build(other))?;
        told(seconds(costs));
        Ok(costs)
    }

    /// A family of a large crate, and a crate that has only that family.
    fn one_family(&self) -> Result<[f64; 2], Errors> {
        let catalog = runcomfy_codegen::catalog(&self.sources)?;
        let Some(feature) = catalog.models.first().map(|model| model.module.feature.clone()) else {
            return Ok([0.0; 2]);
        };
        let is_of_family =
            |folder: &str| catalog.models.iter().any(|model| model.folder == folder && model.module.feature == feature);
        let mut family = self.sources.clone();
        family.models.retain(|model| is_of_family(&model.folder));
        let alone = Crate::write(self.path("alone"), &self.package(&family, "alone")?, &feature)?;
        let out_of_all = Crate::of(self.path("ours"), &feature)?;
        Ok(seconds(self.compile("one family", Step::Check, &out_of_all, &alone)?))
    }

    /// A program that uses one model of the workspace's own, and the same by hand.
    fn binaries(&self) -> Result<[f64; 2], Errors> {
        say("release binaries with one model");
        let package = self.package(&fs::load(&workspace::schemas())?, "real")?;
        Crate::write(self.path("real"), &package, "")?;
        let mut sizes = [0.0; 2];
        for (place, (name, manifest, program)) in PROGRAMS.into_iter().enumerate() {
            crates::write(&self.path(name).join("Cargo.toml"), manifest)?;
            crates::write(&self.path(name).join("src/main.rs"), program)?;
            Crate::of(self.path(name), "")?.build(Step::Release, &self.path("target"))?;
            let binary = format!("target/release/{name}{}", std::env::consts::EXE_SUFFIX);
            sizes[place] = mib(size(&self.path(&binary))?);
        }
        Ok(sizes)
    }

    fn package(&self, sources: &Sources, out: &str) -> Result<Package, Errors> {
        let placement: Placement = workspace::placement(&self.path(out))?;
        runcomfy_codegen::generate(sources, &placement)
    }

    fn write_schemas(&self, name: &str, sources: &Sources) -> Result<(), Error> {
        let of_models = sources.models.iter().flat_map(|model| [&model.manifest, &model.input, &model.output]);
        let written = sources.models.iter().flat_map(|model| [&model.lock, &model.overrides]).flatten();
        for file in of_models.chain(written).chain(&sources.shared).chain(&sources.overrides) {
            crates::write(&self.path(name).join(&file.path), &file.text)?;
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

const THEIR_MANIFEST: &str = "\
[package]
name = \"typify-output\"
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
regress = \"*\"
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"

[workspace]
";

/// The programs whose sizes are compared: name, `Cargo.toml`, source.
const PROGRAMS: [(&str, &str, &str); 2] = [
    ("typed", include_str!("programs/typed.toml"), include_str!("programs/typed.rs.txt")),
    ("by-hand", include_str!("programs/by-hand.toml"), include_str!("programs/by_hand.rs.txt")),
];

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Tells a pair of figures as soon as it is there: a long run that is stopped was not for nothing.
fn told(figures: [f64; 2]) -> [f64; 2] {
    let [one, other] = figures;
    say(&format!("{one:.3} and {other:.3} CPU seconds, ratio {:.3}", one / other));
    figures
}

/// Tells how far the bench is. Whoever closed the stream does not want to know.
fn say(what: &str) {
    _ = writeln!(std::io::stderr(), "bench-compile: {what}");
}
