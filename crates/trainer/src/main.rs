//! The `trainer` program: parses the command line, runs the command and reports its failure once.

use std::io::{self, BufWriter, Write, stdout};
use std::process::ExitCode;

use clap::Parser;
use mlp_training::share_work;
use trainer::commands::{Cli, Command, Status};
use trainer::signals::{exit_code, survive_large_files};
use trainer::{Error, hint, message, stderr, system_hint, with_own_name};

/// Freshly mapped pages are a third of the time of a training step with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FAILURE: u8 = 1;
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let parsed = Cli::try_parse().unwrap_or_else(|error| {
        let command = std::env::args().nth(1).unwrap_or_default();
        with_own_name(error, &command).exit()
    });
    let command = parsed.command.unwrap_or_else(|| {
        let _ = writeln!(
            stderr(),
            "No command given, so training on iris; see `trainer --help`"
        );
        Command::Train(Box::default())
    });
    share_work();
    // Without it, the program still works.
    let _ = survive_large_files();
    // Not locked: the dashboard writes to stdout from a thread of its own.
    let mut out = BufWriter::new(stdout());
    let result = command.run(&mut out);
    match result.and_then(|status| Ok(out.flush().map(|()| status)?)) {
        Ok(Status::Success) => ExitCode::SUCCESS,
        Ok(Status::Interrupted) => ExitCode::from(exit_code()),
        // Whoever reads the results, such as `head`, needs no more.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) if is_interrupted(&error) => {
            let _ = writeln!(stderr(), "{error}");
            ExitCode::from(exit_code())
        }
        Err(error) => report(&error),
    }
}

/// Prints on stderr what went wrong, why, and what to do about it.
fn report(error: &anyhow::Error) -> ExitCode {
    let mut message = format!("error: {}", message(error));
    let known = error.downcast_ref::<Error>();
    if let Some(hint) = known.and_then(hint).or_else(|| system_hint(error)) {
        message.push_str("\n\nhint: ");
        message.push_str(&hint);
    }
    // There is nowhere to report that stderr is closed.
    let _ = writeln!(stderr(), "{message}");
    let is_usage = known.is_some_and(Error::is_usage);
    ExitCode::from(if is_usage { USAGE } else { FAILURE })
}

/// Whether the user stopped the program before there was anything to keep.
fn is_interrupted(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(Error::Training(mlp_training::Error::InterruptedTooEarly))
    )
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        let csv = cause.downcast_ref::<csv::Error>();
        io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
            || csv.is_some_and(|error| {
                matches!(error.kind(), csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
            })
    })
}
