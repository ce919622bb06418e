use super::*;
use crate::{Column, Target};

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn classes(labels: &[usize], names: &[&str]) -> Target {
    Target::Classes {
        name: "class".into(),
        labels: labels.to_vec(),
        classes: strings(names),
    }
}

fn numbers(values: &[f64]) -> Target {
    Target::Numbers {
        names: strings(&["y"]),
        values: values.to_vec(),
    }
}

fn table(features: &[&str], values: &[f64], target: impl Into<Option<Target>>) -> Table {
    Table::from_rows(strings(features), values, target.into()).unwrap()
}

fn scaler(preprocessor: &Preprocessor, feature: usize) -> &Scaler {
    let FeatureEncoding::Numeric { scaler, .. } = &preprocessor.features[feature] else {
        panic!("the feature is numeric");
    };
    scaler
}

fn inputs(preprocessor: &Preprocessor, table: &Table, rows: &[usize]) -> Vec<f32> {
    preprocessor.transform(table, rows).unwrap().numbers
}

/// Three rows: `a` is 1, 2, 6 and `b` is 5, 5, 5.
fn three_rows() -> Table {
    let target = classes(&[0, 1, 0], &["no", "yes"]);
    table(&["a", "b"], &[1.0, 5.0, 2.0, 5.0, 6.0, 5.0], target)
}

fn assert_near<T: Copy + Into<f64>>(found: &[T], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        let found: f64 = (*found).into();
        assert!((found - expected).abs() < 1e-6, "{found} for {expected}");
    }
}

#[test]
fn three_numbers_are_standardised_as_by_hand() {
    let table = three_rows();
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], Scaling::Standard).unwrap();

    // Mean (1 + 2 + 6)/3 = 3; variance (4 + 1 + 9)/3 = 14/3, its root 2.160247.
    let &Scaler::Standard { mean, std } = scaler(&preprocessor, 0) else {
        panic!("the scaling is standard");
    };
    assert_near(&[mean, std], &[3.0, 2.160_247]);
    // -2/2.160247, -1/2.160247 and 3/2.160247; `b` does not vary, so it is left out.
    assert_near(
        &inputs(&preprocessor, &table, &[0, 1, 2]),
        &[-0.925_820, -0.462_910, 1.388_73],
    );
}

#[test]
fn shared_scaling_has_one_mean_and_deviation() {
    let table = three_rows();
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], Scaling::Shared).unwrap();

    // Mean 24/6 = 4; variance (9 + 1 + 4 + 1 + 4 + 1)/6 = 20/6, its root 1.825742.
    for feature in [0, 1] {
        let &Scaler::Standard { mean, std } = scaler(&preprocessor, feature) else {
            panic!("the scaling is standard");
        };
        assert_near(&[mean, std], &[4.0, 1.825_742]);
    }
}

#[test]
fn without_scaling_features_stay_as_they_are() {
    let table = three_rows();
    let preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::None).unwrap();
    assert_eq!(inputs(&preprocessor, &table, &[2, 0]), [6.0, 1.0]);
}

#[test]
fn only_the_given_rows_are_fitted_on() {
    let table = table(&["a"], &[1.0, 1e9, 3.0], numbers(&[10.0, -1e9, 20.0]));
    let preprocessor = Preprocessor::fit(&table, &[0, 2], Scaling::Standard).unwrap();

    let expected = Scaler::Standard {
        mean: 2.0,
        std: 1.0,
    };
    assert_eq!(*scaler(&preprocessor, 0), expected);
    let expected = TargetEncoding::Numbers {
        outputs: vec![TargetScaling {
            name: "y".into(),
            mean: 15.0,
            std: 5.0,
            min: 10.0,
            max: 20.0,
            log_factor: None,
        }],
    };
    assert_eq!(preprocessor.target, expected);
}

