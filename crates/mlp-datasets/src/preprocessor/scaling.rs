use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// How numbers are scaled. Formulas stand at [`Scaler`](crate::Scaler).
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// Each feature by its own mean and standard deviation.
    #[default]
    Standard,
    /// Each feature by its median and quartiles, with outliers drawn in.
    Robust,
    /// Each feature to a normal distribution, by its quantiles.
    Quantile,
    /// Each feature to the range from 0 to 1.
    MinMax,
    /// All features by one mean and standard deviation, as suits the pixels of an image.
    Shared,
    /// Not at all.
    None,
}

impl Scaling {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Standard,
        Self::Robust,
        Self::Quantile,
        Self::MinMax,
        Self::Shared,
        Self::None,
    ];

    /// The name, such as `standard`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Robust => "robust",
            Self::Quantile => "quantile",
            Self::MinMax => "min_max",
            Self::Shared => "shared",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Scaling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scaling {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|scaling| scaling.name() == name);
        found.ok_or_else(|| Error::UnknownScaling {
            name: name.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_saved_form() {
        for scaling in Scaling::ALL {
            assert_eq!(scaling.to_string().parse::<Scaling>().unwrap(), scaling);
            let json = serde_json::to_string(&scaling).unwrap();
            assert_eq!(json, format!("\"{scaling}\""));
        }
        assert_eq!(
            "minmax".parse::<Scaling>().unwrap_err().to_string(),
            "no scaling is called `minmax`; there are `standard`, `robust`, `quantile`, `min_max`, \
             `shared`, `none`"
        );
    }
}
