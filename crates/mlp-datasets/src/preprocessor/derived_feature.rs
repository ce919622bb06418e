use serde::{Deserialize, Serialize};

use super::derivation::Derivation;
use super::quantiles::median;
use super::scaler::Scaler;
use super::scaling::Scaling;

/// A [derived](Derivation) number that is an input of a network, scaled; the median replaces a missing one.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct DerivedFeature {
    /// The feature's name: how the derivation is written.
    pub name: String,
    /// How it is derived.
    pub derivation: Derivation,
    /// How it is scaled.
    pub scaler: Scaler,
    /// The number that replaces a missing one.
    pub median: f64,
    /// Whether another input is 1 where the number is missing, as it is if any was missing in training.
    pub indicator: bool,
}

impl DerivedFeature {
    /// Fits on the given rows of the columns that it is derived from.
    pub(super) fn fit(
        derivation: Derivation,
        columns: &[&[f64]],
        rows: &[usize],
        scaling: Scaling,
    ) -> Self {
        let of_row = |&row: &usize| derivation.of(&numbers_of(columns, row));
        let mut numbers: Vec<f64> = rows.iter().map(of_row).collect();
        numbers.retain(|number| !number.is_nan());
        Self {
            name: derivation.to_string(),
            scaler: Scaler::fit(scaling, &numbers),
            median: median(&numbers),
            indicator: (1..rows.len()).contains(&numbers.len()),
            derivation,
        }
    }

    /// The number of inputs that it gives a network.
    pub fn width(&self) -> usize {
        1 + usize::from(self.indicator)
    }

    /// Writes its [inputs](Self::width) for the numbers of its columns. Whether the number is missing, though it was
    /// never missing in training.
    ///
    /// # Panics
    ///
    /// If there are fewer numbers than columns, or fewer inputs than it has.
    pub fn write(&self, numbers: &[f64], inputs: &mut [f32]) -> bool {
        let number = self.derivation.of(numbers);
        if self.indicator {
            inputs[1] = f32::from(u8::from(number.is_nan()));
        }
        let known = if number.is_nan() { self.median } else { number };
        inputs[0] = self.scaler.scale(known);
        number.is_nan() && !self.indicator
    }

    /// Whether its inputs are the same for all rows that it was fitted on.
    pub(super) fn is_constant(&self) -> bool {
        self.scaler == Scaler::Constant && !self.indicator
    }

    /// What is wrong with it; it may come from a damaged file.
    pub(super) fn fault(&self) -> Option<String> {
        let Self {
            name,
            derivation,
            scaler,
            median,
            ..
        } = self;
        if *name != derivation.to_string() {
            Some(format!("it is derived as `{derivation}`"))
        } else if !median.is_finite() {
            Some(format!("the median is {median}, but must be finite"))
        } else {
            scaler.fault()
        }
    }
}

