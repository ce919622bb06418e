//! Numbers that count rows rather than measure something.

/// In fewer rows, different whole numbers need not be row numbers.
const MIN_ROWS: usize = 20;
/// So many rows show whether it is worth sorting all of them.
const SAMPLE: usize = 2048;
/// Larger whole numbers are not exact.
const MAX_WHOLE: f64 = 9e15;
/// Row numbers of which rows were left out are within this many times the number of rows; if they also
/// ascend from row to row, within the second number.
const MAX_SPREADS: (f64, f64) = (2.0, 4.0);
/// Whole numbers that may be years.
const YEARS: std::ops::RangeInclusive<f64> = 1500.0..=2200.0;

/// Last words of the names of columns that number or identify rows.
const ID_WORDS: [&str; 20] = [
    "id",
    "ids",
    "idx",
    "index",
    "key",
    "pk",
    "uid",
    "uuid",
    "guid",
    "rowid",
    "row",
    "rownum",
    "rownumber",
    "nr",
    "no",
    "num",
    "number",
    "seq",
    "serial",
    "rn",
];
/// What is written together with `id`, as in `userid`. Just the ending would take `humid` for an id.
const IDENTIFIED: [&str; 22] = [
    "account",
    "case",
    "client",
    "customer",
    "device",
    "doc",
    "employee",
    "event",
    "item",
    "member",
    "object",
    "order",
    "passenger",
    "patient",
    "person",
    "product",
    "record",
    "sample",
    "session",
    "student",
    "transaction",
    "user",
];
/// Words for years, of which annual data has one in each row.
const YEAR_WORDS: [&str; 6] = ["year", "years", "yr", "jahr", "annee", "ano"];

/// How numbers that are all different number the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbering {
    /// They are consecutive whole numbers: in order, in any order from 0 or 1 on, or in any order in a
    /// column that is named like an identifier.
    RowNumbers,
    /// They have gaps, and the column is named like an identifier.
    Identifiers,
    /// They have few gaps or begin elsewhere, and the column is not named so.
    Similar,
}

impl Numbering {
    /// How the numbers of a column number the rows, if they do. All must be there, whole, different, and
    /// not negative.
    pub fn of(name: &str, numbers: &[f64]) -> Option<Self> {
        let is_whole = |number: &f64| number.fract() == 0.0 && (0.0..=MAX_WHOLE).contains(number);
        if numbers.len() < MIN_ROWS {
            return None;
        }
        let sorted = |numbers: &[f64]| {
            let mut sorted = numbers.to_vec();
            sorted.sort_unstable_by(f64::total_cmp);
            let are_different = sorted.windows(2).all(|pair| pair[0] != pair[1]);
            are_different.then_some(sorted)
        };
        // A few rows show that most columns repeat their values.
        sorted(&numbers[..numbers.len().min(SAMPLE)])?;
        if !numbers.iter().all(is_whole) {
            return None;
        }
        let sorted = sorted(numbers)?;
        let (first, last) = (sorted[0], sorted[sorted.len() - 1]);
        let words = words(name);
        let is_year = YEARS.contains(&first)
            && YEARS.contains(&last)
            && words.iter().any(|word| YEAR_WORDS.contains(&word.as_str()));
        if is_year {
            return None;
        }
        let count = numbers.len() as f64;
        let is_in_order = numbers.is_sorted() || numbers.iter().rev().is_sorted();
        let is_named = is_identifier(name, &words);
        if last - first == count - 1.0 {
            // Measurements can fill a range too, but hardly begin like a count.
            let is_count = is_in_order || is_named || first <= 1.0;
            return Some(if is_count {
                Self::RowNumbers
            } else {
                Self::Similar
            });
        }
        if is_named {
            return Some(Self::Identifiers);
        }
        let step = sorted[1] - sorted[0];
        if sorted.windows(2).all(|pair| pair[1] - pair[0] == step) {
            // Rows that are left out leave irregular gaps. Regular steps are a scale.
            return None;
        }
        let (most, most_in_order) = MAX_SPREADS;
        let most = if is_in_order { most_in_order } else { most };
        (last - first < most * count).then_some(Self::Similar)
    }
}

