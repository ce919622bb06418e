//! Losses row by row, so that rows can count more or less than others.

use burn::tensor::Tensor;

use super::{Loss, Targets, regression_targets};

impl Loss {
    /// The mean loss of a batch in which rows have weights: `Σ wᵢ·ℓᵢ / Σ wᵢ`.
    ///
    /// With whole numbers for weights it is the [loss](Self::forward) of a batch that holds each
    /// row as often.
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
    /// As [`forward`](Self::forward).
    pub fn forward_weighted(
        &self,
        output: Tensor<2>,
        targets: Targets,
        weights: Tensor<1>,
    ) -> Tensor<1> {
        let [_, d_output] = output.dims();
        let (losses, weights) = match self {
            Self::CrossEntropy(loss) => {
                let classes = targets.into_classes(d_output);
                return loss.forward(output, classes, Some(weights));
            }
            Self::BinaryCrossEntropy(loss) => {
                let smoothing = loss.smoothing.unwrap_or(0.0);
                let targets = targets.into_numbers(d_output) * (1.0 - smoothing) + smoothing / 2.0;
                // max(z, 0) − z·t + ln(1 + e^−|z|), which overflows for no z.
                let magnitude = output.clone().abs();
                let losses = output.clone().clamp_min(0.0) - output * targets
                    + (magnitude.neg().exp() + 1.0).log();
                (losses.mean_dim(1), weights)
            }
            Self::PerceptronCriterion(criterion) => {
                let losses = criterion.forward_no_reduction(output, targets.into_signs(d_output));
                (losses.sum_dim(1), weights)
            }
            distance => {
                let targets = regression_targets(targets, d_output);
                (distance.distances(output, targets).mean_dim(1), weights)
            }
        };
        let total = (losses.squeeze_dim::<1>(1) * weights.clone()).sum();
        total / weights.sum().clamp_min(f32::MIN_POSITIVE)
    }
}

impl Loss {
    /// How far each output is from its target, for the losses that measure a distance.
    fn distances(&self, output: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
        match self {
            Self::MeanSquaredError(loss) => loss.forward_no_reduction(output, targets),
            Self::MeanAbsoluteError(loss) => loss.forward_no_reduction(output, targets),
            Self::Huber(loss) => loss.forward_no_reduction(output, targets),
            Self::Pinball(loss) => loss.forward_no_reduction(output, targets),
            Self::CrossEntropy(_) | Self::BinaryCrossEntropy(_) | Self::PerceptronCriterion(_) => {
                unreachable!("it measures no distance")
            }
        }
    }
}
