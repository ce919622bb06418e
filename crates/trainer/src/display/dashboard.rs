//! Burn's dashboard, made to heed Ctrl-C and to tell how training ended.

use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::MetricDefinition;
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};
use burn::train::{Interrupter, LearnerSummary};

/// Burn's dashboard.
///
/// It differs in two things. The dashboard puts the terminal into raw mode, in which Ctrl-C is a
/// key like any other that Burn ignores; here it stays a signal. And when training ends the
/// dashboard forgets what interrupted it, which the learner reads only after that; here it is not
/// told of the end, and closes when it is dropped.
pub struct Dashboard {
    tui: TuiMetricsRendererWrapper,
}

impl Dashboard {
    pub fn new(interrupter: &Interrupter) -> Self {
        Self {
            tui: TuiMetricsRendererWrapper::new(interrupter.clone(), None),
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

impl MetricsRenderer for Dashboard {
    fn manual_close(&mut self) {
        self.tui.manual_close();
    }

    fn register_metric(&mut self, definition: MetricDefinition) {
        self.tui.register_metric(definition);
    }
}

impl MetricsRendererTraining for Dashboard {
    fn update_train(&mut self, state: MetricState) {
        self.tui.update_train(state);
    }

    fn update_valid(&mut self, state: MetricState) {
        self.tui.update_valid(state);
    }

    fn on_train_end(
        &mut self,
        _summary: Option<LearnerSummary>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        Ok(())
    }
}

impl TrainingProgressLogger for Dashboard {
    fn start(
        &mut self,
        total_epochs: usize,
        starting_epoch: usize,
        total_items: Option<usize>,
        label: Option<&str>,
    ) {
        self.tui
            .start(total_epochs, starting_epoch, total_items, label);
    }

    fn update_epoch(&mut self, epoch: usize) {
        self.tui.update_epoch(epoch);
    }

    fn start_split(&mut self, split: &str, total_items: usize) {
        // Raw mode begins in another thread, some time after the dashboard was made.
        keep_interrupt_signal();
        self.tui.start_split(split, total_items);
    }

    fn update_split(&mut self, items_processed: usize) {
        self.tui.update_split(items_processed);
    }

    fn end_split(&mut self) {
        self.tui.end_split();
    }

    fn end(&mut self) {
        self.tui.end();
    }

    fn log_event_training(&mut self, event: String) {
        self.tui.log_event_training(event);
    }
}

impl MetricsRendererEvaluation for Dashboard {
    fn update_test(&mut self, name: EvaluationName, state: MetricState) {
        self.tui.update_test(name, state);
    }
}

impl EvaluationProgressLogger for Dashboard {
    fn start_global_progress(&mut self, total_tests: usize) {
        self.tui.start_global_progress(total_tests);
    }

    fn start_test(&mut self, name: &str, total_items: usize) {
        self.tui.start_test(name, total_items);
    }

    fn update_test_progress(&mut self, items_processed: usize) {
        self.tui.update_test_progress(items_processed);
    }

    fn end_test(&mut self) {
        self.tui.end_test();
    }

    fn end_global_progress(&mut self) {
        self.tui.end_global_progress();
    }

    fn log_event_evaluation(&mut self, event: String) {
        self.tui.log_event_evaluation(event);
    }
}
