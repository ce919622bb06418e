//! A model that is saved, moved and loaded again is the same model, and damaged files are errors.

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use mlp_datasets::{BuiltIn, Dataset, Dialect, LoadOptions, Preprocessor};
use mlp_inference::{Error, OutputKind, Predictions, Purpose, SavedModel, TrainedNetwork};
use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig, NormalizationKind};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::{Value, json};

fn iris() -> Dataset {
    BuiltIn::Iris.load(&LoadOptions::default()).unwrap()
}

fn all_rows(dataset: &Dataset) -> Vec<usize> {
    (0..dataset.table.num_rows()).collect()
}

fn config() -> NetworkConfig {
    let mlp = MlpConfig::new(4, vec![8], 3).with_normalization(NormalizationKind::Batch);
    NetworkConfig {
        inputs: InputsConfig::new(4, &[], 0),
        backbone: BackboneConfig::Mlp(mlp),
    }
}

/// An untrained network, which is as good as a trained one here.
fn model(dataset: &Dataset) -> SavedModel {
    let device = Device::flex();
    let rows = all_rows(dataset);
    let preprocessor = Preprocessor::fit(&dataset.table, &rows, dataset.scaling).unwrap();
    let trained = TrainedNetwork::Prediction {
        network: config().init(&device),
        config: config(),
        output: OutputKind::Softmax,
        quantile: 0.5,
    };
    let dialect = Dialect {
        delimiter: Some(b';'),
        missing: vec!["999".into()],
        ..Dialect::default()
    };
    SavedModel::new(trained, preprocessor, dialect, &device)
}

fn saved(folder: &Path) -> SavedModel {
    let model = model(&iris());
    model.save(folder).unwrap();
    model
}

fn load_error(folder: &Path) -> Error {
    SavedModel::load(folder, &Device::flex()).unwrap_err()
}

/// Changes `model.json` of a folder, which then has no digest, as if another program had written it.
fn edit(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("model.json");
    let mut document = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut document);
    document
        .as_object_mut()
        .map(|fields| fields.remove("sha256"));
    fs::write(&path, document.to_string()).unwrap();
}

/// The error of loading a model whose `model.json` was changed.
fn error_after(change: impl FnOnce(&mut Value)) -> Error {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());
    edit(folder.path(), change);
    load_error(folder.path())
}

#[test]
fn a_saved_model_can_be_shared_between_threads() {
    fn assert_shareable<T: Send + Sync + 'static>() {}

    assert_shareable::<SavedModel>();
    assert_shareable::<Error>();
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
    assert_eq!(loaded.purpose(), Purpose::Prediction);
    assert!(loaded.clustering().is_none());
}

#[test]
fn the_dialect_is_part_of_the_model() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());

    let schema = SavedModel::load(folder.path(), &Device::flex())
        .unwrap()
        .schema();

    assert_eq!(schema.dialect.delimiter, Some(b';'));
    assert_eq!(schema.dialect.missing, ["999"]);
}

#[test]
fn fields_with_a_default_may_be_absent() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());
    edit(folder.path(), |document| {
        document.as_object_mut().unwrap().remove("dialect");
    });

    let model = SavedModel::load(folder.path(), &Device::flex()).unwrap();

    assert_eq!(model.schema().dialect, Dialect::default());
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let error = load_error(Path::new("no/such/run"));

    assert_eq!(error.to_string(), "the folder `no/such/run` does not exist");
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
fn saving_over_a_model_deletes_nothing_before_its_replacement_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let model = saved(folder.path());
    let before = fs::read(folder.path().join("model.json")).unwrap();
    // A folder of this name cannot be replaced by the file of weights.
    let weights = folder.path().join("model.safetensors");
    fs::remove_file(&weights).unwrap();
    fs::create_dir(&weights).unwrap();

    assert!(matches!(model.save(folder.path()), Err(Error::Io { .. })));

    assert_eq!(fs::read(folder.path().join("model.json")).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    let error = load_error(folder.path()).to_string();
    assert!(error.contains("model.safetensors"), "{error}");
}

/// The weights of a folder, as names, types, shapes and bytes.
fn tensors(folder: &Path) -> Vec<(String, Dtype, Vec<usize>, Vec<u8>)> {
    let bytes = fs::read(folder.join("model.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensors = file.iter().map(|(name, view)| {
        let shape = view.shape().to_vec();
        (name.to_owned(), view.dtype(), shape, view.data().to_vec())
    });
    tensors.collect()
}

/// Replaces the weights of a folder by other ones, without a SHA-256, as another program would.
fn replace_tensors(folder: &Path, tensors: &[(String, Dtype, Vec<usize>, Vec<u8>)]) {
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        let view = TensorView::new(*dtype, shape.clone(), bytes).unwrap();
        (name.as_str(), view)
    });
    let bytes = safetensors::serialize(views, None).unwrap();
    fs::write(folder.join("model.safetensors"), bytes).unwrap();
    edit(folder, |document| {
        document.as_object_mut().unwrap().remove("weights_sha256");
    });
}

