use super::*;
use crate::{Preprocessor, Table, Task};

fn categories(codes: &[u32], names: &[&str]) -> Column {
    Column {
        name: "feature".to_owned(),
        values: Values::Categories {
            codes: codes.to_vec(),
            names: names.iter().map(ToString::to_string).collect(),
        },
    }
}

fn fit(column: &Column, config: impl Into<PreprocessorConfig>) -> Result<FeatureEncoding, Error> {
    let rows: Vec<usize> = (0..column.values.len()).collect();
    let target = Target::Numbers {
        names: vec!["y".to_owned()],
        values: rows.iter().map(|&row| row as f64).collect(),
    };
    assert_eq!(target.task(), Task::Regression);
    FeatureEncoding::fit(column, &rows, &config.into(), Some(&target))
}

#[test]
fn a_missing_date_becomes_the_middle_one_in_seconds() {
    let dates = [9, 1, 5, 7, 3].map(|seconds| seconds * MICROSECONDS + 400);
    let column = Column {
        name: "when".to_owned(),
        values: Values::Dates(dates.to_vec()),
    };
    let FeatureEncoding::Date { median, .. } = fit(&column, Scaling::Standard).unwrap() else {
        panic!("the feature is a date");
    };
    assert_eq!(median, 5);
}

#[test]
fn a_pixel_that_is_missing_in_all_training_rows_is_left_out() {
    let values = [f64::NAN, 4.0, f64::NAN, 8.0];
    let table = Table::from_rows(vec!["a".to_owned(), "b".to_owned()], &values, None).unwrap();
    let preprocessor = Preprocessor::fit_features(&table, &[0, 1], Scaling::Shared).unwrap();
    assert_eq!(preprocessor.feature_names(), ["b"]);
}

#[test]
fn categories_of_one_row_each_have_no_means_unless_they_are_few() {
    let by_target = PreprocessorConfig {
        categories: CategoryEncoding::Target,
        min_category_count: 1,
        ..PreprocessorConfig::default()
    };
    let names: Vec<String> = (0..8).map(|name| name.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let missing = Values::MISSING_CODE;
    // A missing value is not a category.
    for codes in [
        &[0, 1, 2, 3, 4, 5, 6][..],
        &[0, 1, 2, 3, 4, 5, 6, missing],
        &[0, 1, 2, 3, 4, 5],
    ] {
        let encoding = fit(&categories(codes, &names), by_target.clone()).unwrap();
        assert!(matches!(encoding, FeatureEncoding::OneHot { .. }));
    }
    for codes in [
        &[7, 1, 2, 3, 4, 5, 6, 0][..],
        &[0, 1, 2, 3, 4, 5, 6, missing, 7, missing],
    ] {
        let error = fit(&categories(codes, &names), by_target.clone()).unwrap_err();
        assert!(matches!(error, Error::NoMeans { .. }), "{error}");
    }
    let with_two = categories(&[0, 1, 2, 3, 4, 5, 6, 7, 0], &names);
    let encoding = fit(&with_two, by_target).unwrap();
    assert!(matches!(encoding, FeatureEncoding::TargetMeans { .. }));
}

#[test]
fn categories_are_booleans_if_all_are_true_or_false() {
    let kind = |names: &[&str], min_category_count| {
        let config = PreprocessorConfig {
            min_category_count,
            ..PreprocessorConfig::default()
        };
        let codes: Vec<u32> = (0..).take(names.len()).collect();
        fit(&categories(&codes, names), config)
            .unwrap()
            .column_kind()
    };
    assert_eq!(kind(&["true", "false"], 1), ColumnKind::Boolean);
    assert_eq!(kind(&["false"], 1), ColumnKind::Boolean);
    assert_eq!(kind(&["true", "maybe"], 1), ColumnKind::Categorical);
    assert_eq!(kind(&["no", "yes"], 1), ColumnKind::Categorical);
    // All are too rare to be known.
    assert_eq!(kind(&["true", "false"], 2), ColumnKind::Categorical);
}

#[test]
fn numbers_and_dates_of_a_damaged_file_are_faulty() {
    let broken = Scaler::Standard {
        mean: 0.0,
        std: 0.0,
    };
    let number = |median, scaler| FeatureEncoding::Numeric {
        name: "a".to_owned(),
        scaler,
        median,
        indicator: false,
    };
    let date = |scaler| FeatureEncoding::Date {
        name: "a".to_owned(),
        parts: vec![PartScaler {
            part: DatePart::Month,
            scaler,
        }],
        median: 0,
        indicator: false,
    };
    assert_eq!(number(1.0, Scaler::IDENTITY).fault(), None);
    assert_eq!(date(Scaler::IDENTITY).fault(), None);
    assert_eq!(
        number(f64::INFINITY, Scaler::IDENTITY).fault().unwrap(),
        "the median is inf, but must be finite"
    );
    let expected = "the standard deviation is 0, but must be finite and above 0";
    assert_eq!(number(1.0, broken.clone()).fault().unwrap(), expected);
    assert_eq!(date(broken).fault().unwrap(), expected);
}
