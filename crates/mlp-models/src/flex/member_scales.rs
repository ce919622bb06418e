use super::vectorized::vectorized;
use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use rayon::prelude::*;

use super::operand::{Operand, dims, elements, record, tensor};

/// Each member's rows times its scales, or `None` unless the tensors belong to flex and are in single
/// precision.
///
/// # Shapes
///
/// - input: `[num_members · batch_size, width]`, one member's rows after another's; or
///   `[batch_size, width]`, the same rows for all members
/// - scales: `[num_members, width]`
/// - output: `[num_members · batch_size, width]`
pub fn scale_members(input: &Tensor<2>, scales: Tensor<2>, is_shared: bool) -> Option<Tensor<2>> {
    let (input, scales) = (Operand::new(input.clone())?, Operand::new(scales)?);
    let [num_rows, width]: [usize; 2] = input.dims();
    let [num_members, columns]: [usize; 2] = scales.dims();
    if columns != width || !(is_shared || num_rows.is_multiple_of(num_members)) {
        return None;
    }
    let rows = input.elements();
    let len = if is_shared {
        rows.len()
    } else {
        rows.len() / num_members
    };
    let mut values = vec![0.0; len * num_members];
    let members = values.par_chunks_mut(len.max(1)).enumerate();
    members.for_each(|(member, values)| {
        let first = if is_shared { 0 } else { member * len };
        let scales = &scales.elements()[member * width..][..width];
        vectorized(
            #[inline(always)]
            || {
                let rows = rows[first..][..len].chunks_exact(width);
                for (values, row) in values.chunks_exact_mut(width).zip(rows) {
                    for ((value, x), scale) in values.iter_mut().zip(row).zip(scales) {
                        *value = x * scale;
                    }
                }
            },
        );
    });
    let output = tensor(values, [len / width.max(1) * num_members, width]);
    let state = State {
        input: scales.is_tracked.then(|| input.tensor.clone()),
        scales: scales.tensor.clone(),
        is_shared,
    };
    record(ScalesBackward, [input, scales], output, || state)
}

/// The gradients, with `δ = ∂L/∂y`: `∂L/∂x = δ ⊙ s`, and `∂L/∂s = Σ δ ⊙ x` over the rows of a member.
/// Rows that are shared get the sum over the members.
#[derive(Debug)]
struct ScalesBackward;

#[derive(Clone, Debug)]
struct State {
    input: Option<FlexTensor>,
    scales: FlexTensor,
    is_shared: bool,
}

impl Backward<Flex, 2> for ScalesBackward {
    type State = State;

    fn backward(
        self,
        operation: Ops<State, 2>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let State {
            input,
            scales,
            is_shared,
        } = operation.state;
        let [input_node, scales_node] = operation.parents;
        let gradient = gradients.consume::<Flex>(&operation.node).into_data();
        let mut gradient = FlexTensor::from_data(gradient);
        let [num_rows, width]: [usize; 2] = dims(&gradient);
        let [num_members, _]: [usize; 2] = dims(&scales);
        let batch_size = num_rows / num_members;
        let len = batch_size * width;
        if let (Some(node), Some(input)) = (scales_node, input) {
            let rows = elements(&input);
            let mut sums = vec![0.0; num_members * width];
            let members = sums
                .par_chunks_mut(width)
                .zip(elements(&gradient).par_chunks(len));
            members.enumerate().for_each(|(member, (sums, gradients))| {
                let first = if is_shared { 0 } else { member * len };
                vectorized(
                    #[inline(always)]
                    || {
                        let rows = rows[first..][..len].chunks_exact(width);
                        for (gradients, row) in gradients.chunks_exact(width).zip(rows) {
                            for ((sum, gradient), x) in sums.iter_mut().zip(gradients).zip(row) {
                                *sum += gradient * x;
                            }
                        }
                    },
                );
            });
            gradients.register::<Flex>(node.id, tensor(sums, [num_members, width]));
        }
        let Some(node) = input_node else {
            return;
        };
        let scales = elements(&scales);
        if is_shared {
            let mut sums = vec![0.0; len];
            let members = elements(&gradient);
            let rows = sums.par_chunks_mut(width).enumerate();
            rows.for_each(|(row, sums)| {
                for (member, scales) in scales.chunks_exact(width).enumerate() {
                    let gradients = &members[member * len + row * width..][..width];
                    for ((sum, gradient), scale) in sums.iter_mut().zip(gradients).zip(scales) {
                        *sum += gradient * scale;
                    }
                }
            });
            gradients.register::<Flex>(node.id, tensor(sums, [batch_size, width]));
            return;
        }
        let members = gradient.storage_mut::<f32>().par_chunks_mut(len);
        members
            .zip(scales.par_chunks(width))
            .for_each(|(gradients, scales)| {
                vectorized(
                    #[inline(always)]
                    || {
                        for gradients in gradients.chunks_exact_mut(width) {
                            for (gradient, scale) in gradients.iter_mut().zip(scales) {
                                *gradient *= scale;
                            }
                        }
                    },
                );
            });
        gradients.register::<Flex>(node.id, gradient);
    }
}
