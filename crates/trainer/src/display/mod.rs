//! What a user sees while a network is trained.

#[cfg(feature = "tui")]
mod dashboard;

use std::collections::HashMap;
use std::io::{IsTerminal, Write, stderr};

use burn::train::Interrupter;
use burn::train::LearnerSummary;
use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};
use indicatif::{ProgressBar, ProgressStyle};

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Burn's dashboard, on a terminal.
    Dashboard,
    /// A bar on stderr; where stderr is no terminal, a line for every tenth of the epochs.
    Bar,
    /// Not at all.
    Silent,
}

impl Progress {
    /// Makes the renderer that Burn's learner drives. What a phase of a training is called stands
    /// before its progress.
    #[cfg_attr(not(feature = "tui"), expect(unused_variables))]
    pub(crate) fn renderer(
        self,
        phase: &str,
        interrupter: &Interrupter,
    ) -> Box<dyn MetricsRenderer> {
        match self {
            #[cfg(feature = "tui")]
            Self::Dashboard => Box::new(dashboard::Dashboard::new(interrupter)),
            #[cfg(not(feature = "tui"))]
            Self::Dashboard => Box::new(Bar::new(phase, false)),
            Self::Bar => Box::new(Bar::new(phase, false)),
            Self::Silent => Box::new(Bar::new(phase, true)),
        }
    }
}

/// A progress bar over the epochs, with the metrics of the last one.
struct Bar {
    progress: ProgressBar,
    /// What stands before the progress.
    phase: String,
    /// Where stderr is no terminal, lines take the bar's place.
    lines: bool,
    epochs: usize,
    names: HashMap<MetricId, String>,
    latest: Vec<(String, f64)>,
}

impl Bar {
    fn new(phase: &str, silent: bool) -> Self {
        let bar = if silent {
            ProgressBar::hidden()
        } else {
            // Draws on stderr, and not at all where that is no terminal.
            ProgressBar::new(0)
        };
        let style =
            ProgressStyle::with_template("{prefix}epoch {pos}/{len} {bar:30} {elapsed} {msg}")
                .expect("the template is valid")
                .progress_chars("━╸─");
        bar.set_style(style);
        let phase = match phase {
            "" => String::new(),
            name => format!("{name}: "),
        };
        bar.set_prefix(phase.clone());
        Self {
            progress: bar,
            phase,
            lines: !silent && !stderr().is_terminal(),
            epochs: 0,
            names: HashMap::new(),
            latest: Vec::new(),
        }
    }

    fn update(&mut self, split: &str, state: &MetricState) {
        let MetricState::Numeric(entry, Some(NumericEntry::Final(value))) = state else {
            return;
        };
        let Some(name) = self.names.get(&entry.metric_id) else {
            return;
        };
        if name == "Learning Rate" {
            return;
        }
        let label = format!("{split} {}", name.to_lowercase());
        match self.latest.iter_mut().find(|(other, _)| *other == label) {
            Some((_, latest)) => *latest = *value,
            None => self.latest.push((label, *value)),
        }
    }

    fn message(&self) -> String {
        let metric = |(label, value): &(String, f64)| {
            if label.ends_with("accuracy") {
                format!("{label} {value:.1} %")
            } else {
                format!("{label} {value:.4}")
            }
        };
        self.latest
            .iter()
            .map(metric)
            .collect::<Vec<_>>()
            .join("  ")
    }
}

impl MetricsRenderer for Bar {
    fn manual_close(&mut self) {}

    fn register_metric(&mut self, definition: MetricDefinition) {
        let name = definition.name.to_string();
        self.names.insert(definition.metric_id, name);
    }
}

impl MetricsRendererTraining for Bar {
    fn update_train(&mut self, state: MetricState) {
        self.update("train", &state);
    }

    fn update_valid(&mut self, state: MetricState) {
        self.update("valid", &state);
    }

    fn on_train_end(
        &mut self,
        _summary: Option<LearnerSummary>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        self.progress.finish_and_clear();
        Ok(())
    }
}

impl TrainingProgressLogger for Bar {
    fn start(
        &mut self,
        total_epochs: usize,
        _starting_epoch: usize,
        _total_items: Option<usize>,
        _label: Option<&str>,
    ) {
        self.epochs = total_epochs;
        self.progress.set_length(total_epochs as u64);
    }

    fn update_epoch(&mut self, epoch: usize) {
        self.progress.set_message(self.message());
        self.progress.set_position(epoch as u64);
        let tenth = self.epochs.div_ceil(10);
        if self.lines && (epoch.is_multiple_of(tenth) || epoch == self.epochs) {
            let line = format!(
                "{}epoch {epoch}/{}  {}",
                self.phase,
                self.epochs,
                self.message()
            );
            // That nobody reads it any more is no reason to end.
            let _ = writeln!(stderr(), "{line}");
        }
    }

    fn start_split(&mut self, _split: &str, _total_items: usize) {}
    fn update_split(&mut self, _items_processed: usize) {}
    fn end_split(&mut self) {}
    fn end(&mut self) {}
    fn log_event_training(&mut self, _event: String) {}
}

// Burn's trait asks for both; a training has no tests to show.
impl MetricsRendererEvaluation for Bar {
    fn update_test(&mut self, _name: EvaluationName, _state: MetricState) {}
}

impl EvaluationProgressLogger for Bar {
    fn start_global_progress(&mut self, _total_tests: usize) {}
    fn start_test(&mut self, _name: &str, _total_items: usize) {}
    fn update_test_progress(&mut self, _items_processed: usize) {}
    fn end_test(&mut self) {}
    fn end_global_progress(&mut self) {}
    fn log_event_evaluation(&mut self, _event: String) {}
}