/// A target of 1, e² and e⁴, whose logarithms are 0, 2 and 4: the mean is 2, and the variance 8/3.
fn powers() -> (Table, Preprocessor) {
    let values = [0.0f64, 2.0, 4.0].map(f64::exp);
    let table = table(&["a"], &[1.0, 2.0, 3.0], numbers(&values));
    let config = PreprocessorConfig {
        target_transform: TargetTransform::Log,
        ..PreprocessorConfig::default()
    };
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], config).unwrap();
    (table, preprocessor)
}

#[test]
fn logarithms_of_a_target_are_standardised_and_restored() {
    let (table, preprocessor) = powers();
    let std = (8.0f64 / 3.0).sqrt();
    let EncodedTarget::Numbers(encoded) = preprocessor.encode_target(&table, &[2, 0]).unwrap()
    else {
        panic!("numbers are encoded");
    };
    assert_near(&encoded, &[2.0 / std, -2.0 / std]);
    let restored = preprocessor.target.restore(encoded[0], 0);
    assert!((restored - 4f64.exp()).abs() < 1e-4, "{restored}");

    // A number without a logarithm counts as the smallest one.
    let other = self::table(&["a"], &[1.0], numbers(&[-5.0]));
    let EncodedTarget::Numbers(encoded) = preprocessor.encode_target(&other, &[0]).unwrap() else {
        panic!("numbers are encoded");
    };
    assert_near(&encoded, &[-2.0 / std]);
}

#[test]
fn powers_are_cut_off_beyond_the_target_and_multiplied_to_have_its_mean() {
    let (_, mut preprocessor) = powers();
    let std = (8.0f64 / 3.0).sqrt();
    let far = preprocessor.target.restore(50.0, 0);
    assert!((far / (4.0 + std).exp() - 1.0).abs() < 1e-6, "{far}");
    let far = preprocessor.target.restore(-50.0, 0);
    assert!((far / (-std).exp() - 1.0).abs() < 1e-6, "{far}");

    let mean = preprocessor.target.restore(0.0, 0);
    preprocessor.target.correct_mean(0, 1.5);
    let corrected = preprocessor.target.restore(0.0, 0);
    assert!(
        (corrected / mean - 1.5).abs() < 1e-6,
        "{corrected} of {mean}"
    );
}

#[test]
fn a_unit_of_a_learned_logarithm_is_the_derivative_of_its_power() {
    let (_, preprocessor) = powers();
    let TargetEncoding::Numbers { outputs } = &preprocessor.target else {
        panic!("the target has numbers");
    };
    // d/dz e^(2 + z·std) = std · e^(2 + z·std); beyond the range, nothing changes.
    let std = (8.0f64 / 3.0).sqrt();
    let expected = std * (2.0 + 0.5 * std).exp();
    assert!((outputs[0].unit(0.5) / expected - 1.0).abs() < 1e-12);
    assert_eq!(outputs[0].unit(50.0), 0.0);
}

#[test]
fn features_of_another_preprocessor_are_added_where_they_are_there() {
    let of = |names: &[&str]| {
        let values: Vec<f64> = (0..2 * names.len()).map(|value| value as f64).collect();
        let table = table(names, &values, numbers(&[1.0, 2.0]));
        Preprocessor::fit(&table, &[0, 1], Scaling::Standard).unwrap()
    };
    let both = of(&["b", "d"]).with_features_of(&of(&["a", "b", "c"]));
    assert_eq!(both.feature_names(), ["a", "b", "c", "d"]);
}

