use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor};

#[cfg(feature = "flex")]
use crate::flex::ensemble_linear;

/// A linear layer of each member of an ensemble.
///
/// ```text
/// yₖ = xₖ·Wₖ + bₖ
/// ```
#[derive(Module, Debug)]
pub struct EnsembleLinear {
    /// The weights of each member: `[num_members, d_input, d_output]`.
    pub weight: Param<Tensor<3>>,
    /// The biases of each member: `[num_members, d_output]`.
    pub bias: Param<Tensor<2>>,
}

impl EnsembleLinear {
    /// Weights and biases are drawn from `U(−r, r)` with `r = 1 / √d_input`.
    pub fn new(num_members: usize, d_input: usize, d_output: usize, device: &Device) -> Self {
        let uniform = uniform(d_input);
        Self {
            weight: uniform.init([num_members, d_input, d_output], device),
            bias: uniform.init([num_members, d_output], device),
        }
    }

    /// Applies the layer of each member to its rows.
    ///
    /// # Shapes
    ///
    /// - input: `[num_members · batch_size, d_input]`, one member's rows after another's
    /// - output: `[num_members · batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let weight = self.weight.val();
        #[cfg(feature = "flex")]
        if let Some(output) = ensemble_linear(&input, weight.clone(), self.bias.val()) {
            return output;
        }
        let [num_members, d_input, d_output] = weight.dims();
        let [num_rows, _] = input.dims();
        let of_members = input.reshape([num_members, num_rows / num_members, d_input]);
        let output = of_members.matmul(weight) + self.bias.val().unsqueeze_dim(1);
        output.reshape([num_rows, d_output])
    }
}

/// `U(−r, r)` with `r = 1 / √d_input`, as `PyTorch` initializes a linear layer.
pub(super) fn uniform(d_input: usize) -> Initializer {
    let bound = bound(d_input);
    Initializer::Uniform {
        min: -bound,
        max: bound,
    }
}

/// `1 / √d_input`.
pub(super) fn bound(d_input: usize) -> f64 {
    (d_input as f64).sqrt().recip()
}
