use std::fs;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use mlp_datasets::arrow_array::RecordBatch;
use mlp_datasets::arrow_schema::Field;
use mlp_datasets::{
    Dialect, Error as DataError, Preprocessor, Schema, Table, TargetEncoding, Task,
};
use serde::Serialize;

use crate::clustering_model::ClusteringModel;
use crate::ensemble::average;
use crate::error::Error;
use crate::format::{Description, FORMAT_VERSION};
use crate::metrics::Evaluation;
use crate::prediction_model::{PredictionModel, columns, evaluate};
use crate::predictions::{PredictedValues, Predictions};
use crate::purpose::Purpose;
use crate::rows::all_rows;
use crate::trained_network::{TrainedNetwork, equal_weights};

/// A trained network with everything that is needed to use it on rows of a table.
///
/// It predicts classes or numbers, or finds clusters. It can be shared between threads: wrap it in an
/// [`Arc`] instead of cloning it.
#[derive(Clone, Debug)]
pub struct SavedModel {
    trained: TrainedNetwork,
    preprocessor: Preprocessor,
    dialect: Dialect,
    class_names: Arc<[String]>,
    device: Device,
}

impl SavedModel {
    /// Combines a trained network with the preprocessor of its inputs, and with the dialect in which
    /// its table was written if that was a text.
    ///
    /// The network is moved to the device, off autodiff.
    pub fn new(
        trained: TrainedNetwork,
        preprocessor: Preprocessor,
        dialect: Dialect,
        device: &Device,
    ) -> Self {
        Self {
            trained: trained.move_to(device),
            class_names: preprocessor.classes().unwrap_or_default().into(),
            preprocessor,
            dialect,
            device: device.clone(),
        }
    }

    /// Combines models of the same target into one whose predictions are the mean of theirs: of the
    /// probabilities of classes, or of numbers. It reads tables that have the columns of all of them.
    ///
    /// # Errors
    ///
    /// If there are no members, their targets differ, or one finds clusters or gives no probabilities of classes.
    pub fn ensemble(members: Vec<Self>) -> Result<Self, Error> {
        let weights = equal_weights(members.len());
        Self::weighted_ensemble(members, weights)
    }

    /// Combines models as [`ensemble`](Self::ensemble) does, but each counts by its weight in the mean. The weights
    /// are divided by their sum.
    ///
    /// # Errors
    ///
    /// As `ensemble`; also if there is not one weight for each member, 0 or more, or if all are 0.
    pub fn weighted_ensemble(members: Vec<Self>, weights: Vec<f64>) -> Result<Self, Error> {
        let Some(first) = members.first() else {
            return Err(Error::Ensemble {
                reason: "it has no members".to_owned(),
            });
        };
        let (mut preprocessor, dialect) = (first.preprocessor.clone(), first.dialect.clone());
        let device = first.device.clone();
        for (member, number) in members.iter().zip(1..) {
            if let Some(fault) = member.fault_as_member(&preprocessor.target) {
                let reason = format!("member {number} {fault}");
                return Err(Error::Ensemble { reason });
            }
            // A column that is the same in all rows that a member has learned from is none of its features.
            preprocessor = preprocessor.with_features_of(&member.preprocessor);
        }
        let sum: f64 = weights.iter().sum();
        // The sum is finite if they all are.
        let are_valid = weights.iter().all(|&weight| weight >= 0.0) && sum.is_finite() && sum > 0.0;
        if weights.len() != members.len() || !are_valid {
            return Err(Error::Ensemble {
                reason: format!(
                    "{} members need as many weights, not all of them 0, but were given {weights:?}",
                    members.len()
                ),
            });
        }
        let weights = weights.iter().map(|weight| weight / sum).collect();
        let trained = TrainedNetwork::Ensemble { members, weights };
        Ok(Self::new(trained, preprocessor, dialect, &device))
    }

