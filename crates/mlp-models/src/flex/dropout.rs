use super::vectorized::vectorized;
use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::{Device, Distribution, Tensor};
use rayon::prelude::*;

use super::chunk::CHUNK_SIZE;
use super::operand::{Operand, record, tensor};

/// Which elements are dropped, given by a key rather than stored: each element hashes its index.
#[derive(Clone, Copy, Debug)]
pub struct Mask {
    /// The seed of the hash.
    key: u32,
    /// Elements whose hash is below are dropped.
    threshold: u32,
    /// What the others are multiplied by.
    kept_scale: f32,
}

impl Mask {
    /// Drops elements with a probability in `[0, 1)`. The key is drawn from the random numbers of the
    /// device.
    pub fn draw(probability: f64, device: &Device) -> Self {
        /// Single precision has this many whole numbers.
        const KEYS: f64 = 16_777_216.0;
        let distribution = Distribution::Uniform(0.0, KEYS);
        let keys = Tensor::<1>::random([2], distribution, &device.clone().inner());
        let keys: Vec<f32> = keys.into_data().iter().collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // They are in range.
        let [low, high] = [keys[0] as u32, keys[1] as u32];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Likewise.
        Self {
            key: low ^ (high << 8),
            threshold: (probability * f64::from(u32::MAX)) as u32,
            kept_scale: (1.0 / (1.0 - probability)) as f32,
        }
    }

    /// What elements are multiplied by that are not dropped.
    pub fn kept_scale(self) -> f32 {
        self.kept_scale
    }

    /// Drops elements of a part of a tensor that starts at an index.
    pub fn apply(self, first: usize, values: &mut [f32]) {
        let Self {
            key,
            threshold,
            kept_scale,
        } = self;
        #[expect(clippy::cast_possible_truncation)] // Larger tensors repeat themselves.
        let index = first as u32;
        vectorized(
            // Moved, since numbers behind a reference would be read again for each element.
            #[inline(always)]
            move || {
                let mut index = index;
                for value in &mut *values {
                    let is_dropped = hash(index ^ key) < threshold;
                    *value = if is_dropped { 0.0 } else { *value * kept_scale };
                    index = index.wrapping_add(1);
                }
            },
        );
    }

    /// The same for a whole tensor, on all cores.
    fn apply_to_all(self, values: &mut [f32]) {
        let chunks = values.par_chunks_mut(CHUNK_SIZE).enumerate();
        chunks.for_each(|(chunk, values)| self.apply(chunk * CHUNK_SIZE, values));
    }
}

/// Mixes all bits of a number: "lowbias32" of [Chris Wellons](https://nullprogram.com/blog/2018/07/31/).
/// Unlike a random generator, it computes many numbers at once.
#[inline(always)]
fn hash(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// Drops elements by a mask and multiplies the others by `1 / (1 − probability)`, or `None` unless the
/// tensor belongs to flex and is in single precision.
///
/// # Shapes
///
/// - input and output: `[batch_size, width]`
pub fn dropout(input: &Tensor<2>, mask: Mask) -> Option<Tensor<2>> {
    let input = Operand::new(input.clone())?;
    let output = masked(mask, input.elements().to_vec(), input.dims());
    record(DropoutBackward, [input], output, || mask)
}

fn masked(mask: Mask, mut values: Vec<f32>, dims: [usize; 2]) -> FlexTensor {
    mask.apply_to_all(&mut values);
    tensor(values, dims)
}

#[derive(Debug)]
struct DropoutBackward;

impl Backward<Flex, 1> for DropoutBackward {
    type State = Mask;

    fn backward(
        self,
        operation: Ops<Mask, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [node] = operation.parents;
        let gradient = gradients.consume::<Flex>(&operation.node);
        if let Some(node) = node {
            let mut gradient = FlexTensor::from_data(gradient.into_data());
            operation.state.apply_to_all(gradient.storage_mut());
            gradients.register::<Flex>(node.id, gradient);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_elements_is_dropped_and_the_mean_is_kept() {
        let device = Device::flex().autodiff();
        device.seed(1);
        let input = Tensor::<2>::ones([700, 300], &device).require_grad();

        let mask = Mask::draw(0.3, &device);
        let output = dropout(&input, mask).unwrap();
        let gradients = output.clone().sum().backward();

        let values: Vec<f32> = output.inner().into_data().iter().collect();
        let dropped = values.iter().filter(|&&value| value == 0.0).count();
        let share = dropped as f64 / values.len() as f64;
        // Five standard deviations of 210,000 draws.
        assert!((share - 0.3).abs() < 0.005, "{share}");
        let kept = values.iter().find(|&&value| value != 0.0).unwrap();
        assert!((kept - 1.0 / 0.7).abs() < 1e-6);
        let gradient: Vec<f32> = input.grad(&gradients).unwrap().into_data().iter().collect();
        assert_eq!(gradient, values, "the gradient has the same mask");
    }

    #[test]
    fn neighbours_are_dropped_independently_of_each_other() {
        let mask = Mask {
            key: 77,
            threshold: u32::MAX / 2,
            kept_scale: 2.0,
        };
        let mut values = vec![1.0; 1 << 16];
        mask.apply(0, &mut values);
        for distance in [1, 2, 3, 64, 512] {
            let pairs = values.iter().zip(&values[distance..]);
            let both = pairs.filter(|&(&a, &b)| a == 0.0 && b == 0.0).count();
            let share = both as f64 / (values.len() - distance) as f64;
            assert!((share - 0.25).abs() < 0.01, "{share} at {distance}");
        }
    }
}
