//! Requests as MLflow's scoring server takes them.
//!
//! <https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/#json-input>

use std::fmt;

use mlp_datasets::Table;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Reading;
use super::cell::Cell;
use super::json::{parse, table_of_json};
use super::rows::Rows;
use crate::refusal::Refusal;

#[derive(Deserialize)]
struct Invocation<'a> {
    #[serde(borrow)]
    dataframe_split: Option<Split<'a>>,
    #[serde(borrow)]
    dataframe_records: Option<&'a RawValue>,
    #[serde(borrow)]
    instances: Option<&'a RawValue>,
    #[serde(borrow)]
    inputs: Option<&'a RawValue>,
    params: Option<Value>,
}

/// A table by its columns and rows. The index says nothing to a model.
#[derive(Deserialize)]
struct Split<'a> {
    columns: Vec<String>,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// The rows of a data frame.
pub fn table_of_dataframe(reading: Reading, body: &[u8]) -> Result<Table, Refusal> {
    let invocation = parse(body, |deserializer, _| Invocation::deserialize(deserializer))?;
    if let Some(Value::Object(params)) = &invocation.params
        && let Some(name) = params.keys().next()
    {
        let name = crate::refusal::shortened(name);
        return Err(Refusal::unsuitable(format!("the model has no parameter `{name}`")));
    }
    match (&invocation.dataframe_split, invocation.dataframe_records) {
        (Some(split), None) => table_of_split(reading, split),
        (None, Some(records)) => {
            if !records.get().starts_with('[') {
                return Err(Refusal::unsuitable("`dataframe_records` must be an array of objects"));
            }
            table_of_json(reading, records.get().as_bytes()).map(|(table, _)| table)
        }
        (Some(_), Some(_)) => Err(Refusal::unsuitable(
            "give either `dataframe_split` or `dataframe_records`",
        )),
        (None, None) => {
            let other = if invocation.instances.is_some() {
                "`instances` are not taken; "
            } else if invocation.inputs.is_some() {
                "`inputs` are not taken; "
            } else {
                ""
            };
            Err(Refusal::unsuitable(format!(
                "{other}the body must have `dataframe_split` or `dataframe_records`"
            )))
        }
    }
}

fn table_of_split(reading: Reading, split: &Split) -> Result<Table, Refusal> {
    let model = reading.model;
    let columns = split.columns.iter().enumerate();
    let columns = columns.map(|(place, name)| model.index_of(name, place));
    let mut rows = Rows::new(reading);
    parse(split.data.get().as_bytes(), |deserializer, refusal| {
        DataSeed {
            columns: &columns.collect::<Vec<_>>(),
            rows: &mut rows,
            refusal,
        }
        .deserialize(deserializer)
    })?;
    rows.finish()
}

/// Rows as arrays of values.
struct DataSeed<'r, 'a> {
    /// For each place of a row, the column of the model.
    columns: &'r [Option<usize>],
    rows: &'r mut Rows<'a>,
    refusal: &'r mut Option<Refusal>,
}

impl<'de> DeserializeSeed<'de> for DataSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for DataSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of rows, each of which is an array of values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        loop {
            let seed = RowSeed(DataSeed {
                columns: self.columns,
                rows: &mut *self.rows,
                refusal: &mut *self.refusal,
            });
            if values.next_element_seed(seed)?.is_none() {
                return Ok(());
            }
        }
    }
}

struct RowSeed<'r, 'a>(DataSeed<'r, 'a>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "row {} as an array of values", self.0.rows.row() + 1)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let DataSeed {
            columns,
            rows,
            refusal,
        } = self.0;
        let mut refuse = |result: Result<(), Refusal>| {
            result.map_err(|reason| {
                *refusal = Some(reason);
                A::Error::custom("refused")
            })
        };
        refuse(rows.start_row())?;
        let mut found = 0;
        while let Some(cell) = values.next_element::<Cell>()? {
            if let Some(Some(column)) = columns.get(found) {
                refuse(rows.push(*column, &cell))?;
            }
            found += 1;
        }
        if found != columns.len() {
            let (row, expected) = (rows.row(), columns.len());
            refuse(Err(Refusal::unsuitable(format!(
                "row {row} has {found} values, but there are {expected} columns"
            ))))?;
        }
        refuse(rows.end_row())
    }
}
