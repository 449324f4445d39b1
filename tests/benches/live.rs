//! Models at run time: how long 384 of them take from disk to usable, and one of them from the cache; and a live model's check
//! against that of a compiled one and against the crate `jsonschema`, on the same input in the same run.
//!
//! ```sh
//! cargo bench -p benches --bench live
//! ```

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group};
use downstream::models::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, ImageInput, Model as _, schema::Names};
use runcomfy_emulator::Emulator;
use runcomfy_live::Catalogue;
use serde_json::json;
use workspace_tests::frozen;
use workspace_tests::tables::folder;

/// How many models a large catalogue has.
const MODELS: usize = 384;
const VACE_FUN: &str = "community/wan-2-2/vace-fun";
/// What a second run of this program is told to do in place of the benches.
const ALONE: &str = "RUNCOMFY_BENCH_ALONE";

/// What is measured in a program of its own, for tables are kept for the life of one.
#[derive(Clone, Copy)]
enum Part {
    /// All models of a schema folder.
    Folder,
    /// All models of a cache.
    Cache,
    /// One model of a cache.
    One,
}

impl Part {
    const ALL: [(&'static str, Self); 3] = [("folder", Self::Folder), ("cache", Self::Cache), ("one", Self::One)];

    /// Opens a catalogue and makes its models usable.
    fn run(self, path: &Path) -> Duration {
        let start = Instant::now();
        let builder = Catalogue::builder();
        let builder = if matches!(self, Self::Folder) { builder.folder(path) } else { builder.cache(path) };
        let catalogue = builder.build().expect("a catalogue");
        let entries = catalogue.models().entries;
        let wanted = if matches!(self, Self::One) { 1 } else { MODELS };
        for entry in entries.iter().take(wanted) {
            catalogue.model(&entry.id).unwrap_or_else(|error| panic!("{error}"));
        }
        let duration = start.elapsed();
        assert!(entries.len() >= MODELS, "{} models", entries.len());
        duration
    }
}

/// The same in a new program.
fn alone(part: &str, path: &Path) -> Duration {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).env(ALONE, part).arg(path).output().expect("the program to run");
    let text = String::from_utf8_lossy(&output.stdout);
    Duration::from_nanos(text.trim().parse().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))))
}

fn from_disk(criterion: &mut Criterion) {
    let (schemas, cache) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    folder::write(&synthetic::sources(&synthetic::models(MODELS, 1)), schemas.path());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let emulator = Emulator::builder(schemas.path()).start().await.expect("an emulator");
        let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build().expect("a client");
        let catalogue = Catalogue::builder().cache(cache.path()).build().expect("a catalogue");
        assert_eq!(catalogue.refresh(&client).await.expect("a list").models, MODELS);
    });
    let mut group = criterion.benchmark_group("from disk to usable");
    group.sample_size(10);
    for (part, name, path) in [
        ("folder", "384 models of a folder", schemas.path()),
        ("cache", "384 models of the cache", cache.path()),
        ("one", "one model of the cache", cache.path()),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|rounds| (0..rounds).map(|_| alone(part, path)).sum());
        });
    }
    group.finish();
}

fn checks(criterion: &mut Criterion) {
    let catalogue = Catalogue::builder().folder(frozen()).build().expect("the schemas");
    let model = catalogue.model(VACE_FUN).expect("a model");
    let input = json!({"prompt": "A lone figure", "image": "https://example.com/a.png", "steps": 20, "seed": 7});
    let typed = Input::new("A lone figure", ImageInput::url("https://example.com/a.png")).steps(20).seed(7);
    let validator = jsonschema::draft202012::new(&model.json_schema()).expect("a schema");
    let mut group = criterion.benchmark_group("check");
    group.bench_function("typed", |bencher| bencher.iter(|| typed.validate().is_ok()));
    group.bench_function("compiled", |bencher| {
        bencher.iter(|| Input::SCHEMA.check_json(&input, Names::Readable).is_ok())
    });
    group.bench_function("live", |bencher| bencher.iter(|| model.check(&input, Names::Readable).is_ok()));
    group.bench_function("jsonschema", |bencher| bencher.iter(|| validator.is_valid(&input)));
    group.finish();
}

criterion_group!(live, from_disk, checks);

#[expect(clippy::print_stdout, reason = "a program that answers another")]
fn main() {
    let Ok(part) = std::env::var(ALONE) else {
        live();
        Criterion::default().configure_from_args().final_summary();
        return;
    };
    let path = std::env::args_os().next_back().expect("a folder");
    let (_, part) = Part::ALL.into_iter().find(|(name, _)| *name == part).expect("a part");
    println!("{}", part.run(Path::new(&path)).as_nanos());
}
