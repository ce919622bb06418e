//! Self-organising maps.

mod principal;

use burn::module::Param;
use burn::tensor::TensorData;
use mlp_models::clustering::{Clusterer, ClustererConfig};

pub use principal::PrincipalPlane;

use super::count::num_distinct;
use super::objective::{ClusteringObjective, Goal, Radius};
use super::occupied::{nearest_centroids, occupied_points, renumbered};
use super::phase::Phase;
use super::training_rows::{TrainedClusterer, TrainingRows};
use crate::Error;
use crate::optimization::Optimizer;
use crate::recipe::{ClusterCount, MapRecipe};

/// The share of the first learning rate of a map that its last step has.
const MAP_RATE_KEPT: f64 = 0.1;

impl TrainingRows<'_> {
    /// A self-organising map, whose units k-means groups.
    pub fn map(&self, recipe: &MapRecipe) -> Result<TrainedClusterer, Error> {
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
        self.begin(
            ClustererConfig::SelfOrganisingMap(config.clone()),
            recipe.training.epochs,
            recipe.training.batch_size,
        );
        let rate = recipe.training.learning_rate;
        let trained = Phase {
            name: "map",
            round: 1,
            epochs: recipe.training.epochs,
            epochs_before: 0,
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
            seconds: trained.seconds,
            silhouettes,
            reseeded: 0,
            interrupted: trained.interrupted,
        })
    }
}
