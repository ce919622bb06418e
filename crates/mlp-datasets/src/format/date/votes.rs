use std::collections::HashSet;

use super::DateFormat;
use super::parts::Parts;
use super::time_of_day::time_of_day;

const ORDERS: [DateFormat; 3] = [
    DateFormat::YearFirst,
    DateFormat::DayFirst,
    DateFormat::MonthFirst,
];

/// Each two of them.
const PAIRS: [[usize; 2]; 3] = [[0, 1], [1, 2], [0, 2]];

/// Counts how many cells of a column are dates, for each way to write them.
#[derive(Clone, Debug, Default)]
pub(crate) struct DateVotes {
    votes: [usize; 3],
    /// The different numbers in each place. Years have two digits if they matter.
    numbers: [HashSet<i32>; 3],
    /// Whether a date can be read in any order, since its year is in front or its month is a name.
    is_year_known: bool,
    separator: Option<char>,
    /// For each two orders, a date that is another one in the other order.
    in_doubt: [Option<String>; PAIRS.len()],
}

impl DateVotes {
    /// Takes a cell into account; whether it is a date in some way.
    pub fn observe(&mut self, cell: &str) -> bool {
        if !Parts::LENGTHS.contains(&cell.len()) {
            return false;
        }
        let Some(parts) = Parts::of(cell) else {
            return false;
        };
        if time_of_day(parts.rest).is_none() {
            return false;
        }
        let dates = ORDERS.map(|format| parts.date(format));
        for (date, votes) in dates.iter().zip(&mut self.votes) {
            *votes += usize::from(date.is_some());
        }
        let is_date = dates.iter().any(Option::is_some);
        if is_date {
            let numbers = self.numbers.iter_mut().zip(parts.numbers);
            for (numbers, number) in numbers {
                numbers.insert(number);
            }
            self.is_year_known |= parts.has_year_first();
            self.separator = Some(parts.separator);
            for ([one, other], in_doubt) in PAIRS.into_iter().zip(&mut self.in_doubt) {
                if in_doubt.is_none()
                    && let (Some(one), Some(other)) = (dates[one], dates[other])
                    && one != other
                {
                    *in_doubt = Some(cell.to_owned());
                }
            }
        }
        is_date
    }

    /// A date that means another one in another order, if there is one; of those in which most cells are dates,
    /// if these are several.
    pub fn in_doubt(&self) -> Option<&str> {
        let (_, formats) = self.best();
        let is_possible = |order: usize| formats.contains(&ORDERS[order]);
        let all = || PAIRS.into_iter().zip(&self.in_doubt);
        let of_possible = all()
            .filter(|([one, other], _)| is_possible(*one) && is_possible(*other))
            .find_map(|(_, cell)| cell.as_deref());
        of_possible.or_else(|| all().find_map(|(_, cell)| cell.as_deref()))
    }

    /// How many cells are dates in the way in which most are, and the ways that it can be.
    pub fn best(&self) -> (usize, Vec<DateFormat>) {
        let most = self.votes.iter().copied().max().unwrap_or(0);
        let mut formats: Vec<DateFormat> = ORDERS
            .into_iter()
            .zip(self.votes)
            .filter_map(|(format, votes)| (votes == most && most > 0).then_some(format))
            .collect();
        if let [DateFormat::YearFirst, _, ..] = formats.as_slice() {
            if self.is_year_known {
                // With names of months, any order is read.
                formats.truncate(1);
            } else {
                self.place_the_year(&mut formats);
            }
        }
        if let [DateFormat::DayFirst, DateFormat::MonthFirst] = formats.as_slice() {
            let is_first_of_month = |day: usize| {
                let (days, months) = (&self.numbers[day], &self.numbers[1 - day]);
                days.len() == 1 && days.contains(&1) && months.len() > 1
            };
            if self.separator == Some('.') || is_first_of_month(0) {
                formats = vec![DateFormat::DayFirst];
            } else if is_first_of_month(1) {
                formats = vec![DateFormat::MonthFirst];
            }
        }
        (most, formats)
    }

    /// Of years with two digits: there are fewer of them than days, and between slashes and points they are at
    /// the end.
    fn place_the_year(&self, formats: &mut Vec<DateFormat>) {
        let [first, _, last] = self.numbers.each_ref().map(HashSet::len);
        if self.separator != Some('-') || last < first {
            formats.remove(0);
        } else if first < last {
            formats.truncate(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(cells: &[&str]) -> (usize, Vec<DateFormat>) {
        let mut votes = DateVotes::default();
        for cell in cells {
            votes.observe(cell);
        }
        votes.best()
    }

    #[test]
    fn all_cells_together_decide_the_order() {
        use DateFormat::{DayFirst, MonthFirst, YearFirst};
        for (cells, expected) in [
            (&["2024-01-02", "2024-03-04"][..], vec![YearFirst]),
            (&["01/02/2024", "13/02/2024"], vec![DayFirst]),
            (&["01/02/2024", "02/13/2024"], vec![MonthFirst]),
            (&["01.02.2024", "02.03.2024"], vec![DayFirst]),
            (&["01/01/2024", "02/01/2024"], vec![MonthFirst]),
            (&["01/01/2024", "01/02/2024"], vec![DayFirst]),
            (&["01/02/2024", "03/04/2024"], vec![DayFirst, MonthFirst]),
            (&["22-May-23", "23-May-23"], vec![YearFirst]),
            (&["23-05-01", "23-05-02", "23-06-21"], vec![YearFirst]),
            (&["01-05-23", "02-05-23", "21-06-23"], vec![DayFirst]),
            (&["25/12/23", "24/11/23", "13/01/24"], vec![DayFirst]),
            (
                &["10-11-12", "11-12-13"],
                vec![YearFirst, DayFirst, MonthFirst],
            ),
        ] {
            assert_eq!(best(cells), (cells.len(), expected), "{cells:?}");
        }
        assert_eq!(best(&["soon", "12.5", "10:30"]), (0, vec![]));
    }

    #[test]
    fn a_date_in_doubt_is_another_one_in_another_order() {
        let mut votes = DateVotes::default();
        for cell in ["03/03/2024", "13/03/2024", "01/02/2024"] {
            votes.observe(cell);
        }
        assert_eq!(votes.in_doubt(), Some("01/02/2024"));

        // As day or month first, both of these are the first of January.
        let mut votes = DateVotes::default();
        for cell in ["01/01/24", "02/02/24", "03/04/24"] {
            votes.observe(cell);
        }
        assert_eq!(votes.in_doubt(), Some("03/04/24"));
    }
}
