use pathfinding::matrix::Matrix;

use super::groups::Groups;

/// The number of rows of each cluster with each label.
///
/// Counts are signed because the matching of clusters and labels requires it.
pub struct Contingency {
    /// A row for each cluster and a column for each label that is in use.
    pub counts: Matrix<i64>,
    /// The number of rows of each cluster.
    pub cluster_sizes: Vec<i64>,
    /// The number of rows with each label.
    pub label_sizes: Vec<i64>,
    /// The number of all rows.
    pub num_rows: i64,
}

impl Contingency {
    /// The table of one cluster and one label for each row.
    pub fn new(clusters: &[usize], labels: &[usize]) -> Self {
        let (clusters, labels) = (Groups::new(clusters), Groups::new(labels));
        let mut counts = Matrix::new(clusters.len(), labels.len(), 0);
        for cell in clusters.of_rows.into_iter().zip(labels.of_rows) {
            counts[cell] += 1;
        }
        let cluster_sizes: Vec<i64> = counts.iter().map(|row| row.iter().sum()).collect();
        let of_label = |label| counts.iter().map(|row| row[label]).sum();
        let label_sizes = (0..labels.sizes.len()).map(of_label).collect();
        Self {
            num_rows: cluster_sizes.iter().sum(),
            cluster_sizes,
            label_sizes,
            counts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_cluster_and_label() {
        let table = Contingency::new(&[7, 3, 7, 7, 3], &[1, 0, 1, 5, 0]);

        // Cluster 3 has label 0 twice; cluster 7 has label 1 twice and label 5 once.
        assert_eq!(
            table.counts.iter().collect::<Vec<_>>(),
            [[2, 0, 0], [0, 2, 1]]
        );
        assert_eq!(table.cluster_sizes, [2, 3]);
        assert_eq!(table.label_sizes, [2, 2, 1]);
        assert_eq!(table.num_rows, 5);
    }
}
