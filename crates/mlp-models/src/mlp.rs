use burn::config::Config;
use burn::module::Module;
use burn::nn::norm::Normalization;
use burn::nn::{
    BatchNormConfig, Dropout, DropoutConfig, Initializer, LayerNormConfig, Linear, LinearConfig,
};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

use crate::InvalidConfig;
use crate::activation::{Activation, ActivationConfig};
use crate::dense::{affine, dense_with_dropout, drop_out};

/// Configuration of an [`Mlp`].
#[derive(Config, Debug)]
pub struct MlpConfig {
    /// The width of the input.
    pub d_input: usize,
    /// The number of units of each hidden layer, starting at the input. Empty: a linear model.
    pub hidden_sizes: Vec<usize>,
    /// The number of outputs: one per class, or one per number to predict.
    pub d_output: usize,
    /// One activation for all hidden layers, or one per hidden layer.
    #[config(default = "vec![ActivationConfig::Relu]")]
    pub activations: Vec<ActivationConfig>,
    /// The probability, in `[0, 1)`, that a hidden unit is dropped in a training step.
    #[config(default = 0.0)]
    pub dropout: f64,
    /// The normalisation of each hidden layer, before its activation.
    #[config(default = "NormalizationKind::None")]
    pub normalization: NormalizationKind,
    /// The initializer of the hidden weights. `None`: the one that [suits the
    /// activation](ActivationConfig::initializer). Biases start at zero.
    pub initializer: Option<Initializer>,
}

/// How the net inputs of a hidden layer are normalised.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum NormalizationKind {
    /// No normalisation.
    #[default]
    None,
    /// Over the rows of a batch in training, with running statistics at prediction ([Ioffe and Szegedy
    /// 2015](https://arxiv.org/abs/1502.03167)).
    Batch,
    /// Over the units of the layer, separately for each row ([Ba et al.
    /// 2016](https://arxiv.org/abs/1607.06450)).
    Layer,
}

impl MlpConfig {
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
        let num_activations = self.activations.len();
        if num_activations != 1 && num_activations != self.hidden_sizes.len() {
            return Err(InvalidConfig::new(
                "activations",
                format!("a list of {num_activations}"),
                "one for all hidden layers or one per hidden layer",
            ));
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(InvalidConfig::new("dropout", self.dropout, "in [0, 1)"));
        }
        Ok(())
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Mlp {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let mut d_input = self.d_input;
        let mut hidden = Vec::with_capacity(self.hidden_sizes.len());
        for (layer, &size) in self.hidden_sizes.iter().enumerate() {
            let activation = self.activations[layer.min(self.activations.len() - 1)];
            let initializer = self
                .initializer
                .clone()
                .unwrap_or_else(|| activation.initializer());
            hidden.push(HiddenLayer {
                linear: linear(d_input, size, initializer, device),
                normalization: match self.normalization {
                    NormalizationKind::None => None,
                    NormalizationKind::Batch => Some(Normalization::Batch(
                        BatchNormConfig::new(size).init(device),
                    )),
                    NormalizationKind::Layer => Some(Normalization::Layer(
                        LayerNormConfig::new(size).init(device),
                    )),
                },
                activation: activation.init(),
                dropout: DropoutConfig::new(self.dropout).init(),
            });
            d_input = size;
        }
        let output = linear(
            d_input,
            self.d_output,
            ActivationConfig::Identity.initializer(),
            device,
        );
        Mlp { hidden, output }
    }
}

/// A linear layer whose biases start at zero. Burn's configuration cannot express this: it draws
/// weights and biases from the same initializer.
fn linear(d_input: usize, d_output: usize, initializer: Initializer, device: &Device) -> Linear {
    let mut linear = LinearConfig::new(d_input, d_output)
        .with_initializer(initializer)
        .init(device);
    linear.bias = Some(Initializer::Zeros.init([d_output], device));
    linear
}

/// A multilayer perceptron: hidden layers of neurons, followed by a linear output.
///
/// ```text
/// h₀ = x
/// hᵢ = dropout(f(norm(hᵢ₋₁·Wᵢ + bᵢ)))
/// y  = hₙ·W + b
/// ```
///
/// The output is linear, since losses expect logits. With one hidden layer and enough units, an MLP
/// approximates any continuous function on a closed and bounded set ([Cybenko
/// 1989](https://doi.org/10.1007/BF02551274)).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::MlpConfig;
/// use mlp_models::activation::ActivationConfig;
///
/// let device = Device::flex();
/// let mlp = MlpConfig::new(30, vec![64, 32], 2)
///     .with_activations(vec![ActivationConfig::Gelu, ActivationConfig::Tanh])
///     .with_dropout(0.1)
///     .init(&device);
/// assert_eq!(mlp.forward(Tensor::ones([5, 30], &device)).dims(), [5, 2]);
/// ```
#[derive(Module, Debug)]
pub struct Mlp {
    /// The hidden layers, starting at the input.
    pub hidden: Vec<HiddenLayer>,
    /// The output layer.
    pub output: Linear,
}

