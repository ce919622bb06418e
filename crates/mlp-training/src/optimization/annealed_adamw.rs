use burn::optim::{AdamW, AdamWConfig, AdamWState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};

use super::weight_decay::WeightDecay;

/// Burn's [`AdamW`] with a decay that changes over the training, on any backend.
///
/// ```text
/// p ← (1 − η·λ(t))·p, and then a step without decay
/// ```
#[derive(Clone)]
pub struct AnnealedAdamW {
    adamw: AdamW,
    decay: WeightDecay,
}

impl AnnealedAdamW {
    /// With the decay rates `β₁` and `β₂`, in `[0, 1)`, of the moments.
    pub fn new([beta_1, beta_2]: [f32; 2], decay: WeightDecay, epsilon: f32) -> Self {
        Self {
            adamw: AdamWConfig::new()
                .with_beta_1(beta_1)
                .with_beta_2(beta_2)
                .with_epsilon(epsilon)
                .with_weight_decay(0.0)
                .build(),
            decay,
        }
    }
}

impl Optimizer for AnnealedAdamW {
    type State<const D: usize> = AdamWState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<AdamWState<D>>,
    ) -> (Tensor<D>, Option<AdamWState<D>>) {
        let before = state.as_ref().map_or(0, |state| state.momentum.time);
        let pull = lr * f64::from(self.decay.at(before + 1));
        let tensor = if pull == 0.0 {
            tensor
        } else {
            tensor.mul_scalar(1.0 - pull)
        };
        self.adamw.step(lr, tensor, grad, state)
    }

    fn to_device<const D: usize>(state: AdamWState<D>, device: &Device) -> AdamWState<D> {
        AdamW::to_device(state, device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimization::Annealing;

    fn decay(annealing: Annealing) -> WeightDecay {
        WeightDecay {
            decay: 0.5,
            annealing,
            num_steps: 4,
        }
    }

    /// The parameter after each of four steps of 0.1 from 2, with gradients of 1.
    fn steps(optimizer: &impl Optimizer) -> Vec<f64> {
        let device = Device::flex();
        let gradient = Tensor::<1>::ones([1], &device);
        let mut parameter = gradient.clone() * 2.0;
        let mut state = None;
        let step = |_| {
            (parameter, state) =
                optimizer.step(0.1, parameter.clone(), gradient.clone(), state.take());
            parameter.clone().into_scalar::<f64>()
        };
        (0..4).map(step).collect()
    }

    fn assert_close(actual: &[f64], expected: &[f64]) {
        for (actual, expected) in actual.iter().zip(expected) {
            assert!(
                (actual - expected).abs() < 1e-5,
                "{actual} is not {expected}"
            );
        }
    }

    /// With equal gradients, both moments are theirs without bias, so a step is 0.1 long:
    /// `p ← (1 − 0.1·0.5·factor)·p − 0.1`.
    const CONSTANT: [f64; 4] = [
        0.95 * 2.0 - 0.1,
        0.95 * 1.8 - 0.1,
        0.95 * 1.61 - 0.1,
        0.95 * 1.4295 - 0.1,
    ];
    /// The times are 0, ¼, ½ and ¾, and the factors 1, 1, 1 and ½.
    const FLAT_COSINE: [f64; 4] = [CONSTANT[0], CONSTANT[1], CONSTANT[2], 0.975 * 1.4295 - 0.1];

    #[test]
    fn the_decay_falls_in_the_second_half_of_the_training() {
        let adamw = |annealing| AnnealedAdamW::new([0.9, 0.999], decay(annealing), 1e-8);
        assert_close(&steps(&adamw(Annealing::Constant)), &CONSTANT);
        assert_close(&steps(&adamw(Annealing::FlatCosine)), &FLAT_COSINE);
    }

    #[cfg(feature = "flex")]
    #[test]
    fn it_does_so_on_flex() {
        use crate::optimization::flex_adamw::FlexAdamW;

        let adamw = |annealing| FlexAdamW::new([0.9, 0.999], decay(annealing), 1e-8);
        assert_close(&steps(&adamw(Annealing::Constant)), &CONSTANT);
        assert_close(&steps(&adamw(Annealing::FlatCosine)), &FLAT_COSINE);
    }

    #[test]
    fn a_constant_decay_is_that_of_burn() {
        let burns = AdamWConfig::new()
            .with_epsilon(1e-8)
            .with_weight_decay(0.5)
            .build();
        let ours = AnnealedAdamW::new([0.9, 0.999], decay(Annealing::Constant), 1e-8);
        assert_eq!(steps(&ours), steps(&burns));
    }
}
