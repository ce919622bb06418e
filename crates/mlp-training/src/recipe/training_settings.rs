use mlp_datasets::{TargetEncoding, TargetScaling, Task};
use mlp_inference::Metric;
use mlp_models::loss::{LossConfig, LossKind};
use serde::{Deserialize, Serialize};

use super::ClassWeights;
use super::require::require;
use crate::{Annealing, Error, Hyperparameters, Optimizer, Problem, Schedule};

/// How a network that predicts learns: the loss, the optimizer, and when to stop.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct SupervisedTraining {
    /// What is minimised.
    pub loss: LossKind,
    /// Where the Huber loss turns from squared to absolute, above 0, in the units of the target; at its
    /// standard deviation if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub huber_delta: Option<f32>,
    /// The quantile, in (0, 1), that the pinball loss learns and the pinball metric judges.
    pub quantile: f64,
    /// How much the rows of each class count; all alike if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_weights: Option<ClassWeights>,
    /// The share, in `[0, 1)`, of each target that is spread over all classes.
    pub label_smoothing: f32,
    /// How gradients become steps.
    pub optimizer: Optimizer,
    /// The decay rates `β₁` and `β₂`, in `[0, 1)`, of the moments of `adam`, `adamw` and `schedule-free`. The
    /// other optimizers ignore them.
    pub betas: [f32; 2],
    /// The highest learning rate, above 0.
    pub learning_rate: f64,
    /// How the learning rate changes over the training.
    pub schedule: Schedule,
    /// How strongly every parameter, biases and embeddings included, is pulled towards zero, 0 or
    /// more. What a number means depends on the optimizer: see
    /// [`Optimizer::decouples_decay`].
    pub weight_decay: f32,
    /// How the weight decay of `adamw` changes over the training, besides following the learning rate.
    /// Not at all if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay_schedule: Option<Annealing>,
    /// How the probability of dropout changes over the training.
    /// Not at all if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropout_schedule: Option<Annealing>,
    /// The norm, above 0, to which each parameter's gradient is clipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip_norm: Option<f32>,
    /// The norm, above 0, to which the gradients of all parameters together are clipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip_global_norm: Option<f32>,
    /// The decay, in `[0, 1)`, of an average of the weights over the steps, which is validated and kept in
    /// place of the weights; no average if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ema: Option<f64>,
    /// How many passes over the training rows there are, at least 1.
    pub epochs: usize,
    /// How many rows each step takes, at least 1.
    pub batch_size: usize,
    /// After how many epochs without an improvement to stop, at least 1; never if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    /// The metric of the validation rows that selects the best epoch; the loss if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub select: Option<Metric>,
}

impl SupervisedTraining {
    /// Plain gradient descent on the squared error.
    pub(super) fn new(problem: Problem) -> Self {
        let rows = problem.num_rows;
        Self {
            loss: LossKind::MeanSquaredError,
            huber_delta: None,
            quantile: 0.5,
            class_weights: None,
            label_smoothing: 0.0,
            optimizer: Optimizer::Sgd,
            betas: [0.9, 0.999],
            learning_rate: 0.01,
            schedule: Schedule::Constant,
            weight_decay: 0.0,
            decay_schedule: None,
            dropout_schedule: None,
            clip_norm: None,
            clip_global_norm: None,
            ema: None,
            epochs: match (rows, problem.task) {
                _ if problem.is_small() => 100,
                (0..20_000, _) | (20_000..50_000, Task::Regression) => 50,
                _ => 20,
            },
            batch_size: match rows {
                0..1_000 => 32,
                1_000..10_000 => 64,
                _ => 128,
            },
            patience: None,
            select: None,
        }
    }

    /// `AdamW` with a cosine, on the cross-entropy or the squared error: for networks with hidden
    /// layers.
    pub(super) fn with_adamw(problem: Problem) -> Self {
        Self {
            loss: match problem.task {
                Task::Classification => LossKind::CrossEntropy,
                Task::Regression | Task::Clustering => LossKind::MeanSquaredError,
            },
            optimizer: Optimizer::AdamW,
            learning_rate: 0.001,
            schedule: Schedule::Cosine,
            ..Self::new(problem)
        }
    }

    /// Takes another optimizer, with all that usually suits it: learning rate, weight decay, clipping and
    /// schedule.
    pub fn set_optimizer(&mut self, optimizer: Optimizer) {
        /// For recipes of other optimizers.
        const RATE_OF_ADAMW: f64 = 0.003;
        if optimizer == self.optimizer {
            return;
        }
        let rate = if self.optimizer == Optimizer::AdamW {
            self.learning_rate
        } else {
            RATE_OF_ADAMW
        };
        self.learning_rate = optimizer.default_learning_rate(rate);
        self.weight_decay = optimizer.default_weight_decay(self.weight_decay);
        self.clip_norm = optimizer.default_clip_norm();
        if !optimizer.anneals_decay() {
            self.decay_schedule = None;
        }
        if optimizer == Optimizer::AdaGrad {
            // Its steps shrink by themselves, too early if the first gradients were large.
            self.schedule = Schedule::OneCycle;
        }
        if optimizer == Optimizer::ScheduleFree {
            // It averages its steps itself.
            self.schedule = Schedule::Constant;
            self.ema = None;
        }
        self.optimizer = optimizer;
    }

