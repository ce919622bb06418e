//! Several programs write to the same place.

use std::fs;
use std::path::Path;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

use crate::program::{Program, TRAIN, with_fruit};
use crate::run::is_whole;
use crate::{trainer, tries};

fn start(program: &Program, arguments: &[&str]) -> Child {
    trainer(program.path(), arguments).spawn().unwrap()
}

/// The folders in a folder that are whole runs.
fn whole_runs(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .filter(|entry| is_whole(&entry.as_ref().unwrap().path()))
        .count()
}

#[test]
fn of_four_trainings_into_one_folder_each_is_kept_or_refused() {
    for number in 0..tries(2, 50) {
        for force in [false, true] {
            let program = Program::new();
            let mut arguments = vec![
                "train", "iris", "--model", "mlp", "--epochs", "5", "--output", "run", "--json",
            ];
            if force {
                arguments.push("--force");
            }
            let trainings: Vec<Child> = (0..4).map(|_| start(&program, &arguments)).collect();
            let mut kept = Vec::new();
            for training in trainings {
                let output = training.wait_with_output().unwrap();
                let errors = String::from_utf8_lossy(&output.stderr);
                if output.status.success() {
                    let summary: serde_json::Value =
                        serde_json::from_slice(&output.stdout).unwrap();
                    kept.push(summary["run"].as_str().unwrap().to_owned());
                } else {
                    let is_refused = errors.contains("exists") || errors.contains("is training in");
                    assert!(is_refused, "{number}: {errors}");
                }
            }
            assert!(!kept.is_empty(), "{number}: nothing was kept");
            for run in &kept {
                // One of `--force` may have been replaced by a later one, but never lost by accident.
                assert!(
                    force || is_whole(&program.path().join(run)),
                    "{number}: {run}"
                );
            }
            assert!(is_whole(&program.path().join("run")), "{number}");
            let left = fs::read_dir(program.path()).unwrap().count();
            assert_eq!(
                whole_runs(program.path()),
                left,
                "{number}: something is left over"
            );
        }
    }
}

#[test]
fn readers_see_the_old_run_or_the_new_one() {
    let program = with_fruit();
    let train = |seed: &str| {
        program.train(
            &[
                &TRAIN[..],
                &["--model", "mlp", "--epochs", "3", "--seed", seed, "--force"],
            ]
            .concat(),
        )
    };
    train("0");
    let is_over = AtomicBool::new(false);
    let reads = AtomicUsize::new(0);
    let wanted = tries(20, 5000);
    thread::scope(|scope| {
        let reader = || {
            while !is_over.load(Ordering::Relaxed) {
                program.success(&["predict", "run", "fruit.csv", "--only-predictions"]);
                reads.fetch_add(1, Ordering::Relaxed);
            }
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        let mut seed = 0;
        while reads.load(Ordering::Relaxed) < wanted
            && !readers.iter().any(ScopedJoinHandle::is_finished)
        {
            seed += 1;
            train(&seed.to_string());
        }
        is_over.store(true, Ordering::Relaxed);
        eprintln!(
            "{} reads while {seed} runs were replaced",
            reads.load(Ordering::Relaxed)
        );
    });
}

#[test]
fn of_two_predictions_into_one_file_one_is_there_as_a_whole() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--model", "mlp", "--epochs", "3"]].concat());
    let expected = program.success(&["predict", "run", "fruit.csv"]);
    for number in 0..tries(3, 50) {
        let output = format!("{number}.csv");
        let arguments = ["predict", "run", "fruit.csv", "--output", &output];
        let both = [(); 2].map(|()| start(&program, &arguments));
        let mut failures = 0;
        for predicting in both {
            let finished = predicting.wait_with_output().unwrap();
            let errors = String::from_utf8_lossy(&finished.stderr);
            if !finished.status.success() {
                assert!(
                    errors.contains("was written by another program"),
                    "{errors}"
                );
                failures += 1;
            }
        }
        assert!(failures < 2, "{number}: both failed");
        let found = fs::read_to_string(program.path().join(&output)).unwrap();
        assert!(found == expected, "{number}: half a file");
    }
}
