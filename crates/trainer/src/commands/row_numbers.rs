use std::str::FromStr;

use mlp_datasets::{RowPlace, RowPlaces};

use crate::Error;

/// The prefix of the number of a row in a separate test file.
const TEST: &str = "test:";

/// The numbers of rows as they are typed: `1,5,10-20`, counted from 1 in their file, and `test:3` in a separate
/// test file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowNumbers(Vec<(RowPlace, usize)>);

/// The number of one row as it is typed: `5`, or `test:5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowNumber(pub RowPlace);

/// Why a text is not the numbers of rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{part}` is neither a number of a row, from 1, nor a range such as `10-20`")]
pub struct NotRowNumbers {
    part: String,
}

/// Why a text is not the number of a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a number of a row, from 1")]
pub struct NotARowNumber {
    text: String,
}

/// The number of a row as one would type it.
pub fn typed(place: RowPlace) -> String {
    let file = if place.is_test { TEST } else { "" };
    format!("{file}{}", place.number)
}

/// Checks that a file has a row.
///
/// # Errors
///
/// If it has not.
pub fn check(place: RowPlace, places: &RowPlaces) -> Result<(), Error> {
    let rows = places.num_rows(place.is_test);
    if place.is_test && !places.has_test_file() {
        return Err(Error::Mismatch {
            what: format!(
                "there is no row `{}`, since there is no separate test file",
                typed(place)
            ),
            hint: format!("leave out `{TEST}`: all rows are in the one table"),
        });
    }
    if place.number > rows {
        let row = typed(place);
        return Err(Error::NoRow {
            row,
            table: if place.is_test { "test file" } else { "table" },
            rows,
        });
    }
    Ok(())
}

impl RowNumbers {
    /// The rows in their order.
    ///
    /// # Errors
    ///
    /// If there are not as many.
    pub fn of(&self, places: &RowPlaces) -> Result<Vec<RowPlace>, Error> {
        let mut rows = Vec::new();
        for &(first, last) in &self.0 {
            let RowPlace { number, is_test } = first;
            check(
                RowPlace {
                    number: last,
                    is_test,
                },
                places,
            )?;
            rows.extend((number..=last).map(|number| RowPlace { number, is_test }));
        }
        Ok(rows)
    }
}

impl FromStr for RowNumbers {
    type Err = NotRowNumbers;

    fn from_str(text: &str) -> Result<Self, NotRowNumbers> {
        let range = |part: &str| {
            let (is_test, part) = of_file(part);
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (number, last) = (number(first)?, number(last)?);
            (number <= last).then_some((RowPlace { number, is_test }, last))
        };
        let parts = text.split(',').map(|part| {
            range(part).ok_or_else(|| NotRowNumbers {
                part: part.to_owned(),
            })
        });
        parts.collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for RowNumber {
    type Err = NotARowNumber;

    fn from_str(text: &str) -> Result<Self, NotARowNumber> {
        let (is_test, part) = of_file(text);
        match number(part) {
            Some(number) => Ok(Self(RowPlace { number, is_test })),
            None => Err(NotARowNumber {
                text: text.to_owned(),
            }),
        }
    }
}

/// Whether a number is of the test file, and the rest of its text.
fn of_file(part: &str) -> (bool, &str) {
    let part = part.trim();
    match part.strip_prefix(TEST) {
        Some(rest) => (true, rest),
        None => (false, part),
    }
}

fn number(text: &str) -> Option<usize> {
    text.trim().parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ranges_are_counted_from_one() {
        let numbers: RowNumbers = "1,5, 7-9,test:2-3".parse().unwrap();
        let place = |number, is_test| RowPlace { number, is_test };
        assert_eq!(
            numbers.0,
            [
                (place(1, false), 1),
                (place(5, false), 5),
                (place(7, false), 9),
                (place(2, true), 3)
            ]
        );
        assert_eq!(typed(place(2, true)), "test:2");
        assert_eq!("test:4".parse(), Ok(RowNumber(place(4, true))));
    }

    #[test]
    fn what_is_no_number_of_a_row_is_named() {
        for part in ["0", "", "a", "3-2", "-1", "1-2-3", "test:", "valid:1"] {
            let error = format!("1,{part}").parse::<RowNumbers>().unwrap_err();
            assert!(error.to_string().contains(&format!("`{part}`")), "{error}");
        }
        assert!("1-2".parse::<RowNumber>().is_err());
    }
}
