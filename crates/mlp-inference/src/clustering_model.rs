use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::arrow_schema::{DataType, Field};
use mlp_datasets::{Preprocessor, Table, Target, UnseenValues};
use mlp_models::clustering::{Clusterer, ClustererConfig, Grid};

use crate::error::Error;
use crate::metrics::ClusterMetrics;
use crate::predictions::Clusters;
use crate::rows::{ROWS_AT_ONCE, all_rows};

/// A [`SavedModel`](crate::SavedModel) that finds clusters.
///
/// ```no_run
/// use mlp_datasets::{Source, read_table};
/// use mlp_inference::{Device, SavedModel};
///
/// let model = SavedModel::load("runs/wine-som-1", &Device::flex())?;
/// let wines = read_table(&Source::new("wines.csv")?, &model.schema())?;
/// let clustering = model.clustering().ok_or("the model does not find clusters")?;
/// println!("{} clusters", clustering.num_clusters());
///
/// let found = clustering.predict(&wines)?;
/// println!("{} with probability {:.2}", found.clusters[0], found.probabilities[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ClusteringModel<'a> {
    pub(crate) network: &'a Clusterer,
    pub(crate) config: &'a ClustererConfig,
    /// The cluster of each prototype.
    pub(crate) clusters: &'a [usize],
    pub(crate) preprocessor: &'a Preprocessor,
    pub(crate) device: &'a Device,
}

