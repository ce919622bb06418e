use super::first_row::{FirstRow, Sheet};
use super::kind::{CellKind, has_quotes, is_undivided};
use super::scan::{Format, Row};
use super::surplus::Surplus;

/// Less than the score of any format with more than one column.
const ONE_COLUMN: f64 = 1e-3;

/// How well a format fits the rows of a table.
pub(super) struct Judgement {
    width: usize,
    /// The share of rows with as many cells as the first one.
    even: f64,
    /// The share of rows with more than one cell.
    divided: f64,
    /// The share of cells that look like values.
    values: f64,
    /// The mean share of a column's cells that are of the most frequent kind.
    uniform: f64,
    /// The share of columns with numbers.
    numeric: f64,
    /// The share of rows with odd quotes.
    faulty: f64,
}

impl Judgement {
    pub fn new(sheet: &Sheet<'_>, first: FirstRow) -> Self {
        let table = &sheet.rows[first.index..];
        let surplus = Surplus::of(sheet, first);
        let width = surplus.num_cells(table[0].cells.len());
        let (mut even, mut divided, mut faulty, mut values, mut cells) = (0, 0, 0, 0, 0);
        // How many cells of each column are numbers, dates and text.
        let mut kinds = vec![[0_usize; 3]; width];
        for (index, row) in table.iter().enumerate() {
            let is_header = index == 0 && first.is_header;
            let is_even = row.cells.len() == width || is_header && surplus != Surplus::None;
            even += usize::from(is_even);
            divided += usize::from(row.cells.len() > 1);
            faulty += usize::from(row.cells.iter().any(|cell| cell.fault.is_some()));
            cells += row.cells.len();
            for (column, cell) in row.cells.iter().enumerate() {
                let text = sheet.cell(cell);
                let kind = CellKind::of(text, sheet.dialect);
                let is_value = match kind {
                    CellKind::Missing | CellKind::Number | CellKind::Date => true,
                    // The text of a single column may have anything in it.
                    CellKind::Text => {
                        cell.is_quoted || !has_quotes(text) && (width == 1 || is_undivided(text))
                    }
                };
                values += usize::from(is_value && cell.fault.is_none());
                if let (Some(counts), false) = (kinds.get_mut(column), is_header) {
                    match kind {
                        CellKind::Missing => {}
                        CellKind::Number => counts[0] += 1,
                        CellKind::Date => counts[1] += 1,
                        CellKind::Text => counts[2] += 1,
                    }
                }
            }
        }
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let uniform = kinds.iter().map(|counts| match counts.iter().sum() {
            0 => 1.0,
            all => share(*counts.iter().max().unwrap_or(&0), all),
        });
        let numeric = kinds
            .iter()
            .filter(|counts| counts[0] > counts[1] + counts[2]);
        Self {
            width,
            even: share(even, table.len()),
            divided: share(divided, table.len()),
            values: share(values, cells),
            uniform: uniform.sum::<f64>() / width as f64,
            numeric: share(numeric.count(), width),
            faulty: share(faulty, table.len()),
        }
    }

    pub fn score(&self) -> f64 {
        let pattern = match self.width {
            1 => ONE_COLUMN,
            width => (width as f64 - 1.0) / width as f64,
        };
        let kinds = self.values.powi(2) * f64::midpoint(1.0, self.uniform);
        let score = pattern * self.even.powi(2) * kinds * (1.0 - self.faulty).powi(2);
        // If most rows are divided and so is the first, they are no single column, however uneven.
        let is_divided = self.width > 1 && self.divided > 0.5;
        score + if is_divided { 2.0 * ONE_COLUMN } else { 0.0 }
    }

    /// Whether nothing speaks against the format. Blanks must divide numbers, or be several.
    pub fn is_sure(&self, table: &[Row], format: Format) -> bool {
        if self.width < 2 {
            return false;
        }
        if format.delimiter != b' ' {
            return self.even >= 0.9 && self.values >= 0.9;
        }
        let several = table.iter().filter(|row| {
            row.cells.windows(2).any(|pair| {
                let quotes = usize::from(pair[0].is_quoted) + usize::from(pair[1].is_quoted);
                pair[1].range.start - pair[0].range.end > 1 + quotes
            })
        });
        let is_aligned = several.count() * 2 > table.len();
        table.len() > 1
            && self.even == 1.0
            && self.values >= 0.95
            && (self.numeric >= 0.5 || is_aligned)
    }
}
