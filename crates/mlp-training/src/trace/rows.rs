use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use mlp_datasets::{EncodedTarget, Preprocessor, Table, category_tensor};
use mlp_models::Network;
use mlp_models::loss::LossConfig;

use super::layers::read;
use super::{Trace, TracedTarget};
use crate::Error;

impl Trace {
    /// Goes through a network with some rows of a table, one after the other.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of), and if the table is not one that the network was trained on: its columns are
    /// others, or a row has an unknown class.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn of_rows(
        network: &Network,
        loss: &LossConfig,
        preprocessor: &Preprocessor,
        table: &Table,
        rows: &[usize],
    ) -> Result<Vec<Self>, Error> {
        let device = network.devices().into_iter().next().unwrap_or_default();
        let inputs = preprocessor.transform(table, rows)?;
        let numbers = TensorData::new(inputs.numbers, [rows.len(), preprocessor.width()]);
        let num_embeddings = preprocessor.cardinalities().len();
        let categories = category_tensor(inputs.categories, num_embeddings, &device);
        let inputs = network.inputs(Tensor::from_data(numbers, &device), categories);
        let [_, d_input] = inputs.dims();
        let inputs = read(inputs)?;
        let targets = targets(preprocessor, table, rows)?;
        let rows = inputs.chunks(d_input).zip(&targets);
        rows.map(|(inputs, target)| Self::of(network, loss, inputs, target))
            .collect()
    }
}

/// What the outputs of each row should be.
fn targets(
    preprocessor: &Preprocessor,
    table: &Table,
    rows: &[usize],
) -> Result<Vec<TracedTarget>, Error> {
    Ok(match preprocessor.encode_target(table, rows)? {
        EncodedTarget::Classes(classes) => {
            let classes = classes.into_iter();
            classes.map(TracedTarget::Class).collect()
        }
        EncodedTarget::Numbers(numbers) => {
            let rows = numbers.chunks(preprocessor.target.names().len());
            let of_row = |row: &[f32]| row.iter().map(|number| f64::from(*number)).collect();
            rows.map(|row| TracedTarget::Numbers(of_row(row))).collect()
        }
    })
}
