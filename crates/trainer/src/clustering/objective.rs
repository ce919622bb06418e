use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::module::Module;
use burn::tensor::{ExecutionError, Int, Tensor};
use burn::train::metric::{Adaptor, LossInput};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use mlp_datasets::{Examples, Targets};
use mlp_models::{Clusterer, DeepEmbeddedClustering, neighbour_contrast, target_distribution};

use super::neighbours::Neighbours;
use crate::learning::Gather;

/// Rows whose probabilities are worked out at a time.
const ROWS_AT_A_TIME: usize = 4096;
/// The share of rows that may change their cluster in an epoch for the clusters to be settled (Xie et
/// al. 2016).
const SETTLED: f64 = 0.001;

/// A network that finds groups with what it should learn: what Burn's learner trains.
///
/// The classes of its batches are the places of their rows among all rows.
#[derive(Module, Debug)]
pub struct Trainee {
    /// The network, which alone is saved in the end.
    pub network: Clusterer,
    #[module(skip)]
    objective: Objective,
}

/// What a network that finds groups should learn in a phase.
#[derive(Clone, Debug)]
pub enum Objective {
    /// The energy of a map, whose radius shrinks.
    Map(Radius),
    /// To reconstruct rows and, if neighbours are there, to give like rows like codes.
    Reconstruction(Option<Arc<Neighbours>>),
    /// To come near the target distribution.
    Clustering {
        /// How much the reconstruction counts, 0 or more.
        reconstruction: f64,
        /// How much the clusters count, above 0.
        clustering: f64,
        /// The targets.
        targets: SharedTargets,
    },
}

/// The radius of a map's neighbourhood, which shrinks by a constant factor and then stays.
#[derive(Clone, Debug)]
pub struct Radius {
    first: f64,
    last: f64,
    num_steps: usize,
    done: Arc<AtomicUsize>,
}

impl Radius {
    /// Shrinks from one radius to another within a number of steps, and stays there.
    pub fn new([first, last]: [f64; 2], num_steps: usize) -> Self {
        Self {
            first,
            last,
            num_steps,
            done: Arc::default(),
        }
    }

    fn next(&self) -> f64 {
        let done = self.done.fetch_add(1, Ordering::Relaxed);
        let share = done as f64 / self.num_steps.saturating_sub(1).max(1) as f64;
        self.first * (self.last / self.first).powf(share.min(1.0))
    }
}

/// The target distribution of all rows, renewed at the beginning of each epoch.
///
/// Burn's learner keeps the network to itself while it learns and hands it to a step alone; so it is
/// the first step of an epoch that renews the targets.
#[derive(Clone)]
pub struct SharedTargets(Arc<Mutex<TargetState>>);

struct TargetState {
    /// The inputs of all rows.
    features: Tensor<2>,
    steps_an_epoch: usize,
    steps: usize,
    targets: Option<Tensor<2>>,
    clusters: Vec<i64>,
    settled: bool,
    empty: Vec<usize>,
}

impl std::fmt::Debug for SharedTargets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedTargets")
    }
}

impl SharedTargets {
    /// Targets of rows that are learned in batches of a size.
    pub fn new(features: Tensor<2>, batch_size: usize) -> Self {
        let [num_rows, _] = features.dims();
        Self(Arc::new(Mutex::new(TargetState {
            features: features.without_autodiff(),
            steps_an_epoch: num_rows.div_ceil(batch_size),
            steps: 0,
            targets: None,
            clusters: Vec::new(),
            settled: false,
            empty: Vec::new(),
        })))
    }

    /// Whether there is nothing left to learn, or a cluster has become empty.
    pub fn is_done(&self) -> bool {
        let state = self.state();
        state.settled || !state.empty.is_empty()
    }

    /// The clusters that have no rows any more.
    pub fn empty_clusters(&self) -> Vec<usize> {
        self.state().empty.clone()
    }

    fn state(&self) -> MutexGuard<'_, TargetState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The targets of the given rows.
    fn of(&self, network: &DeepEmbeddedClustering, rows: Tensor<1, Int>) -> Tensor<2> {
        let mut state = self.state();
        if state.steps.is_multiple_of(state.steps_an_epoch) {
            state.renew(&network.valid());
        }
        state.steps += 1;
        let targets = state
            .targets
            .as_ref()
            .expect("they were made in the first step");
        targets.clone().select(0, rows.without_autodiff())
    }
}

impl TargetState {
    fn renew(&mut self, network: &DeepEmbeddedClustering) {
        let [num_rows, _] = self.features.dims();
        let chunks = (0..num_rows).step_by(ROWS_AT_A_TIME).map(|start| {
            let end = num_rows.min(start + ROWS_AT_A_TIME);
            network.probabilities(self.features.clone().narrow(0, start, end - start))
        });
        let probabilities = Tensor::cat(chunks.collect(), 0);
        let [_, num_clusters] = probabilities.dims();
        let nearest = probabilities.clone().argmax(1);
        let clusters: Vec<i64> = nearest.into_data().iter().collect();
        let changed = clusters.iter().zip(&self.clusters).filter(|(a, b)| a != b);
        self.settled =
            !self.clusters.is_empty() && (changed.count() as f64) < SETTLED * num_rows as f64;
        self.empty = (0..)
            .zip(0..num_clusters)
            .filter(|(label, _)| !clusters.contains(label))
            .map(|(_, cluster)| cluster)
            .collect();
        self.clusters = clusters;
        self.targets = Some(target_distribution(probabilities));
    }
}

