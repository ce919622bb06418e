mod category;
mod feature;
mod moments;
mod scaler;
mod scaling;
mod target;

use serde::{Deserialize, Serialize};

pub use category::{Categories, CategoryEncoding};
use feature::Encoder;
pub use feature::{FeatureEncoding, PartScaler};
use moments::Moments;
pub use scaler::Scaler;
pub use scaling::Scaling;
pub use target::{EncodedTarget, TargetEncoding, TargetScaling};

use crate::reader::{Schema, SchemaColumn};
use crate::table::{ROWS_AT_A_TIME, first_duplicate};
use crate::{Error, Table, Task, Values};

/// How a [`Preprocessor`] is fitted.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct PreprocessorConfig {
    /// How numbers are scaled; standardised by default.
    pub scaling: Scaling,
    /// How categories become inputs; by their number by default.
    pub categories: CategoryEncoding,
    /// A category of fewer training rows counts as one that was never seen; 5 by default.
    pub min_category_count: usize,
}

impl Default for PreprocessorConfig {
    fn default() -> Self {
        Self {
            scaling: Scaling::Standard,
            categories: CategoryEncoding::Auto,
            min_category_count: 5,
        }
    }
}

impl From<Scaling> for PreprocessorConfig {
    fn from(scaling: Scaling) -> Self {
        Self {
            scaling,
            ..Self::default()
        }
    }
}

/// Turns rows of a table into inputs of a network, and its targets into what is trained on.
///
/// It is fitted on training rows alone, saved with the model, and used again at prediction:
/// features are found by their names.
///
/// ```
/// use mlp_datasets::{Column, Preprocessor, Scaling, Table, Target, Values};
///
/// let size = Column { name: "size".into(), values: Values::Numbers(vec![1.0, 3.0, f32::NAN]) };
/// let colour = Column {
///     name: "colour".into(),
///     values: Values::Categories { codes: vec![0, 1, 1], names: vec!["red".into(), "blue".into()] },
/// };
/// let price = Target::Numbers { names: vec!["price".into()], values: vec![0.0, 5.0, 10.0] };
/// let table = Table::new(vec![size, colour], Some(price))?;
///
/// let preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::Standard)?;
/// let inputs = preprocessor.transform(&table, &[0, 1, 2])?;
///
/// // The first two sizes have the mean 2 and the standard deviation 1, and the median 2. Of
/// // colours there were fewer rows than 5, so both count as others.
/// assert_eq!(inputs.numbers, [-1.0, 1.0, 1.0, 1.0, 0.0, 1.0]);
/// assert_eq!(preprocessor.target.restore(-1.0, 0), 0.0);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Preprocessor {
    /// How each feature becomes inputs.
    pub features: Vec<FeatureEncoding>,
    /// How the target becomes what is trained on.
    pub target: TargetEncoding,
}

/// Inputs of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// Numbers, row by row: as many as the [width](Preprocessor::width).
    pub numbers: Vec<f32>,
    /// Places in embeddings, row by row: one for each of the
    /// [cardinalities](Preprocessor::cardinalities).
    pub categories: Vec<u32>,
    /// What training has not prepared for.
    pub surprises: Vec<Surprise>,
}

/// How often a feature had a value that training has not prepared for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surprise {
    /// The feature.
    pub feature: String,
    /// In how many rows its category was never seen, or too rarely to be learned from.
    pub unseen: usize,
    /// In how many rows it was missing, as it never was in training.
    pub missing: usize,
}

