use pathfinding::kuhn_munkres::kuhn_munkres;

use super::contingency::Contingency;

/// The share of the rows on the best one-to-one matching of clusters and labels.
pub fn accuracy(table: &Contingency) -> f64 {
    let matrix = &table.counts;
    // The matching requires at least as many columns as rows.
    let (matched, _) = if matrix.rows <= matrix.columns {
        kuhn_munkres(matrix)
    } else {
        kuhn_munkres(&matrix.transposed())
    };
    matched as f64 / table.num_rows as f64
}

/// The mutual information over the arithmetic mean of the two entropies.
///
/// 1 if both entropies are 0, since clusters and labels are then equal except for their names.
pub fn normalized_mutual_information(table: &Contingency) -> f64 {
    let entropies = entropy(&table.cluster_sizes) + entropy(&table.label_sizes);
    if entropies == 0.0 {
        return 1.0;
    }
    // Rounding can push the quotient beyond either end of its range.
    (2.0 * mutual_information(table) / entropies).clamp(0.0, 1.0)
}

/// `Σ nᵢⱼ/n · ln(n·nᵢⱼ / (nᵢ·nⱼ))`, in nats.
fn mutual_information(table: &Contingency) -> f64 {
    let num_rows = table.num_rows as f64;
    let mut sum = 0.0;
    for (counts, &of_cluster) in table.counts.iter().zip(&table.cluster_sizes) {
        for (&both, &of_label) in counts.iter().zip(&table.label_sizes) {
            if both > 0 {
                let by_chance = of_cluster as f64 * of_label as f64;
                sum += both as f64 * (num_rows * both as f64 / by_chance).ln();
            }
        }
    }
    sum / num_rows
}

/// `Σ nᵢ/n · ln(n/nᵢ)`, in nats.
fn entropy(sizes: &[i64]) -> f64 {
    let num_rows = sizes.iter().sum::<i64>() as f64;
    let sizes = sizes.iter().map(|&size| size as f64);
    sizes.map(|size| size * (num_rows / size).ln()).sum::<f64>() / num_rows
}

/// The Rand index adjusted for chance. Clusters and labels both put a pair of rows together (TP) or
/// apart (TN), or only the clusters (FP) or only the labels (FN) put it together:
/// `2·(TP·TN − FN·FP) / ((TP + FN)·(FN + TN) + (TP + FP)·(FP + TN))`.
///
/// 1 if they agree on all pairs, as for a single row, which has none.
pub fn adjusted_rand_index(table: &Contingency) -> f64 {
    // In integers, as the two products may be nearly equal. Pairs are counted in both orders.
    let pairs = |size: &i64| i128::from(*size) * (i128::from(*size) - 1);
    let both: i128 = table.counts.values().map(pairs).sum();
    let only_clusters = table.cluster_sizes.iter().map(pairs).sum::<i128>() - both;
    let only_labels = table.label_sizes.iter().map(pairs).sum::<i128>() - both;
    let neither = pairs(&table.num_rows) - both - only_clusters - only_labels;
    if only_clusters == 0 && only_labels == 0 {
        return 1.0;
    }
    let above_chance = 2 * (both * neither - only_clusters * only_labels);
    let most = (both + only_labels) * (only_labels + neither)
        + (both + only_clusters) * (only_clusters + neither);
    above_chance as f64 / most as f64
}

#[cfg(test)]
mod tests {
    use pathfinding::matrix::Matrix;

    use super::*;

    /// Accuracy, normalized mutual information and adjusted Rand index.
    fn metrics(clusters: &[usize], labels: &[usize]) -> [f64; 3] {
        let table = Contingency::new(clusters, labels);
        [
            accuracy(&table),
            normalized_mutual_information(&table),
            adjusted_rand_index(&table),
        ]
    }

    fn assert_close(actual: [f64; 3], expected: [f64; 3]) {
        for (actual, expected) in actual.into_iter().zip(expected) {
            assert!((actual - expected).abs() < 1e-15, "{actual} not {expected}");
        }
    }

    #[test]
    fn the_numbers_of_clusters_and_labels_do_not_matter() {
        assert_eq!(metrics(&[8, 0, 8, 3], &[1, 2, 1, 0]), [1.0; 3]);
    }

    #[test]
    fn clusters_independent_of_the_labels_share_no_information() {
        // No pair is together in both; 4 of 12 ordered pairs are in either, and 4 in neither:
        // 2·(0·4 − 4·4) / (4·8 + 4·8).
        assert_eq!(metrics(&[0, 0, 1, 1], &[0, 1, 0, 1]), [0.5, 0.0, -0.5]);
    }

    #[test]
    fn rows_of_surplus_clusters_count_as_wrong() {
        // With three clusters and two labels, one of the small clusters has no label. The information
        // is that of the labels, ln 2, and the entropy of the clusters is ln(2)/2 + 2·ln(4)/4 =
        // 1.5·ln 2.
        // Of 12 ordered pairs 2 are together in both, 2 by the labels alone and 8 in neither:
        // 2·(2·8 − 2·0) / ((2 + 2)·(2 + 8) + (2 + 0)·(0 + 8)).
        let expected = [0.75, 2.0 / 2.5, 32.0 / 56.0];

        assert_close(metrics(&[0, 0, 1, 2], &[0, 0, 1, 1]), expected);
    }

    #[test]
    fn rows_of_surplus_labels_count_as_wrong() {
        let expected = [0.75, 2.0 / 2.5, 32.0 / 56.0];

        assert_close(metrics(&[0, 0, 1, 1], &[0, 0, 1, 2]), expected);
    }

    #[test]
    fn the_best_matching_may_leave_out_the_largest_count() {
        // Counts of [[3, 2], [2, 0]]: 2 + 2 is more than 3 + 0.
        let table = Contingency::new(&[0, 0, 0, 0, 0, 1, 1], &[0, 0, 0, 1, 1, 0, 0]);

        assert_eq!(accuracy(&table), 4.0 / 7.0);
    }

    #[test]
    fn one_cluster_of_several_labels_shares_no_information() {
        // Of 6 ordered pairs all are in one cluster, 2 of them of one label: 2·(2·0 − 0·4) / (2·0 +
        // 6·4).
        assert_eq!(metrics(&[4, 4, 4], &[0, 0, 1]), [2.0 / 3.0, 0.0, 0.0]);
    }

    #[test]
    fn one_cluster_of_one_label_is_right() {
        assert_eq!(metrics(&[4, 4], &[1, 1]), [1.0; 3]);
        assert_eq!(metrics(&[4], &[1]), [1.0; 3]);
    }

    #[test]
    fn pairs_of_billions_of_rows_are_counted_exactly() {
        // If each of four counts is m, of the ordered pairs 4·m·(m − 1) are together in both and
        // 4·m² in either alone and in neither: −32·m³ / (128·m⁴ − 64·m³).
        let count: i64 = 1 << 29;
        let table = Contingency {
            counts: Matrix::new(2, 2, count),
            cluster_sizes: vec![2 * count; 2],
            label_sizes: vec![2 * count; 2],
            num_rows: 4 * count,
        };

        assert_eq!(adjusted_rand_index(&table), -1.0 / (4 * count - 2) as f64);
    }
}
