use super::*;
use crate::{CategoryEncoding, Column, Preprocessor, PreprocessorConfig, Scaling, Table, Values};

const DAY: i64 = 86_400_000_000;

fn column(name: &str, values: Values) -> Column {
    Column {
        name: name.into(),
        values,
    }
}

fn categories(codes: &[u32], names: &[&str]) -> Values {
    Values::Categories {
        codes: codes.to_vec(),
        names: names.iter().map(ToString::to_string).collect(),
    }
}

fn fit(columns: Vec<Column>, categories: CategoryEncoding) -> Preprocessor {
    let table = Table::new(columns, None).unwrap();
    let rows: Vec<usize> = (0..table.num_rows()).collect();
    let config = PreprocessorConfig {
        categories,
        min_category_count: 1,
        ..PreprocessorConfig::default()
    };
    Preprocessor::fit_features(&table, &rows, config).unwrap()
}

fn every_kind() -> Vec<Column> {
    vec![
        column("size", Values::Numbers(vec![1.0, f64::NAN, 3.0])),
        column("binary", categories(&[0, 1, 0], &["a", "b"])),
        column("colour", categories(&[0, 1, 2], &["red", "green", "blue"])),
        column("when", Values::Dates(vec![0, 31 * DAY, 366 * DAY])),
    ]
}

#[test]
fn every_input_has_the_kind_and_the_name_of_its_feature() {
    let preprocessor = fit(every_kind(), CategoryEncoding::OneHot);
    let spec = preprocessor.input_spec();

    let inputs: Vec<_> = spec
        .numbers
        .iter()
        .map(|input| (input.feature.as_str(), input.name.as_str(), input.kind))
        .collect();
    let part = |name, part| ("when", name, InputKind::DatePart(part));
    assert_eq!(
        inputs,
        [
            ("size", "size 1", InputKind::Numeric),
            ("size", "size 2", InputKind::MissingIndicator),
            ("binary", "binary", InputKind::OneHot),
            ("colour", "colour 1", InputKind::OneHot),
            ("colour", "colour 2", InputKind::OneHot),
            ("colour", "colour 3", InputKind::OneHot),
            part("when 1", DatePart::Year),
            part("when 2", DatePart::Month),
            part("when 3", DatePart::Day),
            part("when 4", DatePart::Weekday),
            part("when 5", DatePart::Elapsed),
        ]
    );
    assert_eq!(spec.width(), preprocessor.width());
    assert_eq!(spec.numeric_indices(), [0]);
    assert!(spec.cardinalities.is_empty());
}

#[test]
fn embedded_categories_are_not_numbers() {
    let spec = fit(every_kind(), CategoryEncoding::Embedding).input_spec();
    assert_eq!(
        spec.names(),
        [
            "size 1", "size 2", "when 1", "when 2", "when 3", "when 4", "when 5"
        ]
    );
    // Two and three categories, missing and other values.
    assert_eq!(spec.cardinalities, [4, 5]);
}

/// A specification of two numeric inputs.
fn two_numbers() -> InputSpec {
    let numbers = |name| column(name, Values::Numbers(vec![0.0, 1.0]));
    let preprocessor = fit(vec![numbers("a"), numbers("b")], CategoryEncoding::Auto);
    assert_eq!(preprocessor.task(), crate::Task::Clustering);
    preprocessor.input_spec()
}

#[test]
fn numbers_are_told_from_slots_indicators_and_dates() {
    let numbers = |name, numbers: &[f64]| column(name, Values::Numbers(numbers.to_vec()));
    let mut columns = every_kind();
    columns.push(numbers("width", &[1.0, 2.0, 4.0]));
    let table = Table::new(columns, None).unwrap();
    let config = PreprocessorConfig {
        min_category_count: 1,
        derive: vec!["width^2".to_owned()],
        ..PreprocessorConfig::default()
    };
    let spec = Preprocessor::fit_features(&table, &[0, 1, 2], config)
        .unwrap()
        .input_spec();
    let names = spec.names();
    let numeric = spec.numeric_indices();
    let numeric: Vec<&str> = numeric.iter().map(|&i| names[i].as_str()).collect();
    assert_eq!(numeric, ["size 1", "width", "width^2"]);
}

/// Rows whose first input is 7 and whose second is the given number.
fn rows(numbers: &[f32]) -> Vec<f32> {
    numbers.iter().flat_map(|&number| [7.0, number]).collect()
}

#[test]
fn quantiles_are_those_of_numpy() {
    let spec = two_numbers();
    // numpy.quantile([3, 1, 2, 10, 4], numpy.linspace(0, 1, 4)) gives 1, 2.33333333, 3.66666667,
    // 10.
    let found = spec.quantiles(&rows(&[3.0, 1.0, 2.0, 10.0, 4.0]), 1, 4);
    for (found, expected) in found.iter().zip([1.0, 7.0 / 3.0, 11.0 / 3.0, 10.0]) {
        assert!((found - expected).abs() < 1e-6, "{found} for {expected}");
    }
    // numpy.quantile([0, 0, 0, 0, 1, 2], numpy.linspace(0, 1, 5)) gives 0, 0, 0, 0.75, 2.
    let ties = rows(&[0.0, 2.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(spec.quantiles(&ties, 1, 5), [0.0, 0.0, 0.0, 0.75, 2.0]);
    // Constant, and a single row.
    assert_eq!(spec.quantiles(&ties, 0, 3), [7.0; 3]);
    assert_eq!(spec.quantiles(&rows(&[4.5]), 1, 2), [4.5; 2]);
}

#[test]
fn statistics_are_those_of_numpy() {
    let spec = two_numbers();
    let inputs = rows(&[3.0, 1.0, 2.0, 10.0, 4.0]);
    // numpy.std([3, 1, 2, 10, 4]) gives 3.16227766.
    let NumericStatistics {
        mean,
        std,
        min,
        max,
    } = spec.statistics(&inputs, 1);
    assert_eq!((mean, min, max), (4.0, 1.0, 10.0));
    assert!((std - 3.162_277_7).abs() < 1e-6, "{std}");
    assert_eq!(spec.statistics(&inputs, 0).std, 0.0);
    // The sum of ten times 0.1 is not 1 in binary, but equal numbers do not deviate.
    assert_eq!(spec.statistics(&rows(&[0.1; 10]), 1).std, 0.0);
}

#[test]
fn scaled_features_have_mean_0_and_deviation_1() {
    let numbers = vec![1.0, 2.0, 4.0, 9.0];
    let table = Table::new(vec![column("a", Values::Numbers(numbers))], None).unwrap();
    let rows = [0, 1, 2, 3];
    let preprocessor = Preprocessor::fit_features(&table, &rows, Scaling::Standard).unwrap();
    let inputs = preprocessor.transform(&table, &rows).unwrap().numbers;
    let statistics = preprocessor.input_spec().statistics(&inputs, 0);
    assert!(statistics.mean.abs() < 1e-6);
    assert!((statistics.std - 1.0).abs() < 1e-6);
}

#[test]
#[should_panic(expected = "5 values are not one or more rows of 2 inputs")]
fn inputs_that_are_not_whole_rows_panic() {
    two_numbers().quantiles(&[0.0; 5], 0, 2);
}
