//! `.ci/release`: a first and a second release, and one that broke off. git and `xtask diff` are real; what else cargo does, and
//! gh, are small stand-ins that write down what they were asked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// `$REGISTRY` holds the packages that are published; one named in `$REFUSED` can't be.
const CARGO: &str = r#"#!/usr/bin/env bash
set -euo pipefail
case "$1" in
xtask) shift; exec "$XTASK" "$@" --schemas "$PWD/schemas" ;;
cyclonedx) for package in codegen generated; do echo bill >"$package/$(sed -n 's/^name = "\(.*\)"/\1/p' "$package/Cargo.toml").cdx.json"; done ;;
info) grep -q "^${*: -1}\$" "$REGISTRY" ;;
publish)
    if [ -n "$(find . -name '*.cdx.json')" ]; then echo 'error: a bill is in a package' >&2; exit 1; fi
    version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
    for package in $(.ci/published); do
        case " $* " in *" --exclude $package "*) continue ;; esac
        if grep -q "^$package@$version\$" "$REGISTRY"; then echo "error: $package is there" >&2; exit 1; fi
        if [ "${REFUSED-}" = "$package" ]; then echo "error: $package refused" >&2; exit 1; fi
        echo "$package@$version" >>"$REGISTRY"
    done ;;
*) exit 1 ;;
esac
"#;

/// Notes its first arguments, and that the files are there.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
echo "$1 $2 $3" >>"$GH_LOG"
for file in "${@: -2}"; do cat "$file" >>"$GH_LOG"; done
"#;

/// A repository with a model and two packages.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in [("bin/cargo", CARGO), ("bin/gh", GH), ("registry", ""), ("log", "")] {
            desk.write(name, text);
        }
        for script in ["release", "published"] {
            let of_ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci").join(script);
            desk.write(&format!("work/.ci/{script}"), &fs::read_to_string(of_ours).expect("the script"));
        }
        for name in ["bin/cargo", "bin/gh", "work/.ci/release", "work/.ci/published"] {
            fs::set_permissions(desk.path(name), fs::Permissions::from_mode(0o755)).expect("executable");
        }
        for (folder, package) in [("codegen", "runcomfy-codegen"), ("generated", "runcomfy"), ("runtime/a", "hidden")] {
            let publish = if package == "hidden" { "publish = false\n" } else { "" };
            desk.write(&format!("work/{folder}/Cargo.toml"), &format!("[package]\nname = \"{package}\"\n{publish}\n"));
        }
        desk.write("work/generated/README.md", "runcomfy = { version = \"0.1\" }\n");
        let manifest = "id = \"a/b\"\ndisplay_name = \"B\"\nsource = \"page\"\nupdated = 2026-01-01\n";
        desk.write("work/schemas/a/b/model.toml", manifest);
        desk.write(
            "work/schemas/a/b/output.json",
            r#"{"type": "object", "properties": {"video": {"type": "string"}}}"#,
        );
        desk.fields(r#""prompt": {"type": "string"}, "seed": {"type": "integer"}"#);
        desk.git(&["init", "-q", "-b", "main"]);
        desk.version("0.1.0");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().expect("a parent")).expect("folders");
        fs::write(self.path(name), text).expect("written");
    }

    /// The fields of the model's input.
    fn fields(&self, properties: &str) {
        self.write("work/schemas/a/b/input.json", &format!(r#"{{"type": "object", "properties": {{{properties}}}}}"#));
    }

    /// Commits everything, as this version.
    fn version(&self, version: &str) {
        let manifest = format!("[workspace.package]\nversion = \"{version}\"\nrepository = \"https://h/r\"\n\n");
        self.write("work/Cargo.toml", &manifest);
        self.write("work/CHANGELOG.md", &format!("# Changelog\n\n## {version} (2026-01-01)\n\n- Something.\n"));
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", version]);
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(self.path("work")).args(["-c", "user.name=A Person", "-c", "user.email=a@person"]);
        let output = git.args(arguments).output().expect("git");
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    }

    fn run(&self, argument: &str, refused: &str) -> Output {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut script = Command::new("bash");
        script.arg(self.path("work/.ci/release")).arg(argument).env("PATH", path).env("REFUSED", refused);
        script.env("XTASK", env!("CARGO_BIN_EXE_xtask")).env("REGISTRY", self.path("registry"));
        script.env("GH_LOG", self.path("log")).output().expect("bash")
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("text")
    }
}

#[test]
fn the_next_version_is_counted_from_the_last_release() {
    let desk = Desk::new();
    let first = desk.run("look", "");
    assert!(first.status.success(), "{first:?}");
    desk.git(&["tag", "v0.1.0"]);
    let again = desk.run("look", "");
    assert!(
        !again.status.success() && String::from_utf8_lossy(&again.stderr).contains("v0.1.0 was released"),
        "{again:?}"
    );

    // A field that went away breaks users: 0.2.0 is asked for, and is enough.
    desk.fields(r#""prompt": {"type": "string"}"#);
    desk.version("0.1.1");
    let low = desk.run("look", "");
    let said = String::from_utf8_lossy(&low.stderr).into_owned();
    assert!(!low.status.success() && said.contains("the next version is 0.2.0, not 0.1.1"), "{low:?}");
    for enough in ["0.2.0", "1.0.0"] {
        desk.version(enough);
        let second = desk.run("look", "");
        assert!(second.status.success(), "{enough}: {second:?}");
    }
}

#[test]
fn a_release_that_broke_off_goes_on_where_it_did() {
    let desk = Desk::new();
    let broken = desk.run("publish", "runcomfy");
    assert!(!broken.status.success() && desk.read("log").is_empty(), "{broken:?}");
    assert_eq!(desk.read("registry"), "runcomfy-codegen@0.1.0\n");
    let whole = desk.run("publish", "");
    assert!(whole.status.success(), "{whole:?}");
    assert_eq!(desk.read("registry"), "runcomfy-codegen@0.1.0\nruncomfy@0.1.0\n");
    assert_eq!(desk.read("log"), "release create v0.1.0\nbill\nbill\n");
    // All is published, and the release was not made.
    let last = desk.run("publish", "");
    assert!(last.status.success() && desk.read("log").matches("release create").count() == 2, "{last:?}");
    let mut kept = Command::new("git");
    let left = kept.current_dir(desk.path("work")).args(["status", "--porcelain"]).output().expect("git").stdout;
    assert!(left.is_empty(), "{}", String::from_utf8_lossy(&left));
}
