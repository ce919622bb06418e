//! Workbooks of Excel and `OpenDocument`: one of their sheets as a table.

mod cell;
mod choice;
mod formulas;
mod header;
mod mixed;
mod old;
mod sheet_table;

use std::io::{BufReader, Read, Seek};
use std::path::Path;

use calamine::{Data, Reader, Sheets};

use super::archive::{Archive, check_archive};
use super::cells::Cell;
use super::dialect::Dialect;
use super::format::Format;
use super::memory::MemoryBatches;
use super::notes::Notes;
use super::seekable::ReadSeek;
use crate::error::Error;
use cell::to_cell;
use choice::{Choice, choose};
pub(super) use sheet_table::SheetFacts;
use sheet_table::SheetTable;

/// The most cells of a sheet; a small file with more was made to exhaust the memory.
const MAX_CELLS: usize = 100_000_000;

type Workbook<'a> = Sheets<BufReader<&'a mut dyn ReadSeek>>;

/// What is asked of a workbook.
pub(super) struct Wanted<'a> {
    /// The name of a sheet, or its number from 1.
    pub sheet: Option<&'a str>,
    /// The columns that the table should have.
    pub names: &'a [&'a String],
    pub dialect: &'a Dialect,
}

/// Reads the table of a sheet. If there are other sheets, a note says which one was read.
pub(super) fn read(
    path: &Path,
    format: Format,
    mut file: impl Read + Seek,
    wanted: &Wanted,
    notes: &Notes,
) -> Result<(MemoryBatches, SheetFacts), Error> {
    let mut workbook = open(path, format, &mut file)?;
    let Choice { name, others } = choose(path, &mut workbook, wanted, notes)?;
    let table = read_sheet(path, &mut workbook, &name)?;
    if let Some(delimiter) = table.undivided() {
        return Err(Error::UndividedSheet {
            path: path.to_owned(),
            sheet: name,
            delimiter,
        });
    }
    let body = table.into_body(wanted.dialect, wanted.names);
    let body = body.ok_or_else(|| Error::EmptyFile {
        path: path.to_owned(),
    })?;
    formulas::check(path, &mut workbook, &name, &body, wanted, notes)?;
    let facts = body.facts(name, others);
    Ok((body.into_batches(path, wanted.dialect)?, facts))
}

/// Reads the cells of a sheet.
fn read_sheet(path: &Path, workbook: &mut Workbook, name: &str) -> Result<SheetTable, Error> {
    let mut table = SheetTable::default();
    let mut too_many = false;
    each_cell(workbook, name, |position, cell| {
        too_many = table.len() >= MAX_CELLS;
        if !too_many {
            table.push(position, cell);
        }
        !too_many
    })
    .map_err(|error| Error::damaged(path, &format!("the sheet `{name}`: {error}")))?;
    if too_many {
        return Err(Error::damaged(
            path,
            &format!("the sheet `{name}` has more than {MAX_CELLS} cells"),
        ));
    }
    Ok(table)
}

fn open<'a>(
    path: &Path,
    format: Format,
    file: &'a mut dyn ReadSeek,
) -> Result<Workbook<'a>, Error> {
    let archive = if format == Format::Zip {
        Some(check_archive(path, file)?)
    } else {
        None
    };
    let file = BufReader::new(file);
    let opened: Result<Workbook, String> = match archive {
        Some(Archive::Excel) => calamine::Xlsx::new(file)
            .map(Sheets::Xlsx)
            .map_err(|error| error.to_string()),
        Some(Archive::ExcelBinary) => calamine::Xlsb::new(file)
            .map(Sheets::Xlsb)
            .map_err(|error| error.to_string()),
        Some(Archive::OpenDocument) => calamine::Ods::new(file)
            .map(Sheets::Ods)
            .map_err(|error| error.to_string()),
        None => old::open(path, file)?,
    };
    opened.map_err(|error| {
        if error.contains("password") {
            Error::Encrypted {
                path: path.to_owned(),
            }
        } else {
            Error::damaged(path, &error)
        }
    })
}

/// Calls a function with each cell or formula of a sheet, until it returns `false`. The readers of the two formats
/// have the same methods, but no trait in common.
macro_rules! one_by_one {
    ($workbook:expr, $sheet:expr, $next:ident, $take:expr) => {{
        let cells = $workbook.worksheet_cells_reader($sheet);
        let mut cells = cells.map_err(|error| error.to_string())?;
        while let Some(cell) = cells.$next().map_err(|error| error.to_string())? {
            if !$take(&cell) {
                break;
            }
        }
    }};
}
use one_by_one;

/// Calls a function with the position (row and column, from 0) and the content of each cell, until it
/// returns `false`.
fn each_cell(
    workbook: &mut Workbook,
    sheet: &str,
    mut take: impl FnMut((u32, u32), Cell) -> bool,
) -> Result<(), String> {
    let mut take_cell = |cell: &calamine::Cell<calamine::DataRef>| {
        take(
            cell.get_position(),
            to_cell(cell.get_value().clone().into()),
        )
    };
    // A single cell far away makes a huge rectangle, so cells are read one by one where possible.
    match workbook {
        Sheets::Xlsx(workbook) => one_by_one!(workbook, sheet, next_cell, take_cell),
        Sheets::Xlsb(workbook) => one_by_one!(workbook, sheet, next_cell, take_cell),
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let range = workbook
                .worksheet_range(sheet)
                .map_err(|error| error.to_string())?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let row = u32::try_from(row)
                    .unwrap_or(u32::MAX)
                    .saturating_add(first_row);
                let column = u32::try_from(column)
                    .unwrap_or(u32::MAX)
                    .saturating_add(first_column);
                if !take((row, column), to_cell(Data::clone(value))) {
                    break;
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
