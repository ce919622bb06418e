//! Networks that find clusters.

mod centroids;
mod count;
mod k_means;
mod neighbours;
mod objective;
mod occupied;
mod phase;
mod principal;
mod rows;
mod targets;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use mlp_datasets::{Dataset, ExampleTargets, Examples, Preprocessor, Target};
use mlp_inference::{ClusterMetrics, SavedModel, TrainedNetwork};
use mlp_models::clustering::{
    Clusterer, ClustererConfig, DeepEmbeddedClustering, DeepEmbeddedClusteringConfig,
};

pub use principal::PrincipalPlane;

use crate::Error;
use crate::fitted::{Clustering, Ending, Fitted, Outcome};
use crate::learner::Session;
use crate::optimization::Optimizer;
use crate::recipe::Model;
use crate::recipe::{
    AutoencoderRecipe, AutoencoderSettings, ClusterCount, ClusteringData, DeepClusteringRecipe,
    MapRecipe,
};
use centroids::{rescaled, reseeded, spread, with_centroids};
use count::{MAX_TRIED, choose, num_distinct};
use k_means::KMeans;
use neighbours::Neighbours;
use objective::{ClusteringObjective, Goal, Radius};
use occupied::{nearest_centroids, occupied_points, renumbered, rows_of_prototypes, without_empty};
use phase::{Phase, Trained};
use rows::SharedTargets;
use targets::TargetRenewal;

/// Rows that go through an encoder at a time.
const ROWS_AT_A_TIME: usize = 4096;
/// The share of the first learning rate of a map that its last step has.
const MAP_RATE_KEPT: f64 = 0.1;
/// The share of the first learning rate of an autoencoder that its last step has.
const RATE_KEPT: f64 = 0.01;
/// The learning rate of an autoencoder before there are clusters.
const PRETRAINING_RATE: f64 = 0.001;

/// Trains a map on all rows of a data set.
pub fn fit_map(
    recipe: &MapRecipe,
    model: Model,
    dataset: &Dataset,
    session: &Session,
) -> Result<Fitted, Error> {
    let clusters = recipe.model.clusters;
    fit(model, &recipe.data, clusters, dataset, session, |rows| {
        rows.map(recipe)
    })
}

/// Trains an autoencoder on all rows of a data set, and groups their codes.
pub fn fit_autoencoder(
    recipe: &AutoencoderRecipe,
    model: Model,
    dataset: &Dataset,
    session: &Session,
) -> Result<Fitted, Error> {
    let (clusters, training) = (recipe.model.clusters, &recipe.training);
    fit(model, &recipe.data, clusters, dataset, session, |rows| {
        let epochs = training.pretraining_epochs;
        rows.grouped_codes(&recipe.model, epochs, training.batch_size)
    })
}

/// Trains an autoencoder on all rows of a data set, and has their codes form clusters.
pub fn fit_deep_clustering(
    recipe: &DeepClusteringRecipe,
    model: Model,
    dataset: &Dataset,
    session: &Session,
) -> Result<Fitted, Error> {
    let clusters = recipe.model.clusters;
    fit(model, &recipe.data, clusters, dataset, session, |rows| {
        rows.deep_clusters(recipe)
    })
}

/// Prepares all rows, trains, and evaluates the clusters.
///
/// All rows are learned from: nothing is predicted, so no rows are held back. A target only
/// serves to evaluate the clusters.
fn fit(
    recipe: Model,
    data: &ClusteringData,
    clusters: ClusterCount,
    dataset: &Dataset,
    session: &Session,
    train: impl FnOnce(&TrainingRows<'_>) -> Result<TrainedClusterer, Error>,
) -> Result<Fitted, Error> {
    let start = Instant::now();
    let table = &dataset.table;
    let indices: Vec<usize> = (0..table.num_rows()).collect();
    let preprocessor = Preprocessor::fit_features(table, &indices, data.preprocessor())?;
    let rows = TrainingRows {
        width: preprocessor.width(),
        inputs: &preprocessor.transform(table, &indices)?.numbers,
        session,
    };
    rows.check(clusters)?;
    session.device.seed(session.seed);
    let found = train(&rows)?;
    let seconds = start.elapsed().as_secs_f64();
    let (inputs, width) = (rows.inputs, rows.width);
    let trained = TrainedNetwork::Clustering {
        network: found.network,
        config: found.config,
        clusters: found.clusters,
    };
    let dialect = dataset.dialect.clone();
    let model = SavedModel::new(trained, preprocessor, dialect, &session.device);
    let clustering = model
        .clustering()
        .expect("the model was made for clustering");
    let clusters = clustering.predict(table)?;
    let num_clusters = clustering.num_clusters();
    let metrics = clustering.evaluate_clusters(table, &clusters)?;
    let k_means = KMeans::fit(inputs, width, num_clusters, session.seed)?;
    let mut of_k_means = ClusterMetrics::of_points(inputs, width, &k_means.clusters);
    if let Some(Target::Classes { labels, .. }) = table.target() {
        of_k_means = of_k_means.with_labels(&k_means.clusters, labels);
    }
    Ok(Fitted {
        recipe,
        epochs: found.epochs,
        ending: if found.interrupted {
            Ending::Interrupted
        } else {
            Ending::Complete
        },
        seconds,
        outcome: Outcome::Clustering(Clustering {
            num_clusters,
            silhouettes: found.silhouettes,
            reseeded: found.reseeded,
            metrics,
            k_means: of_k_means,
            found: clusters,
        }),
        model,
    })
}

/// What a training comes to.
struct TrainedClusterer {
    network: Clusterer,
    config: ClustererConfig,
    /// The cluster of each prototype.
    clusters: Vec<usize>,
    epochs: usize,
    silhouettes: Vec<(usize, f64)>,
    reseeded: usize,
    interrupted: bool,
}

/// The rows to be grouped.
struct TrainingRows<'a> {
    /// The inputs, row by row.
    inputs: &'a [f32],
    width: usize,
    session: &'a Session,
}

