//! A row's way through a network, as a message.

use mlp_datasets::TargetEncoding;
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
}

/// The way of a row, as a page shows it, with what the neurons of the last layer put out.
pub fn message(trace: &Trace, fired: &[f64], context: Context) -> Message {
    let layers = trace.layers.iter().map(|layer| {
        let neurons = layer.neurons.iter().map(|neuron| NeuronTrace {
            weighted_sum: neuron.weighted_sum,
            threshold: neuron.threshold,
            activation: neuron.activation,
            slope: neuron.slope,
            delta: neuron.delta,
            gradients: neuron.gradients.clone(),
            bias_gradient: neuron.bias_gradient,
        });
        neurons.collect()
    });
    let mut layers: Vec<Vec<NeuronTrace>> = layers.collect();
    let outputs = layers.last_mut().into_iter().flatten();
    for (neuron, fired) in outputs.zip(fired) {
        neuron.activation = *fired;
    }
    Message {
        number: context.number,
        step: context.step,
        row: context.row,
        inputs: trace.inputs.clone(),
        layers,
        outputs: context.outputs,
        target: context.target,
        loss: trace.loss,
        learning_rate: context.learning_rate,
    }
}

/// The class of a target, or its number in the units of the table.
pub fn value(target: &TracedTarget, encoding: &TargetEncoding) -> f64 {
    match target {
        TracedTarget::Class(class) => *class as f64,
        #[expect(clippy::cast_possible_truncation)] // It comes from single precision.
        TracedTarget::Numbers(numbers) => encoding.restore(numbers[0] as f32, 0),
    }
}
