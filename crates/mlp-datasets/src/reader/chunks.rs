use std::collections::VecDeque;
use std::path::PathBuf;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use csv::ByteRecord;

use super::builder::ColumnBuilder;
use super::builder::InvalidArray;
use super::columns::with_texts_of_columns;
use super::current::Current;
use super::values::push_record;
use crate::error::Error;
use crate::input::{Input, InputReader, ROWS_PER_CHUNK, Source};
use crate::schema::Schema;
use crate::table::{Column, Table};

/// A table that may be larger than memory, read a few thousand rows at a time.
///
/// ```
/// use mlp_datasets::{Chunks, ColumnKind, Schema, SchemaColumn, Source};
///
/// let schema = Schema {
///     columns: vec![SchemaColumn { name: "x".into(), kind: ColumnKind::Numeric }],
///     ..Schema::default()
/// };
/// let source = Source::from_bytes("a.csv", "name,x\na,1\nb,2\n");
///
/// let mut chunks = Chunks::open(&source, &schema)?;
///
/// assert_eq!(chunks.header(), ["name", "x"]);
/// assert!(chunks.advance()?);
/// assert_eq!(chunks.table().num_rows(), 2);
/// assert!(!chunks.advance()?);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
pub struct Chunks {
    schema: Schema,
    header: Vec<String>,
    /// The types of the columns, if the first input has types.
    types: Option<SchemaRef>,
    inputs: VecDeque<Input>,
    /// The inputs without rows.
    empty: Vec<PathBuf>,
    current: Current,
    table: Option<Table>,
    rows: Rows,
}

