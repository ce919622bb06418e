use std::io::{self, Write};

use crate::report::{Aligned, widest};

/// A table in Markdown, whose columns also line up as plain text. All columns but the first one hold
/// numbers.
#[derive(Clone, Debug)]
pub struct Grid(Vec<Vec<String>>);

impl Grid {
    /// A table with the headings of its columns.
    pub fn new(headings: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(vec![headings.into_iter().map(Into::into).collect()])
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<String>) {
        self.0.push(row);
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let rows: Vec<Vec<String>> = self
            .0
            .iter()
            .map(|row| row.iter().map(|cell| escaped(cell)).collect())
            .collect();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            // The rule below the headings needs three characters.
            widest(cells.map(String::as_str)).max(3)
        };
        let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
        for (index, row) in rows.iter().enumerate() {
            for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                let cell = Aligned(cell);
                match column {
                    0 => write!(out, "| {cell:<width$} |")?,
                    _ => write!(out, " {cell:>width$} |")?,
                }
            }
            writeln!(out)?;
            if index == 0 {
                for (column, &width) in widths.iter().enumerate() {
                    match column {
                        0 => write!(out, "|-{}-|", "-".repeat(width))?,
                        _ => write!(out, "-{}:|", "-".repeat(width))?,
                    }
                }
                writeln!(out)?;
            }
        }
        Ok(())
    }
}

fn escaped(cell: &str) -> String {
    cell.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_lines_up_as_text_and_is_markdown() {
        let mut grid = Grid::new(["model", "R²"]);
        grid.push(vec!["a|b".into(), "0.5 ± 0.1".into()]);
        grid.push(vec!["longer".into(), "1".into()]);
        let mut out = Vec::new();

        grid.write(&mut out).unwrap();

        let expected = "| model  |        R² |\n\
                        |--------|----------:|\n\
                        | a\\|b   | 0.5 ± 0.1 |\n\
                        | longer |         1 |\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
