//! Metrics against scikit-learn's, made by `golden/generate.py`.

use mlp_inference::{Evaluation, Predictions};
use serde_json::Value;

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

fn assert_close(actual: Option<f64>, expected: &Value, tolerance: f64, what: &str) {
    let (actual, expected) = (actual.unwrap(), expected.as_f64().unwrap());
    assert!(
        (actual - expected).abs() <= tolerance * expected.abs().max(1.0),
        "{what} is {actual}, but scikit-learn has {expected}"
    );
}

#[test]
fn classification_metrics_equal_those_of_scikit_learn() {
    let golden = golden();
    for case in golden["classification"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let predictions = Predictions::Classes {
            labels: labels(&case["predicted"]),
            probabilities: Some(rows(&case["probabilities"], numbers).concat()),
            num_classes: labels(&serde_json::json!([case["n_classes"]]))[0],
        };

        let evaluation = Evaluation::of_classes(&predictions, &labels(&case["labels"]));

        let metrics = evaluation.metrics;
        assert_close(metrics.accuracy, &case["accuracy"], TOLERANCE, name);
        assert_close(metrics.f1_macro, &case["f1_macro"], TOLERANCE, name);
        assert_close(metrics.log_loss, &case["log_loss"], TOLERANCE, name);
        assert_eq!(
            evaluation.confusion_matrix.unwrap(),
            rows(&case["confusion_matrix"], labels),
            "{name}"
        );
        assert_eq!(metrics.rmse, None);
    }
}

#[test]
fn regression_metrics_equal_those_of_scikit_learn() {
    let golden = golden();
    for case in golden["regression"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        #[allow(clippy::cast_possible_truncation)] // Models predict in single precision.
        let single = |value: &Value| numbers(value).iter().map(|&x| x as f32).collect::<Vec<_>>();
        let predictions = Predictions::Numbers(single(&case["predictions"]));

        let metrics = Evaluation::of_numbers(&predictions, &single(&case["targets"])).metrics;

        // The stored values were rounded to single precision.
        let tolerance = 1e-6;
        assert_close(metrics.rmse, &case["rmse"], tolerance, name);
        assert_close(metrics.mae, &case["mae"], tolerance, name);
        assert_close(metrics.r2, &case["r2"], tolerance, name);
        assert_eq!(metrics.accuracy, None);
    }
}
