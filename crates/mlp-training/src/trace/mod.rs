//! Backpropagation by hand: a row's way through a network and back, with every value on the way.

mod functions;
mod layers;
mod losses;
mod rows;

use mlp_models::Network;
use mlp_models::loss::LossConfig;
use serde::Serialize;

use crate::Error;
use layers::{Layer, layers};

/// A row's way through a network, and the way of its error back.
///
/// The five steps of a textbook: inputs go forward through each neuron, the loss compares the outputs with
/// the target, each output gets its delta, each hidden neuron gets its delta from those behind it, and each
/// weight its gradient. All in double precision, without autodiff, and without dropout.
///
/// See [Rumelhart, Hinton and Williams 1986](https://doi.org/10.1038/323533a0).
///
/// ```
/// use burn::tensor::Device;
/// use mlp_models::loss::LossConfig;
/// use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig};
/// use mlp_training::{Trace, TracedTarget};
///
/// let inputs = InputsConfig::new(2, &[], 1);
/// let backbone = BackboneConfig::Mlp(MlpConfig::new(2, vec![3], 1));
/// let network = NetworkConfig { inputs, backbone }.init(&Device::flex());
///
/// let target = TracedTarget::Numbers(vec![1.0]);
/// let trace = Trace::of(&network, &LossConfig::MeanSquaredError, &[0.5, -1.0], &target)?;
///
/// // The delta of the mean squared error of a single output is 2(y − t).
/// let output = &trace.layers[1].neurons[0];
/// assert_eq!(output.delta, 2.0 * (output.activation - 1.0));
/// // What the first weight of the output gets is its delta times what the first hidden neuron sent.
/// let hidden = &trace.layers[0].neurons[0];
/// assert_eq!(output.gradients[0], output.delta * hidden.activation);
/// # Ok::<(), mlp_training::Error>(())
/// ```
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Trace {
    /// What the first layer gets.
    pub inputs: Vec<f64>,
    /// The layers, the last of which is that of the outputs.
    pub layers: Vec<LayerTrace>,
    /// What the outputs should be.
    pub target: TracedTarget,
    /// The loss of the row.
    pub loss: f64,
}

/// A layer of a [`Trace`].
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct LayerTrace {
    /// The name of its activation; `identity` for outputs, whose losses expect net inputs.
    pub activation: &'static str,
    /// Its neurons.
    pub neurons: Vec<NeuronTrace>,
}

/// A neuron of a [`Trace`].
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NeuronTrace {
    /// Its weights `w`, one for each input.
    pub weights: Vec<f64>,
    /// What they make of the inputs: `Σ w·x`.
    pub weighted_sum: f64,
    /// The threshold `θ` that the sum has to reach, which is minus the bias.
    pub threshold: f64,
    /// The output `f(z)` of the net input `z = Σ w·x − θ`.
    pub activation: f64,
    /// The slope `f′(z)`; of a step, that of its [surrogate](mlp_models::activation::Step).
    pub slope: f64,
    /// How the loss changes with the net input: `δ = ∂L/∂z`.
    pub delta: f64,
    /// How it changes with each weight: `∂L/∂w = δ·x`.
    pub gradients: Vec<f64>,
    /// How it changes with the bias, `∂L/∂b = δ`; with the threshold it is the opposite.
    pub bias_gradient: f64,
}

/// What the outputs of a traced row should be.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum TracedTarget {
    /// A class, from 0.
    Class(usize),
    /// A number for each output, scaled as in training.
    Numbers(Vec<f64>),
}

impl Trace {
    /// Goes through a network with a row, and back.
    ///
    /// `inputs` are what the first layer gets: scaled numbers, and embeddings if there are any
    /// ([`Network::inputs`]).
    ///
    /// # Errors
    ///
    /// If the network is not one of plain layers of neurons, or a tensor cannot be read.
    ///
    /// # Panics
    ///
    /// If the number of inputs is not that of the network, or the target does not suit the loss.
    pub fn of(
        network: &Network,
        loss: &LossConfig,
        inputs: &[f64],
        target: &TracedTarget,
    ) -> Result<Self, Error> {
        let layers = layers(network)?;
        let mut signals = inputs.to_vec();
        let mut traces: Vec<LayerTrace> = Vec::with_capacity(layers.len());
        for layer in &layers {
            let neurons = forward(layer, &signals);
            signals = neurons.iter().map(|neuron| neuron.activation).collect();
            traces.push(LayerTrace {
                activation: layer.activation.into(),
                neurons,
            });
        }
        let (loss, mut errors) = losses::loss_and_gradient(loss, &signals, target);
        // Backwards: `errors` is ∂L/∂y of each neuron of the layer.
        for index in (0..traces.len()).rev() {
            let sent: Vec<f64> = match index.checked_sub(1) {
                Some(before) => {
                    let before = traces[before].neurons.iter();
                    before.map(|neuron| neuron.activation).collect()
                }
                None => inputs.to_vec(),
            };
            let neurons = &mut traces[index].neurons;
            for (neuron, error) in neurons.iter_mut().zip(&errors) {
                neuron.delta = error * neuron.slope;
                neuron.gradients = sent.iter().map(|x| neuron.delta * x).collect();
                neuron.bias_gradient = neuron.delta;
            }
            errors = (0..sent.len())
                .map(|from| neurons.iter().map(|to| to.delta * to.weights[from]).sum())
                .collect();
        }
        Ok(Self {
            inputs: inputs.to_vec(),
            layers: traces,
            target: target.clone(),
            loss,
        })
    }
}

impl Trace {
    /// What the neurons of the last layer put out: logits, net inputs or scaled numbers.
    pub fn outputs(&self) -> Vec<f64> {
        let neurons = self.layers.last().map(|layer| &layer.neurons[..]);
        let neurons = neurons.unwrap_or_default().iter();
        neurons.map(|neuron| neuron.activation).collect()
    }
}

/// What the neurons of a layer make of their inputs.
fn forward(layer: &Layer, inputs: &[f64]) -> Vec<NeuronTrace> {
    assert_eq!(inputs.len(), layer.d_input(), "the inputs of the layer");
    let neurons = layer.biases.iter().enumerate();
    let neurons = neurons.map(|(unit, bias)| {
        let weights = layer.weights_of(unit);
        let products = weights.iter().zip(inputs).map(|(w, x)| w * x);
        let weighted_sum: f64 = products.sum();
        let net = weighted_sum + bias;
        NeuronTrace {
            weights,
            weighted_sum,
            threshold: -bias,
            activation: functions::value(layer.activation, net),
            slope: functions::slope(layer.activation, net),
            delta: 0.0,
            gradients: Vec::new(),
            bias_gradient: 0.0,
        }
    });
    neurons.collect()
}
