/// A cluster for each row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// The cluster of each row, from 0.
    pub clusters: Vec<usize>,
    /// The probability of that cluster for the row, in `[0, 1]`, by Student's t-distribution.
    pub probabilities: Vec<f64>,
    /// The nearest prototype of each row: the winning unit of a map, or the centroid.
    pub prototypes: Vec<usize>,
    /// The second nearest prototype of each row.
    pub runners_up: Vec<usize>,
    /// The mean squared difference, over the inputs, between a row and its reconstruction (for a map,
    /// its winning unit): at least 0, and large for rows unlike any in training.
    pub errors: Vec<f64>,
    /// The codes, row by row: `d_code` numbers a row. The code of a row on a map is the position of
    /// its winning unit.
    pub codes: Vec<f32>,
    /// How many numbers a code has.
    pub d_code: usize,
}

impl Clusters {
    /// The number of rows in each of the clusters.
    ///
    /// # Panics
    ///
    /// If a row is in another cluster than the first `num_clusters`.
    pub fn sizes(&self, num_clusters: usize) -> Vec<usize> {
        let mut sizes = vec![0; num_clusters];
        for &cluster in &self.clusters {
            sizes[cluster] += 1;
        }
        sizes
    }

    /// Whether the error of a row, and the probability of its cluster, are not NaN or infinite.
    pub(crate) fn is_finite(&self, row: usize) -> bool {
        self.errors[row].is_finite() && self.probabilities[row].is_finite()
    }
}
