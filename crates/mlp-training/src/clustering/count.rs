use mlp_inference::ClusterMetrics;

use super::k_means::KMeans;
use crate::{ClusterCount, Error};

/// The most clusters that `auto` tries.
pub const MAX_TRIED: usize = 12;

/// Groups points by k-means, into the number of clusters that has the best silhouette if none is
/// given; with the silhouette of each number that was tried. There are at most `most` clusters, as many
/// as there are different rows, and as many as there are different points.
pub fn choose(
    count: ClusterCount,
    points: &[f32],
    width: usize,
    most: usize,
    seed: u64,
) -> Result<(KMeans, Vec<(usize, f64)>), Error> {
    if let ClusterCount::Exactly(count) = count {
        return Ok((KMeans::fit(points, width, count, seed)?, Vec::new()));
    }
    let most = num_distinct(points, width, most.min(MAX_TRIED));
    let mut best: Option<(f64, KMeans)> = None;
    let mut silhouettes = Vec::new();
    for count in 2..=most.max(2) {
        let found = KMeans::fit(points, width, count, seed)?;
        let metrics = ClusterMetrics::of_points(points, width, &found.clusters);
        // Not defined if each cluster is a single point.
        if let Some(silhouette) = metrics.silhouette {
            silhouettes.push((count, silhouette));
        } else if best.is_some() {
            continue;
        }
        let silhouette = metrics.silhouette.unwrap_or(-1.0);
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
        let (found, silhouettes) = choose(ClusterCount::Auto, &points, 1, 99, 0).unwrap();
        assert_eq!(found.num_clusters, 4);
        assert_eq!(silhouettes[0].0, 2);
        assert_eq!(silhouettes.len(), 11);
    }

    #[test]
    fn as_many_clusters_are_tried_as_there_are_different_points() {
        let points = [0.0, 5.0, 7.0].repeat(12);
        let choose = |most| choose(ClusterCount::Auto, &points, 1, most, 0).unwrap();
        let (found, silhouettes) = choose(99);
        assert_eq!(found.num_clusters, 3);
        assert_eq!(silhouettes.len(), 2);
        assert!((silhouettes[1].1 - 1.0).abs() < 1e-9, "{silhouettes:?}");
        assert_eq!(choose(2).0.num_clusters, 2);
        // A point in each cluster says nothing.
        let (found, silhouettes) =
            super::choose(ClusterCount::Auto, &[0.0, 5.0, 7.0], 1, 99, 0).unwrap();
        assert_eq!((found.num_clusters, silhouettes.len()), (2, 1));
    }

    #[test]
    fn equal_points_count_once() {
        assert_eq!(num_distinct(&[1.0, 2.0, 1.0, 2.0, 1.0, 3.0], 2, 9), 2);
        assert_eq!(num_distinct(&[1.0, 2.0, 3.0], 1, 2), 2);
    }
}
