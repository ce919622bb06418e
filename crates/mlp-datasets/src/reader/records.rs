use std::path::Path;

use arrow_array::RecordBatch;
use serde::Serialize;
use serde_json::Value;

use super::Schema;
use super::builder::{ColumnBuilder, Wrong};
use super::chunks::{columns_of, finish};
use crate::error::Place;
use crate::input::{Dialect, column_names, find_columns};
use crate::{Error, Table};

impl Table {
    /// Takes the columns of a schema from an Arrow batch; others are ignored.
    ///
    /// # Errors
    ///
    /// If a column is missing, or holds a value of another kind than the schema says.
    pub fn from_batch(batch: &RecordBatch, schema: &Schema) -> Result<Self, Error> {
        let path = Path::new("the batch");
        let found = column_names(&batch.schema());
        let places = find_columns(path, schema.names(), &found)?;
        let columns = columns_of(batch, &places, schema, &Dialect::default())
            .map_err(|(wrong, column)| wrong.locate(path, 0, column))?;
        Self::new(columns, None)
    }

    /// Takes the columns of a schema from structs or maps, one for each row; other fields are
    /// ignored. What is `None` or NaN is missing.
    ///
    /// ```
    /// use mlp_datasets::{ColumnKind, Schema, SchemaColumn, Table};
    ///
    /// #[derive(serde::Serialize)]
    /// struct Flower { width: Option<f32>, colour: &'static str }
    ///
    /// let column = |name: &str, kind| SchemaColumn { name: name.into(), kind };
    /// let schema = Schema {
    ///     columns: vec![
    ///         column("colour", ColumnKind::Categorical),
    ///         column("width", ColumnKind::Numeric),
    ///     ],
    /// };
    /// let flowers = [Flower { width: Some(1.5), colour: "red" }, Flower { width: None, colour: "red" }];
    ///
    /// let table = Table::from_records(&flowers, &schema)?;
    ///
    /// assert_eq!((table.num_rows(), table.num_features()), (2, 2));
    /// assert!(table.column("width").unwrap().values.is_missing(1));
    /// # Ok::<(), mlp_datasets::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a row is no struct or map, lacks a column, or has a value of another kind than the schema
    /// says.
    pub fn from_records<R: Serialize>(records: &[R], schema: &Schema) -> Result<Self, Error> {
        let kinds = schema.columns.iter().map(|column| column.kind);
        let mut builders: Vec<ColumnBuilder> = kinds.map(ColumnBuilder::new).collect();
        for (row, record) in records.iter().enumerate() {
            let record = match serde_json::to_value(record) {
                Ok(Value::Object(fields)) => fields,
                Ok(_) => return Err(not_a_record(row, "it is no struct or map")),
                Err(error) => return Err(not_a_record(row, &error.to_string())),
            };
            for (builder, column) in builders.iter_mut().zip(&schema.columns) {
                let value = record
                    .get(&column.name)
                    .ok_or_else(|| Error::MissingFeature {
                        feature: column.name.clone(),
                        found: record.keys().cloned().collect(),
                    })?;
                let text = match value {
                    Value::Null => {
                        builder.push_missing();
                        continue;
                    }
                    Value::String(text) => text.clone(),
                    value => value.to_string(),
                };
                let pushed = builder.push(text.trim_ascii().as_bytes(), &Dialect::default());
                pushed.map_err(|wrong| Error::BadCell {
                    path: "the records".into(),
                    place: Place::Row(row + 1),
                    column: column.name.clone(),
                    value: text.clone(),
                    expected: match wrong {
                        Wrong::Kind(expected) => expected,
                        Wrong::Utf8 => "text in UTF-8",
                    },
                })?;
            }
        }
        Self::new(finish(builders, schema), None)
    }
}

fn not_a_record(row: usize, reason: &str) -> Error {
    Error::table(format!("record {row} cannot be read: {reason}"))
}
