use mlp_datasets::{Dataset, Partition, Split, Table, Target};
use mlp_explanations::sampled;
use mlp_inference::{Classes, Evaluation, Numbers, PredictedValues, Predictions, SavedModel};

use crate::Error;

/// The rows by which a model is judged, with what it predicts for them.
pub struct Judged {
    /// Which rows they are.
    pub which: JudgedRows,
    /// The rows, as indices into the table.
    pub rows: Vec<usize>,
    /// How many such rows there are; the others were not predicted.
    pub all: usize,
    /// What was predicted.
    pub predictions: Predictions,
    /// How good that is.
    pub evaluation: Evaluation,
    /// For classes, the actual class of each row; `None` for one that the model does not know.
    pub labels: Vec<Option<usize>>,
    /// For numbers, the actual ones, row by row.
    pub targets: Vec<f64>,
}

/// Which rows a model is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JudgedRows {
    /// Those for testing.
    Test,
    /// Those that selected the epoch, as there are none for testing.
    Valid,
    /// Those that it was trained on, as there are no others.
    Train,
    /// Each row by the model of a fold that was not trained on it.
    OutOfFold,
    /// Those of another table than that of the training.
    Other,
}

impl JudgedRows {
    /// What the rows are called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Test => "test rows",
            Self::Valid => "validation rows",
            Self::Train => "training rows",
            Self::OutOfFold => "rows, each predicted by the model of a fold that had not seen it",
            Self::Other => "rows of another table than that of the training",
        }
    }

    /// A word for them in headings and captions.
    pub fn adjective(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Valid => "validation",
            Self::Train => "training",
            Self::OutOfFold => "out-of-fold",
            Self::Other => "other",
        }
    }
}

impl Judged {
    /// By the first of these parts that has rows, at most so many, which are drawn by the seed.
    ///
    /// # Errors
    ///
    /// If the table lacks a column, or the device fails.
    pub fn by_rows(
        model: &SavedModel,
        dataset: &Dataset,
        parts: &[(JudgedRows, &[usize])],
        (most, seed): (usize, u64),
    ) -> Result<Option<Self>, Error> {
        let Some((which, all)) = parts.iter().find(|(_, rows)| !rows.is_empty()) else {
            return Ok(None);
        };
        let rows = sampled(all, most, seed);
        let predictions = model.predict_rows(&dataset.table, &rows)?;
        let judged = (*which, rows, all.len());
        Self::of(model, &dataset.table, judged, predictions).map(Some)
    }

    /// By the test rows of a split, or others if there are none, at most so many, which are drawn by the seed.
    ///
    /// # Errors
    ///
    /// If the table lacks a column, or the device fails.
    pub fn by_split(
        model: &SavedModel,
        dataset: &Dataset,
        split: &Split,
        limit: (usize, u64),
    ) -> Result<Option<Self>, Error> {
        // Of so few rows that all serve for everything, none is new to the model.
        if matches!(dataset.partition, Partition::Whole) {
            let parts = [(JudgedRows::Train, split.train.as_slice())];
            return Self::by_rows(model, dataset, &parts, limit);
        }
        let parts = [
            (JudgedRows::Test, split.test.as_slice()),
            (JudgedRows::Valid, split.valid.as_slice()),
            (JudgedRows::Train, split.train.as_slice()),
        ];
        Self::by_rows(model, dataset, &parts, limit)
    }

    /// By the test rows of all folds, each with the model of its fold; `None` if they know different classes.
    ///
    /// # Errors
    ///
    /// If the table lacks a column, or the device fails.
    pub fn by_folds(
        folds: &[(&SavedModel, Vec<usize>)],
        dataset: &Dataset,
        (most, seed): (usize, u64),
    ) -> Result<Option<Self>, Error> {
        let Some((first, _)) = folds.first() else {
            return Ok(None);
        };
        let all = folds.iter().map(|(_, rows)| rows.len()).sum();
        let (mut rows, mut values): (Vec<usize>, Option<PredictedValues>) = (Vec::new(), None);
        for (model, tested) in folds {
            let tested = sampled(tested, most / folds.len(), seed);
            let predicted = model.predict_rows(&dataset.table, &tested)?.values;
            values = match values {
                None => Some(predicted),
                Some(before) => match before.followed_by(predicted) {
                    Some(values) => Some(values),
                    None => return Ok(None),
                },
            };
            rows.extend(tested);
        }
        let Some(values) = values else {
            return Ok(None);
        };
        let predictions = Predictions {
            values,
            unseen_values: Vec::new(),
        };
        let judged = (JudgedRows::OutOfFold, rows, all);
        Self::of(first, &dataset.table, judged, predictions).map(Some)
    }

    fn of(
        model: &SavedModel,
        table: &Table,
        (which, rows, all): (JudgedRows, Vec<usize>, usize),
        predictions: Predictions,
    ) -> Result<Self, Error> {
        let weights = table.weights();
        let weights: Option<Vec<f32>> =
            weights.map(|weights| rows.iter().map(|&row| weights[row]).collect());
        let weights = weights.as_deref();
        let target = &model.preprocessor().target;
        let (mut labels, mut targets) = (Vec::new(), Vec::new());
        let evaluation = match (&predictions.values, table.target()) {
            (PredictedValues::Classes(classes), Some(actual)) => {
                labels = target.encode_known(actual, &rows)?;
                Evaluation::of_classes(classes, &labels, weights)
            }
            (PredictedValues::Numbers(numbers), Some(Target::Numbers { names, values })) => {
                targets = actual_numbers(&rows, names.len(), values);
                let quantile = model.quantile();
                Evaluation::of_numbers(numbers, &targets, quantile, weights)
            }
            // Evaluating it tells what does not fit.
            _ => model.evaluate(table, &rows)?,
        };
        Ok(Self {
            which,
            rows,
            all,
            predictions,
            evaluation,
            labels,
            targets,
        })
    }

    /// The predicted classes, if classes are predicted.
    pub fn classes(&self) -> Option<&Classes> {
        self.predictions.classes()
    }

    /// The predicted numbers, if numbers are predicted.
    pub fn numbers(&self) -> Option<&Numbers> {
        match &self.predictions.values {
            PredictedValues::Numbers(numbers) => Some(numbers),
            PredictedValues::Classes(_) | PredictedValues::Clusters(_) => None,
        }
    }

    /// How much each row counts.
    pub fn weights(&self, table: &Table) -> Vec<f64> {
        self.rows.iter().map(|&row| table.weight(row)).collect()
    }

    /// What the figures are of, for a caption.
    pub fn described(&self) -> String {
        let all = mlp_report::count(self.all);
        if self.rows.len() < self.all {
            let rows = mlp_report::count(self.rows.len());
            format!(
                "{rows} of the {all} {}, drawn by the seed",
                self.which.name()
            )
        } else {
            format!("{all} {}", self.which.name())
        }
    }
}

fn actual_numbers(rows: &[usize], num_targets: usize, values: &[f64]) -> Vec<f64> {
    let of_row = |&row: &usize| &values[row * num_targets..][..num_targets];
    rows.iter().flat_map(of_row).copied().collect()
}
