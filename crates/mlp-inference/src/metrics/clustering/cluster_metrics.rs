use serde::{Deserialize, Serialize};

use super::contingency::Contingency;
use super::groups::Groups;
use super::internal::Points;
use super::{external, internal};

/// The largest number of rows for which the silhouette is computed, since its time grows with their
/// square.
pub const MAX_SILHOUETTE_ROWS: usize = 5_000;

/// How well clusters fit rows and, if there are any, labels. Metrics that are unknown or not defined
/// are absent.
///
/// The first three metrics evaluate clusters by the points alone, the next three by labels that were
/// not used to find them, and the last two are those of a self-organising map. The order of the
/// cluster numbers and of the labels does not matter.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ClusterMetrics {
    /// The mean of `(b − a) / max(a, b)` with the mean distance `a` of a row to the others of its
    /// cluster and `b` to those of the nearest other cluster, in `[−1, 1]`; 0 for a row alone in
    /// its cluster. Near 1 the clusters are dense and far apart; below 0 most rows are nearer to
    /// another cluster ([Rousseeuw 1987](https://doi.org/10.1016/0377-0427(87)90125-7)). If there
    /// are more than [`MAX_SILHOUETTE_ROWS`] rows, that of so many evenly spaced ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silhouette: Option<f64>,
    /// The mean over all clusters of the largest `(sᵢ + sⱼ) / dᵢⱼ` to another cluster, with the mean
    /// distance `s` of the rows of a cluster to its centre and the distance `d` of two centres, at
    /// least 0; lower is better ([Davies and Bouldin
    /// 1979](https://doi.org/10.1109/TPAMI.1979.4766909)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub davies_bouldin: Option<f64>,
    /// `B·(n − k) / (W·(k − 1))` for `n` rows in `k` clusters, with the squared distances `W` of
    /// the rows to the centres of their clusters and `B` of these centres to that of all rows, each
    /// summed over the rows, at least 0; higher is better, and 1 where `W` is 0 ([Caliński and
    /// Harabasz 1974](https://doi.org/10.1080/03610927408827101)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calinski_harabasz: Option<f64>,
    /// The share of rows whose label is that of their cluster, in `(0, 1]`, for the one-to-one
    /// assignment of labels to clusters with the largest share ([Xie et al.
    /// 2016](https://arxiv.org/abs/1511.06335)). If there are more clusters than labels or more
    /// labels than clusters, the rows of those left over count as wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// `2·I / (H₁ + H₂)` with the mutual information `I` of clusters and labels and the entropy
    /// `H` of each, in `[0, 1]`; 1 if they are equal except for their names, and 0 if they are
    /// independent. Many small clusters raise it even by chance ([Vinh et al.
    /// 2010](https://jmlr.org/papers/v11/vinh10a.html)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalized_mutual_information: Option<f64>,
    /// `(R − E) / (1 − E)` with the share `R` of the pairs of rows on which clusters and labels
    /// agree, by putting them together or apart, and its expectation by chance `E`, in `[−0.5, 1]`;
    /// guessing gets 0 on average ([Hubert and Arabie
    /// 1985](https://doi.org/10.1007/BF01908075)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjusted_rand_index: Option<f64>,
    /// `mean(‖x − w‖)` with the unit `w` nearest to a row `x`, in the units of the points, at least
    /// 0 ([Kohonen 2001](https://doi.org/10.1007/978-3-642-56927-2)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantization_error: Option<f64>,
    /// The share of rows whose nearest and second nearest units are not neighbours on the map, in
    /// `[0, 1]` ([Kiviluoto 1996](https://doi.org/10.1109/ICNN.1996.548907)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topographic_error: Option<f64>,
}

impl ClusterMetrics {
    /// Evaluates clusters by their points, which are given row by row, `[num_rows, num_columns]`.
    ///
    /// All three metrics are absent if there is only one cluster, every row is a cluster, or a number
    /// is not finite. The silhouette is also absent if the rows for which it is computed are all in
    /// one cluster, or each in its own.
    ///
    /// # Panics
    ///
    /// If there are no columns, or the number of values is not that of rows times columns.
    pub fn of_points(points: &[f32], num_columns: usize, clusters: &[usize]) -> Self {
        assert!(num_columns > 0, "at least one column to evaluate");
        assert_eq!(
            points.len(),
            clusters.len() * num_columns,
            "one cluster for each row"
        );
        if points.iter().any(|number| !number.is_finite()) {
            return Self::default();
        }
        let points = Points::new(points, num_columns);
        let groups = Groups::new(clusters);
        if !internal::is_defined(&groups) {
            return Self::default();
        }
        let centres = internal::centres(&points, &groups);
        Self {
            silhouette: internal::silhouette(&points, &groups, MAX_SILHOUETTE_ROWS),
            davies_bouldin: Some(internal::davies_bouldin(&points, &groups, &centres)),
            calinski_harabasz: Some(internal::calinski_harabasz(&points, &groups, &centres)),
            ..Self::default()
        }
    }

    /// Adds the metrics that compare clusters with the labels of their rows. Without rows they stay
    /// absent.
    ///
    /// # Panics
    ///
    /// If there is not one label for each row.
    #[must_use]
    pub fn with_labels(self, clusters: &[usize], labels: &[usize]) -> Self {
        assert_eq!(clusters.len(), labels.len(), "one label for each row");
        if labels.is_empty() {
            return self;
        }
        let table = Contingency::new(clusters, labels);
        Self {
            accuracy: Some(external::accuracy(&table)),
            normalized_mutual_information: Some(external::normalized_mutual_information(&table)),
            adjusted_rand_index: Some(external::adjusted_rand_index(&table)),
            ..self
        }
    }
}
