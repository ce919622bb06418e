//! Workbooks of Excel as it was until 2003, which are looked through before they are read.
//!
//! calamine makes a rectangle of all cells between those of a sheet, and reserves memory for as many cells as
//! the sheet claims to have. In a damaged file, they may be billions.

use std::io::{BufReader, Read, Seek};
use std::path::Path;

use calamine::{Reader, Sheets};

use super::Workbook;
use crate::error::Error;
use crate::input::file;
use crate::input::not_a_table::identify_compound_file;
use crate::input::seekable::ReadSeek;

const MAX_ROWS: u32 = 1 << 16;
const MAX_COLUMNS: u32 = 1 << 8;
/// The most cells in the rectangles of all sheets, besides one for each byte: as many as two full sheets have.
const MAX_CELLS: u64 = 2 * MAX_ROWS as u64 * MAX_COLUMNS as u64;

// The kinds of records, in the names of the specification [MS-XLS].
const FORMULA: u16 = 0x0006;
const EOF: u16 = 0x000a;
const BOUND_SHEET: u16 = 0x0085;
const MUL_RK: u16 = 0x00bd;
const R_STRING: u16 = 0x00d6;
const LABEL_SST: u16 = 0x00fd;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_ERR: u16 = 0x0205;
const RK: u16 = 0x027e;
const BOF: u16 = 0x0809;

/// Opens a workbook. New ones with a password look like an old one, and so do documents of other programs.
pub(super) fn open<'a>(
    path: &Path,
    mut file: BufReader<&'a mut dyn ReadSeek>,
) -> Result<Result<Workbook<'a>, String>, Error> {
    let mut start = Vec::new();
    let read = file.by_ref().take(1 << 16).read_to_end(&mut start);
    let read = read.and_then(|_| file.rewind());
    read.map_err(|source| file::cannot_read(path, source))?;
    // The parts of a file have names in UTF-16.
    let has_part = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        start.windows(name.len()).any(|window| window == name)
    };
    if has_part("EncryptedPackage") {
        return Err(Error::Encrypted {
            path: path.to_owned(),
        });
    }
    if let Some(document) = identify_compound_file(has_part) {
        return Err(document.error(path));
    }
    // A chain of sectors that is a circle would be followed until the memory is full.
    let mut parts =
        cfb::CompoundFile::open(&mut file).map_err(|error| Error::damaged(path, &error))?;
    for name in ["/Workbook", "/Book"] {
        if parts.is_stream(name) {
            let mut records = Vec::new();
            let part = parts.open_stream(name);
            let read = part.and_then(|mut part| part.read_to_end(&mut records));
            read.map_err(|error| Error::damaged(path, &error))?;
            check(&records).map_err(|reason| Error::damaged(path, &reason))?;
        }
    }
    drop(parts);
    let rewound = file.rewind();
    rewound.map_err(|source| file::cannot_read(path, source))?;
    let workbook = calamine::Xls::new(file).map(Sheets::Xls);
    Ok(workbook.map_err(|error| error.to_string()))
}

/// Checks that the sheets have no more cells than a file of this length can have. Other faults are left to
/// the reader.
fn check(records: &[u8]) -> Result<(), String> {
    let sheets = Records(records)
        .take_while(|record| record.kind != EOF)
        .filter(|record| record.kind == BOUND_SHEET)
        .filter_map(|record| record.long(0));
    let mut left = MAX_CELLS + records.len() as u64;
    for start in sheets {
        let sheet = records.get(start as usize..).unwrap_or_default();
        let cells = Extent::of_sheet(sheet)?.cells();
        left = left
            .checked_sub(cells)
            .ok_or("its cells are too far apart")?;
    }
    Ok(())
}

/// The rectangles of cells and of formulas.
#[derive(Default)]
struct Extent {
    cells: Rectangle,
    formulas: Rectangle,
}

impl Extent {
    fn of_sheet(records: &[u8]) -> Result<Self, String> {
        let mut extent = Self::default();
        // Charts are within the sheet and have cells of their own, which are not read.
        let mut depth = 0_u32;
        for record in Records(records) {
            match (record.kind, depth) {
                (BOF, _) => depth += 1,
                (EOF, 0 | 1) => break,
                (EOF, _) => depth -= 1,
                (_, 2..) => {}
                (DIMENSIONS, _) => record.check_dimensions()?,
                (FORMULA, _) => {
                    extent.cells.add(&record, 1)?;
                    extent.formulas.add(&record, 1)?;
                }
                // Behind the position, each value has 6 bytes, and the last column ends the record.
                (MUL_RK, _) => extent
                    .cells
                    .add(&record, record.data.len().saturating_sub(6) / 6)?,
                (NUMBER | LABEL | R_STRING | BOOL_ERR | RK | LABEL_SST, _) => {
                    extent.cells.add(&record, 1)?;
                }
                _ => {}
            }
        }
        Ok(extent)
    }

    fn cells(&self) -> u64 {
        self.cells.area() + self.formulas.area()
    }
}

/// The first and the last row, and the first and the last column.
#[derive(Default)]
struct Rectangle(Option<[u32; 4]>);

impl Rectangle {
    fn add(&mut self, record: &Record, columns: usize) -> Result<(), String> {
        let (Some(row), Some(column), Some(more)) =
            (record.short(0), record.short(2), columns.checked_sub(1))
        else {
            return Ok(());
        };
        let last = column.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        if last >= MAX_COLUMNS {
            return Err(format!(
                "it has a cell in column {} of row {}, but old workbooks have {MAX_COLUMNS} columns",
                u64::from(last) + 1,
                row + 1
            ));
        }
        let [top, bottom, left, right] = self.0.unwrap_or([row, row, column, column]);
        self.0 = Some([
            top.min(row),
            bottom.max(row),
            left.min(column),
            right.max(last),
        ]);
        Ok(())
    }

