use burn::module::Module;
use burn::tensor::Tensor;

/// The Huber loss, squared for small errors and absolute for large ones ([Huber
/// 1964](https://doi.org/10.1214/aoms/1177703732)).
///
/// ```text
/// ℓ(e) = ½e²            if |e| ≤ δ
///        δ·(|e| − ½δ)   else
/// ```
///
/// Unlike Burn's loss of this name it takes a `δ` for each output, since outputs that are standardised
/// have units of their own.
#[derive(Module, Debug)]
pub struct HuberLoss {
    /// Where the squared part ends, above 0: one for each output, or one for all.
    pub deltas: Vec<f32>,
}

impl HuberLoss {
    /// The loss of each output, unreduced.
    ///
    /// # Shapes
    ///
    /// - output: `[batch_size, d_output]`
    /// - targets: `[batch_size, d_output]`
    /// - returns: `[batch_size, d_output]`
    ///
    /// # Panics
    ///
    /// If there are neither one nor `d_output` deltas.
    pub fn forward_no_reduction(&self, output: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
        let error = (output - targets).abs();
        let linear = match self.deltas.as_slice() {
            [delta] => error.clone().clamp_max(*delta),
            deltas => {
                let deltas = Tensor::<1>::from_floats(deltas, &error.device());
                error
                    .clone()
                    .min_pair(deltas.unsqueeze::<2>().expand(error.dims()))
            }
        };
        // With c = min(|e|, δ), both parts are c·(|e| − ½c).
        linear.clone() * (error - linear * 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn each_output_has_a_delta_of_its_own() {
        let device = Device::flex();
        let output = Tensor::from_floats([[1.0, 0.0], [-3.0, 3.0]], &device);
        let targets = Tensor::zeros([2, 2], &device);
        let loss = HuberLoss {
            deltas: vec![2.0, 0.5],
        };

        let losses = loss.forward_no_reduction(output, targets);

        // ½·1², 0; 2·(3 − 1), 0.5·(3 − 0.25).
        let losses = losses.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(losses, [0.5, 0.0, 4.0, 1.375]);
    }
}
