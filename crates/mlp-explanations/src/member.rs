use std::collections::HashMap;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::{FeatureEncoding, Inputs, Preprocessor, Table, category_tensor};
use mlp_inference::{OutputKind, SavedModel, TrainedNetwork};
use mlp_models::{Network, NetworkConfig};

use crate::error::Error;
use crate::predicted::Predicted;

/// A network of a model, with its preprocessor: the only one, or one of those whose predictions an
/// ensemble averages.
pub struct Member<'a> {
    pub network: &'a Network,
    pub config: &'a NetworkConfig,
    pub output: OutputKind,
    pub preprocessor: &'a Preprocessor,
    pub device: Device,
    /// How much it counts in the mean, of 1.
    pub share: f64,
    class_names: Arc<[String]>,
}

/// The place of a column among the inputs of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The first of its numbers.
    pub offset: usize,
    /// How many numbers it gives.
    pub width: usize,
    /// The position of its category, if it is embedded.
    pub position: Option<usize>,
}

impl<'a> Member<'a> {
    /// The networks of a model, in their order.
    ///
    /// # Errors
    ///
    /// If the model finds clusters, so that the method has nothing to explain.
    pub fn all(model: &'a SavedModel, method: &'static str) -> Result<Vec<Self>, Error> {
        let mut members = Vec::new();
        collect(model, 1.0, method, &mut members)?;
        Ok(members)
    }

    /// The place of each of the columns of a model, in their order; an empty one for a column that this network does not
    /// have, since it is the same in all rows that it has learned from.
    pub fn places(&self, columns: &[String]) -> Vec<Place> {
        let (mut offset, mut position) = (0, 0);
        let place = |feature: &'a FeatureEncoding| {
            let place = Place {
                offset,
                width: feature.width(),
                position: feature.cardinality().map(|_| position),
            };
            offset += place.width;
            position += usize::from(place.position.is_some());
            (feature.name(), place)
        };
        let features = self.preprocessor.features.iter();
        let places: HashMap<&str, Place> = features.map(place).collect();
        let of_column = |column: &String| places.get(column.as_str()).copied();
        let columns = columns.iter().map(of_column);
        columns.map(Option::unwrap_or_default).collect()
    }

    /// The inputs of rows of a table.
    pub fn transform(&self, table: &Table, rows: &[usize]) -> Result<Inputs, Error> {
        Ok(self.preprocessor.transform(table, rows)?)
    }

    /// How many categories of a row are embedded.
    pub fn num_embeddings(&self) -> usize {
        self.config.cardinalities().len()
    }

    /// How many numbers a row has.
    pub fn width(&self) -> usize {
        self.config.inputs.d_numbers
    }

    /// Predicts rows of inputs, as [`SavedModel::predict_rows`] does.
    pub fn predict(
        &self,
        numbers: Vec<f32>,
        categories: Vec<u32>,
        num_rows: usize,
    ) -> Result<Predicted, Error> {
        let shape = [num_rows, self.width()];
        let numbers = Tensor::from_data(TensorData::new(numbers, shape), &self.device);
        let categories = category_tensor(categories, self.num_embeddings(), &self.device);
        let outputs = self.network.forward(numbers, categories);
        let outputs = self
            .output
            .combine_members(outputs, self.config.num_members());
        let outputs: Vec<f32> = outputs.try_into_vec_as()?;
        let d_output = self.config.d_output();
        Ok(match self.output {
            OutputKind::Softmax | OutputKind::Sigmoid | OutputKind::Scores => {
                let names = self.class_names.clone();
                let width = names.len();
                let classes = self.output.classify(&outputs, d_output, names);
                Predicted {
                    width,
                    values: classes
                        .probabilities
                        .unwrap_or_else(|| scores(&outputs, d_output)),
                    labels: classes.labels,
                }
            }
            OutputKind::Numbers => {
                let target = &self.preprocessor.target;
                let values = outputs.iter().enumerate();
                let values = values.map(|(i, &value)| target.restore(value, i % d_output));
                Predicted {
                    width: d_output,
                    values: values.collect(),
                    labels: Vec::new(),
                }
            }
        })
    }
}

/// The score of each class: of a single score, its negative is that of the first class.
fn scores(outputs: &[f32], d_output: usize) -> Vec<f64> {
    let scores = outputs.iter().map(|&score| f64::from(score));
    if d_output == 1 {
        scores.flat_map(|score| [-score, score]).collect()
    } else {
        scores.collect()
    }
}

fn collect<'a>(
    model: &'a SavedModel,
    share: f64,
    method: &'static str,
    members: &mut Vec<Member<'a>>,
) -> Result<(), Error> {
    match model.trained_network() {
        TrainedNetwork::Prediction {
            network,
            config,
            output,
            ..
        } => {
            members.push(Member {
                network,
                config,
                output: *output,
                preprocessor: model.preprocessor(),
                device: network.devices().into_iter().next().unwrap_or_default(),
                share,
                class_names: model.classes().unwrap_or_default().into(),
            });
            Ok(())
        }
        TrainedNetwork::Ensemble {
            members: models,
            weights,
        } => {
            let models = models.iter().zip(weights);
            let mut models = models.filter(|(_, weight)| **weight > 0.0);
            models.try_for_each(|(model, weight)| collect(model, share * weight, method, members))
        }
        TrainedNetwork::Clustering { .. } => Err(Error::Clustering { method }),
    }
}
