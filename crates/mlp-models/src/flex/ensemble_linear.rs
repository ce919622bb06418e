use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use rayon::prelude::*;

use super::matrix::Matrix;
use super::operand::{Operand, dims, elements, record, tensor};
use super::product::product;
use super::rows::sum_of_rows;

/// `xₖ·Wₖ + bₖ` for each member, or `None` unless the tensors belong to flex and are in single
/// precision.
///
/// # Shapes
///
/// - input: `[num_members · batch_size, d_input]`, one member's rows after another's
/// - weight: `[num_members, d_input, d_output]`
/// - bias: `[num_members, d_output]`
/// - output: `[num_members · batch_size, d_output]`
pub fn ensemble_linear(input: &Tensor<2>, weight: Tensor<3>, bias: Tensor<2>) -> Option<Tensor<2>> {
    let input = Operand::new(input.clone())?;
    let (weight, bias) = (Operand::new(weight)?, Operand::new(bias)?);
    let [num_rows, columns]: [usize; 2] = input.dims();
    let [num_members, d_input, d_output]: [usize; 3] = weight.dims();
    if columns != d_input || num_rows == 0 || !num_rows.is_multiple_of(num_members) {
        return None;
    }
    let batch_size = num_rows / num_members;
    let members = (input.elements().par_chunks(batch_size * d_input))
        .zip(weight.elements().par_chunks(d_input * d_output))
        .zip(bias.elements().par_chunks(d_output));
    let outputs: Vec<Vec<f32>> = members
        .map(|((rows, weight), bias)| {
            let rows = Matrix::new(rows, [batch_size, d_input]);
            let mut values = product(rows, Matrix::new(weight, [d_input, d_output]));
            for values in values.chunks_exact_mut(d_output) {
                for (value, bias) in values.iter_mut().zip(bias) {
                    *value += bias;
                }
            }
            values
        })
        .collect();
    let output = tensor(outputs.concat(), [num_rows, d_output]);
    let state = State {
        input: input.tensor.clone(),
        weight: weight.tensor.clone(),
    };
    record(EnsembleBackward, [input, weight, bias], output, || state)
}

/// The gradients of a linear layer, member by member.
#[derive(Debug)]
struct EnsembleBackward;

#[derive(Clone, Debug)]
struct State {
    input: FlexTensor,
    weight: FlexTensor,
}

impl Backward<Flex, 3> for EnsembleBackward {
    type State = State;

    fn backward(
        self,
        operation: Ops<State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let State { input, weight } = operation.state;
        let [input_node, weight_node, bias_node] = operation.parents;
        let gradient = gradients.consume::<Flex>(&operation.node).into_data();
        let gradient = FlexTensor::from_data(gradient);
        let [num_rows, d_output]: [usize; 2] = dims(&gradient);
        let [num_members, d_input, _]: [usize; 3] = dims(&weight);
        let batch_size = num_rows / num_members;
        let of_members = || elements(&gradient).par_chunks(batch_size * d_output);
        if let Some(node) = bias_node {
            let sums = of_members().map(|gradients| sum_of_rows(gradients, d_output));
            let sums: Vec<Vec<f32>> = sums.collect();
            gradients.register::<Flex>(node.id, tensor(sums.concat(), [num_members, d_output]));
        }
        if let Some(node) = weight_node {
            let rows = elements(&input).par_chunks(batch_size * d_input);
            let products = rows.zip(of_members()).map(|(rows, gradients)| {
                let rows = Matrix::new(rows, [batch_size, d_input]);
                let gradients = Matrix::new(gradients, [batch_size, d_output]);
                product(rows.transposed(), gradients)
            });
            let products: Vec<Vec<f32>> = products.collect();
            let values = products.concat();
            gradients.register::<Flex>(node.id, tensor(values, [num_members, d_input, d_output]));
        }
        if let Some(node) = input_node {
            let mut values = vec![0.0; num_rows * d_input];
            let members = (values.par_chunks_mut(batch_size * d_input))
                .zip(elements(&weight).par_chunks(d_input * d_output))
                .zip(of_members());
            members.for_each(|((values, weight), gradients)| {
                let gradients = Matrix::new(gradients, [batch_size, d_output]);
                let weight = Matrix::new(weight, [d_input, d_output]);
                values.copy_from_slice(&product(gradients, weight.transposed()));
            });
            gradients.register::<Flex>(node.id, tensor(values, [num_rows, d_input]));
        }
    }
}
