//! Which prototypes have rows.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use mlp_models::clustering::Clusterer;

use crate::Error;

/// Rows that go through a network at a time.
const ROWS_AT_A_TIME: usize = 4096;

/// How many rows each prototype is the nearest one of.
///
/// # Errors
///
/// If the device fails.
pub fn rows_of_prototypes(
    network: &Clusterer,
    inputs: &[f32],
    width: usize,
    num_prototypes: usize,
    device: &Device,
) -> Result<Vec<usize>, Error> {
    let network = network.valid();
    let mut counts = vec![0; num_prototypes];
    for rows in inputs.chunks(ROWS_AT_A_TIME * width) {
        let rows = TensorData::new(rows.to_vec(), [rows.len() / width, width]);
        let found = network.forward(Tensor::from_data(rows, device));
        let nearest = found.probabilities.argmax(1).try_into_vec_as::<i64>();
        for index in nearest.map_err(Error::learner)? {
            counts[usize::try_from(index).map_err(Error::learner)?] += 1;
        }
    }
    Ok(counts)
}

/// The points of the units of a map that have rows. A unit of several rows counts twice: it may be a
/// cluster, while a unit of a single row is hardly one. Units without rows lie between the clusters.
pub fn occupied_points(points: &[f32], width: usize, rows: &[usize]) -> Vec<f32> {
    let units = points.chunks_exact(width).zip(rows);
    let repeated = units.flat_map(|(point, &rows)| std::iter::repeat_n(point, rows.min(2)));
    repeated.flatten().copied().collect()
}

/// The cluster of each prototype, given its nearest centroid, with the clusters that have rows numbered
/// from 0. A prototype without rows in a cluster without rows gets the first number, which no row sees.
pub fn renumbered(clusters: &[usize], rows: &[usize]) -> Vec<usize> {
    let num_clusters = clusters.iter().max().map_or(0, |&last| last + 1);
    let mut has_rows = vec![false; num_clusters];
    for (&cluster, &rows) in clusters.iter().zip(rows) {
        has_rows[cluster] |= rows > 0;
    }
    let mut next = 0;
    let numbers: Vec<Option<usize>> = has_rows
        .into_iter()
        .map(|has_rows| {
            has_rows.then(|| {
                next += 1;
                next - 1
            })
        })
        .collect();
    let number = |&cluster: &usize| numbers[cluster].unwrap_or(0);
    clusters.iter().map(number).collect()
}

/// The centroid nearest to each point.
pub fn nearest_centroids(points: &[f32], width: usize, centroids: &[f32]) -> Vec<usize> {
    let distance = |a: &[f32], b: &[f32]| -> f32 {
        let pairs = a.iter().zip(b);
        pairs.map(|(a, b)| (a - b).powi(2)).sum()
    };
    let nearest = points.chunks_exact(width).map(|point| {
        let distances = centroids.chunks_exact(width);
        let distances = distances.map(|centroid| distance(point, centroid));
        let nearest = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.map_or(0, |(index, _)| index)
    });
    nearest.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_without_rows_are_no_points_and_those_with_several_count_twice() {
        let points = [1.0, 1.5, 2.0, 2.5, 3.0, 3.5];
        let found = occupied_points(&points, 2, &[7, 0, 1]);
        assert_eq!(found, [1.0, 1.5, 1.0, 1.5, 3.0, 3.5]);
    }

    #[test]
    fn clusters_without_rows_get_no_number() {
        assert_eq!(renumbered(&[2, 0, 1, 2], &[5, 1, 0, 0]), [1, 0, 0, 1]);
    }

    #[test]
    fn points_belong_to_their_nearest_centroid() {
        let centroids = [0.0, 0.0, 5.0, 5.0];
        let found = nearest_centroids(&[1.0, 0.0, 9.0, 9.0], 2, &centroids);
        assert_eq!(found, [0, 1]);
    }
}
