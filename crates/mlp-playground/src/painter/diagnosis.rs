use mlp_training::Trace;

use crate::protocol::LayerDiagnosis;

/// A unit is saturated in a row if its slope is below this share of the steepest one.
const FLAT: f64 = 0.05;
/// In what share of the rows a saturated unit is.
const MOST: f64 = 0.9;

/// How layers are, judged by the ways of some rows.
pub fn layers(traces: &[Trace]) -> Vec<LayerDiagnosis> {
    let Some(first) = traces.first() else {
        return Vec::new();
    };
    let num_layers = first.layers.len();
    let of_layer = |layer: usize| {
        let num_units = first.layers[layer].neurons.len();
        let is_hidden = layer + 1 < num_layers;
        let slopes = |unit: usize| {
            let of_rows = traces.iter();
            of_rows.map(move |trace| trace.layers[layer].neurons[unit].slope.abs())
        };
        let steepest = steepest_slope(first.layers[layer].activation);
        let is_dead = |unit: &usize| is_hidden && slopes(*unit).all(|slope| slope == 0.0);
        let is_saturated = |unit: &usize| {
            let flat = slopes(*unit).filter(|slope| *slope < FLAT * steepest);
            is_hidden && flat.count() as f64 >= MOST * traces.len() as f64
        };
        let dead: Vec<usize> = (0..num_units).filter(is_dead).collect();
        let saturated = (0..num_units).filter(|unit| is_saturated(unit) && !dead.contains(unit));
        LayerDiagnosis {
            gradient: gradient(traces, layer),
            saturated: saturated.collect(),
            dead,
        }
    };
    (0..num_layers).map(of_layer).collect()
}

/// The root mean square of the gradient of the mean loss, over the weights of a layer.
fn gradient(traces: &[Trace], layer: usize) -> f64 {
    let mut sums: Vec<f64> = Vec::new();
    for trace in traces {
        let neurons = trace.layers[layer].neurons.iter();
        let gradients: Vec<f64> = neurons
            .flat_map(|neuron| &neuron.gradients)
            .copied()
            .collect();
        if sums.is_empty() {
            sums = gradients;
        } else {
            for (sum, gradient) in sums.iter_mut().zip(gradients) {
                *sum += gradient;
            }
        }
    }
    let squares = sums.iter().map(|sum| (sum / traces.len() as f64).powi(2));
    (squares.sum::<f64>() / sums.len().max(1) as f64).sqrt()
}

/// The steepest slope of an activation: a quarter for the sigmoid, about 1 for the others.
fn steepest_slope(activation: &str) -> f64 {
    if activation == "sigmoid" { 0.25 } else { 1.0 }
}
