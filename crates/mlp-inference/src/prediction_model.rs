use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::arrow_schema::{DataType, Field};
use mlp_datasets::{Inputs, Preprocessor, Table, Target, UnseenValues, category_tensor};
use mlp_models::{Network, NetworkConfig};

use crate::error::Error;
use crate::metrics::Evaluation;
use crate::output::OutputKind;
use crate::predictions::{Numbers, PredictedValues};
use crate::rows::ROWS_AT_ONCE;

/// A model that predicts classes or numbers.
pub struct PredictionModel<'a> {
    pub network: &'a Network,
    pub config: &'a NetworkConfig,
    pub output: OutputKind,
    pub preprocessor: &'a Preprocessor,
    pub class_names: &'a Arc<[String]>,
    pub device: &'a Device,
}

impl PredictionModel<'_> {
    /// Predicts the given rows of a table, and collects the values not seen in training.
    pub fn predict(
        &self,
        table: &Table,
        rows: &[usize],
    ) -> Result<(PredictedValues, Vec<UnseenValues>), Error> {
        let mut outputs = Vec::with_capacity(rows.len() * self.config.d_output());
        let mut unseen_values = Vec::new();
        for rows in rows.chunks(ROWS_AT_ONCE) {
            let mut inputs = self.preprocessor.transform(table, rows)?;
            for unseen in std::mem::take(&mut inputs.unseen_values) {
                unseen.add_to(&mut unseen_values);
            }
            outputs.extend(self.outputs(inputs, rows.len())?);
        }
        Ok((self.interpret(outputs), unseen_values))
    }

    /// The outputs of the network for rows of inputs, row by row.
    fn outputs(&self, inputs: Inputs, num_rows: usize) -> Result<Vec<f32>, Error> {
        let shape = [num_rows, self.config.inputs.d_numbers];
        let numbers = Tensor::from_data(TensorData::new(inputs.numbers, shape), self.device);
        let num_embeddings = self.config.cardinalities().len();
        let categories = category_tensor(inputs.categories, num_embeddings, self.device);
        let of_members = self.network.forward(numbers, categories);
        let num_members = self.config.num_members();
        let outputs = self.output.combine_members(of_members, num_members);
        Ok(outputs.try_into_vec_as()?)
    }

    /// The classes or the numbers that outputs stand for.
    fn interpret(&self, outputs: Vec<f32>) -> PredictedValues {
        let d_output = self.config.d_output();
        match self.output {
            OutputKind::Softmax | OutputKind::Sigmoid | OutputKind::Scores => {
                let names = self.class_names.clone();
                PredictedValues::Classes(self.output.classify(&outputs, d_output, names))
            }
            OutputKind::Numbers => {
                let target = &self.preprocessor.target;
                let values = outputs.iter().enumerate();
                let values = values.map(|(i, &value)| target.restore(value, i % d_output));
                PredictedValues::Numbers(Numbers {
                    values: values.collect(),
                    num_outputs: d_output,
                })
            }
        }
    }
}

/// Compares predictions of rows of a table with its target. Rows count by the weights of the table, if
/// it has any.
pub fn evaluate(
    predicted: PredictedValues,
    preprocessor: &Preprocessor,
    quantile: f64,
    table: &Table,
    rows: &[usize],
) -> Result<Evaluation, Error> {
    let of_rows = |weights: &[f32]| rows.iter().map(|&row| weights[row]).collect::<Vec<_>>();
    let weights = table.weights().map(of_rows);
    let weights = weights.as_deref();
    match (predicted, table.target()) {
        (PredictedValues::Classes(predicted), Some(target)) => {
            let labels = preprocessor.target.encode_known(target, rows)?;
            Ok(Evaluation::of_classes(&predicted, &labels, weights))
        }
        // In the units of the data, not in those that were learned.
        (PredictedValues::Numbers(predicted), Some(Target::Numbers { names, values })) => {
            // Checks that there are as many targets as the model predicts.
            preprocessor.encode_target(table, rows)?;
            let of_row = |&row: &usize| &values[row * names.len()..][..names.len()];
            let targets: Vec<f64> = rows.iter().flat_map(of_row).copied().collect();
            Ok(Evaluation::of_numbers(
                &predicted, &targets, quantile, weights,
            ))
        }
        _ => {
            preprocessor.encode_target(table, rows)?;
            unreachable!("a target that does not suit the predictions was not encoded")
        }
    }
}

/// The columns of predictions.
pub fn columns(preprocessor: &Preprocessor, has_probabilities: bool) -> Vec<Field> {
    // Where an output is not finite, there is no prediction.
    let field = |name: &str, data_type| Field::new(name, data_type, true);
    let target = &preprocessor.target;
    match (target.classes(), target.names().as_slice()) {
        (Some(classes), _) => {
            let mut fields = vec![field("prediction", DataType::Utf8)];
            if has_probabilities {
                let names = classes.iter().map(|class| format!("probability_{class}"));
                fields.extend(names.map(|name| field(&name, DataType::Float64)));
            }
            fields
        }
        (None, [_]) => vec![field("prediction", DataType::Float64)],
        (None, names) => {
            let names = names.iter().map(|name| format!("prediction_{name}"));
            names.map(|name| field(&name, DataType::Float64)).collect()
        }
    }
}
