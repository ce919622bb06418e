use std::path::Path;

use burn::module::Module;
use burn::store::ModuleSnapshot;
use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::arrow_array::RecordBatch;
use mlp_datasets::{
    EncodedTarget, Inputs, Preprocessor, Schema, Surprise, Table, Target, Task, category_tensor,
};
use mlp_models::{Network, NetworkConfig};
use serde::Serialize;

use crate::description::{Description, FORMAT_VERSION};
use crate::{Error, Evaluation, OutputKind, Predictions, weights};

/// Rows that go through the network at a time: enough to keep a device busy, little memory.
pub(crate) const ROWS_AT_A_TIME: usize = 4096;

/// A trained network with all that is needed to use it on raw rows.
#[derive(Clone, Debug)]
pub struct SavedModel {
    description: Description,
    network: Network,
    device: Device,
}

impl SavedModel {
    /// Puts a trained network together with how it is used.
    ///
    /// The network is moved to the device, off autodiff.
    pub fn new(
        network: Network,
        config: NetworkConfig,
        output: OutputKind,
        preprocessor: Preprocessor,
        device: &Device,
    ) -> Self {
        Self {
            description: Description {
                format_version: FORMAT_VERSION,
                network: config,
                output,
                quantile: 0.5,
                preprocessor,
            },
            network: network.to_device(device),
            device: device.clone(),
        }
    }

    /// States the quantile, in (0, 1), that predicted numbers are meant to be.
    #[must_use]
    pub fn with_quantile(mut self, quantile: f64) -> Self {
        self.description.quantile = quantile;
        self
    }

