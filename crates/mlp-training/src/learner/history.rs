use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mlp_datasets::SplitName;
use mlp_inference::whole_file;
use serde::{Deserialize, Serialize};

use crate::progress::{EpochSummary, Measure};

/// The learning curve: what is measured of each epoch, kept in memory and, if it has a file, written
/// there epoch by epoch. A file that cannot be written is no reason to lose the training.
///
/// Clones share the curve, so that one can be given to the [`Recorder`](super::Recorder) and another
/// be kept.
#[derive(Clone)]
pub struct History {
    curve: Arc<Mutex<Curve>>,
}

/// The values of an epoch in the order of the columns, as bits: JSON has no NaN.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Values(Vec<Option<u64>>);

struct Curve {
    columns: Vec<(Measure, SplitName)>,
    /// The values of each epoch, from the first on, in the order of the columns.
    epochs: Vec<Vec<Option<f64>>>,
    /// How many epochs have ended.
    ended: usize,
    /// The first step of the current epoch, from 1, whose loss is not finite.
    not_finite: Option<usize>,
    failure: Option<String>,
    file: Option<BufWriter<File>>,
    /// Why the file cannot be written, until somebody asks.
    warning: Option<String>,
}

impl History {
    /// Starts a curve of the given columns, in a CSV file if one is given, after epochs that are over.
    pub fn create(
        path: Option<&Path>,
        columns: Vec<(Measure, SplitName)>,
        before: Vec<Values>,
    ) -> Self {
        let of_epoch = |Values(bits)| bits.iter().map(|bits| bits.map(f64::from_bits)).collect();
        let mut curve = Curve {
            columns,
            ended: before.len(),
            epochs: before.into_iter().map(of_epoch).collect(),
            not_finite: None,
            failure: None,
            file: None,
            warning: None,
        };
        if let Some(path) = path {
            curve.create_file(path);
        }
        Self {
            curve: Arc::new(Mutex::new(curve)),
        }
    }

    /// The values of all epochs that are over.
    pub fn values(&self) -> Vec<Values> {
        let curve = self.curve();
        let ended = curve.epochs.iter().take(curve.ended);
        let bits = ended.map(|values| values.iter().map(|value| value.map(f64::to_bits)));
        bits.map(|bits| Values(bits.collect())).collect()
    }

    /// Why the file of the curve cannot be written, if that has happened since the last question.
    pub fn take_warning(&self) -> Option<String> {
        self.curve().warning.take()
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
        curve.summary(epoch, num_epochs)
    }

    /// What the epochs that are over came to, which are the first of so many.
    pub fn summaries(&self, num_epochs: usize) -> Vec<EpochSummary> {
        let curve = self.curve();
        let epochs = 1..=curve.ended;
        epochs
            .map(|epoch| curve.summary(epoch, num_epochs))
            .collect()
    }

    /// Remembers that the loss of a training step of this epoch, from 1, is not finite.
    pub fn lose(&self, batch: usize) {
        self.curve().not_finite.get_or_insert(batch);
    }

    /// The first training step, from 1, whose loss was not finite.
    pub fn lost(&self) -> Option<usize> {
        self.curve().not_finite
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

impl Curve {
    fn create_file(&mut self, path: &Path) {
        let header = self.columns.iter();
        let header = header.map(|(measure, rows)| format!(",{}", measure.column(*rows)));
        let create = || {
            let mut file = BufWriter::new(whole_file::create(path)?);
            writeln!(file, "epoch{}", header.collect::<String>())?;
            Ok::<_, io::Error>(file)
        };
        match create() {
            Ok(file) => self.file = Some(file),
            Err(error) => {
                let path = path.display();
                self.warning = Some(format!(
                    "the learning curve `{path}` cannot be written: {error}"
                ));
            }
        }
        for epoch in 1..=self.ended {
            self.write_row(epoch);
        }
    }

    fn column(&self, measure: Measure, rows: SplitName) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns.position(|column| *column == (measure, rows))
    }

    fn value(&self, measure: Measure, rows: SplitName, epoch: usize) -> Option<f64> {
        let column = self.column(measure, rows)?;
        self.epochs.get(epoch.checked_sub(1)?)?[column]
    }

    fn summary(&self, epoch: usize, num_epochs: usize) -> EpochSummary {
        let values = self.epochs.get(epoch - 1);
        let columns = self.columns.iter().zip(values.into_iter().flatten());
        EpochSummary {
            epoch,
            num_epochs,
            values: columns
                .filter_map(|((measure, rows), value)| Some((*measure, *rows, (*value)?)))
                .collect(),
        }
    }

    fn write_row(&mut self, epoch: usize) {
        let Some(file) = &mut self.file else {
            return;
        };
        let mut row = epoch.to_string();
        let values = self.epochs.get(epoch - 1);
        for column in 0..self.columns.len() {
            let value = values
                .and_then(|values| *values.get(column)?)
                .unwrap_or(f64::NAN);
            row.push(',');
            row.push_str(&value.to_string());
        }
        if let Err(error) = writeln!(file, "{row}").and_then(|()| file.flush()) {
            self.warning = Some(format!("the learning curve cannot be written: {error}"));
            self.file = None;
        }
    }
}
