use super::count::{ClusterCount, GridSize};
use crate::Model;
use crate::config::ClusteringOptions;

/// The radius of a map in the end: hardly more than the winner learns.
pub(super) const LAST_RADIUS: f64 = 0.34;
/// How much it counts that a row tears a map: enough for few to do so, and too little to keep the units
/// from the rows.
const TEAR_WEIGHT: f64 = 0.4;
/// Numbers in a code.
pub(super) const DEFAULT_CODE: usize = 10;
/// The learning rate of deep clusters: codes have been divided by their spread, so that larger steps
/// would scatter them.
pub(super) const CLUSTERING_RATE: f64 = 0.0001;
/// Clusters settle before that, as a rule.
pub(super) const MAX_CLUSTERING_EPOCHS: usize = 30;

/// About five units for each root of the rows (Vesanto and Alhoniemi 2000).
fn default_grid(rows: usize) -> GridSize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A root is small.
    let side = (5.0 * (rows as f64).sqrt()).sqrt().round() as usize;
    let side = side.clamp(2, 20);
    GridSize {
        rows: side,
        columns: side,
    }
}

pub(super) fn map_epochs(rows: usize) -> usize {
    // Some thousand steps, whatever the number of rows.
    (20_000 / rows.max(1)).clamp(1, 200)
}

fn pretraining_epochs(rows: usize) -> usize {
    match rows {
        0..5_000 => 80,
        5_000..20_000 => 50,
        _ => 15,
    }
}

/// A code is told from all others of its batch, which with many rows should be more.
pub(super) fn default_batch_size(model: Model, rows: usize) -> usize {
    match rows {
        _ if model == Model::Som => 32,
        0..20_000 => 128,
        _ => 256,
    }
}

/// Enough neighbours to hang a group together, but a small part of all rows.
fn default_neighbours(rows: usize) -> usize {
    (rows / 20).clamp(3, 15)
}

/// The sizes of Xie et al. for many rows, and smaller ones for fewer, which learn as well from them.
pub(super) fn default_hidden(rows: usize) -> Vec<usize> {
    match rows {
        0..500 => vec![64, 64],
        500..20_000 => vec![256, 256, 512],
        _ => vec![500, 500, 2000],
    }
}

/// What was said of a clustering, with the defaults of its model for the rest.
pub(super) fn settled(said: ClusteringOptions, model: Model, rows: usize) -> ClusteringOptions {
    if model == Model::Som {
        return ClusteringOptions {
            clusters: Some(said.clusters.unwrap_or(ClusterCount::Auto)),
            grid: Some(said.grid.unwrap_or_else(|| default_grid(rows))),
            topology: Some(said.topology.unwrap_or_default()),
            neighbourhood: Some(said.neighbourhood.unwrap_or_default()),
            last_radius: Some(said.last_radius.unwrap_or(LAST_RADIUS)),
            tear_weight: Some(said.tear_weight.unwrap_or(TEAR_WEIGHT)),
            ..ClusteringOptions::default()
        };
    }
    ClusteringOptions {
        clusters: Some(said.clusters.unwrap_or(ClusterCount::Auto)),
        d_code: Some(said.d_code.unwrap_or(DEFAULT_CODE)),
        tied: Some(said.tied.unwrap_or(false)),
        neighbours: Some(said.neighbours.unwrap_or_else(|| default_neighbours(rows))),
        denoising: Some(said.denoising.unwrap_or(0.0)),
        pretraining_epochs: Some(
            said.pretraining_epochs
                .unwrap_or_else(|| pretraining_epochs(rows)),
        ),
        gamma: (model != Model::Autoencoder).then(|| {
            said.gamma
                .unwrap_or(if model == Model::Idec { 0.7 } else { 1.0 })
        }),
        ..ClusteringOptions::default()
    }
}
