//! Rows of tables, batches and records are predicted alike, and rows that do not fit are errors.

use std::sync::Arc;

use mlp_datasets::arrow_array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use mlp_datasets::{BuiltIn, Dataset, Dialect, LoadOptions, Preprocessor};
use mlp_inference::{Device, Error, OutputKind, Purpose, SavedModel, TrainedNetwork, UnseenValues};
use mlp_models::clustering::{ClustererConfig, Grid, SelfOrganisingMapConfig, Topology};
use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig};
use serde_json::json;

#[derive(serde::Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Passenger {
    pclass: u8,
    sex: &'static str,
    age: Option<f32>,
    sib_sp: u8,
    parch: u8,
    ticket: &'static str,
    fare: f64,
    cabin: Option<&'static str>,
    embarked: &'static str,
}

/// The first and the sixth passenger of the Titanic.
const PASSENGERS: [Passenger; 2] = [
    Passenger {
        pclass: 3,
        sex: "male",
        age: Some(22.0),
        sib_sp: 1,
        parch: 0,
        ticket: "A/5 21171",
        fare: 7.25,
        cabin: None,
        embarked: "S",
    },
    Passenger {
        pclass: 3,
        sex: "male",
        age: None,
        sib_sp: 0,
        parch: 0,
        ticket: "330877",
        fare: 8.4583,
        cabin: None,
        embarked: "Q",
    },
];

/// The same passengers, with their columns in another order.
fn batch() -> RecordBatch {
    let column = |array: ArrayRef| array;
    let text = |values: Vec<Option<&str>>| column(Arc::new(StringArray::from(values)));
    let integers = |values: Vec<i32>| column(Arc::new(Int32Array::from(values)));
    let numbers = |values: Vec<Option<f64>>| column(Arc::new(Float64Array::from(values)));
    RecordBatch::try_from_iter([
        ("Embarked", text(vec![Some("S"), Some("Q")])),
        ("Pclass", integers(vec![3, 3])),
        ("Sex", text(vec![Some("male"), Some("male")])),
        ("Age", numbers(vec![Some(22.0), None])),
        ("SibSp", integers(vec![1, 0])),
        ("Parch", integers(vec![0, 0])),
        ("Ticket", text(vec![Some("A/5 21171"), Some("330877")])),
        ("Fare", numbers(vec![Some(7.25), Some(8.4583)])),
        ("Cabin", text(vec![None, None])),
    ])
    .unwrap()
}

fn load(built_in: BuiltIn) -> (Dataset, Vec<usize>) {
    let dataset = built_in.load(&LoadOptions::default()).unwrap();
    let rows = (0..dataset.table.num_rows()).collect();
    (dataset, rows)
}

/// The Titanic's passengers, with an untrained network that embeds some of their features.
fn titanic() -> (Dataset, SavedModel) {
    let device = Device::flex();
    let (dataset, rows) = load(BuiltIn::Titanic);
    let preprocessor = Preprocessor::fit(&dataset.table, &rows, dataset.scaling).unwrap();
    let inputs = InputsConfig::new(preprocessor.width(), &preprocessor.cardinalities(), 8);
    let backbone = BackboneConfig::Mlp(MlpConfig::new(inputs.d_output(), vec![8], 2));
    let config = NetworkConfig { inputs, backbone };
    let trained = TrainedNetwork::Prediction {
        network: config.init(&device),
        config,
        output: OutputKind::Softmax,
        quantile: 0.5,
    };
    let model = SavedModel::new(trained, preprocessor, Dialect::default(), &device);
    (dataset, model)
}

/// Iris, with an untrained map of two by two units in two clusters.
fn map() -> (Dataset, SavedModel) {
    let device = Device::flex();
    let (dataset, rows) = load(BuiltIn::Iris);
    let preprocessor = Preprocessor::fit_features(&dataset.table, &rows, dataset.scaling).unwrap();
    let grid = Grid {
        rows: 2,
        columns: 2,
        topology: Topology::Rectangular,
    };
    let config = ClustererConfig::SelfOrganisingMap(SelfOrganisingMapConfig::new(4, grid));
    let trained = TrainedNetwork::Clustering {
        network: config.init(&device),
        config,
        clusters: vec![0, 0, 1, 1],
    };
    let model = SavedModel::new(trained, preprocessor, Dialect::default(), &device);
    (dataset, model)
}

