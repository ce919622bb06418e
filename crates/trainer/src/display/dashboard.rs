//! Burn's dashboard, made to obey Ctrl-C and to report how training ended.

use burn::train::logger::TrainingProgressLogger;
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::renderer::{MetricsRenderer, MetricsRendererTraining};
use mlp_training::{EpochSummary, MetricDefinition, MetricState, Progress, SplitName, StopHandle};

/// Burn's dashboard, one for each phase of a training.
///
/// It differs in two ways. The dashboard puts the terminal into raw mode, in which Ctrl-C is a key
/// like any other that Burn ignores; here it stays a signal. And when training ends the dashboard
/// forgets what interrupted it, which the learner reads only after that; here it is not told of the
/// end, and closes when it is dropped.
pub struct Dashboard {
    stop: StopHandle,
    tui: Option<TuiMetricsRendererWrapper>,
}

impl Dashboard {
    /// A dashboard that appears once a phase begins. Its dialog stops the training by a handle.
    pub fn new(stop: &StopHandle) -> Self {
        Self {
            stop: stop.clone(),
            tui: None,
        }
    }
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
        self.tui = None;
        let mut tui = TuiMetricsRendererWrapper::new(self.stop.interrupter(), None);
        for metric in metrics {
            tui.register_metric(metric.clone());
        }
        TrainingProgressLogger::start(&mut tui, num_epochs, 1, None, None);
        self.tui = Some(tui);
    }

    fn start_pass(&mut self, rows: SplitName, num_rows: usize) {
        if let Some(tui) = &mut self.tui {
            // Raw mode begins in another thread, some time after the dashboard was made.
            keep_interrupt_signal();
            tui.start_split(rows.into(), num_rows);
        }
    }

    fn metric(&mut self, rows: SplitName, state: MetricState) {
        if let Some(tui) = &mut self.tui {
            match rows {
                SplitName::Train => tui.update_train(state),
                SplitName::Valid | SplitName::Test => tui.update_valid(state),
            }
        }
    }

    fn advance(&mut self, _rows: SplitName, num_rows: usize) {
        if let Some(tui) = &mut self.tui {
            tui.update_split(num_rows);
            tui.log_event_training("Updates".to_owned());
        }
    }

    fn end_pass(&mut self, _rows: SplitName) {
        if let Some(tui) = &mut self.tui {
            tui.end_split();
        }
    }

    fn end_epoch(&mut self, summary: &EpochSummary) {
        if let Some(tui) = &mut self.tui {
            tui.update_epoch(summary.epoch);
        }
    }

    fn end(&mut self) {
        if let Some(tui) = &mut self.tui {
            TrainingProgressLogger::end(tui);
        }
        // Closed, so that the report is printed on a terminal as it was.
        self.tui = None;
    }
}
