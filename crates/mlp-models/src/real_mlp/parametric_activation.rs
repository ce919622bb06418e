use burn::module::{Module, Param};
use burn::nn::{Dropout, Initializer};
use burn::tensor::{Device, Tensor};

use crate::activation::{Activation, ActivationConfig};
use crate::dense::drop_out;
#[cfg(feature = "flex")]
use crate::dense::mask;
#[cfg(feature = "flex")]
use crate::flex::{Blend, blend};

/// An activation that each unit blends with the identity, by a weight that is learned
/// ([Holzmüller et al. 2024](https://arxiv.org/abs/2407.04491)).
///
/// ```text
/// y = x + a·(f(x) − x)
/// ```
///
/// With `a = 1`, where it starts, this is the activation `f`; with `a = 0`, the unit is linear.
#[derive(Module, Debug)]
pub struct ParametricActivation {
    /// The weight `a` of each unit: `[num_units]`.
    pub weight: Param<Tensor<1>>,
    /// The activation `f`.
    pub activation: Activation,
}

impl ParametricActivation {
    /// For a layer of so many units. Weights start at 1.
    pub fn new(activation: ActivationConfig, num_units: usize, device: &Device) -> Self {
        Self {
            weight: Initializer::Ones.init([num_units], device),
            activation: activation.init(),
        }
    }

    /// Applies the activation.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, num_units]`
    /// - output: `[batch_size, num_units]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        #[cfg(feature = "flex")]
        if let Some(function) = blend_of(&self.activation)
            && let Some(output) = blend(&input, self.weight.val(), function, None)
        {
            return output;
        }
        let weight = self.weight.val().unsqueeze::<2>();
        let change = self.activation.forward(input.clone()) - input.clone();
        input + change * weight
    }

    /// Applies the activation, and dropout to its output.
    ///
    /// # Shapes
    ///
    /// As for [`forward`](Self::forward).
    pub fn forward_with_dropout(&self, input: Tensor<2>, dropout: &Dropout) -> Tensor<2> {
        #[cfg(feature = "flex")]
        if let Some(function) = blend_of(&self.activation)
            && let Some(mask) = mask(dropout, &input)
            && let Some(output) = blend(&input, self.weight.val(), function, Some(mask))
        {
            return output;
        }
        drop_out(dropout, self.forward(input))
    }
}

/// The function that computes an activation as part of a single operation, if there is one.
#[cfg(feature = "flex")]
fn blend_of(activation: &Activation) -> Option<Blend> {
    match activation {
        Activation::Selu(_) => Some(Blend::Selu),
        Activation::Mish(_) => Some(Blend::Mish),
        Activation::Step(_)
        | Activation::Sigmoid(_)
        | Activation::Tanh(_)
        | Activation::Relu(_)
        | Activation::LeakyRelu(_)
        | Activation::Elu(_)
        | Activation::Gelu(_)
        | Activation::Silu(_)
        | Activation::Softplus(_)
        | Activation::Identity(_) => None,
    }
}
