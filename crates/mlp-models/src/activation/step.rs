use burn::module::Module;
use burn::tensor::Tensor;

/// The Heaviside step: a neuron either fires or does not.
///
/// `f(x) = 1 if x ≥ 0, else 0`
///
/// Its derivative is 0 everywhere except at the jump, where it does not exist, so nothing could be
/// learned through it. Backpropagation therefore uses a surrogate gradient, the *straight-through
/// estimator* with clipping: the derivative of `clamp(x, -1, 1)`, which is 1 for `|x| ≤ 1` and 0
/// outside. The forward value remains exactly 0 or 1.
///
/// See [Estimating or Propagating Gradients Through Stochastic Neurons
/// ](https://arxiv.org/abs/1308.3432) and [Binarized Neural Networks
/// ](https://arxiv.org/abs/1602.02830), equation 4.
#[derive(Module, Debug, Default)]
pub struct Step;

impl Step {
    /// Creates the module.
    pub fn new() -> Self {
        Self
    }

    /// Applies the step to each element.
    ///
    /// # Shapes
    ///
    /// - input: `[..., any]`
    /// - output: `[..., any]`
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        let step = input
            .clone()
            .detach()
            .greater_equal_scalar(0.0)
            .float()
            .cast(input.dtype());
        if !input.device().is_autodiff() {
            return step;
        }
        // The difference is exactly zero but carries the gradient of the surrogate.
        let surrogate = input.clamp(-1.0, 1.0);
        let gradient_only = surrogate.clone() - surrogate.detach();
        step + gradient_only
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn the_step_is_one_at_zero_and_above() {
        let input = Tensor::<1>::from_floats([-2.0, -0.1, 0.0, 0.1, 2.0], &Device::flex());

        let output = Step::new().forward(input);

        output
            .into_data()
            .assert_eq(&TensorData::from([0.0f32, 0.0, 1.0, 1.0, 1.0]), true);
    }

    #[test]
    fn gradients_pass_only_near_the_threshold() {
        let device = Device::flex().autodiff();
        let input = Tensor::<1>::from_floats([-1.5, -0.5, 0.5, 1.5], &device).require_grad();

        let output = Step::new().forward(input.clone());
        output
            .to_data()
            .assert_eq(&TensorData::from([0.0f32, 0.0, 1.0, 1.0]), true);
        let gradients = output.sum().backward();

        let gradient = input
            .grad(&gradients)
            .expect("the input requires a gradient");
        gradient
            .into_data()
            .assert_eq(&TensorData::from([0.0f32, 1.0, 1.0, 0.0]), true);
    }
}
