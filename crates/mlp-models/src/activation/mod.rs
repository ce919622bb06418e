//! Activation functions: what a neuron computes from its net input.

mod step;

use burn::module::Module;
use burn::nn;
use burn::nn::activation::{
    Elu, EluConfig, Gelu, LeakyRelu, LeakyReluConfig, Mish, Relu, Selu, SiLU, Sigmoid, Softplus,
    SoftplusConfig, Tanh,
};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

pub use step::Step;

/// Names an activation function; [`init`](Self::init) creates the [module](Activation).
///
/// In text (configuration files, command lines) the names are in snake case: `leaky_relu`. With
/// [`strum::VariantArray`] in scope, `ActivationConfig::VARIANTS` lists all of them.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::activation::ActivationConfig;
///
/// let tanh: ActivationConfig = "tanh".parse()?;
/// let output = tanh.init().forward(Tensor::<1>::zeros([3], &Device::flex()));
/// assert_eq!(output.into_data().try_to_vec::<f32>().unwrap(), [0.0, 0.0, 0.0]);
/// # Ok::<(), strum::ParseError>(())
/// ```
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum ActivationConfig {
    /// Heaviside step, `1 if x ≥ 0, else 0`. Range {0, 1}. Its derivative is 0 wherever it exists,
    /// so backpropagation uses a [surrogate](Step); gradients through it are biased.
    Step,
    /// `σ(x) = 1 / (1 + e⁻ˣ)`. Range (0, 1). Derivative `σ(x)(1 − σ(x))`, at most 1/4.
    ///
    /// Saturates on both sides: for `|x| > 5` the derivative is below 0.007, and each layer
    /// multiplies the gradient by at most 1/4, so it vanishes in deep stacks. Outputs are never
    /// centred on zero.
    Sigmoid,
    /// `tanh(x)`. Range (−1, 1). Derivative `1 − tanh²(x)`, at most 1.
    ///
    /// Centred on zero, but saturates like the sigmoid: for `|x| > 3` the derivative is below
    /// 0.01.
    Tanh,
    /// `max(0, x)`. Range [0, ∞). Derivative 0 for `x < 0`, 1 for `x > 0`.
    ///
    /// Does not saturate above zero. A unit whose net input is negative for every row receives no
    /// gradient and stays dead; a large learning rate or bias can cause this.
    Relu,
    /// `x if x ≥ 0, else 0.01·x`. Range ℝ. Derivative 1 or 0.01: no unit dies, at the cost
    /// of a kink and no saturation at all.
    LeakyRelu,
    /// `x if x > 0, else eˣ − 1`. Range (−1, ∞). Derivative 1 or `eˣ`: smooth at zero, saturates
    /// below it ([Clevert et al. 2016](https://arxiv.org/abs/1511.07289)).
    Elu,
    /// `λx if x > 0, else λα(eˣ − 1)`, `λ ≈ 1.0507`, `α ≈ 1.6733`. Range (−λα, ∞) ≈ (−1.758, ∞).
    /// Derivative `λ` or `λα·eˣ`.
    ///
    /// Keeps mean 0 and variance 1 from layer to layer, but only with LeCun-normal weights, no
    /// normalisation layer and standardised inputs ([Klambauer et al.
    /// 2017](https://arxiv.org/abs/1706.02515)).
    Selu,
    /// `x·Φ(x)` with the normal distribution function `Φ`. Range [≈ −0.170, ∞). Derivative
    /// `Φ(x) + x·φ(x)`. Not monotone: slightly negative inputs are pushed back up ([Hendrycks and
    /// Gimpel 2016](https://arxiv.org/abs/1606.08415)).
    Gelu,
    /// `x·σ(x)`, also called swish. Range [≈ −0.278, ∞). Derivative `σ(x)(1 + x(1 − σ(x)))`. Not
    /// monotone ([Elfwing et al. 2018](https://arxiv.org/abs/1702.03118)).
    Silu,
    /// `x·tanh(softplus(x))`. Range [≈ −0.309, ∞). Derivative `tanh(s) + x·(1 − tanh²(s))·σ(x)`
    /// with `s = softplus(x)`. Not monotone, and the most expensive to compute ([Misra
    /// 2019](https://arxiv.org/abs/1908.08681)).
    Mish,
    /// `ln(1 + eˣ)`. Range (0, ∞). Derivative `σ(x)`: a smooth relu that is never exactly zero, so
    /// outputs are neither sparse nor centred.
    Softplus,
    /// `x`. Range ℝ. Derivative 1. Hidden layers with it collapse into one linear map.
    Identity,
}

