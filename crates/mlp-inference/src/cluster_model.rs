use std::path::Path;

use burn::module::Module;
use burn::store::ModuleSnapshot;
use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::{Preprocessor, Schema, Surprise, Table, Target};
use mlp_models::{Clusterer, ClustererConfig, Grid};
use serde::{Deserialize, Serialize};

use crate::description::{self, FORMAT_VERSION, Purpose};
use crate::saved_model::ROWS_AT_A_TIME;
use crate::{ClusterMetrics, Clusters, Error, weights};

/// What `model.json` of a [`ClusterModel`] holds: everything but the weights.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct ClusterDescription {
    /// The [version](FORMAT_VERSION) of this form.
    pub format_version: u64,
    /// [`Purpose::Clustering`].
    pub purpose: Purpose,
    /// The network's kind and sizes.
    pub network: ClustererConfig,
    /// The cluster of each prototype: of each unit of a map, or of each centroid.
    pub clusters: Vec<usize>,
    /// How rows become inputs.
    pub preprocessor: Preprocessor,
}

/// A trained network that finds groups, with all that is needed to use it on raw rows.
///
/// On disk it is a folder with `model.json` and `model.safetensors`, as a
/// [`SavedModel`](crate::SavedModel) is.
///
/// ```no_run
/// use std::path::Path;
///
/// use burn::tensor::Device;
/// use mlp_inference::ClusterModel;
///
/// let model = ClusterModel::load(Path::new("runs/wine-som-1"), &Device::flex())?;
/// let wines = mlp_datasets::Source::new("wines.csv")?;
/// let wines = mlp_datasets::read_table(&wines, &model.schema())?;
/// let clusters = model.predict(&wines)?;
/// println!("{} with {:.2}", clusters.clusters[0], clusters.probabilities[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClusterModel {
    description: ClusterDescription,
    network: Clusterer,
    device: Device,
}

impl ClusterModel {
    /// Puts a trained network together with how it is used.
    ///
    /// The network is moved to the device, off autodiff. `clusters` says of each prototype to which
    /// cluster it belongs.
    pub fn new(
        network: Clusterer,
        config: ClustererConfig,
        clusters: Vec<usize>,
        preprocessor: Preprocessor,
        device: &Device,
    ) -> Self {
        Self {
            description: ClusterDescription {
                format_version: FORMAT_VERSION,
                purpose: Purpose::Clustering,
                network: config,
                clusters,
                preprocessor,
            },
            network: network.to_device(device),
            device: device.clone(),
        }
    }

