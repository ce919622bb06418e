use rayon::prelude::*;

use super::groups::Groups;
use crate::column::column;

/// How many rows are compared with all others at once.
const TILE: usize = 16;
/// How many of these others each row of the tile is compared with in turn: so few that they stay in
/// the cache.
const BLOCK: usize = 256;

/// Points, stored column by column.
pub struct Points {
    columns: Vec<Vec<f64>>,
}

impl Points {
    /// Points that are given row by row.
    pub fn new(values: &[f32], num_columns: usize) -> Self {
        let in_double = |index| column(values, index, num_columns).map(f64::from).collect();
        Self {
            columns: (0..num_columns).map(in_double).collect(),
        }
    }

    fn select(&self, rows: &[usize]) -> Self {
        let select = |column: &Vec<f64>| rows.iter().map(|&row| column[row]).collect();
        Self {
            columns: self.columns.iter().map(select).collect(),
        }
    }
}

/// Whether there is more than one cluster, and more than one row in any.
pub fn is_defined(groups: &Groups) -> bool {
    1 < groups.len() && groups.len() < groups.of_rows.len()
}

/// The mean silhouette of the rows, or of `max_rows` evenly spaced ones if there are more. `None` if
/// it is not defined for these.
pub fn silhouette(points: &Points, groups: &Groups, max_rows: usize) -> Option<f64> {
    let num_rows = groups.of_rows.len();
    if num_rows > max_rows {
        let rows: Vec<usize> = (0..max_rows).map(|row| row * num_rows / max_rows).collect();
        let clusters: Vec<usize> = rows.iter().map(|&row| groups.of_rows[row]).collect();
        return silhouette(&points.select(&rows), &Groups::new(&clusters), max_rows);
    }
    if !is_defined(groups) {
        return None;
    }
    let rows: Vec<usize> = (0..num_rows).collect();
    // Collected before they are summed, so that the order is the same for any number of threads.
    let silhouettes: Vec<f64> = rows
        .par_chunks(TILE)
        .flat_map_iter(|tile| silhouettes(points, groups, tile))
        .collect();
    Some(silhouettes.iter().sum::<f64>() / num_rows as f64)
}

/// The silhouettes of some rows: `(b − a) / max(a, b)`, or 0 if both are 0 or the row is alone in its
/// cluster.
fn silhouettes(points: &Points, groups: &Groups, tile: &[usize]) -> Vec<f64> {
    let distances = distances_to_groups(points, groups, tile);
    let rows = tile.iter().zip(distances.chunks_exact(groups.len()));
    rows.map(|(&row, distances)| {
        let own = groups.of_rows[row];
        let num_others = groups.sizes[own] - 1;
        if num_others == 0 {
            return 0.0;
        }
        let within = distances[own] / num_others as f64;
        let between = distances
            .iter()
            .zip(&groups.sizes)
            .enumerate()
            .filter(|&(group, _)| group != own)
            .map(|(_, (distance, &size))| distance / size as f64)
            .fold(f64::INFINITY, f64::min);
        match within.max(between) {
            0.0 => 0.0,
            larger => (between - within) / larger,
        }
    })
    .collect()
}

/// The sum of the distances of each row of the tile to the rows of each group.
fn distances_to_groups(points: &Points, groups: &Groups, tile: &[usize]) -> Vec<f64> {
    let mut sums = vec![0.0; tile.len() * groups.len()];
    let mut squares = [0.0; BLOCK];
    for (index, of_block) in groups.of_rows.chunks(BLOCK).enumerate() {
        let start = index * BLOCK;
        let block = start..start + of_block.len();
        for (&row, sums) in tile.iter().zip(sums.chunks_exact_mut(groups.len())) {
            let squares = &mut squares[..of_block.len()];
            squares.fill(0.0);
            for column in &points.columns {
                let here = column[row];
                for (square, there) in squares.iter_mut().zip(&column[block.clone()]) {
                    let difference = here - there;
                    *square += difference * difference;
                }
            }
            for (square, &group) in squares.iter().zip(of_block) {
                sums[group] += square.sqrt();
            }
        }
    }
    sums
}