    /// Why it cannot be a member of an ensemble of this target, if it cannot.
    fn fault_as_member(&self, target: &TargetEncoding) -> Option<&'static str> {
        let own = &self.preprocessor.target;
        if self.purpose() == Purpose::Clustering {
            Some("finds clusters")
        } else if target.names() != own.names() || target.classes() != own.classes() {
            Some("has another target than the first")
        } else if target.classes().is_some() && !self.has_probabilities() {
            Some("gives no probabilities")
        } else {
            None
        }
    }

    /// The same, whose predictions of a number are multiplied by a ratio if its logarithms were learned; see
    /// [`TargetEncoding::correct_mean`](mlp_datasets::TargetEncoding::correct_mean).
    ///
    /// # Panics
    ///
    /// If there is no such output.
    #[must_use]
    pub fn with_corrected_mean(mut self, output: usize, ratio: f64) -> Self {
        self.preprocessor.target.correct_mean(output, ratio);
        self
    }

    /// Moves the model to a device.
    pub(crate) fn moved_to(self, device: &Device) -> Self {
        let Self {
            trained,
            preprocessor,
            dialect,
            ..
        } = self;
        Self::new(trained, preprocessor, dialect, device)
    }

    /// Writes `model.safetensors`, then `model.json`, into a folder, which is created if it does not
    /// exist. Each file appears whole or not at all, in place of that of an earlier model, and is on the disk
    /// when this returns. `model.json` has the SHA-256 of the weights, so that they cannot be those of another
    /// model, and that of its own content.
    ///
    /// # Errors
    ///
    /// If the folder or a file cannot be written.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let folder = folder.as_ref();
        fs::create_dir_all(folder).map_err(|source| Error::Io {
            action: "create",
            path: folder.to_owned(),
            source,
        })?;
        let weights_sha256 = self.trained.save_weights(folder)?;
        let description = Description {
            weights_sha256,
            ..self.description()
        };
        description.save(folder)
    }

    /// Loads a model onto a device.
    ///
    /// # Errors
    ///
    /// If the folder or one of its files is missing or damaged, or was written by a newer version.
    pub fn load(folder: impl AsRef<Path>, device: &Device) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let Description {
            format_version: _,
            dialect,
            preprocessor,
            weights_sha256,
            model,
        } = Description::load(folder)?;
        let weights = weights_sha256.as_deref();
        let trained = TrainedNetwork::load(model, folder, weights, device)?;
        if let TrainedNetwork::Ensemble { members, .. } = &trained {
            for (member, number) in members.iter().zip(1..) {
                if let Some(fault) = member.fault_as_member(&preprocessor.target) {
                    return Err(Error::Ensemble {
                        reason: format!("member {number} in `{}` {fault}", folder.display()),
                    });
                }
            }
        }
        Ok(Self::new(trained, preprocessor, dialect, device))
    }

    /// The contents of `model.json`.
    pub fn description(&self) -> Description {
        Description {
            format_version: FORMAT_VERSION,
            dialect: self.dialect.clone(),
            preprocessor: self.preprocessor.clone(),
            weights_sha256: None,
            model: self.trained.describe(),
        }
    }

    /// What the model is for.
    pub fn purpose(&self) -> Purpose {
        self.trained.purpose()
    }

    /// The task of the model.
    pub fn task(&self) -> Task {
        self.preprocessor.task()
    }

    /// The network, with its configuration.
    pub fn trained_network(&self) -> &TrainedNetwork {
        &self.trained
    }

    /// How rows become inputs, and outputs become classes or numbers.
    pub fn preprocessor(&self) -> &Preprocessor {
        &self.preprocessor
    }

    /// The columns that rows must have, their kinds, and the dialect of a text.
    pub fn schema(&self) -> Schema {
        Schema {
            dialect: self.dialect.clone(),
            ..self.preprocessor.schema()
        }
    }

    /// Whether the model gives a probability for each class.
    pub fn has_probabilities(&self) -> bool {
        match &self.trained {
            TrainedNetwork::Prediction { output, .. } => output.has_probabilities(),
            TrainedNetwork::Ensemble { .. } => self.preprocessor.classes().is_some(),
            TrainedNetwork::Clustering { .. } => false,
        }
    }

    /// The names of the predicted columns; none for a clustering.
    pub fn target_names(&self) -> Vec<String> {
        self.preprocessor.target.names()
    }

    /// The names of the classes, in the order of their labels; `None` if the model does not predict
    /// classes.
    pub fn classes(&self) -> Option<&[String]> {
        self.preprocessor.classes()
    }

    /// The model as one that finds clusters; `None` if it predicts classes or numbers.
    pub fn clustering(&self) -> Option<ClusteringModel<'_>> {
        match self.model() {
            Model::Prediction(_) | Model::Ensemble(..) => None,
            Model::Clustering(model) => Some(model),
        }
    }

    /// Predicts every row of a table. Its columns are found by name; others, and a target, are
    /// ignored.
    ///
    /// # Errors
    ///
    /// If a feature is missing or of another kind, or the device fails.
    pub fn predict(&self, table: &Table) -> Result<Predictions, Error> {
        self.predict_rows(table, &all_rows(table))
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
        let (values, unseen_values) = match self.model() {
            Model::Prediction(model) => model.predict(table, rows)?,
            Model::Ensemble(members, weights) => average(members, weights, table, rows)?,
            Model::Clustering(model) => {
                let (clusters, unseen_values) = model.predict_rows(table, rows)?;
                (PredictedValues::Clusters(clusters), unseen_values)
            }
        };
        Ok(Predictions {
            values,
            unseen_values,
        })
    }

    /// Predicts the rows of an Arrow batch. Its columns are found by name, and others are ignored.
    ///
    /// # Errors
    ///
    /// If there are no rows, a column is missing or contains a value of another kind, or the device
    /// fails.
    pub fn predict_batch(&self, batch: &RecordBatch) -> Result<Predictions, Error> {
        if batch.num_rows() == 0 {
            return Err(no_rows("rows", "predict"));
        }
        self.predict(&Table::from_batch(batch, &self.schema())?)
    }

    /// Predicts structs or maps, one for each row, whose fields are named like the columns. A value
    /// of `None` is missing; fields that are not features are ignored.
    ///
    /// ```no_run
    /// use mlp_inference::{Device, SavedModel};
    ///
    /// #[derive(serde::Serialize)]
    /// struct Passenger {
    ///     sex: &'static str,
    ///     age: Option<f32>,
    /// }
    ///
    /// let model = SavedModel::load("runs/titanic-mlp-1", &Device::flex())?;
    /// let passengers = [Passenger { sex: "female", age: None }];
    /// let predictions = model.predict_records(&passengers)?;
    /// println!("{:?}", predictions.class(0));
    /// # Ok::<(), mlp_inference::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no records, a field is missing or contains a value of another kind, or the device
    /// fails.
    pub fn predict_records<R: Serialize>(&self, records: &[R]) -> Result<Predictions, Error> {
        if records.is_empty() {
            return Err(no_rows("records", "predict"));
        }
        let table = match Table::from_records(records, &self.schema()) {
            Ok(table) => table,
            Err(DataError::MissingFeature { feature, .. }) => {
                return Err(Error::MissingField { field: feature });
            }
            Err(error) => return Err(error.into()),
        };
        self.predict(&table)
    }

    /// Predicts the given rows of a table and compares the predictions with its target. Rows count by
    /// the weights of the table, if it has any; those of classes that the model does not know count as
    /// wrong predictions. Clusters are evaluated by [`ClusteringModel::evaluate`].
    ///
    /// # Errors
    ///
    /// If no rows are given, the model finds clusters, a feature or the target is missing, the model
    /// knows the class of no row, or the device fails.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn evaluate(&self, table: &Table, rows: &[usize]) -> Result<Evaluation, Error> {
        if self.purpose() == Purpose::Clustering {
            return Err(Error::OtherPurpose {
                found: Purpose::Clustering,
                expected: Purpose::Prediction,
            });
        }
        if rows.is_empty() {
            return Err(no_rows("rows", "evaluate"));
        }
        let predicted = self.predict_rows(table, rows)?.values;
        self.evaluate_values(predicted, table, rows)
    }

    /// Compares predictions of the given rows of a table with its target, as [`evaluate`](Self::evaluate) does with
    /// the model's own. They are of the same classes, or of as many numbers.
    ///
    /// # Errors
    ///
    /// If the target is missing or another one, or the model knows the class of no row.
    ///
    /// # Panics
    ///
    /// If a row is not in the table, or there is not one prediction for each row.
    pub fn evaluate_values(
        &self,
        predicted: PredictedValues,
        table: &Table,
        rows: &[usize],
    ) -> Result<Evaluation, Error> {
        evaluate(predicted, &self.preprocessor, self.quantile(), table, rows)
    }

    /// The names and types of the columns that [`Predictions::into_columns`] gives for this model:
    ///
    /// | model | columns |
    /// |---|---|
    /// | classification | `prediction`, and `probability_CLASS` for each class if there are probabilities |
    /// | regression | `prediction`, or `prediction_TARGET` for each of several targets |
    /// | clustering | `cluster`, `probability`, `quantization_error` (map) or `reconstruction_error` |
    ///
    /// With `codes`, a clustering also has `code_1`, `code_2` and so on. All but `cluster` can be null:
    /// where the model computed NaN or infinity.
    pub fn prediction_columns(&self, codes: bool) -> Vec<Field> {
        match self.model() {
            Model::Prediction(_) | Model::Ensemble(..) => {
                columns(&self.preprocessor, self.has_probabilities())
            }
            Model::Clustering(model) => model.columns(codes),
        }
    }

    /// The quantile that predicted numbers estimate, in `(0, 1)`; 0.5 unless a model was trained on the pinball loss
    /// of another one.
    pub fn quantile(&self) -> f64 {
        match &self.trained {
            TrainedNetwork::Prediction { quantile, .. } => *quantile,
            TrainedNetwork::Ensemble { members, .. } => members[0].quantile(),
            TrainedNetwork::Clustering { .. } => 0.5,
        }
    }

    fn model(&self) -> Model<'_> {
        match &self.trained {
            TrainedNetwork::Ensemble { members, weights } => Model::Ensemble(members, weights),
            TrainedNetwork::Prediction {
                network,
                config,
                output,
                ..
            } => Model::Prediction(PredictionModel {
                network,
                config,
                output: *output,
                preprocessor: &self.preprocessor,
                class_names: &self.class_names,
                device: &self.device,
            }),
            TrainedNetwork::Clustering {
                network,
                config,
                clusters,
            } => Model::Clustering(ClusteringModel {
                network,
                config,
                clusters,
                preprocessor: &self.preprocessor,
                device: &self.device,
            }),
        }
    }
}

/// The model by its purpose, with what it needs for that.
enum Model<'a> {
    Prediction(PredictionModel<'a>),
    Ensemble(&'a [SavedModel], &'a [f64]),
    Clustering(ClusteringModel<'a>),
}

fn no_rows(what: &'static str, action: &'static str) -> Error {
    Error::NoRows { what, action }
}
