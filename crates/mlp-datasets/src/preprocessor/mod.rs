//! From rows of a table to inputs of a network.

mod category;
mod config;
mod encoder;
mod feature;
mod input_spec;
mod inputs;
mod moments;
mod quantiles;
mod scaler;
mod scaling;
mod target;
mod target_means;
mod target_transform;
mod unknown;

pub use category::{Categories, CategoryEncoding};
pub use config::PreprocessorConfig;
use encoder::Encoder;
pub use feature::{FeatureEncoding, PartScaler};
pub use input_spec::{InputColumn, InputKind, InputSpec, NumericStatistics};
pub use inputs::{Inputs, UnseenValues};
use moments::Moments;
pub use scaler::Scaler;
pub use scaling::Scaling;
use serde::{Deserialize, Serialize};
pub use target::{EncodedTarget, TargetEncoding, TargetScaling};
pub use target_means::{CategoryMeans, TargetMeans};
pub use target_transform::TargetTransform;

use crate::error::Error;
use crate::input::Dialect;
use crate::names::first_duplicate;
use crate::schema::{Schema, SchemaColumn};
use crate::table::{ROWS_PER_BLOCK, Table, Values};
use crate::task::Task;

/// Turns rows of a table into inputs of a network, and targets into what the network is trained on.
///
/// It is fitted on the training rows alone and saved with the model. At prediction, features are
/// found by their names.
///
/// ```
/// use mlp_datasets::{
///     Column, Preprocessor, PreprocessorConfig, Scaling, Table, Target, Values,
/// };
///
/// let size = Column { name: "size".into(), values: Values::Numbers(vec![1.0, 3.0, f64::NAN]) };
/// let colour = Column {
///     name: "colour".into(),
///     values: Values::Categories { codes: vec![0, 1, 1], names: vec!["red".into(), "blue".into()] },
/// };
/// let price = Target::Numbers { names: vec!["price".into()], values: vec![0.0, 5.0, 10.0] };
/// let table = Table::new(vec![size, colour], Some(price))?;
///
/// // By default a category needs five training rows.
/// let config = PreprocessorConfig { min_category_count: 1, ..Scaling::Standard.into() };
/// let preprocessor = Preprocessor::fit(&table, &[0, 1], config)?;
/// let inputs = preprocessor.transform(&table, &[0, 1, 2])?;
///
/// // The first two sizes have the mean 2, the standard deviation 1 and the median 2, which replaces the
/// // missing one. Two categories give one input.
/// assert_eq!(inputs.numbers, [-1.0, 1.0, 1.0, -1.0, 0.0, -1.0]);
/// assert_eq!(preprocessor.target.restore(-1.0, 0), 0.0);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Preprocessor {
    /// How each feature becomes inputs.
    pub features: Vec<FeatureEncoding>,
    /// How the target becomes what the network is trained on.
    pub target: TargetEncoding,
}

