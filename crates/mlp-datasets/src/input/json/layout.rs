//! Where the records of a JSON text are, and which columns they have.

use std::collections::HashMap;
use std::io::{BufRead, Cursor};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use super::Shape;
use super::wrapper::inner_lists;
use super::{Records, count_newlines};
use crate::error::Error;
use crate::input::cells::Cell;
use crate::input::column_type::ColumnType;
use crate::input::notes::Notes;

/// The most cells that records may have together, if more than [`MOST_CELLS_FOR_A_FIELD`] are there for each field.
const MOST_SPARSE_CELLS: usize = if cfg!(test) { 1 << 12 } else { 1 << 26 };
/// Where each record has other fields, a small file would become a table that is larger than the memory.
const MOST_CELLS_FOR_A_FIELD: usize = 128;

/// The columns of all records and their types.
pub(super) type Columns = Arc<[(String, ColumnType)]>;

/// Where the records of a text are, and their columns.
#[derive(Clone, Debug)]
pub(in crate::input) struct Layout {
    pub(super) columns: Columns,
    pub(super) inner: Option<Inner>,
}

/// A list of records within an object.
#[derive(Clone, Debug)]
pub(super) struct Inner {
    pub text: Bytes,
    /// The line in which it begins.
    pub line: u64,
}

/// Finds the columns that all records have together, and the types that fit their values. What is
/// odd about the text is noted.
pub(in crate::input) fn layout(
    path: &Path,
    input: impl BufRead,
    shape: Shape,
    notes: &Notes,
) -> Result<Layout, Error> {
    let mut records = Records::new(path, input, shape, 1)?;
    let found = Found::columns(&mut records)?;
    if records.num_read != 1 || shape != Shape::Lines {
        let columns = found.check(&records, notes)?;
        return Ok(Layout {
            columns,
            inner: None,
        });
    }
    let lists = inner_lists(&records.text);
    let [list] = lists.as_slice() else {
        if lists.len() > 1 {
            let names: Vec<&str> = lists.iter().map(|list| list.key.as_str()).collect();
            let names = names.join("`, `");
            return Err(records.error(1, &format!("it has several lists of objects: `{names}`")));
        }
        let columns = found.check(&records, notes)?;
        return Ok(Layout {
            columns,
            inner: None,
        });
    };
    notes.add(format!(
        "`{}` is an object, of which the list `{}` is read",
        path.display(),
        list.key
    ));
    let line = records.first_line + count_newlines(&records.text[..list.range.start]);
    let text = Bytes::copy_from_slice(&records.text[list.range.clone()]);
    let mut records = Records::new(path, Cursor::new(&text), Shape::Array, line)?;
    let columns = Found::columns(&mut records)?.check(&records, notes)?;
    Ok(Layout {
        columns,
        inner: Some(Inner { text, line }),
    })
}

/// The columns of records.
#[derive(Default)]
struct Found {
    columns: Vec<(String, ColumnType)>,
    /// Of each column, how many records have a list or an object, where the first of them is, and how many
    /// have something else.
    nested: Vec<(usize, u64, usize)>,
    /// The first field that a record has twice, and the line of that record.
    repeated: Option<(String, u64)>,
}

impl Found {
    fn columns<R: BufRead>(records: &mut Records<R>) -> Result<Self, Error> {
        let mut found = Self::default();
        let mut index_of: HashMap<String, usize> = HashMap::new();
        let mut num_fields = 0;
        // The last record that has each column, from 1.
        let mut last_with = Vec::new();
        while let Some(record) = records.advance()? {
            num_fields += record.len();
            for (name, cell) in record {
                let index = if let Some(index) = index_of.get(&name) {
                    *index
                } else {
                    index_of.insert(name.clone(), found.columns.len());
                    found.columns.push((name, ColumnType::Missing));
                    found.nested.push((0, records.first_line, 0));
                    last_with.push(0);
                    found.columns.len() - 1
                };
                if last_with[index] == records.num_read && found.repeated.is_none() {
                    let name = found.columns[index].0.clone();
                    found.repeated = Some((name, records.first_line));
                }
                last_with[index] = records.num_read;
                let column_type = &mut found.columns[index].1;
                *column_type = column_type.with(&cell);
                let (nested, line, other) = &mut found.nested[index];
                if is_nested(ColumnType::of(&cell)) {
                    if *nested == 0 {
                        *line = records.first_line;
                    }
                    *nested += 1;
                } else {
                    *other += usize::from(cell != Cell::Missing);
                }
            }
            let num_cells = found.columns.len().saturating_mul(records.num_read);
            if num_cells > MOST_SPARSE_CELLS.max(MOST_CELLS_FOR_A_FIELD * num_fields) {
                let reason = format!(
                    "its {} records so far have {} different fields, about {} each: almost all cells would be empty",
                    records.num_read,
                    found.columns.len(),
                    num_fields / records.num_read
                );
                return Err(records.error(records.first_line, &reason));
            }
        }
        Ok(found)
    }

    /// The columns, if there are some that can be those of a table.
    fn check<R: BufRead>(self, records: &Records<R>, notes: &Notes) -> Result<Columns, Error> {
        if self.columns.is_empty() {
            return Err(match records.num_read {
                0 => Error::NoRecords {
                    path: records.path.clone(),
                },
                _ => records.error(1, "its objects have no fields"),
            });
        }
        if records.num_read == 1 && self.columns.iter().all(|(_, of)| is_nested(*of)) {
            return Err(records.error(
                1,
                "it is one object of whole columns, rather than an object for each row",
            ));
        }
        if let Some((name, line)) = self.repeated {
            notes.add(format!(
                "line {line} of `{}` has `{name}` twice in a record, of which the last one is read",
                records.path.display()
            ));
        }
        for ((name, _), (nested, line, other)) in self.columns.iter().zip(self.nested) {
            if nested > 0 && nested < other {
                notes.add(format!(
                    "line {line} of `{}` has a list or an object as `{name}`, where other records have a \
                     single value",
                    records.path.display()
                ));
            }
        }
        Ok(self.columns.into())
    }
}

fn is_nested(of: ColumnType) -> bool {
    matches!(of, ColumnType::List | ColumnType::Object)
}
