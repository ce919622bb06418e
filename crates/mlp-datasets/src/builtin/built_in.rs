use crate::error::Error;

/// A data set that is known by name.
///
/// Names are parsed with underscores or hyphens.
///
/// ```
/// use mlp_datasets::{BuiltIn, LoadOptions};
///
/// let wine = "wine".parse::<BuiltIn>()?.load(&LoadOptions::default())?;
/// assert_eq!(wine.table.num_rows(), 178);
///
/// let options = LoadOptions { samples: Some(60), noise: Some(0.0), ..LoadOptions::default() };
/// assert_eq!(BuiltIn::Moons.load(&options)?.table.num_rows(), 60);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = unknown)]
#[non_exhaustive]
pub enum BuiltIn {
    /// Three species of iris.
    Iris,
    /// Wines from three cultivars.
    Wine,
    /// Benign and malignant tumours.
    #[strum(to_string = "breast_cancer", serialize = "breast-cancer")]
    BreastCancer,
    /// Handwritten digits of 8 × 8 pixels.
    Digits,
    /// Progression of diabetes within a year.
    Diabetes,
    /// Whether an income is above 50,000 dollars.
    #[cfg(feature = "tables")]
    Adult,
    /// House prices in California.
    #[cfg(feature = "tables")]
    #[strum(to_string = "california_housing", serialize = "california-housing")]
    CaliforniaHousing,
    /// Who survived the sinking of the Titanic.
    #[cfg(feature = "tables")]
    Titanic,
    /// The logic gate AND.
    And,
    /// The logic gate OR.
    Or,
    /// The logic gate XOR.
    Xor,
    /// Two interleaving half circles.
    Moons,
    /// A circle within a circle.
    Circles,
    /// Three clouds of points.
    Blobs,
    /// Two intertwined spirals.
    Spirals,
    /// One period of a sine.
    Sine,
    /// Handwritten digits of 28 × 28 pixels.
    Mnist,
    /// Images in four IDX files with the names of those of MNIST.
    Idx,
}

impl BuiltIn {
    /// The name, such as `breast_cancer`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The standard deviation of the noise of a generated set, unless another one is asked for.
    pub fn default_noise(self) -> f64 {
        if self == Self::Blobs { 1.0 } else { 0.1 }
    }

    /// Whether the rows are generated with random noise.
    pub fn is_generated(self) -> bool {
        matches!(
            self,
            Self::Moons | Self::Circles | Self::Blobs | Self::Spirals | Self::Sine
        )
    }
}

fn unknown(name: &str) -> Error {
    Error::unknown::<BuiltIn>("data set", name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn names_are_parsed_with_underscores_or_hyphens() {
        for &dataset in BuiltIn::VARIANTS {
            let name = dataset.to_string();
            assert_eq!(name.parse::<BuiltIn>().unwrap(), dataset);
            let with_hyphens = name.replace('_', "-");
            assert_eq!(with_hyphens.parse::<BuiltIn>().unwrap(), dataset);
            assert_eq!(dataset.name(), name);
        }
    }

    #[test]
    fn an_unknown_name_lists_all_data_sets() {
        let message = "irsi".parse::<BuiltIn>().unwrap_err().to_string();
        assert!(
            message.starts_with("`irsi` is not a known data set; choose from `iris`, "),
            "{message}"
        );
        for dataset in BuiltIn::VARIANTS {
            assert!(message.contains(&format!("`{dataset}`")), "{message}");
        }
    }
}
