//! How long rows and cells may be. A file that is one endless line, or a small archive that unpacks to one,
//! would otherwise fill the memory.

use std::fmt;
use std::io;
use std::path::Path;

use crate::error::Error;

/// The most bytes of a row of a text, or of a record of JSON.
pub(super) const MOST_ROW_BYTES: usize = if cfg!(test) { 1 << 23 } else { 1 << 26 };
/// The most bytes of a cell of a text.
pub(super) const MOST_CELL_BYTES: usize = if cfg!(test) { 6 << 20 } else { 1 << 24 };
/// The most cells of a row, and the most values of a list.
pub(super) const MOST_CELLS: usize = if cfg!(test) { 1 << 15 } else { 1 << 20 };
/// The most values of a record of JSON, with those in its lists and objects. One that is around all records of a
/// file has the values of all of them.
pub(super) const MOST_VALUES: usize = 4 * MOST_CELLS;
/// The most lines of a row. Blank lines before it count too.
pub(super) const MOST_LINES: usize = if cfg!(test) { 1 << 14 } else { 1 << 20 };

/// The most bytes that a file may unpack to, if all of it must be in memory. Excel's largest sheets are smaller;
/// a file of some megabytes that unpacks to more was made to exhaust the memory.
pub(super) const MOST_UNPACKED_BYTES: u64 = if cfg!(test) { 1 << 24 } else { 1 << 30 };

/// A file unpacks to more than [`MOST_UNPACKED_BYTES`].
pub(super) struct TooMuchUnpacked;

impl fmt::Display for TooMuchUnpacked {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(
            f,
            "it unpacks to more than {} MiB",
            MOST_UNPACKED_BYTES >> 20
        )
    }
}

/// What is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooLong {
    RowBytes,
    RowCells,
    RowLines,
    RowValues,
    CellBytes,
}

impl TooLong {
    /// What it is, for a message.
    fn what(self) -> &'static str {
        match self {
            Self::RowBytes | Self::RowCells | Self::RowLines | Self::RowValues => "a row",
            Self::CellBytes => "a cell",
        }
    }

    /// The most that is read.
    fn limit(self) -> String {
        match self {
            Self::RowBytes => size(MOST_ROW_BYTES),
            Self::RowCells => format!("{MOST_CELLS} cells"),
            Self::RowLines => format!("{MOST_LINES} lines"),
            Self::RowValues => format!("{MOST_VALUES} values"),
            Self::CellBytes => size(MOST_CELL_BYTES),
        }
    }

    /// The error of a row that begins in a line, from 1, of a file.
    pub fn error(self, path: &Path, line: u64) -> Error {
        Error::TooLong {
            path: path.to_owned(),
            line,
            what: self.what(),
            limit: self.limit(),
        }
    }

    /// What is too long in an error of a reader.
    pub fn in_error(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} has more than {}", self.what(), self.limit())
    }
}

impl std::error::Error for TooLong {}

impl From<TooLong> for io::Error {
    fn from(too_long: TooLong) -> Self {
        Self::other(too_long)
    }
}

fn size(bytes: usize) -> String {
    format!("{} MiB", bytes >> 20)
}

#[cfg(test)]
mod tests {
    use crate::error::Error;
    use crate::input::compression::gzip;
    use crate::input::compression::tests::{bzip2, zstandard};
    use crate::{ReadOptions, Source, read_dataset};

    fn read(bytes: impl Into<bytes::Bytes>) -> Result<usize, String> {
        let dataset = read_dataset(&Source::from_bytes("x", bytes), &ReadOptions::default());
        let dataset = dataset.map_err(|error: Error| error.to_string())?;
        Ok(dataset.table.num_rows())
    }

    fn rows(line: &str, ending: &str) -> String {
        let even = (0..20).map(|row| format!("{row},{}{ending}", row % 3));
        let even = even.collect::<Vec<_>>().concat();
        format!("a,b{ending}{even}{line}")
    }

