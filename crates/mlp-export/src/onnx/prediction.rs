//! The predictions of a model, from the inputs of a graph to its outputs.

use mlp_datasets::TargetEncoding;
use mlp_inference::{SavedModel, TrainedNetwork};
use mlp_models::clustering::Clusterer;

use super::attribute::{int, ints, string, strings};
use super::column::{InputColumn, InputKind, MISSING, UNKNOWN};
use super::features::{Input, network_inputs};
use super::graph::{ElementType, Graph, Tensor};
use super::network::network_outputs;
use super::output::{Predicted, average, interpret};
use crate::error::Error;

const PREDICTION: &str = "prediction";
const PROBABILITIES: &str = "probabilities";

/// The names of the outputs, which are those of the columns of `predict`.
pub fn output_names(model: &SavedModel) -> Vec<String> {
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

/// An input of the graph: numbers or dates in double precision, or codes of categories.
pub fn input(graph: &mut Graph, column: &InputColumn, is_numeric: bool) -> Tensor {
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
                ints("values_int64s", &values),
                int("default_int64", UNKNOWN),
            ];
            graph.ml_node("LabelEncoder", &[&texts], attributes)
        }
    }
}

/// The predictions of a model from the inputs of the graph.
pub fn predict(
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
            let outputs = network_outputs(graph, network, config, &of_network, prefix)?;
            let sizes = (config.d_output(), config.num_members());
            let target = &preprocessor.target;
            Ok(interpret(graph, &outputs, sizes, *output, target))
        }
        TrainedNetwork::Ensemble { members, weights } => {
            let members = members.iter().zip(weights).zip(1..);
            let counted = members.filter(|((_, weight), _)| **weight > 0.0);
            let counted = counted.map(|((member, &weight), number)| {
                let prefix = format!("{prefix}member.{number}.");
                Ok((predict(graph, member, inputs, &prefix)?, weight))
            });
            let members: Vec<(Predicted, f64)> = counted.collect::<Result<_, Error>>()?;
            let no_members = || Error::graph("a member of the ensemble has no probabilities");
            average(graph, members).ok_or_else(no_members)
        }
        TrainedNetwork::Clustering { network, .. } => Err(clustering(network)),
    }
}

fn clustering(network: &Clusterer) -> Error {
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
pub fn output(
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
                        ints("keys_int64s", &indices),
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
