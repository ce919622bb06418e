use burn::backend::Flex;
use burn::optim::{AdamW, AdamWState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::tensor::{DType, Device, Tensor};
use pulp::Arch;
use rayon::prelude::*;

use super::annealed_adamw::AnnealedAdamW;
use super::weight_decay::WeightDecay;
use crate::flex_tensor::{contiguous, numbers, whole};

/// Parameters that one thread updates at a time: enough to outweigh handing them over.
const CHUNK_SIZE: usize = 1 << 15;

/// [`AdamW`] in one pass over the parameters, for the tensors of flex, which are in the host's memory.
/// Those of other backends are left to Burn's own.
///
/// ```text
/// m ← β₁·m + (1 − β₁)·g
/// v ← β₂·v + (1 − β₂)·g²
/// p ← (1 − η·λ)·p − η·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
/// ```
///
/// Burn's own makes a dozen passes, each with a buffer of its own, which take longer than the forward
/// and backward pass of a small network. Here the new parameters lie where the gradient was, since
/// Burn's learner still holds the old ones, and the moments are updated in place. The result is Burn's
/// up to rounding, and so is the saved state.
#[derive(Clone)]
pub struct FlexAdamW {
    beta_1: f32,
    beta_2: f32,
    epsilon: f32,
    decay: WeightDecay,
    /// For tensors of other backends and types.
    burn: AnnealedAdamW,
}

impl FlexAdamW {
    /// With the decay rates `β₁` and `β₂`, in `[0, 1)`, of the moments.
    pub fn new([beta_1, beta_2]: [f32; 2], decay: WeightDecay, epsilon: f32) -> Self {
        Self {
            beta_1,
            beta_2,
            epsilon,
            decay,
            burn: AnnealedAdamW::new([beta_1, beta_2], decay, epsilon),
        }
    }

    /// Turns gradients into new parameters, and updates both moments.
    fn update(&self, lr: LearningRate, time: usize, slices: Slices) {
        let decay = self.decay.at(time);
        #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
        let (rate, time) = (lr as f32, time as i32);
        let (beta_1, beta_2, epsilon) = (self.beta_1, self.beta_2, self.epsilon);
        let (rest_1, rest_2) = (1.0 - beta_1, 1.0 - beta_2);
        let step = rate / (1.0 - beta_1.powi(time));
        let scale = 1.0 / (1.0 - beta_2.powi(time));
        let keep = 1.0 - rate * decay;
        // The widest registers that the processor has take four times as many numbers as those that
        // every processor has.
        let instructions = Arch::new();
        let update = |slices: Slices| {
            let moments = slices.moment_1.iter_mut().zip(slices.moment_2);
            let values = slices.parameters.iter().zip(slices.gradients);
            instructions.dispatch(|| {
                for ((&parameter, gradient), (m, v)) in values.zip(moments) {
                    *m = beta_1 * *m + rest_1 * *gradient;
                    *v = beta_2 * *v + rest_2 * *gradient * *gradient;
                    *gradient = keep * parameter - step * *m / ((*v * scale).sqrt() + epsilon);
                }
            });
        };
        if slices.parameters.len() <= CHUNK_SIZE {
            update(slices);
            return;
        }
        slices
            .parameters
            .par_chunks(CHUNK_SIZE)
            .zip(slices.gradients.par_chunks_mut(CHUNK_SIZE))
            .zip(slices.moment_1.par_chunks_mut(CHUNK_SIZE))
            .zip(slices.moment_2.par_chunks_mut(CHUNK_SIZE))
            .for_each(|(((parameters, gradients), moment_1), moment_2)| {
                update(Slices {
                    parameters,
                    gradients,
                    moment_1,
                    moment_2,
                });
            });
    }
}

/// As many parameters as gradients and moments. What comes in as gradients goes out as parameters.
struct Slices<'a> {
    parameters: &'a [f32],
    gradients: &'a mut [f32],
    moment_1: &'a mut [f32],
    moment_2: &'a mut [f32],
}

