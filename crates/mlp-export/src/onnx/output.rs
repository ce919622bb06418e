//! From outputs of networks to classes and numbers, in double precision as `predict` does it.

use mlp_datasets::TargetEncoding;
use mlp_inference::OutputKind;

use super::graph::{ElementType, Graph, Tensor};

/// Below this logit `1 + e^z` is 1 in double precision.
const LOWEST_SIGMOID: f64 = -37.0;
/// The index of a row that has no class, since the model computed NaN for it.
const NO_CLASS: i64 = -1;

/// What a model predicts for each row.
pub enum Predicted {
    /// The index of the class, `[N, 1]`, and the probabilities if there are any, `[N, num_classes]`.
    Classes {
        index: Tensor,
        probabilities: Option<Tensor>,
    },
    /// Numbers in the units of the data, `[N, num_outputs]`.
    Numbers(Tensor),
}

/// What the outputs of a network stand for: `[N, d_output]`, or `[num_members, N, d_output]`.
pub fn interpret(
    graph: &mut Graph,
    outputs: &Tensor,
    (d_output, num_members): (usize, usize),
    kind: OutputKind,
    target: &TargetEncoding,
) -> Predicted {
    let outputs = graph.cast(outputs, ElementType::Double);
    let outputs = if num_members == 1 {
        outputs
    } else {
        combine(graph, &outputs, kind)
    };
    match kind {
        OutputKind::Softmax | OutputKind::Sigmoid | OutputKind::Scores => {
            classify(graph, &outputs, d_output, kind)
        }
        OutputKind::Numbers => Predicted::Numbers(restore(graph, &outputs, target)),
    }
}

/// The outputs of one network from those of its members `[num_members, N, d_output]`.
fn combine(graph: &mut Graph, outputs: &Tensor, kind: OutputKind) -> Tensor {
    let combined = match kind {
        // ln(mean(softmax(z)))
        OutputKind::Softmax => {
            let probabilities = softmax(graph, outputs, 2);
            let mean = graph.mean(&probabilities, 0);
            graph.map("Log", &mean)
        }
        // logit(mean(σ(z)))
        OutputKind::Sigmoid => {
            let yes = sigmoid(graph, outputs);
            let yes = graph.mean(&yes, 0);
            let yes = graph.map("Log", &yes);
            let negative = graph.map("Neg", outputs);
            let no = sigmoid(graph, &negative);
            let no = graph.mean(&no, 0);
            let no = graph.map("Log", &no);
            graph.sub(&yes, &no)
        }
        OutputKind::Scores | OutputKind::Numbers => graph.mean(outputs, 0),
    };
    graph.squeeze(&combined, 0)
}

/// The class of each row of outputs, and its probabilities.
fn classify(graph: &mut Graph, outputs: &Tensor, d_output: usize, kind: OutputKind) -> Predicted {
    let index = if d_output == 1 {
        let zero = graph.double(0.0);
        let is_second = graph.compare("LessOrEqual", &zero, outputs);
        graph.cast(&is_second, ElementType::Int64)
    } else {
        graph.argmax(outputs, 1)
    };
    let probabilities = match kind {
        OutputKind::Softmax => Some(softmax(graph, outputs, 1)),
        OutputKind::Sigmoid => Some(sigmoids(graph, outputs, d_output)),
        OutputKind::Scores | OutputKind::Numbers => None,
    };
    let of_row = probabilities.as_ref().unwrap_or(outputs);
    Predicted::Classes {
        index: unless_nan(graph, &index, of_row),
        probabilities,
    }
}

/// The index, or [`NO_CLASS`] where a number of the row is NaN.
fn unless_nan(graph: &mut Graph, index: &Tensor, numbers: &Tensor) -> Tensor {
    let has_nan = graph.has_nan(numbers);
    let none = graph.list(&[NO_CLASS]);
    graph.select(&has_nan, &none, index)
}

/// Powers of e divided by their sum over an axis. The greatest exponent is subtracted first, so that none is
/// infinite.
fn softmax(graph: &mut Graph, logits: &Tensor, axis: i64) -> Tensor {
    let greatest = graph.greatest(logits, axis);
    let exponents = graph.sub(logits, &greatest);
    let powers = graph.map("Exp", &exponents);
    let sum = graph.sum(&powers, axis);
    graph.div(&powers, &sum)
}

