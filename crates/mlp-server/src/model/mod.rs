//! A model with what is needed to answer requests.

mod reload;
mod run;

use std::collections::HashMap;
use std::path::Path;

use mlp_datasets::{ColumnKind, Schema, TableBuilder, nearest};
use mlp_inference::SavedModel;
use mlp_inference::arrow_schema::Field;

pub use reload::{Current, Reloader};
pub use run::ServedRun;

use crate::names::shortened;

/// How many digits of a checksum tell one version from another.
const VERSION_DIGITS: usize = 12;

/// A model with what is prepared once for all requests.
pub struct ServedModel {
    /// Its name in addresses.
    pub name: String,
    /// The beginning of the SHA-256 of its description, which has that of its weights.
    pub version: String,
    pub model: SavedModel,
    /// The columns that rows must have.
    pub schema: Schema,
    /// The columns of predictions.
    pub fields: Vec<Field>,
    /// The names of the columns of predictions as in a JSON object: `"prediction":`.
    pub keys: Vec<String>,
    /// The names of the classes as JSON, in the order of their labels.
    pub classes: Vec<String>,
    /// A table without rows, which is cloned and filled.
    empty: TableBuilder,
    index_of: HashMap<String, usize>,
}

impl ServedModel {
    pub fn new(name: &str, version: String, model: SavedModel) -> Self {
        let schema = model.schema();
        let fields = model.prediction_columns(false);
        let keys = fields
            .iter()
            .map(|field| format!("{}:", quoted(field.name())));
        let classes = model.classes().unwrap_or_default().iter();
        Self {
            name: name.to_owned(),
            version,
            empty: TableBuilder::new(&schema),
            index_of: schema.names().cloned().zip(0..).collect(),
            keys: keys.collect(),
            classes: classes.map(|class| quoted(class)).collect(),
            fields,
            schema,
            model,
        }
    }

    /// A table to fill with rows.
    pub fn table(&self) -> TableBuilder {
        self.empty.clone()
    }

    /// The number of columns that rows have.
    pub fn num_columns(&self) -> usize {
        self.schema.columns.len()
    }

    /// The index of a column of a name. Most rows have the columns in their order, so the one that is next is
    /// compared first.
    pub fn index_of(&self, name: &str, next: usize) -> Option<usize> {
        match self.schema.columns.get(next) {
            Some(column) if column.name == name => Some(next),
            Some(_) | None => self.index_of.get(name).copied(),
        }
    }

    /// The name of a column.
    pub fn column(&self, index: usize) -> &str {
        &self.schema.columns[index].name
    }

    /// The kind of a column.
    pub fn kind(&self, index: usize) -> ColumnKind {
        self.schema.columns[index].kind
    }

    /// Which of some names most likely stands for a column that a request lacks.
    pub fn meant<'a>(
        &self,
        column: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        let others = names
            .into_iter()
            .filter(|name| !self.index_of.contains_key(*name));
        let name = shortened(nearest(column, others)?);
        Some(format!("it has `{name}`: did you mean `{column}`?"))
    }

    /// The names of all columns.
    pub fn columns(&self) -> Vec<&str> {
        self.schema.names().map(String::as_str).collect()
    }
}

/// What tells the version of a run from others: some digits of the checksum of its description, or of its checkpoint
/// while it is trained.
pub fn version_of(folder: &Path) -> String {
    let read = |name: &str| std::fs::read(folder.join(name));
    let description = read("model.json").or_else(|_| read("checkpoint/training.safetensors"));
    let description = description.unwrap_or_default();
    let mut version = mlp_datasets::sha256(&description);
    version.truncate(VERSION_DIGITS);
    version
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