impl Preprocessor {
    /// Fits on the given rows of a table. The classes are those of the whole table, unless
    /// [`with_classes_of`](Self::with_classes_of) reduces them. Features that do not vary in these rows are
    /// left out: a network cannot learn what another value would mean.
    ///
    /// # Errors
    ///
    /// If the table has no target, no rows are given, no feature varies in them, or logarithms are to be learned of
    /// numbers that have none.
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
        let config = config.into();
        let transform = config.target_transform;
        let features = Self::fit_features(table, rows, config)?;
        Ok(Self {
            target: TargetEncoding::fit(target, rows, transform)?,
            ..features
        })
    }

    /// Fits on the features of the given rows only, without a target.
    ///
    /// # Errors
    ///
    /// If no rows are given, or no feature varies in them.
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
        let mut features = Self::encodings(table, rows, &config)?;
        features.retain(|feature| !feature.is_constant());
        if features.is_empty() {
            return Err(Error::NothingVaries {
                features: table.feature_names(),
            });
        }
        if config.scaling == Scaling::Shared {
            share_scaling(&mut features, table, rows);
        }
        Ok(Self {
            features,
            target: TargetEncoding::Nothing,
        })
    }

    /// The same with those features of another preprocessor that this one lacks, each after the one that it follows
    /// there.
    #[must_use]
    pub fn with_features_of(mut self, other: &Self) -> Self {
        let mut place = 0;
        for feature in &other.features {
            let position = |own: &FeatureEncoding| own.name() == feature.name();
            if let Some(own) = self.features.iter().position(position) {
                place = own;
            } else {
                self.features.insert(place, feature.clone());
            }
            place += 1;
        }
        self
    }

    /// The names of the features that [`fit`](Self::fit) leaves out, since they do not vary in the given
    /// rows.
    ///
    /// # Errors
    ///
    /// If no rows are given.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn constant_features(
        table: &Table,
        rows: &[usize],
        config: &PreprocessorConfig,
    ) -> Result<Vec<String>, Error> {
        let mut features = Self::encodings(table, rows, config)?;
        features.retain(FeatureEncoding::is_constant);
        let names = features.iter().map(|feature| feature.name().to_owned());
        Ok(names.collect())
    }

    /// All features of a table, fitted on the given rows.
    fn encodings(
        table: &Table,
        rows: &[usize],
        config: &PreprocessorConfig,
    ) -> Result<Vec<FeatureEncoding>, Error> {
        if rows.is_empty() {
            return Err(Error::TooFewRows {
                rows: 0,
                purpose: "to fit a preprocessor",
            });
        }
        let columns = table.columns().iter();
        let target = table.target();
        let encodings = columns.map(|column| FeatureEncoding::fit(column, rows, config, target));
        encodings.collect()
    }

    /// The same with only those classes that occur in the given rows: those which a model can learn and
    /// those by which its best epoch is selected, but not those of test rows alone.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    #[must_use]
    pub fn with_classes_of(mut self, table: &Table, rows: impl IntoIterator<Item = usize>) -> Self {
        if let Some(target) = table.target() {
            self.target.keep_classes_of(target, rows);
        }
        self
    }

    /// The inputs of the given rows. Features are found by name; other columns are ignored.
    ///
    /// # Errors
    ///
    /// If the table lacks a feature, or has it with another kind.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn transform(&self, table: &Table, rows: &[usize]) -> Result<Inputs, Error> {
        Ok(self.encode(&self.encoders(table)?, rows))
    }

    /// The inputs of the rows that it was fitted on, for training. They are those of
    /// [`transform`](Self::transform), but that the [means of the target](TargetMeans) are those of other rows.
    ///
    /// # Errors
    ///
    /// If the table lacks a feature, or has it with another kind.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn transform_for_training(&self, table: &Table, rows: &[usize]) -> Result<Inputs, Error> {
        let mut encoders = self.encoders(table)?;
        if let Some(target) = table.target() {
            for (encoder, feature) in encoders.iter_mut().zip(&self.features) {
                encoder.take_means_of_other_folds(feature, target, rows);
            }
        }
        Ok(self.encode(&encoders, rows))
    }

    fn encode(&self, encoders: &[Encoder<'_>], rows: &[usize]) -> Inputs {
        let (width, num_categories) = (self.width(), self.cardinalities().len());
        let mut inputs = Inputs {
            numbers: vec![0.0; rows.len() * width],
            categories: vec![0; rows.len() * num_categories],
            unseen_values: Vec::new(),
        };
        // In blocks that stay in the cache, since the inputs of a feature are a row apart.
        for (block, rows) in rows.chunks(ROWS_PER_BLOCK).enumerate() {
            let first = block * ROWS_PER_BLOCK;
            let numbers = &mut inputs.numbers[first * width..][..rows.len() * width];
            let categories =
                &mut inputs.categories[first * num_categories..][..rows.len() * num_categories];
            let (mut offset, mut position) = (0, 0);
            for (feature, encoder) in self.features.iter().zip(encoders) {
                let counts = encoder.encode(
                    rows,
                    numbers,
                    (width, offset),
                    categories,
                    (num_categories, position),
                );
                if counts.unseen + counts.missing > 0 {
                    let values = UnseenValues {
                        feature: feature.name().to_owned(),
                        unseen: counts.unseen,
                        missing: counts.missing,
                    };
                    values.add_to(&mut inputs.unseen_values);
                }
                offset += feature.width();
                position += usize::from(feature.cardinality().is_some());
            }
        }
        inputs
    }

    fn encoders<'a>(&'a self, table: &'a Table) -> Result<Vec<Encoder<'a>>, Error> {
        let columns = table.columns();
        let encoder = |(i, feature): (usize, &'a FeatureEncoding)| {
            // Usually the columns are in the order of those that were fitted on.
            let expected = columns
                .get(i)
                .filter(|column| column.name == feature.name());
            let column = expected.or_else(|| table.column(feature.name()));
            let column = column.ok_or_else(|| Error::MissingFeature {
                feature: feature.name().to_owned(),
                found: table.feature_names(),
            })?;
            Encoder::new(feature, column)
        };
        self.features.iter().enumerate().map(encoder).collect()
    }

    /// The number of numbers that a row gives a network; 0 if all features are embedded.
    pub fn width(&self) -> usize {
        self.features.iter().map(FeatureEncoding::width).sum()
    }

    /// The number of indices of each embedded feature.
    pub fn cardinalities(&self) -> Vec<usize> {
        let features = self.features.iter();
        features.filter_map(FeatureEncoding::cardinality).collect()
    }

    /// For each embedded feature, the share of each index in the training rows, if an unknown category
    /// is none of those that the network is trained on. Its vector is then best the mean of the others,
    /// weighted by these shares.
    pub fn embedding_shares(&self) -> Vec<Option<Vec<f32>>> {
        let shares = |feature: &FeatureEncoding| match feature {
            FeatureEncoding::Embedding { categories, .. } => Some(categories.embedding_shares()),
            FeatureEncoding::Numeric { .. }
            | FeatureEncoding::OneHot { .. }
            | FeatureEncoding::TargetMeans { .. }
            | FeatureEncoding::Date { .. } => None,
        };
        self.features.iter().filter_map(shares).collect()
    }

    /// What each input of the network is.
    pub fn input_spec(&self) -> InputSpec {
        InputSpec::of(&self.features)
    }

    /// The names of what the first layer of a network gets, of which there are so many: those of the numbers that a
    /// row gives, and numbers from 1 for those that come from embeddings.
    pub fn input_names(&self, d_input: usize) -> Vec<String> {
        let names = self.input_spec().names();
        let embedded = 1..=d_input.saturating_sub(names.len());
        let embedded = embedded.map(|number| format!("embedding {number}"));
        names.into_iter().chain(embedded).collect()
    }

    /// The names of the outputs of a network, of which there are so many: classes, of which a single output says
    /// the second, or what is predicted.
    pub fn output_names(&self, d_output: usize) -> Vec<String> {
        match self.classes() {
            Some(classes) if classes.len() == d_output => classes.to_vec(),
            Some(classes) => classes.last().cloned().into_iter().collect(),
            None => self.target.names(),
        }
    }

    /// The columns that a table must have, with the default dialect.
    pub fn schema(&self) -> Schema {
        let column = |feature: &FeatureEncoding| SchemaColumn {
            name: feature.name().to_owned(),
            kind: feature.column_kind(),
        };
        Schema {
            columns: self.features.iter().map(column).collect(),
            dialect: Dialect::default(),
        }
    }

    /// The names of the features.
    pub fn feature_names(&self) -> Vec<String> {
        let names = self.features.iter().map(FeatureEncoding::name);
        names.map(str::to_owned).collect()
    }

    /// The task that the target is for; [`Task::Clustering`] without a target.
    pub fn task(&self) -> Task {
        self.target.task()
    }

    /// The names of the classes, in the order of a network's outputs; `None` without classes.
    pub fn classes(&self) -> Option<&[String]> {
        self.target.classes()
    }

    /// The target of the given rows. Classes are matched by name, or by what they
    /// mean, as `1` and `1.0` mean the same.
    ///
    /// # Errors
    ///
    /// If the table has no target, a target for another task, or an unknown class.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn encode_target(&self, table: &Table, rows: &[usize]) -> Result<EncodedTarget, Error> {
        let target = table.target().ok_or(Error::NoTarget)?;
        self.target.encode(target, rows)
    }

    /// Checks that the preprocessor can be used, since it may come from a damaged file.
    ///
    /// # Errors
    ///
    /// If there are no features or no classes, a name occurs twice, or a number is out of range.
    pub fn check(&self) -> Result<(), Error> {
        let invalid = |reason: String| Err(Error::InvalidPreprocessor { reason });
        if self.features.is_empty() {
            return invalid("it has no features".to_owned());
        }
        if let Some(name) = first_duplicate(&self.feature_names()) {
            return invalid(format!("two features are called `{name}`"));
        }
        for feature in &self.features {
            if let Some(fault) = feature.fault() {
                return invalid(format!("feature `{}`: {fault}", feature.name()));
            }
        }
        match self.target.fault() {
            Some(fault) => invalid(fault),
            None => Ok(()),
        }
    }
}

/// Scales all numeric features by their common mean and standard deviation.
fn share_scaling(features: &mut [FeatureEncoding], table: &Table, rows: &[usize]) {
    let numbers = table.columns().iter().flat_map(|column| {
        let numbers = match &column.values {
            Values::Numbers(numbers) => numbers.as_slice(),
            Values::Categories { .. } | Values::Dates(_) => &[],
        };
        let of_rows = rows.iter().filter_map(|&row| numbers.get(row).copied());
        of_rows.filter(|number| !number.is_nan())
    });
    if numbers.clone().next().is_none() {
        return;
    }
    let moments = Moments::of(numbers);
    let (mean, std) = (moments.mean, moments.divisor());
    for feature in features {
        if let FeatureEncoding::Numeric { scaler, .. } = feature {
            *scaler = Scaler::Standard { mean, std };
        }
    }
}

#[cfg(test)]
mod tests;