#[test]
fn features_that_do_not_vary_in_training_are_left_out() {
    const DAY: i64 = 86_400_000_000;
    let no_date = Values::MISSING_DATE;
    let column = |name: &str, values| Column {
        name: name.into(),
        values,
    };
    let category = |codes: &[u32]| Values::Categories {
        codes: codes.to_vec(),
        names: strings(&["a", "b"]),
    };
    let columns = vec![
        column("varies", Values::Numbers(vec![1.0, 2.0, 3.0])),
        column("empty", Values::Numbers(vec![f64::NAN, f64::NAN, 9.0])),
        column("constant", Values::Numbers(vec![7.0, 7.0, 9.0])),
        column("sometimes", Values::Numbers(vec![7.0, f64::NAN, 9.0])),
        column("category", category(&[0, 0, 1])),
        column("no category", category(&[NO, NO, 1])),
        column("date", Values::Dates(vec![5, 5, DAY])),
        column("no date", Values::Dates(vec![no_date, no_date, DAY])),
        column("a date", Values::Dates(vec![no_date, 5, DAY])),
    ];
    let table = Table::new(columns, Some(numbers(&[0.0, 1.0, 2.0]))).unwrap();
    for scaling in [
        Scaling::Standard,
        Scaling::Robust,
        Scaling::Quantile,
        Scaling::MinMax,
    ] {
        let config = PreprocessorConfig {
            min_category_count: 1,
            ..scaling.into()
        };
        let preprocessor = Preprocessor::fit(&table, &[0, 1], config.clone()).unwrap();

        assert_eq!(
            preprocessor.feature_names(),
            ["varies", "sometimes", "a date"]
        );
        let left_out = Preprocessor::constant_features(&table, &[0, 1], &config).unwrap();
        let expected = [
            "empty",
            "constant",
            "category",
            "no category",
            "date",
            "no date",
        ];
        assert_eq!(left_out, expected);
        // Of the numbers that are all 7 and the dates that are all one, only whether they are there
        // varies.
        let inputs = inputs(&preprocessor, &table, &[2]);
        assert_eq!(inputs[1..], [0.0, 0.0, 0.0], "{scaling}");
    }
    let error = Preprocessor::fit(&table, &[0], Scaling::Standard).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("no feature varies in the rows for training"),
        "{error}"
    );
}

#[test]
fn a_pixel_that_is_blank_in_training_keeps_its_input() {
    let table = table(&["a", "b"], &[0.0, 4.0, 0.0, 8.0], numbers(&[0.0, 1.0]));
    let preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::Shared).unwrap();
    assert_eq!(preprocessor.feature_names(), ["a", "b"]);
}

#[test]
fn only_what_recurs_of_a_date_by_which_rows_are_split_becomes_an_input() {
    const HOUR: i64 = 3_600_000_000;
    let when = Column {
        name: "when".into(),
        values: Values::Dates(vec![0, 9000 * HOUR, 20_005 * HOUR]),
    };
    let table = Table::new(vec![when], Some(numbers(&[0.0, 1.0, 2.0]))).unwrap();
    let config = PreprocessorConfig {
        recurring_dates: strings(&["when"]),
        ..PreprocessorConfig::default()
    };
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], config).unwrap();
    let FeatureEncoding::Date { parts, .. } = &preprocessor.features[0] else {
        panic!("the feature is a date");
    };
    let parts: Vec<String> = parts.iter().map(|part| part.part.to_string()).collect();
    assert_eq!(parts, ["month", "day", "weekday", "hour"]);
}

#[test]
fn extreme_numbers_stay_finite() {
    let extreme = [f32::MAX, f32::MIN, f32::MIN_POSITIVE].map(f64::from);
    for values in [
        extreme,
        extreme.map(|value| value * 1e-7),
        [0.0, 1e-45, 2e-45],
    ] {
        let table = table(&["a"], &values, numbers(&values));
        let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], Scaling::Standard).unwrap();
        preprocessor.check().unwrap();
        let inputs = inputs(&preprocessor, &table, &[0, 1, 2]);
        assert!(inputs.iter().all(|input| input.is_finite()), "{inputs:?}");
    }
}

#[test]
fn features_are_found_by_name() {
    let table_of_two = table(&["a", "b"], &[1.0, 2.0, 3.0, 4.0], numbers(&[0.0, 1.0]));
    let preprocessor = Preprocessor::fit(&table_of_two, &[0, 1], Scaling::None).unwrap();
    let other = table(&["c", "b", "a"], &[7.0, 8.0, 9.0], None);
    assert_eq!(inputs(&preprocessor, &other, &[0]), [9.0, 8.0]);

    let lacking = table(&["c", "b"], &[7.0, 8.0], None);
    assert_eq!(
        preprocessor
            .transform(&lacking, &[0])
            .unwrap_err()
            .to_string(),
        "the table has no feature `a`; its features are `c`, `b`"
    );
}

