use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Autodiff, Flex, TensorMetadata};
use burn::nn::Linear;
use burn::tensor::{Bytes, DType, Shape, Tensor};
use pulp::Arch;
use rayon::prelude::*;

use super::Function;
use super::matrix::Matrix;
use super::product::product;

/// Elements that one thread processes at a time: few enough to fit its cache, and enough to outweigh
/// the cost of handing them to a thread.
const CHUNK_SIZE: usize = 1 << 15;

/// `f(x·W + b)` with gradients for autodiff, or `None` unless the tensors belong to flex, are in single
/// precision and include a bias.
///
/// # Shapes
///
/// - input: `[batch_size, d_input]`
/// - output: `[batch_size, d_output]`
pub fn layer(input: &Tensor<2>, linear: &Linear, function: Function) -> Option<Tensor<2>> {
    let bias = linear.bias.as_ref()?.val();
    let weight = linear.weight.val();
    let types = [input.dtype(), weight.dtype(), bias.dtype()];
    // Mismatched shapes are left to Burn, which reports them.
    if types != [DType::F32; 3] || input.dims()[1] != weight.dims()[0] {
        return None;
    }
    let input = input.clone();
    if !input.is_autodiff() {
        let input = input.try_into_primitive::<Flex>().ok()?;
        let weight = weight.try_into_primitive::<Flex>().ok()?;
        let bias = bias.try_into_primitive::<Flex>().ok()?;
        let [input, weight, bias] = [input, weight, bias].map(contiguous);
        let output = forward(&input, &weight, &bias, function);
        return Some(Tensor::from_primitive::<Flex>(output));
    }
    let input = input.try_into_primitive::<Autodiff<Flex>>().ok()?;
    let weight = weight.try_into_primitive::<Autodiff<Flex>>().ok()?;
    let bias = bias.try_into_primitive::<Autodiff<Flex>>().ok()?;
    let is_tracked = [input.is_tracked(), weight.is_tracked()];
    let (input, input_node) = input.into_parts();
    let (weight, weight_node) = weight.into_parts();
    let (bias, bias_node) = bias.into_parts();
    let [input, weight, bias] = [input, weight, bias].map(contiguous);
    let output = forward(&input, &weight, &bias, function);
    let operation = LayerBackward
        .prepare::<NoCheckpointing>([input_node, weight_node, bias_node])
        .compute_bound()
        .stateful();
    let output = match operation {
        OpsKind::UnTracked(operation) => operation.finish(output),
        OpsKind::Tracked(operation) => {
            let [input_is_tracked, weight_is_tracked] = is_tracked;
            let state = State {
                function,
                // Input and weight are each needed for the gradient of the other.
                input: weight_is_tracked.then_some(input),
                weight: input_is_tracked.then_some(weight),
                output: output.clone(),
            };
            operation.finish(state, output)
        }
    };
    Some(Tensor::from_primitive::<Autodiff<Flex>>(output))
}

/// The output of a layer.
fn forward(
    input: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
    function: Function,
) -> FlexTensor {
    let [num_rows, _] = dims(input);
    let [_, d_output] = dims(weight);
    let bias = elements(bias);
    let pass = |values: &mut [f32]| {
        add_to_rows(values, bias);
        function.apply(values);
    };
    let mut values = product(matrix(input), matrix(weight));
    if values.len() <= CHUNK_SIZE {
        pass(&mut values);
    } else {
        values.par_chunks_mut(chunk_size(d_output)).for_each(pass);
    }
    tensor(values, [num_rows, d_output])
}

/// The gradients of a layer, with `δ = ∂L/∂y ⊙ f′`:
///
/// ```text
/// ∂L/∂x = δ·Wᵀ    ∂L/∂W = xᵀ·δ    ∂L/∂b = Σ δ over the rows
/// ```
#[derive(Debug)]
struct LayerBackward;

#[derive(Clone, Debug)]
struct State {
    function: Function,
    input: Option<FlexTensor>,
    weight: Option<FlexTensor>,
    output: FlexTensor,
}

impl Backward<Flex, 3> for LayerBackward {
    type State = State;

    fn backward(
        self,
        operation: Ops<State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let State {
            function,
            input,
            weight,
            output,
        } = operation.state;
        let [input_node, weight_node, bias_node] = operation.parents;
        // Data that is contiguous and not shared is not copied.
        let gradient = gradients.consume::<Flex>(&operation.node).into_data();
        let mut gradient = FlexTensor::from_data(gradient);
        let [_, d_output] = dims(&gradient);
        let bias_gradient = apply_chain_rule(
            gradient.storage_mut(),
            elements(&output),
            d_output,
            function,
        );
        if let Some(node) = bias_node {
            gradients.register::<Flex>(node.id, tensor(bias_gradient, [d_output]));
        }
        if let (Some(node), Some(input)) = (weight_node, input) {
            let [_, d_input] = dims(&input);
            let values = product(matrix(&input).transposed(), matrix(&gradient));
            gradients.register::<Flex>(node.id, tensor(values, [d_input, d_output]));
        }
        if let (Some(node), Some(weight)) = (input_node, weight) {
            let [num_rows, _] = dims(&gradient);
            let [d_input, _] = dims(&weight);
            let values = product(matrix(&gradient), matrix(&weight).transposed());
            gradients.register::<Flex>(node.id, tensor(values, [num_rows, d_input]));
        }
    }
}