impl ActivationConfig {
    /// Initializes the module.
    pub fn init(self) -> Activation {
        match self {
            Self::Step => Activation::Step(Step::new()),
            Self::Sigmoid => Activation::Sigmoid(Sigmoid::new()),
            Self::Tanh => Activation::Tanh(Tanh::new()),
            Self::Relu => Activation::Relu(Relu::new()),
            Self::LeakyRelu => Activation::LeakyRelu(LeakyReluConfig::new().init()),
            Self::Elu => Activation::Elu(EluConfig::new().init()),
            Self::Selu => Activation::Selu(Selu::new()),
            Self::Gelu => Activation::Gelu(Gelu::new()),
            Self::Silu => Activation::Silu(SiLU::new()),
            Self::Mish => Activation::Mish(Mish::new()),
            Self::Softplus => Activation::Softplus(SoftplusConfig::new().init()),
            Self::Identity => Activation::Identity(nn::Identity::new()),
        }
    }

    /// The weight initializer for a hidden layer with this activation, chosen to keep the variance
    /// of the layer's output close to that of its input.
    ///
    /// - relu and its relatives: Kaiming ([He et al. 2015](https://arxiv.org/abs/1502.01852)), gain
    ///   √2;
    /// - selu: `LeCun` normal, variance `1 / d_input`;
    /// - the others: Xavier ([Glorot and Bengio
    ///   2010](https://proceedings.mlr.press/v9/glorot10a.html)).
    pub fn initializer(self) -> nn::Initializer {
        match self {
            Self::Relu
            | Self::LeakyRelu
            | Self::Elu
            | Self::Gelu
            | Self::Silu
            | Self::Mish
            | Self::Softplus => nn::Initializer::KaimingUniform {
                gain: core::f64::consts::SQRT_2,
                fan_out_only: false,
            },
            Self::Selu => nn::Initializer::KaimingNormal {
                gain: 1.0,
                fan_out_only: false,
            },
            Self::Step | Self::Sigmoid | Self::Tanh | Self::Identity => {
                nn::Initializer::XavierUniform { gain: 1.0 }
            }
        }
    }
}

/// An activation function as a module, created by [`ActivationConfig::init`].
///
/// All functions except [`Step`] are Burn's own. [`ActivationConfig`] documents their formulas and
/// ranges.
#[derive(Module, Debug)]
#[allow(missing_docs)] // Each variant is described at `ActivationConfig`.
pub enum Activation {
    Step(Step),
    Sigmoid(Sigmoid),
    Tanh(Tanh),
    Relu(Relu),
    LeakyRelu(LeakyRelu),
    Elu(Elu),
    Selu(Selu),
    Gelu(Gelu),
    Silu(SiLU),
    Mish(Mish),
    Softplus(Softplus),
    Identity(nn::Identity),
}

impl Activation {
    /// Applies the function to each element.
    ///
    /// # Shapes
    ///
    /// - input: `[..., any]`
    /// - output: `[..., any]`
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Step(step) => step.forward(input),
            Self::Sigmoid(sigmoid) => sigmoid.forward(input),
            Self::Tanh(tanh) => tanh.forward(input),
            Self::Relu(relu) => relu.forward(input),
            Self::LeakyRelu(leaky_relu) => leaky_relu.forward(input),
            Self::Elu(elu) => elu.forward(input),
            Self::Selu(selu) => selu.forward(input),
            Self::Gelu(gelu) => gelu.forward(input),
            Self::Silu(silu) => silu.forward(input),
            Self::Mish(mish) => mish.forward(input),
            Self::Softplus(softplus) => softplus.forward(input),
            Self::Identity(identity) => identity.forward(input),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_parsing_and_serde_agree_on_every_name() {
        for &activation in ActivationConfig::VARIANTS {
            let name = activation.to_string();
            assert_eq!(name.parse(), Ok(activation));
            let json = serde_json::to_string(&activation).unwrap();
            assert_eq!(json, format!("\"{name}\""));
        }
    }

    #[test]
    fn names_are_in_snake_case() {
        assert_eq!(ActivationConfig::LeakyRelu.to_string(), "leaky_relu");
        assert_eq!(ActivationConfig::Silu.to_string(), "silu");
        assert!("LeakyRelu".parse::<ActivationConfig>().is_err());
    }
}
