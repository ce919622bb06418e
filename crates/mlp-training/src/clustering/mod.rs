//! Networks that find clusters.

mod count;
mod deep;
mod k_means;
mod map;
mod neighbours;
mod objective;
mod observed;
mod occupied;
mod phase;
mod rows;
mod training_rows;

use std::time::Instant;

use mlp_datasets::{Dataset, Preprocessor, Target};
use mlp_inference::{ClusterMetrics, SavedModel, TrainedNetwork};

pub use map::PrincipalPlane;

use crate::Error;
use crate::fitted::{Clustering, Ending, Fitted, Outcome};
use crate::learner::{Session, seed_device};
use crate::recipe::Model;
use crate::recipe::{
    AutoencoderRecipe, ClusterCount, ClusteringData, DeepClusteringRecipe, MapRecipe,
};
use k_means::KMeans;
use training_rows::{TrainedClusterer, TrainingRows};

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
        rows.grouped_codes(&recipe.model, epochs, training.batch_size, 0)
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
    let inputs = preprocessor.transform(table, &indices)?.numbers;
    let rows = TrainingRows {
        width: preprocessor.width(),
        inputs: &inputs,
        preprocessor: &preprocessor,
        session,
    };
    rows.check(clusters)?;
    drop(seed_device(&session.device, session.seed));
    let found = train(&rows)?;
    let seconds = found.seconds + start.elapsed().as_secs_f64();
    let width = rows.width;
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
    let k_means = KMeans::fit(&inputs, width, num_clusters, session.seed)?;
    let mut of_k_means = ClusterMetrics::of_points(&inputs, width, &k_means.clusters);
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
