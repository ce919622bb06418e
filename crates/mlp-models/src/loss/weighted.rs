//! The mean loss of a batch whose rows have different weights.

use burn::tensor::Tensor;

use super::{Loss, Targets};

impl Loss {
    /// The weighted mean loss of a batch: `Σ wᵢ·ℓᵢ / Σ wᵢ`.
    ///
    /// With integer weights it equals the [loss](Self::forward) of a batch in which each row is
    /// repeated that many times.
    ///
    /// # Shapes
    ///
    /// - output: `[batch_size, d_output]`
    /// - targets: classes `[batch_size]`, or numbers `[batch_size, d_output]`
    /// - weights: `[batch_size]`, 0 or more; if all are 0, so is the loss
    /// - returns: `[1]`
    ///
    /// # Panics
    ///
    /// Like [`forward`](Self::forward).
    pub fn forward_weighted(
        &self,
        output: Tensor<2>,
        targets: Targets,
        weights: Tensor<1>,
    ) -> Tensor<1> {
        let [_, d_output] = output.dims();
        // One column with the loss of each row.
        let losses = match self {
            Self::CrossEntropy(loss) => {
                let classes = targets.into_classes(d_output);
                return loss.forward(output, classes, Some(weights));
            }
            Self::BinaryCrossEntropy(loss) => {
                let smoothing = loss.smoothing.unwrap_or(0.0);
                let targets = targets.into_numbers(d_output) * (1.0 - smoothing) + smoothing / 2.0;
                // max(z, 0) − z·t + ln(1 + e^−|z|), which does not overflow for any z.
                let magnitude = output.clone().abs();
                let losses = output.clone().clamp_min(0.0) - output * targets
                    + (magnitude.neg().exp() + 1.0).log();
                losses.mean_dim(1)
            }
            Self::MeanSquaredError(loss) => {
                let targets = targets.into_distance_targets(d_output);
                loss.forward_no_reduction(output, targets).mean_dim(1)
            }
            Self::MeanAbsoluteError(loss) => {
                let targets = targets.into_distance_targets(d_output);
                loss.forward_no_reduction(output, targets).mean_dim(1)
            }
            Self::Huber(loss) => {
                let targets = targets.into_distance_targets(d_output);
                loss.forward_no_reduction(output, targets).mean_dim(1)
            }
            Self::Pinball(loss) => {
                let targets = targets.into_distance_targets(d_output);
                loss.forward_no_reduction(output, targets).mean_dim(1)
            }
            Self::PerceptronCriterion(criterion) => {
                let targets = targets.into_signs(d_output);
                criterion.forward_no_reduction(output, targets).sum_dim(1)
            }
        };
        let total = (losses.squeeze_dim::<1>(1) * weights.clone()).sum();
        total / weights.sum().clamp_min(f32::MIN_POSITIVE)
    }
}
