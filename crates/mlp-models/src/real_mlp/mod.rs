//! `RealMLP` and its parts.

mod ntp_linear;
mod parametric_activation;

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::{Dropout, DropoutConfig, Initializer};
use burn::tensor::{Device, Tensor};

pub use ntp_linear::NtpLinear;
pub use parametric_activation::ParametricActivation;

use crate::InvalidConfig;
use crate::activation::{Activation, ActivationConfig};
use crate::dense::drop_out;
#[cfg(feature = "flex")]
use crate::flex::scale_members;

/// Configuration of a [`RealMlp`]. The defaults are those of the authors for classification; for
/// regression they use [mish](ActivationConfig::Mish).
#[derive(Config, Debug)]
pub struct RealMlpConfig {
    /// The width of the input.
    pub d_input: usize,
    /// The number of outputs: one per class, or one per number to predict.
    pub d_output: usize,
    /// The number of units of each hidden layer, starting at the input.
    #[config(default = "vec![256, 256, 256]")]
    pub hidden_sizes: Vec<usize>,
    /// The activation of the hidden layers.
    #[config(default = "ActivationConfig::Selu")]
    pub activation: ActivationConfig,
    /// The probability, in `[0, 1)`, that a hidden unit is dropped in a training step.
    #[config(default = 0.15)]
    pub dropout: f64,
    /// Whether each unit blends its activation with the identity.
    #[config(default = true)]
    pub is_parametric: bool,
}

impl RealMlpConfig {
    /// Checks that the configuration describes a network.
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
        if self.hidden_sizes.contains(&0) {
            return Err(InvalidConfig::new(
                "hidden_sizes",
                format!("{:?}", self.hidden_sizes),
                "sizes of 1 or more",
            ));
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(InvalidConfig::new("dropout", self.dropout, "in [0, 1)"));
        }
        Ok(())
    }

    /// Initializes the module on a device, with weights and biases from N(0, 1).
    /// [`RealMlp::fit`] adapts them to data, without which a network learns far slower.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> RealMlp {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let mut d_input = self.d_input;
        let hidden = self.hidden_sizes.iter().map(|&size| {
            let linear = NtpLinear::new(d_input, size, device);
            d_input = size;
            let activation = if self.is_parametric {
                HiddenActivation::Parametric(ParametricActivation::new(
                    self.activation,
                    size,
                    device,
                ))
            } else {
                HiddenActivation::Fixed(self.activation.init())
            };
            RealMlpLayer {
                linear,
                activation,
                dropout: DropoutConfig::new(self.dropout).init(),
            }
        });
        RealMlp {
            scale: Initializer::Ones.init([self.d_input], device),
            hidden: hidden.collect(),
            output: NtpLinear::new(
                self.hidden_sizes.last().copied().unwrap_or(self.d_input),
                self.d_output,
                device,
            ),
        }
    }
}

/// The multilayer perceptron of `RealMLP` ([Holzmüller et al. 2024](https://arxiv.org/abs/2407.04491)).
///
/// ```text
/// h₀ = s ⊙ x
/// hᵢ = dropout(f(hᵢ₋₁·Wᵢ / √dᵢ₋₁ + bᵢ))
/// y  = hₙ·W / √dₙ + b
/// ```
///
/// The scale `s` of each input is learned, and with a high rate it selects inputs.
///
/// ```
/// use burn::tensor::{Device, Distribution, Tensor};
/// use mlp_models::RealMlpConfig;
///
/// let device = Device::flex();
/// let rows = Tensor::random([100, 4], Distribution::Normal(0.0, 1.0), &device);
/// let network = RealMlpConfig::new(4, 3).init(&device).fit(rows.clone());
/// assert_eq!(network.forward(rows).dims(), [100, 3]);
/// ```
#[derive(Module, Debug)]
pub struct RealMlp {
    /// The scale of each input: `[d_input]`.
    pub scale: Param<Tensor<1>>,
    /// The hidden layers, starting at the input.
    pub hidden: Vec<RealMlpLayer>,
    /// The output layer.
    pub output: NtpLinear,
}

/// Each input times its scale.
fn scaled(input: Tensor<2>, scale: Tensor<1>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if let Some(output) = scale_members(&input, scale.clone().unsqueeze(), false) {
        return output;
    }
    input * scale.unsqueeze()
}

/// A hidden layer of a [`RealMlp`].
#[derive(Module, Debug)]
pub struct RealMlpLayer {
    /// The linear map.
    pub linear: NtpLinear,
    /// The activation.
    pub activation: HiddenActivation,
    /// The dropout, which is active in training only.
    pub dropout: Dropout,
}

/// The activation of a [`RealMlpLayer`].
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)] // There are a few for each network.
pub enum HiddenActivation {
    /// Blended with the identity by each unit.
    Parametric(ParametricActivation),
    /// The same for all units.
    Fixed(Activation),
}

impl RealMlp {
    /// The logits, or the predicted numbers.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let scaled = scaled(input, self.scale.val());
        let hidden = self
            .hidden
            .iter()
            .fold(scaled, |input, layer| layer.forward(input));
        self.output.forward(hidden)
    }

    /// The same with weights and biases of the output layer that are zero, with which the simplified
    /// form starts.
    #[must_use]
    pub fn with_zero_output(mut self) -> Self {
        self.output.weight = self
            .output
            .weight
            .map(|weight| weight.zeros_like().require_grad());
        self.output.bias = self
            .output
            .bias
            .map(|bias| bias.zeros_like().require_grad());
        self
    }

    /// Adapts weights and biases to a sample of the inputs, layer after layer: see [`NtpLinear::fit`].
    ///
    /// # Shapes
    ///
    /// - sample: `[num_rows, d_input]`, at least one row
    #[must_use]
    pub fn fit(mut self, sample: Tensor<2>) -> Self {
        let mut input = sample.without_autodiff() * self.scale.val().without_autodiff().unsqueeze();
        let mut hidden = Vec::with_capacity(self.hidden.len());
        for mut layer in self.hidden {
            layer.linear = layer.linear.fit(input.clone());
            // Off autodiff, so that nothing is dropped.
            input = layer.valid().forward(input);
            hidden.push(layer);
        }
        self.hidden = hidden;
        self.output = self.output.fit(input);
        self
    }
}

impl RealMlpLayer {
    /// Applies the layer.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let output = self.linear.forward(input);
        match &self.activation {
            HiddenActivation::Parametric(activation) => {
                activation.forward_with_dropout(output, &self.dropout)
            }
            HiddenActivation::Fixed(activation) => {
                drop_out(&self.dropout, activation.forward(output))
            }
        }
    }
}
