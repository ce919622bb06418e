use burn::module::Module;
use burn::tensor::Tensor;

/// The quantile (pinball) loss, which is minimised by a quantile of the targets.
///
/// `ℓ(y, t) = max(q·(t − y), (q − 1)·(t − y))`
///
/// With `q = 0.9`, a prediction that is too low costs nine times as much as one that is too high, so
/// a network learns the value that nine tenths of the targets stay below ([Koenker and Bassett
/// 1978](https://doi.org/10.2307/1913643)). With `q = 0.5` it is half the absolute error.
#[derive(Module, Debug)]
pub struct PinballLoss {
    /// The quantile `q`, in (0, 1).
    pub quantile: f64,
}

impl PinballLoss {
    /// The loss of each output, unreduced.
    ///
    /// # Shapes
    ///
    /// - output: `[batch_size, d_output]`
    /// - targets: `[batch_size, d_output]`
    /// - returns: `[batch_size, d_output]`
    pub fn forward_no_reduction(&self, output: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
        let error = targets - output;
        (error.clone() * self.quantile).max_pair(error * (self.quantile - 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn the_quantile_weights_errors_below_and_above_the_target() {
        let device = Device::flex();
        let output = Tensor::from_floats([[1.0, 5.0]], &device);
        let targets = Tensor::from_floats([[3.0, 2.0]], &device);
        let loss = PinballLoss { quantile: 0.75 };

        let costs = loss.forward_no_reduction(output, targets);

        // 0.75·2 and 0.25·3.
        assert_eq!(costs.into_data().try_to_vec::<f32>().unwrap(), [1.5, 0.75]);
    }
}