#[test]
fn classes_are_found_by_name() {
    let preprocessor = Preprocessor::fit(&three_rows(), &[0, 1], Scaling::None).unwrap();
    assert_eq!(preprocessor.classes().unwrap(), ["no", "yes"]);

    let values = [0.0; 6];
    let other = table(
        &["a", "b"],
        &values,
        classes(&[0, 2, 1], &["yes", "maybe", "no"]),
    );
    assert_eq!(
        preprocessor.encode_target(&other, &[0, 1]).unwrap(),
        EncodedTarget::Classes(vec![1, 0])
    );
    assert_eq!(
        preprocessor
            .encode_target(&other, &[0, 2])
            .unwrap_err()
            .to_string(),
        "the class `maybe` is unknown; the known classes are `no`, `yes`"
    );
}

#[test]
fn classes_that_are_unknown_can_be_left_open_while_one_is_known() {
    let preprocessor = Preprocessor::fit(&three_rows(), &[0, 1], Scaling::None).unwrap();
    let target = classes(&[0, 2, 1], &["yes", "maybe", "no"]);
    let encode = |rows: &[usize]| preprocessor.target.encode_known(&target, rows);

    assert_eq!(encode(&[2, 1, 0]).unwrap(), [None, Some(0), Some(1)]);
    assert_eq!(
        encode(&[2]).unwrap_err().to_string(),
        "the class `maybe` is unknown; the known classes are `no`, `yes`"
    );
    let numbers = numbers(&[1.0]);
    assert!(preprocessor.target.encode_known(&numbers, &[0]).is_err());
}

#[test]
fn numbers_are_standardised_and_restored() {
    let table = table(&["a"], &[0.0, 1.0], numbers(&[10.0, 20.0]));
    let preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::None).unwrap();
    assert_eq!(preprocessor.task(), Task::Regression);
    assert_eq!(
        preprocessor.encode_target(&table, &[1, 0]).unwrap(),
        EncodedTarget::Numbers(vec![1.0, -1.0])
    );
    assert_near(
        &[1.0, -3.0].map(|y| preprocessor.target.restore(y, 0)),
        &[20.0, 0.0],
    );
}

