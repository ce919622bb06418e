use mlp_datasets::Table;
use mlp_inference::SavedModel;
use serde::Serialize;

use crate::error::Error;
use crate::predicted::Predicted;
use crate::quantity::{Quantity, outputs};

/// The rows that an explanation compares with: what is attributed to the columns of a row is the
/// difference between its prediction and that for these rows. Usually they are the training rows.
#[derive(Clone, Copy, Debug)]
pub struct Background<'a> {
    /// Their table.
    pub table: &'a Table,
    /// Their numbers in the table, at least one.
    pub rows: &'a [usize],
}

/// Why a model predicts what it does for a row: what each column adds to the prediction.
///
/// ```text
/// prediction = baseline + Σ contributions + gap
/// ```
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The row of the table, from 0.
    pub row: usize,
    /// The class or the target that is explained.
    pub output: String,
    /// What is explained of it.
    pub quantity: Quantity,
    /// The prediction for the row: the probability or score of the class, or the number.
    pub prediction: f64,
    /// The prediction where the explanation begins.
    pub baseline: f64,
    /// What each column adds, in the order of the model's features.
    pub columns: Vec<ColumnContribution>,
    /// What is missing of the difference: `prediction − baseline − Σ contributions`. Integrated gradients
    /// have a gap if they take too few steps, Shapley values only that of rounding.
    pub gap: f64,
}

/// What a column adds to a prediction.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct ColumnContribution {
    /// The column of the table.
    pub column: String,
    /// What it adds, in the units of the prediction.
    pub contribution: f64,
    /// The standard error of a sampled contribution: how much another seed would change it. `None` if it
    /// is not sampled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard_error: Option<f64>,
}

impl Attribution {
    pub(crate) fn new(
        explained: &Explained,
        baseline: f64,
        columns: Vec<ColumnContribution>,
    ) -> Self {
        let sum: f64 = columns.iter().map(|column| column.contribution).sum();
        Self {
            row: explained.row,
            output: explained.output.clone(),
            quantity: explained.quantity,
            prediction: explained.prediction,
            baseline,
            columns,
            gap: explained.prediction - baseline - sum,
        }
    }

    /// The columns, those that add or take away most first.
    pub fn strongest(&self) -> Vec<&ColumnContribution> {
        let mut columns: Vec<_> = self.columns.iter().collect();
        columns.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        columns
    }
}

/// What is to be explained of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The row of the table.
    pub row: usize,
    /// The index of the class or of the target.
    pub index: usize,
    /// Its name.
    pub output: String,
    pub quantity: Quantity,
    pub prediction: f64,
}

impl Explained {
    /// The class of a name, or the predicted class of each row; the target of a name, or the first one.
    ///
    /// # Errors
    ///
    /// If the model has no such class or target, or a prediction is not finite.
    pub fn of_rows(
        model: &SavedModel,
        rows: &[usize],
        predicted: &Predicted,
        output: Option<&str>,
    ) -> Result<Vec<Self>, Error> {
        let names = outputs(model);
        let chosen = match output {
            None => None,
            Some(output) => {
                let position = names.iter().position(|name| name == output);
                Some(position.ok_or_else(|| Error::UnknownOutput {
                    output: output.to_owned(),
                    known: names.clone(),
                })?)
            }
        };
        let of_row = |(index, &row): (usize, &usize)| {
            let label = match predicted.labels.get(index) {
                Some(label) => label.ok_or(Error::NotFinite { row })?,
                None => 0,
            };
            let output = chosen.unwrap_or(label);
            let prediction = predicted.of_row(index)[output];
            if !prediction.is_finite() {
                return Err(Error::NotFinite { row });
            }
            Ok(Self {
                row,
                index: output,
                output: names[output].clone(),
                quantity: Quantity::of(model),
                prediction,
            })
        };
        rows.iter().enumerate().map(of_row).collect()
    }
}
