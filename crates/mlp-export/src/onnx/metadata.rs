use std::collections::BTreeMap;

use mlp_datasets::{TargetEncoding, TargetScaling};
use mlp_inference::{FORMAT_VERSION, SavedModel};
use serde::Serialize;
use serde_json::{Value, json};

use super::column::{InputColumn, InputKind, MISSING, UNKNOWN};
use super::proto::StringStringEntryProto;

/// What the whole numbers of a numeric graph mean.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// The inputs, in the order of the columns that the model takes.
    pub inputs: Vec<TableOfInput>,
    /// The names of the classes, by the index that is predicted; −1 is no class. Empty for regression.
    pub classes: Vec<String>,
    /// The names of what is predicted.
    pub targets: Vec<String>,
}

/// An input of a numeric graph, and what its codes mean if it has categories.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct TableOfInput {
    /// The name of the column.
    pub column: String,
    /// The name of the input.
    pub input: String,
    /// `numeric`, `date` or `categorical`.
    pub kind: &'static str,
    /// What the inputs of the graph are.
    pub values: &'static str,
    /// The code of each text. A text that is not here has the code 0.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, i64>,
}

impl Tables {
    pub(super) fn new(model: &SavedModel, columns: &[InputColumn]) -> Self {
        let of_column = |column: &InputColumn| {
            let (kind, values) = match column.kind {
                InputKind::Numeric => ("numeric", "numbers; NaN is missing"),
                InputKind::Date => ("date", "seconds since 1970 in UTC; NaN is missing"),
                InputKind::Categorical { .. } => {
                    ("categorical", "codes; 0 is another text, 1 is missing")
                }
            };
            let empty = (kind == "categorical").then(|| (String::new(), MISSING));
            let codes = column.codes().map(|(text, code)| (text.clone(), code));
            TableOfInput {
                column: column.column.clone(),
                input: column.input.clone(),
                kind,
                values,
                codes: empty.into_iter().chain(codes).collect(),
            }
        };
        Self {
            inputs: columns.iter().map(of_column).collect(),
            classes: model.classes().unwrap_or_default().to_vec(),
            targets: model.target_names(),
        }
    }

    /// The code of a text of an input; 0 for one that is not known.
    pub fn code(&self, input: &str, text: &str) -> i64 {
        let mut inputs = self.inputs.iter();
        let table = inputs.find(|table| table.input == input);
        let code = table.and_then(|table| table.codes.get(text));
        code.copied().unwrap_or(UNKNOWN)
    }

    /// The document that is written beside a graph.
    ///
    /// # Panics
    ///
    /// Never: texts and numbers can be written as JSON.
    pub fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(self);
        json.expect("texts and numbers can be written as JSON") + "\n"
    }
}

/// What the graph is, for people and programs: names, classes and versions.
pub(super) fn metadata(model: &SavedModel, columns: &[InputColumn]) -> Vec<StringStringEntryProto> {
    let inputs = columns.iter().map(|column| {
        let kind = match column.kind {
            InputKind::Numeric => "numeric",
            InputKind::Date => "date",
            InputKind::Categorical { .. } => "categorical",
        };
        json!({ "column": column.column, "input": column.input, "kind": kind })
    });
    let inputs: Value = inputs.collect();
    let targets: Value = match &model.preprocessor().target {
        TargetEncoding::Numbers { outputs } => {
            let outputs = outputs.iter();
            let described = |target: &TargetScaling| {
                let mut described =
                    json!({ "name": target.name, "mean": target.mean, "std": target.std });
                if let Some(factor) = target.log_factor {
                    described["log_factor"] = json!(factor);
                }
                described
            };
            outputs.map(described).collect()
        }
        TargetEncoding::Classes { name, .. } => json!([{ "name": name }]),
        TargetEncoding::Nothing => json!([]),
    };
    let entries = [
        ("task", model.task().to_string()),
        ("inputs", inputs.to_string()),
        ("targets", targets.to_string()),
        (
            "classes",
            json!(model.classes().unwrap_or_default()).to_string(),
        ),
        ("dates", "seconds since 1970-01-01T00:00:00 UTC".to_owned()),
        ("model_format_version", FORMAT_VERSION.to_string()),
        ("mlp_export_version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    let entry = |(key, value): (&str, String)| StringStringEntryProto {
        key: Some(key.to_owned()),
        value: Some(value),
    };
    entries.into_iter().map(entry).collect()
}
