/// What a [`ClusterModel`](crate::ClusterModel) says of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// The cluster of each row, from 0.
    pub clusters: Vec<usize>,
    /// How probable that cluster is for the row, in `[0, 1]`, by Student's t-distribution.
    pub probabilities: Vec<f64>,
    /// The nearest prototype of each row: the winning unit of a map, or the centroid.
    pub prototypes: Vec<usize>,
    /// The second nearest one.
    pub runners_up: Vec<usize>,
    /// How far each row is from what the network makes of it, its reconstruction or its winning
    /// unit: the mean squared difference over the inputs, at least 0. Rows that are like no other
    /// have a large one.
    pub errors: Vec<f64>,
    /// What each row is narrowed to, row by row: its code, or where its winning unit lies.
    pub codes: Vec<f32>,
    /// How many numbers a code has.
    pub d_code: usize,
}

impl Clusters {
    /// How many rows each of the clusters has.
    pub fn sizes(&self, num_clusters: usize) -> Vec<usize> {
        let mut sizes = vec![0; num_clusters];
        for &cluster in &self.clusters {
            sizes[cluster] += 1;
        }
        sizes
    }
}