    /// Writes `model.safetensors`, then `model.json`, into an existing folder. A folder without
    /// the latter holds no finished model.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        // The network's own kind is what other programs hold, so no enum stands in the names.
        weights::save(folder, |store| match &self.network {
            Network::Perceptron(perceptron) => perceptron.save_into(store),
            Network::Mlp(mlp) => mlp.save_into(store),
            Network::Tabular(tabular) => tabular.save_into(store),
        })?;
        self.description.save(folder)
    }

    /// Loads a model onto a device.
    ///
    /// # Errors
    ///
    /// If the folder or one of its files is missing, damaged, or from another version.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, Error> {
        let description = Description::load(folder)?;
        let mut network = description.network.init(device);
        weights::load(folder, |store| match &mut network {
            Network::Perceptron(perceptron) => perceptron.load_from(store),
            Network::Mlp(mlp) => mlp.load_from(store),
            Network::Tabular(tabular) => tabular.load_from(store),
        })?;
        Ok(Self {
            description,
            network,
            device: device.clone(),
        })
    }

    /// Everything about the model but its weights.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The network, to be used as any other module.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// What the model does.
    pub fn task(&self) -> Task {
        self.description.preprocessor.task()
    }

    /// The columns that rows must have, and of which kinds.
    pub fn schema(&self) -> Schema {
        self.description.preprocessor.schema()
    }

    /// Whether the model says how probable each class is.
    pub fn has_probabilities(&self) -> bool {
        matches!(
            self.description.output,
            OutputKind::Softmax | OutputKind::Sigmoid
        )
    }

    /// The names of the columns that are predicted.
    pub fn target_names(&self) -> Vec<String> {
        self.description.preprocessor.target.names()
    }

    /// The names of the classes, in the order of their labels; `None` for regression.
    pub fn classes(&self) -> Option<&[String]> {
        self.description.preprocessor.classes()
    }

    /// Predicts every row of a table. Its columns are found by name, and a target is ignored.
    ///
    /// # Errors
    ///
    /// If a feature is missing or of another kind, or the device fails.
    pub fn predict(&self, table: &Table) -> Result<Predictions, Error> {
        self.predict_noting(table, &mut Vec::new())
    }

    /// Predicts every row of a table, and notes what training has not prepared the model for.
    ///
    /// # Errors
    ///
    /// As [`predict`](Self::predict).
    pub fn predict_noting(
        &self,
        table: &Table,
        surprises: &mut Vec<Surprise>,
    ) -> Result<Predictions, Error> {
        let rows: Vec<usize> = (0..table.num_rows()).collect();
        self.predict_rows_noting(table, &rows, surprises)
    }

    /// Predicts the given rows of a table, in the given order.
    ///
    /// # Errors
    ///
    /// As [`predict`](Self::predict).
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn predict_rows(&self, table: &Table, rows: &[usize]) -> Result<Predictions, Error> {
        self.predict_rows_noting(table, rows, &mut Vec::new())
    }

    /// Predicts the rows of an Arrow batch. Its columns are found by name, and others ignored.
    ///
    /// # Errors
    ///
    /// If a column is missing or holds a value of another kind, or the device fails.
    pub fn predict_batch(&self, batch: &RecordBatch) -> Result<Predictions, Error> {
        self.predict(&Table::from_batch(batch, &self.schema())?)
    }

    /// Predicts structs or maps, whose fields are named as the columns were. What is `None` is
    /// missing.
    ///
    /// ```no_run
    /// # use std::path::Path;
    /// # use burn::tensor::Device;
    /// #[derive(serde::Serialize)]
    /// struct Passenger {
    ///     sex: &'static str,
    ///     age: Option<f32>,
    /// }
    ///
    /// let model = mlp_inference::SavedModel::load(Path::new("run"), &Device::flex())?;
    /// let predictions = model.predict_records(&[Passenger { sex: "female", age: None }])?;
    /// # Ok::<(), mlp_inference::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a field is missing or holds a value of another kind, or the device fails.
    pub fn predict_records<R: Serialize>(&self, records: &[R]) -> Result<Predictions, Error> {
        self.predict(&Table::from_records(records, &self.schema())?)
    }

    /// Predicts the given rows of a table and compares with its target.
    ///
    /// # Errors
    ///
    /// If a feature or the target is missing, a class is one that the model does not know, or the
    /// device fails.
    ///
    /// # Panics
    ///
    /// If a row is not in the table, or none is given.
    pub fn evaluate(&self, table: &Table, rows: &[usize]) -> Result<Evaluation, Error> {
        let predictions = self.predict_rows(table, rows)?;
        let encoded = self.description.preprocessor.encode_target(table, rows)?;
        Ok(match (encoded, table.target()) {
            (EncodedTarget::Classes(labels), _) => Evaluation::of_classes(&predictions, &labels),
            // Judged in the units of the data, not in those that were learned.
            (EncodedTarget::Numbers(_), Some(Target::Numbers { names, values })) => {
                let of_row = |&row: &usize| &values[row * names.len()..][..names.len()];
                let targets: Vec<f32> = rows.iter().flat_map(of_row).copied().collect();
                Evaluation::of_numbers(&predictions, &targets, self.description.quantile)
            }
            (EncodedTarget::Numbers(_), _) => unreachable!("encoding checks the target's kind"),
        })
    }

    fn predict_rows_noting(
        &self,
        table: &Table,
        rows: &[usize],
        surprises: &mut Vec<Surprise>,
    ) -> Result<Predictions, Error> {
        let d_output = self.description.network.d_output();
        let mut outputs = Vec::with_capacity(rows.len() * d_output);
        for rows in rows.chunks(ROWS_AT_A_TIME) {
            let inputs = self.description.preprocessor.transform(table, rows)?;
            for surprise in &inputs.surprises {
                surprise.clone().add_to(surprises);
            }
            outputs.extend(self.outputs(inputs, rows.len())?);
        }
        let target = &self.description.preprocessor.target;
        Ok(match self.description.output {
            OutputKind::Numbers => {
                for row in outputs.chunks_exact_mut(d_output) {
                    for (output, value) in row.iter_mut().enumerate() {
                        *value = target.restore(*value, output);
                    }
                }
                Predictions::Numbers {
                    values: outputs,
                    num_outputs: d_output,
                }
            }
            kind => kind.classify(&outputs, d_output),
        })
    }

    /// What the network says of rows of inputs.
    fn outputs(&self, inputs: Inputs, num_rows: usize) -> Result<Vec<f32>, Error> {
        let network = &self.description.network;
        let (d_input, num_embeddings) = (network.d_input(), network.cardinalities().len());
        let numbers = TensorData::new(inputs.numbers, [num_rows, d_input]);
        let categories = category_tensor(inputs.categories, num_embeddings, &self.device);
        let numbers = Tensor::from_data(numbers, &self.device);
        let outputs = self.network.forward(numbers, categories).try_into_data();
        outputs
            .map_err(|error| Error::Device(error.to_string()))?
            .convert::<f32>()
            .try_to_vec()
            .map_err(|error| Error::Device(error.to_string()))
    }
}
