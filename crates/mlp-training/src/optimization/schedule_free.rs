use burn::optim::{AdamW, AdamWState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};

use super::warmup::Warmup;

/// `AdamW` that averages its steps in place of a schedule ([Defazio et al.
/// 2024](https://arxiv.org/abs/2405.15682)).
///
/// ```text
/// y ← (1 − β₁)·z + β₁·x                       where the gradient g is taken
/// v ← β₂·v + (1 − β₂)·g²
/// z ← z − γ·(g / (√(v / (1 − β₂ᵗ)) + ε) + λ·y)
/// x ← (1 − c)·x + c·z                         with c = γₜ² / Σγᵢ²
/// ```
///
/// The network that is trained holds `y`. What predicts is `x`, and there is no need to keep it here: by
/// the first and the last line, it is an average of the `y` of all steps so far
/// ([`share`](Self::share)), and `y` follows without it:
///
/// ```text
/// y ← (1 − c)·y + c·z − γ·(1 − β₁·(1 − c))·(g / (√(v / (1 − β₂ᵗ)) + ε) + λ·y)     with the old z
/// ```
///
/// The rate `γ` rises over a [`Warmup`]. It has to be constant otherwise, because `c` is computed from
/// the warm-up alone.
#[derive(Clone)]
pub struct ScheduleFree {
    betas: [f32; 2],
    weight_decay: f32,
    epsilon: f32,
    warmup: Warmup,
}

impl ScheduleFree {
    /// With `β₁`, how close to their average gradients are taken, and the decay rate `β₂` of the
    /// second moment, both in `[0, 1)`.
    pub fn new(betas: [f32; 2], weight_decay: f32, epsilon: f32, warmup: Warmup) -> Self {
        Self {
            betas,
            weight_decay,
            epsilon,
            warmup,
        }
    }

    /// The share of `y`, after a step that is counted from 1, in the average of all so far, `x`.
    ///
    /// Of `x ← (1 − c)·x + c·z` and `y = (1 − β₁)·z + β₁·x` with the new `x`, eliminating `z` leaves
    /// `x ← ((1 − β₁)·(1 − c)·x + c·y) / (1 − β₁ + c·β₁)`.
    pub fn share(beta_1: f32, warmup: Warmup, step: usize) -> f64 {
        let (beta_1, share) = (f64::from(beta_1), warmup.share(step));
        share / (1.0 - beta_1 + share * beta_1)
    }
}

impl Optimizer for ScheduleFree {
    /// That of `AdamW`, with `z` in the place of the first moment.
    type State<const D: usize> = AdamWState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<AdamWState<D>>,
    ) -> (Tensor<D>, Option<AdamWState<D>>) {
        let [beta_1, beta_2] = self.betas;
        let (time, z, moment) = match state {
            Some(AdamWState { momentum }) => {
                (momentum.time + 1, momentum.moment_1, momentum.moment_2)
            }
            None => (1, tensor.clone(), tensor.zeros_like()),
        };
        let moment = moment * beta_2 + grad.clone().square() * (1.0 - beta_2);
        #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
        let correction = 1.0 - beta_2.powi(time as i32);
        let normalized = grad / ((moment.clone() / correction).sqrt() + self.epsilon);
        let direction = normalized + tensor.clone() * self.weight_decay;
        let rate = lr * self.warmup.factor(time);
        let share = self.warmup.share(time);
        let rate_of_y = rate * (1.0 - f64::from(beta_1) * (1.0 - share));
        let y = tensor.clone() + (z.clone() - tensor) * share - direction.clone() * rate_of_y;
        let momentum = AdaptiveMomentumState {
            time,
            moment_1: z - direction * rate,
            moment_2: moment,
            max_moment_2: None,
        };
        (y, Some(AdamWState { momentum }))
    }

    fn to_device<const D: usize>(state: AdamWState<D>, device: &Device) -> AdamWState<D> {
        AdamW::to_device(state, device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `y` and `x` after each of five steps from 2 on `½·p²`, by `NumPy` from the four equations:
    ///
    /// ```text
    /// x = z = y = 2.0; v = s = 0.0
    /// for t in range(1, 6):
    ///     v = 0.99 * v + 0.01 * y * y
    ///     rate = 0.1 * min(1, t / 2)
    ///     s += rate * rate; c = rate * rate / s
    ///     z = z - rate * (y / (np.sqrt(v / (1 - 0.99**t)) + 1e-8) + 0.5 * y)
    ///     x = (1 - c) * x + c * z
    ///     y = 0.1 * z + 0.9 * x
    /// ```
    const STEPS: [[f64; 2]; 5] = [
        [1.900_000, 1.900_000],
        [1.742_219, 1.746_067],
        [1.637_005, 1.649_123],
        [1.538_761, 1.559_031],
        [1.444_733, 1.472_768],
    ];

    #[test]
    fn it_takes_the_steps_of_the_paper_and_the_average_of_them_is_what_predicts() {
        let device = Device::flex();
        // A twentieth of 40 steps are 2 of warm-up.
        let warmup = Warmup::of(40);
        let optimizer = ScheduleFree::new([0.9, 0.99], 0.5, 1e-8, warmup);
        let mut y = Tensor::<1>::from_floats([2.0], &device);
        let mut average = 2.0;
        let mut state = None;
        for (step, [expected_y, expected_x]) in (1..).zip(STEPS) {
            (y, state) = optimizer.step(0.1, y.clone(), y, state);
            let stepped: f64 = y.clone().into_scalar();
            average += ScheduleFree::share(0.9, warmup, step) * (stepped - average);
            for (actual, expected) in [(stepped, expected_y), (average, expected_x)] {
                assert!(
                    (actual - expected).abs() < 1e-5,
                    "{actual} is not {expected}"
                );
            }
        }
    }
}
