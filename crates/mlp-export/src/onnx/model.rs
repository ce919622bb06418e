use std::ffi::OsString;
use std::iter::once;
use std::path::{Path, PathBuf};

use mlp_datasets::Preprocessor;
use mlp_inference::{SavedModel, TrainedNetwork, whole_file};
use prost::Message;

use super::column::{InputColumn, input_columns};
use super::features::Input;
use super::graph::{Graph, ML_DOMAIN};
use super::metadata::{Tables, metadata};
use super::prediction::{input, output, output_names, predict};
use super::proto::{ModelProto, OperatorSetIdProto};

use crate::error::Error;

/// The version of the format in which a file is written: that of ONNX 1.12.
const IR_VERSION: i64 = 8;
/// The version of the operators.
const OPSET: i64 = 17;
/// The version of the operators of `ai.onnx.ml`.
const ML_OPSET: i64 = 3;

/// Messages of protobuf are smaller than 2 GiB.
const MOST_BYTES: usize = i32::MAX as usize;

/// A model as a graph of ONNX: all of prediction, from the columns of a table to classes or numbers.
///
/// | input, one for each column | type | missing |
/// |---|---|---|
/// | number | `double [N, 1]` | NaN |
/// | date: seconds since the beginning of 1970 | `double [N, 1]` | NaN |
/// | category | `string [N, 1]` | empty text |
///
/// | output | type |
/// |---|---|
/// | `prediction` of a class; empty where the model computed NaN | `string [N]` |
/// | `probabilities` of the classes, if the model gives any | `double [N, num_classes]` |
/// | `prediction`, or `prediction_TARGET` for each of several targets | `double [N]` |
///
/// In a [numeric](Self::numeric) graph, categories and classes are whole numbers.
///
/// ```no_run
/// use mlp_export::Onnx;
/// use mlp_inference::{Device, SavedModel};
///
/// let model = SavedModel::load("runs/titanic-mlp-1", &Device::flex())?;
/// let onnx = Onnx::of(&model)?;
/// let difference = onnx.compare(&model)?;
/// assert!(difference.probabilities.unwrap_or_default() < 1e-5);
/// onnx.write("titanic.onnx")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Onnx {
    pub(crate) proto: ModelProto,
    columns: Vec<InputColumn>,
    outputs: Vec<String>,
    tables: Option<Tables>,
}

impl Onnx {
    /// The graph of a model, with categories and classes as texts.
    ///
    /// # Errors
    ///
    /// If the model finds clusters, the members of an ensemble have columns of different kinds, the graph would be
    /// too large for a file, or the device fails.
    pub fn of(model: &SavedModel) -> Result<Self, Error> {
        Self::build(model, false)
    }

    /// The same for runtimes without the operators of `ai.onnx.ml`: categories and classes are whole numbers, which
    /// [`tables`](Self::tables) explains.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of).
    pub fn numeric(model: &SavedModel) -> Result<Self, Error> {
        Self::build(model, true)
    }

    fn build(model: &SavedModel, is_numeric: bool) -> Result<Self, Error> {
        let outputs = output_names(model);
        let columns = input_columns(&preprocessors(model), &model.schema().dialect, &outputs)?;
        let names = columns.iter().map(|column| column.input.clone());
        let mut graph = Graph::new(names.chain(outputs.iter().cloned()));
        let inputs = columns.iter().map(|column| Input {
            tensor: input(&mut graph, column, is_numeric),
            column,
        });
        let inputs: Vec<Input<'_>> = inputs.collect();
        let predicted = predict(&mut graph, model, &inputs, "")?;
        let classes = (!is_numeric).then(|| model.classes().unwrap_or_default());
        output(&mut graph, &predicted, &outputs, model, classes);

        let operators = |domain: &str, version| OperatorSetIdProto {
            domain: Some(domain.to_owned()),
            version: Some(version),
        };
        let ml = (!is_numeric).then(|| operators(ML_DOMAIN, ML_OPSET));
        let tables = Tables::new(model, &columns);
        let proto = ModelProto {
            ir_version: Some(IR_VERSION),
            producer_name: Some(env!("CARGO_PKG_NAME").to_owned()),
            producer_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            doc_string: Some(format!("Predicts {}", model.target_names().join(", "))),
            graph: Some(graph.into_proto("predict")),
            opset_import: [operators("", OPSET)].into_iter().chain(ml).collect(),
            metadata_props: metadata(model, &columns),
        };
        let bytes = proto.encoded_len();
        if bytes > MOST_BYTES {
            return Err(Error::TooLarge {
                bytes,
                most: MOST_BYTES,
            });
        }
        Ok(Self {
            proto,
            columns,
            outputs,
            tables: is_numeric.then_some(tables),
        })
    }

    /// The inputs, in the order of the columns that the model takes.
    pub fn inputs(&self) -> &[InputColumn] {
        &self.columns
    }

    /// The names of the outputs.
    pub fn outputs(&self) -> &[String] {
        &self.outputs
    }

    /// How many operators the graph has.
    pub fn num_operators(&self) -> usize {
        self.proto
            .graph
            .as_ref()
            .map_or(0, |graph| graph.node.len())
    }

    /// What the whole numbers of a numeric graph mean; `None` for one with texts.
    pub fn tables(&self) -> Option<&Tables> {
        self.tables.as_ref()
    }

    /// The contents of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.proto.encode_to_vec()
    }

    /// Writes the graph to a file, and the [tables](Self::tables) of a numeric one to another beside it, whose name is
    /// that of the file and `.json`. Each appears whole or not at all; the graph comes last.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        if let Some(tables) = &self.tables {
            write(&tables_path(path), tables.to_json().as_bytes())?;
        }
        write(path, &self.to_bytes())
    }
}

/// The file of the tables beside that of a numeric graph: `model.onnx.json` for `model.onnx`.
pub fn tables_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".json");
    PathBuf::from(name)
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    whole_file::write(path, bytes).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })
}

/// The preprocessors of a model: its own, or those of its members.
pub(crate) fn preprocessors(model: &SavedModel) -> Vec<&Preprocessor> {
    match model.trained_network() {
        TrainedNetwork::Ensemble { members, .. } => {
            let of_members = members.iter().flat_map(preprocessors);
            // Its own has the columns of all of them.
            once(model.preprocessor()).chain(of_members).collect()
        }
        TrainedNetwork::Prediction { .. } | TrainedNetwork::Clustering { .. } => {
            vec![model.preprocessor()]
        }
    }
}
