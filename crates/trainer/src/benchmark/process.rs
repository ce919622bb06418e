use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{env, thread};

use serde_json::Value;

use super::plan::Cell;
use super::record::Measurement;
use crate::Error;
use crate::options::set;

/// The command that reads the options of a training from standard input and prints what it measured.
pub const COMMAND: &str = "benchmark-cell";

/// Runs one training at a time in a process of its own, so that none uses memory that another one has
/// left, and none ends the benchmark.
#[derive(Clone, Default)]
pub struct Process(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    running: Option<Child>,
    is_stopped: bool,
}

/// How a training ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// It was measured.
    Measured(Measurement),
    /// It failed, for this reason.
    Failed(String),
    /// The user stopped it.
    Stopped,
}

impl Process {
    /// Ends the running training, and begins no more.
    pub fn stop(&self) {
        let mut state = self.state();
        state.is_stopped = true;
        if let Some(child) = &mut state.running {
            // It may have ended by itself.
            let _ = child.kill();
        }
    }

    /// Trains and measures once.
    ///
    /// # Errors
    ///
    /// If this program cannot be started.
    pub fn run(&self, cell: &Cell) -> Result<Ending, Error> {
        let Some((mut stdin, mut stdout, mut stderr)) = self.start()? else {
            return Ok(Ending::Stopped);
        };
        // What is not set is left out: some options have no value that stands for that.
        let options = Value::Object(set(&cell.options)?).to_string();
        // Whatever goes wrong with these streams shows in how the process ends.
        let (printed, complaints) = thread::scope(|scope| {
            let complaints = scope.spawn(move || text_of(&mut stderr));
            let _ = stdin.write_all(options.as_bytes());
            drop(stdin);
            (text_of(&mut stdout), complaints.join().unwrap_or_default())
        });
        let mut state = self.state();
        let ended = state.running.take().map(|mut child| child.wait());
        if state.is_stopped {
            return Ok(Ending::Stopped);
        }
        Ok(match ended {
            Some(Ok(status)) if was_interrupted(status) => Ending::Stopped,
            Some(Ok(status)) => ending(status, &printed, &complaints),
            Some(Err(error)) => Ending::Failed(error.to_string()),
            None => Ending::Stopped,
        })
    }

    #[allow(clippy::type_complexity)] // The three streams of a process.
    fn start(&self) -> Result<Option<(impl Write, impl Read, impl Read + Send + 'static)>, Error> {
        let mut state = self.state();
        if state.is_stopped {
            return Ok(None);
        }
        let mut child = command()
            .and_then(|mut command| command.spawn())
            .map_err(|source| Error::Io {
                action: "start",
                path: env::current_exe().unwrap_or_default(),
                source,
            })?;
        let streams = child
            .stdin
            .take()
            .zip(child.stdout.take())
            .zip(child.stderr.take())
            .map(|((stdin, stdout), stderr)| (stdin, stdout, stderr));
        state.running = Some(child);
        Ok(streams)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn command() -> io::Result<Command> {
    // On Linux this is the running program even if its file has been replaced in the meantime, so that
    // all trainings of a benchmark are those of one program.
    let program = if cfg!(target_os = "linux") {
        "/proc/self/exe".into()
    } else {
        env::current_exe()?
    };
    let mut command = Command::new(program);
    command
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

fn ending(status: ExitStatus, printed: &str, complaints: &str) -> Ending {
    match serde_json::from_str(printed) {
        Ok(Ok(measurement)) => Ending::Measured(measurement),
        Ok(Err(reason)) => Ending::Failed(reason),
        Err(_) => Ending::Failed(format!(
            "the training ended with {status}: {}",
            end_of(complaints)
        )),
    }
}

/// The end of what a process wrote on stderr, where a panic is described.
fn end_of(complaints: &str) -> String {
    const MOST: usize = 500;
    let characters: Vec<char> = complaints.trim().chars().collect();
    characters[characters.len().saturating_sub(MOST)..]
        .iter()
        .collect()
}

/// Whether a signal ended a process that tells it to stop. Ctrl-C reaches all processes of a terminal, and
/// this one may hear of it later than the other.
#[cfg(unix)]
fn was_interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;

    const HANGUP: i32 = 1;
    const INTERRUPT: i32 = 2;
    const TERMINATE: i32 = 15;
    let signal = status.signal();
    signal.is_some_and(|signal| [HANGUP, INTERRUPT, TERMINATE].contains(&signal))
}

#[cfg(not(unix))]
fn was_interrupted(_status: ExitStatus) -> bool {
    false
}

fn text_of(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
