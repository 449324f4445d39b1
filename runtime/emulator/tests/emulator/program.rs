//! The program: what it prints can be pasted, and Ctrl-C ends it.

use std::io::Write as _;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runcomfy-emulator"));
    command.kill_on_drop(true).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[cfg(unix)]
#[tokio::test]
async fn the_curl_line_works_and_ctrl_c_ends_it() {
    let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemas");
    let mut emulator = program().args(["--schemas", schemas, "--token", "it's mine"]).spawn().expect("starts");
    let mut lines = BufReader::new(emulator.stdout.take().expect("piped")).lines();
    let mut printed = String::new();
    while let Some(line) = lines.next_line().await.expect("text") {
        printed += &format!("{line}\n");
        if line.starts_with("Ctrl-C") {
            break;
        }
    }
    let curl = &printed[printed.find("curl").expect("a curl line")..printed.find("\nCtrl-C").expect("the last line")];
    let has_curl = Command::new("curl").arg("--version").output().await.is_ok_and(|output| output.status.success());
    if has_curl {
        let output = Command::new("sh").args(["-c", curl]).output().await.expect("a shell");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(answer["request_id"].is_string(), "{answer}");
    } else {
        std::io::stderr().write_all(b"skipped the curl line: no curl here\n").expect("a stream");
    }

    let id = emulator.id().expect("it runs").to_string();
    let kill = Command::new("kill").args(["-s", "INT", &id]).status().await.expect("kill");
    assert!(kill.success() && emulator.wait().await.expect("ends").success());
    let mut last = String::new();
    while let Some(line) = lines.next_line().await.expect("text") {
        last = line;
    }
    let submitted = usize::from(has_curl);
    assert!(last.starts_with(&format!("stopped: {submitted} submitted, {submitted} accepted, ")), "{last}");
}

/// The most memory that a process has had, in MiB.
#[cfg(target_os = "linux")]
fn peak(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kibibytes = line.trim().strip_suffix(" kB").and_then(|number| number.parse::<u64>().ok());
    kibibytes.expect("a number") / 1024
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn large_lists_take_memory_near_their_size() {
    let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemas");
    let mut emulator = program().args(["--schemas", schemas, "--token", "t"]).spawn().expect("starts");
    let mut lines = BufReader::new(emulator.stdout.take().expect("piped")).lines();
    let base = loop {
        let line = lines.next_line().await.expect("text").expect("a base URL");
        if let Some(base) = line.strip_prefix("export RUNCOMFY_MODEL_API_BASE=") {
            break base.to_owned();
        }
    };
    let list = format!("[{}1]", "1,".repeat(10 << 20));
    let send = || {
        let http = reqwest::Client::new().post(format!("{base}/models/community/wan-2-2/vace-fun"));
        http.bearer_auth("t").body(list.clone()).send()
    };
    let (first, second) = tokio::join!(send(), send());
    assert_eq!([first, second].map(|answer| answer.expect("an answer").status().as_u16()), [413, 413]);
    let peak = peak(emulator.id().expect("it runs"));
    assert!(peak < 200, "{peak} MiB for two bodies of 20 MiB");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error() {
    let output = program().args(["--schemas", "/no/such/folder"]).output().await.expect("runs");
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.starts_with("error: ") && error.contains("can't be read"), "{error}");
}
