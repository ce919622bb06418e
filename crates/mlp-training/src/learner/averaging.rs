use crate::optimization::{ScheduleFree, Warmup};

/// How the weights of the steps of a training are averaged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Averaging {
    /// `w̄ ← d·w̄ + (1 − d)·w`, with `d = min(decay, (1 + t) / (10 + t))` in step `t` from 0.
    ///
    /// The average would remember its first weights for `1 / (1 − decay)` steps, which are many epochs of
    /// a small table. With a decay that rises, it covers about the last ninth of the steps so far,
    /// until that is as many.
    Exponential {
        /// The decay, in `[0, 1)`, that it rises to.
        decay: f64,
    },
    /// What the optimizer `schedule-free` predicts with.
    ScheduleFree {
        /// Its `β₁`.
        beta_1: f32,
        /// How its rate rises.
        warmup: Warmup,
    },
}

impl Averaging {
    /// The share, in `(0, 1]`, of the weights after a step, counted from 0, in their average.
    pub fn share(self, step: usize) -> f64 {
        match self {
            Self::Exponential { decay } => {
                let step = step as f64;
                1.0 - decay.min((1.0 + step) / (10.0 + step))
            }
            Self::ScheduleFree { beta_1, warmup } => ScheduleFree::share(beta_1, warmup, step + 1),
        }
    }
}
