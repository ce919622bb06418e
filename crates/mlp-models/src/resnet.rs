use burn::config::Config;
use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use crate::InvalidConfig;
use crate::activation::{Activation, ActivationConfig};
use crate::dense::{affine, dense_with_dropout, drop_out};

/// Configuration of a [`ResNet`]. The defaults are those of the authors.
#[derive(Config, Debug)]
pub struct ResNetConfig {
    /// The width of the input.
    pub d_input: usize,
    /// The number of outputs: one per class, or one per number to predict.
    pub d_output: usize,
    /// The number of residual blocks.
    #[config(default = 2)]
    pub num_blocks: usize,
    /// The width of the input and the output of each block.
    #[config(default = 192)]
    pub d_block: usize,
    /// The number of hidden units of each block.
    #[config(default = 384)]
    pub d_hidden: usize,
    /// The probability, in `[0, 1)`, that a hidden unit of a block is dropped in a training step.
    #[config(default = 0.3)]
    pub hidden_dropout: f64,
    /// The probability, in `[0, 1)`, that an output of a block is dropped in a training step, before it
    /// is added to the input of the block.
    #[config(default = 0.0)]
    pub residual_dropout: f64,
}

impl ResNetConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        for (field, size) in [
            ("d_input", self.d_input),
            ("d_output", self.d_output),
            ("num_blocks", self.num_blocks),
            ("d_block", self.d_block),
            ("d_hidden", self.d_hidden),
        ] {
            if size == 0 {
                return Err(InvalidConfig::new(field, size, "1 or more"));
            }
        }
        for (field, probability) in [
            ("hidden_dropout", self.hidden_dropout),
            ("residual_dropout", self.residual_dropout),
        ] {
            if !(0.0..1.0).contains(&probability) {
                return Err(InvalidConfig::new(field, probability, "in [0, 1)"));
            }
        }
        Ok(())
    }

    /// Initializes the module on a device. Weights and biases are drawn from `U(−k, k)` with
    /// `k = 1 / √d_input` of their layer, as in `PyTorch`.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> ResNet {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let linear = |d_input, d_output| LinearConfig::new(d_input, d_output).init(device);
        let normalization = || BatchNormConfig::new(self.d_block).init(device);
        let activation = || ActivationConfig::Relu.init();
        let block = |_| ResidualBlock {
            normalization: normalization(),
            hidden: linear(self.d_block, self.d_hidden),
            activation: activation(),
            hidden_dropout: DropoutConfig::new(self.hidden_dropout).init(),
            output: linear(self.d_hidden, self.d_block),
            residual_dropout: DropoutConfig::new(self.residual_dropout).init(),
        };
        ResNet {
            input: linear(self.d_input, self.d_block),
            blocks: (0..self.num_blocks).map(block).collect(),
            normalization: normalization(),
            activation: activation(),
            output: linear(self.d_block, self.d_output),
        }
    }
}

/// A residual network for tables ([Gorishniy et al. 2021](https://arxiv.org/abs/2106.11959), section
/// 3.2): every block adds a correction to its input.
///
/// ```text
/// h₀ = x·W + b
/// hᵢ = hᵢ₋₁ + block(hᵢ₋₁)
/// y  = relu(norm(hₙ))·V + c
/// ```
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::ResNetConfig;
///
/// let device = Device::flex();
/// let resnet = ResNetConfig::new(30, 2).with_d_block(64).with_d_hidden(128).init(&device);
/// assert_eq!(resnet.forward(Tensor::ones([5, 30], &device)).dims(), [5, 2]);
/// ```
#[derive(Module, Debug)]
pub struct ResNet {
    /// The linear map from the input to the width of the blocks.
    pub input: Linear,
    /// The residual blocks, starting at the input.
    pub blocks: Vec<ResidualBlock>,
    /// The normalisation before the output.
    pub normalization: BatchNorm,
    /// The activation before the output.
    pub activation: Activation,
    /// The output layer.
    pub output: Linear,
}

impl ResNet {
    /// The logits, or the predicted numbers.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let first = affine(&self.input, input);
        let last = self.blocks.iter().fold(first, |input, block| {
            let correction = block.forward(input.clone());
            input + correction
        });
        let features = self.activation.forward(self.normalization.forward(last));
        affine(&self.output, features)
    }
}

/// A block of a [`ResNet`].
///
/// `block(x) = residual_dropout(hidden_dropout(relu(norm(x)·W + b))·V + c)`
#[derive(Module, Debug)]
pub struct ResidualBlock {
    /// The normalisation of the input of the block.
    pub normalization: BatchNorm,
    /// The linear map to the hidden units.
    pub hidden: Linear,
    /// The activation of the hidden units.
    pub activation: Activation,
    /// The dropout of hidden units, which is active in training only.
    pub hidden_dropout: Dropout,
    /// The linear map back to the width of the block.
    pub output: Linear,
    /// The dropout of outputs, which is active in training only.
    pub residual_dropout: Dropout,
}