#[test]
fn tables_that_do_not_match_are_rejected() {
    let of_classes = three_rows();
    let of_numbers = table(&["a", "b"], &[1.0, 2.0], numbers(&[1.0]));
    let of_neither = table(&["a", "b"], &[1.0, 2.0], None);
    let preprocessor = Preprocessor::fit(&of_classes, &[0, 1], Scaling::None).unwrap();
    for (error, message) in [
        (
            preprocessor.encode_target(&of_numbers, &[0]).unwrap_err(),
            "the table is for regression, but the preprocessor is for classification",
        ),
        (
            preprocessor.encode_target(&of_neither, &[0]).unwrap_err(),
            "the table has no target",
        ),
        (
            Preprocessor::fit(&of_neither, &[0], Scaling::None).unwrap_err(),
            "the table has no target",
        ),
        (
            Preprocessor::fit(&of_classes, &[], Scaling::None).unwrap_err(),
            "0 rows are too few to fit a preprocessor",
        ),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_preprocessor_is_restored_from_json_and_unknown_fields_are_rejected() {
    let table = table(&["a"], &[0.1, 1.0], numbers(&[10.0, 20.7]));
    for table in [table, three_rows()] {
        let preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::Standard).unwrap();
        let json = serde_json::to_string(&preprocessor).unwrap();
        assert_eq!(
            serde_json::from_str::<Preprocessor>(&json).unwrap(),
            preprocessor
        );
        let json = json.replace("\"kind\"", "\"more\":1,\"kind\"");
        assert!(serde_json::from_str::<Preprocessor>(&json).is_err());
    }
}

#[test]
fn check_reports_what_is_damaged() {
    let damaged = |damage: fn(&mut Preprocessor), target| {
        let table = table(&["a", "b"], &[1.0, 2.0, 3.0, 4.0], target);
        let mut preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::Standard).unwrap();
        preprocessor.check().unwrap();
        damage(&mut preprocessor);
        let message = preprocessor.check().unwrap_err().to_string();
        message.replace("the preprocessing is not valid: ", "")
    };
    let of_numbers = || numbers(&[1.0, 2.0]);
    for (found, expected) in [
        (
            damaged(|p| p.features.clear(), of_numbers()),
            "it has no features",
        ),
        (
            damaged(|p| p.features[1] = p.features[0].clone(), of_numbers()),
            "two features are called `a`",
        ),
        (
            damaged(|p| damage_scaler(p, 1, 0.0, 0.0), of_numbers()),
            "feature `b`: the standard deviation is 0, but must be finite and above 0",
        ),
        (
            damaged(|p| damage_scaler(p, 0, f64::NAN, 1.0), of_numbers()),
            "feature `a`: the mean is NaN, but must be finite",
        ),
        (
            damaged(
                |p| {
                    if let TargetEncoding::Numbers { outputs } = &mut p.target {
                        outputs[0].max = 0.0;
                    }
                },
                of_numbers(),
            ),
            "the range of `y` is 1 to 0",
        ),
        (
            damaged(
                |p| {
                    if let TargetEncoding::Classes { classes, .. } = &mut p.target {
                        classes.clear();
                    }
                },
                classes(&[0, 1], &["x", "y"]),
            ),
            "`class` has no classes",
        ),
    ] {
        assert_eq!(found, expected);
    }
}

fn damage_scaler(preprocessor: &mut Preprocessor, feature: usize, mean: f64, std: f64) {
    if let FeatureEncoding::Numeric { scaler, .. } = &mut preprocessor.features[feature] {
        *scaler = Scaler::Standard { mean, std };
    }
}

/// A number and a category, some of which are missing.
fn mixed(numbers: &[f64], codes: &[u32], names: &[&str]) -> Table {
    let number = Column {
        name: "number".into(),
        values: Values::Numbers(numbers.to_vec()),
    };
    let category = Column {
        name: "category".into(),
        values: Values::Categories {
            codes: codes.to_vec(),
            names: strings(names),
        },
    };
    let target = Target::Numbers {
        names: strings(&["y"]),
        values: (0..numbers.len()).map(|row| row as f64).collect(),
    };
    Table::new(vec![number, category], Some(target)).unwrap()
}

const NO: u32 = Values::MISSING_CODE;

fn config(categories: CategoryEncoding) -> PreprocessorConfig {
    PreprocessorConfig {
        categories,
        min_category_count: 1,
        ..PreprocessorConfig::default()
    }
}

#[test]
fn missing_numbers_become_the_median_with_an_indicator() {
    // 1 and 3 have the mean 2, the deviation 1 and the median 2.
    let table = mixed(&[1.0, 3.0, f64::NAN], &[0, 1, NO], &["b", "a"]);
    let preprocessor =
        Preprocessor::fit(&table, &[0, 1, 2], config(CategoryEncoding::OneHot)).unwrap();

    let inputs = preprocessor.transform(&table, &[0, 1, 2]).unwrap();

    // The number, whether it is missing, `a`, `b`, whether the category is missing.
    assert_eq!(
        inputs.numbers,
        [
            [-1.0, 0.0, 0.0, 1.0, 0.0],
            [1.0, 0.0, 1.0, 0.0, 0.0],
            [0.0, 1.0, 0.0, 0.0, 1.0],
        ]
        .concat()
    );
    assert_eq!(inputs.unseen_values, []);
}

