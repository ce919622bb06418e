//! How good clusters are.

mod contingency;
mod external;
mod groups;
mod internal;

use serde::{Deserialize, Serialize};

use contingency::Contingency;
use groups::Groups;
use internal::Points;

/// Of how many rows the silhouette is taken at most; its time grows with their square.
pub const MAX_SILHOUETTE_ROWS: usize = 5_000;

/// How well clusters fit some rows, and labels if there are any. What is not known or not defined
/// is absent.
///
/// The first three judge the clusters by the points alone, the next three by labels that were not
/// used to find them, and the last two are those of a map of units, each of which is a point.
/// Clusters and labels are only names here: which number stands for which one does not count.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ClusterMetrics {
    /// The mean of `(b − a) / max(a, b)` with the mean distance `a` of a row to the others of its
    /// cluster and `b` to those of the nearest other cluster, in `[−1, 1]`; 0 for a row alone in
    /// its cluster. Near 1 the clusters are dense and far apart, and below 0 most rows are nearer
    /// to another one ([Rousseeuw 1987](https://doi.org/10.1016/0377-0427(87)90125-7)). Of more
    /// than [`MAX_SILHOUETTE_ROWS`] rows, that of so many evenly spaced ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silhouette: Option<f64>,
    /// The mean over all clusters of the largest `(sᵢ + sⱼ) / dᵢⱼ` to another one, with the mean
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
    /// The share of rows whose label is that of their cluster, in `(0, 1]`, if every cluster gets
    /// one label and every label one cluster so that the share is largest ([Xie et al.
    /// 2016](https://arxiv.org/abs/1511.06335)). The rows of clusters or labels beyond the number
    /// of the others are wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// `2·I / (H₁ + H₂)` with the mutual information `I` of clusters and labels and the entropy
    /// `H` of each, in `[0, 1]`; 1 if they are the same but for their names, and 0 if one tells
    /// nothing of the other. Many small clusters raise it even by chance ([Vinh et al.
    /// 2010](https://jmlr.org/papers/v11/vinh10a.html)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalized_mutual_information: Option<f64>,
    /// `(R − E) / (1 − E)` with the share `R` of the pairs of rows that clusters and labels agree
    /// to put together or apart, and what it is expected to be by chance, `E`, in `[−0.5, 1]`;
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
    /// Judges clusters by the points in them, which are row by row.
    ///
    /// All three metrics are absent if there is but one cluster or every row is one, and if a
    /// number is not finite; the silhouette also if that is so among the rows that it is taken of.
    ///
    /// # Panics
    ///
    /// If there are no columns, or not as many numbers as rows times columns.
    pub fn of_points(points: &[f32], num_columns: usize, clusters: &[usize]) -> Self {
        assert!(num_columns > 0, "at least one column to judge");
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

    /// Judges clusters by the labels of their rows as well. Without rows nothing is judged.
    ///
    /// # Panics
    ///
    /// If the clusters are not as many as the labels.
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
