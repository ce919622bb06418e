use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::train::logger::MetricLogger;
use burn::train::metric::store::{Aggregate, EpochSummary, EventStoreClient, MetricsUpdate, Split};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};

use mlp_inference::Metric;

use crate::Error;

/// The learning curve: each metric of each epoch, kept in memory and written to `metrics.csv` as
/// it comes.
///
/// Clones share the curve, so that one can be given to Burn's learner and another be kept.
#[derive(Clone)]
pub struct History {
    curve: Arc<Mutex<Curve>>,
}

/// The names of Burn's metrics that are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The mean loss.
    Loss,
    /// The percentage of right classes.
    Accuracy,
    /// The mean learning rate of an epoch.
    LearningRate,
    /// A metric of the validation rows.
    Metric(Metric),
}

impl Measure {
    /// The name that Burn's metric has.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "Loss",
            Self::Accuracy => "Accuracy",
            Self::LearningRate => "Learning Rate",
            Self::Metric(metric) => metric.name(),
        }
    }
}

struct Curve {
    /// The values by metric, split and epoch (from 1).
    values: HashMap<(String, &'static str, usize), f64>,
    names: HashMap<MetricId, String>,
    epochs: usize,
    columns: Vec<(Measure, Split)>,
    file: BufWriter<File>,
}

impl History {
    /// Starts a curve of the given columns.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn create(path: &Path, columns: Vec<(Measure, Split)>) -> Result<Self, Error> {
        let header = columns.iter().map(|(measure, split)| match measure {
            Measure::Loss => format!(",{split}_loss"),
            Measure::Accuracy => format!(",{split}_accuracy"),
            Measure::LearningRate => ",learning_rate".to_owned(),
            // The percentage has that name already.
            Measure::Metric(Metric::Accuracy) => format!(",{split}_selected_accuracy"),
            Measure::Metric(metric) => format!(",{split}_{metric}"),
        });
        let create = || {
            let mut file = BufWriter::new(File::create(path)?);
            writeln!(file, "epoch{}", header.collect::<String>())?;
            Ok(file)
        };
        let file = create().map_err(|source| Error::Io {
            action: "write",
            path: PathBuf::from(path),
            source,
        })?;
        let curve = Curve {
            values: HashMap::new(),
            names: HashMap::new(),
            epochs: 0,
            columns,
            file,
        };
        Ok(Self {
            curve: Arc::new(Mutex::new(curve)),
        })
    }

    /// Waits until the values of all epochs so far are there: Burn's store hands them over on a thread
    /// of its own, which answers in turn.
    pub fn wait(store: &EventStoreClient) {
        let _ = store.find_metric(Measure::Loss.name(), 0, Aggregate::Mean, &Split::Train);
    }

    /// How many epochs were trained and validated.
    pub fn epochs(&self) -> usize {
        self.curve().epochs
    }

    /// The value of a metric in an epoch, from 1; for accuracies a percentage.
    pub fn value(&self, measure: Measure, split: &Split, epoch: usize) -> Option<f64> {
        self.curve().value(measure, split, epoch)
    }

    fn curve(&self) -> MutexGuard<'_, Curve> {
        // A panic elsewhere leaves numbers behind that are as good as before.
        self.curve.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Curve {
    fn value(&self, measure: Measure, split: &Split, epoch: usize) -> Option<f64> {
        let key = (
            measure.name().to_owned(),
            <&str>::from(split.clone()),
            epoch,
        );
        self.values.get(&key).copied()
    }

    fn write_row(&mut self, epoch: usize) {
        let mut row = epoch.to_string();
        for (measure, split) in &self.columns {
            let value = self.value(*measure, split, epoch).unwrap_or(f64::NAN);
            let value = match measure {
                Measure::Accuracy => value / 100.0,
                Measure::Loss | Measure::LearningRate | Measure::Metric(_) => value,
            };
            row.push(',');
            row.push_str(&value.to_string());
        }
        // A curve that can no longer be written is no reason to lose the training.
        let _ = writeln!(self.file, "{row}").and_then(|()| self.file.flush());
    }
}

impl MetricLogger for History {
    fn log(&mut self, update: MetricsUpdate, epoch: usize, split: &Split) {
        let mut curve = self.curve();
        for metric in update.entries_numeric {
            // The last of an epoch is the mean over all its rows; a batch's own is of no interest.
            let Some(NumericEntry::Final(value)) = metric.numeric_entry else {
                continue;
            };
            let Some(name) = curve.names.get(&metric.entry.metric_id).cloned() else {
                continue;
            };
            let split = <&str>::from(split.clone());
            curve.values.insert((name, split, epoch), value);
        }
    }

    fn read_numeric(
        &mut self,
        name: &str,
        epoch: usize,
        split: &Split,
    ) -> Result<Vec<NumericEntry>, String> {
        let key = (name.to_owned(), <&str>::from(split.clone()), epoch);
        let value = self.curve().values.get(&key).copied();
        Ok(value.map(NumericEntry::Final).into_iter().collect())
    }

    fn log_metric_definition(&mut self, definition: MetricDefinition) {
        let name = definition.name.to_string();
        self.curve().names.insert(definition.metric_id, name);
    }

    fn log_epoch_summary(&mut self, summary: EpochSummary) {
        if summary.split == Split::Valid {
            let mut curve = self.curve();
            curve.epochs = summary.epoch_number;
            curve.write_row(summary.epoch_number);
        }
    }
}
