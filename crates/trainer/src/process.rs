//! What a process that trains has its threads and its memory do.

use std::env;
use std::ffi::{c_int, c_long};
use std::thread::available_parallelism;

use libmimalloc_sys::{mi_option_set, mi_option_use_numa_nodes};
use rayon::ThreadPoolBuilder;

/// `mi_option_purge_delay`, which the crate has no name for, comes before this one in mimalloc's list.
const PURGE_DELAY: c_int = mi_option_use_numa_nodes - 1;
/// Longer than all but the longest training steps.
const MILLISECONDS: c_long = 1000;

/// Prepares the process for training: to be called once, by the thread that trains, before it does.
pub fn prepare_process() {
    share_work();
    keep_freed_memory();
}

/// Makes the calling thread one of those that share out the work on large tensors, which it would else
/// hand over to them and sleep until it is done: to fall asleep and to be woken takes longer than many
/// a matrix product.
///
/// Once the threads have worked it is too late, and nothing changes.
fn share_work() {
    let wanted = env::var("RAYON_NUM_THREADS").ok();
    let wanted = wanted.and_then(|threads| threads.parse().ok());
    let threads = wanted
        .filter(|&threads: &usize| threads > 0)
        .unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    // The thread of the metrics has work of its own. A lone thread would wait for it, and it for the
    // lone thread.
    if threads > 1 {
        let pool = ThreadPoolBuilder::new().num_threads(threads);
        let _ = pool.use_current_thread().build_global();
    }
}

/// Has mimalloc keep what was freed for a second, unless the environment says otherwise. It gives it back
/// to the system after a hundredth, so that a step that takes longer gets all its tensors as new pages,
/// which the system fills with zeros first: up to a fifth of the step.
#[expect(
    unsafe_code,
    reason = "the options of mimalloc are set by a C function"
)]
fn keep_freed_memory() {
    if env::var_os("MIMALLOC_PURGE_DELAY").is_none() {
        // SAFETY: it takes any option and any number, from any thread.
        unsafe { mi_option_set(PURGE_DELAY, MILLISECONDS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use libmimalloc_sys::mi_option_get;

    #[test]
    #[expect(
        unsafe_code,
        reason = "the options of mimalloc are read by a C function"
    )]
    fn the_option_that_is_set_is_the_delay() {
        // SAFETY: it takes any option, from any thread.
        let value = || unsafe { mi_option_get(PURGE_DELAY) };
        assert_eq!(value(), 10, "mimalloc's default");
        keep_freed_memory();
        assert_eq!(value(), 1000);
    }
}
