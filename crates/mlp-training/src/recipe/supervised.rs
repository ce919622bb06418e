use burn::tensor::Device;
use mlp_datasets::{Examples, InputColumn, InputKind, InputSpec};
use mlp_models::{Network, NetworkConfig};

use super::{Describe, Sections, Selection, SupervisedData, SupervisedTraining};
use crate::optimization::ParameterGroup;
use crate::{Error, Model};

/// What a recipe of a network that predicts decides. Everything else is the same for all of them:
/// see [`Training::fit`](crate::Training::fit).
pub trait SupervisedRecipe {
    /// The name of the model.
    fn model(&self) -> Model;

    /// The settings of the network.
    fn settings(&self) -> &dyn erased_serde::Serialize;

    /// How rows become inputs, and how they are split.
    fn data(&self) -> &SupervisedData;

    /// How the network learns.
    fn training(&self) -> &SupervisedTraining;

    /// The same, to be changed.
    fn training_mut(&mut self) -> &mut SupervisedTraining;

    /// The network for inputs as a preprocessor makes them.
    fn network(&self, inputs: &InputSpec, d_output: usize) -> NetworkConfig;

    /// Initializes the network. A sample of the training rows is there for initializations that
    /// depend on the data.
    fn init(&self, network: &NetworkConfig, _sample: &Examples, device: &Device) -> Network {
        network.init(device)
    }

    /// Whether two classes get one output even where the loss takes one for each.
    fn has_one_output_for_two_classes(&self) -> bool {
        false
    }

    /// The parameters that learn otherwise than [`training`](Self::training) says; of several
    /// groups that a parameter belongs to, the last one counts.
    fn parameter_groups(&self) -> Vec<ParameterGroup> {
        Vec::new()
    }

    /// How the best epoch is selected.
    fn selection(&self) -> Selection {
        Selection::of(self.training())
    }

    /// Whether the last batch of an epoch is left out if it is short.
    fn drops_last_batch(&self) -> bool {
        false
    }
}

impl<R: SupervisedRecipe> Describe for R {
    fn model(&self) -> Model {
        SupervisedRecipe::model(self)
    }

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
        // A network for some table, to check the sizes that do not depend on it.
        Ok(self.network(&example_inputs(), 2).check()?)
    }

    fn as_supervised(&self) -> Option<&dyn SupervisedRecipe> {
        Some(self)
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
