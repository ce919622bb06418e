//! A model that is saved, moved and loaded again is the same model.

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use mlp_datasets::{BuiltIn, Dataset, LoadOptions, Preprocessor};
use mlp_inference::{Error, OutputKind, SavedModel};
use mlp_models::{MlpConfig, NetworkConfig, NormalizationKind};

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
        mlp_inference::Predictions::Numbers(_) => unreachable!("iris has classes"),
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
        json.replace("\"format_version\": 1", "\"format_version\": 7"),
    )
    .unwrap();

    let error = load_error(folder.path());

    assert!(
        error
            .to_string()
            .ends_with("has format version 7, but this program reads version 1"),
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
