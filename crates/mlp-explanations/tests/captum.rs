//! Integrated gradients are those of captum for the same weights. `golden/integrated_gradients.py` writes the
//! values.

use std::path::{Path, PathBuf};

use mlp_datasets::{Source, Table, read_table};
use mlp_explanations::{Background, IntegratedGradients};
use mlp_inference::{Device, SavedModel};
use serde_json::Value;

const TOLERANCE: f64 = 1e-5;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/integrated_gradients.json")).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mlp-inference/tests/formats");
    formats.join(name)
}

fn load(name: &str) -> (SavedModel, Table) {
    let model = SavedModel::load(folder(name), &Device::flex()).unwrap();
    let source = Source::new(folder(name).join("inputs.csv").to_str().unwrap()).unwrap();
    let table = read_table(&source, &model.schema()).unwrap();
    (model, table)
}

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|number| number.as_f64().unwrap()).collect()
}

fn assert_close(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() < TOLERANCE,
        "{what} is {found}, but {expected} in captum"
    );
}

fn assert_as_in_captum(name: &str) {
    let golden = golden();
    let steps = golden["steps"].as_u64().unwrap();
    let gradients = IntegratedGradients {
        steps: usize::try_from(steps).unwrap(),
        seed: 0,
    };
    let (model, table) = load(name);
    let rows: Vec<usize> = (0..table.num_rows()).collect();
    let num_background = golden["num_background"].as_u64().unwrap();
    let background = Background {
        table: &table,
        rows: &rows[..usize::try_from(num_background).unwrap()],
    };
    let golden = &golden[name];
    let columns = golden["columns"].as_array().unwrap();
    for (output, expected) in golden["outputs"].as_object().unwrap() {
        let found = gradients.compute(&model, &table, &rows, background, Some(output));
        let found = found.unwrap();
        assert_eq!(found.len(), rows.len());
        let predictions = numbers(&expected["predictions"]);
        let baseline = expected["baseline"].as_f64().unwrap();
        for (row, found) in found.iter().enumerate() {
            let what = format!("row {row} of {name} for {output}");
            assert_eq!((found.row, &found.output), (row, output));
            assert_close(found.prediction, predictions[row], &what);
            assert_close(found.baseline, baseline, &what);
            let contributions = numbers(&expected["contributions"][row]);
            assert_eq!(found.columns.len(), contributions.len());
            for ((found, expected), column) in found.columns.iter().zip(contributions).zip(columns)
            {
                assert_eq!(found.column, column.as_str().unwrap());
                assert_close(found.contribution, expected, &format!("{what}, {column}"));
            }
            assert!(found.gap.abs() < TOLERANCE, "{what}: {}", found.gap);
        }
    }
}

#[test]
fn probabilities_behind_batch_normalisation_are_attributed_as_in_captum() {
    assert_as_in_captum("v3-iris-batch-norm");
}

#[test]
fn the_coordinates_of_embeddings_and_the_parts_of_dates_are_summed_to_columns() {
    assert_as_in_captum("v3-fruit-embedding");
}
