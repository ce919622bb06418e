use mlp_explanations::{Dependence, Importances};
use serde::Serialize;

use super::method::Method;
use crate::report::explanation::ExplainedRow;

/// What explains a model, as it is printed as JSON and written to a folder.
#[derive(Serialize)]
pub struct Document {
    pub method: Method,
    /// The name of the data set.
    pub dataset: String,
    /// What the rows are called that the model is explained with.
    pub explained_with: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importances>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependence: Vec<Dependence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<ExplainedRow>,
}

impl Document {
    /// Nothing yet.
    pub fn of(method: Method, dataset: &str, explained_with: &'static str) -> Self {
        Self {
            method,
            dataset: dataset.to_owned(),
            explained_with,
            importance: None,
            dependence: Vec::new(),
            rows: Vec::new(),
        }
    }

    pub fn with_importance(self, importance: Importances) -> Self {
        Self {
            importance: Some(importance),
            ..self
        }
    }

    pub fn with_dependence(self, dependence: Vec<Dependence>) -> Self {
        Self { dependence, ..self }
    }

    pub fn with_rows(self, rows: Vec<ExplainedRow>) -> Self {
        Self { rows, ..self }
    }
}
