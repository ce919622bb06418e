use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What is predicted for a row.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum Task {
    /// Which of several known classes it belongs to.
    Classification,
    /// One or more numbers.
    Regression,
    /// Which of several groups it belongs to, found without labels.
    Clustering,
}

fn unknown(name: &str) -> Error {
    Error::unknown::<Task>("task", name)
}
