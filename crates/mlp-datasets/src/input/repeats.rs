//! How many cells the sheets of an `OpenDocument` file have. One cell, or one row, may stand for thousands.

use std::io;

use memchr::memchr;

/// The largest sheet that there is.
const MAX_ROWS: u64 = 1 << 20;
const MAX_COLUMNS: u64 = 1 << 14;
/// More cells than bytes by this number are repetitions that were made to exhaust the memory.
const MAX_REPEATED: u64 = 1 << 25;

/// Counts the cells of the XML that is written to it.
#[derive(Default)]
pub(super) struct CellCounter {
    /// The tag that has begun, and the quote that is open in it.
    tag: Option<Vec<u8>>,
    quote: Option<u8>,
    /// The cells of the row so far, and the empty ones behind them, which count if others follow.
    cells: u64,
    empty: u64,
    is_in_cell: bool,
    row_repeats: u64,
    sheet: Rectangle,
    /// The cells of all rows, each counted once, and of the rectangles of all sheets.
    total: u64,
    num_bytes: u64,
}

/// The rows up to the last one that is not empty, and the cells of the widest one.
#[derive(Default)]
struct Rectangle {
    rows: u64,
    empty_rows: u64,
    columns: u64,
}

impl CellCounter {
    /// Whether there are far more cells than bytes.
    pub fn are_too_many(&self) -> bool {
        self.total > MAX_REPEATED + self.num_bytes
    }

    fn take_tag(&mut self, tag: &[u8]) {
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/');
        let is_closed = tag.ends_with(b"/");
        match name.clone().next().unwrap_or_default() {
            b"" => match tag {
                b"/table:table-cell" | b"/table:covered-table-cell" => self.is_in_cell = false,
                b"/table:table-row" => self.end_row(),
                b"/table:table" => {
                    let Rectangle { rows, columns, .. } = std::mem::take(&mut self.sheet);
                    self.total += rows.min(MAX_ROWS) * columns;
                }
                _ => {}
            },
            b"table:table-row" => {
                (self.cells, self.empty) = (0, 0);
                self.row_repeats = repeats(tag, b"table:number-rows-repeated", MAX_ROWS);
                if is_closed {
                    self.end_row();
                }
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                let repeats = repeats(tag, b"table:number-columns-repeated", MAX_COLUMNS);
                self.cells += self.empty;
                self.empty = repeats;
                self.is_in_cell = !is_closed;
                if has(tag, b"office:") || has(tag, b"table:formula") {
                    self.fill();
                }
            }
            // The text of a cell is in a tag of its own.
            _ if self.is_in_cell => self.fill(),
            _ => {}
        }
    }

    /// Lets the last cell have a value.
    fn fill(&mut self) {
        self.cells += std::mem::take(&mut self.empty);
    }

    fn end_row(&mut self) {
        let cells = self.cells.min(MAX_COLUMNS);
        self.total += cells;
        self.sheet.columns = self.sheet.columns.max(cells);
        if cells > 0 {
            self.sheet.rows += self.row_repeats + std::mem::take(&mut self.sheet.empty_rows);
        } else if self.sheet.rows > 0 {
            self.sheet.empty_rows += self.row_repeats;
        }
    }
}

fn find(tag: &[u8], text: &[u8]) -> Option<usize> {
    tag.windows(text.len()).position(|window| window == text)
}

fn has(tag: &[u8], text: &[u8]) -> bool {
    find(tag, text).is_some()
}

/// The number of an attribute, of which 1 is usual.
fn repeats(tag: &[u8], attribute: &[u8], most: u64) -> u64 {
    let Some(at) = find(tag, attribute) else {
        return 1;
    };
    let digits = tag[at + attribute.len()..]
        .iter()
        .skip_while(|byte| !byte.is_ascii_digit())
        .take_while(|byte| byte.is_ascii_digit());
    let number = digits.fold(0_u64, |number, digit| {
        number
            .saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
    });
    number.min(most)
}

impl io::Write for CellCounter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.num_bytes += bytes.len() as u64;
        let mut rest = bytes;
        while !rest.is_empty() {
            let Some(tag) = &mut self.tag else {
                let Some(start) = memchr(b'<', rest) else {
                    break;
                };
                rest = &rest[start + 1..];
                self.tag = Some(Vec::new());
                continue;
            };
            let byte = rest[0];
            rest = &rest[1..];
            match (byte, self.quote) {
                (b'>', None) => {
                    let tag = self.tag.take().unwrap_or_default();
                    self.take_tag(&tag);
                    continue;
                }
                (b'"' | b'\'', None) => self.quote = Some(byte),
                (byte, Some(quote)) if byte == quote => self.quote = None,
                _ => {}
            }
            tag.push(byte);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn count(rows: &str) -> u64 {
        let mut counter = CellCounter::default();
        let content = format!("<table:table table:name=\"a\">{rows}</table:table>");
        // In pieces, as it is unpacked.
        for piece in content.as_bytes().chunks(7) {
            counter.write_all(piece).unwrap();
        }
        counter.total
    }

    #[test]
    fn repeated_cells_and_rows_count_if_there_is_something_behind_them() {
        let value = r#"<table:table-cell office:value="1"/>"#;
        let text = "<table:table-cell><text:p>a</text:p></table:table-cell>";
        let empty =
            |count: u32| format!(r#"<table:table-cell table:number-columns-repeated="{count}"/>"#);
        let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
        // Each cell is counted in its row and in the rectangle.
        assert_eq!(count(&row(value)), 2);
        assert_eq!(count(&row(&[text, &empty(16_000)].concat())), 2);
        assert_eq!(count(&row(&[&empty(99), value].concat())), 200);
        let repeated =
            r#"<table:table-cell table:formula="of:=1>0" table:number-columns-repeated="5"/>"#;
        assert_eq!(count(&row(repeated)), 10);
        let rows = format!(
            r#"{}<table:table-row table:number-rows-repeated="97">{}</table:table-row>"#,
            row(value),
            empty(3)
        );
        assert_eq!(count(&rows), 2);
        assert_eq!(count(&[rows, row(value), row(&empty(9))].concat()), 2 + 99);
    }
}