/// The mean of the rows of each cluster.
pub fn centres(points: &Points, groups: &Groups) -> Vec<Vec<f64>> {
    let num_columns = points.columns.len();
    let mut centres = vec![vec![0.0; num_columns]; groups.len()];
    for (index, column) in points.columns.iter().enumerate() {
        for (&group, value) in groups.of_rows.iter().zip(column) {
            centres[group][index] += value;
        }
    }
    for (centre, &size) in centres.iter_mut().zip(&groups.sizes) {
        for value in centre {
            *value /= size as f64;
        }
    }
    centres
}

/// The mean over the clusters of the similarity `(sᵢ + sⱼ) / dᵢⱼ` to the most similar other cluster.
///
/// The similarity of clusters with the same centre is 0, as in scikit-learn.
pub fn davies_bouldin(points: &Points, groups: &Groups, centres: &[Vec<f64>]) -> f64 {
    let mut spreads = vec![0.0; groups.len()];
    for (&group, square) in groups
        .of_rows
        .iter()
        .zip(to_centres(points, groups, centres))
    {
        spreads[group] += square.sqrt();
    }
    for (spread, &size) in spreads.iter_mut().zip(&groups.sizes) {
        *spread /= size as f64;
    }
    let similarity = |i: usize, j: usize| match squared_distance(&centres[i], &centres[j]).sqrt() {
        0.0 => 0.0,
        distance => (spreads[i] + spreads[j]) / distance,
    };
    let clusters = 0..groups.len();
    let largest = |i| {
        clusters
            .clone()
            .map(|j| similarity(i, j))
            .fold(0.0, f64::max)
    };
    clusters.clone().map(largest).sum::<f64>() / groups.len() as f64
}

/// The variance between the clusters divided by the variance within them, each by its degrees of
/// freedom. 1 if there is no variance within them, as in scikit-learn.
pub fn calinski_harabasz(points: &Points, groups: &Groups, centres: &[Vec<f64>]) -> f64 {
    let num_rows = groups.of_rows.len() as f64;
    let within: f64 = to_centres(points, groups, centres).iter().sum();
    if within == 0.0 {
        return 1.0;
    }
    let columns = points.columns.iter();
    let centre: Vec<f64> = columns
        .map(|column| column.iter().sum::<f64>() / num_rows)
        .collect();
    let clusters = centres.iter().zip(&groups.sizes);
    let between: f64 = clusters
        .map(|(of_cluster, &size)| size as f64 * squared_distance(of_cluster, &centre))
        .sum();
    let num_clusters = groups.len() as f64;
    between * (num_rows - num_clusters) / (within * (num_clusters - 1.0))
}

/// The squared distance of each row to the centre of its cluster.
fn to_centres(points: &Points, groups: &Groups, centres: &[Vec<f64>]) -> Vec<f64> {
    let mut squares = vec![0.0; groups.of_rows.len()];
    for (index, column) in points.columns.iter().enumerate() {
        let rows = squares.iter_mut().zip(column).zip(&groups.of_rows);
        for ((square, value), &group) in rows {
            *square += (value - centres[group][index]).powi(2);
        }
    }
    squares
}

fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Silhouette, Davies-Bouldin and Caliński-Harabasz index.
    fn metrics(values: &[f32], num_columns: usize, clusters: &[usize]) -> [f64; 3] {
        let (points, groups) = (Points::new(values, num_columns), Groups::new(clusters));
        let centres = centres(&points, &groups);
        [
            silhouette(&points, &groups, clusters.len()).unwrap(),
            davies_bouldin(&points, &groups, &centres),
            calinski_harabasz(&points, &groups, &centres),
        ]
    }

    fn assert_close(actual: [f64; 3], expected: [f64; 3]) {
        for (actual, expected) in actual.into_iter().zip(expected) {
            let allowed = 1e-15 * expected.abs().max(1.0);
            assert!(
                (actual - expected).abs() <= allowed,
                "{actual} not {expected}"
            );
        }
    }

    #[test]
    fn two_pairs_of_points_far_apart_are_good_clusters() {
        // The outer points, 0 and 5, are 1 from the other of their pair and (4 + 5)/2 from those of
        // the other pair, the inner ones 1 and (3 + 4)/2. The centres, 0.5 and 4.5, are 4 apart,
        // 0.5 from their points and 2 from the centre of all.
        let silhouette = f64::midpoint(1.0 - 1.0 / 4.5, 1.0 - 1.0 / 3.5);
        let davies_bouldin = (0.5 + 0.5) / 4.0;
        let calinski_harabasz = (4.0 * 4.0) * (4.0 - 2.0) / (4.0 * 0.25 * (2.0 - 1.0));
        let expected = [silhouette, davies_bouldin, calinski_harabasz];

        assert_close(metrics(&[0.0, 1.0, 4.0, 5.0], 1, &[0, 0, 1, 1]), expected);
    }

    #[test]
    fn distances_cover_all_columns() {
        // The first cluster is (0, 0) and (6, 8), 10 apart; the second is (3, 4) twice, its centre.
        // Silhouettes are (5 − 10)/10 twice and (5 − 0)/5 twice. As the centres are the same, the
        // similarity and the variance between the clusters are 0.
        let points = [0.0, 0.0, 6.0, 8.0, 3.0, 4.0, 3.0, 4.0];

        assert_close(metrics(&points, 2, &[0, 0, 1, 1]), [0.25, 0.0, 0.0]);
    }

    #[test]
    fn a_row_alone_in_its_cluster_has_a_silhouette_of_0() {
        // The pair 0, 2 is 2 apart, and 6 and 4 from the other: (6 − 2)/6, (4 − 2)/4 and 0. Spreads
        // are 1 and 0, and the centres 1 and 6 are 5 apart, with that of all, 8/3, in between.
        let silhouette = (4.0 / 6.0 + 2.0 / 4.0) / 3.0;
        let between = 2.0 * (5.0_f64 / 3.0).powi(2) + (10.0_f64 / 3.0).powi(2);
        let expected = [silhouette, 1.0 / 5.0, between / 2.0];

        assert_close(metrics(&[0.0, 2.0, 6.0], 1, &[0, 0, 1]), expected);
    }

    #[test]
    fn each_cluster_is_compared_with_the_most_similar_one() {
        // Centres 1, 5 and 19 with spreads of 1: similarities of 2/4 twice and 2/14.
        let points = [0.0, 2.0, 4.0, 6.0, 18.0, 20.0];
        let [_, davies_bouldin, _] = metrics(&points, 1, &[0, 0, 1, 1, 2, 2]);

        assert!((davies_bouldin - (0.5 + 0.5 + 1.0 / 7.0) / 3.0).abs() < 1e-15);
    }

    #[test]
    fn clusters_without_spread_are_perfect_or_by_convention_1() {
        assert_eq!(
            metrics(&[0.0, 0.0, 3.0, 3.0], 1, &[5, 5, 2, 2]),
            [1.0, 0.0, 1.0]
        );
    }

    #[test]
    fn equal_rows_are_clustered_neither_well_nor_badly() {
        assert_eq!(metrics(&[2.0; 4], 1, &[0, 0, 1, 1]), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn too_many_rows_are_thinned_out_evenly() {
        // Of seven rows those at 0, 7/4, 2·7/4 and 3·7/4, which are the two pairs of the first test.
        let values = [0.0, 1.0, 99.0, 4.0, 99.0, 5.0, 99.0];
        let groups = Groups::new(&[0, 0, 2, 1, 2, 1, 2]);
        let thinned = silhouette(&Points::new(&values, 1), &groups, 4);

        let pairs = metrics(&[0.0, 1.0, 4.0, 5.0], 1, &[0, 0, 1, 1]);
        assert_eq!(thinned, Some(pairs[0]));
    }

    #[test]
    fn thinning_out_to_a_single_cluster_leaves_no_silhouette() {
        let groups = Groups::new(&[0, 1, 0, 1]);

        assert_eq!(silhouette(&Points::new(&[0.0; 4], 1), &groups, 2), None);
    }

    #[test]
    fn the_silhouette_does_not_depend_on_the_number_of_threads() {
        let num_rows = 3 * BLOCK + TILE + 5;
        let values: Vec<f32> = (0..2 * num_rows).map(|i| (i as f32 * 0.7).sin()).collect();
        let clusters: Vec<usize> = (0..num_rows).map(|row| row % 7).collect();
        let (points, groups) = (Points::new(&values, 2), Groups::new(&clusters));
        let with_threads = |num_threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(num_threads);
            let pool = pool.build().unwrap();
            pool.install(|| silhouette(&points, &groups, num_rows))
        };

        assert_eq!(with_threads(1), with_threads(3));
    }
}
