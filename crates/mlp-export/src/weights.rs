//! The weights alone, for programs that have the network itself.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use burn::store::{BurnpackStore, ModuleSnapshot, SafetensorsStore};
use mlp_inference::{FORMAT_VERSION, SavedModel, TrainedNetwork};
use mlp_models::Network;
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use serde_json::{Value, json};

use crate::error::Error;
use crate::onnx::write;

/// Writes the weights of a model as [safetensors](https://huggingface.co/docs/safetensors), with what the model is as
/// metadata. The file appears whole or not at all.
///
/// Tensors are called by their path in the network, such as `backbone.hidden.0.linear.weight`; those of the members of an
/// ensemble begin with `member.1.` and so on. The weights of linear layers are `[d_input, d_output]`, so that a layer is
/// `x·W + b`: the transpose of what `PyTorch` has.
///
/// # Errors
///
/// If the weights cannot be collected, or the file cannot be written.
pub fn safetensors(model: &SavedModel, path: impl AsRef<Path>) -> Result<(), Error> {
    let files = match model.trained_network() {
        TrainedNetwork::Clustering { network, .. } => vec![(String::new(), collected(network)?)],
        TrainedNetwork::Prediction { .. } | TrainedNetwork::Ensemble { .. } => {
            let networks = networks(model, "");
            let files = networks.into_iter();
            let files = files.map(|(prefix, network)| Ok((prefix, collected(network)?)));
            files.collect::<Result<_, Error>>()?
        }
    };
    let mut tensors: Vec<(String, TensorView<'_>)> = Vec::new();
    for (prefix, bytes) in &files {
        let of_file = SafeTensors::deserialize(bytes).map_err(weights)?;
        let mut of_file = of_file.tensors();
        of_file.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        tensors.extend(
            of_file
                .into_iter()
                .map(|(name, view)| (format!("{prefix}{name}"), view)),
        );
    }
    let metadata: HashMap<String, String> = metadata(model)
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    let bytes = safetensors::serialize(tensors, Some(metadata)).map_err(weights)?;
    write(path.as_ref(), &in_order(&bytes)?)
}

/// The same safetensors with the header in the order of names, so that a model gives the same bytes each time.
fn in_order(file: &[u8]) -> Result<Vec<u8>, Error> {
    let (length, rest) = file.split_first_chunk().unwrap_or((&[0; 8], &[]));
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (header, data) = rest.split_at_checked(length).unwrap_or_default();
    let header: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_slice(header).map_err(weights)?;
    let mut header = serde_json::to_vec(&header).map_err(weights)?;
    // The data begins at a multiple of eight bytes.
    header.resize(header.len().next_multiple_of(8), b' ');
    let length = header.len() as u64;
    Ok([&length.to_le_bytes(), header.as_slice(), data].concat())
}

/// Writes the weights of a model as burnpack, which `burn::store::BurnpackStore` of another program loads into the
/// [`Network`] or the `Clusterer` that `mlp_models` initializes from the configuration in the metadata. The members of an
/// ensemble are a `Vec<Network>`. The file appears whole or not at all.
///
/// # Errors
///
/// If the weights cannot be collected, or the file cannot be written.
pub fn burnpack(model: &SavedModel, path: impl AsRef<Path>) -> Result<(), Error> {
    let mut store = BurnpackStore::from_bytes(None);
    for (key, value) in metadata(model) {
        store = store.metadata(key, value);
    }
    match model.trained_network() {
        TrainedNetwork::Prediction { network, .. } => network.save_into(&mut store),
        TrainedNetwork::Clustering { network, .. } => network.save_into(&mut store),
        TrainedNetwork::Ensemble { .. } => {
            let members = networks(model, "").into_iter();
            let members: Vec<Network> = members.map(|(_, network)| network.clone()).collect();
            members.save_into(&mut store)
        }
    }
    .map_err(weights)?;
    let bytes = store.get_bytes().map_err(weights)?;
    write(path.as_ref(), &bytes)
}

/// The networks of a model, and what the names of their weights begin with.
fn networks<'a>(model: &'a SavedModel, prefix: &str) -> Vec<(String, &'a Network)> {
    match model.trained_network() {
        TrainedNetwork::Prediction { network, .. } => vec![(prefix.to_owned(), network)],
        TrainedNetwork::Ensemble { members, .. } => {
            let members = members.iter().zip(1..);
            members
                .flat_map(|(member, number)| networks(member, &format!("{prefix}member.{number}.")))
                .collect()
        }
        TrainedNetwork::Clustering { .. } => Vec::new(),
    }
}

/// The weights of a module as safetensors.
fn collected<M: ModuleSnapshot>(module: &M) -> Result<Vec<u8>, Error> {
    let mut store = SafetensorsStore::from_bytes(None).skip_enum_variants(true);
    module.save_into(&mut store).map_err(weights)?;
    store.get_bytes().map_err(weights)
}

/// What the model is: names, classes, versions, and the configuration by which the network is initialized.
fn metadata(model: &SavedModel) -> [(&'static str, String); 7] {
    let description = model.description();
    let members = match model.trained_network() {
        TrainedNetwork::Ensemble { members, .. } => {
            let members = members.iter().map(|member| json!(member.description()));
            members.collect()
        }
        TrainedNetwork::Prediction { .. } | TrainedNetwork::Clustering { .. } => json!([]),
    };
    [
        ("task", model.task().to_string()),
        ("targets", json!(model.target_names()).to_string()),
        (
            "classes",
            json!(model.classes().unwrap_or_default()).to_string(),
        ),
        ("model", json!(description).to_string()),
        ("members", members.to_string()),
        ("model_format_version", FORMAT_VERSION.to_string()),
        ("mlp_export_version", env!("CARGO_PKG_VERSION").to_owned()),
    ]
}

fn weights(error: impl ToString) -> Error {
    Error::Weights {
        reason: error.to_string(),
    }
}
