//! Layers whose units take all inputs.

use burn::nn::Linear;
use burn::tensor::Tensor;

use crate::Activation;
#[cfg(feature = "flex")]
use crate::flex::{Function, layer};

/// `f(x·W + b)`, in one operation where the feature `flex` is there and the tensors are those of flex.
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

/// `x·W + b`, likewise.
pub fn affine(linear: &Linear, input: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(output) = layer(&input, linear, Function::Identity) {
        return output;
    }
    linear.forward(input)
}

#[cfg(feature = "flex")]
fn function(activation: &Activation) -> Option<Function> {
    match activation {
        Activation::Identity(_) => Some(Function::Identity),
        Activation::Relu(_) => Some(Function::Relu),
        Activation::Sigmoid(_) => Some(Function::Sigmoid),
        Activation::Tanh(_) => Some(Function::Tanh),
        _ => None,
    }
}