impl ResidualBlock {
    /// The correction that is added to the input.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_block]`
    /// - output: `[batch_size, d_block]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let normalized = self.normalization.forward(input);
        let hidden = dense_with_dropout(
            &self.hidden,
            &self.activation,
            &self.hidden_dropout,
            normalized,
        );
        drop_out(&self.residual_dropout, affine(&self.output, hidden))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::{Param, RunningState};
    use burn::tensor::{Gradients, TensorData, Tolerance};
    use serde::Deserialize;

    /// Values of the authors' package, which `tests/golden/resnet.py` computed in float64.
    #[derive(Deserialize)]
    struct Golden {
        parameters: Layers,
        input: Matrix,
        output_weights: Matrix,
        training_output: Matrix,
        evaluation_output: Matrix,
        gradients: Layers,
        input_gradient: Matrix,
    }

    type Matrix = Vec<Vec<f64>>;

    #[derive(Deserialize)]
    struct Layers {
        input: Affine,
        blocks: Vec<Block>,
        normalization: Norm,
        output: Affine,
    }

    #[derive(Deserialize)]
    struct Block {
        normalization: Norm,
        hidden: Affine,
        output: Affine,
    }

    #[derive(Deserialize)]
    struct Affine {
        weight: Matrix,
        bias: Vec<f64>,
    }

    #[derive(Deserialize)]
    struct Norm {
        gamma: Vec<f64>,
        beta: Vec<f64>,
        /// Mean and variance at prediction; gradients have none.
        #[serde(default)]
        running_mean: Vec<f64>,
        #[serde(default)]
        running_var: Vec<f64>,
    }

    fn golden() -> Golden {
        serde_json::from_str(include_str!("../tests/golden/resnet.json")).unwrap()
    }

    fn vector(values: &[f64], device: &Device) -> Tensor<1> {
        Tensor::from_data(values, device)
    }

    fn matrix(rows: &Matrix, device: &Device) -> Tensor<2> {
        let shape = [rows.len(), rows[0].len()];
        Tensor::from_data(TensorData::new(rows.concat(), shape), device)
    }

    fn set_linear(linear: &mut Linear, golden: &Affine, device: &Device) {
        linear.weight = Param::from_tensor(matrix(&golden.weight, device));
        linear.bias = Some(Param::from_tensor(vector(&golden.bias, device)));
    }

    fn set_norm(norm: &mut BatchNorm, golden: &Norm, device: &Device) {
        norm.gamma = Param::from_tensor(vector(&golden.gamma, device));
        norm.beta = Param::from_tensor(vector(&golden.beta, device));
        norm.running_mean = RunningState::new(vector(&golden.running_mean, device));
        norm.running_var = RunningState::new(vector(&golden.running_var, device));
    }

    impl Golden {
        /// The network with the golden parameters, without dropout.
        fn resnet(&self, device: &Device) -> ResNet {
            let Layers {
                input,
                blocks,
                normalization,
                output,
            } = &self.parameters;
            let mut resnet = ResNetConfig::new(input.weight.len(), output.bias.len())
                .with_num_blocks(blocks.len())
                .with_d_block(input.bias.len())
                .with_d_hidden(blocks[0].hidden.bias.len())
                .with_hidden_dropout(0.0)
                .init(device);
            set_linear(&mut resnet.input, input, device);
            for (block, golden) in resnet.blocks.iter_mut().zip(blocks) {
                set_norm(&mut block.normalization, &golden.normalization, device);
                set_linear(&mut block.hidden, &golden.hidden, device);
                set_linear(&mut block.output, &golden.output, device);
            }
            set_norm(&mut resnet.normalization, normalization, device);
            set_linear(&mut resnet.output, output, device);
            resnet
        }
    }

    #[track_caller]
    fn assert_close<const D: usize>(actual: Tensor<D>, expected: Tensor<D>) {
        let tolerance = Tolerance::rel_abs(1e-5, 1e-5);
        let expected = expected.into_data();
        actual
            .into_data()
            .assert_approx_eq::<f32>(&expected, tolerance);
    }

    #[track_caller]
    fn assert_gradient<const D: usize>(
        param: &Param<Tensor<D>>,
        gradients: &Gradients,
        expected: Tensor<D>,
    ) {
        assert_close(param.val().grad(gradients).unwrap(), expected);
    }

