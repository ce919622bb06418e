//! A training that is killed goes on to the same result.

use std::ffi::OsStr;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::program::Program;
use crate::run::{contents, differences};
use crate::{is_long, pseudo_random, trainer, tries};

/// Trainings, and how many epochs they have in the short form and in the long one, so that there are
/// checkpoints in between.
const TRAININGS: [(&str, &[&str], [&str; 2]); 5] = [
    (
        "a network",
        &["digits", "--model", "mlp", "--hidden", "256,256"],
        ["10", "250"],
    ),
    (
        "dropout and a schedule",
        &[
            "digits",
            "--model",
            "mlp",
            "--hidden",
            "256,256",
            "--dropout",
            "0.3",
            "--schedule",
            "one-cycle",
            "--ema",
            "0.99",
        ],
        ["10", "200"],
    ),
    (
        "deep clustering",
        &["wine", "--model", "idec"],
        ["10", "300"],
    ),
    ("a map", &["digits", "--model", "som"], ["2", "100"]),
    (
        "folds",
        &["iris", "--model", "mlp", "--folds", "3"],
        ["40", "2000"],
    ),
];

/// The program, whose output nobody reads.
fn silent(program: &Program, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = trainer(program.path(), arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn a_training_that_is_killed_at_any_moment_goes_on_to_the_same_result() {
    for (name, arguments, epochs) in TRAININGS {
        let program = Program::new();
        let epochs = epochs[usize::from(is_long())];
        let train = |output: &str| -> Vec<String> {
            let fixed = ["train", "--json", "--epochs", epochs, "--output", output];
            let all = [&fixed, arguments].concat();
            all.into_iter().map(str::to_owned).collect()
        };
        let start = Instant::now();
        assert!(
            silent(&program, &train("whole"))
                .status()
                .unwrap()
                .success()
        );
        let duration = start.elapsed();
        let whole = contents(&program.path().join("whole"));
        let tries = tries(1, 40);
        for number in 0..tries {
            let run = format!("killed-{number}");
            let mut arguments = train(&run);
            let mut kills = 0;
            // It is killed up to three times on its way.
            for attempt in 0..3 {
                let mut training = silent(&program, &arguments).spawn().unwrap();
                let micros = u64::try_from(duration.as_micros()).unwrap();
                let seed = (number * 3 + attempt) as u64;
                sleep(Duration::from_micros(pseudo_random(seed, micros)));
                if training.try_wait().unwrap().is_some() {
                    break;
                }
                training.kill().unwrap();
                training.wait().unwrap();
                kills += 1;
                let has_begun = program.path().join(&run).join("config.toml").is_file();
                arguments = if has_begun {
                    ["train", "--json", "--resume", &run]
                        .map(str::to_owned)
                        .to_vec()
                } else {
                    // Not even the folder was there, or nothing was in it.
                    let _ = fs::remove_dir_all(program.path().join(&run));
                    train(&run)
                };
            }
            let path = program.path().join(&run);
            if !path.join("summary.json").is_file() {
                let mut last = silent(&program, &arguments);
                let output = last.stderr(Stdio::piped()).output().unwrap();
                let errors = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{name}: {errors}");
            }
            let found = differences(&contents(&path), &whole);
            assert!(found.is_empty(), "{name}, {number}: {found:?} differ");
            eprintln!("{name}, {number}: the same after {kills} kills");
        }
    }
}

#[test]
fn a_run_that_is_trained_further_is_there_until_the_new_one_is_complete() {
    let program = Program::new();
    program.train(&[
        "digits", "--model", "mlp", "--epochs", "3", "--output", "run",
    ]);
    let path = program.path().join("run");
    let before = contents(&path);
    let further = ["train", "--json", "--resume", "run", "--epochs", "4000"];
    for number in 0..tries(1, 20) {
        let mut training = silent(&program, &further).spawn().unwrap();
        sleep(Duration::from_millis(100 + 40 * number as u64));
        training.kill().unwrap();
        training.wait().unwrap();
        assert!(contents(&path) == before, "{number}: the run was damaged");
    }
    // A second one is not begun beside the first.
    assert!(!program.path().join("run.new-2").exists());
}