/// `1 / (1 + e⁻ᶻ)`.
fn sigmoid(graph: &mut Graph, logits: &Tensor) -> Tensor {
    let negative = graph.map("Neg", logits);
    let power = graph.map("Exp", &negative);
    let one = graph.double(1.0);
    let sum = graph.add(&one, &power);
    graph.div(&one, &sum)
}

/// Probabilities from logits of one class against the rest, or from a single one of the second class.
fn sigmoids(graph: &mut Graph, logits: &Tensor, d_output: usize) -> Tensor {
    let of_classes = sigmoid(graph, logits);
    if d_output == 1 {
        let negative = graph.map("Neg", logits);
        let first = sigmoid(graph, &negative);
        return graph.concat(&[first, of_classes], 1);
    }
    let sum = graph.sum(&of_classes, 1);
    let normalized = graph.div(&of_classes, &sum);
    // Where all are tiny, they are powers of e, whose ratios do not underflow in a softmax.
    let powers = softmax(graph, logits, 1);
    let greatest = graph.greatest(logits, 1);
    let lowest = graph.double(LOWEST_SIGMOID);
    let are_tiny = graph.compare("Less", &greatest, &lowest);
    graph.select(&are_tiny, &powers, &normalized)
}

/// `z·std + mean`, or the number of which that is the logarithm, without the rounding to significant digits that `predict` adds.
fn restore(graph: &mut Graph, outputs: &Tensor, target: &TargetEncoding) -> Tensor {
    match target {
        TargetEncoding::Numbers { outputs: scalings } => {
            let shape = [1, scalings.len()];
            let std: Vec<f64> = scalings.iter().map(|scaling| scaling.std).collect();
            let mean: Vec<f64> = scalings.iter().map(|scaling| scaling.mean).collect();
            let std = graph.doubles("target.std", &shape, &std);
            let mean = graph.doubles("target.mean", &shape, &mean);
            let product = graph.mul(outputs, &std);
            let numbers = graph.add(&product, &mean);
            if scalings.iter().all(|scaling| scaling.log_factor.is_none()) {
                return numbers;
            }
            let columns = scalings.iter().enumerate().map(|(column, scaling)| {
                let number = graph.columns(&numbers, &[column], scalings.len());
                match scaling.log_factor {
                    None => number,
                    Some(factor) => power(graph, &number, scaling.log_range(), factor),
                }
            });
            let columns: Vec<Tensor> = columns.collect();
            graph.concat(&columns, 1)
        }
        TargetEncoding::Classes { .. } | TargetEncoding::Nothing => outputs.clone(),
    }
}

/// `factor · eˣ` of a number that is cut off at a range.
fn power(graph: &mut Graph, number: &Tensor, [low, high]: [f64; 2], factor: f64) -> Tensor {
    let [low, high, factor] = [low, high, factor].map(|bound| graph.double(bound));
    let number = graph.max(number, &low);
    let number = graph.min(&number, &high);
    let power = graph.map("Exp", &number);
    graph.mul(&power, &factor)
}

/// The mean of what the members of an ensemble predict, in which each counts by its weight.
pub fn average(graph: &mut Graph, members: Vec<(Predicted, f64)>) -> Option<Predicted> {
    let mut probabilities: Option<Tensor> = None;
    let mut numbers: Option<Tensor> = None;
    for (member, weight) in members {
        let (sum, values) = match member {
            Predicted::Classes {
                probabilities: values,
                ..
            } => (&mut probabilities, values?),
            Predicted::Numbers(values) => (&mut numbers, values),
        };
        let weight = graph.double(weight);
        let weighted = graph.mul(&values, &weight);
        *sum = Some(match sum {
            None => weighted,
            Some(sum) => graph.add(sum, &weighted),
        });
    }
    if let Some(numbers) = numbers {
        return Some(Predicted::Numbers(numbers));
    }
    let probabilities = probabilities?;
    let index = graph.argmax(&probabilities, 1);
    Some(Predicted::Classes {
        index: unless_nan(graph, &index, &probabilities),
        probabilities: Some(probabilities),
    })
}
