use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::Tensor;
use mlp_models::activation::{Activation, ActivationConfig};
use mlp_models::{Backbone, Network};

use crate::Error;

/// A layer of neurons, in double precision.
pub struct Layer {
    /// Of shape `[d_input, d_output]`, row by row.
    weights: Vec<f64>,
    /// Of shape `[d_output]`.
    pub biases: Vec<f64>,
    /// What each neuron does with its net input.
    pub activation: ActivationConfig,
}

impl Layer {
    /// How many inputs it has.
    pub fn d_input(&self) -> usize {
        self.weights.len() / self.biases.len()
    }

    /// The weights of a unit, one for each input.
    pub fn weights_of(&self, unit: usize) -> Vec<f64> {
        let weights = self.weights[unit..].iter().step_by(self.biases.len());
        weights.copied().collect()
    }

    fn new(
        weights: Tensor<2>,
        biases: Option<Tensor<1>>,
        activation: ActivationConfig,
    ) -> Result<Self, Error> {
        let [_, d_output] = weights.dims();
        Ok(Self {
            weights: read(weights)?,
            biases: match biases {
                Some(biases) => read(biases)?,
                None => vec![0.0; d_output],
            },
            activation,
        })
    }
}

/// The layers of a network, the last of which has no activation.
pub fn layers(network: &Network) -> Result<Vec<Layer>, Error> {
    let plain = |linear: &Linear, activation| {
        let biases = linear.bias.as_ref().map(Param::val);
        Layer::new(linear.weight.val(), biases, activation)
    };
    match &network.backbone {
        Backbone::Perceptron(perceptron) => {
            let (weights, thresholds) = (perceptron.weight.val(), perceptron.threshold.val());
            let identity = ActivationConfig::Identity;
            Ok(vec![Layer::new(weights, Some(-thresholds), identity)?])
        }
        Backbone::Mlp(mlp) => {
            let mut layers = Vec::with_capacity(mlp.hidden.len() + 1);
            for layer in &mlp.hidden {
                if layer.normalization.is_some() {
                    return Err(Error::NotTraceable {
                        reason: "its layers are normalised, which ties the rows of a batch or the units of a \
                                 layer together",
                    });
                }
                layers.push(plain(&layer.linear, name(&layer.activation))?);
            }
            layers.push(plain(&mlp.output, ActivationConfig::Identity)?);
            Ok(layers)
        }
        Backbone::ResNet(_) | Backbone::RealMlp(_) | Backbone::TabM(_) => {
            Err(Error::not_plain_layers())
        }
    }
}

/// The numbers of a tensor.
pub fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f64>, Error> {
    let numbers = tensor.into_data().try_to_vec::<f32>();
    let numbers = numbers.map_err(|error| Error::learner(format!("{error:?}")))?;
    Ok(numbers.into_iter().map(f64::from).collect())
}

/// The name of an activation.
fn name(activation: &Activation) -> ActivationConfig {
    match activation {
        Activation::Step(_) => ActivationConfig::Step,
        Activation::Sigmoid(_) => ActivationConfig::Sigmoid,
        Activation::Tanh(_) => ActivationConfig::Tanh,
        Activation::Relu(_) => ActivationConfig::Relu,
        Activation::LeakyRelu(_) => ActivationConfig::LeakyRelu,
        Activation::Elu(_) => ActivationConfig::Elu,
        Activation::Selu(_) => ActivationConfig::Selu,
        Activation::Gelu(_) => ActivationConfig::Gelu,
        Activation::Silu(_) => ActivationConfig::Silu,
        Activation::Mish(_) => ActivationConfig::Mish,
        Activation::Softplus(_) => ActivationConfig::Softplus,
        Activation::Identity(_) => ActivationConfig::Identity,
    }
}