/// The numbers of a row.
pub(super) fn numbers_of(columns: &[&[f64]], row: usize) -> [f64; Derivation::MOST_COLUMNS] {
    let mut numbers = [f64::NAN; Derivation::MOST_COLUMNS];
    for (number, column) in numbers.iter_mut().zip(columns) {
        *number = column[row];
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(scaling: Scaling) -> DerivedFeature {
        let derivation = Derivation::Product {
            left: "x".to_owned(),
            right: "y".to_owned(),
        };
        let columns: [&[f64]; 2] = [&[1.0, 2.0, f64::NAN, 9.0], &[4.0, 5.0, 1.0, 9.0]];
        DerivedFeature::fit(derivation, &columns, &[0, 1, 2], scaling)
    }

    #[test]
    fn it_is_scaled_by_the_rows_that_it_was_fitted_on() {
        // Products of 4 and 10: their mean is 7, and their standard deviation 3.
        let feature = product(Scaling::Standard);
        assert_eq!((feature.name.as_str(), feature.width()), ("x*y", 2));
        let mut inputs = [f32::NAN; 2];
        assert!(!feature.write(&[2.0, 5.0], &mut inputs));
        assert_eq!(inputs, [1.0, 0.0]);
        // The median of the two is the greater one.
        assert!(!feature.write(&[2.0, f64::NAN], &mut inputs));
        assert_eq!(inputs[1], 1.0);
        assert!((f64::from(inputs[0]) - (feature.median - 7.0) / 3.0).abs() < 1e-6);
    }

    #[test]
    fn a_damaged_one_is_recognised() {
        let feature = product(Scaling::None);
        assert_eq!(feature.fault(), None);
        let renamed = DerivedFeature {
            name: "x*z".to_owned(),
            ..feature.clone()
        };
        assert_eq!(renamed.fault().unwrap(), "it is derived as `x*y`");
        let infinite = DerivedFeature {
            median: f64::INFINITY,
            ..feature
        };
        assert!(infinite.fault().unwrap().contains("must be finite"));
    }
}

#[cfg(test)]
mod in_a_preprocessor {
    use crate::{
        Column, FeatureEncoding, InputKind, Preprocessor, PreprocessorConfig, Scaling, Table,
        Values,
    };

    fn table() -> Table {
        let numbers = |name: &str, numbers: &[f64]| Column {
            name: name.to_owned(),
            values: Values::Numbers(numbers.to_vec()),
        };
        let columns = vec![
            numbers("x", &[1.0, 2.0, 3.0, -4.0]),
            numbers("y", &[5.0, -6.0, 7.0, f64::NAN]),
        ];
        Table::new(columns, None).unwrap()
    }

    fn fitted(derive: &[&str], only_derived: &[&str]) -> Preprocessor {
        let strings = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let config = PreprocessorConfig {
            derive: strings(derive),
            only_derived: strings(only_derived),
            ..Scaling::None.into()
        };
        Preprocessor::fit_features(&table(), &[0, 1, 2], config).unwrap()
    }

    #[test]
    fn it_follows_the_columns_and_needs_them_alone() {
        let preprocessor = fitted(&["x*y,x^2"], &["x"]);
        assert_eq!(preprocessor.feature_names(), ["y", "x*y", "x^2"]);
        assert_eq!(preprocessor.column_names(), ["y", "x"]);
        // No number was missing in training.
        assert_eq!(preprocessor.width(), 3);
        let spec = preprocessor.input_spec();
        assert_eq!(spec.numbers[1].kind, InputKind::Derived);
        let inputs = preprocessor.transform(&table(), &[0, 1, 3]).unwrap();
        // A product with a missing number is the median of those of the training: of 5, −12 and 21.
        assert_eq!(
            inputs.numbers,
            [5.0, 5.0, 1.0, -6.0, -12.0, 4.0, 5.0, 5.0, 16.0]
        );
        let unseen: Vec<_> = inputs.unseen_values.iter().map(|of| &of.feature).collect();
        assert_eq!(unseen, ["y", "x*y"]);
    }

    #[test]
    fn what_does_not_vary_is_left_out() {
        let table = Table::from_rows(vec!["x".to_owned()], &[1.0, -1.0, 1.0], None).unwrap();
        let config = PreprocessorConfig {
            derive: vec!["x^2".to_owned()],
            ..PreprocessorConfig::default()
        };
        let fitted = Preprocessor::fit_features(&table, &[0, 1, 2], config).unwrap();
        assert_eq!(fitted.feature_names(), ["x"]);
    }

    #[test]
    fn it_is_saved_and_damage_is_refused() {
        let preprocessor = fitted(&["x*y", "sin(x)"], &["y"]);
        let saved = serde_json::to_string(&preprocessor).unwrap();
        let loaded: Preprocessor = serde_json::from_str(&saved).unwrap();
        assert_eq!(loaded, preprocessor);
        loaded.check().unwrap();
        for (from, to, message) in [
            (
                r#""left":"x""#,
                r#""left":"z""#,
                "feature `x*y`: it is derived as `z*y`",
            ),
            (
                r#""name":"x","scaler""#,
                r#""name":"sin(x)","scaler""#,
                "two features are called `sin(x)`",
            ),
            (
                r#""median":5.0"#,
                r#""median":1e999"#,
                "number out of range",
            ),
            (
                r#""function":"sine""#,
                r#""function":"tangent""#,
                "unknown variant `tangent`",
            ),
            (
                r#""function":"sine","#,
                r#""function":"sine","power":2,"#,
                "unknown field `power`",
            ),
        ] {
            assert!(saved.contains(from), "{saved}");
            let damaged = saved.replace(from, to);
            let loaded = serde_json::from_str::<Preprocessor>(&damaged);
            let error = match loaded {
                Ok(loaded) => loaded.check().unwrap_err().to_string(),
                Err(error) => error.to_string(),
            };
            assert!(error.contains(message), "{error}");
        }
        let mut of_date = preprocessor.clone();
        of_date.features[0] = FeatureEncoding::Date {
            name: "x".to_owned(),
            parts: Vec::new(),
            median: 0,
            indicator: true,
        };
        let error = of_date.check().unwrap_err().to_string();
        assert!(error.contains("`x` is no column of numbers"), "{error}");
    }

    #[test]
    fn a_table_without_its_columns_or_with_others_is_refused() {
        let preprocessor = fitted(&["x*y"], &["x"]);
        let only_y = Table::from_rows(vec!["y".to_owned()], &[1.0], None).unwrap();
        let error = preprocessor.transform(&only_y, &[0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the table has no feature `x`; its features are `y`"
        );
        let text = |name: &str| Column {
            name: name.to_owned(),
            values: Values::Dates(vec![0]),
        };
        let mut columns = only_y.columns().to_vec();
        columns.push(text("x"));
        let dates = Table::new(columns, None).unwrap();
        let error = preprocessor.transform(&dates, &[0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the feature `x` is date, but was numeric in training"
        );
    }

    #[test]
    fn columns_from_which_nothing_is_derived_must_be_inputs() {
        let config = PreprocessorConfig {
            derive: vec!["x^2".to_owned()],
            only_derived: vec!["x".to_owned(), "y".to_owned()],
            ..PreprocessorConfig::default()
        };
        assert_eq!(
            config.check_for(&table()).unwrap_err().to_string(),
            "`only_derived` is `y`, but must be a column from which a feature is derived"
        );
        let config = PreprocessorConfig {
            only_derived: vec!["z".to_owned()],
            ..config
        };
        assert_eq!(
            config.check_for(&table()).unwrap_err().to_string(),
            "the table has no feature `z`; its features are `x`, `y`"
        );
    }
}
