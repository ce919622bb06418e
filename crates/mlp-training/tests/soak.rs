//! Many trainings in one process leave nothing behind, and one model serves many threads.
//!
//! The short form is part of `cargo test`. The long one takes some minutes:
//!
//! ```sh
//! RELIABILITY=long cargo test --release -p mlp-training --test soak -- --nocapture
//! ```

#![allow(clippy::print_stderr)] // The long form tells how far it is.

mod tables;

use std::sync::{Mutex, PoisonError};
use std::thread;

use mlp_inference::SavedModel;
use mlp_training::{Model, Training};
use tables::{fit, fruits, houses, short_recipe, weights};

/// The first number in the short form, the second in the long one.
fn times(short: usize, long: usize) -> usize {
    if std::env::var_os("RELIABILITY").is_some_and(|form| form == "long") {
        long
    } else {
        short
    }
}

/// What the process holds in memory, in bytes.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let resident = pages.split_whitespace().nth(1).unwrap();
    4096 * resident.parse::<usize>().unwrap()
}

#[cfg(not(target_os = "linux"))]
fn resident() -> usize {
    0
}

/// The memory of one test is measured at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn model(seed: u64) -> SavedModel {
    let recipe = short_recipe(Model::Mlp, &fruits(), 3);
    fit(&Training::new(recipe).with_seed(seed), &fruits())
        .unwrap()
        .model
}

#[test]
fn many_trainings_in_one_process_need_no_more_memory_and_end_alike() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let trainings = times(60, 10_000);
    let first = weights(&model(0));
    let mut early = 0;
    for number in 1..=trainings {
        // Another one in between, so that one cannot go on where the last has ended.
        let trained = model((number % 2) as u64);
        if number % 2 == 0 {
            assert_eq!(weights(&trained), first, "training {number}");
        }
        if number == trainings / 10 {
            early = resident();
        }
        if [trainings / 10, trainings / 2, trainings].contains(&number) {
            eprintln!(
                "{number} trainings: {:.1} MiB",
                resident() as f64 / 1_048_576.0
            );
        }
    }
    let (late, most) = (resident(), early + early / 10 + (8 << 20));
    assert!(late < most, "from {early} to {late} bytes");
}

#[test]
fn threads_that_share_a_model_predict_as_one_thread_does() {
    const THREADS: usize = 24;
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let rounds = times(5, 500);
    let recipe = short_recipe(Model::Mlp, &houses(), 3);
    for (model, table) in [
        (model(3), fruits().table),
        (
            fit(&Training::new(recipe), &houses()).unwrap().model,
            houses().table,
        ),
    ] {
        let predicted = || format!("{:?}", model.predict(&table).unwrap());
        let alone = predicted();
        let before = resident();
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for _ in 0..rounds {
                        assert_eq!(predicted(), alone);
                    }
                });
            }
        });
        let after = resident();
        eprintln!(
            "{} predictions: from {before} to {after} bytes",
            THREADS * rounds
        );
        assert!(after < before + before / 2 + (64 << 20));
    }
}