    /// Writes `model.safetensors`, then `model.json`, into an existing folder.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        weights::save(folder, |store| match &self.network {
            Clusterer::SelfOrganisingMap(map) => map.save_into(store),
            Clusterer::DeepEmbeddedClustering(clustering) => clustering.save_into(store),
        })?;
        description::save(&self.description, folder)
    }

    /// Loads a model onto a device.
    ///
    /// # Errors
    ///
    /// If the folder or one of its files is missing, damaged, from another version, or holds a model
    /// that predicts.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, Error> {
        let (path, description) =
            description::load::<ClusterDescription>(folder, Purpose::Clustering)?;
        description.check(&path)?;
        let mut network = description.network.init(device);
        weights::load(folder, |store| match &mut network {
            Clusterer::SelfOrganisingMap(map) => map.load_from(store),
            Clusterer::DeepEmbeddedClustering(clustering) => clustering.load_from(store),
        })?;
        Ok(Self {
            description,
            network,
            device: device.clone(),
        })
    }

    /// Everything about the model but its weights.
    pub fn description(&self) -> &ClusterDescription {
        &self.description
    }

    /// The network, to be used as any other module.
    pub fn network(&self) -> &Clusterer {
        &self.network
    }

    /// How many clusters there are.
    pub fn num_clusters(&self) -> usize {
        self.description
            .clusters
            .iter()
            .max()
            .map_or(0, |&last| last + 1)
    }

    /// How many numbers a code has: two for a map, where its units lie.
    pub fn d_code(&self) -> usize {
        match &self.description.network {
            ClustererConfig::SelfOrganisingMap(_) => 2,
            ClustererConfig::DeepEmbeddedClustering(config) => config.autoencoder.d_code,
        }
    }

    /// The grid of a map; `None` for other networks.
    pub fn grid(&self) -> Option<Grid> {
        match &self.description.network {
            ClustererConfig::SelfOrganisingMap(config) => Some(config.grid),
            ClustererConfig::DeepEmbeddedClustering(_) => None,
        }
    }

    /// The columns that rows must have, and of which kinds.
    pub fn schema(&self) -> Schema {
        self.description.preprocessor.schema()
    }

    /// The centroids among the codes, row by row; for a map where its units lie.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn centroids(&self) -> Result<Vec<f32>, Error> {
        match &self.network {
            Clusterer::DeepEmbeddedClustering(network) => to_vec(network.centroids.val()),
            Clusterer::SelfOrganisingMap(_) => {
                let grid = self.grid().expect("a map has a grid");
                Ok(places(&grid))
            }
        }
    }

    /// The prototypes, row by row, as inputs of the network: what units stand for, or the decoded
    /// centroids.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn prototypes(&self) -> Result<Vec<f32>, Error> {
        to_vec(self.network.prototypes())
    }

    /// Finds the cluster of every row of a table. Its columns are found by name, and a target is
    /// ignored.
    ///
    /// # Errors
    ///
    /// If a feature is missing or of another kind, or the device fails.
    pub fn predict(&self, table: &Table) -> Result<Clusters, Error> {
        self.predict_noting(table, &mut Vec::new())
    }

    /// Finds the cluster of every row of a table, and notes what training has not prepared the model
    /// for.
    ///
    /// # Errors
    ///
    /// As [`predict`](Self::predict).
    pub fn predict_noting(
        &self,
        table: &Table,
        surprises: &mut Vec<Surprise>,
    ) -> Result<Clusters, Error> {
        let rows: Vec<usize> = (0..table.num_rows()).collect();
        let mut found = Clusters::default();
        for rows in rows.chunks(ROWS_AT_A_TIME) {
            let inputs = self.description.preprocessor.transform(table, rows)?;
            for surprise in &inputs.surprises {
                surprise.clone().add_to(surprises);
            }
            self.cluster(inputs.numbers, rows.len(), &mut found)?;
        }
        Ok(found)
    }

    /// Finds the clusters of rows of inputs, as the preprocessor makes them.
    ///
    /// # Errors
    ///
    /// If the device fails.
    ///
    /// # Panics
    ///
    /// If the last row is not whole.
    pub fn predict_inputs(&self, inputs: Vec<f32>) -> Result<Clusters, Error> {
        let num_rows = inputs.len() / self.description.network.d_input();
        let mut found = Clusters::default();
        self.cluster(inputs, num_rows, &mut found)?;
        Ok(found)
    }

    /// Judges the clusters of all rows of a table by their inputs and, if it has classes for a
    /// target, by these.
    ///
    /// # Errors
    ///
    /// As [`predict`](Self::predict).
    pub fn evaluate(&self, table: &Table) -> Result<ClusterMetrics, Error> {
        self.judge(table, &self.predict(table)?)
    }

    /// As [`evaluate`](Self::evaluate), of clusters that were found before.
    ///
    /// # Errors
    ///
    /// If a feature is missing or of another kind.
    pub fn judge(&self, table: &Table, found: &Clusters) -> Result<ClusterMetrics, Error> {
        let rows: Vec<usize> = (0..table.num_rows()).collect();
        let preprocessor = &self.description.preprocessor;
        let inputs = preprocessor.transform(table, &rows)?.numbers;
        let mut metrics = ClusterMetrics::of_points(&inputs, preprocessor.width(), &found.clusters);
        if let Some(Target::Classes { labels, .. }) = table.target() {
            metrics = metrics.with_labels(&found.clusters, labels);
        }
        if let Some(grid) = self.grid()
            && !rows.is_empty()
        {
            let num_inputs = preprocessor.width() as f64;
            let distances = found.errors.iter().map(|error| (error * num_inputs).sqrt());
            metrics.quantization_error = Some(distances.sum::<f64>() / rows.len() as f64);
            let pairs = found.prototypes.iter().zip(&found.runners_up);
            let torn = pairs.filter(|&(&a, &b)| !grid.are_neighbours(a, b)).count();
            metrics.topographic_error = Some(torn as f64 / rows.len() as f64);
        }
        Ok(metrics)
    }

    fn cluster(
        &self,
        inputs: Vec<f32>,
        num_rows: usize,
        found: &mut Clusters,
    ) -> Result<(), Error> {
        let network = &self.description.network;
        let inputs = TensorData::new(inputs, [num_rows, network.d_input()]);
        let clustered = self
            .network
            .forward(Tensor::from_data(inputs, &self.device));
        let probabilities = to_vec(clustered.probabilities)?;
        let errors = to_vec(clustered.errors)?;
        found.errors.extend(errors.into_iter().map(f64::from));

        let num_clusters = self.num_clusters();
        for row in probabilities.chunks_exact(network.num_prototypes()) {
            let (nearest, runner_up) = largest_two(row);
            let mut of_clusters = vec![0.0; num_clusters];
            for (&cluster, &probability) in self.description.clusters.iter().zip(row) {
                of_clusters[cluster] += f64::from(probability);
            }
            let cluster = self.description.clusters[nearest];
            found.clusters.push(cluster);
            found.probabilities.push(of_clusters[cluster].min(1.0));
            found.prototypes.push(nearest);
            found.runners_up.push(runner_up);
        }
        match (clustered.codes, self.grid()) {
            (Some(codes), _) => {
                found.d_code = codes.dims()[1];
                found.codes.extend(to_vec(codes)?);
            }
            (None, Some(grid)) => {
                found.d_code = 2;
                let places = places(&grid);
                let done = found.prototypes.len() - num_rows;
                for &unit in &found.prototypes[done..] {
                    found.codes.extend_from_slice(&places[2 * unit..][..2]);
                }
            }
            (None, None) => unreachable!("a network has codes or a grid"),
        }
        Ok(())
    }
}

