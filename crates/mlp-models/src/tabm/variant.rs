use serde::{Deserialize, Serialize};

/// What the members of a [`TabM`](crate::TabM) share.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TabMVariant {
    /// The weights of the hidden layers; each member has scales of each layer's inputs and outputs.
    #[default]
    Full,
    /// The hidden layers; each member has scales of the first inputs.
    Mini,
    /// Nothing: the members are networks of their own, which are computed together.
    Packed,
}
