//! Losses row by row, so that rows can count more or less than others.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

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
                let Targets::Classes(classes) = targets else {
                    panic!("cross-entropy needs classes for targets");
                };
                assert!(
                    d_output > 1,
                    "cross-entropy needs one output for each class"
                );
                let smoothing = loss.smoothing.unwrap_or(0.0);
                let mut shares = smoothed(&classes, d_output, smoothing);
                let mut weights = weights;
                let mut class_weights = None;
                if let Some(by_class) = &loss.weights {
                    let by_class = by_class.clone();
                    shares = shares * by_class.clone().unsqueeze();
                    class_weights = Some(by_class.select(0, classes));
                }
                let losses = (shares * log_softmax(output, 1)).neg().sum_dim(1);
                let losses = losses.squeeze_dim::<1>(1);
                let total = (losses * weights.clone()).sum();
                if let Some(class_weights) = class_weights {
                    weights = weights * class_weights;
                }
                return total / weights.sum().clamp_min(f32::MIN_POSITIVE);
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

/// One-hot rows of which a share is spread evenly over all classes.
fn smoothed(classes: &Tensor<1, Int>, d_output: usize, smoothing: f32) -> Tensor<2> {
    let one_hot = classes.clone().one_hot::<2>(d_output).float();
    if smoothing == 0.0 {
        return one_hot;
    }
    one_hot * (1.0 - smoothing) + smoothing / d_output as f32
}