impl ClusterDescription {
    fn check(&self, path: &Path) -> Result<(), Error> {
        self.network.check().map_err(|source| Error::Network {
            path: path.to_owned(),
            source,
        })?;
        self.preprocessor.check()?;
        let contradiction = |reason: String| {
            Err(Error::Contradiction {
                path: path.to_owned(),
                reason,
            })
        };
        let (width, d_input) = (self.preprocessor.width(), self.network.d_input());
        if width != d_input || !self.preprocessor.cardinalities().is_empty() {
            return contradiction(format!(
                "{width} numbers a row for a network of {d_input} inputs"
            ));
        }
        let num_prototypes = self.network.num_prototypes();
        if self.clusters.len() != num_prototypes
            || self
                .clusters
                .iter()
                .any(|&cluster| cluster >= num_prototypes)
        {
            return contradiction(format!(
                "clusters of {} prototypes, of which there are {num_prototypes}",
                self.clusters.len()
            ));
        }
        Ok(())
    }
}

/// Where the units of a grid lie, row by row.
fn places(grid: &Grid) -> Vec<f32> {
    #[expect(clippy::cast_possible_truncation)] // Places on a grid are small.
    let narrow = |place: f64| place as f32;
    grid.positions().into_iter().flatten().map(narrow).collect()
}

/// The places of the largest and the second largest number, of two or more. Of equal ones the first
/// counts as larger.
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

fn to_vec<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, Error> {
    let device_failed = |reason: String| Error::Device(reason);
    let data = tensor.try_into_data();
    let data = data.map_err(|error| device_failed(error.to_string()))?;
    let numbers = data.convert::<f32>().try_to_vec();
    numbers.map_err(|error| device_failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_two_come_in_their_order() {
        assert_eq!(largest_two(&[0.1, 0.9]), (1, 0));
        assert_eq!(largest_two(&[0.5, 0.1, 0.7, 0.6]), (2, 3));
        assert_eq!(largest_two(&[0.5, 0.5, 0.5]), (0, 1));
    }
}
