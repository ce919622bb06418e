use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;

use super::outgoing::Outgoing;
use crate::painter::Paint;
use crate::player::{Controls, Standing};
use crate::protocol::{Failure, Progress, Response, State};

/// The time between two frames: sixty in a second.
const FRAME: Duration = Duration::from_millis(16);
/// The time between two messages of progress, and between two traces.
const PROGRESS: Duration = Duration::from_millis(100);
/// The time between two diagnoses.
const DIAGNOSIS: Duration = Duration::from_millis(250);

/// Shows a page what there is to see, as fast as the page takes it.
pub struct Gallery {
    number: usize,
    painter: Box<dyn Paint>,
    controls: Arc<Controls>,
    out: Sender<Outgoing>,
    shown: Shown,
}

/// The time over which steps are counted, in seconds.
const COUNTING: f64 = 0.25;

/// What a page has seen.
struct Shown {
    version: u64,
    state: Option<State>,
    epoch: usize,
    /// The steps at some time, from which their rate is counted.
    counted: (usize, Instant),
    steps_per_second: f64,
    progress: Option<Instant>,
    trace: Option<Instant>,
    diagnosis: Option<Instant>,
    failed: bool,
}

impl Gallery {
    /// Of the painter of an experiment.
    pub fn new(
        number: usize,
        painter: Box<dyn Paint>,
        controls: Arc<Controls>,
        out: Sender<Outgoing>,
    ) -> Self {
        Self {
            number,
            painter,
            controls,
            out,
            shown: Shown {
                version: 0,
                state: None,
                epoch: 0,
                counted: (0, Instant::now()),
                steps_per_second: 0.0,
                progress: None,
                trace: None,
                diagnosis: None,
                failed: false,
            },
        }
    }

    /// Shows everything on a thread of its own, until the experiment is closed or the page is left.
    ///
    /// # Errors
    ///
    /// If there is no thread.
    pub fn open(mut self) -> Result<JoinHandle<()>, Failure> {
        let thread = thread::Builder::new().name("painter".to_owned());
        let opened = thread.spawn(move || {
            loop {
                let begin = Instant::now();
                let standing = self.controls.wait(self.shown.version, PROGRESS);
                if standing.is_closed || self.show(standing).is_none() {
                    return;
                }
                if standing.state == State::Playing {
                    thread::sleep(FRAME.saturating_sub(begin.elapsed()));
                    self.controls.want();
                }
            }
        });
        opened.map_err(|error| Failure::new(format!("no thread could be started: {error}")))
    }

    /// Shows what is new; `None` if the page was left.
    fn show(&mut self, standing: Standing) -> Option<()> {
        let is_new = standing.version != self.shown.version;
        self.shown.version = standing.version;
        let view = self.controls.take_view();
        let has_other_view = view.is_some();
        if let Some(view) = view
            && let Err(failure) = self.painter.look(view)
        {
            self.send(Response::Failed(failure))?;
        }
        let snapshot = self.controls.snapshot().filter(|_| is_new);
        let is_at_rest = standing.state != State::Playing;
        if let Some(snapshot) = snapshot {
            match self.painter.frame(&snapshot, standing.epoch) {
                Ok(frame) => self.out.blocking_send(Outgoing::Frame(frame)).ok()?,
                Err(failure) => self.send(Response::Failed(failure))?,
            }
            if is_at_rest || has_other_view || is_due(&mut self.shown.trace, PROGRESS) {
                match self.painter.trace(&snapshot) {
                    Ok(Some(trace)) => self.send(Response::Trace(Box::new(trace)))?,
                    Ok(None) => {}
                    Err(failure) if self.shown.failed && !has_other_view => drop(failure),
                    Err(failure) => {
                        self.shown.failed = true;
                        self.send(Response::Failed(failure))?;
                    }
                }
            }
            if (is_at_rest || has_other_view || is_due(&mut self.shown.diagnosis, DIAGNOSIS))
                && let Some(diagnosis) = self.painter.diagnosis(&snapshot)
            {
                self.send(Response::Diagnosis(diagnosis))?;
            }
        }
        let has_other_state = self.shown.state != Some(standing.state);
        let is_due = !is_at_rest && is_due(&mut self.shown.progress, PROGRESS);
        if has_other_state || (is_new && is_at_rest) || is_due {
            self.report(standing)?;
        }
        if has_other_state && let Some(failure) = self.controls.failure() {
            self.send(Response::Failed(failure))?;
        }
        Some(())
    }

    /// Says how far the training is.
    fn report(&mut self, standing: Standing) -> Option<()> {
        let curve = self.controls.curve_after(self.shown.epoch);
        let now = Instant::now();
        let (step_before, before) = self.shown.counted;
        let seconds = now.duration_since(before).as_secs_f64();
        if standing.state != State::Playing {
            self.shown.counted = (standing.step, now);
        } else if seconds > COUNTING {
            let steps = standing.step.saturating_sub(step_before);
            self.shown.steps_per_second = steps as f64 / seconds;
            self.shown.counted = (standing.step, now);
        }
        self.shown.epoch = curve.last().map_or(self.shown.epoch, |point| point.epoch);
        self.shown.state = Some(standing.state);
        self.send(Response::Progress(Progress {
            number: self.number,
            state: standing.state,
            epoch: standing.epoch,
            step: standing.step,
            steps_per_second: if standing.state == State::Playing {
                self.shown.steps_per_second
            } else {
                0.0
            },
            curve,
            best_epoch: standing.best_epoch,
        }))
    }

    fn send(&self, response: Response) -> Option<()> {
        self.out
            .blocking_send(Outgoing::Text(Box::new(response)))
            .ok()
    }
}

/// Whether a time is over since something was done, which then is done again.
fn is_due(last: &mut Option<Instant>, interval: Duration) -> bool {
    let is_due = last.is_none_or(|last| last.elapsed() >= interval);
    if is_due {
        *last = Some(Instant::now());
    }
    is_due
}
