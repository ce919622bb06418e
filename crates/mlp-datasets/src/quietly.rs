use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::thread;

thread_local! {
    /// Whether panics of this thread are caught, so that nothing is printed about them.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What a function returns, or what it panics with, about which nothing is printed: for a caller that makes an error of
/// it.
///
/// # Errors
///
/// What it panics with.
pub fn quietly<T>(function: impl FnOnce() -> T) -> thread::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                previous(info);
            }
        }));
    });
    let was_quiet = IS_QUIET.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(function));
    IS_QUIET.set(was_quiet);
    result
}
