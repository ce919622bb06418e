//! How a network is seen while it learns.

use std::sync::{Arc, Mutex};

use burn::tensor::Device;
use mlp_datasets::{Preprocessor, Split};
use mlp_inference::OutputKind;
use mlp_models::clustering::{Clusterer, ClustererConfig};
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

    /// A training that finds clusters is about to begin.
    fn begin_clustering(&mut self, _training: ObservedClustering) {}

    /// A phase of a training that finds clusters begins. Steps are counted on through all phases, so the network
    /// before the first step of a phase has the same number as that after the last step of the one before,
    /// but may be another one: codes have been grouped in between.
    fn begin_phase(&mut self, _phase: ObservedPhase) {}

    /// What [`network`](Self::network) is for one that finds clusters: the units of a map, or an autoencoder
    /// with its centroids, which mean nothing before its codes are grouped. Asked for by
    /// [`wants_network`](Self::wants_network), too.
    fn clusterer(&mut self, _step: usize, _clusterer: Clusterer) -> Option<Clusterer> {
        None
    }
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

/// A training that finds clusters, and is observed.
#[derive(Clone)]
pub struct ObservedClustering {
    /// What the network is. An autoencoder has as many centroids as are chosen when its codes are grouped; until
    /// then there are two.
    pub config: ClustererConfig,
    /// How rows become its inputs. All rows of the table are learned from.
    pub preprocessor: Preprocessor,
    /// How many epochs all phases have together at most.
    pub num_epochs: usize,
    /// How many steps an epoch has, in each phase.
    pub steps_per_epoch: usize,
    /// Where it is.
    pub device: Device,
}

/// A phase of a training that finds clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservedPhase {
    /// `map`, `pretraining` of an autoencoder, or `clustering` of its codes, which begins anew when a cluster has
    /// become empty.
    pub name: &'static str,
    /// How many epochs it has at most.
    pub num_epochs: usize,
    /// How many epochs were trained in the phases before.
    pub epochs_before: usize,
}

/// An [`Observer`] that several trainings share.
pub(crate) type SharedObserver = Arc<Mutex<dyn Observer>>;
