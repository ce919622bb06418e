//! Quotes that enclose more than one row.

use memchr::memchr_iter;

use super::TextReader;
use crate::error::Error;
use crate::input::scan::{Fault, Scanner};
use crate::names::numbered_column;

impl TextReader {
    /// Checks that no cell has several lines that are divided like rows: a quote that is open by mistake is closed
    /// by the next one.
    pub(super) fn check_lines_in_cells(&self) -> Result<(), Error> {
        const LEAST_LINES: usize = 3;
        let num_delimiters = self.width - 1;
        if self.breaks_in_cells < LEAST_LINES as u64 || num_delimiters < 2 {
            return Ok(());
        }
        for (index, cell) in self.record.iter().enumerate() {
            let mut lines = cell.split(|&byte| byte == b'\n' || byte == b'\r');
            let first = lines.next().unwrap_or_default();
            let is_row =
                |line: &&[u8]| memchr_iter(self.format.delimiter, line).count() == num_delimiters;
            let lines = lines.filter(|line| !line.is_empty());
            let (rows, others): (Vec<&[u8]>, Vec<&[u8]>) = lines.partition(is_row);
            // The last line is the beginning of a row.
            if rows.len() >= LEAST_LINES && others.len() <= 1 {
                return Err(Error::OpenQuote {
                    path: self.path.clone(),
                    line: self.line(),
                    column: self.header[index].clone(),
                    value: String::from_utf8_lossy(first).into_owned(),
                });
            }
        }
        Ok(())
    }

    /// Checks that no quote of the row that ends at an offset encloses other rows. `lines` is the number
    /// of line breaks before its text.
    pub(super) fn check_quotes(&self, lines: u64, end: u64) -> Result<(), Error> {
        if self.format.quote.is_none() {
            return Ok(());
        }
        let passed = self.passed.borrow();
        let text = passed.row(end);
        let is_odd = |fault: Option<Fault>| fault.is_some_and(Fault::swallows_rows);
        let mut cells =
            Scanner::within(text, self.format).flat_map(|row| row.cells.into_iter().enumerate());
        let Some((index, cell)) = cells.find(|(_, cell)| is_odd(cell.fault)) else {
            return Ok(());
        };
        let value = text[cell.range].split(|byte| b"\r\n".contains(byte)).next();
        let column = self.header.get(index).cloned();
        Err(Error::OpenQuote {
            path: self.path.clone(),
            line: 1 + lines + cell.line,
            column: column.unwrap_or_else(|| numbered_column(index)),
            value: String::from_utf8_lossy(value.unwrap_or_default()).into_owned(),
        })
    }
}
