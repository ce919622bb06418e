#[cfg(feature = "flex")]
mod flex_adamw;

use std::fmt;

use burn::grad_clipping::GradientClippingConfig;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{
    AdaGradConfig, AdafactorConfig, AdamConfig, AdamWConfig, AdanConfig, LambConfig, LionConfig,
    ModuleOptimizer, RmsPropConfig, SgdConfig,
};
use clap::ValueEnum;
#[cfg(feature = "flex")]
use flex_adamw::FlexAdamW;
use serde::{Deserialize, Serialize};

use crate::Backend;

/// How gradients become steps. All are Burn's own.
#[derive(ValueEnum, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Optimizer {
    /// Gradient descent: `p ← p − η·g`.
    Sgd,
    /// Gradient descent with momentum 0.9.
    Momentum,
    /// Gradient descent with Nesterov's momentum 0.9.
    Nesterov,
    /// Adam, with weight decay as part of the gradient.
    Adam,
    /// Adam with decoupled weight decay.
    #[value(name = "adamw")]
    #[serde(rename = "adamw")]
    AdamW,
    /// `RMSprop`.
    #[value(name = "rmsprop")]
    #[serde(rename = "rmsprop")]
    RmsProp,
    /// `AdaGrad`.
    #[value(name = "adagrad")]
    #[serde(rename = "adagrad")]
    AdaGrad,
    /// Adan, with Nesterov's momentum in Adam.
    Adan,
    /// LAMB, for large batches.
    Lamb,
    /// Lion, which takes the sign of the momentum.
    Lion,
    /// Adafactor, with a factored second moment.
    Adafactor,
}

/// The momentum of `momentum` and `nesterov`.
const MOMENTUM: f64 = 0.9;
/// What keeps Adam and its relatives from dividing by zero: the value of the papers, rather than
/// Burn's 1e-5, which holds small gradients back.
const EPSILON: f32 = 1e-8;

impl Optimizer {
    /// Makes the optimizer for a whole module.
    ///
    /// # Arguments
    ///
    /// - `weight_decay` - 0 or more. Decoupled for `adamw`, `adan`, `lamb`, `lion` and
    ///   `adafactor`, else an L2 penalty's gradient.
    /// - `clip_norm` - the norm, above 0, to which each parameter's gradient is clipped.
    /// - `backend` - where the parameters lie: flex has an `adamw` of its own.
    #[cfg_attr(not(feature = "flex"), expect(unused_variables))]
    pub fn init(
        self,
        weight_decay: f32,
        clip_norm: Option<f32>,
        backend: Backend,
    ) -> ModuleOptimizer {
        let clipping = clip_norm.map(GradientClippingConfig::Norm);
        let penalty = (weight_decay > 0.0).then(|| WeightDecayConfig::new(weight_decay));
        let sgd = |momentum: Option<MomentumConfig>| {
            SgdConfig::new()
                .with_momentum(momentum)
                .with_weight_decay(penalty.clone())
                .with_gradient_clipping(clipping.clone())
                .init()
        };
        let momentum = || {
            MomentumConfig::new()
                .with_momentum(MOMENTUM)
                .with_dampening(0.0)
        };
        match self {
            Self::Sgd => sgd(None),
            Self::Momentum => sgd(Some(momentum())),
            Self::Nesterov => sgd(Some(momentum().with_nesterov(true))),
            Self::Adam => AdamConfig::new()
                .with_epsilon(EPSILON)
                .with_weight_decay(penalty)
                .with_grad_clipping(clipping)
                .init(),
            #[cfg(feature = "flex")]
            Self::AdamW if backend == Backend::Flex => {
                let optimizer = ModuleOptimizer::from(FlexAdamW::new(weight_decay, EPSILON));
                match clipping {
                    Some(clipping) => optimizer.with_grad_clipping(clipping.init()),
                    None => optimizer,
                }
            }
            Self::AdamW => AdamWConfig::new()
                .with_epsilon(EPSILON)
                .with_weight_decay(weight_decay)
                .with_grad_clipping(clipping)
                .init(),
            Self::RmsProp => RmsPropConfig::new()
                .with_momentum(0.0)
                .with_epsilon(EPSILON)
                .with_weight_decay(penalty)
                .with_grad_clipping(clipping)
                .init(),
            Self::AdaGrad => AdaGradConfig::new()
                .with_weight_decay(penalty)
                .with_grad_clipping(clipping)
                .init(),
            Self::Adan => AdanConfig::new()
                .with_weight_decay(weight_decay)
                .with_grad_clipping(clipping)
                .init(),
            Self::Lamb => LambConfig::new()
                .with_weight_decay(weight_decay)
                .with_grad_clipping(clipping)
                .init(),
            Self::Lion => LionConfig::new()
                .with_weight_decay(weight_decay)
                .with_grad_clipping(clipping)
                .init(),
            // Relative steps would shrink the given learning rate behind the user's back.
            Self::Adafactor => AdafactorConfig::new()
                .with_relative_step(false)
                .with_scale_parameter(false)
                .with_weight_decay(weight_decay)
                .with_grad_clipping(clipping)
                .init(),
        }
    }

    /// A learning rate that usually works.
    pub fn default_learning_rate(self) -> f64 {
        match self {
            Self::Sgd | Self::Momentum | Self::Nesterov | Self::AdaGrad => 0.01,
            Self::Adam
            | Self::AdamW
            | Self::RmsProp
            | Self::Adan
            | Self::Lamb
            | Self::Adafactor => 0.003,
            Self::Lion => 0.0003,
        }
    }
}

impl fmt::Display for Optimizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.to_possible_value().expect("no variant is skipped");
        f.pad(name.get_name())
    }
}
