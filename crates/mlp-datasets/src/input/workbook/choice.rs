//! Which sheet of a workbook is read.

use std::path::Path;

use calamine::{Reader, SheetType, SheetVisible};

use super::sheet_table::SheetTable;
use super::{Wanted, Workbook, each_cell};
use crate::error::Error;
use crate::input::notes::Notes;

/// The cells of a sheet that are enough to judge it.
const SAMPLE_CELLS: usize = 20_000;

/// A sheet, and those with data that are not read.
pub(super) struct Choice {
    pub name: String,
    pub others: Vec<String>,
}

/// Finds the sheet to read: the one of a name or a number from 1, the first one with the wanted columns, the
/// first one with a table, or the first one with data.
pub(super) fn choose(
    path: &Path,
    workbook: &mut Workbook,
    wanted: &Wanted,
    notes: &Notes,
) -> Result<Choice, Error> {
    let (visible, hidden) = names(workbook);
    if let Some(sheet) = wanted.sheet {
        return find(path, sheet, &visible, hidden);
    }
    let mut with_data = Vec::new();
    let mut best = (Rank::Data, 0);
    for name in if visible.is_empty() {
        &hidden
    } else {
        &visible
    } {
        let sample = sample(path, workbook, name)?;
        if sample.len() == 0 {
            continue;
        }
        let rank = if sample.has_names(wanted.dialect, wanted.names) {
            Rank::Names
        } else if sample.is_table() {
            Rank::Table
        } else {
            Rank::Data
        };
        if rank > best.0 {
            best = (rank, with_data.len());
        }
        with_data.push(name.clone());
    }
    if with_data.is_empty() {
        return Err(Error::EmptyFile {
            path: path.to_owned(),
        });
    }
    let name = with_data.remove(best.1);
    if !with_data.is_empty() {
        notes.add(format!(
            "`{}` has {} sheets with data, of which `{name}` is read; the others are `{}`",
            path.display(),
            with_data.len() + 1,
            with_data.join("`, `")
        ));
    }
    Ok(Choice {
        name,
        others: with_data,
    })
}

/// What a sheet has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Data,
    Table,
    /// All columns that are wanted.
    Names,
}

/// The names of the visible sheets, and of the hidden ones.
fn names(workbook: &Workbook) -> (Vec<String>, Vec<String>) {
    let all = workbook.sheets_metadata().iter();
    let sheets = all.filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (visible, hidden): (Vec<_>, Vec<_>) =
        sheets.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names = |sheets: Vec<&calamine::Sheet>| {
        let names = sheets.into_iter().map(|sheet| sheet.name.clone());
        names.collect()
    };
    (names(visible), names(hidden))
}

/// The sheet of a name, or a visible one by its number.
fn find(
    path: &Path,
    wanted: &str,
    visible: &[String],
    hidden: Vec<String>,
) -> Result<Choice, Error> {
    let all: Vec<String> = visible.iter().cloned().chain(hidden).collect();
    let number = wanted.parse::<usize>().ok();
    let by_number = || visible.get(number?.checked_sub(1)?);
    let found = all.iter().find(|name| *name == wanted).or_else(by_number);
    let Some(found) = found.cloned() else {
        return Err(Error::MissingSheet {
            path: path.to_owned(),
            sheet: wanted.to_owned(),
            found: all,
        });
    };
    let others = all.into_iter().filter(|name| *name != found);
    Ok(Choice {
        others: others.collect(),
        name: found,
    })
}

/// The first cells of a sheet.
fn sample(path: &Path, workbook: &mut Workbook, name: &str) -> Result<SheetTable, Error> {
    let mut table = SheetTable::default();
    each_cell(workbook, name, |position, cell| {
        table.push(position, cell);
        table.len() < SAMPLE_CELLS
    })
    .map_err(|error| Error::damaged(path, &format!("the sheet `{name}`: {error}")))?;
    Ok(table)
}
