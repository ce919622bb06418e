use burn::tensor::Tensor;

use crate::protocol::Failure;

/// The numbers of a tensor.
pub fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, Failure> {
    let numbers = tensor.into_data().try_to_vec::<f32>();
    numbers.map_err(|error| Failure::new(format!("the device failed: {error:?}")))
}
