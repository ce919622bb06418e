use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

use super::curve::Curve;

/// How a weight decay, or the probability of dropout, changes from step to step.
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
    Default,
    PartialEq,
    Eq,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Annealing {
    /// It does not change
    #[default]
    Constant,
    /// Unchanged in the first half, then half a cosine wave down to 0
    FlatCosine,
}

impl Annealing {
    /// The factor at a time `t` in `[0, 1]`: the share of the training that is over.
    pub fn factor(self, t: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::FlatCosine => Curve::FlatCosine.at(t),
        }
    }

    /// Whether nothing changes.
    pub fn is_constant(&self) -> bool {
        *self == Self::Constant
    }
}
