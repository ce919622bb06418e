use super::*;
use crate::Target;

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn classes(labels: &[usize], names: &[&str]) -> Target {
    Target {
        name: "class".into(),
        values: TargetValues::Classes {
            labels: labels.to_vec(),
            names: strings(names),
        },
    }
}

fn numbers(values: &[f32]) -> Target {
    Target {
        name: "y".into(),
        values: TargetValues::Numbers(values.to_vec()),
    }
}

fn table(features: &[&str], values: &[f32], target: impl Into<Option<Target>>) -> Table {
    Table::new(strings(features), values.to_vec(), target.into()).unwrap()
}

/// Three rows: `a` is 1, 2, 6 and `b` is 5, 5, 5.
fn three_rows() -> Table {
    let target = classes(&[0, 1, 0], &["no", "yes"]);
    table(&["a", "b"], &[1.0, 5.0, 2.0, 5.0, 6.0, 5.0], target)
}

fn assert_near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} for {expected}");
    }
}

#[test]
fn three_numbers_are_standardised_as_by_hand() {
    let table = three_rows();
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], Scaling::Standard).unwrap();

    // Mean (1 + 2 + 6)/3 = 3; variance (4 + 1 + 9)/3 = 14/3, its root 2.160247.
    let FeatureScaling { mean, std, .. } = preprocessor.features[0];
    assert_near(&[mean, std], &[3.0, 2.160_247]);
    // -2/2.160247, -1/2.160247 and 3/2.160247; `b` does not vary.
    assert_near(
        &preprocessor.transform(&table, &[0, 1, 2]).unwrap(),
        &[-0.925_820, 0.0, -0.462_910, 0.0, 1.388_73, 0.0],
    );
}

#[test]
fn shared_scaling_has_one_mean_and_deviation() {
    let table = three_rows();
    let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], Scaling::Shared).unwrap();

    // Mean 24/6 = 4; variance (9 + 1 + 4 + 1 + 4 + 1)/6 = 20/6, its root 1.825742.
    for FeatureScaling { mean, std, .. } in preprocessor.features {
        assert_near(&[mean, std], &[4.0, 1.825_742]);
    }
}

#[test]
fn without_scaling_features_stay_as_they_are() {
    let table = three_rows();
    let preprocessor = Preprocessor::fit(&table, &[0], Scaling::None).unwrap();
    let inputs = preprocessor.transform(&table, &[2, 0]).unwrap();
    assert_eq!(inputs, [6.0, 5.0, 1.0, 5.0]);
}

#[test]
fn only_the_given_rows_are_fitted_on() {
    let table = table(&["a"], &[1.0, 1e9, 3.0], numbers(&[10.0, -1e9, 20.0]));
    let preprocessor = Preprocessor::fit(&table, &[0, 2], Scaling::Standard).unwrap();

    assert_eq!(
        (preprocessor.features[0].mean, preprocessor.features[0].std),
        (2.0, 1.0)
    );
    let expected = TargetEncoding::Numbers {
        name: "y".into(),
        mean: 15.0,
        std: 5.0,
        min: 10.0,
        max: 20.0,
    };
    assert_eq!(preprocessor.target, expected);
}

#[test]
fn features_that_do_not_vary_are_not_blown_up() {
    // The sum of ten times 0.1 is not 1, in binary.
    let table = table(&["a"], &[0.1; 10], numbers(&[0.3; 10]));
    let rows: Vec<usize> = (0..10).collect();
    for scaling in Scaling::ALL {
        let preprocessor = Preprocessor::fit(&table, &rows, scaling).unwrap();
        assert_near(&[preprocessor.features[0].std], &[1.0]);
        preprocessor.check().unwrap();
    }
}

#[test]
fn extreme_numbers_stay_finite() {
    let extreme = [f32::MAX, f32::MIN, f32::MIN_POSITIVE];
    for values in [
        extreme,
        extreme.map(|value| value * f32::EPSILON),
        [0.0, 1e-45, 2e-45],
    ] {
        let table = table(&["a"], &values, numbers(&values));
        let preprocessor = Preprocessor::fit(&table, &[0, 1, 2], Scaling::Standard).unwrap();
        preprocessor.check().unwrap();
        let inputs = preprocessor.transform(&table, &[0, 1, 2]).unwrap();
        assert!(inputs.iter().all(|input| input.is_finite()), "{inputs:?}");
    }
}

#[test]
fn features_are_found_by_name() {
    let preprocessor = Preprocessor::fit(&three_rows(), &[0, 1, 2], Scaling::None).unwrap();
    let other = table(&["c", "b", "a"], &[7.0, 8.0, 9.0], None);
    assert_eq!(preprocessor.transform(&other, &[0]).unwrap(), [9.0, 8.0]);

    let lacking = table(&["c", "b"], &[7.0, 8.0], None);
    assert_eq!(
        preprocessor
            .transform(&lacking, &[0])
            .unwrap_err()
            .to_string(),
        "the table has no feature `a`, but `c`, `b`"
    );
}

#[test]
fn classes_are_found_by_name() {
    let preprocessor = Preprocessor::fit(&three_rows(), &[0], Scaling::None).unwrap();
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
        "the class `maybe` is unknown; there are `no`, `yes`"
    );
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
    assert_near(&[1.0, -3.0].map(|y| preprocessor.restore(y)), &[20.0, 0.0]);
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let of_classes = three_rows();
    let of_numbers = table(&["a", "b"], &[1.0, 2.0], numbers(&[1.0]));
    let of_neither = table(&["a", "b"], &[1.0, 2.0], None);
    let preprocessor = Preprocessor::fit(&of_classes, &[0], Scaling::None).unwrap();
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
            "0 rows are too few to fit the preprocessing on",
        ),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn it_comes_back_from_json_and_refuses_unknown_fields() {
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
fn check_names_what_is_damaged() {
    let damaged = |damage: fn(&mut Preprocessor), target| {
        let table = table(&["a", "b"], &[1.0, 2.0, 3.0, 4.0], target);
        let mut preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::Standard).unwrap();
        preprocessor.check().unwrap();
        damage(&mut preprocessor);
        let message = preprocessor.check().unwrap_err().to_string();
        message.replace("the preprocessing is wrong: ", "")
    };
    let of_numbers = || numbers(&[1.0, 2.0]);
    for (found, expected) in [
        (
            damaged(|p| p.features.clear(), of_numbers()),
            "it has no features",
        ),
        (
            damaged(|p| p.features[1].name = "a".into(), of_numbers()),
            "two features are called `a`",
        ),
        (
            damaged(|p| p.features[1].std = 0.0, of_numbers()),
            "the standard deviation of `b` is 0, but must be finite and above 0",
        ),
        (
            damaged(|p| p.features[0].mean = f32::NAN, of_numbers()),
            "the mean of `a` is NaN, but must be finite",
        ),
        (
            damaged(
                |p| match &mut p.target {
                    TargetEncoding::Numbers { max, .. } => *max = 0.0,
                    TargetEncoding::Classes { .. } => {}
                },
                of_numbers(),
            ),
            "`y` goes from 1 to 0",
        ),
        (
            damaged(
                |p| match &mut p.target {
                    TargetEncoding::Classes { classes, .. } => classes.clear(),
                    TargetEncoding::Numbers { .. } => {}
                },
                classes(&[0, 1], &["x", "y"]),
            ),
            "`class` has no classes",
        ),
    ] {
        assert_eq!(found, expected);
    }
}