#[test]
fn values_that_training_did_not_see_are_encoded_and_counted() {
    let table = mixed(&[1.0, 3.0], &[0, 1], &["a", "b"]);
    let other = mixed(&[f64::NAN, 3.0, 3.0], &[2, NO, 1], &["x", "b", "never"]);
    let values = |feature: &str, unseen, missing| UnseenValues {
        feature: feature.into(),
        unseen,
        missing,
    };
    for (categories, numbers, indices) in [
        (
            CategoryEncoding::OneHot,
            vec![0.0, 0.0, 1.0, 0.0, 1.0, 1.0],
            vec![],
        ),
        (
            CategoryEncoding::Embedding,
            vec![0.0, 1.0, 1.0],
            // Training has seen no missing value, so it counts as an unknown category.
            vec![0, 0, 3],
        ),
    ] {
        let preprocessor = Preprocessor::fit(&table, &[0, 1], config(categories)).unwrap();
        let inputs = preprocessor.transform(&other, &[0, 1, 2]).unwrap();
        assert_eq!(inputs.numbers, numbers);
        assert_eq!(inputs.categories, indices);
        assert_eq!(
            inputs.unseen_values,
            [values("number", 0, 1), values("category", 1, 1)]
        );
    }
}

#[test]
fn only_many_categories_are_embedded() {
    let names: Vec<String> = (0..8).map(|name| name.to_string()).collect();
    let category = |name: &str, codes: Vec<u32>| Column {
        name: name.into(),
        values: Values::Categories {
            codes,
            names: names.clone(),
        },
    };
    let target = Target::Numbers {
        names: strings(&["y"]),
        values: (0..8).map(f64::from).collect(),
    };
    let many = category("many", (0..8).collect());
    let rows: Vec<usize> = (0..8).collect();
    let fit = |columns: Vec<Column>| {
        let table = Table::new(columns, Some(target.clone())).unwrap();
        Preprocessor::fit(&table, &rows, config(CategoryEncoding::Auto)).unwrap()
    };

    // Eight categories and the slots for missing and other values.
    let both = fit(vec![
        many.clone(),
        category("few", vec![0, 1, 2, 0, 1, 2, 0, 1]),
    ]);
    assert_eq!((both.width(), both.cardinalities()), (3, vec![10]));

    let alone = fit(vec![many]);
    assert_eq!((alone.width(), alone.cardinalities()), (0, vec![10]));
    alone.check().unwrap();
}

#[test]
fn a_date_becomes_the_numbers_that_vary() {
    const DAY: i64 = 86_400_000_000;
    let date = Column {
        name: "when".into(),
        values: Values::Dates(vec![0, 40 * DAY, 400 * DAY, Values::MISSING_DATE]),
    };
    let target = Target::Numbers {
        names: strings(&["y"]),
        values: vec![0.0, 1.0, 2.0, 3.0],
    };
    let table = Table::new(vec![date], Some(target)).unwrap();
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2, 3], Scaling::Standard).unwrap();

    let FeatureEncoding::Date { parts, median, .. } = &preprocessor.features[0] else {
        panic!("the feature is a date");
    };
    // All are at midnight, so the hour is left out.
    assert!(parts.iter().all(|part| part.part != crate::DatePart::Hour));
    assert_eq!(*median, 40 * DAY / 1_000_000);
    let inputs = inputs(&preprocessor, &table, &[1, 3]);
    let (present, missing) = inputs.split_at(6);
    assert_eq!(present[..5], missing[..5]);
    assert_eq!((present[5], missing[5]), (0.0, 1.0));
}

#[test]
fn a_column_of_another_kind_is_rejected() {
    let fitted = mixed(&[1.0, 3.0], &[0, 1], &["a", "b"]);
    let config = config(CategoryEncoding::OneHot);
    let preprocessor = Preprocessor::fit(&fitted, &[0, 1], config).unwrap();
    let other = table(&["number", "category"], &[1.0, 2.0], None);
    assert_eq!(
        preprocessor
            .transform(&other, &[0])
            .unwrap_err()
            .to_string(),
        "the feature `category` is numeric, but was categorical in training"
    );
}