    /// What the optimizer takes.
    pub fn hyperparameters(&self) -> Hyperparameters {
        Hyperparameters {
            betas: self.betas,
            weight_decay: self.weight_decay,
            decay_schedule: self.decay_schedule.unwrap_or_default(),
            clip_norm: self.clip_norm,
        }
    }

    /// The quantile that a network learns to predict, if its loss is the pinball loss.
    pub fn predicted_quantile(&self) -> Option<f64> {
        (self.loss == LossKind::Pinball).then_some(self.quantile)
    }

    /// The loss with its parameters, for outputs that are standardised like the target.
    pub fn loss_config_for(&self, target: &TargetEncoding) -> LossConfig {
        match (self.loss_config(), self.huber_delta, target) {
            (LossConfig::Huber { .. }, Some(delta), TargetEncoding::Numbers { outputs }) => {
                #[expect(clippy::cast_possible_truncation)] // Of about 1.
                let standardised = |output: &TargetScaling| (f64::from(delta) / output.std) as f32;
                let deltas = outputs.iter().map(standardised);
                LossConfig::Huber {
                    deltas: deltas.collect(),
                }
            }
            (loss, _, _) => loss,
        }
    }

    /// The loss with its parameters, for a target whose standard deviation is 1.
    pub fn loss_config(&self) -> LossConfig {
        match self.loss {
            LossKind::CrossEntropy => LossConfig::CrossEntropy {
                label_smoothing: self.label_smoothing,
            },
            LossKind::BinaryCrossEntropy => LossConfig::BinaryCrossEntropy {
                label_smoothing: self.label_smoothing,
            },
            LossKind::MeanSquaredError => LossConfig::MeanSquaredError,
            LossKind::MeanAbsoluteError => LossConfig::MeanAbsoluteError,
            LossKind::Huber => LossConfig::Huber {
                deltas: vec![self.huber_delta.unwrap_or(1.0)],
            },
            LossKind::Pinball => LossConfig::Pinball {
                quantile: self.quantile,
            },
            LossKind::PerceptronCriterion => LossConfig::PerceptronCriterion,
        }
    }

    /// Checks each setting by itself.
    pub(super) fn check(&self) -> Result<(), Error> {
        for (setting, value) in [
            ("epochs", Some(self.epochs)),
            ("batch_size", Some(self.batch_size)),
            ("patience", self.patience),
        ] {
            let value = value.unwrap_or(1);
            require(value > 0, setting, value, "1 or more")?;
        }
        self.schedule.check(self.learning_rate)?;
        if self.optimizer == Optimizer::ScheduleFree {
            let allowed = "`constant` with the optimizer `schedule-free`";
            let schedule = self.schedule;
            require(
                schedule == Schedule::Constant,
                "schedule",
                schedule,
                allowed,
            )?;
            let allowed = "unset with the optimizer `schedule-free`, which averages by itself";
            let decay = self.ema.unwrap_or_default();
            require(self.ema.is_none(), "ema", decay, allowed)?;
        }
        let decay = self.weight_decay;
        require(
            decay.is_finite() && decay >= 0.0,
            "weight_decay",
            decay,
            "0 or more",
        )?;
        let decay_schedule = self.decay_schedule.unwrap_or_default();
        require(
            decay_schedule.is_constant() || self.optimizer.anneals_decay(),
            "decay_schedule",
            decay_schedule,
            &format!("`constant` with the optimizer `{}`", self.optimizer),
        )?;
        let [beta_1, beta_2] = self.betas;
        require(
            self.betas.iter().all(|beta| (0.0..1.0).contains(beta)),
            "betas",
            format!("{beta_1} and {beta_2}"),
            "two numbers in [0, 1)",
        )?;
        for (setting, norm) in [
            ("clip_norm", self.clip_norm),
            ("clip_global_norm", self.clip_global_norm),
        ] {
            let norm = norm.unwrap_or(1.0);
            require(norm.is_finite() && norm > 0.0, setting, norm, "above 0")?;
        }
        let decay = self.ema.unwrap_or(0.0);
        require((0.0..1.0).contains(&decay), "ema", decay, "in [0, 1)")?;
        // Each of them, whichever loss is asked for.
        for loss in [
            self.loss_config(),
            LossConfig::Huber {
                deltas: vec![self.huber_delta.unwrap_or(1.0)],
            },
            LossConfig::Pinball {
                quantile: self.quantile,
            },
            LossConfig::CrossEntropy {
                label_smoothing: self.label_smoothing,
            },
        ] {
            loss.check()?;
        }
        Ok(())
    }

    /// Checks that the settings suit the task.
    pub(crate) fn check_task(
        &self,
        task: Task,
        model: &'static str,
        dataset: &str,
    ) -> Result<(), Error> {
        if let Some(metric) = self.select
            && metric.task() != task
        {
            return Err(Error::MetricOfOtherTask { metric, task });
        }
        if task == Task::Regression && self.class_weights.is_some() {
            return Err(Error::ClassWeightsOfNumbers {
                dataset: dataset.to_owned(),
            });
        }
        if task == Task::Regression && self.loss_config().needs_classes() {
            return Err(Error::LossNeedsClasses {
                loss: self.loss,
                model,
                dataset: dataset.to_owned(),
            });
        }
        Ok(())
    }
}
