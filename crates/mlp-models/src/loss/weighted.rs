//! The weighted loss of a batch whose rows have different weights.

use burn::tensor::Tensor;

use super::{Loss, Targets};

impl Loss {
    /// The mean of the weighted losses of a batch: `Σ wᵢ·ℓᵢ / n` for `n` rows.
    ///
    /// The divisor is the number of rows and not the sum of their weights, which differs from batch
    /// to batch: divided by its own weights, a batch with a heavy row would make no larger step than
    /// one without, and the smaller the batches, the less would the heavy rows count. Give weights whose
    /// mean over all training rows is 1, and the loss has the scale of an unweighted one. Of all rows
    /// in one batch, it is then the weighted mean `Σ wᵢ·ℓᵢ / Σ wᵢ`, and with integer weights it equals
    /// the [loss](Self::forward) of a batch in which each row is repeated that many times.
    ///
    /// # Shapes
    ///
    /// - output: `[batch_size, d_output]`
    /// - targets: classes `[batch_size]`, or numbers `[batch_size, d_output]`
    /// - weights: `[batch_size]`, 0 or more
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
        (losses.squeeze_dim::<1>(1) * weights).mean()
    }
}
