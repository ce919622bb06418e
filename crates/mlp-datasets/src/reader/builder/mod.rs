//! Columns that grow by cells and arrays.

mod categories;
mod invalid;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};

use categories::Categories;
pub use invalid::{InvalidArray, InvalidCell};

use super::types::{TypeKind, expanded, is_boolean, is_text, to_digits, to_numbers, to_texts};
use crate::format::{DateFormat, MissingTexts, NumberFormat, Shape};
use crate::input::{Dialect, plain_text};
use crate::schema::Schema;
use crate::table::{ColumnKind, Values};

/// A column that is filled value by value.
#[derive(Clone)]
pub struct ColumnBuilder {
    values: Building,
    missing: MissingTexts,
    /// How numbers are written, if not the usual way.
    numbers: Option<NumberFormat>,
    dates: DateFormat,
    /// Whether `true` and `false` are numbers as well. They are not when kinds are inferred.
    reads_booleans: bool,
    /// Which of the texts for missing values occurred, first those of the dialect.
    used: Vec<bool>,
}

/// The values so far.
#[derive(Clone)]
enum Building {
    Numbers(Vec<f64>),
    Categories(Categories),
    Dates(Vec<i64>),
    /// The column is left out.
    Dropped,
}

impl ColumnBuilder {
    /// A column of a kind, which is written as the dialect says.
    pub fn new(name: &str, kind: ColumnKind, dialect: &Dialect) -> Self {
        let format = dialect.column(name);
        let missing = dialect.missing_texts(&format);
        Self {
            values: match kind {
                ColumnKind::Numeric => Building::Numbers(Vec::new()),
                ColumnKind::Categorical => Building::Categories(Categories::default()),
                ColumnKind::Boolean => Building::Categories(Categories::of_booleans()),
                ColumnKind::Date => Building::Dates(Vec::new()),
                ColumnKind::Drop => Building::Dropped,
            },
            used: vec![false; missing.len()],
            missing,
            reads_booleans: false,
            numbers: format.numbers,
            dates: format.dates.unwrap_or(DateFormat::YearFirst),
        }
    }

    /// Lets more texts mean a missing value.
    pub fn allow(&mut self, missing: impl IntoIterator<Item = String>) {
        self.missing.extend(missing);
        if let Building::Categories(categories) = &mut self.values {
            categories.forget_recent();
        }
    }

    /// Makes room for so many values.
    pub fn reserve(&mut self, num_rows: usize) {
        match &mut self.values {
            Building::Numbers(numbers) => numbers.reserve_exact(num_rows),
            Building::Categories(categories) => categories.codes.reserve_exact(num_rows),
            Building::Dates(dates) => dates.reserve_exact(num_rows),
            Building::Dropped => {}
        }
    }

    /// Whether one of the texts for missing values occurred, of which those of the dialect are the first.
    pub fn has_used_missing(&self, index: usize) -> bool {
        self.used.get(index).copied().unwrap_or(false)
    }

    /// The builders of the columns of a schema.
    pub fn of_schema(schema: &Schema) -> Vec<Self> {
        let columns = schema.columns.iter();
        columns
            .map(|column| Self {
                reads_booleans: true,
                ..Self::new(&column.name, column.kind, &schema.dialect)
            })
            .collect()
    }

