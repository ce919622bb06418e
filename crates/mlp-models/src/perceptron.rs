use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor};

use crate::InvalidConfig;
use crate::activation::{Activation, ActivationConfig};

/// Configuration of a [`Perceptron`].
#[derive(Config, Debug)]
pub struct PerceptronConfig {
    /// The number of inputs of each neuron.
    pub d_input: usize,
    /// The number of neurons: one for two classes or a number, else one per class.
    #[config(default = 1)]
    pub d_output: usize,
    /// The activation of each neuron.
    #[config(default = "ActivationConfig::Step")]
    pub activation: ActivationConfig,
    /// The initializer of the weights. Thresholds start at zero.
    #[config(default = "Initializer::Zeros")]
    pub initializer: Initializer,
}

impl PerceptronConfig {
    /// Checks that the configuration describes a perceptron.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        for (field, size) in [("d_input", self.d_input), ("d_output", self.d_output)] {
            if size == 0 {
                return Err(InvalidConfig::new(field, size, "1 or more"));
            }
        }
        Ok(())
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Perceptron {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        Perceptron {
            weight: self.initializer.init_with(
                [self.d_input, self.d_output],
                Some(self.d_input),
                Some(self.d_output),
                device,
            ),
            threshold: Initializer::Zeros.init([self.d_output], device),
            activation: self.activation.init(),
        }
    }
}

/// One layer of neurons: inputs, weights, a threshold and an activation.
///
/// `y = f(x·W − θ)`
///
/// The threshold `θ` is the value that the weighted sum has to reach for the neuron to fire; the bias
/// found in other texts is `−θ`. The loss decides which learning rule a perceptron follows:
///
/// | activation | loss | learning rule |
/// |---|---|---|
/// | step | [perceptron criterion](crate::loss::PerceptronCriterion) | Rosenblatt's rule (1958) |
/// | identity | squared error on targets ±1 | the Widrow-Hoff rule of Adaline (1960) |
/// | sigmoid | cross-entropy | logistic regression |
///
/// ```
/// use burn::module::Param;
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::PerceptronConfig;
///
/// // AND by hand: both inputs together reach the threshold, a single one does not.
/// let device = Device::flex();
/// let mut and = PerceptronConfig::new(2).init(&device);
/// and.weight = Param::from_tensor(Tensor::from_floats([[1.0], [1.0]], &device));
/// and.threshold = Param::from_tensor(Tensor::from_floats([1.5], &device));
///
/// let inputs = Tensor::from_floats([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], &device);
/// let fired = and.forward(inputs).into_data().try_to_vec::<f32>().unwrap();
/// assert_eq!(fired, [0.0, 0.0, 0.0, 1.0]);
/// ```
#[derive(Module, Debug)]
pub struct Perceptron {
    /// The weights `W`, of shape `[d_input, d_output]`.
    pub weight: Param<Tensor<2>>,
    /// The thresholds `θ`, of shape `[d_output]`.
    pub threshold: Param<Tensor<1>>,
    /// The activation `f`.
    pub activation: Activation,
}

impl Perceptron {
    /// The net input `x·W − θ`, to which the activation is applied. Losses expect it too.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn net_input(&self, input: Tensor<2>) -> Tensor<2> {
        input.matmul(self.weight.val()) - self.threshold.val().unsqueeze()
    }

    /// The output `f(x·W − θ)`: whether, or how strongly, each neuron fires.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.activation.forward(self.net_input(input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_net_input_is_the_weighted_sum_minus_the_threshold() {
        let device = Device::flex();
        let mut perceptron = PerceptronConfig::new(3).init(&device);
        perceptron.weight =
            Param::from_tensor(Tensor::from_floats([[1.0], [-2.0], [0.5]], &device));
        perceptron.threshold = Param::from_tensor(Tensor::from_floats([0.25], &device));

        let net = perceptron.net_input(Tensor::from_floats([[3.0, 1.0, 4.0]], &device));

        // 3·1 − 1·2 + 4·0.5 − 0.25
        assert_eq!(net.into_data().try_to_vec::<f32>().unwrap(), [2.75]);
    }

    #[test]
    fn the_error_names_the_size_that_is_zero() {
        let error = PerceptronConfig::new(0).check().unwrap_err();

        assert_eq!(error.to_string(), "`d_input` is 0, but must be 1 or more");
    }

    #[test]
    #[should_panic(expected = "`d_output` is 0")]
    fn init_panics_if_check_finds_an_error() {
        let _ = PerceptronConfig::new(2)
            .with_d_output(0)
            .init(&Device::flex());
    }
}
