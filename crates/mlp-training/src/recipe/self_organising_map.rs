use mlp_models::clustering::{Grid, Neighbourhood, SelfOrganisingMapConfig, Topology};
use serde::{Deserialize, Serialize};

use super::describe::{Describe, Method, Sections};
use super::require::require;
use super::size::check_units;
use super::{ClusterCount, ClusteringData, GridSize};
use crate::{Error, Problem};

/// A self-organising map, whose units k-means groups into clusters ([Vesanto and Alhoniemi
/// 2000](https://doi.org/10.1109/72.846731)).
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MapRecipe {
    /// The map.
    pub model: MapSettings,
    /// How it learns.
    pub training: MapTraining,
    /// How rows become inputs.
    pub data: ClusteringData,
}

/// The grid of a map, and how its units learn.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MapSettings {
    /// How many clusters the units are grouped into.
    pub clusters: ClusterCount,
    /// How many units there are.
    pub grid: GridSize,
    /// How they are arranged.
    pub topology: Topology,
    /// Which of them learn with the winner.
    pub neighbourhood: Neighbourhood,
    /// The radius of the neighbourhood in the last steps, in units of the grid, above 0. It begins
    /// with a quarter of the grid.
    pub last_radius: f64,
    /// The penalty, 0 or more, if the two units nearest to a row are not neighbours on the map; 0
    /// is Kohonen's rule.
    pub tear_weight: f64,
}

/// How a map learns.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MapTraining {
    /// The first learning rate, above 0; the last one is a tenth of it.
    pub learning_rate: f64,
    /// How many passes over the rows there are, at least 1.
    pub epochs: usize,
    /// How many rows each step takes, at least 1.
    pub batch_size: usize,
}

impl MapRecipe {
    /// The defaults for a problem.
    ///
    /// By radius and rate alone a map either lies close to the rows or is not torn: of 758 settings
    /// tried on wine, 8 x 8, none had a topographic error of 0.10 and a quantisation error below
    /// 1.29. With the penalty they are 0.05 and 1.15.
    pub fn new(problem: Problem) -> Self {
        let rows = problem.num_rows;
        // About five units for each root of the rows (Vesanto and Alhoniemi 2000).
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A root is small.
        let side = (5.0 * (rows as f64).sqrt()).sqrt().round() as usize;
        let side = side.clamp(2, 20);
        Self {
            model: MapSettings {
                clusters: ClusterCount::Auto,
                grid: GridSize {
                    rows: side,
                    columns: side,
                },
                topology: Topology::default(),
                neighbourhood: Neighbourhood::default(),
                // In the end hardly more than the winner learns.
                last_radius: 0.34,
                // Enough for few rows to tear the map, and too little to keep units from rows.
                tear_weight: 0.4,
            },
            training: MapTraining {
                learning_rate: 1.0,
                // Some thousand steps, whatever the number of rows.
                epochs: (20_000 / rows.max(1)).clamp(1, 200),
                batch_size: 32,
            },
            data: ClusteringData::new(problem),
        }
    }

    /// The map for rows of a width.
    pub fn map(&self, width: usize) -> SelfOrganisingMapConfig {
        let settings = &self.model;
        let grid = Grid {
            rows: settings.grid.rows,
            columns: settings.grid.columns,
            topology: settings.topology,
        };
        SelfOrganisingMapConfig::new(width, grid)
            .with_neighbourhood(settings.neighbourhood)
            .with_tear_weight(settings.tear_weight)
    }
}

impl Describe for MapRecipe {
    fn method(&self) -> Method<'_> {
        Method::Map(self)
    }

    fn sections(&self) -> Sections<'_> {
        Sections {
            model: &self.model,
            training: &self.training,
            data: &self.data,
        }
    }

    fn check(&self) -> Result<(), Error> {
        self.data.check()?;
        self.model.clusters.check()?;
        let grid = self.model.grid;
        let num_units = grid.rows.saturating_mul(grid.columns);
        check_units(num_units, &grid.to_string())?;
        if let ClusterCount::Exactly(clusters) = self.model.clusters {
            let allowed = format!("at most {num_units}, the number of units");
            require(clusters <= num_units, "clusters", clusters, &allowed)?;
        }
        let radius = self.model.last_radius;
        require(
            radius.is_finite() && radius > 0.0,
            "last_radius",
            radius,
            "above 0",
        )?;
        let MapTraining {
            learning_rate,
            epochs,
            batch_size,
        } = self.training;
        check_linear_rate(learning_rate)?;
        require(epochs > 0, "epochs", epochs, "1 or more")?;
        require(batch_size > 0, "batch_size", batch_size, "1 or more")?;
        Ok(self.map(1).check()?)
    }
}

/// Checks the first learning rate of a linear schedule.
pub(super) fn check_linear_rate(rate: f64) -> Result<(), Error> {
    require(
        rate > 0.0 && rate <= 1.0,
        "learning_rate",
        rate,
        "above 0 and at most 1",
    )
}
