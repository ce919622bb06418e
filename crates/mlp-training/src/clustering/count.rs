use mlp_inference::ClusterMetrics;

use super::k_means::KMeans;
use crate::{ClusterCount, Error};

/// The most clusters that `auto` tries.
const MAX_TRIED: usize = 12;

/// Groups points by k-means, into the number of clusters that has the best silhouette if none is
/// given; with the silhouette of each number that was tried.
pub fn choose(
    count: ClusterCount,
    points: &[f32],
    width: usize,
    seed: u64,
) -> Result<(KMeans, Vec<(usize, f64)>), Error> {
    if let ClusterCount::Exactly(count) = count {
        return Ok((KMeans::fit(points, width, count, seed)?, Vec::new()));
    }
    let num_distinct = num_distinct(points, width, MAX_TRIED + 1);
    let mut best: Option<(f64, KMeans)> = None;
    let mut silhouettes = Vec::new();
    for count in 2..=MAX_TRIED.min(num_distinct.saturating_sub(1)).max(2) {
        let found = KMeans::fit(points, width, count, seed)?;
        let metrics = ClusterMetrics::of_points(points, width, &found.clusters);
        let silhouette = metrics.silhouette.unwrap_or(-1.0);
        silhouettes.push((count, silhouette));
        if best.as_ref().is_none_or(|(best, _)| silhouette > *best) {
            best = Some((silhouette, found));
        }
    }
    let (_, best) = best.expect("two clusters are tried at least");
    Ok((best, silhouettes))
}

/// The number of distinct points, counted up to `most`.
pub fn num_distinct(points: &[f32], width: usize, most: usize) -> usize {
    let mut distinct: Vec<&[f32]> = Vec::new();
    for point in points.chunks_exact(width) {
        if distinct.len() == most {
            break;
        }
        if !distinct.contains(&point) {
            distinct.push(point);
        }
    }
    distinct.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_clusters_with_the_best_silhouette_is_chosen() {
        let points: Vec<f32> = [0.0, 100.0, 200.0, 300.0]
            .iter()
            .flat_map(|centre| [0.0, 1.0, 2.0, 3.0].map(|by| centre + by))
            .collect();
        let (found, silhouettes) = choose(ClusterCount::Auto, &points, 1, 0).unwrap();
        assert_eq!(found.num_clusters, 4);
        assert_eq!(silhouettes[0].0, 2);
        assert_eq!(silhouettes.len(), 11);
    }

    #[test]
    fn equal_points_count_once() {
        assert_eq!(num_distinct(&[1.0, 2.0, 1.0, 2.0, 1.0, 3.0], 2, 9), 2);
        assert_eq!(num_distinct(&[1.0, 2.0, 3.0], 1, 2), 2);
    }
}
