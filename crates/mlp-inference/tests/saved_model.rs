//! A model that is saved, moved and loaded again is the same model.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use mlp_datasets::arrow_array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use mlp_datasets::{BuiltIn, Dataset, LoadOptions, Preprocessor};
use mlp_inference::{Error, OutputKind, Predictions, SavedModel};
use mlp_models::{
    EntityEmbeddingConfig, MlpConfig, NetworkConfig, NormalizationKind, TabularConfig,
};

fn iris() -> Dataset {
    BuiltIn::Iris.load(&LoadOptions::default()).unwrap()
}

fn all_rows(dataset: &Dataset) -> Vec<usize> {
    (0..dataset.table.num_rows()).collect()
}

/// An untrained network, which serves as well as a trained one here.
fn model(dataset: &Dataset) -> SavedModel {
    let device = Device::flex();
    let rows = all_rows(dataset);
    let preprocessor = Preprocessor::fit(&dataset.table, &rows, dataset.scaling).unwrap();
    let config = NetworkConfig::Mlp(
        MlpConfig::new(4, vec![8], 3).with_normalization(NormalizationKind::Batch),
    );
    let network = config.init(&device);
    SavedModel::new(network, config, OutputKind::Softmax, preprocessor, &device)
}

fn saved(folder: &Path) -> SavedModel {
    let model = model(&iris());
    model.save(folder).unwrap();
    model
}

fn load_error(folder: &Path) -> Error {
    SavedModel::load(folder, &Device::flex()).unwrap_err()
}

#[test]
fn a_model_that_was_moved_predicts_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    fs::create_dir(&here).unwrap();
    let model = saved(&here);
    fs::rename(&here, &there).unwrap();

    let loaded = SavedModel::load(&there, &Device::flex()).unwrap();

    let iris = iris();
    assert_eq!(
        loaded.predict(&iris.table).unwrap(),
        model.predict(&iris.table).unwrap()
    );
    assert_eq!(
        loaded.evaluate(&iris.table, &all_rows(&iris)).unwrap(),
        model.evaluate(&iris.table, &all_rows(&iris)).unwrap()
    );
    assert_eq!(
        loaded.classes().unwrap(),
        ["setosa", "versicolor", "virginica"]
    );
}

#[test]
fn rows_are_predicted_alike_alone_and_among_others() {
    let iris = iris();
    let model = model(&iris);

    let together = model.predict_rows(&iris.table, &[140, 3, 77]).unwrap();
    let alone = model.predict_rows(&iris.table, &[77]).unwrap();

    let labels = |predictions| match predictions {
        mlp_inference::Predictions::Classes { labels, .. } => labels,
        mlp_inference::Predictions::Numbers { .. } => unreachable!("iris has classes"),
    };
    assert_eq!(labels(together)[2..], labels(alone));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = load_error(Path::new("no/such/run"));

    assert_eq!(error.to_string(), "there is no folder `no/such/run`");
}

#[test]
fn a_missing_file_is_named() {
    for file in ["model.json", "model.safetensors"] {
        let folder = tempfile::tempdir().unwrap();
        saved(folder.path());
        fs::remove_file(folder.path().join(file)).unwrap();

        let error = load_error(folder.path());

        assert!(
            matches!(&error, Error::MissingFile { file: missing, .. } if *missing == file),
            "{error}"
        );
    }
}

#[test]
fn truncated_files_are_errors_at_every_length() {
    for file in ["model.json", "model.safetensors"] {
        let folder = tempfile::tempdir().unwrap();
        saved(folder.path());
        let path = folder.path().join(file);
        let whole = fs::read(&path).unwrap();
        for tenth in 0..10 {
            fs::write(&path, &whole[..whole.len() * tenth / 10]).unwrap();

            let error = load_error(folder.path());

            assert!(error.to_string().contains(file), "{error}");
        }
    }
}

#[test]
fn another_format_version_is_refused_with_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());
    let path = folder.path().join("model.json");
    let json = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        json.replace("\"format_version\": 2", "\"format_version\": 7"),
    )
    .unwrap();

    let error = load_error(folder.path());

    assert!(
        error
            .to_string()
            .ends_with("has format version 7, but this program reads version 2"),
        "{error}"
    );
}

