//! Columns of sheets in which some numbers or dates are text, as people type them next to real ones.

use crate::format::{DateFormat, DateVotes, NumberFormat, NumberVotes, Reading};
use crate::input::cells::Cell;
use crate::input::column_type::ColumnType;
use crate::input::dialect::Dialect;

/// What the texts of a column with cells of several types can be read as.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reader {
    Numbers(NumberFormat),
    Dates(DateFormat),
}

/// The types of a column's cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Mixture {
    numbers: usize,
    dates: usize,
    others: usize,
    number_texts: NumberVotes,
    date_texts: DateVotes,
}

impl Mixture {
    pub fn observe(&mut self, cell: &Cell) {
        match ColumnType::of(cell) {
            ColumnType::Missing => {}
            ColumnType::Natural
            | ColumnType::Integer
            | ColumnType::Unsigned
            | ColumnType::Number => self.numbers += 1,
            ColumnType::Date | ColumnType::Timestamp => self.dates += 1,
            ColumnType::Text => {
                let text = cell.text().unwrap_or_default();
                let text = text.trim();
                if !self.number_texts.observe(text) {
                    self.date_texts.observe(text);
                }
            }
            ColumnType::Boolean
            | ColumnType::Time
            | ColumnType::Duration
            | ColumnType::List
            | ColumnType::Object => self.others += 1,
        }
    }

    /// How texts are read so that they are of the type of the other cells, if that is beyond doubt.
    pub fn reader(&self, dialect: &Dialect) -> Option<Reader> {
        if self.others > 0 {
            return None;
        }
        if self.numbers > 0 && self.dates == 0 && !self.number_texts.are_codes() {
            let (count, reading) = self.number_texts.best();
            let format = match reading? {
                Reading::One(format) => format,
                Reading::Two(formats) => {
                    let mut formats = formats.into_iter();
                    formats.find(|format| Some(format.decimal) == dialect.decimal)?
                }
            };
            // A number with a unit does not mean the same as one without.
            let is_plain = format.prefix.is_empty() && format.suffix.is_empty();
            return (count > 0 && is_plain).then_some(Reader::Numbers(format));
        }
        if self.dates > 0 && self.numbers == 0 {
            let (count, orders) = self.date_texts.best();
            let given = orders.iter().find(|order| Some(**order) == dialect.dates);
            let order = match orders.as_slice() {
                [order] => Some(order),
                _ => given,
            };
            return order
                .filter(|_| count > 0)
                .map(|order| Reader::Dates(*order));
        }
        None
    }
}

impl Reader {
    /// The cell, or what its text says.
    pub fn read(&self, cell: &mut Cell) {
        let Cell::Text(text) = &*cell else { return };
        let read = match self {
            // Whole numbers may have more digits than double precision.
            Self::Numbers(format) => {
                let whole = text.trim().parse().ok().map(Cell::Integer);
                whole.or_else(|| format.parse(text.trim()).map(Cell::number))
            }
            Self::Dates(format) => format.parse(text.trim()).map(Cell::Timestamp),
        };
        if let Some(read) = read {
            *cell = read;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: Vec<Cell>) -> Vec<Cell> {
        let mut mixture = Mixture::default();
        for cell in &cells {
            mixture.observe(cell);
        }
        let mut cells = cells;
        if let Some(reader) = mixture.reader(&Dialect::default()) {
            for cell in &mut cells {
                reader.read(cell);
            }
        }
        cells
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn texts_among_numbers_are_numbers_if_there_is_one_way_to_read_them() {
        let number = Cell::Number;
        assert_eq!(
            read(vec![number(1.5), text("14,36"), text("many")]),
            [number(1.5), number(14.36), text("many")]
        );
        for cells in [
            // One thousand, or a bit more than one.
            vec![number(1.5), text("1,234")],
            vec![Cell::Integer(10115), text("06510")],
            vec![number(1.5), text("3 kg")],
            vec![number(1.5), Cell::Boolean(true), text("14,36")],
        ] {
            assert_eq!(read(cells.clone()), cells);
        }
    }

    #[test]
    fn texts_among_dates_are_dates_if_there_is_one_way_to_read_them() {
        let date = Cell::Timestamp;
        let read = read(vec![date(0), text("31.01.1970"), text("2.1.1970")]);
        let day = 86_400_000_000;
        assert_eq!(read, [date(0), date(30 * day), date(day)]);
        // It may be in February or in January.
        let cells = vec![date(0), text("02/01/1970")];
        assert_eq!(super::tests::read(cells.clone()), cells);
    }
}
