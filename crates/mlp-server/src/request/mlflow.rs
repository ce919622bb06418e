//! Requests as `MLflow`'s scoring server takes them.
//!
//! <https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/#json-input>

use std::fmt;

use mlp_datasets::Table;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::Reading;
use super::cell::Cell;
use super::json::{RowsSeed, parse};
use super::rows::Rows;
use crate::names::{listed, shortened};
use crate::refusal::Refusal;

/// What a body can have, as `MLflow` knows it.
const FORMS: [&str; 4] = [
    "dataframe_split",
    "dataframe_records",
    "instances",
    "inputs",
];

/// A table by its columns and rows. The index says nothing to a model.
#[derive(Deserialize)]
#[serde(expecting = "an object with `columns` and `data`")]
struct Split<'a> {
    columns: Vec<String>,
    #[serde(borrow)]
    data: Vec<Vec<Cell<'a>>>,
}

/// The rows of a data frame.
pub fn table_of_dataframe(reading: Reading, body: &[u8]) -> Result<Table, Refusal> {
    let mut rows = Rows::new(reading);
    parse(body, |deserializer, refusal| {
        let seed = RowsSeed {
            rows: &mut rows,
            refusal,
        };
        deserializer.deserialize_map(Invocation(seed))
    })?;
    rows.finish()
}

/// The body.
struct Invocation<'r, 'a>(RowsSeed<'r, 'a>);

impl<'de> Visitor<'de> for Invocation<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object with `dataframe_split` or `dataframe_records`")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut form: Option<String> = None;
        while let Some(key) = map.next_key::<String>()? {
            if FORMS.contains(&key.as_str())
                && let Some(first) = form.replace(key.clone())
            {
                let refusal = Refusal::unsuitable(format!("give either `{first}` or `{key}`"));
                return self.0.check(Err(refusal));
            }
            match key.as_str() {
                "dataframe_records" => {
                    let seed = RowsSeed {
                        rows: &mut *self.0.rows,
                        refusal: &mut *self.0.refusal,
                    };
                    if !map.next_value_seed(seed)? {
                        let refusal = "`dataframe_records` must be an array of objects";
                        return self.0.check(Err(Refusal::unsuitable(refusal)));
                    }
                }
                "dataframe_split" => {
                    let split = map.next_value::<Split>()?;
                    let pushed = push(self.0.rows, &split);
                    self.0.check(pushed)?;
                }
                "params" => {
                    let params = map.next_value::<Option<Map<String, Value>>>()?;
                    if let Some(name) = params.iter().flat_map(Map::keys).next() {
                        let name = shortened(name);
                        let refusal =
                            Refusal::unsuitable(format!("the model has no parameter `{name}`"));
                        return self.0.check(Err(refusal));
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match form.as_deref() {
            Some("dataframe_split" | "dataframe_records") => Ok(()),
            Some(other) => {
                let refusal = format!("`{other}` are not taken; give {}", listed(&FORMS[..2]));
                self.0.check(Err(Refusal::unsuitable(refusal)))
            }
            None => Err(A::Error::custom(
                "it has no `dataframe_split` or `dataframe_records`",
            )),
        }
    }
}

/// Adds rows that are arrays of values.
fn push(rows: &mut Rows, split: &Split) -> Result<(), Refusal> {
    let model = rows.reading.model;
    let columns = split.columns.iter().enumerate();
    let columns: Vec<_> = columns
        .map(|(place, name)| model.index_of(name, place))
        .collect();
    let lacking = (0..model.num_columns()).find(|column| !columns.contains(&Some(*column)));
    if let Some(column) = lacking {
        let column = model.column(column);
        let meant = model.meant(column, split.columns.iter().map(String::as_str));
        return Err(Refusal::missing_column(
            None,
            column,
            &model.columns(),
            meant,
        ));
    }
    for cells in &split.data {
        rows.start_row()?;
        if cells.len() != columns.len() {
            let (row, found, expected) = (rows.row(), cells.len(), columns.len());
            return Err(Refusal::unsuitable(format!(
                "row {row} has {found} values, but there are {expected} columns"
            )));
        }
        for (column, cell) in columns.iter().zip(cells) {
            if let Some(column) = column {
                rows.push(*column, cell)?;
            }
        }
        rows.end_row()?;
    }
    Ok(())
}
