use burn::module::Module;
use burn::tensor::{Device, Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::InvalidConfig;
use crate::embedding::{NumericalEmbedding, NumericalEmbeddingConfig};

/// Configuration of [`NumericalInputs`].
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct NumericalInputsConfig {
    /// The indices of the numbers that are embedded, ascending. The others, such as the inputs of a
    /// one-hot encoding, are passed on.
    pub columns: Vec<usize>,
    /// How they are embedded.
    pub embedding: NumericalEmbeddingConfig,
}

impl NumericalInputsConfig {
    /// Checks that the configuration fits rows of `d_numbers` numbers.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self, d_numbers: usize) -> Result<(), InvalidConfig> {
        self.embedding.check()?;
        let columns = &self.columns;
        let is_ascending = columns.windows(2).all(|pair| pair[0] < pair[1]);
        let is_within = columns.last().is_some_and(|&last| last < d_numbers);
        if !is_ascending || !is_within || columns.len() != self.embedding.num_features() {
            return Err(InvalidConfig::new(
                "numerical.columns",
                format!("{columns:?}"),
                "the ascending indices of as many numbers as the embedding has features",
            ));
        }
        Ok(())
    }

    /// The width of the output for rows of `d_numbers` numbers; about `usize::MAX` if it is larger.
    pub fn d_output(&self, d_numbers: usize) -> usize {
        let num_embedded = self.columns.len();
        let vectors = num_embedded.saturating_mul(self.embedding.d_embedding());
        vectors.saturating_add(d_numbers) - num_embedded
    }

    /// Initializes the module on a device, for rows of `d_numbers` numbers.
    pub(crate) fn init(&self, d_numbers: usize, device: &Device) -> NumericalInputs {
        let is_embedded = |column: &usize| self.columns.binary_search(column).is_ok();
        NumericalInputs {
            embedding: self.embedding.init(device),
            columns: self.columns.clone(),
            others: (0..d_numbers)
                .filter(|column| !is_embedded(column))
                .collect(),
        }
    }
}

/// The numbers of a row, some of them embedded.
///
/// ```text
/// y = [embedding(the embedded numbers), the other numbers]
/// ```
#[derive(Module, Debug)]
pub struct NumericalInputs {
    /// The embedding.
    pub embedding: NumericalEmbedding,
    /// The indices of the embedded numbers.
    #[module(skip)]
    columns: Vec<usize>,
    /// The indices of the other numbers.
    #[module(skip)]
    others: Vec<usize>,
}

impl NumericalInputs {
    /// Embeds the numbers of a batch of rows.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, d_numbers]`
    /// - output: `[batch_size, num_embedded · d_embedding + num_others]`
    pub fn forward(&self, numbers: Tensor<2>) -> Tensor<2> {
        if self.others.is_empty() {
            return self.embedding.forward(numbers);
        }
        let vectors = self
            .embedding
            .forward(select(numbers.clone(), &self.columns));
        Tensor::cat(vec![vectors, select(numbers, &self.others)], 1)
    }
}

/// Some columns of a matrix, in ascending order.
fn select(matrix: Tensor<2>, columns: &[usize]) -> Tensor<2> {
    let (first, last) = (columns[0], columns[columns.len() - 1]);
    if last - first + 1 == columns.len() {
        return matrix.narrow(1, first, columns.len());
    }
    #[expect(clippy::cast_possible_wrap)] // Far fewer than 2^63.
    let indices: Vec<i64> = columns.iter().map(|&column| column as i64).collect();
    let indices = Tensor::<1, Int>::from_data(indices.as_slice(), &matrix.device());
    matrix.select(1, indices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedding::PbldEmbeddingConfig;

    fn config(columns: &[usize]) -> NumericalInputsConfig {
        NumericalInputsConfig {
            columns: columns.to_vec(),
            embedding: NumericalEmbeddingConfig::Pbld(PbldEmbeddingConfig::new(columns.len())),
        }
    }

    #[test]
    fn embedded_numbers_come_first_and_the_others_are_passed_on() {
        let device = Device::flex();
        let inputs = config(&[1, 3]).init(4, &device);
        let output = inputs.forward(Tensor::from_floats([[1.0, 2.0, 3.0, 4.0]], &device));

        let output = output.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(output.len(), config(&[1, 3]).d_output(4));
        // The last number of each vector of four is the embedded number itself.
        assert_eq!([output[3], output[7]], [2.0, 4.0]);
        assert_eq!(output[8..], [1.0, 3.0]);
    }

    #[test]
    fn columns_that_are_not_there_are_rejected() {
        assert!(config(&[0, 2]).check(3).is_ok());
        for columns in [vec![0, 3], vec![1, 1], vec![2, 0]] {
            assert_eq!(
                config(&columns).check(3).unwrap_err().field,
                "numerical.columns"
            );
        }
        let mut one_too_few = config(&[0, 1]);
        one_too_few.columns.pop();
        assert!(one_too_few.check(3).is_err());
    }
}
