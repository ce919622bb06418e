//! A map and its metrics do not depend on where the origin of the data is.

mod tables;

use mlp_datasets::{BuiltIn, Column, Dataset, LoadOptions, Table, Values};
use mlp_inference::ClusterMetrics;
use mlp_training::{Fitted, Model, Outcome, Training};
use tables::{fit, recipe};

/// Iris with a number added to each feature.
fn iris(origin: f64) -> Dataset {
    let iris = BuiltIn::Iris.load(&LoadOptions::default()).unwrap();
    let shifted = |column: &Column| {
        let Values::Numbers(numbers) = &column.values else {
            panic!("the features are numbers");
        };
        Column {
            name: column.name.clone(),
            values: Values::Numbers(numbers.iter().map(|number| number + origin).collect()),
        }
    };
    let columns = iris.table.columns().iter().map(shifted).collect();
    let table = Table::new(columns, iris.table.target().cloned()).unwrap();
    Dataset { table, ..iris }
}

/// A map of unscaled rows.
fn map(dataset: &Dataset) -> Fitted {
    let recipe = recipe(Model::Som, dataset, &[("data.scaling", "none".into())]);
    fit(&Training::new(recipe), dataset).unwrap()
}

fn metrics(fitted: &Fitted) -> &ClusterMetrics {
    match &fitted.outcome {
        Outcome::Clustering(outcome) => &outcome.metrics,
        Outcome::Prediction(_) => panic!("a map predicts nothing"),
    }
}

/// The quantization error and the topographic error of a map, in double precision.
fn exact_errors(fitted: &Fitted, dataset: &Dataset) -> [f64; 2] {
    let model = fitted.model.clustering().unwrap();
    let (grid, units) = (model.grid().unwrap(), model.prototypes().unwrap());
    let table = &dataset.table;
    let rows: Vec<usize> = (0..table.num_rows()).collect();
    let inputs = fitted.model.preprocessor().transform(table, &rows).unwrap();
    let width = fitted.model.preprocessor().width();
    let (mut distance, mut torn) = (0.0, 0);
    for row in inputs.numbers.chunks_exact(width) {
        let squared = |unit: &[f32]| -> f64 {
            let pairs = row.iter().zip(unit);
            pairs
                .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2))
                .sum()
        };
        let mut nearest: Vec<(usize, f64)> =
            units.chunks_exact(width).map(squared).enumerate().collect();
        nearest.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        distance += nearest[0].1.sqrt();
        torn += usize::from(!grid.are_neighbours(nearest[0].0, nearest[1].0));
    }
    [distance, torn as f64].map(|sum| sum / rows.len() as f64)
}

/// Compares two numbers that may differ by a tolerance.
fn assert_near(found: Option<f64>, expected: f64, tolerance: f64, what: &str) {
    let found = found.unwrap();
    assert!(
        (found - expected).abs() <= tolerance,
        "{what} is {found}, not {expected}"
    );
}

#[test]
fn a_map_of_rows_far_from_zero_has_the_errors_of_its_units_and_is_as_good_as_one_near_zero() {
    let near = map(&iris(0.0));
    let near = metrics(&near);
    for origin in [1_000.0, 10_000.0] {
        let dataset = iris(origin);
        let fitted = map(&dataset);
        let found = metrics(&fitted);

        let [distance, torn] = exact_errors(&fitted, &dataset);
        let what = format!("the quantization error at {origin}");
        assert_near(found.quantization_error, distance, 1e-6, &what);
        assert_eq!(found.topographic_error, Some(torn), "at {origin}");

        // Numbers around 10,000 are 0.001 apart.
        let expected = near.quantization_error.unwrap();
        assert_near(found.quantization_error, expected, 1e-3, &what);
        assert!(torn < 0.06, "the topographic error at {origin} is {torn}");
        let what = format!("the silhouette at {origin}");
        assert_near(found.silhouette, near.silhouette.unwrap(), 1e-3, &what);
    }
}
