use std::path::Path;

use mlp_datasets::{Preprocessor, TargetEncoding};
use mlp_models::NetworkConfig;
use mlp_models::clustering::ClustererConfig;

use super::description::{Description, ModelDescription};
use crate::error::Error;
use crate::output::OutputKind;

/// Checks that every part of a description is valid, and that they fit each other.
pub fn check(description: &Description, path: &Path) -> Result<(), Error> {
    let network = match &description.model {
        ModelDescription::Prediction { network, .. } => network.check(),
        // Its members have networks, which are checked when they are read.
        ModelDescription::Ensemble { .. } => Ok(()),
        ModelDescription::Clustering { network, .. } => network.check(),
    };
    network.map_err(|source| Error::Network {
        path: path.to_owned(),
        source,
    })?;
    let preprocessor = &description.preprocessor;
    preprocessor.check().map_err(|source| Error::Preprocessor {
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    let contradiction = match &description.model {
        ModelDescription::Prediction {
            network,
            output,
            quantile,
        } => inputs_contradiction(
            preprocessor,
            network.inputs.d_numbers,
            network.cardinalities(),
        )
        .or_else(|| quantile_contradiction(*quantile))
        .or_else(|| outputs_contradiction(preprocessor, network, *output)),
        ModelDescription::Ensemble { members, weights } => {
            ensemble_contradiction(*members, weights)
        }
        ModelDescription::Clustering { network, clusters } => {
            inputs_contradiction(preprocessor, network.d_input(), &[])
                .or_else(|| clusters_contradiction(network, clusters))
        }
    };
    match contradiction {
        None => Ok(()),
        Some(reason) => Err(Error::Contradiction {
            path: path.to_owned(),
            reason,
        }),
    }
}

/// The weights are finite, as JSON has no other numbers.
fn ensemble_contradiction(members: usize, weights: &[f64]) -> Option<String> {
    /// How far the sum of weights that were written as decimal numbers may be from 1.
    const TOLERANCE: f64 = 1e-9;
    if members == 0 {
        return Some("an ensemble has no members".to_owned());
    }
    if weights.is_empty() {
        return None;
    }
    if weights.len() != members {
        let given = weights.len();
        return Some(format!(
            "an ensemble has {members} members, but weights of {given}"
        ));
    }
    if let Some(weight) = weights.iter().find(|&&weight| weight < 0.0) {
        return Some(format!(
            "the weight of a member is {weight}, but must be 0 or more"
        ));
    }
    let sum: f64 = weights.iter().sum();
    ((sum - 1.0).abs() > TOLERANCE)
        .then(|| format!("the weights of the members have the sum {sum}, but must have 1"))
}

fn inputs_contradiction(
    preprocessor: &Preprocessor,
    d_numbers: usize,
    cardinalities: &[usize],
) -> Option<String> {
    let width = preprocessor.width();
    if width != d_numbers {
        return Some(format!(
            "the preprocessing gives {width} numbers per row, but the network takes {d_numbers}"
        ));
    }
    let found = preprocessor.cardinalities();
    (found != cardinalities).then(|| {
        format!(
            "the preprocessing gives categories with cardinalities {found:?}, but the network takes \
             {cardinalities:?}"
        )
    })
}

fn quantile_contradiction(quantile: f64) -> Option<String> {
    let is_valid = quantile > 0.0 && quantile < 1.0;
    (!is_valid).then(|| format!("`quantile` is {quantile}, but must be in (0, 1)"))
}

fn outputs_contradiction(
    preprocessor: &Preprocessor,
    network: &NetworkConfig,
    output: OutputKind,
) -> Option<String> {
    let d_output = network.d_output();
    match (&preprocessor.target, output) {
        (TargetEncoding::Numbers { outputs }, OutputKind::Numbers) => {
            let num_targets = outputs.len();
            (num_targets != d_output).then(|| {
                format!("the network has {d_output} outputs, but there are {num_targets} targets")
            })
        }
        (
            TargetEncoding::Classes { classes, .. },
            OutputKind::Softmax | OutputKind::Sigmoid | OutputKind::Scores,
        ) => {
            let num_classes = classes.len();
            // A softmax over one class would always be 1.
            let single = num_classes == 2 && d_output == 1 && output != OutputKind::Softmax;
            (num_classes != d_output && !single).then(|| {
                format!(
                    "the network has {d_output} outputs of the kind `{output}`, but there are \
                     {num_classes} classes"
                )
            })
        }
        (
            TargetEncoding::Numbers { .. },
            OutputKind::Softmax | OutputKind::Sigmoid | OutputKind::Scores,
        ) => Some(format!(
            "the target is a number, but the output is `{output}`"
        )),
        (TargetEncoding::Classes { .. }, OutputKind::Numbers) => Some(format!(
            "the target has classes, but the output is `{output}`"
        )),
        (TargetEncoding::Nothing, _) => Some("a model that predicts has no target".to_owned()),
    }
}

fn clusters_contradiction(network: &ClustererConfig, clusters: &[usize]) -> Option<String> {
    let num_prototypes = network.num_prototypes();
    if clusters.len() != num_prototypes {
        return Some(format!(
            "the network has {num_prototypes} prototypes, but there are clusters for {}",
            clusters.len()
        ));
    }
    let invalid = clusters.iter().find(|&&cluster| cluster >= num_prototypes);
    invalid.map(|cluster| {
        format!("a prototype is in cluster {cluster}, but there are {num_prototypes} prototypes")
    })
}
