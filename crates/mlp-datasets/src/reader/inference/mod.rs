//! Of which kind a column is, and how it is written.

mod doubts;
mod observe;
mod possible_kinds;

pub use doubts::{Settled, settle};
pub use observe::observe;
pub use possible_kinds::PossibleKinds;

use crate::format::{ColumnFormat, DateFormat, NumberDates, NumberFormat, Reading, whole_number};
use crate::table::ColumnKind;

/// The fewest cells of which a few odd ones do not change the kind.
const MIN_CELLS: usize = 50;
/// One odd cell in so many.
const MAX_ODD: usize = 20;
/// Larger whole numbers are not classes.
const MAX_CLASS_NUMBER: f64 = 1e6;

/// The kind of a column, and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Inferred {
    /// `None` if all values are missing or the type is not supported.
    pub kind: Option<ColumnKind>,
    pub format: ColumnFormat,
    /// The other way to write numbers or dates, if both are possible.
    pub doubt: Option<ColumnFormat>,
    /// Of numbers in doubt, whether their points are more likely between thousands.
    pub seems_grouped: bool,
    /// Whether there are numbers with a point in the usual way.
    pub has_decimal_points: bool,
    /// How many cells are not of the kind.
    pub num_odd: usize,
}

impl PossibleKinds {
    /// The kind of the column and how it is written, or how it is written if the kind was requested.
    pub fn infer(&self, requested: Option<ColumnKind>) -> Inferred {
        let mut inferred = Inferred {
            kind: None,
            format: ColumnFormat::default(),
            doubt: None,
            seems_grouped: false,
            has_decimal_points: false,
            num_odd: 0,
        };
        if let Some(kind) = self.typed {
            inferred.kind = (kind != ColumnKind::Drop).then_some(kind);
            match requested.unwrap_or(kind) {
                ColumnKind::Categorical => inferred.format.present = self.present(),
                ColumnKind::Date => {
                    let numbers = self.number_dates.as_ref();
                    inferred.format.dates = numbers.and_then(NumberDates::best);
                }
                ColumnKind::Numeric | ColumnKind::Boolean | ColumnKind::Drop => {}
            }
            return inferred;
        }
        if self.seen == 0 {
            return inferred;
        }
        let (num_numbers, reading) = self.numbers.best();
        let (num_dates, orders) = self.dates.best();
        let is_most = |count: usize| {
            let odd = self.seen - count;
            count > 0 && (odd == 0 || self.seen >= MIN_CELLS && odd * MAX_ODD <= self.seen)
        };
        let kind = requested.unwrap_or_else(|| {
            let is_usual = reading == Some(Reading::One(NumberFormat::default()));
            if is_most(num_numbers) && !self.numbers.are_codes() {
                // Whoever stored whole numbers as text meant codes. Classes are named as they are written.
                let are_codes = self.is_typed_text && is_usual && !self.numbers.have_decimals();
                if are_codes || self.is_few_whole_numbers() {
                    return ColumnKind::Categorical;
                }
                return ColumnKind::Numeric;
            }
            match (self.booleans == self.seen, is_most(num_dates)) {
                (true, _) if self.distinct.is_some() => ColumnKind::Categorical,
                (true, _) => ColumnKind::Boolean,
                (false, true) => ColumnKind::Date,
                (false, false) => ColumnKind::Categorical,
            }
        });
        inferred.kind = Some(kind);
        match kind {
            ColumnKind::Numeric => {
                inferred.num_odd = self.seen - num_numbers;
                let too_large = self.numbers.too_large();
                if is_most(num_numbers.saturating_sub(too_large)) {
                    inferred.num_odd += too_large;
                }
                let formats = match reading {
                    None => return inferred,
                    Some(Reading::One(format)) => [Some(format), None],
                    Some(Reading::Two([one, two])) => [Some(one), Some(two)],
                };
                let [format, doubt] = formats.map(|format| ColumnFormat {
                    numbers: format
                        .filter(|format| *format != crate::format::NumberFormat::default()),
                    ..ColumnFormat::default()
                });
                inferred.doubt = Some(doubt).filter(|doubt| !doubt.is_default());
                inferred.seems_grouped = self.numbers.seem_grouped();
                inferred.has_decimal_points = format.is_default() && self.numbers.have_decimals();
                inferred.format = format;
            }
            ColumnKind::Date => {
                let mut formats = orders.into_iter().map(|order| ColumnFormat {
                    dates: Some(order).filter(|order| *order != DateFormat::YearFirst),
                    ..ColumnFormat::default()
                });
                inferred.num_odd = self.seen - num_dates;
                if let Some(format) = formats.next() {
                    inferred.format = format;
                } else {
                    // Requested of numbers.
                    let numbers = self.number_dates.as_ref();
                    inferred.format.dates = numbers.and_then(NumberDates::best);
                    inferred.num_odd = self.seen - num_numbers;
                }
                inferred.doubt = formats.next();
            }
            ColumnKind::Categorical | ColumnKind::Boolean => {
                inferred.format.present = self.present();
            }
            ColumnKind::Drop => {}
        }
        inferred
    }

