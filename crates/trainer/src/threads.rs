//! Whether the system has threads for what panics without them.

use std::sync::RwLock;
use std::thread::{self, available_parallelism};

use anyhow::Context;

/// How many threads a server starts besides one for each core.
const OTHERS: usize = 4;

/// Checks that as many threads can be started as a server needs, since its runtime panics if one cannot.
///
/// # Errors
///
/// What the system says.
pub fn check_threads() -> anyhow::Result<()> {
    let count = available_parallelism().map_or(1, usize::from) + OTHERS;
    let gate = RwLock::new(());
    thread::scope(|scope| {
        // They are there at the same time.
        let closed = gate.write();
        let wait = || drop(gate.read());
        let started =
            (0..count).try_for_each(|_| thread::Builder::new().spawn_scoped(scope, wait).map(drop));
        drop(closed);
        started
    })
    .context("cannot start threads")
}
