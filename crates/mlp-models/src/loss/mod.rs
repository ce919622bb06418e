//! What a network should learn.

mod perceptron_criterion;
mod pinball;
mod softmax_cross_entropy;
mod weighted;

use burn::module::Module;
use burn::nn::loss::{
    BinaryCrossEntropyLoss, BinaryCrossEntropyLossConfig, HuberLoss, HuberLossConfig, LpLoss,
    LpLossConfig, MseLoss, Reduction,
};
use burn::tensor::{Device, Gradients, Int, Tensor};

use crate::InvalidConfig;
pub use perceptron_criterion::PerceptronCriterion;
pub use pinball::PinballLoss;
pub use softmax_cross_entropy::SoftmaxCrossEntropy;

/// Names a loss; [`init`](Self::init) makes the [module](Loss).
#[derive(Clone, Debug, PartialEq)]
pub enum LossConfig {
    /// `mean((y − t)²)`.
    MeanSquaredError,
    /// `mean(|y − t|)`: less moved by outliers than the squared error.
    MeanAbsoluteError,
    /// `mean(½e² if |e| ≤ δ, else δ(|e| − ½δ))` with `e = y − t`: squared near zero, absolute far
    /// from it ([Huber 1964](https://doi.org/10.1214/aoms/1177703732)).
    Huber {
        /// Where the squared part ends, above 0.
        delta: f32,
    },
    /// `mean(max(q·(t − y), (q − 1)·(t − y)))`: the least at a [quantile](PinballLoss).
    Pinball {
        /// The quantile `q`, in (0, 1).
        quantile: f64,
    },
    /// `−Σ_c t_c·ln softmax(z)_c`, averaged over the rows.
    CrossEntropy {
        /// A weight above 0 for each class; the mean is then weighted by each row's class.
        class_weights: Option<Vec<f32>>,
        /// The share, in `[0, 1)`, of each target that is spread evenly over all classes
        /// ([Szegedy et al. 2016](https://arxiv.org/abs/1512.00567)).
        label_smoothing: f32,
    },
    /// `−t·ln σ(z) − (1 − t)·ln(1 − σ(z))`, averaged over rows and units: each unit is a yes or
    /// no of its own.
    BinaryCrossEntropy {
        /// The share, in `[0, 1)`, of each target that is spread evenly over yes and no.
        label_smoothing: f32,
    },
    /// The [perceptron criterion](PerceptronCriterion).
    PerceptronCriterion,
}

impl LossConfig {
    /// Checks the loss's own parameters.
    ///
    /// # Errors
    ///
    /// Names the first parameter that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        match self {
            Self::Huber { delta } if !(delta.is_finite() && *delta > 0.0) => {
                Err(InvalidConfig::new("huber_delta", delta, "above 0"))
            }
            Self::Pinball { quantile } if !(*quantile > 0.0 && *quantile < 1.0) => {
                Err(InvalidConfig::new("quantile", quantile, "in (0, 1)"))
            }
            Self::CrossEntropy {
                label_smoothing, ..
            }
            | Self::BinaryCrossEntropy { label_smoothing }
                if !(0.0..1.0).contains(label_smoothing) =>
            {
                Err(InvalidConfig::new(
                    "label_smoothing",
                    label_smoothing,
                    "in [0, 1)",
                ))
            }
            Self::CrossEntropy {
                class_weights: Some(weights),
                ..
            } if !weights
                .iter()
                .all(|&weight| weight.is_finite() && weight > 0.0) =>
            {
                Err(InvalidConfig::new(
                    "class_weights",
                    format!("{weights:?}"),
                    "all above 0",
                ))
            }
            _ => Ok(()),
        }
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Loss {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        match self {
            Self::MeanSquaredError => Loss::MeanSquaredError(MseLoss::new()),
            Self::MeanAbsoluteError => Loss::MeanAbsoluteError(LpLossConfig::l1()),
            Self::Huber { delta } => Loss::Huber(HuberLossConfig::new(*delta).init()),
            Self::Pinball { quantile } => Loss::Pinball(PinballLoss {
                quantile: *quantile,
            }),
            Self::CrossEntropy {
                class_weights,
                label_smoothing,
            } => Loss::CrossEntropy(SoftmaxCrossEntropy {
                class_weights: class_weights
                    .as_deref()
                    .map(|weights| Tensor::from_floats(weights, device)),
                label_smoothing: *label_smoothing,
            }),
            Self::BinaryCrossEntropy { label_smoothing } => Loss::BinaryCrossEntropy(
                BinaryCrossEntropyLossConfig::new()
                    .with_logits(true)
                    .with_smoothing(Some(*label_smoothing).filter(|&share| share > 0.0))
                    .init(device),
            ),
            Self::PerceptronCriterion => Loss::PerceptronCriterion(PerceptronCriterion::new()),
        }
    }
}

