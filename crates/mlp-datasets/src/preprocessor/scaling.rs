use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How numbers are scaled; [`Scaler`](crate::Scaler) has the formulas.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum Scaling {
    /// Each feature by its mean and standard deviation.
    #[default]
    Standard,
    /// Each feature by its median and quartiles, with outliers pulled in.
    Robust,
    /// Each feature to a normal distribution, by its quantiles.
    Quantile,
    /// Each feature to the range from 0 to 1.
    MinMax,
    /// All features by a common mean and standard deviation, as suits the pixels of an image.
    Shared,
    /// No scaling.
    None,
}

impl Scaling {
    /// The name, such as `standard`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The same for numbers that are derived from a feature, such as the parts of a date: a scale shared with
    /// other features would not suit them, nor would no scale.
    pub(super) fn of_derived_numbers(self) -> Self {
        match self {
            Self::Shared | Self::None => Self::Standard,
            Self::Standard | Self::Robust | Self::Quantile | Self::MinMax => self,
        }
    }
}

fn unknown(name: &str) -> Error {
    Error::unknown::<Scaling>("scaling", name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn scalings_have_the_same_name_in_text_and_in_json() {
        for &scaling in Scaling::VARIANTS {
            assert_eq!(scaling.to_string().parse::<Scaling>().unwrap(), scaling);
            let json = serde_json::to_string(&scaling).unwrap();
            assert_eq!(json, format!("\"{scaling}\""));
        }
        assert_eq!(
            "minmax".parse::<Scaling>().unwrap_err().to_string(),
            "`minmax` is not a known scaling; choose from `standard`, `robust`, `quantile`, \
             `min_max`, `shared`, `none`"
        );
    }

    #[test]
    fn numbers_that_are_derived_have_a_scale_of_their_own() {
        let scalings: Vec<&str> = Scaling::VARIANTS
            .iter()
            .map(|scaling| scaling.of_derived_numbers().name())
            .collect();
        // Of `shared` and `none`, the last two, it is `standard`.
        assert_eq!(
            scalings,
            [
                "standard", "robust", "quantile", "min_max", "standard", "standard"
            ]
        );
    }
}
