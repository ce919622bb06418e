//! Burn's dashboard, made to obey Ctrl-C, to report how training ended, and to lose nothing.

use std::io::{IsTerminal, Write, stderr};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::thread;

use crate::escaped;
use burn::train::logger::TrainingProgressLogger;
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::renderer::{MetricsRenderer, MetricsRendererTraining};
use mlp_training::{EpochSummary, MetricDefinition, MetricState, Progress, SplitName, StopHandle};

/// The name that Burn gives the thread that draws.
const DRAWING_THREAD: &str = "train-renderer";
/// What stands above the status; short enough for a terminal of 80 columns.
const LABEL: &str = "q keeps the model";

/// Burn's dashboard, one for each phase of a training.
///
/// It differs in three ways.
///
/// The dashboard puts the terminal into raw mode, in which Ctrl-C is a key like any other that Burn
/// ignores; here it stays a signal.
///
/// When training ends the dashboard forgets what interrupted it, which the learner reads only after
/// that; here it is not told of the end, and closes when it is dropped.
///
/// Its key `q` opens a dialog that offers to stop the training (`s`), to kill it (`k`) or to go on (`c`).
/// Burn kills a training by a panic: in the thread that draws, in the next call of the dashboard, and
/// again when it is dropped. The program would end and keep nothing. So here the panics are caught, and
/// a training that its user kills stops like any other: after the current batch, with the best model so
/// far. Nothing less will do, since Burn lets programs change neither the dialog nor its words, and a
/// thread that takes the keys away from Burn cannot give back those that switch the plots. All that
/// can be written on the dashboard is the label of its status.
pub struct Dashboard {
    stop: StopHandle,
    tui: Option<TuiMetricsRendererWrapper>,
    /// What is said once the dashboard is closed.
    warnings: Vec<String>,
}

impl Dashboard {
    /// A dashboard that appears once a phase begins. Its dialog stops the training by a handle.
    pub fn new(stop: &StopHandle) -> Self {
        Self {
            stop: stop.clone(),
            tui: None,
            warnings: Vec::new(),
        }
    }

    /// Does something with the dashboard while it is open.
    fn show(&mut self, call: impl FnOnce(&mut TuiMetricsRendererWrapper)) {
        if show(&mut self.tui, call).is_err() {
            self.stop_instead();
        }
    }

    fn close(&mut self) {
        if close(&mut self.tui).is_err() {
            self.stop_instead();
        }
        for warning in self.warnings.drain(..) {
            let _ = writeln!(escaped::stderr(), "warning: {warning}");
        }
    }

    /// Stops a training that its user wanted to kill.
    fn stop_instead(&self) {
        self.stop.stop();
        forget_panic_hook();
        if stderr().is_terminal() {
            // Burn has put the terminal back, and has written that the training was killed.
            let _ = write!(stderr(), "\r\x1b[J");
        }
        let _ = writeln!(
            stderr(),
            "the training stops, as with Ctrl-C, and is not killed"
        );
    }
}

impl Drop for Dashboard {
    /// If training fails, no phase ends.
    fn drop(&mut self) {
        self.close();
    }
}

/// What was shown has panicked, as it does if its user kills the training.
#[derive(Debug, PartialEq)]
struct Killed;

/// Does something with what is shown. If that panics, it is not shown any longer.
fn show<T>(shown: &mut Option<T>, call: impl FnOnce(&mut T)) -> Result<(), Killed> {
    let Some(open) = shown else {
        return Ok(());
    };
    catch_unwind(AssertUnwindSafe(|| call(open))).map_err(|_| {
        // It panics once more.
        let _ = close(shown);
        Killed
    })
}

/// Drops what is shown, which may panic.
fn close<T>(shown: &mut Option<T>) -> Result<(), Killed> {
    let closing = shown.take();
    catch_unwind(AssertUnwindSafe(|| drop(closing))).map_err(|_| Killed)
}

