use burn::module::{Param, ParamId};
use burn::tensor::{Device, Shape, Tensor};

/// A parameter that is drawn when it is first used, like those of Burn's initializers. So a model whose
/// weights are loaded takes no random numbers of its device, which another training may be using.
pub fn drawn<const D: usize>(
    shape: [usize; D],
    device: &Device,
    draw: impl Fn([usize; D], &Device) -> Tensor<D> + Send + Sync + 'static,
) -> Param<Tensor<D>> {
    let init = move |device: &Device, require_grad: bool| {
        let tensor = draw(shape, device).detach();
        if require_grad {
            tensor.require_grad()
        } else {
            tensor
        }
    };
    let id = ParamId::new();
    Param::uninitialized(id, init, device.clone(), true, Shape::from(shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Distribution;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn nothing_is_drawn_before_the_first_use_and_only_once() {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let param = drawn([2, 3], &Device::flex(), move |shape, device| {
            counted.fetch_add(1, Ordering::Relaxed);
            Tensor::random(shape, Distribution::Uniform(0.0, 1.0), device)
        });
        assert_eq!(count.load(Ordering::Relaxed), 0);
        assert_eq!(param.val().into_data(), param.val().into_data());
        assert_eq!(count.load(Ordering::Relaxed), 1);
    }
}
