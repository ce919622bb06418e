use core::f32::consts::TAU;

use super::vectorized::vectorized;
use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use rayon::prelude::*;

use super::math::sin_cos_of_turns;
use super::operand::{Operand, concatenated, dims, elements, interleaved, record, tensor};

/// Rows that one thread embeds at a time.
const ROWS_PER_CHUNK: usize = 128;

/// `[cos(2π·x·c + p)·W + b, x]` for each feature, or `None` unless the tensors belong to flex and are in
/// single precision.
///
/// # Shapes
///
/// - numbers: `[batch_size, num_features]`
/// - frequencies, phases: `[num_features, num_frequencies]`
/// - weight: `[num_features, num_frequencies, d_learned]`
/// - bias: `[num_features, d_learned]`
/// - output: `[batch_size, num_features · (d_learned + 1)]`
pub fn pbld(
    numbers: &Tensor<2>,
    frequencies: Tensor<2>,
    phases: Tensor<2>,
    weight: Tensor<3>,
    bias: Tensor<2>,
) -> Option<Tensor<2>> {
    let numbers = Operand::new(numbers.clone())?;
    let (frequencies, phases) = (Operand::new(frequencies)?, Operand::new(phases)?);
    let (weight, bias) = (Operand::new(weight)?, Operand::new(bias)?);
    let [batch_size, columns]: [usize; 2] = numbers.dims();
    let [num_features, num_frequencies, d_learned]: [usize; 3] = weight.dims();
    if columns != num_features || batch_size == 0 {
        return None;
    }
    let waves = Waves {
        frequencies: frequencies.tensor.clone(),
        phases: phases.tensor.clone(),
        weight: weight.tensor.clone(),
        num_frequencies,
        d_learned,
    };
    let width = num_features * (d_learned + 1);
    let mut values = vec![0.0; batch_size * width];
    let features: Vec<Feature> = (0..num_features).map(|i| waves.feature(i)).collect();
    let rows = numbers.elements().par_chunks(ROWS_PER_CHUNK * num_features);
    let chunks = values.par_chunks_mut(ROWS_PER_CHUNK * width).zip(rows);
    chunks.for_each(|(values, rows)| {
        let mut cosines = vec![0.0; num_frequencies];
        vectorized(
            #[inline(always)]
            || {
                let rows = rows.chunks_exact(num_features);
                for (values, row) in values.chunks_exact_mut(width).zip(rows) {
                    let vectors = values.chunks_exact_mut(d_learned + 1);
                    let biases = bias.elements().chunks_exact(d_learned);
                    for (((vector, &x), feature), bias) in
                        vectors.zip(row).zip(&features).zip(biases)
                    {
                        feature.cosines(x, &mut cosines);
                        let (learned, last) = vector.split_at_mut(d_learned);
                        let weights = feature.weights.chunks_exact(num_frequencies);
                        for ((value, weights), bias) in learned.iter_mut().zip(weights).zip(bias) {
                            *value = bias + dot(&cosines, weights);
                        }
                        last[0] = x;
                    }
                }
            },
        );
    });
    let output = tensor(values, [batch_size, width]);
    let state = (numbers.tensor.clone(), waves);
    let operands = [numbers, frequencies, phases, weight, bias];
    record(PbldBackward, operands, output, || state)
}

#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Several sums at once, which a processor adds up in one register.
    const LANES: usize = 16;
    let mut sums = [0.0; LANES];
    let (chunks_a, chunks_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = chunks_a.remainder().iter().zip(chunks_b.remainder());
    let rest: f32 = rest.map(|(a, b)| a * b).sum();
    for (a, b) in chunks_a.zip(chunks_b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// The parameters of all features, without the biases.
#[derive(Clone, Debug)]
struct Waves {
    frequencies: FlexTensor,
    phases: FlexTensor,
    weight: FlexTensor,
    num_frequencies: usize,
    d_learned: usize,
}

/// The parameters of one feature.
struct Feature<'a> {
    frequencies: &'a [f32],
    /// In turns.
    phases: Vec<f32>,
    /// `[d_learned, num_frequencies]`.
    weights: Vec<f32>,
}

impl Waves {
    fn feature(&self, index: usize) -> Feature<'_> {
        let (num_frequencies, d_learned) = (self.num_frequencies, self.d_learned);
        let of_feature = |tensor| &elements(tensor)[index * num_frequencies..][..num_frequencies];
        let size = num_frequencies * d_learned;
        let weight = &elements(&self.weight)[index * size..][..size];
        let phases = of_feature(&self.phases).iter();
        let weights = (0..d_learned).flat_map(|i| weight[i..].iter().step_by(d_learned));
        Feature {
            frequencies: of_feature(&self.frequencies),
            phases: phases.map(|phase| phase / TAU).collect(),
            weights: weights.copied().collect(),
        }
    }
}

impl Feature<'_> {
    #[inline(always)]
    fn cosines(&self, x: f32, cosines: &mut [f32]) {
        let waves = self.frequencies.iter().zip(&self.phases);
        for (cosine, (frequency, phase)) in cosines.iter_mut().zip(waves) {
            (_, *cosine) = sin_cos_of_turns(x * frequency + phase);
        }
    }
}

