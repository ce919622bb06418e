use mlp_datasets::{InputColumn, InputKind, InputSpec};

use super::require::require;
use super::supervised::SupervisedRecipe;
use super::{AutoencoderRecipe, DeepClusteringRecipe, EnsembleRecipe, MapRecipe, NetworkInputs};
use crate::{Error, Optimizer};

/// The settings of a recipe, section by section, to be written down.
pub struct Sections<'a> {
    /// What the network is.
    pub model: &'a dyn erased_serde::Serialize,
    /// How it learns.
    pub training: &'a dyn erased_serde::Serialize,
    /// How rows become inputs.
    pub data: &'a dyn erased_serde::Serialize,
}

/// What every recipe can tell of itself.
pub(super) trait Describe {
    /// All of its settings.
    fn sections(&self) -> Sections<'_>;

    /// Checks that every setting is in its range.
    fn check(&self) -> Result<(), Error>;

    /// How it is trained.
    fn method(&self) -> Method<'_>;
}

/// How a recipe is trained.
pub(crate) enum Method<'a> {
    /// To predict.
    Supervised(&'a dyn SupervisedRecipe),
    /// To predict, as the mean of several networks.
    Ensemble(&'a EnsembleRecipe),
    /// As a self-organising map.
    Map(&'a MapRecipe),
    /// As an autoencoder, whose codes are grouped.
    Autoencoder(&'a AutoencoderRecipe),
    /// As an autoencoder, whose codes form clusters.
    DeepClustering(&'a DeepClusteringRecipe),
}

impl<R: SupervisedRecipe> Describe for R {
    fn sections(&self) -> Sections<'_> {
        Sections {
            model: self.settings(),
            training: self.training(),
            data: self.data(),
        }
    }

    fn check(&self) -> Result<(), Error> {
        self.training().check()?;
        self.data().check()?;
        SupervisedRecipe::check(self)?;
        let optimizer = self.training().optimizer;
        require(
            optimizer != Optimizer::Muon || self.hidden_matrices().is_some(),
            "optimizer",
            optimizer,
            "another one for a network without hidden layers, whose matrices it is for",
        )?;
        // A network for some table, to check the sizes that do not depend on it.
        let inputs = NetworkInputs {
            spec: &example_inputs(),
            rows: None,
        };
        Ok(self.network(inputs, 2)?.check()?)
    }

    fn method(&self) -> Method<'_> {
        Method::Supervised(self)
    }
}

/// The inputs of some table: a number, and a category.
fn example_inputs() -> InputSpec {
    let number = InputColumn {
        feature: String::new(),
        name: String::new(),
        kind: InputKind::Numeric,
    };
    InputSpec {
        numbers: vec![number],
        cardinalities: vec![3],
    }
}
