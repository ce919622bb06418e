use burn::module::ParamGroup;
use mlp_datasets::{CategoryEncoding, InputKind, InputSpec, Scaling};
use mlp_models::{BackboneConfig, InputsConfig, NetworkConfig, TabMConfig, TabMVariant};
use serde::{Deserialize, Serialize};

use super::require::require;
use super::{
    NetworkInputs, NumericalKind, NumericalSettings, SupervisedData, SupervisedRecipe,
    SupervisedTraining,
};
use crate::{Error, Problem, Schedule};

/// An ensemble of multilayer perceptrons that share almost all weights ([Gorishniy et al.
/// 2024](https://arxiv.org/abs/2410.24210)), behind piecewise-linear embeddings of numbers.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TabMRecipe {
    /// What the members share, by which the model is named.
    #[serde(skip)]
    pub variant: TabMVariant,
    /// The network.
    pub model: TabMSettings,
    /// How it learns.
    pub training: SupervisedTraining,
    /// How rows become inputs.
    pub data: SupervisedData,
}

/// The sizes of a [`TabM`](mlp_models::TabM).
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TabMSettings {
    /// How many members the ensemble has, at least 1.
    pub num_members: usize,
    /// Whether all members learn from the same batches, rather than from batches of their own.
    pub share_batches: bool,
    /// How many hidden layers there are, at least 1.
    pub num_blocks: usize,
    /// How many units each hidden layer has, at least 1.
    pub d_block: usize,
    /// The probability, in `[0, 1)`, that a hidden unit is dropped in a training step.
    pub dropout: f64,
    /// How many numbers an embedded category becomes, at least 1.
    pub d_embedding: usize,
    /// How numbers become vectors.
    pub numerical_embedding: NumericalKind,
    /// The length of the vector of each number, at least 1.
    pub d_numerical: usize,
    /// How many bins of `piecewise_linear` there are at most, at least 1. `None`: 128, or fewer of a small
    /// table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_bins: Option<usize>,
    /// How many frequencies of `periodic` and `pbld` each number has, at least 1.
    pub num_frequencies: usize,
    /// The standard deviation of these frequencies at the start, above 0.
    pub frequency_scale: f64,
}

impl TabMRecipe {
    /// The defaults for a problem: those with which `TabArena` runs the model
    /// ([Erickson et al. 2025](https://arxiv.org/abs/2506.16791)).
    pub fn new(variant: TabMVariant, problem: Problem) -> Self {
        let network = TabMConfig::new(vec![1], 1);
        let data = SupervisedData::new(problem);
        Self {
            variant,
            model: TabMSettings {
                num_members: network.num_members,
                share_batches: false,
                num_blocks: network.num_blocks,
                d_block: network.d_block,
                dropout: network.dropout,
                d_embedding: 8,
                numerical_embedding: NumericalKind::PiecewiseLinear,
                d_numerical: 16,
                num_bins: None,
                num_frequencies: 48,
                frequency_scale: 0.01,
            },
            training: SupervisedTraining {
                learning_rate: 0.002,
                weight_decay: 3e-4,
                schedule: Schedule::Constant,
                // Patience ends the training.
                epochs: 1000,
                patience: Some(16),
                clip_global_norm: Some(1.0),
                batch_size: match problem.num_rows {
                    0..4_000 => 32,
                    4_000..6_000 => 64,
                    6_000..9_000 => 128,
                    9_000..45_000 => 256,
                    _ => 512,
                },
                ..SupervisedTraining::with_adamw(problem)
            },
            data: SupervisedData {
                scaling: if data.scaling == Scaling::Standard {
                    Scaling::Quantile
                } else {
                    data.scaling
                },
                categories: CategoryEncoding::OneHot,
                ..data
            },
        }
    }
}

impl SupervisedRecipe for TabMRecipe {
    fn settings(&self) -> &dyn erased_serde::Serialize {
        &self.model
    }

    fn data(&self) -> &SupervisedData {
        &self.data
    }

    fn training(&self) -> &SupervisedTraining {
        &self.training
    }

    fn training_mut(&mut self) -> &mut SupervisedTraining {
        &mut self.training
    }

    fn network(&self, inputs: NetworkInputs, d_output: usize) -> Result<NetworkConfig, Error> {
        let settings = &self.model;
        let numerical = NumericalSettings {
            kind: settings.numerical_embedding,
            d_numerical: settings.d_numerical,
            num_bins: settings.num_bins,
            num_frequencies: settings.num_frequencies,
            frequency_scale: settings.frequency_scale,
        };
        let spec = inputs.spec;
        let inputs = numerical.inputs(inputs, settings.d_embedding)?;
        let feature_widths = feature_widths(&inputs, spec);
        let tabm = TabMConfig::new(feature_widths, d_output)
            .with_num_members(settings.num_members)
            .with_num_blocks(settings.num_blocks)
            .with_d_block(settings.d_block)
            .with_dropout(settings.dropout)
            .with_variant(self.variant);
        Ok(NetworkConfig {
            inputs,
            backbone: BackboneConfig::TabM(tabm),
        })
    }

    fn check(&self) -> Result<(), Error> {
        let members = self.model.num_members;
        require(members > 0, "num_members", members, "1 or more")
    }

    fn hidden_matrices(&self) -> Option<ParamGroup> {
        Some(ParamGroup::from_predicates(vec!["layers.", "weight"]))
    }

    fn members_have_batches(&self) -> bool {
        !self.model.share_batches
    }
}

/// The width of what each feature becomes, in the order of the backbone's inputs.
fn feature_widths(inputs: &InputsConfig, spec: &InputSpec) -> Vec<usize> {
    let mut widths = Vec::new();
    let is_embedded = |index: usize| {
        let numerical = inputs.numerical.as_ref();
        numerical.is_some_and(|numerical| numerical.columns.binary_search(&index).is_ok())
    };
    if let Some(numerical) = &inputs.numerical {
        let d_embedding = numerical.embedding.d_embedding();
        widths.resize(numerical.columns.len(), d_embedding);
    }
    let mut last_feature = None;
    for (index, column) in spec.numbers.iter().enumerate() {
        if is_embedded(index) {
            continue;
        }
        // The one-hot inputs of a feature have a common scale.
        let feature = (column.kind == InputKind::OneHot).then_some(&column.feature);
        match widths.last_mut() {
            Some(width) if feature.is_some() && feature == last_feature => *width += 1,
            _ => widths.push(1),
        }
        last_feature = feature;
    }
    if let Some(embedding) = &inputs.embedding {
        widths.resize(
            widths.len() + embedding.cardinalities.len(),
            embedding.d_embedding,
        );
    }
    widths
}
