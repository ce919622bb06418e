//! The tensors of flex, whose numbers are in the host's memory.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::{DType, Tensor};

/// The tensor of flex, row by row and contiguous, if it is one of single precision.
pub fn contiguous<const D: usize>(tensor: &Tensor<D>) -> Option<FlexTensor> {
    if tensor.dtype() != DType::F32 {
        return None;
    }
    let tensor = tensor.clone().try_into_primitive::<Flex>().ok()?;
    Some(tensor.to_contiguous())
}

/// The tensor of flex, row by row and contiguous, without an offset: one whose numbers can be changed.
pub fn whole<const D: usize>(tensor: Tensor<D>) -> FlexTensor {
    // Nothing is copied that is so already and that nobody else holds.
    FlexTensor::from_data(tensor.into_data())
}

/// The numbers of a tensor.
pub fn numbers(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("it is contiguous")
}