impl Preprocessor {
    /// Fits on the given rows of a table. The classes are all those of the table.
    ///
    /// # Errors
    ///
    /// If the table has no target, or no rows are given.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn fit(
        table: &Table,
        rows: &[usize],
        config: impl Into<PreprocessorConfig>,
    ) -> Result<Self, Error> {
        let target = table.target().ok_or(Error::NoTarget)?;
        let features = Self::fit_features(table, rows, config)?;
        Ok(Self {
            target: TargetEncoding::fit(target, rows),
            ..features
        })
    }

    /// Fits on the features of the given rows alone, so that there is nothing to predict.
    ///
    /// # Errors
    ///
    /// If no rows are given.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn fit_features(
        table: &Table,
        rows: &[usize],
        config: impl Into<PreprocessorConfig>,
    ) -> Result<Self, Error> {
        let config = config.into();
        if rows.is_empty() {
            return Err(Error::TooFewRows {
                rows: 0,
                purpose: "to fit the preprocessing on",
            });
        }
        let columns = table.columns().iter();
        let mut features: Vec<FeatureEncoding> = columns
            .map(|column| FeatureEncoding::fit(column, rows, &config))
            .collect();
        if config.scaling == Scaling::Shared {
            share_scaling(&mut features, table, rows);
        }
        keep_one_number(&mut features);
        Ok(Self {
            features,
            target: TargetEncoding::Nothing,
        })
    }

    /// The inputs of the given rows. Features are found by name, and others ignored.
    ///
    /// # Errors
    ///
    /// If the table lacks a feature, or has one of another kind.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn transform(&self, table: &Table, rows: &[usize]) -> Result<Inputs, Error> {
        let encoders = self.encoders(table)?;
        let (width, num_categories) = (self.width(), self.cardinalities().len());
        let mut inputs = Inputs {
            numbers: vec![0.0; rows.len() * width],
            categories: vec![0; rows.len() * num_categories],
            surprises: Vec::new(),
        };
        // A few rows at a time, since a feature's inputs lie a row apart.
        for (chunk, rows) in rows.chunks(ROWS_AT_A_TIME).enumerate() {
            let first = chunk * ROWS_AT_A_TIME;
            let numbers = &mut inputs.numbers[first * width..][..rows.len() * width];
            let categories =
                &mut inputs.categories[first * num_categories..][..rows.len() * num_categories];
            let (mut offset, mut place) = (0, 0);
            for (feature, encoder) in self.features.iter().zip(&encoders) {
                let found = encoder.encode(
                    rows,
                    numbers,
                    (width, offset),
                    categories,
                    (num_categories, place),
                );
                if found.unseen + found.missing > 0 {
                    let surprise = Surprise {
                        feature: feature.name().to_owned(),
                        unseen: found.unseen,
                        missing: found.missing,
                    };
                    surprise.add_to(&mut inputs.surprises);
                }
                offset += feature.width();
                place += usize::from(feature.cardinality().is_some());
            }
        }
        Ok(inputs)
    }

    fn encoders<'a>(&'a self, table: &'a Table) -> Result<Vec<Encoder<'a>>, Error> {
        let columns = table.columns();
        let encoder = |(i, feature): (usize, &'a FeatureEncoding)| {
            // Most often a table has the columns of the one that was fitted on.
            let here = columns
                .get(i)
                .filter(|column| column.name == feature.name());
            let column = here.or_else(|| table.column(feature.name()));
            let column = column.ok_or_else(|| Error::MissingFeature {
                feature: feature.name().to_owned(),
                found: table.feature_names(),
            })?;
            feature.encoder(column)
        };
        self.features.iter().enumerate().map(encoder).collect()
    }

    /// How many numbers a row gives a network: at least one.
    pub fn width(&self) -> usize {
        self.features.iter().map(FeatureEncoding::width).sum()
    }

    /// How many places the embedding of each feature needs that has one.
    pub fn cardinalities(&self) -> Vec<usize> {
        let features = self.features.iter();
        features.filter_map(FeatureEncoding::cardinality).collect()
    }

    /// The columns that a table must have.
    pub fn schema(&self) -> Schema {
        let column = |feature: &FeatureEncoding| SchemaColumn {
            name: feature.name().to_owned(),
            kind: feature.column_kind(),
        };
        Schema {
            columns: self.features.iter().map(column).collect(),
        }
    }

    /// The names of the features.
    pub fn feature_names(&self) -> Vec<String> {
        self.schema().names().cloned().collect()
    }

    /// What is to be predicted.
    pub fn task(&self) -> Task {
        self.target.task()
    }

    /// The names of the classes, in the order of a network's outputs; `None` for regression.
    pub fn classes(&self) -> Option<&[String]> {
        self.target.classes()
    }

    /// The target of the given rows. Classes are found by name.
    ///
    /// # Errors
    ///
    /// If the table has no target, one of the other kind, or a class that is unknown here.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn encode_target(&self, table: &Table, rows: &[usize]) -> Result<EncodedTarget, Error> {
        let target = table.target().ok_or(Error::NoTarget)?;
        self.target.encode(target, rows)
    }

    /// Checks that it can be used, since a file that it was loaded from may be damaged.
    ///
    /// # Errors
    ///
    /// If there are no features or no classes, a name occurs twice, or a number is out of range.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |reason: String| Err(Error::InvalidPreprocessor { reason });
        if self.width() == 0 {
            return wrong("it has no features".to_owned());
        }
        if let Some(name) = first_duplicate(&self.feature_names()) {
            return wrong(format!("two features are called `{name}`"));
        }
        for feature in &self.features {
            if let Some(fault) = feature.fault() {
                return wrong(format!("of `{}` {fault}", feature.name()));
            }
        }
        match self.target.fault() {
            Some(fault) => wrong(fault),
            None => Ok(()),
        }
    }
}

impl Surprise {
    /// Adds its counts to those of the same feature.
    pub fn add_to(self, all: &mut Vec<Self>) {
        match all.iter_mut().find(|known| known.feature == self.feature) {
            Some(known) => {
                known.unseen += self.unseen;
                known.missing += self.missing;
            }
            None => all.push(self),
        }
    }
}

/// Gives all numbers the mean and the deviation of all.
fn share_scaling(features: &mut [FeatureEncoding], table: &Table, rows: &[usize]) {
    let numbers = table.columns().iter().flat_map(|column| {
        let numbers = match &column.values {
            Values::Numbers(numbers) => numbers.as_slice(),
            _ => &[],
        };
        let of_rows = rows.iter().filter_map(|&row| numbers.get(row).copied());
        of_rows.filter(|number| !number.is_nan())
    });
    if numbers.clone().next().is_none() {
        return;
    }
    let Moments { mean, std, .. } = Moments::of(numbers);
    for feature in features {
        if let FeatureEncoding::Numeric { scaler, .. } = feature {
            *scaler = Scaler::Standard { mean, std };
        }
    }
}

/// Makes the smallest embedding one-hot if a row would give no number, since a network takes some.
fn keep_one_number(features: &mut [FeatureEncoding]) {
    if features.iter().any(|feature| feature.width() > 0) {
        return;
    }
    let smallest = features
        .iter_mut()
        .filter(|feature| feature.cardinality().is_some())
        .min_by_key(|feature| feature.cardinality());
    if let Some(feature) = smallest
        && let FeatureEncoding::Embedding { name, categories } = feature
    {
        *feature = FeatureEncoding::OneHot {
            name: name.clone(),
            categories: categories.clone(),
        };
    }
}

#[cfg(test)]
mod tests;
