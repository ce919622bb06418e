//! Files that have types: JSON, Parquet and Arrow.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_ipc::writer::FileWriter;
use parquet::arrow::ArrowWriter;
use serde_json::Value;

use super::style::time;
use super::table::{Cells, Column, Table, number};

pub fn json_lines(table: &Table) -> Vec<u8> {
    let records = (0..table.num_rows()).map(|row| format!("{}\n", record(table, row)));
    records.collect::<String>().into_bytes()
}

pub fn json(table: &Table) -> Vec<u8> {
    let records = (0..table.num_rows()).map(|row| record(table, row));
    let records: Vec<String> = records.collect();
    format!("[{}]", records.join(",\n")).into_bytes()
}

/// A row as an object. Missing values are null.
fn record(table: &Table, row: usize) -> String {
    let members = table
        .names
        .iter()
        .zip(&table.columns)
        .map(|(name, column)| {
            let value = match &column.cells {
                Cells::Numbers {
                    mantissas,
                    decimals: 0,
                    ..
                } => mantissas[row].map(Value::from),
                Cells::Numbers {
                    mantissas,
                    decimals,
                    ..
                } => mantissas[row].map(|mantissa| Value::from(number(mantissa, *decimals))),
                Cells::Words(words) => words[row].clone().map(Value::from),
                Cells::Booleans { values, .. } => values[row].map(Value::from),
                Cells::Dates {
                    values, has_times, ..
                } => values[row].map(|date| {
                    let format = if *has_times {
                        "%Y-%m-%dT%H:%M:%S%.6f"
                    } else {
                        "%Y-%m-%d"
                    };
                    Value::from(time(date).format(format).to_string())
                }),
            };
            // In the order of the columns, which a map of `serde_json` does not keep.
            format!(
                "{}: {}",
                Value::from(name.as_str()),
                value.unwrap_or(Value::Null)
            )
        });
    let members: Vec<String> = members.collect();
    format!("{{{}}}", members.join(", "))
}

pub fn parquet(table: &Table) -> Vec<u8> {
    let batch = batch(table);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub fn arrow(table: &Table) -> Vec<u8> {
    let batch = batch(table);
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn batch(table: &Table) -> RecordBatch {
    let columns = table.names.iter().zip(&table.columns);
    RecordBatch::try_from_iter(columns.map(|(name, column)| (name, array(column)))).unwrap()
}

fn array(column: &Column) -> ArrayRef {
    match &column.cells {
        Cells::Numbers {
            mantissas,
            decimals: 0,
            ..
        } => Arc::new(Int64Array::from(mantissas.clone())),
        Cells::Numbers {
            mantissas,
            decimals,
            ..
        } => {
            let number =
                |mantissa: &Option<i64>| mantissa.map(|mantissa| number(mantissa, *decimals));
            Arc::new(mantissas.iter().map(number).collect::<Float64Array>())
        }
        Cells::Words(words) => Arc::new(StringArray::from(words.clone())),
        Cells::Booleans { values, .. } => Arc::new(BooleanArray::from(values.clone())),
        Cells::Dates {
            values,
            has_times: true,
            ..
        } => Arc::new(TimestampMicrosecondArray::from(values.clone())),
        Cells::Dates {
            values,
            has_times: false,
            ..
        } => {
            let day = |date: &Option<i64>| {
                date.map(|date| {
                    i32::try_from(date / 86_400_000_000).expect("the year has four digits")
                })
            };
            Arc::new(values.iter().map(day).collect::<Date32Array>())
        }
    }
}