impl Mlp {
    /// The logits, or the predicted numbers.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let hidden = self
            .hidden
            .iter()
            .fold(input, |input, layer| layer.forward(input));
        affine(&self.output, hidden)
    }
}

/// A hidden layer of an [`Mlp`]: linear map, normalisation, activation and dropout, in this order.
#[derive(Module, Debug)]
pub struct HiddenLayer {
    /// Weights and bias.
    pub linear: Linear,
    /// The normalisation, if any.
    pub normalization: Option<Normalization>,
    /// The activation.
    pub activation: Activation,
    /// The dropout, which is active in training only.
    pub dropout: Dropout,
}

impl HiddenLayer {
    /// Applies the layer.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        match &self.normalization {
            None => dense_with_dropout(&self.linear, &self.activation, &self.dropout, input),
            Some(normalization) => {
                let net = self.linear.forward(input);
                let output = self.activation.forward(normalization.forward(net));
                drop_out(&self.dropout, output)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Tolerance;

    #[test]
    fn a_network_without_hidden_layers_is_linear() {
        let device = Device::flex();
        let mlp = MlpConfig::new(3, vec![], 2).init(&device);
        let a = Tensor::<2>::from_floats([[1.0, 2.0, 3.0]], &device);
        let b = Tensor::<2>::from_floats([[-4.0, 0.5, 1.0]], &device);

        let of_sum = mlp.forward(a.clone() + b.clone());
        let sum_of = mlp.forward(a) + mlp.forward(b);

        // The biases are zero, so the map is linear and not just affine.
        of_sum
            .into_data()
            .assert_approx_eq::<f32>(&sum_of.into_data(), Tolerance::default());
    }

    #[test]
    fn dropout_drops_units_in_training_but_not_at_prediction() {
        let device = Device::flex();
        let config = MlpConfig::new(2, vec![1000], 1)
            .with_dropout(0.5)
            .with_initializer(Some(Initializer::Ones));
        let hidden = |device: &Device| {
            let layer = &config.init(device).hidden[0];
            let output = layer.forward(Tensor::ones([1, 2], device));
            output.into_data().try_to_vec::<f32>().unwrap()
        };

        // 1·1 + 1·1 = 2 for every unit; a unit that is kept is scaled by 1 / (1 − 0.5).
        assert!(hidden(&device).iter().all(|&value| value == 2.0));
        let training = hidden(&device.autodiff());
        let dropped = training.iter().filter(|&&value| value == 0.0).count();
        assert!(training.iter().all(|&value| value == 0.0 || value == 4.0));
        // Binomial(1000, 0.5): 400 and 600 are six standard deviations from the mean.
        assert!((400..600).contains(&dropped), "{dropped} of 1000 dropped");
    }

    #[test]
    fn each_hidden_layer_may_have_its_own_activation() {
        let config = MlpConfig::new(2, vec![3, 4], 1)
            .with_activations(vec![ActivationConfig::Tanh, ActivationConfig::Relu]);

        let mlp = config.init(&Device::flex());

        assert!(matches!(mlp.hidden[0].activation, Activation::Tanh(_)));
        assert!(matches!(mlp.hidden[1].activation, Activation::Relu(_)));
    }

    #[test]
    fn check_names_the_field_and_the_allowed_range() {
        let config = MlpConfig::new(2, vec![3, 0], 1);
        assert_eq!(
            config.check().unwrap_err().to_string(),
            "`hidden_sizes` is [3, 0], but must be sizes of 1 or more"
        );
        for dropout in [-0.1, 1.0, f64::NAN] {
            let config = MlpConfig::new(2, vec![3], 1).with_dropout(dropout);
            assert_eq!(config.check().unwrap_err().field, "dropout");
        }
        let config = MlpConfig::new(2, vec![3], 1).with_activations(vec![]);
        assert_eq!(config.check().unwrap_err().field, "activations");
    }
}
