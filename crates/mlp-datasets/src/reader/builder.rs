use std::collections::HashMap;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, DataType, TimeUnit};

use super::types::{TypeKind, expanded, is_boolean, is_text, to_numbers};
use crate::error::{Error, Position};
use crate::format::{DateFormat, MissingTexts, NumberFormat};
use crate::input::Dialect;
use crate::schema::Schema;
use crate::table::{ColumnKind, Values};

/// A column that is filled value by value.
pub(super) struct ColumnBuilder {
    values: Building,
    missing: MissingTexts,
    /// How numbers are written, if not the usual way.
    numbers: Option<NumberFormat>,
    dates: DateFormat,
    /// Which of the dialect's texts for missing values occurred.
    used: Vec<bool>,
}

/// The values so far.
enum Building {
    Numbers(Vec<f64>),
    Categories(Categories),
    Dates(Vec<i64>),
    /// The column is left out.
    Dropped,
}

/// Categories with each name stored once.
#[derive(Default)]
pub(super) struct Categories {
    codes: Vec<u32>,
    names: Vec<String>,
    /// The code of each name.
    code_of: HashMap<String, u32>,
    /// Whether `True` and `true` are the same category.
    boolean: bool,
}

/// Why a cell cannot be added to a column.
#[derive(Debug)]
pub(super) enum InvalidCell {
    /// It has another kind; what was expected, such as `number`.
    Kind(&'static str),
    Utf8,
}

/// Why an array cannot be added to a column: a value of another kind, or a type that cannot be cast.
pub(super) enum InvalidArray {
    Value {
        row: usize,
        value: String,
        expected: &'static str,
    },
    Array(ArrowError),
    /// The type cannot be used; what its values are called.
    Type(&'static str),
}

impl ColumnBuilder {
    /// A column of a kind, which is written as the dialect says.
    pub fn new(name: &str, kind: ColumnKind, dialect: &Dialect) -> Self {
        let format = dialect.column(name);
        Self {
            values: match kind {
                ColumnKind::Numeric => Building::Numbers(Vec::new()),
                ColumnKind::Categorical | ColumnKind::Boolean => Building::Categories(Categories {
                    boolean: kind == ColumnKind::Boolean,
                    ..Categories::default()
                }),
                ColumnKind::Date => Building::Dates(Vec::new()),
                ColumnKind::Drop => Building::Dropped,
            },
            missing: MissingTexts::new(dialect, &format),
            numbers: format.numbers,
            dates: format.dates.unwrap_or(DateFormat::YearFirst),
            used: vec![false; dialect.missing.len()],
        }
    }

    /// Lets more texts mean a missing value.
    pub fn allow(&mut self, missing: impl IntoIterator<Item = String>) {
        self.missing.extend(missing);
    }

    /// Whether one of the dialect's texts for missing values occurred.
    pub fn has_used_missing(&self, index: usize) -> bool {
        self.used.get(index).copied().unwrap_or(false)
    }

    fn note_missing(&mut self, cell: &[u8]) {
        if let Some(index) = self.missing.position(cell)
            && let Some(used) = self.used.get_mut(index)
        {
            *used = true;
        }
    }

    /// The builders of the columns of a schema.
    pub fn of_schema(schema: &Schema) -> Vec<Self> {
        let columns = schema.columns.iter();
        columns
            .map(|column| Self::new(&column.name, column.kind, &schema.dialect))
            .collect()
    }

    /// Adds the value of a cell, which has no surrounding blanks.
    pub fn push(&mut self, cell: &[u8]) -> Result<(), InvalidCell> {
        if matches!(self.values, Building::Dropped) {
            return Ok(());
        }
        if self.missing.is_missing_cell(cell) {
            self.note_missing(cell);
            self.push_missing();
            return Ok(());
        }
        let text = str::from_utf8(cell).map_err(|_| InvalidCell::Utf8)?;
        match &mut self.values {
            Building::Numbers(numbers) => {
                let number = match &self.numbers {
                    None => usual_number(text),
                    Some(format) => format.parse(text),
                };
                match number {
                    Some(number) if self.missing.is_missing_number(number) => {
                        numbers.push(f64::NAN);
                    }
                    Some(number) if number.abs() <= Values::MAX_NUMBER => numbers.push(number),
                    Some(_) => return Err(InvalidCell::Kind("finite number")),
                    None => return Err(InvalidCell::Kind("number")),
                }
            }
            Building::Categories(categories) => categories.push(text),
            Building::Dates(dates) => match self.dates.parse(text) {
                Some(date) => dates.push(date),
                None => {
                    return Err(InvalidCell::Kind(
                        "date such as 2024-02-29 or 2024-02-29T13:45:00",
                    ));
                }
            },
            Building::Dropped => {}
        }
        Ok(())
    }

