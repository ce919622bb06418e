use super::vectorized::vectorized;
use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use rayon::prelude::*;
use std::sync::Arc;

use super::operand::{Operand, concatenated, dims, elements, interleaved, record, tensor};

/// Rows that one thread embeds at a time.
const ROWS_PER_CHUNK: usize = 128;

/// `x·w + b + e·V` for each feature, with the piecewise-linear encoding `e` of the number `x`, or `None`
/// unless the tensors belong to flex and are in single precision.
///
/// In the bin `t` of a number, `e` is 1 for all bins before, and 0 for all after it. So with sums of `V` over
/// the bins before, a number needs two rows of `V`, whatever the number of bins.
///
/// # Shapes
///
/// - numbers: `[batch_size, num_features]`
/// - `linear_weight`, `linear_bias`: `[num_features, d_embedding]`
/// - weight: `[num_features, most_bins, d_embedding]`
/// - output: `[batch_size, num_features · d_embedding]`
pub fn piecewise_linear(
    numbers: &Tensor<2>,
    linear_weight: Tensor<2>,
    linear_bias: Tensor<2>,
    weight: Tensor<3>,
    bins: &Arc<Vec<Vec<f32>>>,
) -> Option<Tensor<2>> {
    let numbers = Operand::new(numbers.clone())?;
    let linear_weight = Operand::new(linear_weight)?;
    let (linear_bias, weight) = (Operand::new(linear_bias)?, Operand::new(weight)?);
    let [batch_size, columns]: [usize; 2] = numbers.dims();
    let [num_features, most_bins, d_embedding]: [usize; 3] = weight.dims();
    if columns != num_features || batch_size == 0 {
        return None;
    }
    let features: Vec<Vec<f32>> = weight
        .elements()
        .par_chunks(most_bins * d_embedding)
        .map(|weight| sums_before(weight, d_embedding))
        .collect();
    let width = num_features * d_embedding;
    let mut values = vec![0.0; batch_size * width];
    let rows = numbers.elements().par_chunks(ROWS_PER_CHUNK * num_features);
    let chunks = values.par_chunks_mut(ROWS_PER_CHUNK * width).zip(rows);
    chunks.for_each(|(values, rows)| {
        vectorized(
            #[inline(always)]
            || {
                let rows = rows.chunks_exact(num_features);
                for (values, row) in values.chunks_exact_mut(width).zip(rows) {
                    for (i, vector) in values.chunks_exact_mut(d_embedding).enumerate() {
                        let x = row[i];
                        let Place { bin, share, .. } = Place::of(x, &bins[i]);
                        let of_feature = i * d_embedding..(i + 1) * d_embedding;
                        let before = &features[i][bin * d_embedding..][..d_embedding];
                        let start = (i * most_bins + bin) * d_embedding;
                        let slopes = &weight.elements()[start..][..d_embedding];
                        let linear = linear_weight.elements()[of_feature.clone()].iter();
                        let linear = linear.zip(&linear_bias.elements()[of_feature]);
                        let parts = before.iter().zip(slopes).zip(linear);
                        for (value, ((before, slope), (w, b))) in vector.iter_mut().zip(parts) {
                            *value = x * w + b + before + share * slope;
                        }
                    }
                }
            },
        );
    });
    let output = tensor(values, [batch_size, width]);
    let state = State {
        numbers: numbers.tensor.clone(),
        linear_weight: linear_weight.tensor.clone(),
        weight: weight.tensor.clone(),
        bins: Arc::clone(bins),
    };
    let operands = [numbers, linear_weight, linear_bias, weight];
    record(PiecewiseLinearBackward, operands, output, || state)
}

/// For each bin, the sum of the rows of the bins before it.
fn sums_before(weight: &[f32], d_embedding: usize) -> Vec<f32> {
    let mut sums = Vec::with_capacity(weight.len());
    let mut sum = vec![0.0; d_embedding];
    for row in weight.chunks_exact(d_embedding) {
        sums.extend_from_slice(&sum);
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += value;
        }
    }
    sums
}

/// Where a number lies among the bins of its feature.
struct Place {
    bin: usize,
    /// The position within the bin: below 0 in the first and above 1 in the last one if the number is
    /// outside.
    share: f32,
    /// The inverse of the width of the bin.
    slope: f32,
}

impl Place {
    #[inline(always)]
    fn of(x: f32, edges: &[f32]) -> Self {
        let inner = &edges[1..edges.len() - 1];
        let bin = inner.partition_point(|&edge| edge <= x);
        let slope = 1.0 / (edges[bin + 1] - edges[bin]);
        Self {
            bin,
            share: (x - edges[bin]) * slope,
            slope,
        }
    }
}