    /// Whether the values of a target are classes, though they are numbers, such as `1`, `1.0` or `10%`.
    fn is_few_whole_numbers(&self) -> bool {
        let Some(distinct) = &self.distinct else {
            return false;
        };
        let is_class = |text: &String| {
            let number = text.parse().ok().or_else(|| whole_number(text));
            number.is_some_and(|number: f64| {
                number.fract() == 0.0 && number.abs() <= MAX_CLASS_NUMBER
            })
        };
        self.is_few() && distinct.keys().all(is_class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn infer(cells: &[&str]) -> Inferred {
        let mut possible = PossibleKinds::new(false, None);
        for cell in cells {
            possible.observe(cell.as_bytes(), 1);
        }
        possible.infer(None)
    }

    #[test]
    fn a_column_has_the_most_specific_kind_that_fits_all_values() {
        for (cells, expected) in [
            (&["1", "-2.5", "1e3"][..], Some(ColumnKind::Numeric)),
            (&["12,5", "3"], Some(ColumnKind::Numeric)),
            (&["$12.50", "$3"], Some(ColumnKind::Numeric)),
            (&["1", "2", "three"], Some(ColumnKind::Categorical)),
            (&["06510", "10115"], Some(ColumnKind::Categorical)),
            (&["true", "False"], Some(ColumnKind::Boolean)),
            (&["true", "maybe"], Some(ColumnKind::Categorical)),
            (&["2024-01-31", "2024/02/01"], Some(ColumnKind::Date)),
            (&["31/12/2024", "01/02/2025"], Some(ColumnKind::Date)),
            (&["2024-01-31", "soon"], Some(ColumnKind::Categorical)),
            (&["2024", "2025"], Some(ColumnKind::Numeric)),
            (&[], None),
        ] {
            assert_eq!(infer(cells).kind, expected, "{cells:?}");
        }
    }

    #[test]
    fn a_few_odd_cells_among_many_do_not_change_the_kind() {
        let mut cells = vec!["12,5"; 60];
        cells.push("k.A.");
        let inferred = infer(&cells);
        assert_eq!(
            (inferred.kind, inferred.num_odd),
            (Some(ColumnKind::Numeric), 1)
        );
        let comma = NumberFormat {
            decimal: ',',
            ..NumberFormat::default()
        };
        assert_eq!(inferred.format.numbers, Some(comma));

        cells[60] = "inf";
        assert_eq!(infer(&cells).num_odd, 1);

        let mut cells = vec!["2024-01-31"; 60];
        cells.push("soon");
        assert_eq!(infer(&cells).kind, Some(ColumnKind::Date));

        cells.truncate(20);
        cells.push("soon");
        assert_eq!(
            infer(&cells).kind,
            Some(ColumnKind::Categorical),
            "one of 21 is not few"
        );
    }

    #[test]
    fn texts_that_usually_mean_a_missing_value_are_values_among_their_like() {
        let present = |cells: &[&str], missing: &str| {
            let mut possible = PossibleKinds::new(true, None);
            for cell in cells {
                possible.observe(cell.as_bytes(), 1);
            }
            possible.observe_missing(missing.as_bytes());
            possible.infer(None).format.present
        };
        assert_eq!(present(&["+", "+"], "-"), ["-"]);
        assert_eq!(present(&["EU", "AS"], "NA"), ["NA"]);
        assert!(present(&["Europe", "Asia"], "NA").is_empty());
        assert!(present(&["1", "2"], "-").is_empty());
    }

    #[test]
    fn few_whole_numbers_are_classes_of_a_target_as_they_are_written() {
        let kind = |cells: &[&str], is_target| {
            let mut possible = PossibleKinds::new(is_target, None);
            for cell in cells.repeat(10) {
                possible.observe(cell.as_bytes(), 1);
            }
            possible.infer(None).kind
        };
        assert_eq!(kind(&["1.0", "2.0"], true), Some(ColumnKind::Categorical));
        assert_eq!(kind(&["1.0", "2.0"], false), Some(ColumnKind::Numeric));
        assert_eq!(kind(&["1.5", "2.0"], true), Some(ColumnKind::Numeric));
        assert_eq!(kind(&["10%", "20%"], true), Some(ColumnKind::Categorical));
        assert_eq!(kind(&["10%", "20%"], false), Some(ColumnKind::Numeric));
    }
}
