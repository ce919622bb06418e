use burn::module::Module;
use burn::tensor::{ExecutionError, Tensor};
use burn::train::metric::{Adaptor, LossInput};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use mlp_models::clustering::{Clusterer, neighbour_contrast};

use super::neighbours::Neighbours;
use super::rows::RowBatch;
use crate::learner::{Clock, Gather};

/// A network that finds clusters with what it minimises: what Burn's learner trains.
#[derive(Module, Debug)]
pub struct ClusteringObjective {
    /// The network, which alone is saved in the end.
    pub network: Clusterer,
    #[module(skip)]
    pub(super) goal: Goal,
}

/// What a network that finds clusters minimises in a phase.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // There is one for each phase.
pub enum Goal {
    /// The energy of a map, whose radius shrinks.
    Map(Radius),
    /// The error of reconstruction and, if there are neighbours, how hard it is to tell which codes
    /// are those of neighbours.
    Reconstruction(Option<Neighbours>),
    /// The distance from the target distribution.
    Clustering {
        /// How much the reconstruction counts, 0 or more.
        reconstruction: f64,
        /// How much the clusters count, above 0.
        clustering: f64,
    },
}

/// The radius of a map's neighbourhood, which shrinks by a constant factor and then stays.
#[derive(Clone, Copy, Debug)]
pub struct Radius {
    /// That of the first step.
    pub first: f64,
    /// That in which it ends.
    pub last: f64,
}

impl Radius {
    /// The radius at a time: it shrinks in the first half of the steps.
    fn at(self, clock: Clock) -> f64 {
        let shrinking = clock.num_steps / 2;
        let share = clock.step as f64 / shrinking.saturating_sub(1).max(1) as f64;
        self.first * (self.last / self.first).powf(share.min(1.0))
    }
}

impl ClusteringObjective {
    /// A network with its goal.
    pub fn new(network: Clusterer, goal: Goal) -> Self {
        Self { network, goal }
    }

    fn loss(&self, batch: RowBatch) -> Tensor<1> {
        match (&self.network, &self.goal) {
            (Clusterer::SelfOrganisingMap(map), Goal::Map(radius)) => {
                map.energy(batch.features, radius.at(batch.clock))
            }
            (Clusterer::DeepEmbeddedClustering(network), Goal::Reconstruction(neighbours)) => {
                let [num_rows, _] = batch.features.dims();
                let near = neighbours
                    .as_ref()
                    .map(|neighbours| neighbours.draw(batch.rows));
                let inputs = [batch.features.clone()].into_iter().chain(near);
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
                Goal::Clustering {
                    reconstruction,
                    clustering,
                },
            ) => {
                let targets = batch.targets.expect("the phase sets targets");
                network.loss(batch.features, targets, *reconstruction, *clustering)
            }
            (
                Clusterer::SelfOrganisingMap(_),
                Goal::Reconstruction(_) | Goal::Clustering { .. },
            )
            | (Clusterer::DeepEmbeddedClustering(_), Goal::Map(_)) => {
                unreachable!("a goal is made for its network")
            }
        }
    }
}

impl TrainStep for ClusteringObjective {
    type Input = RowBatch;
    type Output = StepLoss;

    fn step(&self, batch: RowBatch) -> TrainOutput<StepLoss> {
        let [num_rows, _] = batch.features.dims();
        let loss = self.loss(batch);
        let gradients = loss.backward();
        TrainOutput::new(self, gradients, StepLoss::new(loss, num_rows))
    }
}

impl InferenceStep for ClusteringObjective {
    type Input = RowBatch;
    type Output = StepLoss;

    fn step(&self, batch: RowBatch) -> StepLoss {
        let [num_rows, _] = batch.features.dims();
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

    fn losses(&self) -> Tensor<1> {
        self.0.clone()
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
    fn the_radius_shrinks_by_a_constant_factor_for_half_of_the_steps() {
        let radius = Radius {
            first: 4.0,
            last: 1.0,
        };
        let at = |step| radius.at(Clock { step, num_steps: 6 });
        assert_eq!([0, 1, 2, 3, 5].map(at), [4.0, 2.0, 1.0, 1.0, 1.0]);
    }
}
