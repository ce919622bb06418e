use std::ops::Range;

use burn::tensor::kind::Autodiff;
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::{EncodedTarget, Error, Inputs, Preprocessor, Table};

/// Preprocessed rows as tensors on a device: a whole part of a data set, or a batch.
///
/// ```
/// use burn::tensor::Device;
/// use mlp_datasets::{BuiltIn, Examples, LoadOptions, Preprocessor, Targets};
///
/// let xor = BuiltIn::Xor.load(&LoadOptions::default())?;
/// let preprocessor = Preprocessor::fit(&xor.table, &[0, 1, 2, 3], xor.scaling)?;
/// let examples = Examples::new(&xor.table, &[0, 1, 2, 3], &preprocessor, &Device::flex())?;
///
/// assert_eq!(examples.features.dims(), [4, 2]);
/// assert!(matches!(examples.targets, Targets::Classes(classes) if classes.dims() == [4]));
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Examples {
    /// The numbers that features give: `[num_rows, width]`.
    pub features: Tensor<2>,
    /// The places of categories in their embeddings, if there are any:
    /// `[num_rows, num_embeddings]`.
    pub categories: Option<Tensor<2, Int>>,
    /// The targets, row by row.
    pub targets: Targets,
    /// How much each row counts, if not all alike: `[num_rows]`.
    pub weights: Option<Tensor<1>>,
}

/// What is to be predicted of [`Examples`].
#[derive(Clone, Debug)]
pub enum Targets {
    /// Classes, counted from 0: `[num_rows]`.
    Classes(Tensor<1, Int>),
    /// Standardised numbers: `[num_rows, num_outputs]`.
    Numbers(Tensor<2>),
}

impl Examples {
    /// Preprocesses rows of a table and puts them on a device.
    ///
    /// # Errors
    ///
    /// If the table does not fit the preprocessor, or no rows are given.
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
        if rows.is_empty() {
            return Err(Error::TooFewRows {
                rows: 0,
                purpose: "to make examples of",
            });
        }
        let Inputs {
            numbers,
            categories,
            ..
        } = preprocessor.transform(table, rows)?;
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
                EncodedTarget::Classes(labels) => Targets::Classes(index_tensor(labels, device)),
                EncodedTarget::Numbers(numbers) => {
                    let num_outputs = numbers.len() / num_rows;
                    let data = TensorData::new(numbers, [num_rows, num_outputs]);
                    Targets::Numbers(Tensor::from_data(data, device))
                }
            },
            weights,
        })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.features.dims()[0]
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows with the given places, in the given order.
    #[must_use]
    pub fn select(&self, indices: Tensor<1, Int>) -> Self {
        Self {
            targets: match &self.targets {
                Targets::Classes(classes) => {
                    Targets::Classes(classes.clone().select(0, indices.clone()))
                }
                Targets::Numbers(numbers) => {
                    Targets::Numbers(numbers.clone().select(0, indices.clone()))
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
            features: self.features.clone().select(0, indices),
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
                Targets::Classes(classes) => Targets::Classes(classes.clone().slice([range])),
                Targets::Numbers(numbers) => Targets::Numbers(numbers.clone().slice([range])),
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
                Targets::Classes(classes) => Targets::Classes(moved_to(classes, device)),
                Targets::Numbers(numbers) => Targets::Numbers(moved_to(numbers, device)),
            },
        }
    }
}

/// Burn's `to_device` leaves a tensor under autodiff, or not, as it was. But layers such as dropout
/// look at their input to know whether they are being trained.
fn moved_to<const D: usize, K: Autodiff>(tensor: Tensor<D, K>, device: &Device) -> Tensor<D, K> {
    let tensor = tensor.without_autodiff();
    if device.is_autodiff() {
        // Only a tensor that is made on a device takes all of its settings, such as gradient
        // checkpointing, and tensors of different settings cannot be combined.
        Tensor::from_data(tensor.into_data(), device)
    } else {
        tensor.to_device(device)
    }
}

/// A tensor of classes or places.
pub(crate) fn index_tensor(indices: Vec<usize>, device: &Device) -> Tensor<1, Int> {
    let indices: Vec<i64> = indices
        .into_iter()
        .map(|index| i64::try_from(index).expect("an index of something in memory"))
        .collect();
    let shape = [indices.len()];
    Tensor::from_data(TensorData::new(indices, shape), device)
}

