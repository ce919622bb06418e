use std::path::Path;

use arrow_array::RecordBatch;
use serde::Serialize;
use serde_json::Value;

use super::builder::ColumnBuilder;
use super::builder::InvalidCell;
use super::chunks::{columns_of, finish};
use crate::error::Error;
use crate::input::{column_names, find_columns, plain_text};
use crate::position::Position;
use crate::schema::Schema;
use crate::table::Table;

impl Table {
    /// Makes a table of the columns of a schema in an Arrow batch. Other columns are ignored, and
    /// texts that mean a missing value are those of the schema's dialect.
    ///
    /// # Errors
    ///
    /// If a column is missing, or has a value of another kind than in the schema.
    pub fn from_batch(batch: &RecordBatch, schema: &Schema) -> Result<Self, Error> {
        let path = Path::new("the batch");
        let found = column_names(&batch.schema());
        let indices = find_columns(path, schema.names(), &found)?;
        let columns = columns_of(batch, &indices, schema)
            .map_err(|(error, column)| error.locate(path, |row| row + 1, column))?;
        Self::new(columns, None)
    }

    /// Makes a table of the columns of a schema in structs or maps, one for each row. Other fields are
    /// ignored. `None`, NaN and the texts and numbers that mean a missing value in the schema's
    /// dialect are missing values.
    ///
    /// ```
    /// use mlp_datasets::{ColumnKind, Schema, SchemaColumn, Table};
    ///
    /// #[derive(serde::Serialize)]
    /// struct Flower { width: Option<f64>, colour: &'static str }
    ///
    /// let column = |name: &str, kind| SchemaColumn { name: name.into(), kind };
    /// let schema = Schema {
    ///     columns: vec![
    ///         column("colour", ColumnKind::Categorical),
    ///         column("width", ColumnKind::Numeric),
    ///     ],
    ///     ..Schema::default()
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
    /// If a row is not a struct or map, lacks a column, or has a value of another kind than in the
    /// schema.
    pub fn from_records<R: Serialize>(records: &[R], schema: &Schema) -> Result<Self, Error> {
        let mut builders = ColumnBuilder::of_schema(schema);
        for (row, record) in records.iter().enumerate() {
            let record = match serde_json::to_value(record) {
                Ok(Value::Object(fields)) => fields,
                Ok(_) => return Err(not_a_record(row, "it is not a struct or map")),
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
                    Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                        value.to_string()
                    }
                };
                let pushed = builder.push(plain_text(&text).as_bytes());
                pushed.map_err(|error| Error::BadCell {
                    path: "the records".into(),
                    position: Position::Row(row + 1),
                    column: column.name.clone(),
                    value: text.clone(),
                    expected: match error {
                        InvalidCell::Kind(expected) => expected,
                        InvalidCell::Utf8 => unreachable!("JSON is UTF-8"),
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
