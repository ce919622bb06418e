//! Requests of the Open Inference Protocol, version 2: a tensor for each column.
//!
//! <https://github.com/open-inference/open-inference-protocol/blob/main/specification/protocol/inference_rest.md>

use std::fmt;

use mlp_datasets::{Table, TableBuilder};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::Reading;
use super::cell::{Cell, Column};
use super::json::parse;
use crate::names::{listed, shortened};
use crate::refusal::Refusal;

/// What a request asks for.
#[derive(serde::Deserialize, Debug)]
#[serde(expecting = "an object with `inputs`")]
pub struct InferRequest<'a> {
    pub id: Option<String>,
    #[serde(borrow)]
    inputs: Vec<Input<'a>>,
    /// The outputs that are wanted; all, if none is named.
    #[serde(default)]
    pub outputs: Vec<RequestedOutput>,
}

#[derive(serde::Deserialize, Debug)]
#[serde(expecting = "an object with the `name` of an output")]
pub struct RequestedOutput {
    pub name: String,
}

#[derive(serde::Deserialize, Debug)]
#[serde(expecting = "an object with `name`, `shape`, `datatype` and `data`")]
struct Input<'a> {
    name: String,
    shape: Vec<Length>,
    datatype: String,
    #[serde(borrow)]
    data: Column<'a>,
}

/// The length of a tensor in a dimension.
#[derive(Debug, Clone, Copy)]
struct Length(u64);

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(LengthVisitor)
    }
}

struct LengthVisitor;

impl Visitor<'_> for LengthVisitor {
    type Value = Length;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a length: a whole number from 0")
    }

    fn visit_u64<E: Error>(self, length: u64) -> Result<Length, E> {
        Ok(Length(length))
    }
}

/// The types of tensors that are understood.
pub const DATATYPES: [&str; 13] = [
    "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16",
    "FP32", "FP64", "BYTES",
];

impl<'a> InferRequest<'a> {
    pub fn parse(body: &'a [u8]) -> Result<Self, Refusal> {
        parse(body, |deserializer, _| Self::deserialize(deserializer))
    }
}

/// The rows of a request. Inputs that are not columns of the model are ignored.
pub fn table_of_inputs(reading: Reading, request: &InferRequest) -> Result<Table, Refusal> {
    let model = reading.model;
    let mut builder = model.table();
    let mut num_rows = None;
    for index in 0..model.num_columns() {
        let name = model.column(index);
        let mut named = request.inputs.iter().filter(|input| input.name == name);
        let Some(input) = named.next() else {
            let names = request.inputs.iter().map(|input| input.name.as_str());
            let meant = model.meant(name, names);
            return Err(Refusal::missing_column(None, name, &model.columns(), meant));
        };
        if named.next().is_some() {
            return Err(Refusal::unsuitable(format!(
                "there are two inputs `{name}`"
            )));
        }
        let rows = input.check(reading.most_rows)?;
        if let Some((first, expected)) = num_rows
            && rows != expected
        {
            return Err(Refusal::unsuitable(format!(
                "`{name}` has {rows} rows, but `{first}` has {expected}"
            )));
        }
        num_rows.get_or_insert((name, rows));
        input.push(&mut builder, index, reading, rows)?;
    }
    if num_rows.is_none_or(|(_, rows)| rows == 0) {
        return Err(Refusal::no_rows());
    }
    let table = builder.finish()?;
    reading.check(&table, 0)?;
    Ok(table)
}

impl Input<'_> {
    /// The number of rows, from the shape.
    fn check(&self, most_rows: usize) -> Result<usize, Refusal> {
        let name = &self.name;
        if !DATATYPES.contains(&self.datatype.as_str()) {
            return Err(Refusal::unsuitable(format!(
                "`{name}` has the datatype `{}`, but must have one of {}",
                shortened(&self.datatype),
                listed(&DATATYPES)
            )));
        }
        let ([Length(rows)] | [Length(rows), Length(1)]) = self.shape[..] else {
            return Err(Refusal::unsuitable(format!(
                "`{name}` must have the shape [ROWS] or [ROWS, 1]"
            )));
        };
        match usize::try_from(rows) {
            Ok(rows) if rows <= most_rows => Ok(rows),
            Ok(_) | Err(_) => Err(Refusal::too_many_rows(most_rows)),
        }
    }

    /// Adds all values to a column.
    fn push(
        &self,
        builder: &mut TableBuilder,
        column: usize,
        reading: Reading,
        num_rows: usize,
    ) -> Result<(), Refusal> {
        let (name, found) = (&self.name, self.data.0.len());
        if found != num_rows {
            return Err(Refusal::unsuitable(format!(
                "`{name}` has {found} values, but its shape says {num_rows}"
            )));
        }
        let kind = reading.model.kind(column);
        for (cell, row) in self.data.0.iter().zip(1..) {
            let pushed = if self.takes(cell) {
                cell.push(builder, column, kind).map_err(str::to_owned)
            } else {
                Err(format!("value of the datatype {}", self.datatype))
            };
            pushed.map_err(|expected| cell.refused(row, name, &expected))?;
        }
        Ok(())
    }

    /// Whether a value is one of the datatype.
    fn takes(&self, cell: &Cell) -> bool {
        match (cell, self.datatype.as_str()) {
            // There is no other way to say that a value is missing.
            (Cell::Missing, _) => true,
            (Cell::Text(_), datatype) => datatype == "BYTES",
            (Cell::Boolean(_), datatype) => datatype == "BOOL",
            (Cell::Integer(_) | Cell::Unsigned(_), datatype) => {
                datatype != "BYTES" && datatype != "BOOL"
            }
            (Cell::Number(value), datatype) => {
                datatype.starts_with("FP") || value.fract() == 0.0 && datatype.contains("INT")
            }
            (Cell::Other(_), _) => false,
        }
    }
}
