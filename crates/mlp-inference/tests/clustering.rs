//! Cluster metrics compared with scikit-learn's, which `golden/clustering.py` computes.

use mlp_inference::ClusterMetrics;
use serde_json::Value;

const TOLERANCE: f64 = 1e-6;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/clustering.json")).unwrap()
}

fn counts(value: &Value) -> Vec<usize> {
    let values = value.as_array().unwrap().iter();
    values.map(count).collect()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

#[allow(clippy::cast_possible_truncation)] // scikit-learn was given single precision too.
fn single(value: &Value) -> Vec<f32> {
    let values = value.as_array().unwrap().iter();
    values.map(|value| value.as_f64().unwrap() as f32).collect()
}

/// Compares one metric with the entry of its name, which is `null` for an absent metric.
fn assert_equal(actual: Option<f64>, case: &Value, name: &str) {
    let what = format!("{name} of {}", case["name"]);
    match (actual, case[name].as_f64()) {
        // If scikit-learn has an exact 0, only a rounding error is allowed.
        (Some(actual), Some(expected)) => assert!(
            (actual - expected).abs() <= (TOLERANCE * expected.abs()).max(1e-15),
            "{what} is {actual}, but scikit-learn has {expected}"
        ),
        (actual, expected) => assert_eq!(actual, expected, "{what}"),
    }
}

#[test]
fn cluster_metrics_equal_those_of_scikit_learn() {
    let golden = golden();
    for case in golden["cases"].as_array().unwrap() {
        let clusters = counts(&case["clusters"]);
        let points = single(&case["points"]);

        let metrics = ClusterMetrics::of_points(&points, count(&case["n_columns"]), &clusters)
            .with_labels(&clusters, &counts(&case["labels"]));

        for (actual, name) in [
            (metrics.silhouette, "silhouette"),
            (metrics.davies_bouldin, "davies_bouldin"),
            (metrics.calinski_harabasz, "calinski_harabasz"),
            (metrics.accuracy, "accuracy"),
            (
                metrics.normalized_mutual_information,
                "normalized_mutual_information",
            ),
            (metrics.adjusted_rand_index, "adjusted_rand_index"),
        ] {
            assert_equal(actual, case, name);
        }
        assert_eq!(metrics.quantization_error, None);
        assert_eq!(metrics.topographic_error, None);
    }
}

#[test]
fn clusters_without_labels_are_evaluated_by_their_points_alone() {
    let metrics = ClusterMetrics::of_points(&[0.0, 0.0, 3.0], 1, &[0, 0, 1]);

    // Silhouettes of 1, 1 and, for the row that is alone in its cluster, 0.
    let mut expected = ClusterMetrics::default();
    expected.silhouette = Some(2.0 / 3.0);
    expected.davies_bouldin = Some(0.0);
    expected.calinski_harabasz = Some(1.0);
    assert_eq!(metrics, expected);
}

#[test]
fn cluster_metrics_do_not_depend_on_the_origin() {
    let golden = golden();
    for case in golden["cases"].as_array().unwrap() {
        let (clusters, num_columns) = (counts(&case["clusters"]), count(&case["n_columns"]));
        // Multiples of 1/1024, which are not rounded up to 16,384.
        let points = single(&case["points"]);
        let points = points
            .iter()
            .map(|number| (number * 1024.0).round() / 1024.0);
        let metrics = |origin: f32| {
            let points: Vec<f32> = points.clone().map(|number| number + origin).collect();
            ClusterMetrics::of_points(&points, num_columns, &clusters)
        };
        let (near, far) = (metrics(0.0), metrics(10_000.0));
        for (near, far, name) in [
            (near.silhouette, far.silhouette, "silhouette"),
            (
                near.davies_bouldin,
                far.davies_bouldin,
                "Davies-Bouldin index",
            ),
            (
                near.calinski_harabasz,
                far.calinski_harabasz,
                "Calinski-Harabasz index",
            ),
        ] {
            let is_same = match (near, far) {
                (Some(near), Some(far)) => (near - far).abs() <= 1e-6 * near.abs().max(1e-6),
                (near, far) => near == far,
            };
            assert!(is_same, "{name} of {}: {near:?} and {far:?}", case["name"]);
        }
    }
}

#[test]
fn points_that_are_not_finite_have_no_metrics() {
    for number in [f32::NAN, f32::INFINITY] {
        let metrics = ClusterMetrics::of_points(&[0.0, number, 3.0], 1, &[0, 0, 1]);

        assert_eq!(metrics, ClusterMetrics::default());
    }
}

#[test]
fn without_rows_there_are_no_metrics() {
    let metrics = ClusterMetrics::of_points(&[], 2, &[]).with_labels(&[], &[]);

    assert_eq!(metrics, ClusterMetrics::default());
}

#[test]
fn labels_do_not_change_the_other_metrics() {
    let mut of_map = ClusterMetrics::default();
    of_map.quantization_error = Some(0.5);

    let metrics = of_map.with_labels(&[3, 1], &[0, 1]);

    let mut expected = ClusterMetrics::default();
    expected.accuracy = Some(1.0);
    expected.normalized_mutual_information = Some(1.0);
    expected.adjusted_rand_index = Some(1.0);
    expected.quantization_error = Some(0.5);
    assert_eq!(metrics, expected);
}

#[test]
fn absent_metrics_are_left_out_of_json() {
    let mut metrics = ClusterMetrics::default();
    metrics.topographic_error = Some(0.25);

    let json = serde_json::to_string(&metrics).unwrap();

    assert_eq!(json, r#"{"topographic_error":0.25}"#);
    assert_eq!(
        serde_json::from_str::<ClusterMetrics>(&json).unwrap(),
        metrics
    );
    assert!(serde_json::from_str::<ClusterMetrics>(r#"{"purity":1.0}"#).is_err());
}

#[test]
#[should_panic(expected = "one cluster for each row")]
fn points_and_clusters_of_different_numbers_of_rows_panic() {
    ClusterMetrics::of_points(&[1.0, 2.0, 3.0], 2, &[0, 1]);
}

#[test]
#[should_panic(expected = "at least one column to evaluate")]
fn points_without_columns_panic() {
    ClusterMetrics::of_points(&[], 0, &[0, 1]);
}

#[test]
#[should_panic(expected = "one label for each row")]
fn clusters_and_labels_of_different_numbers_of_rows_panic() {
    let _ = ClusterMetrics::default().with_labels(&[0, 1], &[0]);
}
