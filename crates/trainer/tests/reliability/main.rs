//! Crashes, full disks and races, on the program itself.
//!
//! The short form is part of `cargo test`. The long one takes about half an hour:
//!
//! ```sh
//! RELIABILITY=long cargo test --release -p trainer --test reliability -- --nocapture --test-threads 1
//! ```
//!
//! Full disks need a file system of their own, and calls of the system that kill the program need
//! `strace`; both are part of the long form, as root and on Linux.

#![allow(clippy::print_stderr)] // The long form tells how far it is.

#[path = "../program/mod.rs"]
mod program;

mod crash;
mod disk;
mod race;
mod run;
mod system_calls;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// The program in a folder, whose output can be read.
fn trainer(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("trainer"));
    command
        .current_dir(folder)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// How often something is tried: the first number in the short form, the second in the long one.
fn tries(short: usize, long: usize) -> usize {
    if is_long() { long } else { short }
}

/// Whether the long form was asked for.
fn is_long() -> bool {
    std::env::var("RELIABILITY").is_ok_and(|form| form == "long")
}

/// A number below another one, that differs from try to try and not from test to test.
fn pseudo_random(seed: u64, below: u64) -> u64 {
    // SplitMix64.
    let mut number = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (number ^ (number >> 31)) % below.max(1)
}