/// The places of categories in their embeddings as a tensor, if there are embeddings.
pub fn category_tensor(
    categories: Vec<u32>,
    num_embeddings: usize,
    device: &Device,
) -> Option<Tensor<2, Int>> {
    if num_embeddings == 0 {
        return None;
    }
    let places: Vec<i64> = categories.into_iter().map(i64::from).collect();
    let shape = [places.len() / num_embeddings, num_embeddings];
    Some(Tensor::from_data(TensorData::new(places, shape), device))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Scaling, Target};

    /// Rows 0 to 4 with the features (i, -i), and the classes 0, 1, 0, 1, 0 or the numbers i.
    fn examples(regression: bool, device: &Device) -> Examples {
        let target = if regression {
            Target::Numbers {
                names: vec!["t".into()],
                values: vec![0.0, 1.0, 2.0, 3.0, 4.0],
            }
        } else {
            Target::Classes {
                name: "t".into(),
                labels: vec![0, 1, 0, 1, 0],
                classes: vec!["even".into(), "odd".into()],
            }
        };
        let features = [0.0, 0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0];
        let table = Table::from_rows(vec!["a".into(), "b".into()], &features, Some(target))
            .and_then(|table| table.with_weights(vec![1.0, 2.0, 3.0, 4.0, 5.0]))
            .unwrap();
        // Fitted on the numbers 1 and 3: mean 2, standard deviation 1.
        let preprocessor = Preprocessor::fit(&table, &[1, 3], Scaling::None).unwrap();
        Examples::new(&table, &[0, 1, 2, 3, 4], &preprocessor, device).unwrap()
    }

    fn features(examples: &Examples) -> Vec<f32> {
        examples.features.clone().into_data().iter().collect()
    }

    fn weights(examples: &Examples) -> Vec<f32> {
        let weights = examples.weights.clone().unwrap();
        weights.into_data().iter().collect()
    }

    fn targets(examples: &Examples) -> Vec<f32> {
        match &examples.targets {
            Targets::Classes(classes) => classes.clone().into_data().iter().collect(),
            Targets::Numbers(numbers) => numbers.clone().into_data().iter().collect(),
        }
    }

    #[test]
    fn rows_are_selected_with_their_targets() {
        let device = Device::flex();
        for (regression, expected) in [(false, [0.0, 1.0]), (true, [2.0, -1.0])] {
            let examples = examples(regression, &device);
            let two = examples.select(index_tensor(vec![4, 1], &device));
            assert_eq!(features(&two), [4.0, -4.0, 1.0, -1.0]);
            assert_eq!(weights(&two), [5.0, 2.0]);
            assert_eq!(targets(&two), expected);
        }
    }

    #[test]
    fn rows_are_sliced_with_their_targets() {
        for (regression, expected) in [(false, [1.0, 0.0]), (true, [-1.0, 0.0])] {
            let two = examples(regression, &Device::flex()).slice(1..3);
            assert_eq!(two.len(), 2);
            assert_eq!(features(&two), [1.0, -1.0, 2.0, -2.0]);
            assert_eq!(targets(&two), expected);
        }
    }

    #[test]
    fn they_move_into_autodiff_and_out_of_it() {
        let inner = Device::flex();
        let autodiff = inner.clone().autodiff();
        for device in [autodiff.clone(), autodiff.gradient_checkpointing()] {
            for regression in [false, true] {
                let there = examples(regression, &inner).to_device(&device);
                assert!(there.features.is_autodiff());
                assert_eq!(
                    there.features.gradient_checkpointing_strategy(),
                    device.gradient_checkpointing_strategy()
                );
                let back = there.to_device(&inner);
                assert!(!back.features.is_autodiff());
                for moved in [&there, &back] {
                    assert_eq!(features(moved), features(&examples(regression, &inner)));
                    assert_eq!(targets(moved), targets(&examples(regression, &inner)));
                }
            }
        }
    }

    #[test]
    fn no_rows_make_no_examples() {
        let table = Table::from_rows(
            vec!["a".into()],
            &[1.0],
            Some(Target::Numbers {
                names: vec!["y".into()],
                values: vec![1.0],
            }),
        )
        .unwrap();
        let preprocessor = Preprocessor::fit(&table, &[0], Scaling::None).unwrap();
        assert!(Examples::new(&table, &[], &preprocessor, &Device::flex()).is_err());
    }
}
