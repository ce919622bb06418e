use std::collections::VecDeque;
use std::path::PathBuf;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use csv::ByteRecord;

use super::Schema;
use super::builder::ColumnBuilder;
use super::columns::push_record;
use crate::input::{Dialect, Input, InputReader, Source, find_columns};
use crate::{Column, Error, Table};

/// Rows of a text that are turned over at a time.
const CHUNK_SIZE: usize = 8192;

/// A table too large for memory, some thousand rows at a time.
///
/// ```
/// use mlp_datasets::{Chunks, ColumnKind, Dialect, Schema, SchemaColumn, Source};
///
/// let schema = Schema {
///     columns: vec![SchemaColumn { name: "x".into(), kind: ColumnKind::Numeric }],
/// };
/// let source = Source::from_bytes("a.csv", "name,x\na,1\nb,2\n");
///
/// let mut chunks = Chunks::open(&source, &schema, &Dialect::default())?;
///
/// assert_eq!(chunks.header(), ["name", "x"]);
/// assert!(chunks.advance()?);
/// assert_eq!(chunks.table().num_rows(), 2);
/// assert!(!chunks.advance()?);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
pub struct Chunks {
    schema: Schema,
    dialect: Dialect,
    header: Vec<String>,
    /// The types of the columns, if the first input states them.
    types: Option<SchemaRef>,
    inputs: VecDeque<Input>,
    current: Current,
    table: Option<Table>,
    rows: Rows,
}

