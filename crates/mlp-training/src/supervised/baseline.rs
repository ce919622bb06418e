use mlp_datasets::{Preprocessor, Split, Table, Target};
use mlp_inference::{ClassBaseline, Evaluation, NumberBaseline};

use crate::{Error, SupervisedTraining};

/// How good it is to predict the same for every test row: the most frequent class of the training rows,
/// or their mean, or the quantile that the model predicts. `None` without test rows.
pub fn evaluate_baseline(
    preprocessor: &Preprocessor,
    table: &Table,
    split: &Split,
    settings: &SupervisedTraining,
) -> Result<Option<Evaluation>, Error> {
    let (Some(target), false) = (table.target(), split.test.is_empty()) else {
        return Ok(None);
    };
    let weights = |rows: &[usize]| {
        let weights = table.weights()?;
        Some(rows.iter().map(|&row| weights[row]).collect::<Vec<f32>>())
    };
    let (of_train, of_test) = (weights(&split.train), weights(&split.test));
    let (of_train, of_test) = (of_train.as_deref(), of_test.as_deref());
    Ok(match target {
        Target::Classes { .. } => {
            let labels = |rows| preprocessor.target.encode_known(target, rows);
            let names = preprocessor.classes().unwrap_or_default().into();
            let baseline = ClassBaseline::fit(names, &labels(&split.train)?, of_train);
            let labels = labels(&split.test)?;
            baseline.map(|baseline| baseline.evaluate(&labels, of_test))
        }
        Target::Numbers { names, values } => {
            let numbers = |rows: &[usize]| -> Vec<f64> {
                let of_row = |&row: &usize| &values[row * names.len()..][..names.len()];
                rows.iter().flat_map(of_row).copied().collect()
            };
            let of_rows = numbers(&split.train);
            let baseline = match settings.predicted_quantile() {
                Some(quantile) => {
                    NumberBaseline::fit_quantile(&of_rows, names.len(), quantile, of_train)
                }
                None => NumberBaseline::fit(&of_rows, names.len(), of_train),
            };
            let (tested, quantile) = (numbers(&split.test), settings.quantile);
            baseline.map(|baseline| baseline.evaluate(&tested, quantile, of_test))
        }
    })
}
