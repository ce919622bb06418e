use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Distribution, Tensor};

#[cfg(feature = "flex")]
use crate::flex::{Epilogue, Function, layer};

/// A linear layer in the neural tangent parametrisation ([Jacot et al.
/// 2018](https://arxiv.org/abs/1806.07572)).
///
/// ```text
/// y = x·W / √d_input + b
/// ```
///
/// Weights are about as large as 1 whatever the width, so that one learning rate suits all layers.
#[derive(Module, Debug)]
pub struct NtpLinear {
    /// The weights: `[d_input, d_output]`.
    pub weight: Param<Tensor<2>>,
    /// The biases: `[d_output]`.
    pub bias: Param<Tensor<1>>,
}

impl NtpLinear {
    /// Weights and biases are drawn from N(0, 1).
    pub fn new(d_input: usize, d_output: usize, device: &Device) -> Self {
        let normal = Initializer::Normal {
            mean: 0.0,
            std: 1.0,
        };
        Self {
            weight: normal.init([d_input, d_output], device),
            bias: normal.init([d_output], device),
        }
    }

    /// Applies the layer.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let [_, d_input] = input.dims();
        let scale = (d_input as f64).sqrt().recip();
        #[cfg(feature = "flex")]
        {
            #[expect(clippy::cast_possible_truncation)] // Between 0 and 1.
            let epilogue = Epilogue {
                scale: scale as f32,
                function: Function::Identity,
                dropout: None,
            };
            if let Some(output) = layer(&input, self.weight.val(), self.bias.val(), epilogue) {
                return output;
            }
        }
        input.matmul(self.weight.val()) * scale + self.bias.val().unsqueeze()
    }

    /// Adapts the layer to a sample of its inputs, at least one row: each output of the product gets a standard
    /// deviation of 1, and each bias moves the output's zero to a random place among the rows, known as
    /// "he+5" ([Steinwart 2019](https://arxiv.org/abs/1903.11482)):
    ///
    /// ```text
    /// W ← W / std(x·W / √d_input)
    /// b ← −Σᵢ wᵢ·(xᵢ·W / √d_input)   over 5 random rows, with weights w from the flat Dirichlet
    ///                                distribution
    /// ```
    ///
    /// # Shapes
    ///
    /// - sample: `[num_rows, d_input]`
    #[must_use]
    pub fn fit(self, sample: Tensor<2>) -> Self {
        /// Rows that decide a bias.
        const ROWS: usize = 5;
        let sample = sample.without_autodiff();
        let device = sample.device();
        let [num_rows, d_input] = sample.dims();
        let weight = self.weight.val().without_autodiff();
        let [_, d_output] = weight.dims();
        let product = sample.matmul(weight.clone()) / (d_input as f64).sqrt();
        let mean = product.clone().mean_dim(0);
        let variance = (product.clone() - mean).square().mean_dim(0);
        // An output that does not vary is left as it is.
        let deviation = variance.sqrt();
        let is_constant = deviation.clone().lower_elem(1e-30);
        let deviation = deviation.mask_fill(is_constant, 1.0);
        let product = product / deviation.clone();

        // Exponential numbers divided by their sum have a flat Dirichlet distribution.
        let draws = Tensor::<2>::random([ROWS, d_output], Distribution::Uniform(0.0, 1.0), &device);
        let shares = -((-draws).add_scalar(1.0).clamp_min(1e-30).log());
        let shares = shares.clone() / shares.sum_dim(0);
        let rows = Tensor::<2>::random([ROWS, d_output], Distribution::Uniform(0.0, 1.0), &device);
        // Rounding may give the number of rows itself.
        let rows = (rows * num_rows as f64)
            .clamp_max((num_rows - 1) as f64)
            .int();
        let bias = -(product.gather(0, rows) * shares).sum_dim(0);
        Self {
            weight: with_value(&self.weight, weight / deviation),
            bias: with_value(&self.bias, bias.squeeze_dim(0)),
        }
    }
}

/// A parameter with another value, on autodiff if the present one is.
fn with_value<const D: usize>(param: &Param<Tensor<D>>, value: Tensor<D>) -> Param<Tensor<D>> {
    let is_autodiff = param.val().is_autodiff();
    Param::from_tensor(if is_autodiff { value.autodiff() } else { value })
}