impl<'a> ClusteringModel<'a> {
    /// The network.
    pub fn network(&self) -> &'a Clusterer {
        self.network
    }

    /// The number of clusters.
    pub fn num_clusters(&self) -> usize {
        self.clusters.iter().max().map_or(0, |&last| last + 1)
    }

    /// How many numbers a code has; 2 for a map, the position of a unit.
    pub fn d_code(&self) -> usize {
        match self.config {
            ClustererConfig::SelfOrganisingMap(_) => 2,
            ClustererConfig::DeepEmbeddedClustering(config) => config.autoencoder.d_code,
        }
    }

    /// The grid of a map; `None` for other networks.
    pub fn grid(&self) -> Option<Grid> {
        match self.config {
            ClustererConfig::SelfOrganisingMap(config) => Some(config.grid),
            ClustererConfig::DeepEmbeddedClustering(_) => None,
        }
    }

    /// The prototypes as codes, row by row, `[num_prototypes, d_code]`: the centroids, or the
    /// positions of a map's units.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn centroids(&self) -> Result<Vec<f32>, Error> {
        match (self.network, self.grid()) {
            (Clusterer::DeepEmbeddedClustering(network), _) => {
                Ok(network.centroids.val().try_into_vec_as()?)
            }
            (Clusterer::SelfOrganisingMap(_), grid) => {
                Ok(grid.as_ref().map(positions).unwrap_or_default())
            }
        }
    }

    /// The prototypes as inputs of the network, row by row, `[num_prototypes, d_input]`: the decoded
    /// centroids, or the weights of a map's units.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn prototypes(&self) -> Result<Vec<f32>, Error> {
        Ok(self.network.prototypes().try_into_vec_as()?)
    }

    /// Finds the cluster of every row of a table. Its columns are found by name; others, and a
    /// target, are ignored. [`SavedModel::predict`](crate::SavedModel::predict) also returns which
    /// values were not seen in training.
    ///
    /// # Errors
    ///
    /// If a feature is missing or of another kind, or the device fails.
    pub fn predict(&self, table: &Table) -> Result<Clusters, Error> {
        let (found, _) = self.predict_rows(table, &all_rows(table))?;
        Ok(found)
    }

    pub(crate) fn predict_rows(
        &self,
        table: &Table,
        rows: &[usize],
    ) -> Result<(Clusters, Vec<UnseenValues>), Error> {
        let mut found = Clusters::default();
        let mut unseen_values = Vec::new();
        for rows in rows.chunks(ROWS_AT_ONCE) {
            let inputs = self.preprocessor.transform(table, rows)?;
            for unseen in inputs.unseen_values {
                unseen.add_to(&mut unseen_values);
            }
            self.cluster(inputs.numbers, rows.len(), &mut found)?;
        }
        Ok((found, unseen_values))
    }

    /// Finds the clusters of rows of inputs, as the preprocessor gives them: row by row, `[num_rows,
    /// d_input]`.
    ///
    /// # Errors
    ///
    /// If the device fails.
    ///
    /// # Panics
    ///
    /// If the number of inputs is not a multiple of `d_input`.
    pub fn predict_inputs(&self, inputs: Vec<f32>) -> Result<Clusters, Error> {
        let num_rows = inputs.len() / self.config.d_input();
        let mut found = Clusters::default();
        self.cluster(inputs, num_rows, &mut found)?;
        Ok(found)
    }

    /// Finds the clusters of all rows of a table, and evaluates them by their inputs and, if the
    /// target of the table has classes, by those.
    ///
    /// # Errors
    ///
    /// As [`predict`](Self::predict).
    pub fn evaluate(&self, table: &Table) -> Result<ClusterMetrics, Error> {
        self.evaluate_clusters(table, &self.predict(table)?)
    }

    /// Evaluates clusters of all rows of a table that [`predict`](Self::predict) has found, as
    /// [`evaluate`](Self::evaluate) does.
    ///
    /// # Errors
    ///
    /// If a feature is missing or of another kind.
    ///
    /// # Panics
    ///
    /// If the clusters are those of another number of rows.
    pub fn evaluate_clusters(
        &self,
        table: &Table,
        found: &Clusters,
    ) -> Result<ClusterMetrics, Error> {
        let rows = all_rows(table);
        let inputs = self.preprocessor.transform(table, &rows)?.numbers;
        let width = self.preprocessor.width();
        let mut metrics = ClusterMetrics::of_points(&inputs, width, &found.clusters);
        if let Some(Target::Classes { labels, .. }) = table.target() {
            metrics = metrics.with_labels(&found.clusters, labels);
        }
        if let Some(grid) = self.grid()
            && !rows.is_empty()
        {
            let num_inputs = width as f64;
            let distances = found.errors.iter().map(|error| (error * num_inputs).sqrt());
            metrics.quantization_error = Some(distances.sum::<f64>() / rows.len() as f64);
            let pairs = found.prototypes.iter().zip(&found.runners_up);
            let torn = pairs.filter(|&(&a, &b)| !grid.are_neighbours(a, b)).count();
            metrics.topographic_error = Some(torn as f64 / rows.len() as f64);
        }
        Ok(metrics)
    }

    /// The columns of predictions, with or without the codes.
    pub(crate) fn columns(&self, codes: bool) -> Vec<Field> {
        // A number that is not finite is no value.
        let field = |name: &str, data_type| Field::new(name, data_type, true);
        let error = match self.grid() {
            Some(_) => "quantization_error",
            None => "reconstruction_error",
        };
        let mut fields = vec![
            Field::new("cluster", DataType::UInt64, false),
            field("probability", DataType::Float64),
            field(error, DataType::Float64),
        ];
        if codes {
            let codes = 1..=self.d_code();
            fields.extend(codes.map(|i| field(&format!("code_{i}"), DataType::Float32)));
        }
        fields
    }

    /// Adds the clusters of rows of inputs to those found before.
    fn cluster(
        &self,
        inputs: Vec<f32>,
        num_rows: usize,
        found: &mut Clusters,
    ) -> Result<(), Error> {
        let inputs = TensorData::new(inputs, [num_rows, self.config.d_input()]);
        let clustered = self.network.forward(Tensor::from_data(inputs, self.device));
        let probabilities: Vec<f32> = clustered.probabilities.try_into_vec_as()?;
        let errors: Vec<f32> = clustered.errors.try_into_vec_as()?;
        found.errors.extend(errors.into_iter().map(f64::from));

        let num_clusters = self.num_clusters();
        for row in probabilities.chunks_exact(self.config.num_prototypes()) {
            let (nearest, runner_up) = largest_two(row);
            let mut of_clusters = vec![0.0; num_clusters];
            for (&cluster, &probability) in self.clusters.iter().zip(row) {
                of_clusters[cluster] += f64::from(probability);
            }
            let cluster = self.clusters[nearest];
            found.clusters.push(cluster);
            found.probabilities.push(of_clusters[cluster].min(1.0));
            found.prototypes.push(nearest);
            found.runners_up.push(runner_up);
        }
        found.d_code = self.d_code();
        if let Some(codes) = clustered.codes {
            found.codes.extend(codes.try_into_vec_as::<f32>()?);
        } else if let Some(grid) = self.grid() {
            let positions = positions(&grid);
            let first = found.prototypes.len() - num_rows;
            for &unit in &found.prototypes[first..] {
                found.codes.extend_from_slice(&positions[2 * unit..][..2]);
            }
        }
        Ok(())
    }
}

/// The positions of the units of a grid, row by row.
fn positions(grid: &Grid) -> Vec<f32> {
    #[expect(clippy::cast_possible_truncation)] // Positions on a grid are small.
    let narrow = |coordinate: f64| coordinate as f32;
    grid.positions().into_iter().flatten().map(narrow).collect()
}

/// The indices of the largest and the second largest number, of two or more. Of equal numbers the
/// first counts as larger.
fn largest_two(numbers: &[f32]) -> (usize, usize) {
    let (mut first, mut second) = if numbers[1] > numbers[0] {
        (1, 0)
    } else {
        (0, 1)
    };
    for (i, &number) in numbers.iter().enumerate().skip(2) {
        if number > numbers[first] {
            (first, second) = (i, first);
        } else if number > numbers[second] {
            second = i;
        }
    }
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_two_come_in_descending_order() {
        assert_eq!(largest_two(&[0.1, 0.9]), (1, 0));
        assert_eq!(largest_two(&[0.5, 0.1, 0.7, 0.6]), (2, 3));
        assert_eq!(largest_two(&[0.5, 0.5, 0.5]), (0, 1));
    }
}
