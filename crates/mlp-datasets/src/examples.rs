use std::ops::Range;

use burn::tensor::kind::Autodiff;
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::error::Error;
use crate::preprocessor::{EncodedTarget, Inputs, Preprocessor};
use crate::table::Table;

/// Preprocessed rows as tensors on a device: a part of a data set, or a batch.
///
/// ```
/// use burn::tensor::Device;
/// use mlp_datasets::{BuiltIn, Examples, LoadOptions, Preprocessor, ExampleTargets};
///
/// let xor = BuiltIn::Xor.load(&LoadOptions::default())?;
/// let preprocessor = Preprocessor::fit(&xor.table, &[0, 1, 2, 3], xor.scaling)?;
/// let examples = Examples::new(&xor.table, &[0, 1, 2, 3], &preprocessor, &Device::flex())?;
///
/// assert_eq!(examples.features.dims(), [4, 2]);
/// assert!(matches!(examples.targets, ExampleTargets::Classes(classes) if classes.dims() == [4]));
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Examples {
    /// The numbers that features give: `[num_rows, width]`. The width is 0 if all features are
    /// embedded.
    pub features: Tensor<2>,
    /// The indices of categories into their embeddings, if there are any:
    /// `[num_rows, num_embeddings]`.
    pub categories: Option<Tensor<2, Int>>,
    /// The targets, row by row.
    pub targets: ExampleTargets,
    /// The weight of each row, if rows are weighted: `[num_rows]`.
    pub weights: Option<Tensor<1>>,
}

/// The values that a network is trained to predict for [`Examples`].
#[derive(Clone, Debug)]
pub enum ExampleTargets {
    /// The indices of classes: `[num_rows]`.
    Classes(Tensor<1, Int>),
    /// Standardised numbers: `[num_rows, num_outputs]`.
    Numbers(Tensor<2>),
}

impl Examples {
    /// Preprocesses rows of a table and moves them to a device.
    ///
    /// # Errors
    ///
    /// If the table does not match the preprocessor, or no rows are given.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn new(
        table: &Table,
        rows: &[usize],
        preprocessor: &Preprocessor,
        device: &Device,
    ) -> Result<Self, Error> {
        let inputs = preprocessor.transform(table, rows)?;
        Self::of(inputs, table, rows, preprocessor, device)
    }

    /// The same for the rows that the preprocessor was fitted on, with inputs [for
    /// training](Preprocessor::transform_for_training).
    ///
    /// # Errors
    ///
    /// If the table does not match the preprocessor, or no rows are given.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn for_training(
        table: &Table,
        rows: &[usize],
        preprocessor: &Preprocessor,
        device: &Device,
    ) -> Result<Self, Error> {
        let inputs = preprocessor.transform_for_training(table, rows)?;
        Self::of(inputs, table, rows, preprocessor, device)
    }

    fn of(
        inputs: Inputs,
        table: &Table,
        rows: &[usize],
        preprocessor: &Preprocessor,
        device: &Device,
    ) -> Result<Self, Error> {
        if rows.is_empty() {
            return Err(Error::TooFewRows {
                rows: 0,
                purpose: "for examples",
            });
        }
        let Inputs {
            numbers,
            categories,
            ..
        } = inputs;
        let num_rows = rows.len();
        let numbers = TensorData::new(numbers, [num_rows, preprocessor.width()]);
        let num_embeddings = preprocessor.cardinalities().len();
        let weights = table.weights().map(|weights| {
            let weights: Vec<f32> = rows.iter().map(|&row| weights[row]).collect();
            Tensor::from_data(TensorData::new(weights, [num_rows]), device)
        });
        Ok(Self {
            features: Tensor::from_data(numbers, device),
            categories: category_tensor(categories, num_embeddings, device),
            targets: match preprocessor.encode_target(table, rows)? {
                EncodedTarget::Classes(labels) => {
                    ExampleTargets::Classes(index_tensor(labels, device))
                }
                EncodedTarget::Numbers(numbers) => {
                    let num_outputs = numbers.len() / num_rows;
                    let data = TensorData::new(numbers, [num_rows, num_outputs]);
                    ExampleTargets::Numbers(Tensor::from_data(data, device))
                }
            },
            weights,
        })
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.features.dims()[0]
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows with the given indices `[num_selected]`, in their order.
    #[must_use]
    pub fn select(&self, indices: Tensor<1, Int>) -> Self {
        Self {
            targets: match &self.targets {
                ExampleTargets::Classes(classes) => {
                    ExampleTargets::Classes(classes.clone().select(0, indices.clone()))
                }
                ExampleTargets::Numbers(numbers) => {
                    ExampleTargets::Numbers(numbers.clone().select(0, indices.clone()))
                }
            },
            categories: self
                .categories
                .as_ref()
                .map(|categories| categories.clone().select(0, indices.clone())),
            weights: self
                .weights
                .as_ref()
                .map(|weights| weights.clone().select(0, indices.clone())),
            features: select_rows(&self.features, indices),
        }
    }

    /// The rows of a range.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        Self {
            features: self.features.clone().slice([range.clone()]),
            categories: self
                .categories
                .as_ref()
                .map(|categories| categories.clone().slice([range.clone()])),
            weights: self
                .weights
                .as_ref()
                .map(|weights| weights.clone().slice([range.clone()])),
            targets: match &self.targets {
                ExampleTargets::Classes(classes) => {
                    ExampleTargets::Classes(classes.clone().slice([range]))
                }
                ExampleTargets::Numbers(numbers) => {
                    ExampleTargets::Numbers(numbers.clone().slice([range]))
                }
            },
        }
    }

    /// The same rows on a device, under autodiff if the device is.
    #[must_use]
    pub fn to_device(&self, device: &Device) -> Self {
        self.clone().moved_to(device)
    }

    pub(crate) fn moved_to(self, device: &Device) -> Self {
        Self {
            features: moved_to(self.features, device),
            categories: self
                .categories
                .map(|categories| moved_to(categories, device)),
            weights: self.weights.map(|weights| moved_to(weights, device)),
            targets: match self.targets {
                ExampleTargets::Classes(classes) => {
                    ExampleTargets::Classes(moved_to(classes, device))
                }
                ExampleTargets::Numbers(numbers) => {
                    ExampleTargets::Numbers(moved_to(numbers, device))
                }
            },
        }
    }
}