/// Multiplies the gradients by the derivative of the function at each value of a layer, and returns
/// their sums over the rows.
fn apply_chain_rule(
    gradients: &mut [f32],
    values: &[f32],
    d_output: usize,
    function: Function,
) -> Vec<f32> {
    let pass = |(gradients, values): (&mut [f32], &[f32])| {
        function.chain(gradients, values);
        sum_of_rows(gradients, d_output)
    };
    if gradients.len() <= CHUNK_SIZE {
        return pass((gradients, values));
    }
    let size = chunk_size(d_output);
    let chunks = gradients.par_chunks_mut(size);
    // Summed chunk by chunk, so that the result does not depend on the number of threads.
    let sums: Vec<Vec<f32>> = chunks.zip(values.par_chunks(size)).map(pass).collect();
    sum_of_rows(&sums.concat(), d_output)
}

/// The number of elements of the rows that fit into a chunk, of at least one row.
fn chunk_size(columns: usize) -> usize {
    (CHUNK_SIZE / columns).max(1) * columns
}

fn add_to_rows(values: &mut [f32], row: &[f32]) {
    Arch::new().dispatch(|| {
        for values in values.chunks_exact_mut(row.len()) {
            for (value, addend) in values.iter_mut().zip(row) {
                *value += addend;
            }
        }
    });
}

fn sum_of_rows(values: &[f32], columns: usize) -> Vec<f32> {
    let mut sums = vec![0.0; columns];
    Arch::new().dispatch(|| {
        for row in values.chunks_exact(columns) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
    });
    sums
}

fn dims(tensor: &FlexTensor) -> [usize; 2] {
    tensor.shape().dims()
}

/// The tensor with contiguous rows. It is copied only if needed: the rows of a batch may be part of a
/// larger tensor.
fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.layout().is_contiguous() {
        tensor
    } else {
        tensor.to_contiguous()
    }
}

/// The elements of a contiguous tensor.
fn elements(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("the tensor is contiguous")
}

fn matrix(tensor: &FlexTensor) -> Matrix<'_> {
    Matrix::new(elements(tensor), dims(tensor))
}

fn tensor<const D: usize>(elements: Vec<f32>, dims: [usize; D]) -> FlexTensor {
    let layout = Layout::contiguous(Shape::from(dims));
    FlexTensor::new(Bytes::from_elems(elements), layout, DType::F32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::{Activation, ActivationConfig};
    use burn::nn::LinearConfig;
    use burn::tensor::{Device, Distribution, Tolerance};

    /// The output and the gradients with respect to the input, the weights and the biases.
    fn results(input: &Tensor<2>, linear: &Linear, output: Tensor<2>) -> Vec<Tensor<2>> {
        // Every output has a different weight.
        let [rows, columns] = output.dims();
        let device = output.device();
        let count = i64::try_from(rows * columns).unwrap();
        let indices = Tensor::arange(0..count, &device).float();
        let weights = (indices.reshape([rows, columns]) * 0.7).sin();
        let gradients = (output.clone() * weights).sum().backward();
        let bias = linear.bias.as_ref().unwrap();
        vec![
            output.inner(),
            input.grad(&gradients).unwrap(),
            linear.weight.val().grad(&gradients).unwrap(),
            bias.val().grad(&gradients).unwrap().unsqueeze(),
        ]
    }

    #[test]
    fn values_and_gradients_equal_those_of_burns_operations() {
        let device = Device::flex().autodiff();
        device.seed(5);
        let functions = [
            (ActivationConfig::Identity, Function::Identity),
            (ActivationConfig::Relu, Function::Relu),
            (ActivationConfig::Sigmoid, Function::Sigmoid),
            (ActivationConfig::Tanh, Function::Tanh),
        ];
        // Computed by a single thread, and divided among threads.
        for [rows, d_input, d_output] in [[3, 4, 5], [1, 1, 1], [700, 60, 90]] {
            let linear = LinearConfig::new(d_input, d_output).init(&device);
            let distribution = Distribution::Normal(0.0, 1.0);
            let input = Tensor::<2>::random([d_input, rows], distribution, &device);
            // Stored column by column.
            let input = input.transpose().require_grad();
            for (activation, function) in functions {
                let activation: Activation = activation.init();
                let burns = activation.forward(linear.forward(input.clone()));
                let ours = layer(&input, &linear, function).unwrap();
                let burns = results(&input, &linear, burns);
                for (ours, burns) in results(&input, &linear, ours).into_iter().zip(burns) {
                    let tolerance = Tolerance::rel_abs(1e-4, 1e-5);
                    let (ours, burns) = (ours.into_data(), burns.into_data());
                    ours.assert_approx_eq::<f32>(&burns, tolerance);
                }
            }
        }
    }

    #[test]
    fn values_are_the_same_without_autodiff() {
        let device = Device::flex();
        let linear = LinearConfig::new(3, 2).init(&device);
        let input = Tensor::<2>::from_floats([[1.0, -2.0, 0.5]], &device);
        let output = layer(&input, &linear, Function::Relu).unwrap();
        let expected = burn::tensor::activation::relu(linear.forward(input));
        let tolerance = Tolerance::absolute(1e-6);
        output
            .into_data()
            .assert_approx_eq::<f32>(&expected.into_data(), tolerance);
    }
}
