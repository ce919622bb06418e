//! Fully connected layers.

use burn::nn::{Dropout, Linear};
use burn::tensor::Tensor;

use crate::activation::Activation;
#[cfg(feature = "flex")]
use crate::flex::{self, Epilogue, Function, Mask, layer};

/// `f(x·W + b)`, as a single operation if the feature `flex` is on and the tensors belong to flex.
///
/// # Shapes
///
/// - input: `[batch_size, d_input]`
/// - output: `[batch_size, d_output]`
pub fn dense(linear: &Linear, activation: &Activation, input: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(function) = function(activation)
        && let Some(bias) = &linear.bias
        && let Some(output) = layer(&input, linear.weight.val(), bias.val(), function)
    {
        return output;
    }
    activation.forward(affine(linear, input))
}

/// `dropout(f(x·W + b))`, as a single operation if the same conditions hold and the activation is relu.
///
/// # Shapes
///
/// As for [`dense`].
pub fn dense_with_dropout(
    linear: &Linear,
    activation: &Activation,
    dropout: &Dropout,
    input: Tensor<2>,
) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if matches!(activation, Activation::Relu(_))
        && let Some(bias) = &linear.bias
        && let Some(mask) = mask(dropout, &input)
    {
        let epilogue = Epilogue {
            scale: 1.0,
            function: Function::Relu,
            dropout: Some(mask),
        };
        if let Some(output) = layer(&input, linear.weight.val(), bias.val(), epilogue) {
            return output;
        }
    }
    drop_out(dropout, dense(linear, activation, input))
}

/// Applies dropout, as a single operation if the feature `flex` is on and the tensor belongs to flex.
///
/// # Shapes
///
/// - input and output: `[batch_size, width]`
pub fn drop_out(dropout: &Dropout, input: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(mask) = mask(dropout, &input)
        && let Some(output) = flex::dropout(&input, mask)
    {
        return output;
    }
    dropout.forward(input)
}

/// Draws which elements of a tensor of flex are dropped, if some are: under the same conditions as in Burn's
/// own dropout.
#[cfg(feature = "flex")]
pub fn mask(dropout: &Dropout, input: &Tensor<2>) -> Option<Mask> {
    let is_active = dropout.prob > 0.0 && dropout.training.is_enabled() && input.is_autodiff();
    // On a GPU, to draw a key is to wait for it.
    let is_drawn = is_active && flex::is_of_flex(input);
    is_drawn.then(|| Mask::draw(dropout.prob, &input.device()))
}

/// `x·W + b`, as a single operation under the same conditions as [`dense`].
///
/// # Shapes
///
/// As for [`dense`].
pub fn affine(linear: &Linear, input: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(bias) = &linear.bias
        && let Some(output) = layer(&input, linear.weight.val(), bias.val(), Function::Identity)
    {
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
