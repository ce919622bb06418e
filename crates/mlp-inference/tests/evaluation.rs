//! A model is evaluated on a table with weights, or with classes that it does not know.

use mlp_datasets::{BuiltIn, Dialect, LoadOptions, Preprocessor, Scaling, Table, Target};
use mlp_inference::{Device, Evaluation, OutputKind, SavedModel, TrainedNetwork};
use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig};

fn iris() -> Table {
    let dataset = BuiltIn::Iris.load(&LoadOptions::default()).unwrap();
    dataset.table
}

/// An untrained network, which is as good as a trained one here.
fn model(table: &Table) -> SavedModel {
    let device = Device::flex();
    let rows: Vec<usize> = (0..table.num_rows()).collect();
    let preprocessor = Preprocessor::fit(table, &rows, Scaling::Standard).unwrap();
    let config = NetworkConfig {
        inputs: InputsConfig::new(4, &[], 0),
        backbone: BackboneConfig::Mlp(MlpConfig::new(4, vec![8], 3)),
    };
    let trained = TrainedNetwork::Prediction {
        network: config.init(&device),
        config,
        output: OutputKind::Softmax,
        quantile: 0.5,
    };
    SavedModel::new(trained, preprocessor, Dialect::default(), &device)
}

/// The table with other names of its classes.
fn renamed(table: &Table, names: [&str; 3]) -> Table {
    let Some(Target::Classes { name, labels, .. }) = table.target() else {
        panic!("iris has classes");
    };
    let target = Target::Classes {
        name: name.clone(),
        labels: labels.clone(),
        classes: names.map(str::to_owned).to_vec(),
    };
    Table::new(table.columns().to_vec(), Some(target)).unwrap()
}

#[test]
fn rows_count_by_the_weights_of_the_table() {
    let table = iris();
    let model = model(&table);
    let weights: Vec<f32> = [0.0, 1.0, 2.5].into_iter().cycle().take(150).collect();
    let table = table.with_weights(weights.clone()).unwrap();
    let rows = [0, 100, 50, 4, 121];

    let evaluation = model.evaluate(&table, &rows).unwrap();

    let predictions = model.predict_rows(&table, &rows).unwrap();
    let expected = Evaluation::of_classes(
        predictions.classes().unwrap(),
        &[Some(0), Some(2), Some(1), Some(0), Some(2)],
        Some(&rows.map(|row| weights[row])),
    );
    assert_eq!(evaluation, expected);
}

#[test]
fn rows_of_unknown_classes_are_wrong_and_an_error_if_there_are_no_others() {
    let table = iris();
    let model = model(&table);
    let table = renamed(&table, ["setosa", "versicolor", "lily"]);

    let evaluation = model.evaluate(&table, &[0, 100, 50, 101]).unwrap();

    assert_eq!(evaluation.num_unknown, 2);
    let matrix = evaluation.confusion_matrix.unwrap();
    let of_rows: Vec<usize> = matrix.iter().map(|row| row.iter().sum()).collect();
    assert_eq!(of_rows, [1, 1, 0, 2]);
    let error = model.evaluate(&table, &[100, 101]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the class `lily` is unknown; the known classes are `setosa`, `versicolor`, `virginica`"
    );
}

#[test]
fn a_table_without_a_target_or_with_that_of_another_task_is_an_error() {
    let table = iris();
    let model = model(&table);
    let with_target = |target| Table::new(table.columns().to_vec(), target).unwrap();
    let numbers = Target::Numbers {
        names: vec!["length".to_owned()],
        values: vec![1.0; 150],
    };
    for (target, message) in [
        (None, "the table has no target"),
        (
            Some(numbers),
            "the table is for regression, but the preprocessor is for classification",
        ),
    ] {
        let error = model.evaluate(&with_target(target), &[0]).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}
