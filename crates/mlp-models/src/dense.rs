//! Fully connected layers.

use burn::nn::Linear;
use burn::tensor::Tensor;

use crate::activation::Activation;
#[cfg(feature = "flex")]
use crate::flex::{Function, layer};

/// `f(x·W + b)`, as a single operation if the feature `flex` is on and the tensors belong to flex.
///
/// # Shapes
///
/// - input: `[batch_size, d_input]`
/// - output: `[batch_size, d_output]`
pub fn dense(linear: &Linear, activation: &Activation, input: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(function) = function(activation)
        && let Some(output) = layer(&input, linear, function)
    {
        return output;
    }
    activation.forward(affine(linear, input))
}

/// `x·W + b`, as a single operation under the same conditions.
///
/// # Shapes
///
/// As for [`dense`].
pub fn affine(linear: &Linear, input: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(output) = layer(&input, linear, Function::Identity) {
        return output;
    }
    linear.forward(input)
}

/// The function that computes an activation inside the operation, if there is one.
#[cfg(feature = "flex")]
fn function(activation: &Activation) -> Option<Function> {
    match activation {
        Activation::Identity(_) => Some(Function::Identity),
        Activation::Relu(_) => Some(Function::Relu),
        Activation::Sigmoid(_) => Some(Function::Sigmoid),
        Activation::Tanh(_) => Some(Function::Tanh),
        // Left to Burn: a `Function` needs a derivative that is cheap to compute from its value.
        Activation::Step(_)
        | Activation::LeakyRelu(_)
        | Activation::Elu(_)
        | Activation::Selu(_)
        | Activation::Gelu(_)
        | Activation::Silu(_)
        | Activation::Mish(_)
        | Activation::Softplus(_) => None,
    }
}
