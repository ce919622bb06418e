use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mlp_datasets::SplitName;
use mlp_inference::Metric;

use crate::Error;
use crate::progress::{EpochSummary, Measure};

/// The learning curve: what is measured of each epoch, kept in memory and, if it has a file, written
/// there epoch by epoch.
///
/// Clones share the curve, so that one can be given to the [`Recorder`](super::Recorder) and another
/// be kept.
#[derive(Clone)]
pub struct History {
    curve: Arc<Mutex<Curve>>,
}

struct Curve {
    columns: Vec<(Measure, SplitName)>,
    /// The values of each epoch, from the first on, in the order of the columns.
    epochs: Vec<Vec<Option<f64>>>,
    /// How many epochs have ended.
    ended: usize,
    failure: Option<String>,
    file: Option<BufWriter<File>>,
}

impl History {
    /// Starts a curve of the given columns, in a CSV file if one is given.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn create(path: Option<&Path>, columns: Vec<(Measure, SplitName)>) -> Result<Self, Error> {
        let file = match path {
            Some(path) => Some(create_file(path, &columns)?),
            None => None,
        };
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

    /// The value of a measure in an epoch, from 1; for accuracies a share in `[0, 1]`.
    pub fn value(&self, measure: Measure, rows: SplitName, epoch: usize) -> Option<f64> {
        self.curve().value(measure, rows, epoch)
    }

    /// Records the value of a measure in an epoch, from 1, if it is a column of the curve.
    pub fn record(&self, measure: Measure, rows: SplitName, epoch: usize, value: f64) {
        let mut curve = self.curve();
        let Some(column) = curve.column(measure, rows) else {
            return;
        };
        let num_columns = curve.columns.len();
        if curve.epochs.len() < epoch {
            curve.epochs.resize(epoch, vec![None; num_columns]);
        }
        curve.epochs[epoch - 1][column] = Some(value);
    }

    /// Ends an epoch, all of whose values were recorded: what it came to, and of how many epochs it
    /// is one.
    pub fn end_epoch(&self, epoch: usize, num_epochs: usize) -> EpochSummary {
        let mut curve = self.curve();
        curve.ended = epoch;
        curve.write_row(epoch);
        let values = curve.epochs.get(epoch - 1);
        let columns = curve.columns.iter().zip(values.into_iter().flatten());
        EpochSummary {
            epoch,
            num_epochs,
            values: columns
                .filter_map(|((measure, rows), value)| Some((*measure, *rows, (*value)?)))
                .collect(),
        }
    }

    /// Remembers why there are no more values.
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

fn create_file(path: &Path, columns: &[(Measure, SplitName)]) -> Result<BufWriter<File>, Error> {
    let header = columns.iter().map(|(measure, rows)| match measure {
        Measure::Loss => format!(",{rows}_loss"),
        Measure::Accuracy => format!(",{rows}_accuracy"),
        Measure::LearningRate => ",learning_rate".to_owned(),
        // The accuracy of each epoch has that name already.
        Measure::Metric(Metric::Accuracy) => format!(",{rows}_selected_accuracy"),
        Measure::Metric(metric) => format!(",{rows}_{metric}"),
    });
    let create = || {
        let mut file = BufWriter::new(File::create(path)?);
        writeln!(file, "epoch{}", header.collect::<String>())?;
        Ok(file)
    };
    create().map_err(|source| Error::Io {
        action: "write",
        path: path.to_owned(),
        source,
    })
}

impl Curve {
    fn column(&self, measure: Measure, rows: SplitName) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns.position(|column| *column == (measure, rows))
    }

    fn value(&self, measure: Measure, rows: SplitName, epoch: usize) -> Option<f64> {
        let column = self.column(measure, rows)?;
        self.epochs.get(epoch.checked_sub(1)?)?[column]
    }

    fn write_row(&mut self, epoch: usize) {
        let Some(file) = &mut self.file else {
            return;
        };
        let mut row = epoch.to_string();
        let values = self.epochs.get(epoch - 1);
        for column in 0..self.columns.len() {
            let value = values.and_then(|values| values[column]).unwrap_or(f64::NAN);
            row.push(',');
            row.push_str(&value.to_string());
        }
        // A curve that can no longer be written is no reason to lose the training.
        let _ = writeln!(file, "{row}").and_then(|()| file.flush());
    }
}