impl TrainingRows<'_> {
    /// Checks that there are enough different rows for as many clusters.
    fn check(&self, clusters: ClusterCount) -> Result<(), Error> {
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

    /// A self-organising map, whose units k-means groups.
    fn map(&self, recipe: &MapRecipe) -> Result<TrainedClusterer, Error> {
        let device = self.session.autodiff();
        let config = recipe.map(self.width);
        let grid = config.grid;
        let mut map = config.init(&device);
        let start = PrincipalPlane::of(self.inputs, self.width)?.spread(&grid);
        let start = TensorData::new(start, [grid.num_units(), self.width]);
        map.weight = Param::from_data(start, &device);

        let side = grid.rows.max(grid.columns) as f64;
        let last = recipe.model.last_radius;
        let radius = Radius {
            first: (side / 4.0).max(last),
            last,
        };
        let objective =
            ClusteringObjective::new(Clusterer::SelfOrganisingMap(map), Goal::Map(radius));
        let rate = recipe.training.learning_rate;
        let trained = Phase {
            name: "map",
            epochs: recipe.training.epochs,
            batch_size: recipe.training.batch_size,
            optimizer: Optimizer::Sgd,
            learning_rates: [rate, rate * MAP_RATE_KEPT],
            session: self.session,
        }
        .fit(objective, self.examples()?)?;
        let points = trained.objective.network.prototypes();
        let points: Vec<f32> = points.try_into_vec_as().map_err(Error::learner)?;
        let config = ClustererConfig::SelfOrganisingMap(config);
        let rows = self.rows_of_prototypes(&trained.objective.network, &config)?;
        // Units without rows are between groups, and would blur them.
        let occupied = occupied_points(&points, self.width, &rows);
        let needed = match recipe.model.clusters {
            ClusterCount::Auto => 2,
            ClusterCount::Exactly(count) => count,
        };
        let has_enough = num_distinct(&occupied, self.width, needed) >= needed;
        let grouped = if has_enough { &occupied } else { &points };
        let (k_means, silhouettes) = self.choose(recipe.model.clusters, grouped, self.width)?;
        let clusters = nearest_centroids(&points, self.width, &k_means.centroids);
        Ok(TrainedClusterer {
            network: trained.objective.network,
            config,
            clusters: renumbered(&clusters, &rows),
            epochs: trained.epochs,
            silhouettes,
            reseeded: 0,
            interrupted: trained.interrupted,
        })
    }

    /// An autoencoder, whose codes k-means groups.
    fn grouped_codes(
        &self,
        settings: &AutoencoderSettings,
        epochs: usize,
        batch_size: usize,
    ) -> Result<TrainedClusterer, Error> {
        let autoencoder = settings.autoencoder(self.width);
        let Trained {
            objective,
            epochs,
            interrupted,
        } = self.pretrained(settings, epochs, batch_size)?;
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
            silhouettes,
            reseeded: 0,
            interrupted,
        })
    }

    /// The same, whose codes then form clusters.
    fn deep_clusters(&self, recipe: &DeepClusteringRecipe) -> Result<TrainedClusterer, Error> {
        let training = &recipe.training;
        let batch_size = training.batch_size;
        let settings = recipe.autoencoder();
        let mut found = self.grouped_codes(&settings, training.pretraining_epochs, batch_size)?;
        let mut left = if found.interrupted {
            0
        } else {
            training.epochs
        };
        while left > 0 {
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
                epochs: left,
                batch_size,
                optimizer: Optimizer::AdamW,
                learning_rates: [training.learning_rate; 2],
                session: self.session,
            };
            let objective = ClusteringObjective::new(found.network, goal);
            let trained = phase.fit_with(objective, examples, &targets, renewal.clone())?;
            found.network = trained.objective.network;
            found.epochs += trained.epochs;
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

    /// Groups points into so many clusters, or as many as suit them.
    fn choose(
        &self,
        clusters: ClusterCount,
        points: &[f32],
        width: usize,
    ) -> Result<(KMeans, Vec<(usize, f64)>), Error> {
        let most = num_distinct(self.inputs, self.width, MAX_TRIED);
        choose(clusters, points, width, most, self.session.seed)
    }

    fn rows_of_prototypes(
        &self,
        network: &Clusterer,
        config: &ClustererConfig,
    ) -> Result<Vec<usize>, Error> {
        let num_prototypes = config.num_prototypes();
        let device = &self.session.device;
        rows_of_prototypes(network, self.inputs, self.width, num_prototypes, device)
    }

    /// A network that reconstructs rows and gives neighbours similar codes.
    fn pretrained(
        &self,
        settings: &AutoencoderSettings,
        epochs: usize,
        batch_size: usize,
    ) -> Result<Trained, Error> {
        let autoencoder = settings.autoencoder(self.width);
        // Its centroids are found later.
        let network =
            DeepEmbeddedClusteringConfig::new(autoencoder, 2).init(&self.session.autodiff());
        let network = Clusterer::DeepEmbeddedClustering(network);
        let neighbours = Neighbours::of(self.examples()?.features, settings.neighbours)?;
        Phase {
            name: "pretraining",
            epochs,
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

    /// All rows, each with its index for a class.
    fn examples(&self) -> Result<Examples, Error> {
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

fn deep(network: Clusterer) -> DeepEmbeddedClustering {
    match network {
        Clusterer::DeepEmbeddedClustering(network) => network,
        Clusterer::SelfOrganisingMap(_) => unreachable!("it had an autoencoder"),
    }
}