#[test]
fn one_flipped_bit_of_the_weights_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());
    let path = folder.path().join("model.safetensors");
    let whole = fs::read(&path).unwrap();
    for place in [0, whole.len() / 3, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[place] ^= 1 << (place % 8);
        fs::write(&path, damaged).unwrap();
        let error = load_error(folder.path()).to_string();
        assert!(
            error.contains("its SHA-256 is not the one in `model.json`"),
            "{error}"
        );
    }
}

#[test]
fn a_changed_number_or_name_in_the_description_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());
    let path = folder.path().join("model.json");
    let text = fs::read_to_string(&path).unwrap();
    for (before, after) in [
        ("setosa", "virginia"),
        ("\"median\": 5", "\"median\": 7"),
        ("relu", "tanh"),
        ("sepal_width", "sepal_w1dth"),
    ] {
        let changed = text.replacen(before, after, 1);
        assert_ne!(changed, text, "{before}");
        fs::write(&path, changed).unwrap();
        let error = load_error(folder.path());
        assert!(matches!(error, Error::Changed { .. }), "{before}: {error}");
    }
}

/// The network has a batch normalisation, whose statistics are allocated at once.
#[test]
fn a_network_of_more_units_than_the_file_has_numbers_is_never_allocated() {
    for sizes in [
        json!([4_000_000_000_u64]),
        json!([1_u64 << 62, 1_u64 << 62]),
        json!(vec![1; 100_000]),
    ] {
        let error = error_after(|document| {
            document["model"]["network"]["backbone"]["hidden_sizes"] = sizes;
        });
        let message = error.to_string();
        assert!(matches!(error, Error::Weights { .. }), "{message}");
        assert!(message.contains("units, but the file has"), "{message}");
    }
}

#[test]
fn weights_of_half_and_double_precision_are_converted() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = iris();
    let model = saved(folder.path());
    let expected = model.predict(&dataset.table).unwrap();
    let singles = tensors(folder.path());
    let numbers = |bytes: &[u8]| -> Vec<f32> {
        let chunks = bytes.as_chunks::<4>().0.iter();
        chunks.map(|&bytes| f32::from_le_bytes(bytes)).collect()
    };
    for dtype in [Dtype::F64, Dtype::BF16] {
        let converted = singles.iter().map(|(name, _, shape, bytes)| {
            let bytes = numbers(bytes).into_iter().flat_map(|number| {
                if dtype == Dtype::F64 {
                    return f64::from(number).to_le_bytes().to_vec();
                }
                // The upper half of the bits.
                number.to_le_bytes()[2..].to_vec()
            });
            (name.clone(), dtype, shape.clone(), bytes.collect())
        });
        replace_tensors(folder.path(), &converted.collect::<Vec<_>>());

        let loaded = SavedModel::load(folder.path(), &Device::flex()).unwrap();
        let found = loaded.predict(&dataset.table).unwrap();

        let tolerance = if dtype == Dtype::F64 { 0.0 } else { 0.05 };
        for row in 0..150 {
            let probability =
                |predictions: &Predictions| predictions.probability(row, "setosa").unwrap();
            let difference = probability(&found) - probability(&expected);
            assert!(
                difference.abs() <= tolerance,
                "{dtype:?}, row {row}: {difference}"
            );
        }
    }
}

#[test]
fn weights_that_are_not_finite_or_no_numbers_are_rejected_by_name() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());
    let whole = tensors(folder.path());
    for bad in [f32::NAN, f32::INFINITY] {
        let mut tensors = whole.clone();
        let (name, _, _, bytes) = &mut tensors[1];
        bytes[4..8].copy_from_slice(&bad.to_le_bytes());
        let name = name.clone();
        replace_tensors(folder.path(), &tensors);
        let error = load_error(folder.path()).to_string();
        let expected = format!("`{name}` has a number that is not finite, at index 1");
        assert!(error.contains(&expected), "{error}");
    }
    let mut tensors = whole;
    tensors[0].1 = Dtype::I32;
    replace_tensors(folder.path(), &tensors);
    let error = load_error(folder.path()).to_string();
    assert!(error.contains("has numbers of the type I32"), "{error}");
}