impl Optimizer for FlexAdamW {
    type State<const D: usize> = AdamWState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<AdamWState<D>>,
    ) -> (Tensor<D>, Option<AdamWState<D>>) {
        let parameters = match contiguous(&tensor) {
            Some(parameters) if grad.dtype() == DType::F32 => parameters,
            _ => return self.burn.step(lr, tensor, grad, state),
        };
        let (time, mut moment_1, mut moment_2) = match state {
            Some(AdamWState { momentum }) => (
                momentum.time + 1,
                whole(momentum.moment_1),
                whole(momentum.moment_2),
            ),
            None => (1, whole(tensor.zeros_like()), whole(tensor.zeros_like())),
        };
        let mut gradients = whole(grad);
        let slices = Slices {
            parameters: numbers(&parameters),
            gradients: gradients.storage_mut(),
            moment_1: moment_1.storage_mut(),
            moment_2: moment_2.storage_mut(),
        };
        self.update(lr, time, slices);
        let momentum = AdaptiveMomentumState {
            time,
            moment_1: Tensor::from_primitive::<Flex>(moment_1),
            moment_2: Tensor::from_primitive::<Flex>(moment_2),
            max_moment_2: None,
        };
        let parameters = Tensor::from_primitive::<Flex>(gradients);
        (parameters, Some(AdamWState { momentum }))
    }

    fn to_device<const D: usize>(state: AdamWState<D>, device: &Device) -> AdamWState<D> {
        AdamW::to_device(state, device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Module;
    use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
    use burn::tensor::{TensorData, Tolerance};
    use mlp_models::{Mlp, MlpConfig};

    use crate::optimization::Annealing;

    const DECAY: WeightDecay = WeightDecay {
        decay: 0.5,
        annealing: Annealing::Constant,
        num_steps: 20,
    };

    /// Hidden layers small and large enough for one thread and for several.
    fn mlp(device: &Device) -> Mlp {
        device.seed(3);
        let mlp = MlpConfig::new(50, vec![800, 8], 3).init(device);
        let _ = mlp.clone().into_record();
        mlp
    }

    fn step(optimizer: &mut ModuleOptimizer, mlp: Mlp, scale: f32, device: &Device) -> Mlp {
        let input = Tensor::<2>::ones([4, 50], device) * scale;
        let loss = (mlp.forward(input) - 0.5).powf_scalar(2.0).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &mlp);
        optimizer.step(0.01, mlp, gradients)
    }

    fn parameters(mlp: &Mlp) -> Vec<TensorData> {
        let layers = mlp.hidden.iter().map(|layer| &layer.linear);
        layers
            .chain([&mlp.output])
            .map(|linear| linear.weight.val().into_data())
            .collect()
    }

    fn burn_adamw() -> ModuleOptimizer {
        AdamWConfig::new()
            .with_epsilon(1e-8)
            .with_weight_decay(0.5)
            .init()
    }

    #[test]
    fn it_takes_the_steps_of_burn() {
        let device = Device::flex().autodiff();
        let mut ours = (
            ModuleOptimizer::from(FlexAdamW::new([0.9, 0.999], DECAY, 1e-8)),
            mlp(&device),
        );
        let mut burns = (burn_adamw(), ours.1.clone());
        for i in 1..=20 {
            let scale = (i as f32).sin();
            ours.1 = step(&mut ours.0, ours.1, scale, &device);
            burns.1 = step(&mut burns.0, burns.1, scale, &device);
        }
        for (ours, burns) in parameters(&ours.1).iter().zip(parameters(&burns.1)) {
            ours.assert_approx_eq::<f32>(&burns, Tolerance::absolute(1e-5));
        }
    }

    #[test]
    fn its_state_is_saved_and_goes_on_in_burns_own() {
        let device = Device::flex().autodiff();
        let mut ours = ModuleOptimizer::from(FlexAdamW::new([0.9, 0.999], DECAY, 1e-8));
        let mut model = mlp(&device);
        for i in 1..=3 {
            model = step(&mut ours, model, i as f32, &device);
        }
        let record = ours.to_record();
        let mut loaded = burn_adamw().load_record(record);

        let next = step(&mut ours, model.clone(), 1.0, &device);
        let other = step(&mut loaded, model, 1.0, &device);

        for (next, other) in parameters(&next).iter().zip(parameters(&other)) {
            next.assert_approx_eq::<f32>(&other, Tolerance::absolute(1e-5));
        }
    }
}
