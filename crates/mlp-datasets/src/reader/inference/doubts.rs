use std::collections::BTreeMap;
use std::path::Path;

use super::Inferred;
use crate::column_report::DoubtfulNumbers;
use crate::error::Error;
use crate::format::{ColumnFormat, DateFormat, NumberFormat};
use crate::input::Dialect;

/// How columns are written.
#[derive(Debug, Default)]
pub struct Settled {
    /// The formats of columns that are not written the usual way.
    pub formats: BTreeMap<String, ColumnFormat>,
    /// The numbers of columns that are read in the usual way, but could be read in another one.
    pub doubts: BTreeMap<String, DoubtfulNumbers>,
}

/// Decides how columns are written. If one can be read in two ways, the dialect decides, or else another
/// column that can be read in only one; or else numbers with nothing around them are read in the usual way.
///
/// # Errors
///
/// If nothing decides.
pub fn settle(
    inferred: Vec<(String, Inferred, String)>,
    dialect: &Dialect,
    path: &Path,
) -> Result<Settled, Error> {
    let certain = || {
        let certain = inferred
            .iter()
            .filter(|(_, inferred, _)| inferred.doubt.is_none());
        certain.map(|(_, inferred, _)| &inferred.format)
    };
    let decimal_of = |format: &NumberFormat| match (format.decimal, format.thousands) {
        (',', _) => Some(','),
        (_, Some(',')) => Some('.'),
        _ => None,
    };
    let decimal = dialect
        .decimal
        .or_else(|| certain().find_map(|format| format.numbers.as_ref().and_then(decimal_of)));
    let dates = dialect
        .dates
        .or_else(|| certain().find_map(|format| format.dates));
    // Elsewhere in the file, points are before decimals for certain.
    let has_decimal_points = inferred
        .iter()
        .any(|(_, inferred, _)| inferred.doubt.is_none() && inferred.has_decimal_points);
    let has_commas = dialect.delimiter == Some(b',');
    let mut settled = Settled::default();
    for (name, inferred, value) in inferred {
        let Inferred {
            format,
            doubt,
            seems_grouped,
            ..
        } = inferred;
        let format = match doubt {
            None => format,
            Some(doubt) => {
                let is_number = format.numbers.is_some() || doubt.numbers.is_some();
                let fits = |format: &ColumnFormat| {
                    if is_number {
                        let found = format
                            .numbers
                            .as_ref()
                            .map_or('.', |numbers| numbers.decimal);
                        decimal == Some(found)
                    } else {
                        dates == Some(format.dates.unwrap_or(DateFormat::YearFirst))
                    }
                };
                match [&format, &doubt].into_iter().find(|format| fits(format)) {
                    Some(format) => format.clone(),
                    // Programs write points before decimals, however many these are.
                    None if format.is_default()
                        && (!seems_grouped || has_decimal_points || has_commas) =>
                    {
                        let other = meaning(&doubt, &value, is_number);
                        let doubtful = DoubtfulNumbers {
                            value,
                            other,
                            seems_grouped,
                        };
                        settled.doubts.insert(name, doubtful);
                        continue;
                    }
                    None => {
                        return Err(Error::Ambiguous {
                            path: path.to_owned(),
                            column: name,
                            readings: Box::new(
                                [&format, &doubt].map(|format| meaning(format, &value, is_number)),
                            ),
                            value,
                            option: if is_number { "decimal" } else { "dates" },
                        });
                    }
                }
            }
        };
        if !format.is_default() {
            settled.formats.insert(name, format);
        }
    }
    Ok(settled)
}

/// What a cell means in a format.
fn meaning(format: &ColumnFormat, value: &str, is_number: bool) -> String {
    if is_number {
        let numbers = format.numbers.clone().unwrap_or_default();
        match numbers.parse(value) {
            Some(number) => number.to_string(),
            None => numbers.to_string(),
        }
    } else {
        let dates = format.dates.unwrap_or(DateFormat::YearFirst);
        let date = dates
            .parse(value)
            .and_then(chrono::DateTime::from_timestamp_micros);
        date.map_or_else(
            || dates.to_string(),
            |date| date.format("%Y-%m-%d").to_string(),
        )
    }
}
