use burn::tensor::Device;
use mlp_datasets::Examples;
use mlp_models::{Network, NetworkConfig};

use super::{NetworkInputs, Selection, SupervisedData, SupervisedTraining};
use crate::Error;
use crate::optimization::ParameterGroup;

/// What a recipe of a network that predicts decides, implemented by the recipes of this crate. Everything
/// else is the same for all of them:
/// see [`Training::fit`](crate::Training::fit).
pub trait SupervisedRecipe {
    /// The settings of the network.
    fn settings(&self) -> &dyn erased_serde::Serialize;

    /// How rows become inputs, and how they are split.
    fn data(&self) -> &SupervisedData;

    /// How the network learns.
    fn training(&self) -> &SupervisedTraining;

    /// The same, to be changed.
    fn training_mut(&mut self) -> &mut SupervisedTraining;

    /// The network for inputs as a preprocessor makes them.
    ///
    /// # Errors
    ///
    /// If a setting does not suit the training rows, or they cannot be read.
    fn network(&self, inputs: NetworkInputs, d_output: usize) -> Result<NetworkConfig, Error>;

    /// Initializes the network. A sample of the training rows is there for initializations that
    /// depend on the data.
    fn init(&self, network: &NetworkConfig, _sample: &Examples, device: &Device) -> Network {
        network.init(device)
    }

    /// Checks what only this recipe requires.
    ///
    /// # Errors
    ///
    /// Names the setting that it cannot have.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether there is a single layer of neurons. One neuron then tells two classes apart, even if the
    /// loss would take an output for each.
    fn is_single_layer(&self) -> bool {
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

    /// Whether each member of an ensemble learns from batches of its own, rather than from the same rows.
    fn members_have_batches(&self) -> bool {
        false
    }

    /// Whether the last batch of an epoch is left out if it is short.
    fn drops_last_batch(&self) -> bool {
        false
    }
}
