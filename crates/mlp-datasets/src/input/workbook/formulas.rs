//! Formulas whose values were not saved, as programs write them that cannot compute.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Cell, Sheets};

use super::sheet_table::Body;
use super::{Wanted, Workbook, one_by_one};
use crate::error::Error;
use crate::input::notes::Notes;

/// Checks that no wanted column has formulas but no values; a note names other columns like that.
pub(super) fn check(
    path: &Path,
    workbook: &mut Workbook,
    sheet: &str,
    body: &Body,
    wanted: &Wanted,
    notes: &Notes,
) -> Result<(), Error> {
    let empty = body.empty_columns();
    if empty.is_empty() {
        return Ok(());
    }
    let found = columns_with_formulas(workbook, sheet, body.first_row, &empty)
        .map_err(|error| Error::damaged(path, &format!("the sheet `{sheet}`: {error}")))?;
    let columns: Vec<String> = { empty.into_iter() }
        .filter(|(column, _)| found.contains(column))
        .map(|(_, name)| name.clone())
        .collect();
    if columns.is_empty() {
        return Ok(());
    }
    if body.num_rows() == 0 || columns.iter().any(|name| wanted.names.contains(&name)) {
        return Err(Error::FormulasWithoutValues {
            path: path.to_owned(),
            columns,
        });
    }
    notes.add(format!(
        "`{}` has formulas in `{}`, but not their values; a spreadsheet program computes and saves them",
        path.display(),
        columns.join("`, `")
    ));
    Ok(())
}

/// Those of some columns in which there are formulas below a row.
fn columns_with_formulas(
    workbook: &mut Workbook,
    sheet: &str,
    first_row: u32,
    columns: &BTreeMap<u32, &String>,
) -> Result<BTreeSet<u32>, String> {
    let mut found = BTreeSet::new();
    let mut take = |cell: &Cell<String>| {
        let (row, column) = cell.get_position();
        if row > first_row && columns.contains_key(&column) && !cell.get_value().is_empty() {
            found.insert(column);
        }
        found.len() < columns.len()
    };
    match workbook {
        Sheets::Xlsx(workbook) => one_by_one!(workbook, sheet, next_formula, take),
        Sheets::Xlsb(workbook) => one_by_one!(workbook, sheet, next_formula, take),
        // The programs that write these compute.
        Sheets::Xls(_) | Sheets::Ods(_) => {}
    }
    Ok(found)
}
