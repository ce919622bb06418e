//! How a network is seen while it learns.

use std::sync::{Arc, Mutex};

use burn::tensor::Device;
use mlp_datasets::{Preprocessor, Split};
use mlp_inference::OutputKind;
use mlp_models::loss::LossConfig;
use mlp_models::{Network, NetworkConfig};

/// Sees a network between the steps of its training, and may change it: a page that shows what each
/// neuron does, a test of gradients, a program that prunes weights.
///
/// All methods are called on the thread that trains, which waits for them: one that waits itself pauses the
/// training. What an observer does not change comes out as without it, bit by bit.
///
/// ```
/// use mlp_models::Network;
/// use mlp_training::Observer;
///
/// /// Counts steps, and looks at the network after each hundredth.
/// #[derive(Default)]
/// struct Counter {
///     num_steps: usize,
/// }
///
/// impl Observer for Counter {
///     fn wants_network(&mut self, step: usize) -> bool {
///         self.num_steps = step;
///         step % 100 == 0
///     }
///
///     fn network(&mut self, _step: usize, network: Network) -> Option<Network> {
///         assert_eq!(network.num_members(), 1);
///         None
///     }
/// }
/// ```
pub trait Observer: Send {
    /// A training is about to begin: of an ensemble, that of each member; of a cross-validation, that of
    /// each fold.
    fn begin(&mut self, _training: ObservedTraining) {}

    /// Whether the network is to be seen after some step, from 1; with 0, before the first one. Asked after
    /// each step; after the last one of an epoch, when the epoch has been validated and reported.
    fn wants_network(&mut self, step: usize) -> bool;

    /// The network after a step, off autodiff. If another one of the same shape is returned, training goes on
    /// with that; its parameters must have the same ids, which [`map`](burn::module::Param::map) keeps.
    fn network(&mut self, step: usize, network: Network) -> Option<Network>;
}

/// A training that is observed.
#[derive(Clone)]
pub struct ObservedTraining {
    /// What the network is.
    pub config: NetworkConfig,
    /// How rows become its inputs, and targets what it is trained on.
    pub preprocessor: Preprocessor,
    /// Which rows train, validate and test.
    pub split: Split,
    /// What its outputs mean.
    pub output: OutputKind,
    /// What it minimises.
    pub loss: LossConfig,
    /// How many parameters it has.
    pub num_parameters: usize,
    /// How many steps an epoch has.
    pub steps_per_epoch: usize,
    /// Where it is.
    pub device: Device,
}

/// An [`Observer`] that several trainings share.
pub(crate) type SharedObserver = Arc<Mutex<dyn Observer>>;