#[test]
fn weights_of_another_network_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());
    let path = folder.path().join("model.json");
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let mut wider = json.clone();
    wider["network"]["hidden_sizes"] = serde_json::json!([9]);
    fs::write(&path, wider.to_string()).unwrap();
    assert!(matches!(load_error(folder.path()), Error::Weights { .. }));

    let mut none = json.clone();
    none["network"]["hidden_sizes"] = serde_json::json!([0]);
    fs::write(&path, none.to_string()).unwrap();
    assert!(matches!(load_error(folder.path()), Error::Network { .. }));

    let mut fewer = json;
    fewer["network"]["d_output"] = serde_json::json!(2);
    fs::write(&path, fewer.to_string()).unwrap();
    assert!(matches!(
        load_error(folder.path()),
        Error::Contradiction { .. }
    ));
}

/// The Titanic's passengers, with an untrained network that embeds some of their features.
fn titanic() -> (Dataset, SavedModel) {
    let device = Device::flex();
    let dataset = BuiltIn::Titanic.load(&LoadOptions::default()).unwrap();
    let rows = all_rows(&dataset);
    let preprocessor = Preprocessor::fit(&dataset.table, &rows, dataset.scaling).unwrap();
    let embedding = EntityEmbeddingConfig::new(preprocessor.cardinalities());
    let d_input = preprocessor.width() + embedding.d_output();
    let backbone = MlpConfig::new(d_input, vec![8], 2);
    let config = NetworkConfig::Tabular(TabularConfig::new(embedding, backbone));
    let network = config.init(&device);
    let model = SavedModel::new(network, config, OutputKind::Softmax, preprocessor, &device);
    (dataset, model)
}

fn probabilities(predictions: Predictions) -> Vec<f64> {
    match predictions {
        Predictions::Classes { probabilities, .. } => probabilities.unwrap(),
        Predictions::Numbers { .. } => unreachable!("there are classes"),
    }
}

#[test]
fn a_table_a_batch_and_records_are_predicted_alike() {
    #[derive(serde::Serialize)]
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

    // The first and the sixth passenger.
    let passengers = [
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
    let column = |array: ArrayRef| array;
    let batch = RecordBatch::try_from_iter([
        (
            "Embarked",
            column(Arc::new(StringArray::from(vec!["S", "Q"]))),
        ),
        ("Pclass", column(Arc::new(Int32Array::from(vec![3, 3])))),
        (
            "Sex",
            column(Arc::new(StringArray::from(vec!["male", "male"]))),
        ),
        (
            "Age",
            column(Arc::new(Float64Array::from(vec![Some(22.0), None]))),
        ),
        ("SibSp", column(Arc::new(Int32Array::from(vec![1, 0])))),
        ("Parch", column(Arc::new(Int32Array::from(vec![0, 0])))),
        (
            "Ticket",
            column(Arc::new(StringArray::from(vec!["A/5 21171", "330877"]))),
        ),
        (
            "Fare",
            column(Arc::new(Float64Array::from(vec![7.25, 8.4583]))),
        ),
        (
            "Cabin",
            column(Arc::new(StringArray::from(vec![None::<&str>, None]))),
        ),
    ])
    .unwrap();
    let (dataset, model) = titanic();

    let of_table = probabilities(model.predict_rows(&dataset.table, &[0, 5]).unwrap());

    assert_eq!(
        probabilities(model.predict_records(&passengers).unwrap()),
        of_table
    );
    assert_eq!(
        probabilities(model.predict_batch(&batch).unwrap()),
        of_table
    );
}

#[test]
fn embeddings_are_saved_and_loaded() {
    let (dataset, model) = titanic();
    let folder = tempfile::tempdir().unwrap();
    model.save(folder.path()).unwrap();
    let loaded = SavedModel::load(folder.path(), &Device::flex()).unwrap();
    assert_eq!(
        loaded.predict(&dataset.table).unwrap(),
        model.predict(&dataset.table).unwrap()
    );

    let path = folder.path().join("model.json");
    let mut json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    json["network"]["embedding"]["cardinalities"] = serde_json::json!([3]);
    fs::write(&path, json.to_string()).unwrap();
    assert!(matches!(
        load_error(folder.path()),
        Error::Contradiction { .. }
    ));
}