impl Trainee {
    /// A network with its objective.
    pub fn new(network: Clusterer, objective: Objective) -> Self {
        Self { network, objective }
    }

    fn loss(&self, batch: Examples) -> Tensor<1> {
        let Targets::Classes(rows) = batch.targets else {
            unreachable!("the targets of such batches are places of rows");
        };
        match (&self.network, &self.objective) {
            (Clusterer::SelfOrganisingMap(map), Objective::Map(radius)) => {
                map.energy(batch.features, radius.next())
            }
            (Clusterer::DeepEmbeddedClustering(network), Objective::Reconstruction(neighbours)) => {
                let [num_rows, _] = batch.features.dims();
                let like = neighbours.as_ref().map(|neighbours| neighbours.draw(rows));
                let inputs = [batch.features.clone()].into_iter().chain(like);
                let codes = network.autoencoder.encode(Tensor::cat(inputs.collect(), 0));
                let mut codes = codes.split(num_rows, 0).into_iter();
                let of_rows = codes.next().expect("a batch has rows");
                let error = network.autoencoder.decode(of_rows.clone()) - batch.features;
                let error = error.square().mean();
                match codes.next() {
                    Some(of_neighbours) => error + neighbour_contrast(of_rows, of_neighbours),
                    None => error,
                }
            }
            (
                Clusterer::DeepEmbeddedClustering(network),
                Objective::Clustering {
                    reconstruction,
                    clustering,
                    targets,
                },
            ) => {
                let targets = targets.of(network, rows);
                network.loss(batch.features, targets, *reconstruction, *clustering)
            }
            _ => unreachable!("an objective is made for its network"),
        }
    }
}

impl TrainStep for Trainee {
    type Input = Examples;
    type Output = StepLoss;

    fn step(&self, batch: Examples) -> TrainOutput<StepLoss> {
        let num_rows = batch.len();
        let loss = self.loss(batch);
        let gradients = loss.backward();
        TrainOutput::new(self, gradients, StepLoss::new(loss, num_rows))
    }
}

impl InferenceStep for Trainee {
    type Input = Examples;
    type Output = StepLoss;

    fn step(&self, batch: Examples) -> StepLoss {
        let num_rows = batch.len();
        StepLoss::new(self.loss(batch), num_rows)
    }
}

/// The mean loss of a batch, for each of its rows.
pub struct StepLoss(Tensor<1>);

impl StepLoss {
    /// Burn weights a batch's mean by the length of its tensor.
    fn new(loss: Tensor<1>, num_rows: usize) -> Self {
        Self(loss.without_autodiff().expand([num_rows]))
    }
}

impl Gather for StepLoss {
    fn gather(outputs: Vec<Self>) -> Self {
        Self(Tensor::cat(
            outputs.into_iter().map(|output| output.0).collect(),
            0,
        ))
    }
}

impl ItemLazy for StepLoss {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.0.device().flush()?;
        Ok(self)
    }
}

impl Adaptor<LossInput> for StepLoss {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_radius_shrinks_by_a_constant_factor() {
        let radius = Radius::new([4.0, 1.0], 3);
        let radii = [0, 1, 2, 3].map(|_| radius.next());
        assert_eq!(radii, [4.0, 2.0, 1.0, 1.0]);
    }

    #[test]
    fn an_empty_cluster_ends_the_phase_and_settled_ones_do_too() {
        use burn::module::Param;
        use burn::tensor::{Device, TensorData};
        use mlp_models::{AutoencoderConfig, DeepEmbeddedClusteringConfig};

        let device = Device::flex();
        let rows = Tensor::<2>::from_floats([[0.0], [0.1], [5.0], [5.1]], &device);
        let targets_of = |centroids: [[f32; 1]; 3]| {
            let autoencoder = AutoencoderConfig::new(1, vec![], 1);
            let mut network = DeepEmbeddedClusteringConfig::new(autoencoder, 3).init(&device);
            let one = TensorData::from([[1.0f32]]);
            network.autoencoder.encoder.output.weight = Param::from_data(one, &device);
            network.centroids = Param::from_data(TensorData::from(centroids), &device);
            let targets = SharedTargets::new(rows.clone(), 4);
            let places = || Tensor::from_ints([0, 1, 2, 3], &device);
            targets.of(&network, places());
            let is_done = targets.is_done();
            targets.of(&network, places());
            (targets.empty_clusters(), is_done, targets.is_done())
        };
        assert_eq!(
            targets_of([[0.0], [5.0], [99.0]]),
            (vec![2], true, true),
            "nobody is near 99"
        );
        // In the second epoch no row changes its cluster.
        assert_eq!(targets_of([[0.0], [5.0], [5.15]]), (vec![], false, true));
    }
}
