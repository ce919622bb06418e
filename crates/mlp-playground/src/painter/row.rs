//! A row's way through a network, as a message.

use burn::tensor::{Device, Tensor};
use mlp_datasets::TargetEncoding;
use mlp_models::activation::Activation;
use mlp_training::{Trace, TracedTarget};

use crate::protocol::{NeuronTrace, Trace as Message};

/// What a trace does not know.
pub struct Context {
    pub number: usize,
    pub step: usize,
    pub row: usize,
    pub outputs: Vec<f64>,
    pub target: f64,
    pub learning_rate: f64,
    /// What the neurons put out of their net inputs, of a perceptron.
    pub output_activation: Option<Activation>,
}

/// The way of a row, as a page shows it.
pub fn message(trace: &Trace, context: Context) -> Message {
    let last = trace.layers.len().saturating_sub(1);
    let layers = trace.layers.iter().enumerate().map(|(layer, of_layer)| {
        let neurons = of_layer.neurons.iter().map(|neuron| NeuronTrace {
            weighted_sum: neuron.weighted_sum,
            threshold: neuron.threshold,
            activation: match &context.output_activation {
                Some(activation) if layer == last => apply(activation, neuron.activation),
                Some(_) | None => neuron.activation,
            },
            slope: neuron.slope,
            delta: neuron.delta,
            gradients: neuron.gradients.clone(),
            bias_gradient: neuron.bias_gradient,
        });
        neurons.collect()
    });
    Message {
        number: context.number,
        step: context.step,
        row: context.row,
        inputs: trace.inputs.clone(),
        layers: layers.collect(),
        outputs: context.outputs,
        target: context.target,
        loss: trace.loss,
        learning_rate: context.learning_rate,
    }
}

/// An activation of a single net input.
fn apply(activation: &Activation, net: f64) -> f64 {
    let net = Tensor::<1>::from_floats([net], &Device::default());
    f64::from(activation.forward(net).into_scalar::<f32>())
}

/// The class of a target, or its number in the units of the table.
pub fn value(target: &TracedTarget, encoding: &TargetEncoding) -> f64 {
    match target {
        TracedTarget::Class(class) => *class as f64,
        #[expect(clippy::cast_possible_truncation)] // It comes from single precision.
        TracedTarget::Numbers(numbers) => encoding.restore(numbers[0] as f32, 0),
    }
}