/// What the outputs of a batch should have been.
#[derive(Clone, Debug)]
pub enum Targets {
    /// The class of each row, from 0, of shape `[batch_size]`.
    Classes(Tensor<1, Int>),
    /// The numbers of each row, of shape `[batch_size, d_output]`.
    Numbers(Tensor<2>),
}

impl Targets {
    /// The targets as numbers, one column for each output.
    ///
    /// Classes become one-hot rows. With a single output, which tells two classes apart, they
    /// become one column of 0 and 1.
    fn into_numbers(self, d_output: usize) -> Tensor<2> {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Classes(classes) if d_output == 1 => classes.float().unsqueeze_dim(1),
            Self::Classes(classes) => classes.one_hot::<2>(d_output).float(),
        }
    }

    /// The targets as classes, for the loss that has one output for each.
    fn into_classes(self, d_output: usize) -> Tensor<1, Int> {
        match self {
            Self::Classes(classes) if d_output > 1 => classes,
            Self::Classes(_) => panic!("cross-entropy needs one output for each class"),
            Self::Numbers(_) => panic!("cross-entropy needs classes for targets"),
        }
    }

    /// As [`into_numbers`](Self::into_numbers), but classes become −1 and +1.
    fn into_signs(self, d_output: usize) -> Tensor<2> {
        match self {
            Self::Numbers(numbers) => numbers,
            classes @ Self::Classes(_) => classes.into_numbers(d_output) * 2.0 - 1.0,
        }
    }
}

/// A loss as a module, made by [`LossConfig::init`]. Formulas stand there.
///
/// Losses take what [`Network::forward`](crate::Network::forward) returns: logits for the
/// cross-entropies, outputs as they are for the others. Classes serve every loss:
///
/// | loss | several outputs | one output, two classes |
/// |---|---|---|
/// | cross-entropy | class indices | (needs one output for each class) |
/// | binary cross-entropy | one-hot 0 and 1 | 0 and 1 |
/// | squared, absolute, Huber, pinball | one-hot 0 and 1 | −1 and +1, as Widrow and Hoff have it |
/// | perceptron criterion | −1 and +1, one class against the rest | −1 and +1 |
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::{LossConfig, Targets};
///
/// let device = Device::flex();
/// let loss = LossConfig::MeanSquaredError.init(&device);
/// let output = Tensor::from_floats([[1.0], [4.0]], &device);
/// let targets = Targets::Numbers(Tensor::from_floats([[0.0], [1.0]], &device));
/// // ((1 − 0)² + (4 − 1)²) / 2
/// assert_eq!(loss.forward(output, targets).into_scalar::<f32>(), 5.0);
/// ```
#[derive(Module, Debug)]
#[allow(missing_docs)] // Each variant is described at `LossConfig`.
pub enum Loss {
    MeanSquaredError(MseLoss),
    MeanAbsoluteError(LpLoss),
    Huber(HuberLoss),
    Pinball(PinballLoss),
    CrossEntropy(SoftmaxCrossEntropy),
    BinaryCrossEntropy(BinaryCrossEntropyLoss),
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
    /// If a cross-entropy is given numbers for targets, or the cross-entropy a single output.
    pub fn forward(&self, output: Tensor<2>, targets: Targets) -> Tensor<1> {
        let [_, d_output] = output.dims();
        match self {
            Self::MeanSquaredError(loss) => loss.forward(
                output,
                regression_targets(targets, d_output),
                Reduction::Mean,
            ),
            Self::MeanAbsoluteError(loss) => loss.forward(
                output,
                regression_targets(targets, d_output),
                Reduction::Mean,
            ),
            Self::Huber(loss) => loss.forward(
                output,
                regression_targets(targets, d_output),
                Reduction::Mean,
            ),
            Self::Pinball(loss) => {
                let targets = regression_targets(targets, d_output);
                loss.forward_no_reduction(output, targets).mean()
            }
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
                Targets::Numbers(_) => panic!("binary cross-entropy needs classes for targets"),
            },
            Self::PerceptronCriterion(criterion) => {
                criterion.forward(output, targets.into_signs(d_output))
            }
        }
    }
}

impl Loss {
    /// The mean loss of a batch, off autodiff, and the gradients of all that led to the output: what
    /// [`forward`](Self::forward), or with weights [`forward_weighted`](Self::forward_weighted), and a
    /// backward pass from there give. The cross-entropy knows its gradient, and autodiff has less to
    /// record.
    ///
    /// # Shapes
    ///
    /// - output: `[batch_size, d_output]`, under autodiff
    /// - targets: classes `[batch_size]`, or numbers `[batch_size, d_output]`
    /// - weights: `[batch_size]`, 0 or more
    /// - returns: `[1]`
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward), and if the output depends on nothing that has a gradient.
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
            // A backward pass begins with ones, whatever the shape.
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

/// Targets for the losses that measure a distance.
fn regression_targets(targets: Targets, d_output: usize) -> Tensor<2> {
    if d_output == 1 {
        targets.into_signs(1)
    } else {
        targets.into_numbers(d_output)
    }
}
