use super::feature::FeatureEncoding;
use super::moments::Moments;
use super::quantiles::{quantiles, sorted};
use crate::table::DatePart;

/// What each input of a network is: the numbers that a row gives, and the cardinalities of its
/// embedded categories.
///
/// ```
/// use mlp_datasets::{BuiltIn, InputKind, LoadOptions, Preprocessor};
///
/// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
/// let rows: Vec<usize> = (0..150).collect();
/// let preprocessor = Preprocessor::fit(&iris.table, &rows, iris.scaling)?;
///
/// let spec = preprocessor.input_spec();
/// assert_eq!((spec.width(), spec.cardinalities.len()), (4, 0));
/// assert_eq!(spec.numbers[2].name, "petal_length");
/// assert_eq!(spec.numbers[2].kind, InputKind::Numeric);
///
/// // Petals are 1 to 6.9 cm long, with a median of 4.35 cm; here they are standardised.
/// let inputs = preprocessor.transform(&iris.table, &rows)?.numbers;
/// let quantiles = spec.quantiles(&inputs, 2, 3);
/// assert!((quantiles[1] - (4.35 - 3.758) / 1.7594).abs() < 1e-3);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputSpec {
    /// The numbers that a row gives, in the order of the network's inputs.
    pub numbers: Vec<InputColumn>,
    /// The number of indices of each embedded category, in the order of the network's inputs.
    pub cardinalities: Vec<usize>,
}

/// A number that a row gives a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputColumn {
    /// The name of the feature that the number comes from.
    pub feature: String,
    /// A name for display: that of the feature, followed by a number from 1 if the feature gives
    /// several numbers.
    pub name: String,
    /// How the number comes from the feature.
    pub kind: InputKind,
}

/// How a number comes from its feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// A numeric feature, scaled.
    Numeric,
    /// A slot of a one-hot encoding.
    OneHot,
    /// The mean of the target in a category, scaled.
    TargetMean,
    /// 1 where the feature is missing, else 0.
    MissingIndicator,
    /// A part of a date, scaled.
    DatePart(DatePart),
    /// A number that is derived from columns of numbers, scaled.
    Derived,
}

/// Statistics of one input over some rows.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct NumericStatistics {
    /// The mean.
    pub mean: f32,
    /// The standard deviation of the population, with n and not n − 1; 0 if all values are equal.
    pub std: f32,
    /// The smallest value.
    pub min: f32,
    /// The largest value.
    pub max: f32,
}

impl InputSpec {
    /// The inputs that features become.
    pub(super) fn of(features: &[FeatureEncoding]) -> Self {
        let cardinalities = features.iter().filter_map(FeatureEncoding::cardinality);
        Self {
            numbers: features.iter().flat_map(columns).collect(),
            cardinalities: cardinalities.collect(),
        }
    }

    /// The number of numbers that a row gives; 0 if all features are embedded.
    pub fn width(&self) -> usize {
        self.numbers.len()
    }

    /// The names of the numbers that a row gives, for display.
    pub fn names(&self) -> Vec<String> {
        let names = self.numbers.iter().map(|column| column.name.clone());
        names.collect()
    }

    /// The indices of the numbers of kind [`InputKind::Numeric`], [`InputKind::Derived`] and
    /// [`InputKind::TargetMean`].
    pub fn numeric_indices(&self) -> Vec<usize> {
        let is_numeric = |&index: &usize| {
            let kind = self.numbers[index].kind;
            matches!(
                kind,
                InputKind::Numeric | InputKind::Derived | InputKind::TargetMean
            )
        };
        (0..self.numbers.len()).filter(is_numeric).collect()
    }

    /// The quantiles of a number for `count` evenly spaced shares from 0 to 1, ascending and linear
    /// between neighbouring values. They are those of the given rows of
    /// [transformed](crate::Preprocessor::transform) inputs, `[num_rows, width]` row by row.
    ///
    /// Values that occur in many rows give several equal quantiles; the edges of bins are the
    /// different ones.
    ///
    /// # Panics
    ///
    /// If there is no such number, there are no rows, the inputs are not whole rows, or `count` is
    /// less than 2.
    pub fn quantiles(&self, inputs: &[f32], input: usize, count: usize) -> Vec<f32> {
        assert!(count >= 2, "at least 2 quantiles, but got {count}");
        let values: Vec<f64> = self.values(inputs, input).collect();
        let quantiles = quantiles(&sorted(&values), count);
        #[expect(clippy::cast_possible_truncation)] // As the inputs are.
        quantiles
            .into_iter()
            .map(|quantile| quantile as f32)
            .collect()
    }

    /// The mean, standard deviation and range of a number over the given rows of transformed inputs,
    /// `[num_rows, width]` row by row.
    ///
    /// # Panics
    ///
    /// If there is no such number, there are no rows, or the inputs are not whole rows.
    pub fn statistics(&self, inputs: &[f32], input: usize) -> NumericStatistics {
        let Moments {
            mean,
            std,
            min,
            max,
        } = Moments::of(self.values(inputs, input));
        #[expect(clippy::cast_possible_truncation)] // As the inputs are.
        let [mean, std, min, max] = [mean, std, min, max].map(|number| number as f32);
        NumericStatistics {
            mean,
            std,
            min,
            max,
        }
    }

    /// The values of a number in all rows.
    fn values<'a>(
        &self,
        inputs: &'a [f32],
        input: usize,
    ) -> impl Iterator<Item = f64> + Clone + 'a {
        let width = self.width();
        assert!(input < width, "input {input} of {width}");
        assert!(
            !inputs.is_empty() && inputs.len().is_multiple_of(width),
            "{} values are not one or more rows of {width} inputs",
            inputs.len()
        );
        inputs[input..]
            .iter()
            .step_by(width)
            .copied()
            .map(f64::from)
    }
}

/// The numbers that a feature gives, in their order.
fn columns(feature: &FeatureEncoding) -> Vec<InputColumn> {
    let mut kinds = Vec::with_capacity(feature.width());
    match feature {
        FeatureEncoding::Numeric { indicator, .. } => {
            kinds.push(InputKind::Numeric);
            kinds.extend(indicator.then_some(InputKind::MissingIndicator));
        }
        FeatureEncoding::Derived(derived) => {
            kinds.push(InputKind::Derived);
            kinds.extend(derived.indicator.then_some(InputKind::MissingIndicator));
        }
        FeatureEncoding::OneHot { .. } => kinds.resize(feature.width(), InputKind::OneHot),
        FeatureEncoding::TargetMeans { .. } => {
            kinds.resize(feature.width(), InputKind::TargetMean);
        }
        FeatureEncoding::Embedding { .. } => {}
        FeatureEncoding::Date {
            parts, indicator, ..
        } => {
            kinds.extend(parts.iter().map(|scaler| InputKind::DatePart(scaler.part)));
            kinds.extend(indicator.then_some(InputKind::MissingIndicator));
        }
    }
    let feature = feature.name();
    let is_single = kinds.len() == 1;
    let column = |(i, kind)| InputColumn {
        feature: feature.to_owned(),
        name: if is_single {
            feature.to_owned()
        } else {
            format!("{feature} {}", i + 1)
        },
        kind,
    };
    kinds.into_iter().enumerate().map(column).collect()
}

#[cfg(test)]
mod tests;
