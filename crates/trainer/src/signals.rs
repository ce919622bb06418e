//! Signals that ask the program to end: Ctrl-C and, on Unix, SIGTERM and SIGHUP.

use std::sync::atomic::{AtomicU8, Ordering};

#[cfg(unix)]
use anyhow::Context;

/// What shells report for a program that a signal ended: 128 and the number of the signal.
static EXIT_CODE: AtomicU8 = AtomicU8::new(130);

/// The signal that ends the program at once, if those before have not.
#[cfg(unix)]
const MOST_SIGNALS: usize = 3;

/// The exit code for the last signal that came, or else for Ctrl-C.
pub fn exit_code() -> u8 {
    EXIT_CODE.load(Ordering::Relaxed)
}

/// Has a file that becomes larger than the system allows be an error, and not the end of the program.
///
/// # Errors
///
/// If the system refuses.
#[cfg(unix)]
pub fn survive_large_files() -> std::io::Result<()> {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::consts::signal::SIGXFSZ;

    let seen = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGXFSZ, seen).map(|_| ())
}

/// Has a file that becomes larger than the system allows be an error, and not the end of the program.
///
/// # Errors
///
/// If the system refuses.
#[cfg(not(unix))]
pub fn survive_large_files() -> std::io::Result<()> {
    Ok(())
}

/// Ends the program at once.
pub fn exit() -> ! {
    #[allow(clippy::exit)] // The user insists.
    std::process::exit(exit_code().into())
}

/// Has a function called on a thread of its own for each signal, in place of the program's end.
///
/// # Errors
///
/// If the system has no thread for it.
#[cfg(unix)]
pub fn on_signal(mut react: impl FnMut() + Send + 'static) -> anyhow::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let what = "cannot wait for signals";
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context(what)?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for (signal, number) in signals.forever().zip(1..) {
                let code = u8::try_from(128 + signal).unwrap_or(130);
                EXIT_CODE.store(code, Ordering::Relaxed);
                // Whatever the program still waits for.
                if number == MOST_SIGNALS {
                    exit();
                }
                if signal == SIGHUP {
                    leave_closed_terminal();
                }
                react();
            }
        })
        .context(what)?;
    Ok(())
}

/// Has what is written to a terminal that was closed go nowhere. It would be an error, on which the dashboard panics,
/// and panics again while it is dropped.
#[cfg(unix)]
fn leave_closed_terminal() {
    use rustix::io::Errno;
    use rustix::stdio::{dup2_stderr, dup2_stdout, stderr, stdout};
    use rustix::termios::tcgetattr;

    let null = std::fs::File::options().write(true).open("/dev/null");
    let Ok(null) = null else {
        return;
    };
    if matches!(tcgetattr(stdout()), Err(Errno::IO)) {
        let _ = dup2_stdout(&null);
    }
    if matches!(tcgetattr(stderr()), Err(Errno::IO)) {
        let _ = dup2_stderr(&null);
    }
}

/// Has a function called on a thread of its own for each Ctrl-C, in place of the program's end.
///
/// # Errors
///
/// If the system refuses.
#[cfg(not(unix))]
pub fn on_signal(react: impl FnMut() + Send + 'static) -> anyhow::Result<()> {
    Ok(ctrlc::set_handler(react)?)
}
