//! Weights as other programs read them.

mod models;

use burn::store::{BurnpackStore, ModuleSnapshot};
use burn::tensor::Device;
use mlp_export::{burnpack, safetensors};
use mlp_inference::{SavedModel, TrainedNetwork};
use mlp_models::{Backbone, Network};
use mlp_training::Model;
use models::{fruits, train};
use safetensors_file::SafeTensors;

/// The library, whose name is that of the function too.
mod safetensors_file {
    pub use ::safetensors::SafeTensors;
}

fn network(model: &SavedModel) -> (&Network, &mlp_models::NetworkConfig) {
    match model.trained_network() {
        TrainedNetwork::Prediction {
            network, config, ..
        } => (network, config),
        TrainedNetwork::Ensemble { .. } | TrainedNetwork::Clustering { .. } => {
            panic!("it is one network")
        }
    }
}

fn output_weights(network: &Network) -> Vec<f32> {
    let Backbone::Mlp(mlp) = &network.backbone else {
        panic!("it is a multilayer perceptron");
    };
    mlp.output.weight.val().try_into_vec_as().unwrap()
}

#[test]
fn another_program_that_uses_burn_loads_a_burnpack() {
    let model = train(Model::Mlp, &fruits(), &[]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fruits.bpk");
    burnpack(&model, &path).unwrap();

    let (trained, config) = network(&model);
    let mut loaded = config.init(&Device::flex());
    assert_ne!(output_weights(&loaded), output_weights(trained));
    loaded
        .load_from(&mut BurnpackStore::from_file(&path))
        .unwrap();
    assert_eq!(output_weights(&loaded), output_weights(trained));
}

#[test]
fn weights_have_clear_names_and_the_file_says_what_the_model_is() {
    let model = train(Model::Mlp, &fruits(), &[]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fruits.safetensors");
    safetensors(&model, &path).unwrap();

    let bytes = std::fs::read(&path).unwrap();
    safetensors(&model, &path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let weight = tensors.tensor("backbone.output.weight").unwrap();
    let numbers = weight.data().as_chunks::<4>().0.iter();
    let numbers: Vec<f32> = numbers.map(|&bytes| f32::from_le_bytes(bytes)).collect();
    assert_eq!(numbers, output_weights(network(&model).0));
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let metadata = header.metadata().as_ref().unwrap();
    assert_eq!(metadata["classes"], r#"["apple","banana","cherry"]"#);
    assert!(metadata["model"].contains("\"network\""));
}

#[test]
fn the_weights_of_members_and_of_clusterings_are_written_too() {
    let folder = tempfile::tempdir().unwrap();
    for (model, name) in [
        (Model::Ensemble, "member.1."),
        (Model::Som, "weight"),
        (Model::Idec, "centroids"),
    ] {
        let model = train(model, &fruits(), &[]);
        let path = folder.path().join("model.safetensors");
        safetensors(&model, &path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let names = tensors.names();
        assert!(
            names.iter().any(|found| found.starts_with(name)),
            "{names:?}"
        );
        burnpack(&model, folder.path().join("model.bpk")).unwrap();
    }
}
