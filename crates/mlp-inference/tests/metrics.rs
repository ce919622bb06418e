//! Metrics compared with scikit-learn's, which `golden/generate.py` computes.

use std::sync::Arc;

use mlp_inference::{Classes, Evaluation, Metric, Metrics, Numbers};
use serde_json::Value;
use strum::VariantArray;

const TOLERANCE: f64 = 1e-9;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/metrics.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().unwrap().iter();
    values.map(|value| value.as_f64().unwrap()).collect()
}

fn labels(value: &Value) -> Vec<usize> {
    let values = value.as_array().unwrap().iter();
    values
        .map(|value| usize::try_from(value.as_u64().unwrap()).unwrap())
        .collect()
}

fn rows<T>(value: &Value, row: impl Fn(&Value) -> Vec<T>) -> Vec<Vec<T>> {
    value.as_array().unwrap().iter().map(row).collect()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn names(num_classes: usize) -> Arc<[String]> {
    (0..num_classes).map(|class| class.to_string()).collect()
}

fn two_classes(probabilities: Option<Vec<f64>>) -> Classes {
    Classes {
        names: names(2),
        labels: vec![0, 1, 1],
        probabilities,
    }
}

/// Compares each metric with the entry of its name. A metric is absent if its entry is, or is `null`.
fn assert_equal(actual: &Metrics, case: &Value) {
    for &metric in Metric::VARIANTS {
        let what = format!("{metric} of {}", case["name"]);
        match (metric.of(actual), case[metric.name()].as_f64()) {
            (Some(actual), Some(expected)) => assert!(
                (actual - expected).abs() <= TOLERANCE * expected.abs().max(1.0),
                "{what} is {actual}, but scikit-learn has {expected}"
            ),
            (actual, expected) => assert_eq!(actual, expected, "{what}"),
        }
    }
}

#[test]
fn classification_metrics_equal_those_of_scikit_learn() {
    let golden = golden();
    for case in golden["classification"].as_array().unwrap() {
        let predictions = Classes {
            names: names(count(&case["n_classes"])),
            labels: labels(&case["predicted"]),
            probabilities: Some(rows(&case["probabilities"], numbers).concat()),
        };

        let evaluation = Evaluation::of_classes(&predictions, &labels(&case["labels"]));

        assert_equal(&evaluation.metrics, case);
        assert_eq!(
            evaluation.confusion_matrix.unwrap(),
            rows(&case["confusion_matrix"], labels),
            "{}",
            case["name"]
        );
    }
}

#[test]
fn regression_metrics_equal_those_of_scikit_learn() {
    let golden = golden();
    for case in golden["regression"].as_array().unwrap() {
        #[allow(clippy::cast_possible_truncation)] // The stored numbers are of single precision.
        let single = |value: &Value| numbers(value).iter().map(|&x| x as f32).collect::<Vec<_>>();
        let predictions = Numbers {
            values: single(&case["predictions"]),
            num_outputs: count(&case["n_outputs"]),
        };
        let quantile = case["quantile"].as_f64().unwrap();

        let evaluation = Evaluation::of_numbers(&predictions, &single(&case["targets"]), quantile);

        assert_equal(&evaluation.metrics, case);
        assert_eq!(evaluation.confusion_matrix, None);
    }
}

#[test]
fn without_probabilities_only_the_predicted_classes_are_evaluated() {
    let metrics = Evaluation::of_classes(&two_classes(None), &[0, 0, 1]).metrics;

    // Recalls of 1/2 and 1; F1 of 2/3 for both classes.
    let expected = serde_json::json!({
        "name": "without_probabilities",
        "accuracy": 2.0 / 3.0,
        "balanced_accuracy": 0.75,
        "f1_macro": 2.0 / 3.0,
    });
    assert_equal(&metrics, &expected);
}

#[test]
fn rows_of_one_class_cannot_be_ranked() {
    let predictions = two_classes(Some(vec![0.75, 0.25, 0.25, 0.75, 0.25, 0.75]));

    let metrics = Evaluation::of_classes(&predictions, &[1, 1, 1]).metrics;

    assert_eq!((metrics.roc_auc, metrics.average_precision), (None, None));
    // One row with a confidence of 3/4 is wrong and two are right: a gap of |2/3 − 3/4|.
    let expected = 1.0 / 12.0;
    assert!((metrics.expected_calibration_error.unwrap() - expected).abs() < TOLERANCE);
}

#[test]
#[should_panic(expected = "the quantile must be in [0, 1], but is 1.5")]
fn a_quantile_above_1_panics() {
    let predictions = Numbers {
        values: vec![1.0],
        num_outputs: 1,
    };

    Evaluation::of_numbers(&predictions, &[1.0], 1.5);
}
