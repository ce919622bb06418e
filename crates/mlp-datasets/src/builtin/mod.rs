mod dataset;
#[cfg(feature = "download")]
mod download;
mod embedded;
mod facts;
mod gates;
mod generated;
mod idx;
mod options;

use std::fmt;
use std::str::FromStr;

pub use dataset::{Dataset, Partition};
use facts::Facts;
pub use options::LoadOptions;

use crate::{Error, Task};

/// A data set that is known by name.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BuiltIn {
    /// Three species of iris.
    Iris,
    /// Three cultivars of wine.
    Wine,
    /// Benign and malignant tumours.
    BreastCancer,
    /// Handwritten digits of 8 × 8 pixels.
    Digits,
    /// Progression of diabetes.
    Diabetes,
    /// Whether an income is above 50,000 dollars.
    #[cfg(feature = "tables")]
    Adult,
    /// Prices of houses in California.
    #[cfg(feature = "tables")]
    CaliforniaHousing,
    /// Who survived the Titanic.
    #[cfg(feature = "tables")]
    Titanic,
    /// The logic gate.
    And,
    /// The logic gate.
    Or,
    /// The logic gate.
    Xor,
    /// Two half circles that reach into each other.
    Moons,
    /// A circle within a circle.
    Circles,
    /// Three clouds of points.
    Blobs,
    /// Two spirals wound into each other.
    Spirals,
    /// One period of a sine.
    Sine,
    /// Handwritten digits of 28 × 28 pixels.
    Mnist,
    /// Images in four IDX files named as those of MNIST.
    Idx,
}

impl BuiltIn {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Iris,
        Self::Wine,
        Self::BreastCancer,
        Self::Digits,
        Self::Diabetes,
        #[cfg(feature = "tables")]
        Self::Adult,
        #[cfg(feature = "tables")]
        Self::CaliforniaHousing,
        #[cfg(feature = "tables")]
        Self::Titanic,
        Self::And,
        Self::Or,
        Self::Xor,
        Self::Moons,
        Self::Circles,
        Self::Blobs,
        Self::Spirals,
        Self::Sine,
        Self::Mnist,
        Self::Idx,
    ];

    /// The name, such as `breast_cancer`.
    pub fn name(self) -> &'static str {
        Facts::of(self).name
    }

    /// What is to be predicted.
    pub fn task(self) -> Task {
        Facts::of(self).task
    }

    /// How many rows there are, if that is fixed.
    pub fn rows(self) -> Option<usize> {
        Facts::of(self).rows
    }

    /// How many features a row has, if that is fixed.
    pub fn num_features(self) -> Option<usize> {
        Facts::of(self).features
    }

    /// How many classes there are, if that is fixed; `None` for regression too.
    pub fn num_classes(self) -> Option<usize> {
        Facts::of(self).classes
    }

    /// Where it comes from, in short: authors, publisher, licence.
    pub fn source(self) -> &'static str {
        Facts::of(self).source
    }

    /// What it is about, in a few words.
    pub fn description(self) -> &'static str {
        Facts::of(self).description
    }

    /// Makes or reads the set.
    ///
    /// # Errors
    ///
    /// If an option is out of range or of no use to the set, or files are missing or damaged.
    pub fn load(self, options: &LoadOptions) -> Result<Dataset, Error> {
        options.check(self)?;
        match self {
            Self::And | Self::Or | Self::Xor => gates::load(self),
            Self::Moons | Self::Circles | Self::Blobs | Self::Spirals | Self::Sine => {
                generated::load(self, options)
            }
            Self::Mnist | Self::Idx => idx::load(self, options),
            _ => embedded::load(self),
        }
    }

    fn is_generated(self) -> bool {
        matches!(
            self,
            Self::Moons | Self::Circles | Self::Blobs | Self::Spirals | Self::Sine
        )
    }
}

impl fmt::Display for BuiltIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for BuiltIn {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let wanted = name.replace('-', "_");
        let found = Self::ALL.iter().copied().find(|set| set.name() == wanted);
        found.ok_or_else(|| Error::UnknownDataset {
            name: name.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parsed_with_either_dash() {
        for &dataset in BuiltIn::ALL {
            assert_eq!(dataset.to_string().parse::<BuiltIn>().unwrap(), dataset);
        }
        assert_eq!(
            "breast-cancer".parse::<BuiltIn>().unwrap(),
            BuiltIn::BreastCancer
        );
        let message = "irsi".parse::<BuiltIn>().unwrap_err().to_string();
        assert!(message.starts_with("no data set is called `irsi`; there are `iris`, "));
        assert!(message.ends_with("`mnist`, `idx`"), "{message}");
    }

    #[test]
    fn what_is_said_of_a_set_is_true_of_its_table() {
        for &dataset in BuiltIn::ALL {
            if matches!(dataset, BuiltIn::Mnist | BuiltIn::Idx) {
                continue;
            }
            let loaded = dataset.load(&LoadOptions::default()).unwrap();
            let table = &loaded.table;
            assert_eq!(loaded.name, dataset.name());
            assert_eq!(table.task(), Some(dataset.task()), "{dataset}");
            assert_eq!(
                Some(table.num_features()),
                dataset.num_features(),
                "{dataset}"
            );
            assert_eq!(table.num_rows(), dataset.rows().unwrap_or(500), "{dataset}");
            let classes = table.target().unwrap().classes().map(<[String]>::len);
            assert_eq!(classes, dataset.num_classes(), "{dataset}");
        }
    }
}
