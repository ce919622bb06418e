//! Models as graphs of [ONNX](https://onnx.ai).

mod activation;
mod backbone;
mod column;
mod date;
mod embedding;
mod features;
pub(crate) mod graph;
mod metadata;
mod network;
mod operators;
mod output;
pub(crate) mod proto;
mod scaling;
mod weights;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use mlp_datasets::{Preprocessor, TargetEncoding};
use mlp_inference::{SavedModel, TrainedNetwork, whole_file};
use prost::Message;

pub use column::{InputColumn, InputKind};
use column::{MISSING, UNKNOWN, input_columns};
use features::{Input, network_inputs};
pub(crate) use graph::{ElementType, ML_DOMAIN};
use graph::{Graph, Tensor, int, string, strings};
pub use metadata::Tables;
use metadata::metadata;
use output::{Predicted, average, interpret};
use proto::{ModelProto, OperatorSetIdProto};

use crate::error::Error;

/// The version of the format in which a file is written: that of ONNX 1.12.
const IR_VERSION: i64 = 8;
/// The version of the operators.
const OPSET: i64 = 17;
/// The version of the operators of `ai.onnx.ml`.
const ML_OPSET: i64 = 3;

/// Messages of protobuf are smaller than 2 GiB.
const MOST_BYTES: usize = i32::MAX as usize;

const PREDICTION: &str = "prediction";
const PROBABILITIES: &str = "probabilities";

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

/// The names of the outputs, which are those of the columns of `predict`.
fn output_names(model: &SavedModel) -> Vec<String> {
    let prediction = || PREDICTION.to_owned();
    let targets = model.target_names();
    if model.classes().is_some() {
        let probabilities = model.has_probabilities().then(|| PROBABILITIES.to_owned());
        [prediction()].into_iter().chain(probabilities).collect()
    } else if targets.len() == 1 {
        vec![prediction()]
    } else {
        let targets = targets.iter();
        targets.map(|name| format!("{PREDICTION}_{name}")).collect()
    }
}

/// The preprocessors of a model: its own, or those of its members.
pub(crate) fn preprocessors(model: &SavedModel) -> Vec<&Preprocessor> {
    match model.trained_network() {
        TrainedNetwork::Ensemble { members } => members.iter().flat_map(preprocessors).collect(),
        TrainedNetwork::Prediction { .. } | TrainedNetwork::Clustering { .. } => {
            vec![model.preprocessor()]
        }
    }
}

/// An input of the graph: numbers or dates in double precision, or codes of categories.
fn input(graph: &mut Graph, column: &InputColumn, is_numeric: bool) -> Tensor {
    let name = &column.column;
    match &column.kind {
        InputKind::Numeric => {
            let doc = format!("Numbers of `{name}`; NaN is a missing one");
            graph.input(&column.input, ElementType::Double, doc)
        }
        InputKind::Date => {
            let doc = format!("Dates of `{name}` in seconds since 1970; NaN is a missing one");
            graph.input(&column.input, ElementType::Double, doc)
        }
        InputKind::Categorical { .. } if is_numeric => {
            let doc = format!(
                "Codes of `{name}`: {UNKNOWN} for an unknown category, {MISSING} for a missing one"
            );
            graph.input(&column.input, ElementType::Int64, doc)
        }
        InputKind::Categorical { .. } => {
            let doc = format!("Categories of `{name}`; the empty text is a missing one");
            let texts = graph.input(&column.input, ElementType::String, doc);
            let empty = (String::new(), MISSING);
            let codes = column.codes().map(|(text, code)| (text.clone(), code));
            let (keys, values): (Vec<String>, Vec<i64>) = [empty].into_iter().chain(codes).unzip();
            let attributes = vec![
                strings("keys_strings", &keys),
                graph::ints("values_int64s", &values),
                int("default_int64", UNKNOWN),
            ];
            graph.ml_node("LabelEncoder", &[&texts], attributes)
        }
    }
}

/// The predictions of a model from the inputs of the graph.
fn predict(
    graph: &mut Graph,
    model: &SavedModel,
    inputs: &[Input<'_>],
    prefix: &str,
) -> Result<Predicted, Error> {
    match model.trained_network() {
        TrainedNetwork::Prediction {
            network,
            config,
            output,
            ..
        } => {
            let preprocessor = model.preprocessor();
            let of_network = network_inputs(graph, inputs, preprocessor)?;
            let outputs = network::network(graph, network, config, &of_network, prefix)?;
            let sizes = (config.d_output(), config.num_members());
            let target = &preprocessor.target;
            Ok(interpret(graph, &outputs, sizes, *output, target))
        }
        TrainedNetwork::Ensemble { members } => {
            let members = members.iter().zip(1..).map(|(member, number)| {
                let prefix = format!("{prefix}member.{number}.");
                predict(graph, member, inputs, &prefix)
            });
            let members: Vec<Predicted> = members.collect::<Result<_, _>>()?;
            let no_members = || Error::graph("a member of the ensemble has no probabilities");
            average(graph, members).ok_or_else(no_members)
        }
        TrainedNetwork::Clustering { network, .. } => Err(clustering(network)),
    }
}

fn clustering(network: &mlp_models::clustering::Clusterer) -> Error {
    use mlp_models::clustering::Clusterer;

    let what = match network {
        Clusterer::SelfOrganisingMap(_) => "a self-organising map",
        Clusterer::DeepEmbeddedClustering(_) => "a deep embedded clustering",
    };
    Error::Unsupported {
        what,
        format: "ONNX",
        instead: "`--format safetensors` and `--format burnpack` write its weights, and \
                  `trainer predict --embed` its clusters and codes",
    }
}

/// Makes predictions the outputs of the graph. Classes become texts, if their names are given.
fn output(
    graph: &mut Graph,
    predicted: &Predicted,
    names: &[String],
    model: &SavedModel,
    classes: Option<&[String]>,
) {
    match predicted {
        Predicted::Classes {
            index,
            probabilities,
        } => {
            let index = graph.squeeze(index, 1);
            let doc = "The predicted class".to_owned();
            match classes {
                None => graph.output(PREDICTION, &index, ElementType::Int64, None, doc),
                Some(classes) => {
                    let indices: Vec<i64> = (0..).take(classes.len()).collect();
                    let attributes = vec![
                        graph::ints("keys_int64s", &indices),
                        strings("values_strings", classes),
                        string("default_string", ""),
                    ];
                    let labels = graph.ml_node("LabelEncoder", &[&index], attributes);
                    graph.output(PREDICTION, &labels, ElementType::String, None, doc);
                }
            }
            if let Some(probabilities) = probabilities {
                let width = model.classes().map(<[String]>::len);
                let doc = "The probability of each class".to_owned();
                let element = ElementType::Double;
                graph.output(PROBABILITIES, probabilities, element, width, doc);
            }
        }
        Predicted::Numbers(numbers) => {
            let targets = match &model.preprocessor().target {
                TargetEncoding::Numbers { outputs } => outputs.as_slice(),
                TargetEncoding::Classes { .. } | TargetEncoding::Nothing => &[],
            };
            let width = names.len();
            for (column, name) in names.iter().enumerate() {
                let of_target = graph.columns(numbers, &[column], width);
                let of_target = graph.squeeze(&of_target, 1);
                let target = targets.get(column).map_or("", |target| &target.name);
                let doc = format!("Predicted numbers of `{target}`");
                graph.output(name, &of_target, ElementType::Double, None, doc);
            }
        }
    }
}
