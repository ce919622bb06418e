use mlp_datasets::{Split, Table, Target, TargetEncoding};
use mlp_inference::{PredictedValues, SavedModel};
use mlp_models::loss::LossKind;

use crate::Error;

/// A model whose predictions have the mean of the target in the rows that it learned from, if it is to predict means: the
/// power of a mean of logarithms is below that of the numbers.
pub fn with_corrected_means(
    mut model: SavedModel,
    loss: LossKind,
    table: &Table,
    split: &Split,
) -> Result<SavedModel, Error> {
    let TargetEncoding::Numbers { outputs } = &model.preprocessor().target else {
        return Ok(model);
    };
    let are_linear = outputs.iter().all(|output| output.log_factor.is_none());
    // A quantile of logarithms is the logarithm of the quantile.
    if are_linear || loss != LossKind::MeanSquaredError {
        return Ok(model);
    }
    let rows = split.learned();
    let (PredictedValues::Numbers(predicted), Some(Target::Numbers { values, .. })) =
        (model.predict_rows(table, &rows)?.values, table.target())
    else {
        return Ok(model);
    };
    let num_outputs = predicted.num_outputs;
    for output in 0..num_outputs {
        let (mut of_rows, mut of_predictions) = (0.0, 0.0);
        for (number, &row) in rows.iter().enumerate() {
            let weight = table.weight(row);
            of_rows += weight * values[row * num_outputs + output];
            of_predictions += weight * predicted.of_row(number)[output];
        }
        model = model.with_corrected_mean(output, of_rows / of_predictions);
    }
    Ok(model)
}