/// Moves a tensor, to autodiff or from it as well. Burn's `to_device` does not change whether a tensor
/// is under autodiff, but layers such as dropout tell from their input whether they are trained.
fn moved_to<const D: usize, K: Autodiff>(tensor: Tensor<D, K>, device: &Device) -> Tensor<D, K> {
    let tensor = tensor.without_autodiff();
    if device.is_autodiff() {
        // Only a tensor that is created on a device has all of its settings, such as gradient
        // checkpointing, and tensors with different settings cannot be combined.
        Tensor::from_data(tensor.into_data(), device)
    } else {
        tensor.to_device(device)
    }
}

/// The rows of a matrix, which may have no columns: kernels of some backends do not run on empty
/// tensors.
fn select_rows(matrix: &Tensor<2>, indices: Tensor<1, Int>) -> Tensor<2> {
    let [_, num_columns] = matrix.dims();
    if num_columns == 0 {
        // As with `select`, the settings of autodiff are those of the indices.
        return Tensor::empty([indices.dims()[0], 0], &indices.device());
    }
    matrix.clone().select(0, indices)
}

/// A tensor of indices.
pub(crate) fn index_tensor(indices: Vec<usize>, device: &Device) -> Tensor<1, Int> {
    let indices: Vec<i64> = indices
        .into_iter()
        .map(|index| i64::try_from(index).expect("indices of rows in memory fit"))
        .collect();
    let shape = [indices.len()];
    Tensor::from_data(TensorData::new(indices, shape), device)
}

/// The indices of categories into their embeddings as a tensor `[num_rows, num_embeddings]`, if there
/// are embeddings.
pub fn category_tensor(
    categories: Vec<u32>,
    num_embeddings: usize,
    device: &Device,
) -> Option<Tensor<2, Int>> {
    if num_embeddings == 0 {
        return None;
    }
    let indices: Vec<i64> = categories.into_iter().map(i64::from).collect();
    let shape = [indices.len() / num_embeddings, num_embeddings];
    Some(Tensor::from_data(TensorData::new(indices, shape), device))
}

#[cfg(test)]
mod tests;