#[test]
fn a_table_a_batch_and_records_are_predicted_alike() {
    let (dataset, model) = titanic();

    let of_table = model.predict_rows(&dataset.table, &[0, 5]).unwrap();

    assert_eq!(model.predict_records(&PASSENGERS).unwrap(), of_table);
    assert_eq!(model.predict_batch(&batch()).unwrap(), of_table);
}

#[test]
fn rows_are_predicted_alike_alone_and_among_others() {
    let (dataset, model) = titanic();

    let together = model.predict_rows(&dataset.table, &[140, 3, 77]).unwrap();
    let alone = model.predict_rows(&dataset.table, &[77]).unwrap();

    assert_eq!(together.len(), 3);
    assert_eq!(together.class(2), alone.class(0));
}

#[test]
fn probabilities_are_those_of_the_named_classes() {
    let (_, model) = titanic();

    let predictions = model.predict_records(&PASSENGERS).unwrap();

    let classes = model.classes().unwrap();
    let of_row = classes
        .iter()
        .map(|class| predictions.probability(1, class).unwrap());
    let of_row: Vec<f64> = of_row.collect();
    assert!((of_row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    let most_probable = usize::from(of_row[1] > of_row[0]);
    assert_eq!(predictions.class(1), Some(classes[most_probable].as_str()));
}

#[test]
fn values_not_seen_in_training_are_returned_with_the_predictions() {
    let (_, model) = titanic();
    let mut passengers = PASSENGERS;
    passengers[1].embarked = "Rotterdam";

    let predictions = model.predict_records(&passengers).unwrap();

    assert!(
        predictions.unseen_values.contains(&UnseenValues {
            feature: "Embarked".into(),
            unseen: 1,
            missing: 0,
        }),
        "{:?}",
        predictions.unseen_values
    );
}

#[test]
fn an_empty_list_of_records_is_an_error() {
    let (_, model) = titanic();

    let error = model.predict_records(&PASSENGERS[..0]).unwrap_err();
    assert_eq!(error.to_string(), "there are no records to predict");

    let error = model.predict_batch(&batch().slice(0, 0)).unwrap_err();
    assert_eq!(error.to_string(), "there are no rows to predict");
}

#[test]
fn a_record_without_a_field_is_an_error_that_names_it() {
    let (_, model) = titanic();

    let error = model
        .predict_records(&[json!({ "Pclass": 3 })])
        .unwrap_err();

    assert!(matches!(error, Error::MissingField { .. }), "{error}");
    assert!(
        error
            .to_string()
            .ends_with("`; if the value is unknown, give the field as `None` or `null`"),
        "{error}"
    );
}

#[test]
fn a_clustering_is_predicted_and_evaluated_through_the_same_type() {
    let (dataset, model) = map();
    let clustering = model.clustering().unwrap();

    let predictions = model.predict(&dataset.table).unwrap();

    let found = clustering.predict(&dataset.table).unwrap();
    assert_eq!(predictions.clusters(), Some(&found));
    assert_eq!(predictions.cluster(7), Some(found.clusters[7]));
    assert_eq!(clustering.num_clusters(), 2);
    assert_eq!(
        clustering.evaluate(&dataset.table).unwrap(),
        clustering
            .evaluate_clusters(&dataset.table, &found)
            .unwrap()
    );
    assert_eq!(model.purpose(), Purpose::Clustering);
    assert_eq!(model.classes(), None);
}

#[test]
fn the_code_of_a_row_on_a_map_is_the_position_of_its_unit() {
    let (dataset, model) = map();
    let clustering = model.clustering().unwrap();

    let found = clustering.predict(&dataset.table).unwrap();

    assert_eq!(found.d_code, 2);
    let units = clustering.centroids().unwrap();
    for (row, &unit) in found.prototypes.iter().enumerate() {
        assert_eq!(found.codes[2 * row..][..2], units[2 * unit..][..2]);
    }
}

#[test]
fn evaluating_clusters_as_predictions_is_an_error() {
    let (dataset, model) = map();

    let error = model.evaluate(&dataset.table, &[0]).unwrap_err();

    assert_eq!(
        error.to_string(),
        "this is a model for clustering, but one for prediction is needed"
    );
}

#[test]
fn evaluating_no_rows_is_an_error() {
    let (dataset, model) = titanic();

    let error = model.evaluate(&dataset.table, &[]).unwrap_err();

    assert_eq!(error.to_string(), "there are no rows to evaluate");
}
