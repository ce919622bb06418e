//! The five steps of backpropagation, as text.

use std::io::{self, Write};

use mlp_training::{LayerTrace, Trace, TracedTarget};

/// How many neurons of a layer, and how many weights of a neuron, are listed.
const LISTED: usize = 8;

/// What a trace does not know of its row.
pub struct TracedRow<'a> {
    /// Its number, from 1.
    pub row: usize,
    /// The name of the data set.
    pub dataset: &'a str,
    /// The classes, if it has one.
    pub classes: &'a [String],
    /// What is predicted.
    pub predicted: String,
    /// The names of the inputs.
    pub inputs: &'a [String],
    /// The names of the outputs.
    pub outputs: &'a [String],
    /// The name of the loss.
    pub loss: &'static str,
    /// The learning rate of the update.
    pub learning_rate: f64,
}

/// Writes a row's way through a network and back.
///
/// # Errors
///
/// If it cannot be written.
pub fn write_trace(out: &mut impl Write, row: &TracedRow<'_>, trace: &Trace) -> io::Result<()> {
    let (dataset, number) = (row.dataset, row.row);
    let target = match &trace.target {
        TracedTarget::Class(class) => row.classes[*class].clone(),
        TracedTarget::Numbers(numbers) => format!("{} when scaled", numbers_of(numbers)),
    };
    let predicted = &row.predicted;
    writeln!(
        out,
        "row {number} of {dataset}: the target is {target}, predicted is {predicted}"
    )?;

    writeln!(out, "\n1  forward: z = Σ w·x − θ, and y = f(z)")?;
    let named = trace.inputs.iter().zip(row.inputs);
    let named: Vec<String> = named.map(|(x, name)| format!("{name} {x:.4}")).collect();
    writeln!(out, "   inputs, scaled: {}", listed(&named, ", "))?;
    for (layer, number) in trace.layers.iter().zip(1..) {
        write_heading(out, trace, layer, number)?;
        writeln!(
            out,
            "     {:>16} {:>10} {:>10} {:>10} {:>10}",
            "", "Σ w·x", "θ", "z", "y"
        )?;
        write_neurons(out, row, trace, layer, |neuron| {
            let net = neuron.weighted_sum - neuron.threshold;
            vec![
                neuron.weighted_sum,
                neuron.threshold,
                net,
                neuron.activation,
            ]
        })?;
    }

    writeln!(out, "\n2  loss: {} {:.6}", row.loss, trace.loss)?;

    writeln!(out, "\n3  deltas of the outputs: δ = ∂L/∂z")?;
    if let Some(outputs) = trace.layers.last() {
        write_neurons(out, row, trace, outputs, |neuron| vec![neuron.delta])?;
    }

    writeln!(
        out,
        "\n4  deltas of hidden neurons, from the last layer to the first: δ = f′(z) · Σ δ·w of those behind"
    )?;
    let hidden = trace.layers.len().saturating_sub(1);
    for number in (1..=hidden).rev() {
        let layer = &trace.layers[number - 1];
        write_heading(out, trace, layer, number)?;
        writeln!(out, "     {:>16} {:>10} {:>10}", "", "f′(z)", "δ")?;
        write_neurons(out, row, trace, layer, |neuron| {
            vec![neuron.slope, neuron.delta]
        })?;
    }
    if hidden == 0 {
        writeln!(out, "   there are none")?;
    }

    let rate = row.learning_rate;
    writeln!(
        out,
        "\n5  gradients and updates of gradient descent: w ← w − {rate}·δ·x, θ ← θ + {rate}·δ"
    )?;
    for (layer, number) in trace.layers.iter().zip(1..) {
        write_heading(out, trace, layer, number)?;
        for (neuron, unit) in layer.neurons.iter().zip(0..).take(LISTED) {
            let updated = neuron.weights.iter().zip(&neuron.gradients);
            let updated: Vec<String> = updated
                .map(|(w, gradient)| format!("{w:.4} → {:.4}", w - rate * gradient))
                .collect();
            let name = name(row, trace, layer, unit);
            let (before, after) = (neuron.threshold, neuron.threshold + rate * neuron.delta);
            writeln!(
                out,
                "     {name:>16}  w {};  θ {before:.4} → {after:.4}",
                listed(&updated, ", ")
            )?;
        }
        write_rest(out, layer)?;
    }
    Ok(())
}

fn write_heading(
    out: &mut impl Write,
    trace: &Trace,
    layer: &LayerTrace,
    number: usize,
) -> io::Result<()> {
    if number == trace.layers.len() {
        writeln!(out, "   outputs")
    } else {
        writeln!(out, "   hidden layer {number}, {}", layer.activation)
    }
}

/// Writes some numbers of each neuron of a layer.
fn write_neurons(
    out: &mut impl Write,
    row: &TracedRow<'_>,
    trace: &Trace,
    layer: &LayerTrace,
    numbers: impl Fn(&mlp_training::NeuronTrace) -> Vec<f64>,
) -> io::Result<()> {
    for (neuron, unit) in layer.neurons.iter().zip(0..).take(LISTED) {
        write!(out, "     {:>16}", name(row, trace, layer, unit))?;
        for number in numbers(neuron) {
            write!(out, " {number:>10.4}")?;
        }
        writeln!(out)?;
    }
    write_rest(out, layer)
}

fn write_rest(out: &mut impl Write, layer: &LayerTrace) -> io::Result<()> {
    match layer.neurons.len().checked_sub(LISTED) {
        Some(rest @ 1..) => writeln!(out, "     {:>16}", format!("and {rest} more")),
        Some(0) | None => Ok(()),
    }
}

/// The name of a neuron: that of an output, or a number from 1.
fn name(row: &TracedRow<'_>, trace: &Trace, layer: &LayerTrace, unit: usize) -> String {
    let is_output = trace
        .layers
        .last()
        .is_some_and(|last| std::ptr::eq(last, layer));
    match row.outputs.get(unit) {
        Some(name) if is_output => name.clone(),
        Some(_) | None => format!("neuron {}", unit + 1),
    }
}

fn numbers_of(numbers: &[f64]) -> String {
    let numbers: Vec<String> = numbers
        .iter()
        .map(|number| format!("{number:.4}"))
        .collect();
    numbers.join(", ")
}

/// The first of some texts, and how many more there are.
fn listed(texts: &[String], separator: &str) -> String {
    let list = texts[..texts.len().min(LISTED)].join(separator);
    match texts.len().checked_sub(LISTED) {
        Some(rest @ 1..) => format!("{list} and {rest} more"),
        Some(0) | None => list,
    }
}
