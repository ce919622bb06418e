/// Where the rows of a data set are in the files that it was read from, as a person counts them: a file may have
/// rows without a target, which the table lacks, and rows of a separate test file follow those for training.
///
/// ```
/// use mlp_datasets::{ReadOptions, RowPlace, Source, read_dataset};
///
/// let csv = "weight,ripe\n1.5,yes\n2,\n1,no\n3,yes\n";
/// let options = ReadOptions { target: vec!["ripe".into()], ..ReadOptions::default() };
/// let fruit = read_dataset(&Source::from_bytes("fruit.csv", csv), &options)?;
///
/// // The second row of the file has no target.
/// assert_eq!(fruit.places.of(1), RowPlace { number: 3, is_test: false });
/// assert_eq!(fruit.places.row(RowPlace { number: 3, is_test: false }), Some(1));
/// assert_eq!(fruit.places.row(RowPlace { number: 2, is_test: false }), None);
/// assert_eq!(fruit.places.num_rows(false), 4);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPlaces {
    /// For each row of the table, its index among the rows of all files; `None` if none was left out.
    kept: Option<Vec<usize>>,
    /// How many rows the files have.
    num_rows: usize,
    /// How many of them come before those of a separate test file, if there is one.
    test_start: Option<usize>,
}

/// Where a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPlace {
    /// Its number among the rows of the file, from 1, without the names of the columns. Of several files of a
    /// pattern, rows are counted through.
    pub number: usize,
    /// Whether it is in the separate test file.
    pub is_test: bool,
}

impl RowPlaces {
    /// Those of rows of which none was left out.
    pub(crate) fn of_all(num_rows: usize) -> Self {
        Self {
            kept: None,
            num_rows,
            test_start: None,
        }
    }

    /// Those of the rows that are kept of all; the rows of a separate test file begin at an index.
    pub(crate) fn of_kept(keep: &[bool], test_start: Option<usize>) -> Self {
        let kept = keep.iter().enumerate().filter(|(_, keep)| **keep);
        Self {
            kept: Some(kept.map(|(index, _)| index).collect()),
            num_rows: keep.len(),
            test_start,
        }
    }

    pub(crate) fn with_test_start(self, test_start: Option<usize>) -> Self {
        Self { test_start, ..self }
    }

    /// Where a row of the table is in its file.
    ///
    /// # Panics
    ///
    /// If the table has no such row.
    pub fn of(&self, row: usize) -> RowPlace {
        let index = self.kept.as_ref().map_or(row, |kept| kept[row]);
        match self.test_start {
            Some(start) if index >= start => RowPlace {
                number: index - start + 1,
                is_test: true,
            },
            Some(_) | None => RowPlace {
                number: index + 1,
                is_test: false,
            },
        }
    }

    /// The row of the table that is at a place; `None` if the file has no such row, or the row has no target.
    pub fn row(&self, place: RowPlace) -> Option<usize> {
        if place.number == 0 || place.number > self.num_rows(place.is_test) {
            return None;
        }
        let first = if place.is_test {
            self.test_start.unwrap_or(self.num_rows)
        } else {
            0
        };
        let index = first + place.number - 1;
        match &self.kept {
            Some(kept) => kept.binary_search(&index).ok(),
            None => Some(index),
        }
    }

    /// How many rows the file has, those without a target among them; with `is_test`, the separate test file.
    pub fn num_rows(&self, is_test: bool) -> usize {
        let start = self.test_start.unwrap_or(self.num_rows);
        if is_test {
            self.num_rows - start
        } else {
            start
        }
    }

    /// Whether there is a separate file of test rows.
    pub fn has_test_file(&self) -> bool {
        self.test_start.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_two_files_are_counted_from_one_in_each_and_those_left_out_count() {
        // Three rows for training, the second of which was left out, and two for testing, of which the first was.
        let places = RowPlaces::of_kept(&[true, false, true, false, true], Some(3));
        let numbers = (0..3).map(|row| places.of(row));
        let numbers: Vec<_> = numbers.map(|place| (place.number, place.is_test)).collect();
        assert_eq!(numbers, [(1, false), (3, false), (2, true)]);
        let row = |number, is_test| places.row(RowPlace { number, is_test });
        assert_eq!(
            [1, 2, 3, 4, 0].map(|n| row(n, false)),
            [Some(0), None, Some(1), None, None]
        );
        assert_eq!([1, 2, 3].map(|n| row(n, true)), [None, Some(2), None]);
        assert_eq!((places.num_rows(false), places.num_rows(true)), (3, 2));
        assert_eq!(
            RowPlaces::of_all(2).row(RowPlace {
                number: 1,
                is_test: true
            }),
            None
        );
    }
}
