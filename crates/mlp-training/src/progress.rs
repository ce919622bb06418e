//! How a training is followed, and stopped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use burn::train::Interrupter;
pub use burn::train::metric::MetricDefinition;
pub use burn::train::renderer::MetricState;
use mlp_datasets::SplitName;
use mlp_inference::Metric;

/// Follows a training: a dashboard, a progress bar, a web page, a log. By default every method does
/// nothing.
///
/// A training has one phase, or several that follow each other. Each phase has epochs, and each
/// epoch one pass over the training rows and, if there are any, one over the validation rows. All
/// methods are called on the thread that trains, which waits for them.
///
/// ```
/// use mlp_training::{EpochSummary, Measure, Progress, SplitName};
///
/// /// Remembers the validation loss of each epoch.
/// #[derive(Default)]
/// struct Losses(Vec<f64>);
///
/// impl Progress for Losses {
///     fn end_epoch(&mut self, epoch: &EpochSummary) {
///         self.0.extend(epoch.value(Measure::Loss, SplitName::Valid));
///     }
/// }
/// ```
pub trait Progress: Send {
    /// A phase begins. Its name is empty if the training has no other. The metrics are those that
    /// [`metric`](Self::metric) is going to report.
    fn start(&mut self, _phase: &str, _num_epochs: usize, _metrics: &[MetricDefinition]) {}

    /// Some epochs of the phase that has begun, the first ones, are over: the training goes on. What they came to
    /// is the same as [`end_epoch`](Self::end_epoch) was told at the time.
    fn resume(&mut self, _before: &[EpochSummary]) {}

    /// A pass over some rows begins.
    fn start_pass(&mut self, _rows: SplitName, _num_rows: usize) {}

    /// A metric has a new value: a running one within a pass, and a final one at its end.
    fn metric(&mut self, _rows: SplitName, _state: MetricState) {}

    /// The number of rows of the pass processed so far.
    fn advance(&mut self, _rows: SplitName, _rows_done: usize) {}

    /// A pass ends.
    fn end_pass(&mut self, _rows: SplitName) {}

    /// An epoch ends.
    fn end_epoch(&mut self, _epoch: &EpochSummary) {}

    /// A phase ends.
    fn end(&mut self) {}

    /// Something goes wrong that is no reason to stop, such as a learning curve that cannot be written.
    fn warn(&mut self, _warning: &str) {}
}

/// Ignores all progress.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}

/// A function follows a training from epoch to epoch.
impl<F: FnMut(&EpochSummary) + Send> Progress for F {
    fn end_epoch(&mut self, epoch: &EpochSummary) {
        self(epoch);
    }
}

/// A [`Progress`] that several phases share.
pub(crate) type SharedProgress = Arc<Mutex<dyn Progress>>;

/// The measurements of one epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochSummary {
    /// The epoch, from 1.
    pub epoch: usize,
    /// How many epochs the phase has at most.
    pub num_epochs: usize,
    /// What was measured on which rows; accuracies as shares in `[0, 1]`.
    pub values: Vec<(Measure, SplitName, f64)>,
}

impl EpochSummary {
    /// A value, if it was measured.
    pub fn value(&self, measure: Measure, rows: SplitName) -> Option<f64> {
        let mut values = self.values.iter();
        let found = values.find(|(other, of, _)| (*other, *of) == (measure, rows));
        found.map(|(_, _, value)| *value)
    }
}

/// What is measured of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The mean loss.
    Loss,
    /// The share of correct classes.
    Accuracy,
    /// The mean learning rate.
    LearningRate,
    /// The mean norm of the gradients of all parameters together, before clipping, of one step in 2,048
    /// rows.
    GradientNorm,
    /// The metric that selects the best epoch.
    Metric(Metric),
}

impl Measure {
    /// Its name, such as `loss`, without the rows on which it was measured.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Accuracy => "accuracy",
            Self::LearningRate => "learning_rate",
            Self::GradientNorm => "gradient_norm",
            // The accuracy of each epoch has that name already.
            Self::Metric(Metric::Accuracy) => "selected_accuracy",
            Self::Metric(metric) => metric.into(),
        }
    }

    /// Its column in the learning curve, such as `valid_loss`.
    pub fn column(self, rows: SplitName) -> String {
        match self {
            Self::LearningRate | Self::GradientNorm => self.name().to_owned(),
            Self::Loss | Self::Accuracy | Self::Metric(_) => format!("{rows}_{}", self.name()),
        }
    }
}

/// Stops a training from elsewhere: another thread, a signal. Clones stop the same one.
#[derive(Clone, Default)]
pub struct StopHandle {
    interrupter: Interrupter,
    is_abandoned: Arc<AtomicBool>,
}

impl StopHandle {
    /// A handle that stops nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has the training end after the current step. The best network so far is kept.
    pub fn stop(&self) {
        self.interrupter.stop(Some("stopped"));
    }

    /// Has the training end after the current step, and fail: nobody wants its model any more, so that it need not be
    /// evaluated.
    pub fn abandon(&self) {
        self.is_abandoned.store(true, Ordering::Relaxed);
        self.stop();
    }

    /// Whether nobody wants the model any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.is_abandoned.load(Ordering::Relaxed)
    }

    /// Whether the training was told to stop.
    pub fn is_stopped(&self) -> bool {
        self.interrupter.should_stop()
    }

    /// Burn's own handle, which its dashboard takes.
    pub fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }
}
