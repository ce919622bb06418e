use burn::tensor::Tensor;
use mlp_datasets::{ExampleTargets, Examples, Preprocessor};

use crate::divergence::ExtremeColumn;

/// Scaled numbers are around 1. Beyond this, a square of one is more than single precision can add to the
/// others.
const EXTREME: f64 = 1e6;

/// The numbers of examples, among which the cause of a divergence is looked for.
pub struct ExtremeNumbers {
    features: Tensor<2>,
    targets: Option<Tensor<2>>,
}

impl ExtremeNumbers {
    /// Those of examples, which share them.
    pub fn of(examples: &Examples) -> Self {
        Self {
            features: examples.features.clone(),
            targets: match &examples.targets {
                ExampleTargets::Numbers(numbers) => Some(numbers.clone()),
                ExampleTargets::Classes(_) => None,
            },
        }
    }

    /// The column with the largest number, if that is extreme.
    pub fn find(&self, preprocessor: &Preprocessor) -> Option<ExtremeColumn> {
        let numbers = preprocessor.input_spec().numbers;
        let inputs = numbers.into_iter().map(|column| (column.feature, false));
        let targets = preprocessor.target.names().into_iter();
        let targets = targets.map(|name| (name, true));
        let of_inputs = largest(&self.features).into_iter().zip(inputs);
        let of_targets = self.targets.as_ref().map(largest).unwrap_or_default();
        let all = of_inputs.chain(of_targets.into_iter().zip(targets));
        // A number that is not finite is larger than any other.
        let (largest, (name, is_target)) = all.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
        (largest.is_nan() || largest > EXTREME).then_some(ExtremeColumn {
            name,
            is_target,
            largest,
        })
    }
}

/// The largest number of each column, without sign.
fn largest(numbers: &Tensor<2>) -> Vec<f64> {
    let [rows, columns] = numbers.dims();
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    let largest = numbers.clone().abs().max_dim(0);
    largest.into_data().iter().collect()
}
