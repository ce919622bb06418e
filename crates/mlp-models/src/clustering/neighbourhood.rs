use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// Which units learn together with the winner, given their distance `d` from it on the grid and the
/// radius `σ`.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Neighbourhood {
    /// `exp(−d² / 2σ²)`: all units, more strongly the closer they are.
    #[default]
    Gaussian,
    /// 1 if `d ≤ σ`, else 0: the units within the radius.
    Bubble,
}