    fn area(&self) -> u64 {
        self.0.map_or(0, |[top, bottom, left, right]| {
            u64::from(bottom - top + 1) * u64::from(right - left + 1)
        })
    }
}

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

impl Record<'_> {
    fn short(&self, position: usize) -> Option<u32> {
        let bytes = self.data.get(position..)?.first_chunk()?;
        Some(u16::from_le_bytes(*bytes).into())
    }

    fn long(&self, position: usize) -> Option<u32> {
        let bytes = self.data.get(position..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    }

    /// Checks the numbers of rows and columns that a sheet claims to have.
    fn check_dimensions(&self) -> Result<(), String> {
        let (first_row, end_row, columns) = if self.data.len() == 10 {
            (self.short(0), self.short(2), self.short(6))
        } else {
            (self.long(0), self.long(4), self.short(10))
        };
        let (Some(first_row), Some(end_row), Some(columns)) = (first_row, end_row, columns) else {
            return Ok(());
        };
        let is_empty = end_row == 0 || columns == 0;
        if is_empty || first_row < end_row && end_row <= MAX_ROWS && columns <= MAX_COLUMNS {
            Ok(())
        } else {
            Err(format!(
                "a sheet claims to have {columns} columns and the rows {first_row} to {end_row}"
            ))
        }
    }
}

/// The complete records at the start of some bytes.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (header, rest) = self.0.split_first_chunk::<4>()?;
        let [kind, length] = [[header[0], header[1]], [header[2], header[3]]];
        let (data, rest) = rest.split_at_checked(u16::from_le_bytes(length).into())?;
        self.0 = rest;
        Some(Record {
            kind: u16::from_le_bytes(kind),
            data,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u16]) -> Vec<u8> {
        let length = u16::try_from(2 * data.len()).unwrap();
        let words = [kind, length].into_iter().chain(data.iter().copied());
        words.flat_map(u16::to_le_bytes).collect()
    }

    /// The records of a workbook, of which some are those of its only sheet.
    fn workbook(sheet: &[Vec<u8>]) -> Vec<u8> {
        let start = [record(BOF, &[0x0600, 5]), record(BOUND_SHEET, &[28, 0])];
        let start = [start.concat(), record(EOF, &[]), vec![0; 8]].concat();
        assert_eq!(start.len(), 28);
        let sheet = [&[record(BOF, &[0x0600, 16])], sheet, &[record(EOF, &[])]];
        [start, sheet.concat().concat()].concat()
    }

    fn number(row: u16, column: u16) -> Vec<u8> {
        record(NUMBER, &[row, column, 0, 0, 0, 0, 0])
    }

    #[test]
    fn cells_are_in_columns_that_exist() {
        let at = |column| check(&workbook(&[number(0, 0), number(4, column)]));
        assert_eq!(at(255), Ok(()));
        assert_eq!(
            at(0x3000),
            Err(
                "it has a cell in column 12289 of row 5, but old workbooks have 256 columns".into()
            )
        );
        // Two values from column 254 or 255 on.
        let two = |column| {
            let numbers = [0, column, 0, 0, 0, 0, 0, 0, column + 1];
            check(&workbook(&[record(MUL_RK, &numbers)]))
        };
        assert_eq!(two(254), Ok(()));
        assert!(two(255).is_err());
        // A chart within the sheet.
        let chart = [record(BOF, &[0x0600, 32]), number(0, 256), record(EOF, &[])];
        assert_eq!(check(&workbook(&[chart.concat(), number(0, 255)])), Ok(()));
        assert!(check(&workbook(&[chart.concat(), number(0, 256)])).is_err());
    }

    #[test]
    fn sheets_have_no_more_cells_than_two_full_ones() {
        let full = [number(0, 0), number(65535, 255)].concat();
        let sheets = |count| {
            let start = [
                record(BOF, &[0x0600, 5]),
                record(BOUND_SHEET, &[0, 1]).repeat(count),
            ];
            let mut records = [start.concat(), record(EOF, &[])].concat();
            records.resize(1 << 16, 0);
            records.extend([record(BOF, &[0x0600, 16]), full.clone(), record(EOF, &[])].concat());
            check(&records)
        };
        assert_eq!(sheets(2), Ok(()));
        assert_eq!(sheets(3), Err("its cells are too far apart".into()));
    }

    #[test]
    fn dimensions_are_those_of_a_sheet() {
        let dimensions = |first_row: u32, end_row: u32, columns: u16| {
            let words = |row: u32| {
                let [a, b, c, d] = row.to_le_bytes();
                [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])]
            };
            let rows = [words(first_row), words(end_row)].concat();
            let claim = [&rows[..], &[0, columns, 0]].concat();
            check(&workbook(&[record(DIMENSIONS, &claim)]))
        };
        for (first_row, end_row, columns) in [(0, 1 << 16, 256), (5, 6, 1), (3, 0, 7), (0, 9, 0)] {
            assert_eq!(dimensions(first_row, end_row, columns), Ok(()));
        }
        for (first_row, end_row, columns) in [(0, 1 << 31, 1), (5, 3, 1), (0, 1, 0x8000)] {
            assert!(dimensions(first_row, end_row, columns).is_err());
        }
    }
}