    #[test]
    fn a_row_that_does_not_end_is_an_error_with_its_line() {
        for (long, limit) in [("1", "8 MiB"), (",", "32768 cells"), ("\"1", "8 MiB")] {
            let long = long.repeat((9 << 20) / long.len());
            for ending in ["\n", "\r\n"] {
                assert_eq!(
                    read(rows(&long, ending)).unwrap_err(),
                    format!("line 22 of `x` has a row of more than {limit}")
                );
            }
        }
    }

    #[test]
    fn a_small_archive_that_unpacks_to_one_row_is_an_error() {
        let text = rows(&"1".repeat(9 << 20), "\n");
        for compress in [gzip, zstandard, bzip2] {
            assert_eq!(
                read(compress(text.as_bytes())).unwrap_err(),
                "line 22 of `x` has a row of more than 8 MiB"
            );
        }
    }

    #[test]
    fn a_first_row_that_does_not_end_is_an_error() {
        for (long, limit) in [("1", "8 MiB"), (",", "32768 cells")] {
            assert_eq!(
                read(long.repeat(9 << 20)).unwrap_err(),
                format!("line 1 of `x` has a row of more than {limit}")
            );
        }
    }

    #[test]
    fn a_long_cell_is_an_error_and_one_that_fits_is_none() {
        let cell = |length: usize| rows(&format!("{},1\n2,1\n", "x".repeat(length)), "\n");
        assert_eq!(read(cell(6 << 20)).unwrap(), 22);
        assert_eq!(
            read(cell((6 << 20) + 1)).unwrap_err(),
            "line 22 of `x` has a cell of more than 6 MiB"
        );
    }

    #[test]
    fn many_columns_are_an_error_and_those_that_fit_are_none() {
        let table = |columns: usize| {
            let row = |cell: &str| vec![cell; columns].join(",") + "\n";
            row("a") + &row("1") + &row("2")
        };
        assert!(
            read(table(1 << 15))
                .unwrap_err()
                .contains("more than one column `a`")
        );
        assert_eq!(
            read(table((1 << 15) + 1)).unwrap_err(),
            "line 1 of `x` has a row of more than 32768 cells"
        );
    }

    #[test]
    fn blank_lines_and_blanks_without_end_are_an_error() {
        let lines = rows(&"\n".repeat(1 << 19), "\n");
        assert_eq!(
            read(lines).unwrap_err(),
            "line 22 of `x` has a row of more than 16384 lines"
        );
        let aligned = rows(&" ".repeat(9 << 20), "\n").replace(',', "   ");
        assert_eq!(
            read(aligned).unwrap_err(),
            "line 22 of `x` has a row of more than 8 MiB"
        );
    }

    #[test]
    fn a_long_record_of_json_is_an_error_with_its_line() {
        let record = "{\"a\": 1, \"b\": 2.5}\n";
        let long = "x".repeat(9 << 20);
        let list = "1,".repeat(1 << 15);
        let lists = "[1],".repeat(1 << 17);
        for (last, expected) in [
            (
                format!("{{\"a\": [[{lists}1]]}}"),
                "line 3 of `x` has a row of more than 131072 values".to_owned(),
            ),
            (
                format!("{{\"a\": \"{long}\"}}"),
                "line 3 of `x` has a row of more than 8 MiB".to_owned(),
            ),
            (
                format!("{{\"a\": \"{long}"),
                "line 3 of `x` has a row of more than 8 MiB".to_owned(),
            ),
            (
                format!("{{\"a\": [{list}1]}}"),
                "line 3 of `x` is not JSON as it is read here: a list or an object has more than 32768 values"
                    .to_owned(),
            ),
        ] {
            let lines = format!("{record}{record}{last}");
            assert_eq!(read(zstandard(lines.as_bytes())).unwrap_err(), expected);
        }
    }

    #[test]
    fn a_compressed_file_that_must_be_in_memory_has_a_largest_size() {
        let mut parquet = b"PAR1".to_vec();
        parquet.resize(17 << 20, 0);
        assert_eq!(
            read(zstandard(&parquet)).unwrap_err(),
            "`x` is damaged: it unpacks to more than 16 MiB"
        );
    }
}
