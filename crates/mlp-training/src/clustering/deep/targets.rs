use burn::module::Module;
use burn::tensor::Tensor;
use mlp_models::clustering::{Clusterer, DeepEmbeddedClustering, target_distribution};

use crate::Error;
use crate::clustering::objective::ClusteringObjective;
use crate::clustering::rows::SharedTargets;
use crate::learner::{Epochs, Memory, remembered};

/// Rows whose probabilities are computed at a time.
const ROWS_AT_A_TIME: usize = 4096;
/// The share of rows that may change their cluster in an epoch for the clusters to be settled (Xie et
/// al. 2016).
const SETTLED: f64 = 0.001;

/// Renews the target distribution of all rows at the beginning of each epoch, until hardly any row
/// changes its cluster.
pub struct TargetRenewal {
    /// The inputs of all rows.
    features: Tensor<2>,
    /// Where batches find their targets.
    targets: SharedTargets,
    clusters: Vec<i64>,
    settled: bool,
    empty: Vec<usize>,
}

impl TargetRenewal {
    /// For rows with these inputs.
    pub fn new(features: Tensor<2>, targets: SharedTargets) -> Self {
        Self {
            features: features.without_autodiff(),
            targets,
            clusters: Vec::new(),
            settled: false,
            empty: Vec::new(),
        }
    }

    /// Whether there is nothing left to learn, or a cluster has become empty.
    pub fn is_done(&self) -> bool {
        self.settled || !self.empty.is_empty()
    }

    /// The clusters that have no rows any more.
    pub fn empty_clusters(&self) -> &[usize] {
        &self.empty
    }

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
        self.targets.set(target_distribution(probabilities));
    }
}

impl Epochs<ClusteringObjective> for TargetRenewal {
    fn begin(&mut self, objective: &ClusteringObjective) {
        match &objective.network {
            Clusterer::DeepEmbeddedClustering(network) => self.renew(&network.valid()),
            Clusterer::SelfOrganisingMap(_) => unreachable!("a map has no target distribution"),
        }
    }

    fn end(&mut self, _epoch: usize, _objective: ClusteringObjective) -> bool {
        !self.is_done()
    }

    fn memory(&self) -> Result<Option<Memory>, Error> {
        let values = (&self.clusters, self.settled, &self.empty);
        Ok(Some(Memory {
            values: serde_json::to_value(values).map_err(Error::learner)?,
            best: None,
        }))
    }

    fn restore(&mut self, memory: Memory, _objective: &ClusteringObjective) -> Result<(), Error> {
        (self.clusters, self.settled, self.empty) = remembered(memory.values)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Param;
    use burn::tensor::{Device, TensorData};
    use mlp_models::clustering::{AutoencoderConfig, DeepEmbeddedClusteringConfig};

    #[test]
    fn an_empty_cluster_ends_the_phase_and_settled_ones_do_too() {
        let device = Device::flex();
        let rows = Tensor::<2>::from_floats([[0.0], [0.1], [5.0], [5.1]], &device);
        let renew_twice = |centroids: [[f32; 1]; 3]| {
            let autoencoder = AutoencoderConfig::new(1, vec![], 1);
            let mut network = DeepEmbeddedClusteringConfig::new(autoencoder, 3).init(&device);
            let one = TensorData::from([[1.0f32]]);
            network.autoencoder.encoder.output.weight = Param::from_data(one, &device);
            network.centroids = Param::from_data(TensorData::from(centroids), &device);
            let mut renewal = TargetRenewal::new(rows.clone(), SharedTargets::default());
            renewal.renew(&network);
            let is_done = renewal.is_done();
            renewal.renew(&network);
            (renewal.empty.clone(), is_done, renewal.is_done())
        };
        assert_eq!(
            renew_twice([[0.0], [5.0], [99.0]]),
            (vec![2], true, true),
            "no row is near 99"
        );
        // In the second epoch no row changes its cluster.
        assert_eq!(renew_twice([[0.0], [5.0], [5.15]]), (vec![], false, true));
    }
}
