use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::ops::{Backward, NodeGuard, OpsKind};
use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Autodiff, Flex, TensorMetadata};
use burn::tensor::{Bytes, DType, Shape, Tensor};

/// Whether a tensor belongs to flex and is in single precision.
pub fn is_of_flex<const D: usize>(tensor: &Tensor<D>) -> bool {
    if tensor.dtype() != DType::F32 {
        return false;
    }
    let tensor = tensor.clone();
    if tensor.is_autodiff() {
        tensor.try_into_primitive::<Autodiff<Flex>>().is_ok()
    } else {
        tensor.try_into_primitive::<Flex>().is_ok()
    }
}

/// A tensor that an operation of this folder takes: of flex, in single precision, contiguous.
pub struct Operand {
    /// The tensor, off autodiff.
    pub tensor: FlexTensor,
    /// Whether a gradient with respect to it is asked for.
    pub is_tracked: bool,
    /// Its place in the graph of autodiff, if it is on autodiff.
    guard: Option<NodeGuard>,
}

impl Operand {
    /// `None` unless the tensor belongs to flex and is in single precision. It is copied only if it is
    /// not contiguous.
    pub fn new<const D: usize>(tensor: Tensor<D>) -> Option<Self> {
        if tensor.dtype() != DType::F32 {
            return None;
        }
        if tensor.is_autodiff() {
            let tensor = tensor.try_into_primitive::<Autodiff<Flex>>().ok()?;
            let is_tracked = tensor.is_tracked();
            let (tensor, guard) = tensor.into_parts();
            return Some(Self {
                tensor: contiguous(tensor),
                is_tracked,
                guard: Some(guard),
            });
        }
        let tensor = tensor.try_into_primitive::<Flex>().ok()?;
        Some(Self {
            tensor: contiguous(tensor),
            is_tracked: false,
            guard: None,
        })
    }

    /// The elements, row by row.
    pub fn elements(&self) -> &[f32] {
        elements(&self.tensor)
    }

    /// The shape.
    pub fn dims<const D: usize>(&self) -> [usize; D] {
        self.tensor.shape().dims()
    }
}

/// The output of an operation as a tensor, recorded for autodiff if the operands are on autodiff.
/// `None` if some of them are and others are not.
pub fn record<const N: usize, const D: usize, B: Backward<Flex, N>>(
    operation: B,
    operands: [Operand; N],
    output: FlexTensor,
    state: impl FnOnce() -> B::State,
) -> Option<Tensor<D>> {
    let guards = operands.map(|operand| operand.guard);
    if guards.iter().all(Option::is_none) {
        return Some(Tensor::from_primitive::<Flex>(output));
    }
    if guards.iter().any(Option::is_none) {
        return None;
    }
    let guards = guards.map(|guard| guard.expect("all operands are on autodiff"));
    let operation = operation
        .prepare::<NoCheckpointing>(guards)
        .compute_bound()
        .stateful();
    let output = match operation {
        OpsKind::UnTracked(operation) => operation.finish(output),
        OpsKind::Tracked(operation) => operation.finish(state(), output),
    };
    Some(Tensor::from_primitive::<Autodiff<Flex>>(output))
}

/// The tensor with contiguous rows. It is copied only if needed: the rows of a batch may be part of a
/// larger tensor.
pub fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.layout().is_contiguous() {
        tensor
    } else {
        tensor.to_contiguous()
    }
}

/// The elements of a contiguous tensor.
pub fn elements(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("the tensor is contiguous")
}

/// A tensor of elements that are stored row by row.
pub fn tensor<const D: usize>(elements: Vec<f32>, dims: [usize; D]) -> FlexTensor {
    let layout = Layout::contiguous(Shape::from(dims));
    FlexTensor::new(Bytes::from_elems(elements), layout, DType::F32)
}

/// The values of each feature, one feature after another.
pub fn concatenated<T>(features: &[T], values: fn(&T) -> &Vec<f32>) -> Vec<f32> {
    let values: Vec<&[f32]> = features.iter().map(|of| values(of).as_slice()).collect();
    values.concat()
}

/// The values of each feature, which has one for each row, row by row.
pub fn interleaved<T>(features: &[T], values: fn(&T) -> &Vec<f32>) -> Vec<f32> {
    let num_rows = features.first().map_or(0, |of| values(of).len());
    let rows = (0..num_rows).flat_map(|row| features.iter().map(move |of| values(of)[row]));
    rows.collect()
}

/// The shape of a tensor.
pub fn dims<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    tensor.shape().dims()
}
