use super::vectorized::vectorized;
use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use rayon::prelude::*;

use super::chunk::{CHUNK_SIZE, chunk_size};
use super::dropout::Mask;
use super::math::exp;
use super::operand::{Operand, dims, elements, record, tensor};
use super::rows::sum_of_rows;

/// An activation function that units blend with the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blend {
    /// `λx if x > 0, else λα(eˣ − 1)`.
    Selu,
    /// `x·tanh(ln(1 + eˣ))`.
    Mish,
}

impl Blend {
    /// The value and the derivative.
    #[inline(always)]
    fn evaluate(self, x: f32) -> (f32, f32) {
        match self {
            Self::Selu => {
                const ALPHA: f32 = 1.673_263_2;
                const LAMBDA: f32 = 1.050_701;
                let power = exp(x.min(0.0));
                if x > 0.0 {
                    (LAMBDA * x, LAMBDA)
                } else {
                    // Near zero, the power loses digits that its difference from 1 needs.
                    let minus_one = if x > -0.01 {
                        x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x / 24.0)))
                    } else {
                        power - 1.0
                    };
                    (LAMBDA * ALPHA * minus_one, LAMBDA * ALPHA * power)
                }
            }
            Self::Mish => {
                // With e = eˣ: tanh(ln(1 + e)) = (e² + 2e) / (e² + 2e + 2), which is 1 from x = 20 on.
                let power = exp(x.min(20.0));
                let numerator = power * (power + 2.0);
                let inverse = 1.0 / (numerator + 2.0);
                let tanh = numerator * inverse;
                let slope = 4.0 * power * (power + 1.0) * inverse * inverse;
                (x * tanh, tanh + x * slope)
            }
        }
    }
}

/// `dropout(x + a·(f(x) − x))` with a weight `a` of each unit, or `None` unless the tensors belong to flex and are in
/// single precision.
///
/// # Shapes
///
/// - input and output: `[batch_size, num_units]`
/// - weight: `[num_units]`
pub fn blend(
    input: &Tensor<2>,
    weight: Tensor<1>,
    function: Blend,
    dropout: Option<Mask>,
) -> Option<Tensor<2>> {
    let (input, weight) = (Operand::new(input.clone())?, Operand::new(weight)?);
    let dims: [usize; 2] = input.dims();
    if weight.dims() != [dims[1]] {
        return None;
    }
    let mut values = input.elements().to_vec();
    let weights = weight.elements();
    let pass = |(first, values): (usize, &mut [f32])| {
        let rows = &mut *values;
        vectorized(
            #[inline(always)]
            move || {
                for row in rows.chunks_exact_mut(weights.len()) {
                    for (value, &a) in row.iter_mut().zip(weights) {
                        let (y, _) = function.evaluate(*value);
                        *value += a * (y - *value);
                    }
                }
            },
        );
        if let Some(mask) = dropout {
            mask.apply(first, values);
        }
    };
    if values.len() <= CHUNK_SIZE {
        pass((0, &mut values));
    } else {
        let size = chunk_size(dims[1]);
        let chunks = values.par_chunks_mut(size).enumerate();
        chunks.for_each(|(chunk, values)| pass((chunk * size, values)));
    }
    let output = tensor(values, dims);
    let state = (
        function,
        dropout,
        input.tensor.clone(),
        weight.tensor.clone(),
    );
    record(BlendBackward, [input, weight], output, || state)
}

/// The gradients, with `δ = ∂L/∂y` after the dropout:
///
/// ```text
/// ∂L/∂x = δ ⊙ (1 + a·(f′(x) − 1))    ∂L/∂a = Σ δ ⊙ (f(x) − x) over the rows
/// ```
#[derive(Debug)]
struct BlendBackward;

impl Backward<Flex, 2> for BlendBackward {
    type State = (Blend, Option<Mask>, FlexTensor, FlexTensor);

    fn backward(
        self,
        operation: Ops<Self::State, 2>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (function, dropout, input, weight) = operation.state;
        let [input_node, weight_node] = operation.parents;
        let gradient = gradients.consume::<Flex>(&operation.node).into_data();
        let mut gradient = FlexTensor::from_data(gradient);
        let [_, num_units]: [usize; 2] = dims(&gradient);
        let weights = elements(&weight);
        let size = chunk_size(num_units);
        let pass = |(chunk, (gradients, inputs)): (usize, (&mut [f32], &[f32]))| {
            if let Some(mask) = dropout {
                mask.apply(chunk * size, gradients);
            }
            let mut of_units = vec![0.0; num_units];
            let sums = of_units.as_mut_slice();
            vectorized(
                #[inline(always)]
                move || {
                    let rows = gradients.chunks_exact_mut(num_units);
                    for (gradients, inputs) in rows.zip(inputs.chunks_exact(num_units)) {
                        let units = gradients.iter_mut().zip(inputs).zip(weights);
                        let units = units.zip(&mut *sums);
                        for (((gradient, &x), &a), sum) in units {
                            let (y, slope) = function.evaluate(x);
                            *sum += *gradient * (y - x);
                            *gradient *= 1.0 + a * (slope - 1.0);
                        }
                    }
                },
            );
            of_units
        };
        let chunks = gradient.storage_mut::<f32>().par_chunks_mut(size);
        // Summed chunk by chunk, so that the result does not depend on the number of threads.
        let sums: Vec<Vec<f32>> = chunks
            .zip(elements(&input).par_chunks(size))
            .enumerate()
            .map(pass)
            .collect();
        if let Some(node) = weight_node {
            let sums = sum_of_rows(&sums.concat(), num_units);
            gradients.register::<Flex>(node.id, tensor(sums, [num_units]));
        }
        if let Some(node) = input_node {
            gradients.register::<Flex>(node.id, gradient);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_derivatives_equal_their_definitions() {
        for i in -3000..=3000 {
            let x = f64::from(i) / 100.0;
            let mish = |x: f64| x * x.exp().ln_1p().tanh();
            let selu = |x: f64| {
                const ALPHA: f64 = 1.673_263_242_354_377_2;
                const LAMBDA: f64 = 1.050_700_987_355_480_5;
                LAMBDA * if x > 0.0 { x } else { ALPHA * x.exp_m1() }
            };
            let difference = |f: &dyn Fn(f64) -> f64| (f(x + 1e-6) - f(x - 1e-6)) / 2e-6;
            for (blend, y, slope) in [
                (Blend::Mish, mish(x), difference(&mish)),
                (Blend::Selu, selu(x), difference(&selu)),
            ] {
                #[expect(clippy::cast_possible_truncation)]
                let (actual, derivative) = blend.evaluate(x as f32);
                let close = |a: f32, b: f64| (f64::from(a) - b).abs() <= 2e-6 * (1.0 + b.abs());
                assert!(close(actual, y), "{blend:?}({x}) is {actual}, not {y}");
                // The slope of selu is different on both sides of zero.
                let is_kink = blend == Blend::Selu && i == 0;
                assert!(is_kink || close(derivative, slope), "{blend:?}′({x})");
            }
        }
    }
}
