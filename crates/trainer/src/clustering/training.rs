//! From rows to a run: the way of a clustering.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use burn::train::Interrupter;
use mlp_datasets::{Dataset, Examples, Preprocessor, Target, Targets, Task};
use mlp_inference::{ClusterMetrics, ClusterModel};
use mlp_models::{
    Clusterer, ClustererConfig, DeepEmbeddedClustering, DeepEmbeddedClusteringConfig,
};

use super::centroids::{rescaled, reseeded, spread, with_centroids};
use super::count::choose;
use super::defaults::LAST_RADIUS;
use super::drawings::draw;
use super::k_means::KMeans;
use super::neighbours::Neighbours;
use super::objective::{Objective, Radius, SharedTargets, Trainee};
use super::phase::{Phase, Trained};
use super::principal::Plane;
use super::{ClusteringConfig, ClusteringSummary};
use crate::run_directory::RunDirectory;
use crate::{Error, Model, Optimizer, Progress};

/// Rows that go through an encoder at a time.
const ROWS_AT_A_TIME: usize = 4096;
/// The share of the first learning rate of a map that its last step has.
const MAP_RATE_KEPT: f64 = 0.1;
/// The share of the first learning rate of an autoencoder that its last step has.
const RATE_KEPT: f64 = 0.01;
/// The learning rate of an autoencoder before there are clusters.
const PRETRAINING_RATE: f64 = 0.001;

/// Trains a network that finds groups, as configured, and keeps it in the run's folder.
///
/// All rows are learned from: there is nothing to be told of them that could be known too early. A
/// target is used to judge the groups alone.
///
/// # Errors
///
/// If the data and the configuration do not fit each other, a loss stops being finite, or a file
/// cannot be written.
pub fn cluster(
    config: &ClusteringConfig,
    dataset: &Dataset,
    run: RunDirectory,
    progress: Progress,
    interrupter: &Interrupter,
) -> Result<ClusteringSummary, Error> {
    let start = Instant::now();
    let device = config.backend.device()?;
    let table = &dataset.table;
    let rows: Vec<usize> = (0..table.num_rows()).collect();
    let preprocessor = Preprocessor::fit_features(table, &rows, config.preprocessor())?;
    let width = preprocessor.width();
    let inputs = preprocessor.transform(table, &rows)?.numbers;
    config.check_rows(&inputs, width)?;
    config.save(run.path())?;

    device.seed(config.seed);
    let training = Training {
        config,
        folder: run.path(),
        progress,
        interrupter,
        inputs: &inputs,
        width,
    };
    let found = match config.model {
        Model::Som => training.map()?,
        _ => training.autoencoder()?,
    };
    let model = ClusterModel::new(
        found.network,
        found.config,
        found.clusters,
        preprocessor,
        &device,
    );
    model.save(run.path())?;
    let clusters = model.predict(table)?;
    let num_clusters = model.num_clusters();
    let k_means = KMeans::fit(&inputs, width, num_clusters, config.seed)?;
    let mut of_k_means = ClusterMetrics::of_points(&inputs, width, &k_means.clusters);
    if let Some(Target::Classes { labels, .. }) = table.target() {
        of_k_means = of_k_means.with_labels(&k_means.clusters, labels);
    }
    let summary = ClusteringSummary {
        run: run.target().to_owned(),
        task: Task::Clustering,
        model: config.model,
        backend: config.backend,
        seed: config.seed,
        rows: rows.len(),
        epochs: found.epochs,
        clusters: num_clusters,
        sizes: clusters.sizes(num_clusters),
        silhouettes: found.silhouettes,
        reseeded: found.reseeded,
        interrupted: found.interrupted,
        seconds: start.elapsed().as_secs_f64(),
        metrics: model.judge(table, &clusters)?,
        k_means: of_k_means,
    };
    summary.save(run.path())?;
    draw(
        &model,
        dataset,
        &inputs,
        &clusters,
        &run.path().join("pictures"),
    )?;
    run.keep()?;
    Ok(summary)
}

