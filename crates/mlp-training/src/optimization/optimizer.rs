use burn::grad_clipping::{GradientClipping, GradientClippingConfig};
use burn::module::ParamGroup;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{
    AdaGradConfig, AdafactorConfig, AdamConfig, AdanConfig, LambConfig, LionConfig,
    ModuleOptimizer, RmsPropConfig, SgdConfig,
};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

#[cfg(feature = "flex")]
use super::flex_adamw::FlexAdamW;

/// How gradients become steps. All are Burn's own, but for `adamw` on flex.
#[derive(
    Serialize,
    Deserialize,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Optimizer {
    /// Gradient descent: `p ← p − η·g`
    Sgd,
    /// Gradient descent with momentum 0.9
    Momentum,
    /// Gradient descent with Nesterov's momentum 0.9
    Nesterov,
    /// Adam, with weight decay as part of the gradient
    Adam,
    /// Adam with decoupled weight decay
    AdamW,
    /// `RMSprop`
    RmsProp,
    /// `AdaGrad`
    AdaGrad,
    /// Adan, with Nesterov's momentum in Adam
    Adan,
    /// LAMB, for large batches
    Lamb,
    /// Lion, which takes the sign of the momentum
    Lion,
    /// Adafactor, with a factored second moment
    Adafactor,
}

/// The momentum of `momentum` and `nesterov`.
const MOMENTUM: f64 = 0.9;
/// The ε that keeps `adam`, `adamw` and `rmsprop` from dividing by zero: the value of the papers, rather than
/// Burn's 1e-5, which holds small gradients back.
const EPSILON: f32 = 1e-8;

/// What an optimizer takes besides the learning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyperparameters {
    /// The decay rates `β₁` and `β₂`, in `[0, 1)`, of the moments of `adam` and `adamw`.
    pub betas: [f32; 2],
    /// 0 or more. Decoupled for `adamw`, `adan`, `lamb`, `lion` and `adafactor`, else the gradient
    /// of an L2 penalty.
    pub weight_decay: f32,
    /// The norm, above 0, to which each parameter's gradient is clipped. Burn does not clip the norm
    /// of all gradients together.
    pub clip_norm: Option<f32>,
}

impl Optimizer {
    /// Makes the optimizer for a whole module.
    pub fn init(self, hyperparameters: Hyperparameters) -> ModuleOptimizer {
        self.build(hyperparameters, Scope::Module)
    }

    /// Has a group of a module's parameters optimized by this one, in place of an optimizer's own.
    pub fn init_group(
        self,
        hyperparameters: Hyperparameters,
        group: ParamGroup,
        optimizer: ModuleOptimizer,
    ) -> ModuleOptimizer {
        self.build(hyperparameters, Scope::Group(optimizer, group))
    }

    fn build(self, hyperparameters: Hyperparameters, scope: Scope) -> ModuleOptimizer {
        let Hyperparameters {
            betas: [beta_1, beta_2],
            weight_decay,
            clip_norm,
        } = hyperparameters;
        let clipping = clip_norm.map(|norm| GradientClippingConfig::Norm(norm).init());
        let penalty = (weight_decay > 0.0).then(|| WeightDecayConfig::new(weight_decay));
        let sgd = |momentum: Option<MomentumConfig>| {
            SgdConfig::new()
                .with_momentum(momentum)
                .with_weight_decay(penalty.clone())
                .build()
        };
        let momentum = || {
            MomentumConfig::new()
                .with_momentum(MOMENTUM)
                .with_dampening(0.0)
        };
        match self {
            Self::Sgd => scope.with(sgd(None), clipping),
            Self::Momentum => scope.with(sgd(Some(momentum())), clipping),
            Self::Nesterov => scope.with(sgd(Some(momentum().with_nesterov(true))), clipping),
            Self::Adam => scope.with(
                AdamConfig::new()
                    .with_beta_1(beta_1)
                    .with_beta_2(beta_2)
                    .with_epsilon(EPSILON)
                    .with_weight_decay(penalty)
                    .build(),
                clipping,
            ),
            #[cfg(feature = "flex")]
            Self::AdamW => scope.with(
                FlexAdamW::new([beta_1, beta_2], weight_decay, EPSILON),
                clipping,
            ),
            #[cfg(not(feature = "flex"))]
            Self::AdamW => scope.with(
                burn::optim::AdamWConfig::new()
                    .with_beta_1(beta_1)
                    .with_beta_2(beta_2)
                    .with_epsilon(EPSILON)
                    .with_weight_decay(weight_decay)
                    .build(),
                clipping,
            ),
            Self::RmsProp => scope.with(
                RmsPropConfig::new()
                    .with_momentum(0.0)
                    .with_epsilon(EPSILON)
                    .with_weight_decay(penalty)
                    .build(),
                clipping,
            ),
            Self::AdaGrad => scope.with(
                AdaGradConfig::new().with_weight_decay(penalty).build(),
                clipping,
            ),
            Self::Adan => scope.with(
                AdanConfig::new().with_weight_decay(weight_decay).build(),
                clipping,
            ),
            Self::Lamb => scope.with(
                LambConfig::new().with_weight_decay(weight_decay).build(),
                clipping,
            ),
            Self::Lion => scope.with(
                LionConfig::new().with_weight_decay(weight_decay).build(),
                clipping,
            ),
            // Relative steps would shrink the given learning rate behind the user's back.
            Self::Adafactor => scope.with(
                AdafactorConfig::new()
                    .with_relative_step(false)
                    .with_scale_parameter(false)
                    .with_weight_decay(weight_decay)
                    .build(),
                clipping,
            ),
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

/// Which parameters an optimizer is for.
enum Scope {
    /// All of a module.
    Module,
    /// A group of them; the others are those of another optimizer.
    Group(ModuleOptimizer, ParamGroup),
}

impl Scope {
    fn with(
        self,
        optimizer: impl burn::optim::Optimizer + 'static,
        clipping: Option<GradientClipping>,
    ) -> ModuleOptimizer {
        match self {
            Self::Group(others, group) => others.with_group(group, optimizer, clipping),
            Self::Module => {
                let optimizer = ModuleOptimizer::from(optimizer);
                match clipping {
                    Some(clipping) => optimizer.with_grad_clipping(clipping),
                    None => optimizer,
                }
            }
        }
    }
}
