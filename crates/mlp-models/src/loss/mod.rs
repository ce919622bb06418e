//! Losses: what a network learns to minimise.

mod config;
mod huber;
mod perceptron_criterion;
mod pinball;
mod softmax_cross_entropy;
mod targets;
mod weighted;

use burn::module::Module;
use burn::nn::loss::{BinaryCrossEntropyLoss, LpLoss, MseLoss, Reduction};
use burn::tensor::{Gradients, Tensor};

pub use config::{LossConfig, LossKind};
pub use huber::HuberLoss;
pub use perceptron_criterion::PerceptronCriterion;
pub use pinball::PinballLoss;
pub use softmax_cross_entropy::SoftmaxCrossEntropy;
pub use targets::Targets;

/// A loss as a module, created by [`LossConfig::init`], which documents the formulas.
///
/// Losses receive what [`Network::forward`](crate::Network::forward) returns: logits for the
/// cross-entropies, unchanged outputs for the others. Every loss accepts classes, which it converts:
///
/// | loss | several outputs | one output, two classes |
/// |---|---|---|
/// | cross-entropy | class indices | (needs one output per class) |
/// | binary cross-entropy | one-hot 0 and 1 | 0 and 1 |
/// | squared, absolute, Huber, pinball | one-hot 0 and 1 | −1 and +1, as in Widrow and Hoff's rule |
/// | perceptron criterion | −1 and +1, one class against the rest | −1 and +1 |
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::loss::{LossConfig, Targets};
///
/// let device = Device::flex();
/// let loss = LossConfig::MeanSquaredError.init(&device);
/// let output = Tensor::from_floats([[1.0], [4.0]], &device);
/// let targets = Targets::Numbers(Tensor::from_floats([[0.0], [1.0]], &device));
/// // ((1 − 0)² + (4 − 1)²) / 2
/// assert_eq!(loss.forward(output, targets).into_scalar::<f32>(), 5.0);
/// ```
#[derive(Module, Debug)]
#[allow(missing_docs)] // Each variant is documented at `LossConfig`.
#[allow(clippy::large_enum_variant)] // A program has only a few losses.
pub enum Loss {
    CrossEntropy(SoftmaxCrossEntropy),
    BinaryCrossEntropy(BinaryCrossEntropyLoss),
    MeanSquaredError(MseLoss),
    MeanAbsoluteError(LpLoss),
    Huber(HuberLoss),
    Pinball(PinballLoss),
    PerceptronCriterion(PerceptronCriterion),
}

impl Loss {
    /// The mean loss of a batch.
    ///
    /// # Shapes
    ///
    /// - output: `[batch_size, d_output]`
    /// - targets: classes `[batch_size]`, or numbers `[batch_size, d_output]`
    /// - returns: `[1]`
    ///
    /// # Panics
    ///
    /// If a cross-entropy is given numbers as targets, or the softmax cross-entropy a single output.
    pub fn forward(&self, output: Tensor<2>, targets: Targets) -> Tensor<1> {
        let [_, d_output] = output.dims();
        match self {
            Self::CrossEntropy(loss) => {
                let classes = targets.into_classes(d_output);
                loss.forward(output, classes, None)
            }
            Self::BinaryCrossEntropy(loss) => match targets {
                // Flattened, since Burn spreads the smoothed share of a matrix over its columns.
                Targets::Classes(classes) if d_output == 1 => {
                    loss.forward(output.flatten::<1>(0, 1), classes)
                }
                Targets::Classes(classes) => loss.forward(
                    output.flatten::<1>(0, 1),
                    classes.one_hot::<2>(d_output).flatten::<1>(0, 1),
                ),
                Targets::Numbers(_) => panic!("binary cross-entropy needs classes as targets"),
            },
            Self::MeanSquaredError(loss) => {
                let targets = targets.into_distance_targets(d_output);
                loss.forward(output, targets, Reduction::Mean)
            }
            Self::MeanAbsoluteError(loss) => {
                let targets = targets.into_distance_targets(d_output);
                loss.forward(output, targets, Reduction::Mean)
            }
            Self::Huber(loss) => {
                let targets = targets.into_distance_targets(d_output);
                loss.forward_no_reduction(output, targets).mean()
            }
            Self::Pinball(loss) => {
                let targets = targets.into_distance_targets(d_output);
                loss.forward_no_reduction(output, targets).mean()
            }
            Self::PerceptronCriterion(criterion) => {
                criterion.forward(output, targets.into_signs(d_output))
            }
        }
    }

    /// The mean loss of a batch, detached from autodiff, and the gradients of everything that led to
    /// the output.
    ///
    /// The result equals that of [`forward`](Self::forward), or of
    /// [`forward_weighted`](Self::forward_weighted) if there are weights, followed by a backward pass.
    /// For the softmax cross-entropy, whose gradient is known in closed form, autodiff has fewer
    /// operations to record.
    ///
    /// # Shapes
    ///
    /// - output: `[batch_size, d_output]`, on an autodiff device
    /// - targets: classes `[batch_size]`, or numbers `[batch_size, d_output]`
    /// - weights: `[batch_size]`, 0 or more
    /// - returns: `[1]`
    ///
    /// # Panics
    ///
    /// Like [`forward`](Self::forward), and if the output depends on nothing that has a gradient.
    pub fn backward(
        &self,
        output: Tensor<2>,
        targets: Targets,
        weights: Option<Tensor<1>>,
    ) -> (Tensor<1>, Gradients) {
        if let Self::CrossEntropy(loss) = self {
            let [_, d_output] = output.dims();
            let classes = targets.into_classes(d_output);
            let (value, gradient) = loss.with_gradient(output.clone(), classes, weights);
            // A backward pass starts from ones, whatever the shape.
            return (value, (output * gradient).backward());
        }
        let loss = match weights {
            None => self.forward(output, targets),
            Some(weights) => self.forward_weighted(output, targets, weights),
        };
        let gradients = loss.backward();
        (loss.without_autodiff(), gradients)
    }
}