/// Takes away Burn's panic hook, which would say nothing of any later panic. Its thread may be about to
/// panic still, which is no news.
fn forget_panic_hook() {
    drop(take_hook());
    let default = take_hook();
    set_hook(Box::new(move |panic| {
        if thread::current().name() != Some(DRAWING_THREAD) {
            default(panic);
        }
    }));
}

/// Lets Ctrl-C send its signal in raw mode too.
#[cfg(unix)]
fn keep_interrupt_signal() {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let stdin = std::io::stdin();
    if let Ok(mut modes) = tcgetattr(&stdin)
        && !modes.local_modes.contains(LocalModes::ISIG)
    {
        modes.local_modes.insert(LocalModes::ISIG);
        // Without it Ctrl-C does nothing, and the dashboard's own `q` is still there.
        let _ = tcsetattr(&stdin, OptionalActions::Now, &modes);
    }
}

#[cfg(not(unix))]
fn keep_interrupt_signal() {}

impl Progress for Dashboard {
    fn start(&mut self, _phase: &str, num_epochs: usize, metrics: &[MetricDefinition]) {
        // The last phase's closes first.
        self.close();
        // Burn remembers that it was killed, and would panic again.
        if self.stop.is_stopped() {
            return;
        }
        self.tui = Some(TuiMetricsRendererWrapper::new(
            self.stop.interrupter(),
            None,
        ));
        self.show(|tui| {
            for metric in metrics {
                tui.register_metric(metric.clone());
            }
            TrainingProgressLogger::start(tui, num_epochs, 1, None, Some(LABEL));
        });
    }

    fn start_pass(&mut self, rows: SplitName, num_rows: usize) {
        self.show(|tui| {
            // Raw mode begins in another thread, some time after the dashboard was made.
            keep_interrupt_signal();
            tui.start_split(rows.into(), num_rows);
        });
    }

    fn metric(&mut self, rows: SplitName, state: MetricState) {
        self.show(|tui| match rows {
            SplitName::Train => tui.update_train(state),
            SplitName::Valid | SplitName::Test => tui.update_valid(state),
        });
    }

    fn advance(&mut self, _rows: SplitName, num_rows: usize) {
        self.show(|tui| {
            tui.update_split(num_rows);
            tui.log_event_training("Updates".to_owned());
        });
    }

    fn end_pass(&mut self, _rows: SplitName) {
        self.show(TrainingProgressLogger::end_split);
    }

    fn end_epoch(&mut self, summary: &EpochSummary) {
        self.show(|tui| tui.update_epoch(summary.epoch));
    }

    fn warn(&mut self, warning: &str) {
        self.warnings.push(warning.to_owned());
    }

    fn end(&mut self) {
        self.show(TrainingProgressLogger::end);
        // Closed, so that the report is printed on a terminal as it was.
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics whenever it is called and when it is dropped, as Burn's dashboard does once it is killed.
    struct Panicking;

    impl Drop for Panicking {
        fn drop(&mut self) {
            panic!("killed once more");
        }
    }

    #[test]
    fn a_panic_of_the_dashboard_closes_it_and_goes_no_further() {
        let mut shown = Some(Panicking);
        assert_eq!(show(&mut shown, |_| panic!("killed")), Err(Killed));
        assert!(shown.is_none());
        // There is nothing left that could panic.
        assert_eq!(show(&mut shown, |_| panic!("killed")), Ok(()));
        assert_eq!(close(&mut shown), Ok(()));
    }

    #[test]
    fn a_panic_of_a_closing_dashboard_goes_no_further() {
        let mut shown = Some(Panicking);
        assert_eq!(close(&mut shown), Err(Killed));
        assert!(shown.is_none());
    }

    #[test]
    fn what_does_not_panic_stays_open() {
        let mut shown = Some(1);
        assert_eq!(show(&mut shown, |number| *number += 1), Ok(()));
        assert_eq!(shown, Some(2));
    }
}
