//! Every recipe, exported and compared with the model that it is made from.

mod models;

use mlp_datasets::{CategoryEncoding, Scaling, Task};
use mlp_export::{Error, Onnx};
use mlp_inference::SavedModel;
use mlp_models::NormalizationKind;
use mlp_models::activation::ActivationConfig;
use mlp_training::Model;
use models::{dates, fruits, houses, train};
use serde_json::Value;
use strum::VariantArray;

/// Probabilities and relative numbers of a graph may differ by so much from those of its model.
const TOLERANCE: f64 = 1e-5;

fn assert_same(model: &SavedModel, what: &str) {
    for onnx in [Onnx::of(model).unwrap(), Onnx::numeric(model).unwrap()] {
        let difference = onnx.compare(model).unwrap();
        assert!(difference.rows > 100, "{what}: {difference:?}");
        assert!(difference.largest() < TOLERANCE, "{what}: {difference:?}");
        assert_eq!(difference.other_classes, 0, "{what}: {difference:?}");
        let is_numbers = model.task() == Task::Regression;
        assert_eq!(difference.numbers.is_some(), is_numbers, "{what}");
    }
}

#[test]
fn every_model_of_classes_is_the_same_as_a_graph() {
    for &model in Model::VARIANTS {
        if model.is_clustering() {
            continue;
        }
        let trained = train(model, &fruits(), &[]);
        assert_same(&trained, model.into());
    }
}

#[test]
fn models_of_numbers_are_the_same_as_a_graph() {
    for model in [Model::Mlp, Model::ResNet, Model::TabMMini, Model::Ensemble] {
        let trained = train(model, &houses(), &[]);
        assert_same(&trained, model.into());
    }
}

#[test]
fn derived_features_are_part_of_the_graph() {
    let derive = ["weight^2", "sin(weight)", "cos(weight)", "weight*weight"];
    for &scaling in Scaling::VARIANTS {
        let setting = [
            ("data.derive", Value::from(&derive[..])),
            ("data.only_derived", Value::from(&["weight"][..])),
            ("data.scaling", Value::from(scaling.name())),
        ];
        let trained = train(Model::Mlp, &fruits(), &setting);
        let onnx = Onnx::of(&trained).unwrap();
        let inputs: Vec<_> = onnx.inputs().iter().map(|input| &input.column).collect();
        assert_eq!(inputs, ["colour", "weight"]);
        assert_same(&trained, scaling.name());
    }
}

#[test]
fn every_scaling_and_encoding_is_part_of_the_graph() {
    for &scaling in Scaling::VARIANTS {
        let setting = [("data.scaling", Value::from(scaling.name()))];
        assert_same(&train(Model::Mlp, &fruits(), &setting), scaling.name());
        assert_same(&train(Model::Mlp, &dates(), &setting), scaling.name());
    }
    for &encoding in CategoryEncoding::VARIANTS {
        let setting = [("data.categories", Value::from(encoding.to_string()))];
        assert_same(&train(Model::Mlp, &houses(), &setting), "an encoding");
        assert_same(&train(Model::Mlp, &fruits(), &setting), "an encoding");
    }
}

#[test]
fn every_activation_and_normalisation_is_part_of_the_graph() {
    for activation in ActivationConfig::VARIANTS {
        let setting = [("model.activation", vec![activation.to_string()].into())];
        assert_same(
            &train(Model::Mlp, &fruits(), &setting),
            (*activation).into(),
        );
    }
    for &normalization in NormalizationKind::VARIANTS {
        let setting = [("model.normalization", normalization.to_string().into())];
        assert_same(
            &train(Model::Mlp, &fruits(), &setting),
            normalization.into(),
        );
    }
}

#[test]
fn losses_give_outputs_their_meaning_in_the_graph() {
    for (dataset, loss) in [
        (fruits(), "binary_cross_entropy"),
        (fruits(), "mean_squared_error"),
        (dates(), "binary_cross_entropy"),
        (houses(), "pinball"),
    ] {
        for model in [Model::Mlp, Model::TabMPacked] {
            let setting = [("training.loss", Value::from(loss))];
            assert_same(&train(model, &dataset, &setting), loss);
        }
    }
}

#[test]
fn a_clustering_has_no_graph_and_the_error_says_what_works() {
    for (model, what) in [
        (
            Model::Som,
            "a self-organising map cannot be written as ONNX",
        ),
        (
            Model::Idec,
            "a deep embedded clustering cannot be written as ONNX",
        ),
    ] {
        let trained = train(model, &fruits(), &[]);
        let error = Onnx::of(&trained).unwrap_err();
        assert_eq!(error.to_string(), what);
        assert!(
            matches!(error, Error::Unsupported { instead, .. } if instead.contains("safetensors"))
        );
    }
}

#[test]
fn a_numeric_graph_has_the_codes_of_texts() {
    let model = train(Model::Mlp, &fruits(), &[]);
    let onnx = Onnx::numeric(&model).unwrap();
    let tables = onnx.tables().unwrap();
    assert_eq!(tables.classes, ["apple", "banana", "cherry"]);
    let codes = ["a text", "", "red", "yellow"].map(|text| tables.code("colour", text));
    assert_eq!(codes, [0, 1, 2, 3]);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fruits.onnx");
    onnx.write(&path).unwrap();
    let tables = std::fs::read_to_string(folder.path().join("fruits.onnx.json")).unwrap();
    let tables: Value = serde_json::from_str(&tables).unwrap();
    assert_eq!(tables["inputs"][0]["codes"]["yellow"], 3);
    assert_eq!(std::fs::read(path).unwrap(), onnx.to_bytes());
}