#[test]
fn three_faults_of_the_weights_are_named_and_others_counted() {
    let folder = tempfile::tempdir().unwrap();
    saved(folder.path());
    let whole = tensors(folder.path());
    let removed = [
        "output.bias",
        "hidden.0.linear.bias",
        "hidden.0.linear.weight",
    ];
    for (num_removed, rest) in [
        (0, None),
        (1, None),
        (2, Some("and 1 more")),
        (3, Some("and 2 more")),
    ] {
        let mut tensors = whole.clone();
        tensors.retain(|tensor| !removed[..num_removed].contains(&tensor.0.as_str()));
        let renamed = tensors
            .iter_mut()
            .find(|tensor| tensor.0 == "output.weight");
        renamed.unwrap().0 = "other".to_owned();
        replace_tensors(folder.path(), &tensors);
        let error = load_error(folder.path()).to_string();
        let (_, reason) = error.split_once("this network: ").unwrap();
        let mut faults: Vec<&str> = reason.split("; ").collect();
        assert_eq!(faults.pop_if(|fault| fault.ends_with("more")), rest);
        // The renamed tensor is missing, and its new name is not known.
        assert_eq!(faults.len(), (2 + num_removed).min(3), "{reason}");
        let named = faults.iter().filter(|fault| fault.ends_with(" is missing"));
        assert_eq!(named.count(), (1 + num_removed).min(3), "{reason}");
    }
}

#[test]
fn a_newer_format_is_not_called_damaged() {
    let error = error_after(|document| {
        document["format_version"] = json!(7);
        document["model"]["purpose"] = json!("translation");
    });

    assert!(
        error.to_string().ends_with(
            "has format version 7 and was written by a newer program: this one reads versions up \
             to 3, so a newer version of it is needed"
        ),
        "{error}"
    );
}

#[test]
fn a_format_version_that_is_absent_or_invalid_is_an_error() {
    let error = error_after(|document| {
        document.as_object_mut().unwrap().remove("format_version");
    });
    assert!(
        error
            .to_string()
            .ends_with("missing field `format_version`"),
        "{error}"
    );

    for version in [json!(0), json!(-1), json!("3")] {
        let error = error_after(|document| document["format_version"] = version);
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
    }
}

#[test]
fn unknown_fields_are_errors() {
    let error = error_after(|document| document["speed"] = json!(1));
    assert!(matches!(error, Error::Damaged { .. }), "{error}");

    let error = error_after(|document| document["model"]["speed"] = json!(1));
    assert!(
        error.to_string().contains("unknown field `speed`"),
        "{error}"
    );
}

#[test]
fn networks_that_are_invalid_or_do_not_fit_are_errors() {
    let backbone = |document: &mut Value, field: &str, value: Value| {
        document["model"]["network"]["backbone"][field] = value;
    };

    let error = error_after(|document| backbone(document, "hidden_sizes", json!([0])));
    assert!(matches!(error, Error::Network { .. }), "{error}");

    let error = error_after(|document| backbone(document, "d_output", json!(2)));
    assert!(
        error.to_string().ends_with(
            "contradicts itself: the network has 2 outputs of the kind `softmax`, but there are 3 \
             classes"
        ),
        "{error}"
    );

    let error = error_after(|document| {
        backbone(document, "d_input", json!(5));
        document["model"]["network"]["inputs"]["d_numbers"] = json!(5);
    });
    assert!(
        error
            .to_string()
            .ends_with("the preprocessing gives 4 numbers per row, but the network takes 5"),
        "{error}"
    );

    let error = error_after(|document| document["model"]["quantile"] = json!(1.5));
    assert!(
        error
            .to_string()
            .ends_with("`quantile` is 1.5, but must be in (0, 1)"),
        "{error}"
    );

    let error = error_after(|document| document["model"]["output"] = json!("numbers"));
    assert!(
        error
            .to_string()
            .ends_with("the target has classes, but the output is `numbers`"),
        "{error}"
    );
}

#[test]
fn weights_of_another_network_are_errors() {
    // Wider, deeper and without normalization.
    let backbone = |field: &'static str, value: Value| {
        error_after(move |document| document["model"]["network"]["backbone"][field] = value)
    };

    let wider = backbone("hidden_sizes", json!([9]));
    assert!(matches!(wider, Error::Weights { .. }), "{wider}");
    assert!(
        wider.to_string().contains("hidden.0.linear.weight"),
        "{wider}"
    );

    let deeper = backbone("hidden_sizes", json!([8, 8]));
    assert!(
        deeper
            .to_string()
            .contains("`hidden.1.linear.weight` is missing"),
        "{deeper}"
    );

    let bare = backbone("normalization", json!("none"));
    assert!(
        bare.to_string()
            .contains("`hidden.0.normalization.gamma` is not part of the network"),
        "{bare}"
    );
}

#[test]
fn a_member_of_another_ensemble_is_noticed() {
    let dataset = iris();
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    for folder in &folders {
        // Each is initialized with other weights.
        let members = vec![model(&dataset), model(&dataset)];
        let ensemble = SavedModel::ensemble(members).unwrap();
        ensemble.save(folder.path()).unwrap();
        SavedModel::load(folder.path(), &Device::flex()).unwrap();
    }
    let [first, second] = folders
        .each_ref()
        .map(|folder| folder.path().join("member-2"));
    for file in ["model.json", "model.safetensors"] {
        fs::copy(second.join(file), first.join(file)).unwrap();
    }

    let error = load_error(folders[0].path());

    assert!(matches!(error, Error::OtherMembers { .. }), "{error}");
}
