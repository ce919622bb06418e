use linfa::DatasetBase;
use linfa::prelude::{Fit, Predict};
use linfa_clustering::KMeans as LinfaKMeans;
use ndarray::{Array1, ArrayView2};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;

use crate::Error;

/// How often k-means starts anew; the best run counts. Of codes in ten clear clusters, fewer than half
/// of the starts find them all.
const NUM_STARTS: usize = 20;
/// The same where a start takes long.
const NUM_STARTS_OF_MANY: usize = 3;
/// How many numbers, of all rows together, are many.
const MANY_NUMBERS: usize = 5_000_000;
const MAX_STEPS: u64 = 300;
/// How little the centroids may move in a step for them to have settled.
const TOLERANCE: f32 = 1e-4;

/// Rows in clusters around their means.
pub struct KMeans {
    /// How many clusters there are.
    pub num_clusters: usize,
    /// The mean of each cluster, row by row.
    pub centroids: Vec<f32>,
    /// The cluster of each row.
    pub clusters: Vec<usize>,
}

impl KMeans {
    /// Groups rows by k-means, started by k-means++.
    ///
    /// Sums of many rows far from the origin have no digits left for what the rows differ in, so their
    /// mean is taken away first.
    ///
    /// # Errors
    ///
    /// If it fails, which does not happen with enough finite rows.
    pub fn fit(rows: &[f32], width: usize, num_clusters: usize, seed: u64) -> Result<Self, Error> {
        let failed = |reason: String| Error::learner(format!("k-means failed: {reason}"));
        let num_starts = if rows.len() < MANY_NUMBERS {
            NUM_STARTS
        } else {
            NUM_STARTS_OF_MANY
        };
        let rows = ArrayView2::from_shape((rows.len() / width, width), rows)
            .map_err(|error| failed(error.to_string()))?;
        let mut mean = Array1::<f64>::zeros(width);
        for row in rows.rows() {
            mean.zip_mut_with(&row, |sum, &number| *sum += f64::from(number));
        }
        #[expect(clippy::cast_possible_truncation)] // The rows are single precision.
        let mean = mean.mapv(|sum| (sum / rows.nrows().max(1) as f64) as f32);
        let dataset = DatasetBase::from(&rows - &mean);
        let model = LinfaKMeans::params_with_rng(num_clusters, Xoshiro256Plus::seed_from_u64(seed))
            .n_runs(num_starts)
            .max_n_iterations(MAX_STEPS)
            .tolerance(TOLERANCE)
            .fit(&dataset)
            .map_err(|error| failed(error.to_string()))?;
        let clusters = model.predict(dataset.records());
        Ok(Self {
            num_clusters,
            centroids: (model.centroids() + &mean).into_iter().collect(),
            clusters: clusters.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_far_apart_are_in_different_clusters() {
        let rows = [0.0, 0.1, 10.0, 10.1, 0.2, 20.0, 20.1];
        let found = KMeans::fit(&rows, 1, 3, 0).unwrap();
        let [a, _, b, _, _, c, _] = found.clusters[..] else {
            panic!("a cluster for each row");
        };
        assert_eq!(found.clusters, [a, a, b, b, a, c, c]);
        assert!(a != b && b != c && a != c);
        assert!((found.centroids[a] - 0.1).abs() < 1e-5);
    }

    #[test]
    fn centroids_do_not_depend_on_the_origin() {
        // 16,384 is so far away that a sum of these rows has no digits for what they differ in. None of
        // them is rounded.
        let rows: Vec<f32> = (0..1_500u16)
            .map(|i| f32::from(i % 3) * 4.0 + f32::from(i % 128) / 64.0)
            .collect();
        let far: Vec<f32> = rows.iter().map(|number| number + 16_384.0).collect();
        let centroids = |rows: &[f32]| {
            let mut found = KMeans::fit(rows, 1, 3, 0).unwrap().centroids;
            found.sort_by(f32::total_cmp);
            found
        };
        for (far, near) in centroids(&far).iter().zip(centroids(&rows)) {
            // Numbers as large are 1/512 apart.
            let near = near + 16_384.0;
            assert!((far - near).abs() <= 1.0 / 512.0, "{far} and {near}");
        }
    }

    #[test]
    fn the_seed_decides_where_the_centroids_end_up() {
        // Points without clusters, so that each start ends elsewhere.
        let rows: Vec<f32> = (0..900u16).map(|i| (f32::from(i) * 78.233).sin()).collect();
        let centroids = |seed| KMeans::fit(&rows, 3, 7, seed).unwrap().centroids;
        assert_eq!(centroids(3), centroids(3));
        assert_ne!(centroids(3), centroids(4));
    }
}