#[test]
fn each_of_several_targets_is_standardised_by_itself() {
    let target = Target::Numbers {
        names: strings(&["y", "z"]),
        values: vec![1.0, 100.0, 3.0, 300.0],
    };
    let table = table(&["a"], &[0.0, 1.0], target);
    let preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::None).unwrap();
    assert_eq!(
        preprocessor.encode_target(&table, &[1, 0]).unwrap(),
        EncodedTarget::Numbers(vec![1.0, 1.0, -1.0, -1.0])
    );
    assert_eq!(preprocessor.target.restore(2.0, 1), 400.0);
}

/// A table whose only feature has ten categories.
fn only_categories() -> Table {
    let names: Vec<String> = (0..10).map(|name| name.to_string()).collect();
    let category = Column {
        name: "category".into(),
        values: Values::Categories {
            codes: (0..20).map(|row| row % 10).collect(),
            names,
        },
    };
    let target = numbers(&(0..20).map(f64::from).collect::<Vec<_>>());
    Table::new(vec![category], Some(target)).unwrap()
}

#[test]
fn a_table_of_embedded_categories_alone_gives_no_numbers() {
    let table = only_categories();
    let rows: Vec<usize> = (0..20).collect();
    let preprocessor = Preprocessor::fit(&table, &rows, config(CategoryEncoding::Auto)).unwrap();
    preprocessor.check().unwrap();
    let inputs = preprocessor.transform(&table, &[0, 11]).unwrap();
    assert!(inputs.numbers.is_empty());
    // After the indices of other and missing values.
    assert_eq!(inputs.categories, [2, 3]);
}

#[test]
fn a_saved_preprocessor_with_one_hot_categories_alone_is_still_read() {
    // Such a feature used to be one-hot, because a row had to give at least one number.
    let json = r#"{
        "features": [{
            "kind": "one_hot",
            "name": "category",
            "categories": {
                "names": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
                "missing": false,
                "other": false
            }
        }],
        "target": {
            "kind": "numbers",
            "outputs": [{"name": "y", "mean": 9.5, "std": 5.766281, "min": 0.0, "max": 19.0}]
        }
    }"#;
    let preprocessor: Preprocessor = serde_json::from_str(json).unwrap();
    preprocessor.check().unwrap();
    let inputs = preprocessor.transform(&only_categories(), &[13]).unwrap();
    let mut expected = [0.0; 10];
    expected[3] = 1.0;
    assert_eq!(inputs.numbers, expected);
    assert!(inputs.categories.is_empty());
}

#[test]
fn inputs_and_outputs_of_a_network_have_the_names_of_columns_and_classes() {
    let table = three_rows();
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], Scaling::Standard).unwrap();
    // `b` does not vary, and so is no input.
    assert_eq!(preprocessor.input_names(1), ["a"]);
    assert_eq!(
        preprocessor.input_names(3),
        ["a", "embedding 1", "embedding 2"]
    );
    assert_eq!(preprocessor.output_names(2), ["no", "yes"]);
    // A single output says the second class.
    assert_eq!(preprocessor.output_names(1), ["yes"]);
    let of_numbers = only_categories();
    let rows: Vec<usize> = (0..20).collect();
    let of_numbers = Preprocessor::fit(&of_numbers, &rows, config(CategoryEncoding::Auto)).unwrap();
    assert_eq!(of_numbers.output_names(1), ["y"]);
}

#[test]
fn embedded_features_alone_have_shares_of_their_indices() {
    let table = mixed(&[1.0, 3.0, 2.0, 2.0], &[0, 1, 1, 1], &["a", "b"]);
    let rows = [0, 1, 2, 3];
    let embedded = Preprocessor::fit(&table, &rows, config(CategoryEncoding::Embedding)).unwrap();
    // Of other categories, missing values, `a` and `b`.
    assert_eq!(
        embedded.embedding_shares(),
        [Some(vec![0.0, 0.0, 0.25, 0.75])]
    );
    let one_hot = Preprocessor::fit(&table, &rows, config(CategoryEncoding::OneHot)).unwrap();
    assert!(one_hot.embedding_shares().is_empty());
}