/// The gradients of an embedding, feature by feature.
#[derive(Debug)]
struct PbldBackward;

/// The gradients with respect to what one feature has.
struct FeatureGradients {
    numbers: Vec<f32>,
    frequencies: Vec<f32>,
    phases: Vec<f32>,
    /// `[num_frequencies, d_learned]`.
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Backward<Flex, 5> for PbldBackward {
    type State = (FlexTensor, Waves);

    fn backward(
        self,
        operation: Ops<Self::State, 5>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (numbers, waves) = operation.state;
        let [
            numbers_node,
            frequencies_node,
            phases_node,
            weight_node,
            bias_node,
        ] = operation.parents;
        let gradient = gradients.consume::<Flex>(&operation.node).into_data();
        let gradient = FlexTensor::from_data(gradient);
        let [batch_size, num_features]: [usize; 2] = dims(&numbers);
        let (num_frequencies, d_learned) = (waves.num_frequencies, waves.d_learned);
        let of_feature = |index: usize| {
            let (numbers, gradient) = (elements(&numbers), elements(&gradient));
            feature_gradients(
                &waves.feature(index),
                [index, num_features],
                numbers,
                gradient,
            )
        };
        // A feature is one thread's, so the order of sums does not depend on the number of threads.
        let features: Vec<FeatureGradients> =
            (0..num_features).into_par_iter().map(of_feature).collect();
        let waves = [num_features, num_frequencies];
        if let Some(node) = numbers_node {
            let values = interleaved(&features, |of| &of.numbers);
            gradients.register::<Flex>(node.id, tensor(values, [batch_size, num_features]));
        }
        if let Some(node) = frequencies_node {
            gradients.register::<Flex>(
                node.id,
                tensor(concatenated(&features, |of| &of.frequencies), waves),
            );
        }
        if let Some(node) = phases_node {
            gradients.register::<Flex>(
                node.id,
                tensor(concatenated(&features, |of| &of.phases), waves),
            );
        }
        if let Some(node) = weight_node {
            let dims = [num_features, num_frequencies, d_learned];
            gradients.register::<Flex>(
                node.id,
                tensor(concatenated(&features, |of| &of.weight), dims),
            );
        }
        if let Some(node) = bias_node {
            let dims = [num_features, d_learned];
            gradients.register::<Flex>(
                node.id,
                tensor(concatenated(&features, |of| &of.bias), dims),
            );
        }
    }
}

/// The gradients of the feature with an index, of so many features.
fn feature_gradients(
    feature: &Feature,
    [index, num_features]: [usize; 2],
    numbers: &[f32],
    gradients: &[f32],
) -> FeatureGradients {
    let num_frequencies = feature.frequencies.len();
    let d_learned = feature.weights.len() / num_frequencies;
    let width = num_features * (d_learned + 1);
    let zeros = || vec![0.0; num_frequencies];
    let (mut frequencies, mut phases) = (zeros(), zeros());
    let mut weights = vec![0.0; feature.weights.len()];
    let mut bias = vec![0.0; d_learned];
    let (mut cosines, mut slopes, mut of_waves) = (zeros(), zeros(), zeros());
    let mut of_numbers = Vec::with_capacity(numbers.len() / num_features);
    vectorized(
        #[inline(always)]
        || {
            let rows = gradients.chunks_exact(width);
            for (&x, gradients) in numbers[index..].iter().step_by(num_features).zip(rows) {
                let gradients = &gradients[index * (d_learned + 1)..][..=d_learned];
                let waves = feature.frequencies.iter().zip(&feature.phases);
                let derivatives = cosines.iter_mut().zip(&mut slopes);
                for ((cosine, slope), (frequency, phase)) in derivatives.zip(waves) {
                    let (sine, cos) = sin_cos_of_turns(x * frequency + phase);
                    (*cosine, *slope) = (cos, -sine);
                }
                of_waves.fill(0.0);
                let of_learned = feature.weights.chunks_exact(num_frequencies);
                let sums = weights.chunks_exact_mut(num_frequencies).zip(&mut bias);
                for ((gradient, weights), (sums, bias)) in
                    gradients.iter().zip(of_learned).zip(sums)
                {
                    *bias += gradient;
                    let waves = of_waves
                        .iter_mut()
                        .zip(weights)
                        .zip(sums.iter_mut().zip(&cosines));
                    for ((of_wave, weight), (sum, cosine)) in waves {
                        *of_wave += gradient * weight;
                        *sum += gradient * cosine;
                    }
                }
                let waves = of_waves.iter_mut().zip(&slopes);
                let sums = phases.iter_mut().zip(&mut frequencies);
                for ((of_wave, slope), (phase, frequency)) in waves.zip(sums) {
                    *of_wave *= slope;
                    *phase += *of_wave;
                    *frequency += *of_wave * (TAU * x);
                }
                of_numbers.push(TAU * dot(&of_waves, feature.frequencies) + gradients[d_learned]);
            }
        },
    );
    let weight = (0..num_frequencies).flat_map(|i| weights[i..].iter().step_by(num_frequencies));
    FeatureGradients {
        numbers: of_numbers,
        frequencies,
        phases,
        weight: weight.copied().collect(),
        bias,
    }
}
