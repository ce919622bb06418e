//! A program that is killed in a call of the system.

use std::fs;
use std::process::{Command, Stdio};

use crate::is_long;
use crate::program::Program;
use crate::run::{contents, differences, is_whole};

/// The calls with which results are put in place.
const CALLS: &str =
    "openat,mkdir,rename,renameat,renameat2,linkat,unlink,unlinkat,rmdir,fsync,fdatasync,write";

#[test]
fn a_training_that_is_killed_in_any_call_that_writes_goes_on_to_the_same_result() {
    let has_strace = Command::new("strace")
        .arg("-V")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !is_long() || !has_strace {
        return;
    }
    let program = Program::new();
    let train = [
        "train", "iris", "--model", "mlp", "--epochs", "2", "--json", "--output",
    ];
    let whole = program.path().join("whole");
    program.success(&[&train[..], &["whole"]].concat());
    let expected = contents(&whole);
    let mut resumed = 0;
    // The first call is one of the program's start; none is left when it ends by itself.
    for call in 1.. {
        let run = program.path().join("run");
        let _ = fs::remove_dir_all(&run);
        let inject = format!("inject={CALLS}:signal=KILL:when={call}");
        let status = Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-e", &inject])
            .arg(assert_cmd::cargo::cargo_bin("trainer"))
            .args(train)
            .arg("run")
            .current_dir(program.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        if !run.join("config.toml").is_file() {
            // Nothing is there that could go on.
            continue;
        }
        if !is_whole(&run) {
            program.success(&["train", "--json", "--resume", "run"]);
            resumed += 1;
        }
        let found = differences(&contents(&run), &expected);
        assert!(found.is_empty(), "call {call}: {found:?} differ");
        if status.success() {
            eprintln!(
                "killed in {} calls, of which {resumed} left something to go on from",
                call - 1
            );
            return;
        }
    }
}
