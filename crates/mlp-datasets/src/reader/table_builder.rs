use super::builder::{ColumnBuilder, InvalidCell};
use super::chunks::finish;
use crate::error::Error;
use crate::input::plain_text;
use crate::schema::{Schema, SchemaColumn};
use crate::table::Table;

/// A table with the columns of a schema that is filled value by value, row by row, as when rows come over a
/// network. What means a missing value, and how texts are read as numbers and dates, is said by the dialect of the
/// schema.
///
/// Making one from a schema looks at all of its dialect. To fill many small tables, clone one that is empty.
///
/// ```
/// use mlp_datasets::{ColumnKind, Schema, SchemaColumn, TableBuilder};
///
/// let column = |name: &str, kind| SchemaColumn { name: name.into(), kind };
/// let columns = vec![column("width", ColumnKind::Numeric), column("colour", ColumnKind::Categorical)];
/// let mut builder = TableBuilder::new(&Schema { columns, ..Schema::default() });
///
/// builder.push_number(0, 1.5)?;
/// builder.push_text(1, "red")?;
/// builder.push_missing(0);
/// assert_eq!(builder.push_text(0, "wide"), Err("number"));
/// builder.push_missing(1);
///
/// let table = builder.finish().unwrap();
/// assert_eq!((table.num_rows(), table.num_features()), (2, 2));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone)]
pub struct TableBuilder {
    schema: Schema,
    builders: Vec<ColumnBuilder>,
}

impl TableBuilder {
    /// A table without rows.
    pub fn new(schema: &Schema) -> Self {
        Self {
            builders: ColumnBuilder::of_schema(schema),
            schema: Schema {
                columns: schema.columns.clone(),
                // The builders have what is needed of it.
                ..Schema::default()
            },
        }
    }

    /// The columns.
    pub fn columns(&self) -> &[SchemaColumn] {
        &self.schema.columns
    }

    /// Adds a text to the column of an index, as if it were a cell of a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read as a value of the column's kind; what was expected, such as `number`.
    ///
    /// # Panics
    ///
    /// If there is no such column.
    pub fn push_text(&mut self, column: usize, text: &str) -> Result<(), &'static str> {
        expected(self.builders[column].push(plain_text(text).as_bytes()))
    }

    /// Adds a number to the column of an index. To a column that is not numeric it is a text.
    ///
    /// # Errors
    ///
    /// If it is infinite or beyond [`Values::MAX_NUMBER`](crate::Values::MAX_NUMBER), or is not what the column
    /// expects.
    ///
    /// # Panics
    ///
    /// If there is no such column.
    pub fn push_number(&mut self, column: usize, number: f64) -> Result<(), &'static str> {
        expected(self.builders[column].push_number(number))
    }

    /// Adds a missing value to the column of an index.
    ///
    /// # Panics
    ///
    /// If there is no such column.
    pub fn push_missing(&mut self, column: usize) {
        self.builders[column].push_missing();
    }

    /// The table.
    ///
    /// # Errors
    ///
    /// If it has no rows, or columns differ in length.
    pub fn finish(self) -> Result<Table, Error> {
        Table::new(finish(self.builders, &self.schema), None)
    }
}

fn expected(pushed: Result<(), InvalidCell>) -> Result<(), &'static str> {
    pushed.map_err(|error| match error {
        InvalidCell::Kind(expected) => expected,
        InvalidCell::Utf8 => "text in UTF-8",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Dialect;
    use crate::table::{ColumnKind, Values};

    fn builder(kind: ColumnKind) -> TableBuilder {
        TableBuilder::new(&Schema {
            columns: vec![SchemaColumn {
                name: "x".into(),
                kind,
            }],
            dialect: Dialect {
                missing: vec!["-999".into()],
                ..Dialect::default()
            },
        })
    }

    #[test]
    fn numbers_that_mean_a_missing_value_are_missing() {
        let mut builder = builder(ColumnKind::Numeric);
        builder.push_number(0, -999.0).unwrap();
        builder.push_text(0, " -999.0 ").unwrap();
        builder.push_number(0, 1.5).unwrap();
        assert_eq!(
            builder.push_number(0, 1e39),
            Err("number within ±3.4e38 (single precision)")
        );
        assert_eq!(
            builder.push_number(0, f64::NEG_INFINITY),
            Err("finite number")
        );

        let table = builder.finish().unwrap();

        let values = &table.column("x").unwrap().values;
        assert_eq!((values.len(), values.num_missing()), (3, 2));
    }

    #[test]
    fn numbers_are_texts_to_other_columns() {
        let mut categories = builder(ColumnKind::Categorical);
        for number in [3.0, 0.5, -999.0] {
            categories.push_number(0, number).unwrap();
        }
        let table = categories.finish().unwrap();
        let Values::Categories { codes, names } = &table.columns()[0].values else {
            panic!("the column is categorical");
        };
        assert_eq!(names, &["3", "0.5"]);
        assert_eq!(codes, &[0, 1, Values::MISSING_CODE]);

        let mut dates = builder(ColumnKind::Date);
        assert!(dates.push_number(0, 0.5).is_err());
    }

    #[test]
    fn a_table_without_rows_is_an_error() {
        assert!(builder(ColumnKind::Numeric).finish().is_err());
    }
}