    /// Adds the value of a cell, which has no surrounding blanks.
    pub fn push(&mut self, cell: &[u8]) -> Result<(), InvalidCell> {
        if matches!(self.values, Building::Dropped) {
            return Ok(());
        }
        // It was looked at before, and is not missing.
        if let Building::Categories(categories) = &mut self.values
            && categories.push_recent(cell)
        {
            return Ok(());
        }
        if self.missing.is_missing_cell(cell) {
            note(&mut self.used, self.missing.position(cell));
            self.push_missing();
            return Ok(());
        }
        if let (Building::Numbers(numbers), None) = (&mut self.values, &self.numbers)
            && Shape::of(cell) == Shape::Digits
        {
            let digits = cell.iter().map(|digit| u64::from(digit - b'0'));
            let number = digits.fold(0, |number, digit| 10 * number + digit) as f64;
            if !self.missing.is_missing_number(number) {
                numbers.push(number);
                return Ok(());
            }
        }
        let text = str::from_utf8(cell).map_err(|_| InvalidCell::Utf8)?;
        match &mut self.values {
            Building::Numbers(numbers) => {
                let number = match &self.numbers {
                    None => usual_number(text),
                    Some(format) => format.parse(text),
                };
                let boolean = || {
                    let is_read = self.reads_booleans && is_boolean(text);
                    is_read.then(|| f64::from(u8::from(text.eq_ignore_ascii_case("true"))))
                };
                match number.or_else(boolean) {
                    Some(number) if self.missing.is_missing_number(number) => {
                        note(&mut self.used, self.missing.position_of_number(number));
                        numbers.push(f64::NAN);
                    }
                    Some(number) if number.abs() <= Values::MAX_NUMBER => numbers.push(number),
                    Some(number) => return Err(InvalidCell::Kind(number_beside(number))),
                    None => {
                        let format = self.numbers.as_ref();
                        let expected = format.map_or("number", NumberFormat::example);
                        return Err(InvalidCell::Kind(expected));
                    }
                }
            }
            Building::Categories(categories) => categories.push(text),
            Building::Dates(dates) => match self.dates.parse(text) {
                Some(date) if self.missing.is_missing_date(date) => {
                    note(&mut self.used, self.missing.position_of_date(date));
                    dates.push(Values::MISSING_DATE);
                }
                Some(date) => dates.push(date),
                None => return Err(InvalidCell::Kind(self.dates.example())),
            },
            Building::Dropped => {}
        }
        Ok(())
    }

    /// Adds a number, as it is in a file with types.
    pub fn push_number(&mut self, number: f64) -> Result<(), InvalidCell> {
        let Building::Numbers(numbers) = &mut self.values else {
            // As texts, like numbers of such a file.
            return self.push(number.to_string().as_bytes());
        };
        if self.missing.is_missing_number(number) {
            note(&mut self.used, self.missing.position_of_number(number));
            numbers.push(f64::NAN);
        } else if number.abs() > Values::MAX_NUMBER {
            return Err(InvalidCell::Kind(number_beside(number)));
        } else {
            numbers.push(number);
        }
        Ok(())
    }

    /// Adds a missing value.
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
                let is_single = matches!(array.data_type(), DataType::Float32 | DataType::Float16);
                let array = to_numbers(array).map_err(InvalidArray::Array)?;
                for (row, value) in array.iter().enumerate() {
                    let mut value = value.unwrap_or(f64::NAN);
                    #[expect(clippy::cast_possible_truncation)]
                    // It was stored in single precision.
                    let missing = if is_single {
                        self.missing.position_of_single(value as f32)
                    } else {
                        self.missing.position_of_number(value)
                    };
                    if missing.is_some() {
                        note(&mut self.used, missing);
                        value = f64::NAN;
                    }
                    if value.abs() > Values::MAX_NUMBER {
                        return Err(InvalidArray::Value {
                            row,
                            value: value.to_string(),
                            expected: number_beside(value),
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
                for date in microseconds {
                    let missing = date.and_then(|date| self.missing.position_of_date(date));
                    note(&mut self.used, missing);
                    let date = date.filter(|_| missing.is_none());
                    dates.push(date.unwrap_or(Values::MISSING_DATE));
                }
            }
            Building::Dropped => {}
            Building::Numbers(_) | Building::Categories(_) | Building::Dates(_) => {
                let is_date = matches!(self.values, Building::Dates(_));
                let texts = if is_date {
                    to_digits(array)
                } else {
                    to_texts(array)
                };
                let array = texts.map_err(InvalidArray::Array)?;
                for (row, value) in array.as_string::<i32>().iter().enumerate() {
                    let Some(value) = value else {
                        self.push_missing();
                        continue;
                    };
                    match self.push(plain_text(value).as_bytes()) {
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

/// What is expected instead of a number that is infinite or too large.
fn number_beside(number: f64) -> &'static str {
    if number.is_finite() {
        "number within ±3.4e38 (single precision)"
    } else {
        "finite number"
    }
}

/// Notes that a text for missing values occurred.
fn note(used: &mut [bool], index: Option<usize>) {
    if let Some(used) = index.and_then(|index| used.get_mut(index)) {
        *used = true;
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
