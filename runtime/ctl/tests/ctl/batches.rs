//! Batches from files, through a store, to what is exported.

use std::fs;

use runcomfy_emulator::{Fault, Faults, Route, When};
use serde_json::{Value, json};

use crate::desk::{Desk, MODEL, builder};
use crate::inputs::PNG;

fn lines(count: u32) -> String {
    let line = |seed| json!({"model": MODEL, "input": {"prompt": "a lone figure", "image": "file:photo.png", "seed": seed}, "key": format!("film-{seed}")});
    (0..count).map(|seed| format!("{}\n", line(seed))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_of_two_files_is_worked_on_within_its_budget_and_exported() {
    let desk = Desk::new(builder()).await;
    fs::create_dir(desk.path("jobs")).expect("a folder");
    // Paths of files begin where the file of jobs is.
    fs::write(desk.path("jobs/photo.png"), PNG).expect("a file");
    fs::write(desk.path("jobs/films.jsonl"), lines(3)).expect("a file");
    let rows = "key,prompt,image,seed,steps\nrow-1,\"a ferry, at dawn\",photo.png,7,20\nrow-2,a harbour,photo.png,8,\n";
    fs::write(desk.path("jobs/films.csv"), rows).expect("a file");
    let priced = ["--name", "films", "--per-job-usd", "0.05", "--budget-usd", "0.20"];
    let add = |file| [&["batch", "add", file][..], &priced, &["--json"]].concat();
    let ran = desk.run_beside(&add("jobs/films.jsonl")).await;
    assert_eq!(ran.json(), json!({"batch": "films", "new": 3, "lines": 3}), "{ran:?}");
    assert_eq!(
        desk.run_beside(&add("jobs/films.jsonl")).await.json()["new"],
        0,
        "a file that is added twice adds nothing"
    );
    let ran = desk.run_beside(&[&add("jobs/films.csv")[..], &["--model", "vace-fun"]].concat()).await;
    assert_eq!(ran.json(), json!({"batch": "films", "new": 2, "lines": 2}), "{ran:?}");

    let ran = desk.run_beside(&["batch", "run", "films", "--json"]).await;
    let told = ran.json()["films"].clone();
    assert_eq!((ran.code, &told["states"]), (Some(0), &json!({"queued": 1, "succeeded": 4})), "{ran:?}");
    assert_eq!((told["over_budget"].as_u64(), told["spent_usd"].as_str()), (Some(1), Some("0.20")));
    assert_eq!(desk.emulator().account().accepted().count(), 4);
    assert!(desk.path("out/films/film-0-0.mp4").exists());

    let ran = desk.run_beside(&["batch", "export", "films"]).await;
    let records: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let row = records.iter().find(|record| record["key"] == "row-1").expect("a job");
    assert_eq!((row["input"]["steps"].as_i64(), row["input"]["prompt"].as_str()), (Some(20), Some("a ferry, at dawn")));
    assert_eq!(
        desk.run_beside(&["batch", "export", "films", "--format", "csv", "--to", "films.csv"]).await.code,
        Some(0)
    );
    let again = desk.run_beside(&["batch", "export", "films", "--format", "csv", "--to", "films.csv"]).await;
    assert_eq!(again.code, Some(64), "nothing is overwritten: {again:?}");

    // More money, and a worker for all batches.
    assert_eq!(desk.run_beside(&[&add("jobs/films.jsonl")[..], &["--budget-usd", "1"]].concat()).await.code, Some(64));
    let more = ["batch", "add", "jobs/films.jsonl", "--name", "films", "--per-job-usd", "0.05", "--budget-usd", "1"];
    assert_eq!(desk.run_beside(&more).await.code, Some(0));
    let ran = desk.run_beside(&["work", "--json"]).await;
    assert_eq!(ran.json()["films"]["states"], json!({"succeeded": 5}), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_file_is_said_with_its_line_and_nothing_is_added() {
    let desk = Desk::new(builder()).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    for (name, file, text) in [
        ("a_line_that_is_no_job", "bad.jsonl", format!("{}{{\"model\": 7}}\n", lines(1))),
        ("a_job_that_breaks_its_schema", "bad.jsonl", lines(2).replace("\"seed\":1", "\"steps\":99")),
        ("a_row_without_a_model", "bad.csv", "prompt\na harbour\n".to_owned()),
        ("a_row_with_a_file_that_is_not_there", "bad.csv", format!("model,prompt,image\n{MODEL},a harbour,gone.png\n")),
    ] {
        fs::write(desk.path(file), text).expect("a file");
        let ran = desk.run_beside(&["batch", "add", file, "--per-job-usd", "0.05"]).await;
        insta::assert_snapshot!(name, ran.told());
    }
    // Which of the two would be paid for, nobody could tell.
    fs::write(desk.path("twice.csv"), "prompt,image,prompt\na,photo.png,b\n").expect("a file");
    let ran = desk.run_beside(&["batch", "add", "twice.csv", "--model", MODEL, "--per-job-usd", "0.05"]).await;
    assert!(ran.code == Some(65) && ran.err.contains(r#"two columns are called "prompt""#), "{ran:?}");
    let ran = desk.run_beside(&["batch", "add", "bad.csv", "--name", "", "--per-job-usd", "0.05"]).await;
    assert_eq!(ran.code, Some(64), "a batch has a name: {ran:?}");
    insta::assert_snapshot!("no_such_batch", desk.run_beside(&["batch", "run", "flims"]).await.told());
    let ran = desk.run_beside(&["batch", "status", "--json"]).await;
    assert_eq!(ran.json()["jobs"]["states"], json!({}), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_doubt_is_listed_and_a_person_decides() {
    let faults = Faults::none().nth(Route::Submit, 1, Fault::Reset(When::After));
    let desk = Desk::new(builder().faults(faults)).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    fs::write(desk.path("films.jsonl"), lines(1)).expect("a file");
    desk.run_beside(&["batch", "add", "films.jsonl", "--per-job-usd", "0.05"]).await;
    let ran = desk.run_beside(&["batch", "run", "jobs", "--json"]).await;
    assert_eq!(ran.json()["jobs"]["states"], json!({"unknown": 1}), "{ran:?}");
    let listed = desk.run_beside(&["batch", "resolve", "--json"]).await.json();
    let job = listed[0]["job"].as_str().expect("a job").to_owned();
    assert_eq!(listed[0]["why"], "unknown");
    assert_eq!(desk.run_beside(&["batch", "resolve", &job]).await.code, Some(64), "nothing is decided by default");
    assert_eq!(
        desk.run_beside(&["batch", "resolve", "1@0", "--give-up"]).await.code,
        Some(75),
        "it was seen otherwise"
    );

    let request = desk.emulator().account().accepted().next().expect("it arrived").request_id.clone();
    let ran = desk.run_beside(&["batch", "resolve", &job, "--is", request.as_deref().expect("an id")]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let ran = desk.run_beside(&["batch", "run", "jobs", "--json"]).await;
    assert_eq!(ran.json()["jobs"]["states"], json!({"succeeded": 1}), "{ran:?}");
    assert_eq!(desk.run_beside(&["batch", "resolve"]).await.out, "nothing waits for you\n");
    assert_eq!(desk.emulator().account().accepted().count(), 1);
}

/// A store that was restored from a backup, a job that is held, and what no job could take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_store_submits_nothing_until_a_person_has_looked() {
    let desk = Desk::new(builder()).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    fs::write(desk.path("films.jsonl"), lines(2)).expect("a file");
    desk.run_beside(&["batch", "add", "films.jsonl", "--per-job-usd", "0.05"]).await;
    assert_eq!(desk.run_beside(&["batch", "restored", "--json"]).await.json(), json!({"held": 2}));
    desk.run_beside(&["batch", "run", "jobs"]).await;
    assert_eq!(desk.emulator().account().submissions().len(), 0, "all is held");

    let listed = desk.run_beside(&["batch", "resolve", "--json"]).await.json();
    let seen = listed[0]["job"].as_str().expect("a job");
    let (number, epoch) = seen.split_once('@').expect("a number and an epoch");
    assert_eq!((listed[0]["why"].as_str(), epoch == "1"), (Some("held"), false), "{listed}");
    let ran = desk.run_beside(&["batch", "resolve", &format!("{number}@1"), "--release"]).await;
    assert_eq!(ran.code, Some(75), "it was seen otherwise: {ran:?}");
    assert_eq!(desk.run_beside(&["batch", "resolve", seen, "--release", "--json"]).await.json()["released"], true);
    assert_eq!(desk.run_beside(&["batch", "release", "jobs", "--json"]).await.json(), json!({"released": 1}));
    let ran = desk.run_beside(&["batch", "run", "jobs", "--json"]).await;
    assert_eq!(ran.json()["jobs"]["states"], json!({"succeeded": 2}), "{ran:?}");

    assert_eq!(desk.run_beside(&["batch", "strays", "--json"]).await.json(), json!([]));
    assert_eq!(desk.run_beside(&["batch", "settle", "--json"]).await.json(), json!([]));
    let ran = desk.run_beside(&["batch", "settle", "made-up", "--cost-usd", "0.05"]).await;
    assert_eq!(ran.code, Some(64), "{ran:?}");
}
