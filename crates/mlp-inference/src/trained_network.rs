use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::Device;
use mlp_models::clustering::{Clusterer, ClustererConfig};
use mlp_models::{Network, NetworkConfig};

use crate::error::Error;
use crate::format::{Description, ModelDescription};
use crate::network_layer::NetworkLayer;
use crate::output::OutputKind;
use crate::purpose::Purpose;
use crate::saved_model::SavedModel;
use crate::weights::{self, Weights};

/// A trained network, its configuration and what its outputs mean.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // A program has few of them.
pub enum TrainedNetwork {
    /// A network that predicts classes or numbers.
    Prediction {
        /// The network.
        network: Network,
        /// The configuration that it was initialized with.
        config: NetworkConfig,
        /// What its outputs mean.
        output: OutputKind,
        /// The quantile, in (0, 1), that predicted numbers estimate; 0.5 for losses other than the
        /// pinball loss.
        quantile: f64,
    },
    /// Several models whose predictions are averaged.
    Ensemble {
        /// The models, at least one.
        members: Vec<SavedModel>,
        /// How much each of them counts in the mean: 0 or more, with the sum 1.
        weights: Vec<f64>,
    },
    /// A network that finds clusters.
    Clustering {
        /// The network.
        network: Clusterer,
        /// The configuration that it was initialized with.
        config: ClustererConfig,
        /// The cluster of each prototype: of each unit of a map, or of each centroid.
        clusters: Vec<usize>,
    },
}

impl TrainedNetwork {
    /// What the network is for.
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::Prediction { .. } | Self::Ensemble { .. } => Purpose::Prediction,
            Self::Clustering { .. } => Purpose::Clustering,
        }
    }

    /// The layers of the network with their tensors, named as in the files of weights; for an ensemble those of
    /// all members, one after another.
    pub fn layers(&self) -> Vec<NetworkLayer> {
        match self {
            Self::Prediction { network, .. } if network.is_bare() => {
                NetworkLayer::all(&network.backbone)
            }
            Self::Prediction { network, .. } => NetworkLayer::all(network),
            Self::Clustering { network, .. } => NetworkLayer::all(network),
            Self::Ensemble { members, .. } => {
                let of_member = |(number, member): (usize, &SavedModel)| {
                    let layers = member.trained_network().layers().into_iter();
                    layers.map(move |layer| NetworkLayer {
                        path: format!("member-{number}.{}", layer.path)
                            .trim_end_matches('.')
                            .to_owned(),
                        ..layer
                    })
                };
                (1..).zip(members).flat_map(of_member).collect()
            }
        }
    }

    /// Moves the network to a device, off autodiff.
    pub(crate) fn move_to(self, device: &Device) -> Self {
        match self {
            Self::Prediction {
                network,
                config,
                output,
                quantile,
            } => Self::Prediction {
                network: network.to_device(device),
                config,
                output,
                quantile,
            },
            Self::Ensemble { members, weights } => Self::Ensemble {
                members: members
                    .into_iter()
                    .map(|member| member.moved_to(device))
                    .collect(),
                weights,
            },
            Self::Clustering {
                network,
                config,
                clusters,
            } => Self::Clustering {
                network: network.to_device(device),
                config,
                clusters,
            },
        }
    }

    pub(crate) fn describe(&self) -> ModelDescription {
        match self {
            Self::Prediction {
                config,
                output,
                quantile,
                ..
            } => ModelDescription::Prediction {
                network: config.clone(),
                output: *output,
                quantile: *quantile,
            },
            Self::Ensemble { members, weights } => ModelDescription::Ensemble {
                members: members.len(),
                weights: weights.clone(),
            },
            Self::Clustering {
                config, clusters, ..
            } => ModelDescription::Clustering {
                network: config.clone(),
                clusters: clusters.clone(),
            },
        }
    }

    pub(crate) fn save_weights(&self, folder: &Path) -> Result<Option<String>, Error> {
        match self {
            // Another program can load a bare backbone into its own module.
            Self::Prediction { network, .. } if network.is_bare() => {
                weights::save(&network.backbone, folder).map(Some)
            }
            Self::Prediction { network, .. } => weights::save(network, folder).map(Some),
            Self::Ensemble { members, .. } => {
                for (member, number) in members.iter().zip(1..) {
                    member.save(member_folder(folder, number))?;
                }
                digest_of_members(folder, members.len()).map(Some)
            }
            Self::Clustering { network, .. } => weights::save(network, folder).map(Some),
        }
    }

    /// Initializes the described network on a device, with the weights of a folder.
    pub(crate) fn load(
        description: ModelDescription,
        folder: &Path,
        weights_sha256: Option<&str>,
        device: &Device,
    ) -> Result<Self, Error> {
        match description {
            ModelDescription::Prediction {
                network: config,
                output,
                quantile,
            } => {
                let weights = Weights::read(folder, weights_sha256, config.backbone.num_units())?;
                let mut network = config.init(device);
                if network.is_bare() {
                    weights.load_into(&mut network.backbone)?;
                } else {
                    weights.load_into(&mut network)?;
                }
                Ok(Self::Prediction {
                    network,
                    config,
                    output,
                    quantile,
                })
            }
            ModelDescription::Ensemble { members, weights } => {
                if let Some(expected) = weights_sha256
                    && digest_of_members(folder, members)? != *expected
                {
                    return Err(Error::OtherMembers {
                        folder: folder.to_owned(),
                    });
                }
                let load = |number| SavedModel::load(member_folder(folder, number), device);
                Ok(Self::Ensemble {
                    members: (1..=members).map(load).collect::<Result<_, _>>()?,
                    weights: if weights.is_empty() {
                        equal_weights(members)
                    } else {
                        weights
                    },
                })
            }
            ModelDescription::Clustering {
                network: config,
                clusters,
            } => {
                let weights = Weights::read(folder, weights_sha256, config.num_units())?;
                let mut network = config.init(device);
                weights.load_into(&mut network)?;
                Ok(Self::Clustering {
                    network,
                    config,
                    clusters,
                })
            }
        }
    }
}

/// The weights of models that all count alike.
pub fn equal_weights(num_models: usize) -> Vec<f64> {
    vec![1.0 / num_models as f64; num_models]
}

/// A digest of the weights of all members of an ensemble, so that none can be that of another one.
fn digest_of_members(folder: &Path, num_members: usize) -> Result<String, Error> {
    let mut digests = String::new();
    for number in 1..=num_members {
        let member = Description::load(member_folder(folder, number))?;
        digests.push_str(&member.weights_sha256.unwrap_or_default());
    }
    Ok(mlp_datasets::sha256(digests.as_bytes()))
}

/// The folder of a member of an ensemble, from 1.
fn member_folder(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("member-{number}"))
}
