use burn::module::Module;
use burn::tensor::Tensor;

/// The perceptron criterion: how far misclassified rows are on the wrong side of the boundary.
///
/// `L = mean over rows of Σ over units of [misclassified]·(−t·z)`, `t ∈ {−1, +1}`
///
/// A unit predicts +1 if its net input `z ≥ 0`, else −1, like the [step](crate::activation::Step).
/// The gradient of a misclassified row is `−t·x`, and other rows have none, so gradient descent is
/// Rosenblatt's rule: add the inputs of a misclassified +1, subtract those of a misclassified −1. A
/// row exactly on the boundary has no loss, but if it is misclassified it has a gradient; otherwise
/// training could not leave zero weights.
///
/// See [Rosenblatt 1958](https://doi.org/10.1037/h0042519) and Bishop, *Pattern Recognition and
/// Machine Learning*, equation 4.54.
#[derive(Module, Debug, Default)]
pub struct PerceptronCriterion;

impl PerceptronCriterion {
    /// Creates the criterion.
    pub fn new() -> Self {
        Self
    }

    /// The mean loss of a batch.
    ///
    /// # Shapes
    ///
    /// - net_input: `[batch_size, d_output]`
    /// - targets: `[batch_size, d_output]`, each −1 or +1
    /// - returns: `[1]`
    #[allow(clippy::doc_markdown)] // Burn writes the shapes of arguments without backticks.
    pub fn forward(&self, net_input: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
        let [batch_size, _] = net_input.dims();
        self.forward_no_reduction(net_input, targets).sum() / batch_size as f32
    }

    /// The loss of each unit, unreduced.
    ///
    /// # Shapes
    ///
    /// - net_input: `[batch_size, d_output]`
    /// - targets: `[batch_size, d_output]`, each −1 or +1
    /// - returns: `[batch_size, d_output]`
    #[allow(clippy::doc_markdown, clippy::unused_self)] // As above; and as Burn's losses have it.
    pub fn forward_no_reduction(&self, net_input: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
        let predicted = net_input.clone().detach().greater_equal_scalar(0.0);
        let expected = targets.clone().greater_scalar(0.0);
        let correct = predicted.equal(expected);
        (net_input * targets).neg().mask_fill(correct, 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn only_misclassified_rows_have_loss_and_gradient() {
        let device = Device::flex().autodiff();
        // Correct, wrong by 2, wrong by 0.5.
        let net = Tensor::<2>::from_floats([[3.0], [-2.0], [0.5]], &device).require_grad();
        let targets = Tensor::from_floats([[1.0], [1.0], [-1.0]], &device);

        let loss = PerceptronCriterion::new().forward(net.clone(), targets);

        // (0 + 2 + 0.5) / 3
        assert!((loss.to_data().try_to_vec::<f32>().unwrap()[0] - 2.5 / 3.0).abs() < 1e-6);
        let gradient = net.grad(&loss.backward()).expect("net requires a gradient");
        let third = 1.0f32 / 3.0;
        gradient
            .into_data()
            .assert_eq(&TensorData::from([[0.0], [-third], [third]]), true);
    }

    #[test]
    fn a_misclassified_row_on_the_boundary_has_a_gradient_and_no_loss() {
        let device = Device::flex().autodiff();
        // A net input of 0 predicts +1: correct for the first row, wrong for the second.
        let net = Tensor::<2>::from_floats([[0.0], [0.0]], &device).require_grad();
        let targets = Tensor::from_floats([[1.0], [-1.0]], &device);

        let loss = PerceptronCriterion::new().forward(net.clone(), targets);

        assert_eq!(loss.to_data().try_to_vec::<f32>().unwrap(), [0.0]);
        let gradient = net.grad(&loss.backward()).expect("net requires a gradient");
        gradient
            .into_data()
            .assert_eq(&TensorData::from([[0.0f32], [0.5]]), true);
    }
}
