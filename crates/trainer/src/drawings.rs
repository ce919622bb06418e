//! Which pictures of a clustering are drawn.

use std::path::Path;

use mlp_datasets::{Dataset, Target};
use mlp_inference::{ClusteringModel, Clusters, SavedModel};
use mlp_models::clustering::Grid;
use mlp_training::PrincipalPlane;

use crate::pictures::{
    CentroidImages, Centroids, ComponentPlanes, Embedding, Regions, UMatrix, UnitLabels, WinMap,
};

/// The most points that are drawn, evenly spaced among all.
const MAX_POINTS: usize = 10_000;
/// A square number of inputs, at least so many, is taken for an image.
const LEAST_IMAGE: usize = 64;

/// Draws what a clustering has found, as PNG and SVG: for a map its U-matrix, component planes and
/// win map; for codes a plane through them and the decoded centroids; for rows of two numbers the
/// regions of the clusters.
///
/// # Errors
///
/// If a file cannot be written, or the device fails.
pub fn draw(
    saved: &SavedModel,
    dataset: &Dataset,
    found: &Clusters,
    folder: &Path,
) -> anyhow::Result<()> {
    let Some(model) = &saved.clustering() else {
        return Ok(());
    };
    let preprocessor = saved.preprocessor();
    let rows: Vec<usize> = (0..dataset.table.num_rows()).collect();
    let inputs = &preprocessor.transform(&dataset.table, &rows)?.numbers;
    let width = preprocessor.width();
    let names = preprocessor.input_spec().names();
    let prototypes = model.prototypes()?;
    let rows = |numbers: &[f32]| -> Vec<Vec<f64>> {
        let rows = numbers.chunks_exact(width);
        rows.map(|row| row.iter().map(|&x| f64::from(x)).collect())
            .collect()
    };
    if let Some(grid) = model.grid() {
        draw_map(grid, &rows(&prototypes), &names, dataset, found, folder)?;
    } else {
        draw_codes(model, found, folder)?;
        let vectors = rows(&prototypes);
        if let Some((width, height)) = image_size(width) {
            let title = "Centroids, decoded";
            let images = CentroidImages {
                title,
                vectors: &vectors,
                width,
                height,
            };
            images.save(folder, "centroids")?;
        } else {
            let title = "Centroids, decoded to inputs";
            let centroids = Centroids {
                title,
                vectors: &vectors,
                names: &names,
            };
            centroids.save(folder, "centroids")?;
        }
    }
    if width == 2 {
        draw_regions(model, inputs, found, &names, folder)?;
    }
    Ok(())
}

fn draw_map(
    grid: Grid,
    weights: &[Vec<f64>],
    names: &[String],
    dataset: &Dataset,
    found: &Clusters,
    folder: &Path,
) -> anyhow::Result<()> {
    let num_units = grid.num_units();
    let apart = |a: usize, b: usize| {
        let pairs = weights[a].iter().zip(&weights[b]);
        pairs.map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    let distances: Vec<f64> = (0..num_units)
        .map(|unit| {
            let neighbours = (0..num_units).filter(|&other| grid.are_neighbours(unit, other));
            let distances: Vec<f64> = neighbours.map(|other| apart(unit, other)).collect();
            distances.iter().sum::<f64>() / distances.len().max(1) as f64
        })
        .collect();
    let mut wins = vec![0; num_units];
    for &unit in &found.prototypes {
        wins[unit] += 1;
    }
    let labels = match dataset.table.target() {
        Some(Target::Classes {
            labels, classes, ..
        }) => {
            let mut counts = vec![vec![0; classes.len()]; num_units];
            for (&unit, &label) in found.prototypes.iter().zip(labels) {
                counts[unit][label] += 1;
            }
            Some((classes, counts))
        }
        _ => None,
    };
    UMatrix {
        title: "U-matrix: how far units are from their neighbours",
        grid,
        distances: &distances,
    }
    .save(folder, "u_matrix")?;
    ComponentPlanes {
        title: "Component planes: input values per unit",
        grid,
        names,
        weights,
    }
    .save(folder, "component_planes")?;
    WinMap {
        title: "Win map: rows per unit",
        grid,
        wins: &wins,
        labels: labels
            .as_ref()
            .map(|(names, counts)| UnitLabels { names, counts }),
    }
    .save(folder, "win_map")?;
    Ok(())
}

fn draw_codes(model: &ClusteringModel<'_>, found: &Clusters, folder: &Path) -> anyhow::Result<()> {
    let centroids = model.centroids()?;
    let plane = PrincipalPlane::of(&found.codes, found.d_code)?;
    let step = found.clusters.len().div_ceil(MAX_POINTS).max(1);
    let codes = found.codes.chunks_exact(found.d_code).step_by(step);
    let codes: Vec<f32> = codes.flatten().copied().collect();
    let clusters: Vec<usize> = found.clusters.iter().step_by(step).copied().collect();
    Embedding {
        title: "Codes by cluster",
        points: &plane.project(&codes),
        clusters: &clusters,
        centers: &plane.project(&centroids),
        axes: ["first principal component", "second principal component"],
    }
    .save(folder, "embedding")?;
    Ok(())
}

fn draw_regions(
    model: &ClusteringModel<'_>,
    inputs: &[f32],
    found: &Clusters,
    names: &[String],
    folder: &Path,
) -> anyhow::Result<()> {
    let points: Vec<[f64; 2]> = inputs
        .chunks_exact(2)
        .map(|point| [f64::from(point[0]), f64::from(point[1])])
        .collect();
    let regions = Regions {
        title: "Regions of the clusters, in scaled units",
        points: &points,
        clusters: &found.clusters,
        axes: [&names[0], &names[1]],
    };
    #[expect(clippy::cast_possible_truncation)] // The inputs are single precision.
    let assign = |points: &[[f64; 2]]| {
        let inputs = points.iter().flatten().map(|&x| x as f32).collect();
        // Only a failing device fails here, which has just served all rows.
        model
            .predict_inputs(inputs)
            .map_or_else(|_| vec![0; points.len()], |found| found.clusters)
    };
    regions.save(folder, "regions", assign)?;
    Ok(())
}

/// The sides of a square image of as many pixels, if there can be one.
fn image_size(num_inputs: usize) -> Option<(usize, usize)> {
    let side = num_inputs.isqrt();
    (num_inputs >= LEAST_IMAGE && side * side == num_inputs).then_some((side, side))
}
