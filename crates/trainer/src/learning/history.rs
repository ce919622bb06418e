use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::train::metric::store::Split;
use mlp_inference::Metric;

use crate::Error;

/// The learning curve: each metric of each epoch, kept in memory and written to `metrics.csv` as
/// it comes.
///
/// Clones share the curve, so that one can be given to the [`Recorder`](super::Recorder) and another
/// be kept.
#[derive(Clone)]
pub struct History {
    curve: Arc<Mutex<Curve>>,
}

/// What is recorded of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

struct Curve {
    columns: Vec<(Measure, Split)>,
    /// The values of each epoch, from the first on, in the order of the columns.
    epochs: Vec<Vec<Option<f64>>>,
    /// How many epochs have ended.
    ended: usize,
    failure: Option<String>,
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
            columns,
            epochs: Vec::new(),
            ended: 0,
            failure: None,
            file,
        };
        Ok(Self {
            curve: Arc::new(Mutex::new(curve)),
        })
    }

    /// How many epochs were trained and validated.
    pub fn epochs(&self) -> usize {
        self.curve().ended
    }

    /// The value of a metric in an epoch, from 1; for accuracies a percentage.
    pub fn value(&self, measure: Measure, split: &Split, epoch: usize) -> Option<f64> {
        self.curve().value(measure, split, epoch)
    }

    /// Records the value of a metric in an epoch, from 1, if it is a column of the curve.
    pub fn record(&self, measure: Measure, split: &Split, epoch: usize, value: f64) {
        let mut curve = self.curve();
        let Some(column) = curve.column(measure, split) else {
            return;
        };
        let num_columns = curve.columns.len();
        if curve.epochs.len() < epoch {
            curve.epochs.resize(epoch, vec![None; num_columns]);
        }
        curve.epochs[epoch - 1][column] = Some(value);
    }

    /// Writes down an epoch, all of whose values were recorded.
    pub fn end_epoch(&self, epoch: usize) {
        let mut curve = self.curve();
        curve.ended = epoch;
        curve.write_row(epoch);
    }

    /// Says why there are no more values.
    pub fn fail(&self, reason: String) {
        self.curve().failure = Some(reason);
    }

    /// Why there are no more values, if the device failed.
    pub fn failure(&self) -> Option<String> {
        self.curve().failure.clone()
    }

    fn curve(&self) -> MutexGuard<'_, Curve> {
        // A panic elsewhere leaves numbers behind that are as good as before.
        self.curve.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Curve {
    fn column(&self, measure: Measure, split: &Split) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns.position(|(other, of)| *other == measure && of == split)
    }

    fn value(&self, measure: Measure, split: &Split, epoch: usize) -> Option<f64> {
        let column = self.column(measure, split)?;
        self.epochs.get(epoch.checked_sub(1)?)?[column]
    }

    fn write_row(&mut self, epoch: usize) {
        let mut row = epoch.to_string();
        let values = self.epochs.get(epoch - 1);
        for (column, (measure, _)) in self.columns.iter().enumerate() {
            let value = values.and_then(|values| values[column]).unwrap_or(f64::NAN);
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