/// The rows of a chunk as they stand in the file, with all columns.
#[derive(Clone, Copy, Debug)]
pub enum InputRows<'a> {
    /// Of a text.
    Text(&'a [ByteRecord]),
    /// Of a file with types.
    Batch(&'a RecordBatch),
}

enum Rows {
    /// The records, of which the first so many belong to the chunk; the others are kept for their
    /// memory.
    Text(Vec<ByteRecord>, usize),
    Batch(RecordBatch),
}

/// The input that is being read.
struct Current {
    path: PathBuf,
    reader: InputReader,
    /// Where the columns of the schema stand.
    places: Vec<usize>,
    /// Where the columns of the first input stand, if elsewhere than there.
    order: Option<Vec<usize>>,
    num_rows: usize,
}

impl Chunks {
    /// Begins to read.
    ///
    /// # Errors
    ///
    /// If the first file cannot be read or lacks a column of the schema.
    pub fn open(source: &Source, schema: &Schema, dialect: &Dialect) -> Result<Self, Error> {
        let mut inputs: VecDeque<Input> = source.inputs().iter().cloned().collect();
        let Some(first) = inputs.pop_front() else {
            return Err(Error::table("it has no file"));
        };
        let (current, header, types) = Current::open(&first, schema, dialect, None)?;
        Ok(Self {
            schema: schema.clone(),
            dialect: dialect.clone(),
            header,
            types,
            inputs,
            current,
            table: None,
            rows: Rows::Text(Vec::new(), 0),
        })
    }

    /// The names of all columns of the file.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The types of all columns, if the file states them.
    pub fn types(&self) -> Option<&SchemaRef> {
        self.types.as_ref()
    }

    /// Goes to the next rows; `false` after the last ones.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, has no rows, or holds a value of another kind than the schema
    /// says.
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
                return Err(Error::NoRows {
                    path: self.current.path.clone(),
                });
            }
            let Some(next) = self.inputs.pop_front() else {
                return Ok(false);
            };
            let open = Current::open(&next, &self.schema, &self.dialect, Some(&self.header));
            self.current = open?.0;
        }
    }

    /// The columns of the schema in the rows that were read last.
    ///
    /// # Panics
    ///
    /// Before any were read.
    pub fn table(&self) -> &Table {
        self.table.as_ref().expect("rows were read")
    }

    /// The rows that were read last, as they stand in the file.
    pub fn rows(&self) -> InputRows<'_> {
        match &self.rows {
            Rows::Text(records, num_rows) => InputRows::Text(&records[..*num_rows]),
            Rows::Batch(batch) => InputRows::Batch(batch),
        }
    }

    /// Reads what is left as one table.
    pub(super) fn read_all(&mut self) -> Result<Table, Error> {
        let kinds = self.schema.columns.iter().map(|column| column.kind);
        let mut builders: Vec<ColumnBuilder> = kinds.map(ColumnBuilder::new).collect();
        while self.advance()? {
            for (builder, column) in builders.iter_mut().zip(self.table().columns()) {
                builder.append(&column.values);
            }
        }
        Table::new(finish(builders, &self.schema), None)
    }

    fn read_text(&mut self) -> Result<Option<Vec<Column>>, Error> {
        let InputReader::Text(reader) = &mut self.current.reader else {
            unreachable!("a text is read");
        };
        if !matches!(self.rows, Rows::Text(..)) {
            self.rows = Rows::Text(Vec::new(), 0);
        }
        let Rows::Text(records, num_rows) = &mut self.rows else {
            unreachable!("rows of text were just made");
        };
        *num_rows = 0;
        let kinds = self.schema.columns.iter().map(|column| column.kind);
        let mut builders: Vec<ColumnBuilder> = kinds.map(ColumnBuilder::new).collect();
        while *num_rows < CHUNK_SIZE && reader.advance()? {
            push_record(
                &self.current.path,
                reader,
                &self.current.places,
                &mut builders,
                &self.dialect,
            )?;
            if records.len() == *num_rows {
                records.push(ByteRecord::new());
            }
            match &self.current.order {
                None => records[*num_rows].clone_from(reader.record()),
                Some(order) => {
                    let cells = order.iter().map(|&place| &reader.record()[place]);
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
            places,
            order,
            num_rows,
        } = &mut self.current
        else {
            unreachable!("batches are read");
        };
        let Some(batch) = batches.find(|batch| !batch.as_ref().is_ok_and(is_empty)) else {
            return Ok(None);
        };
        let damaged = |error| Error::damaged(path, &error);
        let batch = batch.map_err(damaged)?;
        let columns = columns_of(&batch, places, &self.schema, &self.dialect)
            .map_err(|(wrong, column)| wrong.locate(path, *num_rows, column))?;
        *num_rows += batch.num_rows();
        self.rows = Rows::Batch(match order {
            None => batch,
            Some(order) => batch.project(order).map_err(damaged)?,
        });
        Ok(Some(columns))
    }
}

impl Current {
    /// Opens an input, whose columns must be those of the header if one is given.
    fn open(
        input: &Input,
        schema: &Schema,
        dialect: &Dialect,
        header: Option<&[String]>,
    ) -> Result<(Self, Vec<String>, Option<SchemaRef>), Error> {
        let path = input.path();
        let reader = InputReader::open(input, dialect)?;
        let (found, types) = (reader.header(), reader.types());
        let places = find_columns(&path, schema.names(), &found)?;
        let order = match header {
            Some(header) if *header != found => Some(find_columns(&path, header, &found)?),
            _ => None,
        };
        let current = Self {
            path,
            reader,
            places,
            order,
            num_rows: 0,
        };
        Ok((current, found, types))
    }
}

fn is_empty(batch: &RecordBatch) -> bool {
    batch.num_rows() == 0
}

/// The columns of a schema, where they stand in a batch.
pub(super) fn columns_of<'a>(
    batch: &RecordBatch,
    places: &[usize],
    schema: &'a Schema,
    dialect: &Dialect,
) -> Result<Vec<Column>, (super::builder::WrongArray, &'a str)> {
    let mut builders = Vec::with_capacity(places.len());
    for (column, &place) in schema.columns.iter().zip(places) {
        let mut builder = ColumnBuilder::new(column.kind);
        builder
            .extend(batch.column(place), dialect)
            .map_err(|wrong| (wrong, column.name.as_str()))?;
        builders.push(builder);
    }
    Ok(finish(builders, schema))
}

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