/// Whether a name is one that people give to identifiers. Spreadsheets and data frames call a column
/// without a name `Unnamed: 0`.
fn is_identifier(name: &str, words: &[String]) -> bool {
    let last = words.last().map_or("", String::as_str);
    let is_written_together = last
        .strip_suffix("id")
        .is_some_and(|noun| IDENTIFIED.contains(&noun));
    ID_WORDS.contains(&last)
        || is_written_together
        || matches!(name, "" | "#")
        || words.first().is_some_and(|word| word == "unnamed")
}

/// The words of a name such as `user_id` or `PassengerId`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        let begins = character.is_uppercase() && was_lower;
        was_lower = character.is_lowercase();
        if begins || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, number: impl Fn(usize) -> usize) -> Option<Numbering> {
        let numbers: Vec<f64> = (0..30).map(|row| number(row) as f64).collect();
        Numbering::of(name, &numbers)
    }

    #[test]
    fn consecutive_whole_numbers_in_any_order_are_row_numbers() {
        let row_numbers = Some(Numbering::RowNumbers);
        assert_eq!(of("a", |row| row), row_numbers);
        assert_eq!(of("a", |row| 1001 + row), row_numbers);
        assert_eq!(of("a", |row| row * 7 % 30), row_numbers);
        assert_eq!(of("a", |row| 1 + row * 7 % 30), row_numbers);
        assert_eq!(of("a", |row| 29 - row), row_numbers);
        assert_eq!(of("id", |row| 1001 + row * 7 % 30), row_numbers);
        assert_eq!(of("a", |row| 1001 + row * 7 % 30), Some(Numbering::Similar));
        assert_eq!(Numbering::of("a", &[1.0, 2.0, 3.0]), None);
    }

    #[test]
    fn repeated_missing_negative_and_fractional_numbers_do_not_number_rows() {
        assert_eq!(of("id", |row| row / 2), None);
        let numbers = |change: f64| -> Vec<f64> {
            let numbers = (0..30).map(f64::from);
            numbers.map(|number| number + change).collect()
        };
        assert_eq!(Numbering::of("id", &numbers(0.5)), None);
        assert_eq!(Numbering::of("id", &numbers(-15.0)), None);
        assert_eq!(Numbering::of("id", &numbers(f64::NAN)), None);
    }

    #[test]
    fn one_row_for_each_year_is_a_feature() {
        assert_eq!(of("year", |row| 1990 + row), None);
        assert_eq!(of("model_year", |row| 1990 + row), None);
        assert_eq!(of("code", |row| 1990 + row), Some(Numbering::RowNumbers));
    }

    #[test]
    fn numbers_with_gaps_are_identifiers_by_their_name() {
        let with_gaps = |row: usize| row * row * 31 + 5;
        for name in ["id", "user_id", "PassengerId", "userid", "Unnamed: 0", "#"] {
            let numbering = of(name, with_gaps);
            assert_eq!(numbering, Some(Numbering::Identifiers), "{name}");
        }
        for name in ["paid", "humid", "price", "weight"] {
            assert_eq!(of(name, with_gaps), None, "{name}");
        }
    }

    #[test]
    fn few_gaps_are_similar_to_row_numbers() {
        let similar = Some(Numbering::Similar);
        assert_eq!(of("a", |row| row + row / 7), similar);
        assert_eq!(of("a", |row| (row * 7 % 30) * 3 / 2), similar);
        assert_eq!(of("a", |row| 3 * row + row / 7), similar);
        // Steps of two, and numbers that are not in order and far apart.
        assert_eq!(of("a", |row| row * 2), None);
        assert_eq!(of("a", |row| (row * 7 % 30) * 3 + row / 7), None);
    }
}