/// The gradients of an embedding, feature by feature.
#[derive(Debug)]
struct PiecewiseLinearBackward;

#[derive(Clone, Debug)]
struct State {
    numbers: FlexTensor,
    linear_weight: FlexTensor,
    weight: FlexTensor,
    bins: Arc<Vec<Vec<f32>>>,
}

/// The gradients with respect to what one feature has.
struct FeatureGradients {
    numbers: Vec<f32>,
    linear_weight: Vec<f32>,
    linear_bias: Vec<f32>,
    weight: Vec<f32>,
}

impl State {
    fn feature(&self, index: usize, gradients: &[f32]) -> FeatureGradients {
        let [_, num_features]: [usize; 2] = dims(&self.numbers);
        let [_, most_bins, d_embedding]: [usize; 3] = dims(&self.weight);
        let width = num_features * d_embedding;
        let size = most_bins * d_embedding;
        let weight = &elements(&self.weight)[index * size..][..size];
        let linear = &elements(&self.linear_weight)[index * d_embedding..][..d_embedding];
        let zeros = || vec![0.0; d_embedding];
        let mut of = FeatureGradients {
            numbers: Vec::new(),
            linear_weight: zeros(),
            linear_bias: zeros(),
            weight: vec![0.0; size],
        };
        // Of the rows whose number is in a bin; they pass through all bins before.
        let mut passed = vec![0.0; size];
        let numbers = elements(&self.numbers)[index..]
            .iter()
            .step_by(num_features);
        vectorized(
            #[inline(always)]
            || {
                for (&x, row) in numbers.clone().zip(gradients.chunks_exact(width)) {
                    let gradients = &row[index * d_embedding..][..d_embedding];
                    let Place { bin, share, slope } = Place::of(x, &self.bins[index]);
                    let of_bin = bin * d_embedding..(bin + 1) * d_embedding;
                    let sums = of.linear_weight.iter_mut().zip(&mut of.linear_bias);
                    let bins = of.weight[of_bin.clone()].iter_mut();
                    let bins = bins.zip(&mut passed[of_bin.clone()]);
                    let slopes = weight[of_bin].iter().zip(linear);
                    let parts = sums.zip(bins).zip(slopes);
                    let mut of_number = 0.0;
                    for (gradient, (((w, b), (bin, passed)), (slope_of_bin, linear))) in
                        gradients.iter().zip(parts)
                    {
                        *w += gradient * x;
                        *b += gradient;
                        *bin += gradient * share;
                        *passed += gradient;
                        of_number += gradient * (linear + slope_of_bin * slope);
                    }
                    of.numbers.push(of_number);
                }
            },
        );
        let mut sum = zeros();
        let bins = of.weight.chunks_exact_mut(d_embedding);
        for (bin, passed) in bins.zip(passed.chunks_exact(d_embedding)).rev() {
            for ((value, sum), passed) in bin.iter_mut().zip(&mut sum).zip(passed) {
                *value += *sum;
                *sum += passed;
            }
        }
        of
    }
}

impl Backward<Flex, 4> for PiecewiseLinearBackward {
    type State = State;

    fn backward(
        self,
        operation: Ops<State, 4>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let state = operation.state;
        let [
            numbers_node,
            linear_weight_node,
            linear_bias_node,
            weight_node,
        ] = operation.parents;
        let gradient = gradients.consume::<Flex>(&operation.node).into_data();
        let gradient = FlexTensor::from_data(gradient);
        let [batch_size, num_features]: [usize; 2] = dims(&state.numbers);
        let [_, most_bins, d_embedding]: [usize; 3] = dims(&state.weight);
        // A feature is one thread's, so the order of sums does not depend on the number of threads.
        let features: Vec<FeatureGradients> = (0..num_features)
            .into_par_iter()
            .map(|index| state.feature(index, elements(&gradient)))
            .collect();
        if let Some(node) = numbers_node {
            let values = interleaved(&features, |of| &of.numbers);
            gradients.register::<Flex>(node.id, tensor(values, [batch_size, num_features]));
        }
        let linear = [num_features, d_embedding];
        if let Some(node) = linear_weight_node {
            gradients.register::<Flex>(
                node.id,
                tensor(concatenated(&features, |of| &of.linear_weight), linear),
            );
        }
        if let Some(node) = linear_bias_node {
            gradients.register::<Flex>(
                node.id,
                tensor(concatenated(&features, |of| &of.linear_bias), linear),
            );
        }
        if let Some(node) = weight_node {
            let dims = [num_features, most_bins, d_embedding];
            gradients.register::<Flex>(
                node.id,
                tensor(concatenated(&features, |of| &of.weight), dims),
            );
        }
    }
}
