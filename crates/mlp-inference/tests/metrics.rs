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

fn counts(value: &Value) -> Vec<usize> {
    let values = value.as_array().unwrap().iter();
    values
        .map(|value| usize::try_from(value.as_u64().unwrap()).unwrap())
        .collect()
}

/// Classes that the model knows.
fn known(labels: &[usize]) -> Vec<Option<usize>> {
    labels.iter().copied().map(Some).collect()
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
        labels: known(&[0, 1, 1]),
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
            labels: known(&counts(&case["predicted"])),
            probabilities: Some(rows(&case["probabilities"], numbers).concat()),
        };

        let labels = known(&counts(&case["labels"]));
        let evaluation = Evaluation::of_classes(&predictions, &labels, None);

        assert_equal(&evaluation.metrics, case);
        assert_eq!(
            evaluation.confusion_matrix.unwrap(),
            rows(&case["confusion_matrix"], counts),
            "{}",
            case["name"]
        );
        let of_classes = case["f1_per_class"].as_array().unwrap();
        for (class, expected) in evaluation.per_class.iter().zip(of_classes) {
            match (class.f1, expected.as_f64()) {
                (Some(f1), Some(expected)) => assert!((f1 - expected).abs() <= TOLERANCE),
                (f1, expected) => assert_eq!(f1, expected, "{}", case["name"]),
            }
        }
    }
}

#[test]
fn regression_metrics_equal_those_of_scikit_learn() {
    let golden = golden();
    for case in golden["regression"].as_array().unwrap() {
        #[allow(clippy::cast_possible_truncation)] // The stored numbers are of single precision.
        let single = numbers;
        let predictions = Numbers {
            values: single(&case["predictions"]),
            num_outputs: count(&case["n_outputs"]),
        };
        let quantile = case["quantile"].as_f64().unwrap();

        let evaluation =
            Evaluation::of_numbers(&predictions, &single(&case["targets"]), quantile, None);

        assert_equal(&evaluation.metrics, case);
        assert_eq!(evaluation.confusion_matrix, None);
        // A single target has no metrics besides.
        let num_targets = predictions.num_outputs;
        let of_each = if num_targets > 1 { num_targets } else { 0 };
        assert_eq!(evaluation.per_target.len(), of_each);
    }
}

#[test]
fn without_probabilities_only_the_predicted_classes_are_evaluated() {
    let metrics = Evaluation::of_classes(&two_classes(None), &known(&[0, 0, 1]), None).metrics;

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

    let metrics = Evaluation::of_classes(&predictions, &known(&[1, 1, 1]), None).metrics;

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

    Evaluation::of_numbers(&predictions, &[1.0], 1.5, None);
}

#[test]
fn rows_of_unknown_classes_are_one_more_class_that_is_never_predicted() {
    let predictions = two_classes(Some(vec![0.75, 0.25, 0.25, 0.75, 0.25, 0.75]));

    let evaluation = Evaluation::of_classes(&predictions, &[Some(0), None, Some(1)], None);

    // Recalls of 1, 1 and 0; F1 of 1, 2/3 and 0; gaps of 1/4 + 1/4 − 3/4.
    let expected = serde_json::json!({
        "name": "unknown",
        "accuracy": 2.0 / 3.0,
        "balanced_accuracy": 2.0 / 3.0,
        "f1_macro": 5.0 / 9.0,
        "expected_calibration_error": 0.25 / 3.0,
    });
    assert_equal(&evaluation.metrics, &expected);
    assert_eq!(evaluation.num_unknown, 1);
    let matrix = vec![vec![1, 0], vec![0, 1], vec![0, 1]];
    assert_eq!(evaluation.confusion_matrix, Some(matrix));
    assert_eq!(evaluation.per_class.len(), 2);
    assert_eq!(evaluation.per_class[1].precision, Some(0.5));
}

#[test]
fn a_prediction_that_is_not_finite_hides_every_metric() {
    let nothing = serde_json::json!({ "name": "not finite" });
    let mut of_classes = two_classes(None);
    of_classes.labels[1] = None;
    let mut of_probabilities = two_classes(Some(vec![0.5; 6]));
    of_probabilities.probabilities.as_mut().unwrap()[3] = f64::NAN;
    for predictions in [of_classes, of_probabilities] {
        let labels = [Some(0), Some(1), None];

        let evaluation = Evaluation::of_classes(&predictions, &labels, None);

        assert_equal(&evaluation.metrics, &nothing);
        assert_eq!((evaluation.num_not_finite, evaluation.num_unknown), (1, 1));
        assert_eq!(evaluation.confusion_matrix, None);
        assert!(evaluation.per_class.is_empty());
        // A row of weight 0 is not there.
        let weights = [1.0, 0.0, 1.0];
        let evaluation = Evaluation::of_classes(&predictions, &labels, Some(&weights));
        assert_eq!(evaluation.num_not_finite, 0);
        assert_eq!(evaluation.metrics.accuracy, Some(0.5));
    }

    let numbers = Numbers {
        values: vec![1.0, f64::INFINITY, 2.0, 3.0],
        num_outputs: 2,
    };
    let evaluation = Evaluation::of_numbers(&numbers, &[0.0; 4], 0.5, None);
    assert_equal(&evaluation.metrics, &nothing);
    assert_eq!(evaluation.num_not_finite, 1);
}

#[test]
fn without_a_weight_above_0_there_are_no_metrics() {
    let nothing = serde_json::json!({ "name": "weights of 0" });
    let predictions = two_classes(Some(vec![0.5; 6]));

    let labels = known(&[0, 1, 1]);
    let evaluation = Evaluation::of_classes(&predictions, &labels, Some(&[0.0; 3]));

    assert_equal(&evaluation.metrics, &nothing);
    assert_eq!(
        evaluation.confusion_matrix,
        Some(vec![vec![0, 0], vec![0, 0]])
    );

    let numbers = Numbers {
        values: vec![1.0, 2.0],
        num_outputs: 1,
    };
    let evaluation = Evaluation::of_numbers(&numbers, &[0.0; 2], 0.5, Some(&[0.0; 2]));
    assert_equal(&evaluation.metrics, &nothing);
}
