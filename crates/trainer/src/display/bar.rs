use std::io::{IsTerminal, Write, stderr};

use indicatif::{ProgressBar, ProgressStyle};
use mlp_training::{EpochSummary, Measure, MetricDefinition, Progress};

/// A progress bar over the epochs on stderr, with the metrics of the last one.
pub struct Bar {
    progress: ProgressBar,
    /// What precedes the progress: the name of the phase.
    phase: String,
    /// Where stderr is not a terminal, lines take the place of the bar.
    lines: bool,
}

impl Bar {
    /// A bar that appears once a phase begins.
    pub fn new() -> Self {
        Self {
            progress: ProgressBar::hidden(),
            phase: String::new(),
            lines: !stderr().is_terminal(),
        }
    }
}

impl Progress for Bar {
    fn start(&mut self, phase: &str, num_epochs: usize, _metrics: &[MetricDefinition]) {
        let style =
            ProgressStyle::with_template("{prefix}epoch {pos}/{len} {bar:30} {elapsed} {msg}")
                .expect("the template is valid")
                .progress_chars("━╸─");
        self.phase = match phase {
            "" => String::new(),
            name => format!("{name}: "),
        };
        // Draws on stderr, and not at all where that is not a terminal.
        self.progress = ProgressBar::new(num_epochs as u64).with_style(style);
        self.progress.set_prefix(self.phase.clone());
    }

    fn end_epoch(&mut self, summary: &EpochSummary) {
        let message = message(summary);
        let EpochSummary {
            epoch, num_epochs, ..
        } = *summary;
        let tenth = num_epochs.div_ceil(10);
        if self.lines && (epoch.is_multiple_of(tenth) || epoch == num_epochs) {
            // A closed stderr does not stop the training.
            let _ = writeln!(
                stderr(),
                "{}epoch {epoch}/{num_epochs}  {message}",
                self.phase
            );
        }
        self.progress.set_message(message);
        self.progress.set_position(epoch as u64);
    }

    fn end(&mut self) {
        self.progress.finish_and_clear();
    }
}

/// The metrics of an epoch in a line.
fn message(summary: &EpochSummary) -> String {
    let values = summary.values.iter();
    let values = values.filter_map(|(measure, rows, value)| match measure {
        Measure::LearningRate => None,
        Measure::Loss => Some(format!("{rows} loss {value:.4}")),
        Measure::Accuracy => Some(format!("{rows} accuracy {:.1} %", 100.0 * value)),
        Measure::Metric(metric) => Some(format!("{rows} {metric} {value:.4}")),
    });
    values.collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_training::SplitName;

    #[test]
    fn the_metrics_of_an_epoch_are_one_line() {
        let summary = EpochSummary {
            epoch: 3,
            num_epochs: 10,
            values: vec![
                (Measure::LearningRate, SplitName::Train, 0.1),
                (Measure::Loss, SplitName::Valid, 0.25),
                (Measure::Accuracy, SplitName::Valid, 0.875),
            ],
        };
        assert_eq!(
            message(&summary),
            "valid loss 0.2500  valid accuracy 87.5 %"
        );
    }
}
