use std::io::{IsTerminal, Write};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use mlp_datasets::SplitName;
use mlp_training::{EpochSummary, Measure, MetricDefinition, Progress};

use super::remaining::Remaining;
use crate::duration::in_words;
use crate::escaped::stderr;

/// From so many seconds on, an estimate gets a line of its own.
const LONG: f64 = 5.0;

/// A progress bar over the epochs on stderr, with the metrics of the last one and an estimate of the
/// remaining time.
pub struct Bar {
    progress: ProgressBar,
    /// What precedes the progress: the name of the phase.
    phase: String,
    /// Where stderr is not a terminal, lines take the place of the bar.
    lines: bool,
    /// When the phase began.
    start: Instant,
    remaining: Remaining,
    /// The metrics of the last epoch.
    metrics: String,
    /// Whether the first estimate of the phase was shown.
    is_estimated: bool,
}

impl Bar {
    /// A bar that appears once a phase begins.
    pub fn new() -> Self {
        Self {
            progress: ProgressBar::hidden(),
            phase: String::new(),
            lines: !std::io::stderr().is_terminal(),
            start: Instant::now(),
            remaining: Remaining::default(),
            metrics: String::new(),
            is_estimated: false,
        }
    }

    /// The remaining time in words, if it is known. The training may end sooner, but not later.
    fn remaining(&self) -> Option<String> {
        let seconds = self.remaining.seconds(self.start.elapsed())?;
        Some(format!("at most {} left", in_words(seconds)))
    }

    /// Writes a line, if stderr is not closed: that does not stop the training.
    fn line(&self, line: &str) {
        let _ = writeln!(stderr(), "{}{line}", self.phase);
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
        (self.start, self.remaining) = (Instant::now(), Remaining::of(num_epochs));
        (self.metrics, self.is_estimated) = (String::new(), false);
    }

    fn resume(&mut self, before: &[EpochSummary]) {
        let epochs_done = before.len();
        self.remaining.resume(epochs_done);
        self.progress.set_position(epochs_done as u64);
        if self.lines {
            self.line(&format!("goes on after epoch {epochs_done}"));
        }
    }

    fn warn(&mut self, warning: &str) {
        self.progress
            .suspend(|| self.line(&format!("warning: {warning}")));
    }

    fn start_pass(&mut self, rows: SplitName, num_rows: usize) {
        if rows == SplitName::Train {
            self.remaining.start_pass(num_rows);
        }
    }

    fn advance(&mut self, rows: SplitName, rows_done: usize) {
        if rows != SplitName::Train {
            return;
        }
        self.remaining.advance(rows_done);
        if !self.lines {
            if let Some(remaining) = self.remaining() {
                let message = format!("{}  {remaining}", self.metrics);
                self.progress.set_message(message.trim().to_owned());
            }
        } else if !self.is_estimated
            && let Some(seconds) = self.remaining.seconds(self.start.elapsed())
        {
            self.is_estimated = true;
            if seconds >= LONG {
                self.line(&format!("at most {} left", in_words(seconds)));
            }
        }
    }

    fn end_epoch(&mut self, summary: &EpochSummary) {
        self.metrics = message(summary);
        let EpochSummary {
            epoch, num_epochs, ..
        } = *summary;
        let tenth = num_epochs.div_ceil(10);
        self.remaining.end_epoch(epoch);
        if self.lines && (epoch.is_multiple_of(tenth) || epoch == num_epochs) {
            self.line(&format!("epoch {epoch}/{num_epochs}  {}", self.metrics));
        }
        let remaining = self.remaining().unwrap_or_default();
        let message = format!("{}  {remaining}", self.metrics);
        self.progress.set_message(message.trim_end().to_owned());
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
        Measure::LearningRate | Measure::GradientNorm => None,
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
