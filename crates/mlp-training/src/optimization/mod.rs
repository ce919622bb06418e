//! From gradients to steps: optimizers, learning rates, and groups of parameters.

mod annealed_adamw;
mod annealing;
mod curve;
#[cfg(feature = "flex")]
mod flex_adamw;
mod muon;
mod optimizer;
mod schedule;
mod schedule_free;
mod scheduler;
mod warmup;
mod weight_decay;

use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::module::ParamGroup;
use burn::optim::ModuleOptimizer;

pub use annealing::Annealing;
pub use optimizer::{Hyperparameters, Optimizer};
pub use schedule::Schedule;
pub(crate) use schedule_free::ScheduleFree;
pub(crate) use warmup::Warmup;

use crate::Error;

/// How all parameters of a network are optimized.
#[derive(Clone, Debug)]
pub struct Optimization {
    /// How gradients become steps.
    pub optimizer: Optimizer,
    /// What the optimizer takes.
    pub hyperparameters: Hyperparameters,
    /// The highest learning rate, above 0.
    pub learning_rate: f64,
    /// How it changes over the training.
    pub schedule: Schedule,
    /// The parameters that are optimized otherwise; of several groups that a parameter belongs to,
    /// the last one counts.
    pub groups: Vec<ParameterGroup>,
}

/// Parameters that are optimized otherwise than the rest of their network.
#[derive(Clone, Debug)]
pub struct ParameterGroup {
    /// Which ones, by their paths in the network.
    pub parameters: ParamGroup,
    /// How gradients become steps.
    pub optimizer: Optimizer,
    /// What the optimizer takes.
    pub hyperparameters: Hyperparameters,
    /// The highest learning rate, above 0.
    pub learning_rate: f64,
    /// How it changes over the training.
    pub schedule: Schedule,
}

impl Optimization {
    /// Burn's optimizer and scheduler for a training of so many steps.
    ///
    /// # Errors
    ///
    /// If a schedule does not take its learning rate.
    pub fn init(&self, num_steps: usize) -> Result<(ModuleOptimizer, ModuleLrScheduler), Error> {
        let mut optimizer = self.optimizer.init(self.hyperparameters, num_steps);
        let rates = self.schedule.init(self.learning_rate, num_steps)?;
        let mut scheduler = ModuleLrScheduler::new(rates);
        for group in &self.groups {
            let parameters = group.parameters.clone();
            let rates = group.schedule.init(group.learning_rate, num_steps)?;
            scheduler = scheduler.with_group(parameters.clone(), rates);
            optimizer =
                group
                    .optimizer
                    .init_group(group.hyperparameters, num_steps, parameters, optimizer);
        }
        Ok((optimizer, scheduler))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Module;
    use burn::optim::GradientsParams;
    use burn::tensor::{Device, Tensor};
    use mlp_models::MlpConfig;

    #[test]
    fn a_group_has_a_rate_and_a_decay_of_its_own() {
        let device = Device::flex().autodiff();
        let mlp = MlpConfig::new(2, vec![], 1).init(&device);
        let hyperparameters = Hyperparameters {
            betas: [0.9, 0.999],
            weight_decay: 0.0,
            decay_schedule: Annealing::Constant,
            clip_norm: None,
        };
        let optimization = Optimization {
            optimizer: Optimizer::Sgd,
            hyperparameters,
            learning_rate: 0.5,
            schedule: Schedule::Constant,
            groups: vec![ParameterGroup {
                parameters: ParamGroup::from_predicate("weight"),
                optimizer: Optimizer::Sgd,
                hyperparameters: Hyperparameters {
                    weight_decay: 2.0,
                    ..hyperparameters
                },
                learning_rate: 0.1,
                schedule: Schedule::Constant,
            }],
        };
        let (mut optimizer, mut scheduler) = optimization.init(10).unwrap();
        let before: Vec<f32> = mlp.output.weight.val().into_data().iter().collect();
        // The gradient of the sum of outputs is the input, and 1 for the bias.
        let input = Tensor::<2>::from_floats([[3.0, -1.0]], &device);
        let gradients = mlp.forward(input).sum().backward();
        let gradients = GradientsParams::from_grads(gradients, &mlp);

        let mlp = optimizer.step(scheduler.step(), mlp, gradients).valid();

        let after: Vec<f32> = mlp.output.weight.val().into_data().iter().collect();
        for ((after, before), gradient) in after.iter().zip(before).zip([3.0, -1.0]) {
            let expected = before - 0.1 * (gradient + 2.0 * before);
            assert!((after - expected).abs() < 1e-6, "{after} is not {expected}");
        }
        let bias = mlp.output.bias.unwrap().val().into_scalar::<f32>();
        assert!((bias + 0.5).abs() < 1e-6, "{bias}");
    }
}