    pub fn push_missing(&mut self) {
        match &mut self.values {
            Building::Numbers(numbers) => numbers.push(f64::NAN),
            Building::Categories(categories) => categories.codes.push(Values::MISSING_CODE),
            Building::Dates(dates) => dates.push(Values::MISSING_DATE),
            Building::Dropped => {}
        }
    }

    /// Adds all values of an array.
    pub fn extend(&mut self, array: &ArrayRef) -> Result<(), InvalidArray> {
        self.extend_tolerating(array, &mut |_, _| false)
    }

    /// The same, with texts that are not of the column's kind as missing values if `tolerate` says so for
    /// their row and text.
    pub fn extend_tolerating(
        &mut self,
        array: &ArrayRef,
        tolerate: &mut dyn FnMut(usize, &str) -> bool,
    ) -> Result<(), InvalidArray> {
        if matches!(self.values, Building::Dropped) {
            return Ok(());
        }
        if let TypeKind::Unsupported(name) = TypeKind::of(array.data_type()) {
            return Err(InvalidArray::Type(name));
        }
        let array = &expanded(array).map_err(InvalidArray::Array)?;
        let cast =
            |data_type: &DataType| arrow_cast::cast(array, data_type).map_err(InvalidArray::Array);
        let is_typed = !is_text(array.data_type());
        match &mut self.values {
            Building::Numbers(numbers) if is_typed => {
                let array = to_numbers(array).map_err(InvalidArray::Array)?;
                for (row, value) in array.iter().enumerate() {
                    let mut value = value.unwrap_or(f64::NAN);
                    if let Some(index) = self.missing.position_of_number(value) {
                        value = f64::NAN;
                        if let Some(used) = self.used.get_mut(index) {
                            *used = true;
                        }
                    }
                    if value.abs() > Values::MAX_NUMBER {
                        return Err(InvalidArray::Value {
                            row,
                            value: value.to_string(),
                            expected: "finite number",
                        });
                    }
                    numbers.push(value);
                }
            }
            Building::Dates(dates) if is_typed && !array.data_type().is_numeric() => {
                let zone = if let DataType::Timestamp(_, zone) = array.data_type() {
                    zone.clone()
                } else {
                    None
                };
                let array = cast(&DataType::Timestamp(TimeUnit::Microsecond, zone))?;
                let microseconds = array.as_primitive::<TimestampMicrosecondType>();
                dates.extend(
                    microseconds
                        .iter()
                        .map(|date| date.unwrap_or(Values::MISSING_DATE)),
                );
            }
            Building::Dropped => {}
            Building::Numbers(_) | Building::Categories(_) | Building::Dates(_) => {
                let array = cast(&DataType::Utf8)?;
                for (row, value) in array.as_string::<i32>().iter().enumerate() {
                    let Some(value) = value else {
                        self.push_missing();
                        continue;
                    };
                    match self.push(value.trim_ascii().as_bytes()) {
                        Ok(()) => {}
                        Err(InvalidCell::Kind(_)) if tolerate(row, value) => self.push_missing(),
                        Err(InvalidCell::Kind(expected)) => {
                            return Err(InvalidArray::Value {
                                row,
                                value: value.to_owned(),
                                expected,
                            });
                        }
                        Err(InvalidCell::Utf8) => unreachable!("Arrow's strings are UTF-8"),
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds values of the same kind.
    pub fn append(&mut self, values: &Values) {
        match (&mut self.values, values) {
            (Building::Numbers(all), Values::Numbers(numbers)) => all.extend(numbers),
            (Building::Dates(all), Values::Dates(dates)) => all.extend(dates),
            (Building::Categories(all), Values::Categories { codes, names }) => {
                for &code in codes {
                    match names.get(code as usize) {
                        Some(name) => all.push(name),
                        None => all.codes.push(Values::MISSING_CODE),
                    }
                }
            }
            (
                Building::Numbers(_)
                | Building::Dates(_)
                | Building::Categories(_)
                | Building::Dropped,
                _,
            ) => {
                unreachable!("the values have the builder's kind")
            }
        }
    }

    /// The values of the column; `None` if it is left out.
    pub fn finish(self) -> Option<Values> {
        match self.values {
            Building::Numbers(numbers) => Some(Values::Numbers(numbers)),
            Building::Categories(Categories { codes, names, .. }) => {
                Some(Values::Categories { codes, names })
            }
            Building::Dates(dates) => Some(Values::Dates(dates)),
            Building::Dropped => None,
        }
    }
}

/// A number in the usual way.
fn usual_number(text: &str) -> Option<f64> {
    match text.parse() {
        Ok(number) => Some(number),
        // With a typographic minus sign, or a sign behind it.
        Err(_) => NumberFormat::default().parse(text),
    }
}

impl Categories {
    fn push(&mut self, text: &str) {
        // Neighbouring rows often have the same category, for example in sorted files.
        if let Some(&last) = self.codes.last()
            && self
                .names
                .get(last as usize)
                .is_some_and(|name| name == text)
        {
            self.codes.push(last);
            return;
        }
        let lower = if self.boolean && is_boolean(text) {
            text.to_ascii_lowercase()
        } else {
            String::new()
        };
        let text = if lower.is_empty() { text } else { &lower };
        let code = self.code_of.get(text).copied().unwrap_or_else(|| {
            let code = u32::try_from(self.names.len()).expect("rows are fewer than 2^32");
            self.names.push(text.to_owned());
            self.code_of.insert(text.to_owned(), code);
            code
        });
        self.codes.push(code);
    }
}

impl InvalidArray {
    /// The error for an array. A function tells the number of the row, from 1, in which a value is.
    pub fn locate(self, path: &Path, number: impl Fn(usize) -> usize, column: &str) -> Error {
        match self {
            Self::Value {
                row,
                value,
                expected,
            } => Error::BadCell {
                path: path.to_owned(),
                position: Position::Row(number(row)),
                column: column.to_owned(),
                value,
                expected,
            },
            Self::Array(error) => Error::damaged(path, &error),
            Self::Type(data_type) => Error::UnsupportedColumn {
                path: path.to_owned(),
                column: column.to_owned(),
                data_type,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{BooleanArray, Date32Array, Int64Array, StringArray};

    use super::*;

    fn pushed(kind: ColumnKind, cells: &[&str]) -> Values {
        let mut builder = ColumnBuilder::new("x", kind, &Dialect::default());
        for cell in cells {
            builder.push(cell.as_bytes()).unwrap();
        }
        builder.finish().unwrap()
    }

    fn extended(kind: ColumnKind, array: impl Array + 'static) -> Values {
        let mut builder = ColumnBuilder::new("x", kind, &Dialect::default());
        let array: ArrayRef = Arc::new(array);
        assert!(builder.extend(&array).is_ok());
        builder.finish().unwrap()
    }

    fn categories(codes: &[u32], names: &[&str]) -> Values {
        Values::Categories {
            codes: codes.to_vec(),
            names: names.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn categories_are_named_once_in_order_of_appearance() {
        let missing = Values::MISSING_CODE;
        assert_eq!(
            pushed(ColumnKind::Categorical, &["b", "a", "a", "?", "b"]),
            categories(&[0, 1, 1, missing, 0], &["b", "a"])
        );
        assert_eq!(
            pushed(ColumnKind::Boolean, &["True", "false", "TRUE"]),
            categories(&[0, 1, 0], &["true", "false"])
        );
    }

    #[test]
    fn a_value_of_another_kind_is_rejected() {
        for (kind, cell) in [
            (ColumnKind::Numeric, "x"),
            (ColumnKind::Numeric, "inf"),
            (ColumnKind::Numeric, "1e39"),
            (ColumnKind::Date, "yesterday"),
        ] {
            let mut builder = ColumnBuilder::new("x", kind, &Dialect::default());
            let pushed = builder.push(cell.as_bytes());
            assert!(pushed.is_err(), "{cell}");
        }
    }

    #[test]
    fn arrays_are_read_like_their_text() {
        let numbers = Int64Array::from(vec![Some(3), Some(-4)]);
        assert_eq!(
            extended(ColumnKind::Numeric, numbers.clone()),
            Values::Numbers(vec![3.0, -4.0])
        );
        assert_eq!(
            extended(ColumnKind::Categorical, numbers),
            categories(&[0, 1], &["3", "-4"])
        );
        assert_eq!(
            extended(ColumnKind::Boolean, BooleanArray::from(vec![true, false])),
            categories(&[0, 1], &["true", "false"])
        );
        let text = StringArray::from(vec![Some(" 1.5 "), None, Some("NA")]);
        let Values::Numbers(numbers) = extended(ColumnKind::Numeric, text) else {
            panic!("the column is numeric");
        };
        assert_eq!(numbers[0], 1.5);
        assert!(numbers[1].is_nan() && numbers[2].is_nan());
        assert_eq!(
            extended(ColumnKind::Date, Date32Array::from(vec![Some(1), None])),
            Values::Dates(vec![86_400_000_000, Values::MISSING_DATE])
        );
    }
}
