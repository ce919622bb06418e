//! The threads that share out the work on large tensors.

use std::cell::Cell;
use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{available_parallelism, yield_now};

use rayon::{ThreadPoolBuilder, Yield};

thread_local! {
    /// Whether this thread has made itself one of those that share out the work.
    static SHARES_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Makes the calling thread a worker of rayon's global pool. Otherwise it would hand work to the
/// pool and sleep, and falling asleep and waking up takes longer than many matrix products.
///
/// Call it once, on the thread that trains, before anything uses rayon; later calls have no effect.
pub fn share_work() {
    let wanted = env::var("RAYON_NUM_THREADS").ok();
    let wanted = wanted.and_then(|threads| threads.parse().ok());
    let threads = wanted
        .filter(|&threads: &usize| threads > 0)
        .unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    // A checkpoint's thread may have work of its own. A lone thread would wait for it, and it for the
    // lone thread.
    if threads > 1 {
        let pool = ThreadPoolBuilder::new().num_threads(threads);
        let built = pool.use_current_thread().build_global();
        SHARES_WORK.set(built.is_ok());
    }
}

/// Keeps the threads that share out the work awake as long as it lives, as OpenMP does.
///
/// They fall asleep after some twenty microseconds without work, and a training step has such pauses
/// between its matrix products.
#[must_use = "they fall asleep again once it is dropped"]
pub struct StayAwake {
    done: Arc<AtomicBool>,
}

impl StayAwake {
    /// From now on, if the calling thread has come to [`share_work`]; else nothing happens.
    pub fn new() -> Self {
        let done = Arc::new(AtomicBool::new(false));
        if SHARES_WORK.get() {
            keep_awake(&done);
        }
        Self { done }
    }
}

impl Default for StayAwake {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for StayAwake {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
    }
}

/// Has all other threads look for work until it is done.
fn keep_awake(done: &Arc<AtomicBool>) {
    let own = rayon::current_thread_index();
    let awake = Arc::new(AtomicUsize::new(0));
    rayon::spawn_broadcast({
        let (done, awake) = (Arc::clone(done), Arc::clone(&awake));
        move |thread| {
            if Some(thread.index()) == own {
                return;
            }
            awake.fetch_add(1, Ordering::Relaxed);
            while !done.load(Ordering::Relaxed) {
                if rayon::yield_now() != Some(Yield::Executed) {
                    // Whatever else wants to run may.
                    yield_now();
                }
            }
        }
    });
    // A worker that waits inside a matrix product may run this loop in the meantime, and the
    // product would never finish. So wait until every worker is in the loop.
    while awake.load(Ordering::Relaxed) + 1 < rayon::current_num_threads() {
        yield_now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::ThreadPool;
    use std::thread;

    /// Runs a test on a thread of its own, which is one of three that share out the work.
    fn in_pool(shares_work: bool, test: impl FnOnce(&ThreadPool) + Send + 'static) {
        let run = move || {
            let pool = ThreadPoolBuilder::new().num_threads(3).use_current_thread();
            let pool = pool.build().unwrap();
            SHARES_WORK.set(shares_work);
            test(&pool);
        };
        thread::spawn(run).join().unwrap();
    }

    #[test]
    fn work_is_done_while_the_threads_stay_awake_and_after() {
        in_pool(true, |_| {
            let sum = || {
                let halves = rayon::join(|| (0..500).sum::<u64>(), || (500..1000).sum::<u64>());
                halves.0 + halves.1
            };
            for _ in 0..100 {
                let awake = StayAwake::new();
                assert_eq!(sum(), 499_500);
                drop(awake);
                assert_eq!(sum(), 499_500);
            }
        });
    }

    /// Whether threads sleep, according to `/proc`.
    #[cfg(target_os = "linux")]
    mod sleep {
        use super::*;
        use std::fs;
        use std::path::{Path, PathBuf};
        use std::time::{Duration, Instant};

        /// Where the system describes the other threads of a pool.
        fn others(pool: &ThreadPool) -> Vec<PathBuf> {
            let own = rayon::current_thread_index();
            let threads = pool.broadcast(|thread| {
                let path = PathBuf::from("/proc").join(fs::read_link("/proc/thread-self").unwrap());
                (Some(thread.index()) != own).then_some(path)
            });
            threads.into_iter().flatten().collect()
        }

        fn is_asleep(thread: &Path) -> bool {
            let stat = fs::read_to_string(thread.join("stat")).unwrap();
            // The state follows the name, which is in parentheses.
            let (_, state) = stat.rsplit_once(") ").unwrap();
            state.starts_with('S')
        }

        fn all_fall_asleep(threads: &[PathBuf]) -> bool {
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(20) {
                if threads.iter().all(|thread| is_asleep(thread)) {
                    return true;
                }
                thread::sleep(Duration::from_millis(1));
            }
            false
        }

        /// Whether none of the threads sleeps, looked at a few times.
        fn all_are_awake(threads: &[PathBuf]) -> bool {
            (0..20).all(|_| {
                thread::sleep(Duration::from_millis(2));
                !threads.iter().any(|thread| is_asleep(thread))
            })
        }

        #[test]
        fn threads_stay_awake_without_work_and_fall_asleep_afterwards() {
            in_pool(true, |pool| {
                let threads = others(pool);
                assert_eq!(threads.len(), 2);
                assert!(all_fall_asleep(&threads), "they are awake without a reason");

                let awake = StayAwake::new();
                assert!(all_are_awake(&threads), "they fall asleep");

                drop(awake);
                assert!(all_fall_asleep(&threads), "they stay awake for ever");
            });
        }

        #[test]
        fn a_thread_that_does_not_share_the_work_keeps_none_awake() {
            in_pool(false, |pool| {
                let threads = others(pool);
                let _awake = StayAwake::new();
                assert!(all_fall_asleep(&threads), "they are kept awake");
            });
        }
    }
}