/// What a training has found.
struct Found {
    network: Clusterer,
    config: ClustererConfig,
    /// The cluster of each prototype.
    clusters: Vec<usize>,
    epochs: usize,
    silhouettes: Vec<(usize, f64)>,
    reseeded: usize,
    interrupted: bool,
}

/// What all phases of a training have in common.
struct Training<'a> {
    config: &'a ClusteringConfig,
    folder: &'a Path,
    progress: Progress,
    interrupter: &'a Interrupter,
    /// The inputs, row by row.
    inputs: &'a [f32],
    width: usize,
}

impl Training<'_> {
    /// A self-organising map, whose units k-means puts into clusters ([Vesanto and Alhoniemi
    /// 2000](https://doi.org/10.1109/72.846731)).
    fn map(&self) -> Result<Found, Error> {
        let config = self.config;
        let device = config.backend.device()?.autodiff();
        let map_config = config.map(self.width)?;
        let grid = map_config.grid;
        let mut map = map_config.init(&device);
        let start = Plane::of(self.inputs, self.width)?.spread(&grid);
        let start = TensorData::new(start, [grid.num_units(), self.width]);
        map.weight = Param::from_data(start, &device);

        let num_steps = config.epochs * self.num_rows().div_ceil(config.batch_size);
        let side = grid.rows.max(grid.columns) as f64;
        let last = config.clustering.last_radius.unwrap_or(LAST_RADIUS);
        let radius = Radius::new([(side / 4.0).max(last), last], num_steps / 2);
        let trainee = Trainee::new(Clusterer::SelfOrganisingMap(map), Objective::Map(radius));
        let trained = self
            .phase(
                "map",
                config.epochs,
                [config.learning_rate, config.learning_rate * MAP_RATE_KEPT],
            )
            .fit(trainee, self.examples()?, || false)?;
        let Clusterer::SelfOrganisingMap(map) = trained.trainee.network else {
            unreachable!("it was a map");
        };
        let points = to_vec(map.weight.val())?;
        let (k_means, silhouettes) = choose(config.clusters(), &points, self.width, config.seed)?;
        Ok(Found {
            network: Clusterer::SelfOrganisingMap(map),
            config: ClustererConfig::SelfOrganisingMap(map_config),
            clusters: k_means.clusters,
            epochs: trained.epochs,
            silhouettes,
            reseeded: 0,
            interrupted: trained.interrupted,
        })
    }

    /// An autoencoder, the clusters of whose codes k-means finds and, unless it is asked for alone,
    /// both learn to set apart.
    fn autoencoder(&self) -> Result<Found, Error> {
        let config = self.config;
        let (network, mut epochs, mut interrupted) = self.pretrained()?;
        let codes = self.codes(&network)?;
        let d_code = codes.len() / self.num_rows();
        let (k_means, silhouettes) = choose(config.clusters(), &codes, d_code, config.seed)?;
        let num_clusters = k_means.num_clusters;
        let device = config.backend.device()?.autodiff();
        let spread = spread(&codes, &k_means, d_code);
        let network = with_centroids(network, k_means.centroids, d_code, &device);
        let mut network = rescaled(network, spread, &device);

        let mut num_reseeded = 0;
        let mut left = if interrupted { 0 } else { config.epochs };
        while left > 0 {
            let examples = self.examples()?;
            let targets = SharedTargets::new(examples.features.clone(), config.batch_size);
            let objective = Objective::Clustering {
                reconstruction: if config.model == Model::Idec {
                    1.0
                } else {
                    0.0
                },
                clustering: config.clustering.gamma.unwrap_or(1.0),
                targets: targets.clone(),
            };
            let is_done = {
                let targets = targets.clone();
                move || targets.is_done()
            };
            let trainee = Trainee::new(Clusterer::DeepEmbeddedClustering(network), objective);
            let trained = self
                .phase("clustering", left, [config.learning_rate; 2])
                .fit(trainee, examples, is_done)?;
            network = deep(trained.trainee.network);
            epochs += trained.epochs;
            left = left.saturating_sub(trained.epochs.max(1));
            interrupted = trained.interrupted;
            let empty = targets.empty_clusters();
            if interrupted || empty.is_empty() {
                break;
            }
            num_reseeded += empty.len();
            let codes = self.codes(&network)?;
            network = reseeded(network, &empty, &codes, &device)?;
        }
        let network_config =
            DeepEmbeddedClusteringConfig::new(config.autoencoder(self.width)?, num_clusters);
        Ok(Found {
            network: Clusterer::DeepEmbeddedClustering(network),
            config: ClustererConfig::DeepEmbeddedClustering(network_config),
            clusters: (0..num_clusters).collect(),
            epochs,
            silhouettes,
            reseeded: num_reseeded,
            interrupted,
        })
    }

    /// A network that reconstructs rows and gives like ones like codes, with how many epochs it took
    /// and whether the user stopped it.
    fn pretrained(&self) -> Result<(DeepEmbeddedClustering, usize, bool), Error> {
        let device = self.config.backend.device()?.autodiff();
        let autoencoder = self.config.autoencoder(self.width)?;
        // Its centroids are found later.
        let network = DeepEmbeddedClusteringConfig::new(autoencoder, 2).init(&device);
        let network = Clusterer::DeepEmbeddedClustering(network);
        let epochs = self.config.clustering.pretraining_epochs.unwrap_or(1);
        let neighbours = Neighbours::of(
            self.examples()?.features,
            self.config.clustering.neighbours.unwrap_or(0),
        )?;
        let Trained {
            trainee,
            epochs,
            interrupted,
        } = self
            .phase(
                "pretraining",
                epochs,
                [PRETRAINING_RATE, PRETRAINING_RATE * RATE_KEPT],
            )
            .fit(
                Trainee::new(network, Objective::Reconstruction(neighbours.map(Arc::new))),
                self.examples()?,
                || false,
            )?;
        Ok((deep(trainee.network), epochs, interrupted))
    }

    /// The codes of all rows.
    fn codes(&self, network: &DeepEmbeddedClustering) -> Result<Vec<f32>, Error> {
        let device = self.config.backend.device()?;
        let network = network.valid();
        let mut codes = Vec::new();
        for rows in self.inputs.chunks(ROWS_AT_A_TIME * self.width) {
            let rows = TensorData::new(rows.to_vec(), [rows.len() / self.width, self.width]);
            codes.extend(to_vec(
                network.autoencoder.encode(Tensor::from_data(rows, &device)),
            )?);
        }
        Ok(codes)
    }

    /// All rows, each with its place for a class.
    fn examples(&self) -> Result<Examples, Error> {
        let device = self.config.backend.device()?;
        let num_rows = self.num_rows();
        let features = TensorData::new(self.inputs.to_vec(), [num_rows, self.width]);
        let places = i64::try_from(num_rows).expect("rows that lie in memory");
        Ok(Examples {
            features: Tensor::from_data(features, &device),
            categories: None,
            targets: Targets::Classes(Tensor::arange(0..places, &device)),
            weights: None,
        })
    }

    fn num_rows(&self) -> usize {
        self.inputs.len() / self.width
    }

    fn phase(&self, name: &'static str, epochs: usize, learning_rates: [f64; 2]) -> Phase<'_> {
        let config = self.config;
        Phase {
            name,
            epochs,
            batch_size: config.batch_size,
            optimizer: match config.model {
                Model::Som => Optimizer::Sgd,
                _ => Optimizer::AdamW,
            },
            learning_rates,
            seed: config.seed,
            backend: config.backend,
            folder: self.folder,
            progress: self.progress,
            interrupter: self.interrupter,
        }
    }
}

fn deep(network: Clusterer) -> DeepEmbeddedClustering {
    match network {
        Clusterer::DeepEmbeddedClustering(network) => network,
        Clusterer::SelfOrganisingMap(_) => unreachable!("it had an autoencoder"),
    }
}

/// The numbers of a tensor, row by row.
///
/// # Errors
///
/// If the device fails.
pub fn to_vec(tensor: Tensor<2>) -> Result<Vec<f32>, Error> {
    let failed = |reason: String| Error::Training { reason };
    let data = tensor.try_into_data();
    let data = data.map_err(|error| failed(error.to_string()))?;
    let numbers = data.convert::<f32>().try_to_vec();
    numbers.map_err(|error| failed(error.to_string()))
}
