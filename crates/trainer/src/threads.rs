//! The threads that share out the work on large tensors.

use std::env;
use std::thread::available_parallelism;

use rayon::ThreadPoolBuilder;

/// Makes the calling thread one of those that share out the work, which it would else hand over to
/// them and sleep until it is done: to fall asleep and to be woken takes longer than many a matrix
/// product.
///
/// For the thread that trains, before it does. Once the threads have worked it is too late, and
/// nothing changes.
pub fn share_work() {
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
