use clap::Args;
use mlp_models::{Neighbourhood, Topology};
use serde::{Deserialize, Serialize};

use super::options::parse_name;
use crate::clustering::{ClusterCount, GridSize};

/// How groups are found where nothing is to be predicted: what a user said of it.
///
/// The same on the command line, in the section `[clustering]` of a configuration file, and in a run.
#[derive(Args, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Clustering")]
pub struct ClusteringOptions {
    /// How many clusters, 2 or more, or `auto` for as many as have the best silhouette
    /// [default: auto]
    #[arg(long, value_name = "K")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<ClusterCount>,
    /// Rows and columns of units of a map, such as `8x8` [default: by number of rows]
    #[arg(long, value_name = "ROWSxCOLUMNS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<GridSize>,
    /// How the units of a map lie: `rectangular` or `hexagonal` [default: rectangular]
    #[arg(long, value_name = "KIND", value_parser = parse_name::<Topology>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topology: Option<Topology>,
    /// Which units of a map learn with the winner: `gaussian` or `bubble` [default: gaussian]
    #[arg(long, value_name = "KIND", value_parser = parse_name::<Neighbourhood>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbourhood: Option<Neighbourhood>,
    /// Radius of the neighbourhood in a map's last steps, in units of the grid, above 0: a larger
    /// one keeps neighbours together, a smaller one comes nearer to the rows [default: 0.34]
    #[arg(long, value_name = "RADIUS", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_radius: Option<f64>,
    /// How much it counts that the two units nearest to a row do not touch, 0 or more; 0 is Kohonen's
    /// rule [default: 0.4]
    #[arg(long, value_name = "WEIGHT", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tear_weight: Option<f64>,
    /// How many numbers a row is narrowed to by an autoencoder [default: 10]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub d_code: Option<usize>,
    /// Whether the decoder has the encoder's weights, transposed: `true` or `false`
    /// [default: false]
    #[arg(long, value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tied: Option<bool>,
    /// Noise that an autoencoder learns to remove: its standard deviation, 0 or more
    /// [default: 0]
    #[arg(long, value_name = "SIGMA", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denoising: Option<f64>,
    /// How many of its nearest neighbours a row is taken to be like, so that it gets a like code; 0 to
    /// learn from reconstructions alone [default: by number of rows, at most 15]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<usize>,
    /// How often an autoencoder sees all rows before there are clusters
    /// [default: by number of rows]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretraining_epochs: Option<usize>,
    /// How much the clusters count beside the reconstruction, above 0 [default: 0.7 for idec, 1 for dec]
    #[arg(long, value_name = "WEIGHT", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<f64>,
}

impl ClusteringOptions {
    /// The first option that was given, if any.
    pub fn first_given(&self) -> Option<&'static str> {
        let Self {
            clusters,
            grid,
            topology,
            neighbourhood,
            last_radius,
            tear_weight,
            d_code,
            tied,
            denoising,
            neighbours,
            pretraining_epochs,
            gamma,
        } = self;
        let given = [
            ("clusters", clusters.is_some()),
            ("grid", grid.is_some()),
            ("topology", topology.is_some()),
            ("neighbourhood", neighbourhood.is_some()),
            ("last-radius", last_radius.is_some()),
            ("tear-weight", tear_weight.is_some()),
            ("d-code", d_code.is_some()),
            ("tied", tied.is_some()),
            ("denoising", denoising.is_some()),
            ("neighbours", neighbours.is_some()),
            ("pretraining-epochs", pretraining_epochs.is_some()),
            ("gamma", gamma.is_some()),
        ];
        let given = given.into_iter().find(|(_, is_given)| *is_given);
        given.map(|(option, _)| option)
    }

    /// Fills what was not said with what another source says.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            clusters: self.clusters.or(other.clusters),
            grid: self.grid.or(other.grid),
            topology: self.topology.or(other.topology),
            neighbourhood: self.neighbourhood.or(other.neighbourhood),
            last_radius: self.last_radius.or(other.last_radius),
            tear_weight: self.tear_weight.or(other.tear_weight),
            d_code: self.d_code.or(other.d_code),
            tied: self.tied.or(other.tied),
            denoising: self.denoising.or(other.denoising),
            neighbours: self.neighbours.or(other.neighbours),
            pretraining_epochs: self.pretraining_epochs.or(other.pretraining_epochs),
            gamma: self.gamma.or(other.gamma),
        }
    }
}
