use burn::tensor::{Tensor, TensorData};
use mlp_datasets::{ExampleTargets, Examples, Preprocessor};
use mlp_models::clustering::{Clusterer, ClustererConfig};

use super::count::{MAX_TRIED, choose, num_distinct};
use super::k_means::KMeans;
use super::occupied::rows_of_prototypes;
use crate::Error;
use crate::learner::Session;
use crate::observer::ObservedClustering;
use crate::recipe::ClusterCount;

/// The rows to be grouped.
pub(super) struct TrainingRows<'a> {
    /// The inputs, row by row.
    pub inputs: &'a [f32],
    pub width: usize,
    /// What made them of the rows of the table.
    pub preprocessor: &'a Preprocessor,
    pub session: &'a Session,
}

/// What a training comes to.
pub(super) struct TrainedClusterer {
    pub network: Clusterer,
    pub config: ClustererConfig,
    /// The cluster of each prototype.
    pub clusters: Vec<usize>,
    pub epochs: usize,
    /// How long it was trained before, in seconds.
    pub seconds: f64,
    pub silhouettes: Vec<(usize, f64)>,
    pub reseeded: usize,
    pub interrupted: bool,
}

impl TrainingRows<'_> {
    /// Checks that there are enough different rows for as many clusters.
    pub fn check(&self, clusters: ClusterCount) -> Result<(), Error> {
        let needed = match clusters {
            ClusterCount::Auto => 2,
            ClusterCount::Exactly(count) => count,
        };
        let distinct = num_distinct(self.inputs, self.width, needed);
        if distinct >= needed {
            return Ok(());
        }
        Err(Error::TooFewDistinctRows {
            rows: self.num_rows(),
            distinct,
            needed,
        })
    }

    /// Tells whoever observes that the training of a network is about to begin.
    pub fn begin(&self, config: ClustererConfig, num_epochs: usize, batch_size: usize) {
        self.session.begin_clustering(|| ObservedClustering {
            config,
            preprocessor: self.preprocessor.clone(),
            num_epochs,
            steps_per_epoch: self.num_rows().div_ceil(batch_size),
            device: self.session.device.clone(),
        });
    }

    /// Groups points into so many clusters, or as many as suit them.
    pub fn choose(
        &self,
        clusters: ClusterCount,
        points: &[f32],
        width: usize,
    ) -> Result<(KMeans, Vec<(usize, f64)>), Error> {
        let most = num_distinct(self.inputs, self.width, MAX_TRIED);
        choose(clusters, points, width, most, self.session.seed)
    }

    /// The number of rows that are nearest to each prototype.
    pub fn rows_of_prototypes(
        &self,
        network: &Clusterer,
        config: &ClustererConfig,
    ) -> Result<Vec<usize>, Error> {
        let num_prototypes = config.num_prototypes();
        let device = &self.session.device;
        rows_of_prototypes(network, self.inputs, self.width, num_prototypes, device)
    }

    /// All rows, each with its index for a class.
    pub fn examples(&self) -> Result<Examples, Error> {
        let device = &self.session.device;
        let num_rows = self.num_rows();
        let features = TensorData::new(self.inputs.to_vec(), [num_rows, self.width]);
        let indices = i64::try_from(num_rows).map_err(Error::learner)?;
        Ok(Examples {
            features: Tensor::from_data(features, device),
            categories: None,
            targets: ExampleTargets::Classes(Tensor::arange(0..indices, device)),
            weights: None,
        })
    }

    fn num_rows(&self) -> usize {
        self.inputs.len() / self.width
    }
}
