use super::vectorized::vectorized;
use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use rayon::prelude::*;

use super::Function;
use super::chunk::{CHUNK_SIZE, chunk_size};
use super::dropout::Mask;
use super::matrix::Matrix;
use super::operand::{Operand, dims, elements, record, tensor};
use super::product::product;
use super::rows::{add_to_rows, scale_and_add_to_rows, sum_of_rows};

/// What a layer does with the product of its inputs and weights.
#[derive(Clone, Copy, Debug)]
pub struct Epilogue {
    /// The number by which the product is multiplied.
    pub scale: f32,
    /// The activation.
    pub function: Function,
    /// The dropout of the outputs. Only outputs of [`Function::Relu`] can be dropped: the gradient is 0
    /// wherever the output is 0.
    pub dropout: Option<Mask>,
}

impl From<Function> for Epilogue {
    fn from(function: Function) -> Self {
        Self {
            scale: 1.0,
            function,
            dropout: None,
        }
    }
}

/// `f(scale·x·W + b)` with gradients for autodiff, or `None` unless the tensors belong to flex, and are in
/// single precision.
///
/// # Shapes
///
/// - input: `[batch_size, d_input]`
/// - weight: `[d_input, d_output]`
/// - bias: `[d_output]`
/// - output: `[batch_size, d_output]`
pub fn layer(
    input: &Tensor<2>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    epilogue: impl Into<Epilogue>,
) -> Option<Tensor<2>> {
    let epilogue = epilogue.into();
    // Mismatched shapes are left to Burn, which reports them.
    if input.dims()[1] != weight.dims()[0] {
        return None;
    }
    let input = Operand::new(input.clone())?;
    let (weight, bias) = (Operand::new(weight)?, Operand::new(bias)?);
    let output = forward(&input.tensor, &weight.tensor, &bias.tensor, epilogue);
    let kept = output.clone();
    // Input and weight are each needed for the gradient of the other.
    let of_input = weight.is_tracked.then(|| input.tensor.clone());
    let of_weight = input.is_tracked.then(|| weight.tensor.clone());
    record(LayerBackward, [input, weight, bias], output, || State {
        epilogue,
        input: of_input,
        weight: of_weight,
        output: kept,
    })
}

fn forward(
    input: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
    epilogue: Epilogue,
) -> FlexTensor {
    let [num_rows, _]: [usize; 2] = dims(input);
    let [_, d_output]: [usize; 2] = dims(weight);
    let bias = elements(bias);
    let Epilogue {
        scale,
        function,
        dropout,
    } = epilogue;
    let pass = |first: usize, values: &mut [f32]| {
        if scale == 1.0 {
            add_to_rows(values, bias);
        } else {
            scale_and_add_to_rows(values, scale, bias);
        }
        function.apply(values);
        if let Some(dropout) = dropout {
            dropout.apply(first, values);
        }
    };
    let mut values = product(matrix(input), matrix(weight));
    if values.len() <= CHUNK_SIZE {
        pass(0, &mut values);
    } else {
        let size = chunk_size(d_output);
        let chunks = values.par_chunks_mut(size).enumerate();
        chunks.for_each(|(chunk, values)| pass(chunk * size, values));
    }
    tensor(values, [num_rows, d_output])
}

/// The gradients of a layer, with `δ = ∂L/∂y ⊙ f′`:
///
/// ```text
/// ∂L/∂x = scale·δ·Wᵀ    ∂L/∂W = scale·xᵀ·δ    ∂L/∂b = Σ δ over the rows
/// ```
#[derive(Debug)]
struct LayerBackward;

#[derive(Clone, Debug)]
struct State {
    epilogue: Epilogue,
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
            epilogue,
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
            epilogue,
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

/// Multiplies the gradients by the derivative of the function at each value of a layer, returns
/// their sums over the rows, and multiplies them by the scale of the product.
fn apply_chain_rule(
    gradients: &mut [f32],
    values: &[f32],
    d_output: usize,
    epilogue: Epilogue,
) -> Vec<f32> {
    let Epilogue {
        scale,
        function,
        dropout,
    } = epilogue;
    let pass = |(gradients, values): (&mut [f32], &[f32])| {
        function.chain(gradients, values);
        if let Some(dropout) = dropout {
            // Those that were dropped are 0 already, like the derivative of relu at 0.
            multiply(gradients, dropout.kept_scale());
        }
        let sums = sum_of_rows(gradients, d_output);
        if scale != 1.0 {
            multiply(gradients, scale);
        }
        sums
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

fn multiply(values: &mut [f32], factor: f32) {
    vectorized(
        #[inline(always)]
        move || {
            for value in &mut *values {
                *value *= factor;
            }
        },
    );
}

fn matrix(tensor: &FlexTensor) -> Matrix<'_> {
    Matrix::new(elements(tensor), dims(tensor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::{Activation, ActivationConfig};
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::{Device, Distribution, Tolerance};

    fn of_linear(input: &Tensor<2>, linear: &Linear, function: Function) -> Option<Tensor<2>> {
        let bias = linear.bias.as_ref()?.val();
        layer(input, linear.weight.val(), bias, function)
    }

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
                let ours = of_linear(&input, &linear, function).unwrap();
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
        let output = of_linear(&input, &linear, Function::Relu).unwrap();
        let expected = burn::tensor::activation::relu(linear.forward(input));
        let tolerance = Tolerance::absolute(1e-6);
        output
            .into_data()
            .assert_approx_eq::<f32>(&expected.into_data(), tolerance);
    }
}
