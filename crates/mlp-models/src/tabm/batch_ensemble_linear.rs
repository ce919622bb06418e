use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Distribution, Tensor};

use super::ensemble_linear::{bound, uniform};
use crate::drawn::drawn;
#[cfg(feature = "flex")]
use crate::flex::scale_members;

/// A linear layer whose weights the members of an ensemble share, while each has its own scale of every
/// input and output ([Wen et al. 2020](https://arxiv.org/abs/2002.06715)).
///
/// ```text
/// yₖ = ((xₖ ⊙ rₖ)·W) ⊙ sₖ + bₖ
/// ```
#[derive(Module, Debug)]
pub struct BatchEnsembleLinear {
    /// The weights: `[d_input, d_output]`.
    pub weight: Param<Tensor<2>>,
    /// The scales `r` of each member's inputs: `[num_members, d_input]`.
    pub input_scales: Param<Tensor<2>>,
    /// The scales `s` of each member's outputs: `[num_members, d_output]`.
    pub output_scales: Param<Tensor<2>>,
    /// The biases of each member: `[num_members, d_output]`.
    pub bias: Param<Tensor<2>>,
}

impl BatchEnsembleLinear {
    /// Weights and biases are drawn from `U(−r, r)` with `r = 1 / √d_input`, and the biases are the same for
    /// all members. Scales start at 1.
    pub fn new(num_members: usize, d_input: usize, d_output: usize, device: &Device) -> Self {
        let uniform = uniform(d_input);
        let weight = uniform.init([d_input, d_output], device);
        let shape = [num_members, d_output];
        let bias = drawn(shape, device, move |[num_members, d_output], device| {
            let bound = bound(d_input);
            let uniform = Distribution::Uniform(-bound, bound);
            Tensor::random([1, d_output], uniform, device).repeat_dim(0, num_members)
        });
        Self {
            weight,
            input_scales: Initializer::Ones.init([num_members, d_input], device),
            output_scales: Initializer::Ones.init([num_members, d_output], device),
            bias,
        }
    }

    /// Applies the layer of each member to its rows.
    ///
    /// # Shapes
    ///
    /// - input: `[num_members · batch_size, d_input]`, one member's rows after another's
    /// - output: `[num_members · batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let product = scaled(input, self.input_scales.val()).matmul(self.weight.val());
        let [num_rows, d_output] = product.dims();
        let bias = self.bias.val();
        let [num_members, _] = bias.dims();
        let output = scaled(product, self.output_scales.val());
        let output = output.reshape([num_members, num_rows / num_members, d_output]);
        (output + bias.unsqueeze_dim(1)).reshape([num_rows, d_output])
    }
}

/// Each member's rows times its scales.
///
/// # Shapes
///
/// - input: `[num_members · batch_size, width]`, one member's rows after another's
/// - scales: `[num_members, width]`
/// - output: `[num_members · batch_size, width]`
pub(super) fn scaled(input: Tensor<2>, scales: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(output) = scale_members(&input, scales.clone(), false) {
        return output;
    }
    let [num_rows, width] = input.dims();
    let [num_members, _] = scales.dims();
    let of_members = input.reshape([num_members, num_rows / num_members, width]);
    (of_members * scales.unsqueeze_dim(1)).reshape([num_rows, width])
}
