//! Autoencoders whose codes form clusters.

mod centroids;
mod targets;

use std::sync::{Arc, Mutex, PoisonError};

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use mlp_models::clustering::{
    Clusterer, ClustererConfig, DeepEmbeddedClustering, DeepEmbeddedClusteringConfig,
};

use super::neighbours::Neighbours;
use super::objective::{ClusteringObjective, Goal};
use super::phase::{Phase, Trained};
use super::rows::SharedTargets;
use super::training_rows::{TrainedClusterer, TrainingRows};
use crate::Error;
use crate::optimization::Optimizer;
use crate::recipe::{AutoencoderSettings, DeepClusteringRecipe};
use centroids::{rescaled, reseeded, spread, with_centroids, without_empty};
use targets::TargetRenewal;

/// Rows that go through an encoder at a time.
const ROWS_AT_A_TIME: usize = 4096;
/// The share of the first learning rate of an autoencoder that its last step has.
const RATE_KEPT: f64 = 0.01;
/// The learning rate of an autoencoder before there are clusters.
const PRETRAINING_RATE: f64 = 0.001;

impl TrainingRows<'_> {
    /// An autoencoder, whose codes k-means groups. So many epochs at most follow.
    pub fn grouped_codes(
        &self,
        settings: &AutoencoderSettings,
        epochs: usize,
        batch_size: usize,
        epochs_after: usize,
    ) -> Result<TrainedClusterer, Error> {
        let autoencoder = settings.autoencoder(self.width);
        // Its centroids are found later.
        let config = DeepEmbeddedClusteringConfig::new(autoencoder.clone(), 2);
        let network = config.init(&self.session.autodiff());
        self.begin(
            ClustererConfig::DeepEmbeddedClustering(config),
            epochs + epochs_after,
            batch_size,
        );
        let Trained {
            objective,
            epochs,
            seconds,
            interrupted,
        } = self.pretrained(network, settings.neighbours, epochs, batch_size)?;
        let network = deep(objective.network);
        let codes = self.codes(&network)?;
        let d_code = settings.d_code;
        let (k_means, silhouettes) = self.choose(settings.clusters, &codes, d_code)?;
        let num_clusters = k_means.num_clusters;
        let device = self.session.autodiff();
        let spread = spread(&codes, &k_means, d_code);
        let network = with_centroids(network, k_means.centroids, d_code, &device);
        let network = rescaled(network, spread, &device);
        let config = DeepEmbeddedClusteringConfig::new(autoencoder, num_clusters);
        Ok(TrainedClusterer {
            network: Clusterer::DeepEmbeddedClustering(network),
            config: ClustererConfig::DeepEmbeddedClustering(config),
            clusters: (0..num_clusters).collect(),
            epochs,
            seconds,
            silhouettes,
            reseeded: 0,
            interrupted,
        })
    }

    /// The same, whose codes then form clusters.
    pub fn deep_clusters(&self, recipe: &DeepClusteringRecipe) -> Result<TrainedClusterer, Error> {
        let training = &recipe.training;
        let batch_size = training.batch_size;
        let settings = recipe.autoencoder();
        let mut found = self.grouped_codes(
            &settings,
            training.pretraining_epochs,
            batch_size,
            training.epochs,
        )?;
        let mut left = if found.interrupted {
            0
        } else {
            training.epochs
        };
        for round in 1.. {
            if left == 0 {
                break;
            }
            let examples = self.examples()?;
            let targets = SharedTargets::default();
            let renewal = TargetRenewal::new(examples.features.clone(), targets.clone());
            let renewal = Arc::new(Mutex::new(renewal));
            let goal = Goal::Clustering {
                reconstruction: f64::from(u8::from(recipe.keeps_reconstruction)),
                clustering: recipe.model.gamma,
            };
            let phase = Phase {
                name: "clustering",
                round,
                epochs: left,
                epochs_before: found.epochs,
                batch_size,
                optimizer: Optimizer::AdamW,
                learning_rates: [training.learning_rate; 2],
                session: self.session,
            };
            let objective = ClusteringObjective::new(found.network, goal);
            let trained = phase.fit_with(objective, examples, &targets, renewal.clone())?;
            found.network = trained.objective.network;
            found.epochs += trained.epochs;
            found.seconds += trained.seconds;
            found.interrupted = trained.interrupted;
            left = left.saturating_sub(trained.epochs.max(1));
            let renewal = renewal.lock().unwrap_or_else(PoisonError::into_inner);
            let empty = renewal.empty_clusters();
            if found.interrupted || empty.is_empty() {
                break;
            }
            found.reseeded += empty.len();
            let network = deep(found.network);
            let codes = self.codes(&network)?;
            let network = reseeded(network, empty, &codes, &self.session.autodiff())?;
            found.network = Clusterer::DeepEmbeddedClustering(network);
        }
        self.without_empty(found)
    }

    /// The same without clusters that have no rows, which can be left when the last epoch is over.
    fn without_empty(&self, mut found: TrainedClusterer) -> Result<TrainedClusterer, Error> {
        let rows = self.rows_of_prototypes(&found.network, &found.config)?;
        let network = deep(found.network);
        let (network, left) = without_empty(network, &rows, &self.session.autodiff())?;
        if let ClustererConfig::DeepEmbeddedClustering(config) = &mut found.config {
            config.num_clusters = left;
        }
        found.network = Clusterer::DeepEmbeddedClustering(network);
        found.clusters = (0..left).collect();
        Ok(found)
    }

    /// A network that reconstructs rows and gives neighbours similar codes.
    fn pretrained(
        &self,
        network: DeepEmbeddedClustering,
        neighbours: usize,
        epochs: usize,
        batch_size: usize,
    ) -> Result<Trained, Error> {
        let network = Clusterer::DeepEmbeddedClustering(network);
        let neighbours = Neighbours::of(self.examples()?.features, neighbours)?;
        Phase {
            name: "pretraining",
            round: 1,
            epochs,
            epochs_before: 0,
            batch_size,
            optimizer: Optimizer::AdamW,
            learning_rates: [PRETRAINING_RATE, PRETRAINING_RATE * RATE_KEPT],
            session: self.session,
        }
        .fit(
            ClusteringObjective::new(network, Goal::Reconstruction(neighbours)),
            self.examples()?,
        )
    }

    /// The codes of all rows.
    fn codes(&self, network: &DeepEmbeddedClustering) -> Result<Vec<f32>, Error> {
        let network = network.valid();
        let mut codes = Vec::new();
        for rows in self.inputs.chunks(ROWS_AT_A_TIME * self.width) {
            let rows = TensorData::new(rows.to_vec(), [rows.len() / self.width, self.width]);
            let rows = Tensor::from_data(rows, &self.session.device);
            let rows = network.autoencoder.encode(rows).try_into_vec_as::<f32>();
            codes.extend(rows.map_err(Error::learner)?);
        }
        Ok(codes)
    }
}

fn deep(network: Clusterer) -> DeepEmbeddedClustering {
    match network {
        Clusterer::DeepEmbeddedClustering(network) => network,
        Clusterer::SelfOrganisingMap(_) => unreachable!("it had an autoencoder"),
    }
}