    #[track_caller]
    fn assert_linear_gradient(linear: &Linear, gradients: &Gradients, expected: &Affine) {
        let device = Device::flex();
        assert_gradient(&linear.weight, gradients, matrix(&expected.weight, &device));
        let bias = linear.bias.as_ref().unwrap();
        assert_gradient(bias, gradients, vector(&expected.bias, &device));
    }

    #[track_caller]
    fn assert_norm_gradient(norm: &BatchNorm, gradients: &Gradients, expected: &Norm) {
        let device = Device::flex();
        assert_gradient(&norm.gamma, gradients, vector(&expected.gamma, &device));
        assert_gradient(&norm.beta, gradients, vector(&expected.beta, &device));
    }

    #[test]
    fn output_and_gradients_in_training_equal_those_of_the_authors() {
        let golden = golden();
        let device = Device::flex().autodiff();
        let resnet = golden.resnet(&device);
        let input = matrix(&golden.input, &device).require_grad();

        let output = resnet.forward(input.clone());
        let weights = matrix(&golden.output_weights, &device);
        let gradients = (output.clone() * weights).sum().backward();

        let inner = Device::flex();
        assert_close(output.inner(), matrix(&golden.training_output, &inner));
        let expected = &golden.gradients;
        assert_linear_gradient(&resnet.input, &gradients, &expected.input);
        for (block, expected) in resnet.blocks.iter().zip(&expected.blocks) {
            assert_norm_gradient(&block.normalization, &gradients, &expected.normalization);
            assert_linear_gradient(&block.hidden, &gradients, &expected.hidden);
            assert_linear_gradient(&block.output, &gradients, &expected.output);
        }
        assert_norm_gradient(&resnet.normalization, &gradients, &expected.normalization);
        assert_linear_gradient(&resnet.output, &gradients, &expected.output);
        let input_gradient = input.grad(&gradients).unwrap();
        assert_close(input_gradient, matrix(&golden.input_gradient, &inner));
    }

    #[test]
    fn the_output_at_prediction_equals_that_of_the_authors() {
        let golden = golden();
        let device = Device::flex();
        let resnet = golden.resnet(&device);

        let output = resnet.forward(matrix(&golden.input, &device));

        assert_close(output, matrix(&golden.evaluation_output, &device));
    }

    #[test]
    fn weights_and_biases_are_drawn_from_the_range_of_pytorch() {
        let resnet = ResNetConfig::new(4, 2).init(&Device::flex());
        for (linear, d_input) in [
            (&resnet.input, 4.0f32),
            (&resnet.blocks[0].hidden, 192.0),
            (&resnet.blocks[0].output, 384.0),
            (&resnet.output, 192.0),
        ] {
            // The last digit depends on the order of rounding.
            let bound = d_input.sqrt().recip() * (1.0 + f32::EPSILON);
            let bias = linear.bias.as_ref().unwrap().val();
            let largest = |values: Vec<f32>| values.into_iter().map(f32::abs).fold(0.0, f32::max);
            let weight = largest(linear.weight.val().into_data().iter().collect());
            assert!((0.9 * bound..=bound).contains(&weight), "{weight}");
            let bias = largest(bias.into_data().iter().collect());
            assert!(bias > 0.0 && bias <= bound, "{bias}");
        }
    }

    #[test]
    fn both_dropouts_are_active_in_training_only() {
        let device = Device::flex();
        for config in [
            ResNetConfig::new(3, 2).with_hidden_dropout(0.5),
            ResNetConfig::new(3, 2)
                .with_hidden_dropout(0.0)
                .with_residual_dropout(0.5),
        ] {
            let is_random = |device: &Device| {
                let resnet = config.init(device);
                let input = Tensor::from_floats([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]], device);
                let [a, b] = [0, 1].map(|_| resnet.forward(input.clone()).into_data());
                a != b
            };
            assert!(is_random(&device.clone().autodiff()), "{config}");
            assert!(!is_random(&device), "{config}");
        }
    }

    #[test]
    fn a_field_out_of_range_is_rejected_by_name() {
        let config = || ResNetConfig::new(3, 2);
        for (config, field) in [
            (ResNetConfig::new(0, 2), "d_input"),
            (ResNetConfig::new(3, 0), "d_output"),
            (config().with_num_blocks(0), "num_blocks"),
            (config().with_d_block(0), "d_block"),
            (config().with_d_hidden(0), "d_hidden"),
            (config().with_hidden_dropout(1.0), "hidden_dropout"),
            (config().with_residual_dropout(-0.1), "residual_dropout"),
        ] {
            assert_eq!(config.check().unwrap_err().field, field);
        }
    }
}