/// The rows of a chunk as they are in the file, with all columns.
#[derive(Clone, Copy, Debug)]
pub enum InputRows<'a> {
    /// Rows of a text file.
    Text(&'a [ByteRecord]),
    /// Rows of a file with column types.
    Batch(&'a RecordBatch),
}

enum Rows {
    /// Records, and how many of them belong to the chunk; the others are kept to reuse their memory.
    Text(Vec<ByteRecord>, usize),
    Batch(RecordBatch),
}

impl Chunks {
    /// Opens a source, to read the columns of a schema in the schema's dialect.
    ///
    /// # Errors
    ///
    /// If the first file cannot be read or lacks a column of the schema.
    pub fn open(source: &Source, schema: &Schema) -> Result<Self, Error> {
        let mut inputs: VecDeque<Input> = source.inputs().iter().cloned().collect();
        let mut empty = Vec::new();
        let (current, header, types) = loop {
            let Some(first) = inputs.pop_front() else {
                return Err(Error::table("it has no file"));
            };
            let is_last = inputs.is_empty();
            match Current::open(&first, schema, None, !is_last) {
                // Another file may have a header.
                Err(Error::EmptyFile { path } | Error::NoRecords { path }) if !is_last => {
                    empty.push(path);
                }
                opened => break opened?,
            }
        };
        let schema = Schema {
            dialect: with_texts_of_columns(&schema.dialect, &header),
            ..schema.clone()
        };
        Ok(Self {
            schema,
            header,
            types,
            inputs,
            empty,
            current,
            table: None,
            rows: Rows::Text(Vec::new(), 0),
        })
    }

    /// The names of all columns of the file.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The types of all columns, if the file has types.
    pub fn types(&self) -> Option<&SchemaRef> {
        self.types.as_ref()
    }

    /// The columns that are read.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The files so far that have no rows.
    pub fn empty_inputs(&self) -> &[PathBuf] {
        &self.empty
    }

    /// Moves to the next chunk of rows; `false` after the last one.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or has a value of another kind than the schema.
    pub fn advance(&mut self) -> Result<bool, Error> {
        loop {
            let columns = match &mut self.current.reader {
                InputReader::Text(_) => self.read_text()?,
                InputReader::Batches(_) => self.read_batch()?,
            };
            if let Some(columns) = columns {
                self.table = Some(Table::new(columns, None)?);
                return Ok(true);
            }
            if self.current.num_rows == 0 {
                self.empty.push(self.current.path.clone());
            }
            if !self.open_next()? {
                return Ok(false);
            }
        }
    }

    /// Opens the next input that has a header; `false` if there is none.
    fn open_next(&mut self) -> Result<bool, Error> {
        while let Some(next) = self.inputs.pop_front() {
            match Current::open(&next, &self.schema, Some(&self.header), true) {
                Ok((current, ..)) => {
                    self.current = current;
                    return Ok(true);
                }
                Err(Error::EmptyFile { path } | Error::NoRecords { path }) => self.empty.push(path),
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// The columns of the schema in the current chunk.
    ///
    /// # Panics
    ///
    /// Before [`advance`](Self::advance) has found rows.
    pub fn table(&self) -> &Table {
        self.table.as_ref().expect("rows were read")
    }

    /// The rows of the current chunk as they are in the file.
    pub fn rows(&self) -> InputRows<'_> {
        match &self.rows {
            Rows::Text(records, num_rows) => InputRows::Text(&records[..*num_rows]),
            Rows::Batch(batch) => InputRows::Batch(batch),
        }
    }

    /// Reads the remaining rows as one table.
    pub(super) fn read_all(&mut self) -> Result<Table, Error> {
        let mut builders = ColumnBuilder::of_schema(&self.schema);
        while self.advance()? {
            for (builder, column) in builders.iter_mut().zip(self.table().columns()) {
                builder.append(&column.values);
            }
        }
        if self.table.is_none() {
            return Err(Error::NoRows {
                path: self.current.path.clone(),
            });
        }
        Table::new(finish(builders, &self.schema), None)
    }

    fn read_text(&mut self) -> Result<Option<Vec<Column>>, Error> {
        let InputReader::Text(reader) = &mut self.current.reader else {
            unreachable!("the current input is a text");
        };
        if !matches!(self.rows, Rows::Text(..)) {
            self.rows = Rows::Text(Vec::new(), 0);
        }
        let Rows::Text(records, num_rows) = &mut self.rows else {
            unreachable!("the rows were just set to rows of text");
        };
        *num_rows = 0;
        let mut builders = ColumnBuilder::of_schema(&self.schema);
        while *num_rows < ROWS_PER_CHUNK && reader.advance()? {
            push_record(
                &self.current.path,
                reader,
                &self.current.indices,
                &mut builders,
            )?;
            if records.len() == *num_rows {
                records.push(ByteRecord::new());
            }
            match &self.current.order {
                None => records[*num_rows].clone_from(reader.record()),
                Some(order) => {
                    let cells = order.iter().map(|&index| &reader.record()[index]);
                    records[*num_rows] = cells.collect();
                }
            }
            *num_rows += 1;
        }
        self.current.num_rows += *num_rows;
        Ok((*num_rows > 0).then(|| finish(builders, &self.schema)))
    }

    fn read_batch(&mut self) -> Result<Option<Vec<Column>>, Error> {
        let Current {
            path,
            reader: InputReader::Batches(batches),
            indices,
            order,
            num_rows,
        } = &mut self.current
        else {
            unreachable!("the current input has batches");
        };
        let Some(batch) = batches.find(|batch| !batch.as_ref().is_ok_and(is_empty)) else {
            return Ok(None);
        };
        let damaged = |error| Error::damaged(path, &error);
        let batch = batch.map_err(damaged)?;
        let number = |row: usize| batches.sheet.row_number(*num_rows + row);
        let columns = columns_of(&batch, indices, &self.schema)
            .map_err(|(error, column)| error.locate(path, number, column))?;
        *num_rows += batch.num_rows();
        self.rows = Rows::Batch(match order {
            None => batch,
            Some(order) => batch.project(order).map_err(damaged)?,
        });
        Ok(Some(columns))
    }
}

fn is_empty(batch: &RecordBatch) -> bool {
    batch.num_rows() == 0
}

/// The columns of a schema, at the given indices of a batch.
pub(super) fn columns_of<'a>(
    batch: &RecordBatch,
    indices: &[usize],
    schema: &'a Schema,
) -> Result<Vec<Column>, (InvalidArray, &'a str)> {
    let mut builders = Vec::with_capacity(indices.len());
    for (column, &index) in schema.columns.iter().zip(indices) {
        let mut builder = ColumnBuilder::new(&column.name, column.kind, &schema.dialect);
        builder
            .extend(batch.column(index))
            .map_err(|error| (error, column.name.as_str()))?;
        builders.push(builder);
    }
    Ok(finish(builders, schema))
}

/// The columns of a schema from their builders.
pub(super) fn finish(builders: Vec<ColumnBuilder>, schema: &Schema) -> Vec<Column> {
    let columns = builders.into_iter().zip(&schema.columns);
    columns
        .filter_map(|(builder, column)| {
            Some(Column {
                name: column.name.clone(),
                values: builder.finish()?,
            })
        })
        .collect()
}
