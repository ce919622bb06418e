use super::{Categories, FeatureEncoding, Preprocessor, UnseenValues};
use crate::error::Error;
use crate::table::{ROWS_PER_BLOCK, Table, Values};

impl Preprocessor {
    /// Checks that some value of each column of categories was there in training. Otherwise the table most likely
    /// writes them in another way, and all rows would count as unknown.
    ///
    /// A table of fewer than ten rows may have one or two new categories. Where categories too rare to learn from
    /// count as unknown, all of a table may be such. Names that differ in case alone are rejected in any case.
    ///
    /// # Errors
    ///
    /// If no value of a column is known, with its values and those of the training.
    pub fn check_known(&self, table: &Table) -> Result<(), Error> {
        for (name, categories, _, names) in self.categories_in(table) {
            let is_large = names.len() > 2 || table.num_rows() >= 10;
            if categories.knows_none_of(names, is_large) {
                return Err(Error::UnknownCategories {
                    column: name.to_owned(),
                    found: names.to_owned(),
                    known: categories.names.clone(),
                });
            }
        }
        Ok(())
    }

    /// Checks each row by itself: that no category differs from all of the training and is one of them but for upper
    /// and lower case. What is said of a row does not depend on the others, as [`check_known`](Self::check_known) does
    /// for a table that was written as a whole.
    ///
    /// # Errors
    ///
    /// If there is such a row, the first one.
    pub fn check_rows(&self, table: &Table) -> Result<(), Error> {
        let mut first: Option<(usize, Error)> = None;
        for (name, categories, codes, names) in self.categories_in(table) {
            let others = categories.other_cases(names);
            if others.is_empty() {
                continue;
            }
            let row = codes.iter().position(|code| others.contains_key(code));
            if let Some(row) = row
                && first.as_ref().is_none_or(|(other, _)| row < *other)
            {
                let error = Error::OtherCase {
                    row: row + 1,
                    column: name.to_owned(),
                    value: names[codes[row] as usize].clone(),
                    known: others[&codes[row]].to_owned(),
                };
                first = Some((row, error));
            }
        }
        first.map_or(Ok(()), |(_, error)| Err(error))
    }

    /// The columns of categories that a table has, except those encoded by means of the target: their names, the
    /// categories of the training, and the codes of the rows with what they mean.
    fn categories_in<'a>(
        &'a self,
        table: &'a Table,
    ) -> impl Iterator<Item = (&'a str, &'a Categories, &'a [u32], &'a [String])> {
        self.features.iter().filter_map(|feature| {
            let (FeatureEncoding::OneHot { name, categories }
            | FeatureEncoding::Embedding { name, categories }) = feature
            else {
                return None;
            };
            let Values::Categories { codes, names } = &table.column(name)?.values else {
                return None;
            };
            Some((
                name.as_str(),
                categories,
                codes.as_slice(),
                names.as_slice(),
            ))
        })
    }

    /// The features with values for which there was no training row, in all rows of a table.
    ///
    /// # Errors
    ///
    /// If the table lacks a feature, or has it with another kind.
    pub fn unseen_values(&self, table: &Table) -> Result<Vec<UnseenValues>, Error> {
        let mut unseen = Vec::new();
        let rows: Vec<usize> = (0..table.num_rows()).collect();
        // A few rows at a time, since only their counts are kept.
        for rows in rows.chunks(ROWS_PER_BLOCK) {
            for values in self.transform(table, rows)?.unseen_values {
                values.add_to(&mut unseen);
            }
        }
        Ok(unseen)
    }
}

#[cfg(test)]
mod tests {
    use crate::table::ROWS_PER_BLOCK;
    use crate::{
        CategoryEncoding, Column, Preprocessor, PreprocessorConfig, Table, UnseenValues, Values,
    };

    fn column(name: &str, codes: Vec<u32>, names: &[&str]) -> Column {
        Column {
            name: name.to_owned(),
            values: Values::Categories {
                codes,
                names: names.iter().map(ToString::to_string).collect(),
            },
        }
    }

    /// Fitted on colours, red and blue, and sizes, small and large.
    fn fitted(categories: CategoryEncoding) -> Preprocessor {
        let columns = vec![
            column("colour", vec![0, 1], &["red", "blue"]),
            column("size", vec![0, 1], &["small", "large"]),
        ];
        let config = PreprocessorConfig {
            categories,
            min_category_count: 1,
            ..PreprocessorConfig::default()
        };
        let table = Table::new(columns, None).unwrap();
        Preprocessor::fit_features(&table, &[0, 1], config).unwrap()
    }

    /// As many rows as given, with colours of these names in turn.
    fn colours(names: &[&str], num_rows: u32) -> Table {
        let count = u32::try_from(names.len()).unwrap();
        let codes = (0..num_rows).map(|row| row % count).collect();
        Table::new(vec![column("colour", codes, names)], None).unwrap()
    }

    #[test]
    fn a_table_all_of_whose_categories_are_unknown_is_refused_unless_it_is_small() {
        let preprocessor = fitted(CategoryEncoding::Embedding);
        let known_in = |names, num_rows| preprocessor.check_known(&colours(names, num_rows));
        known_in(&["pink"], 9).unwrap();
        known_in(&["pink", "grey"], 9).unwrap();
        known_in(&["pink", "grey", "red"], 12).unwrap();
        for (names, num_rows) in [
            (&["pink", "grey", "white"][..], 3),
            (&["pink", "grey"], 10),
            (&["Red"], 1),
        ] {
            assert!(known_in(names, num_rows).is_err(), "{names:?}");
        }
        assert_eq!(
            known_in(&["Red"], 1).unwrap_err().to_string(),
            "no value of `colour` was there in training: it has `Red`, but training had `blue`, `red`"
        );
    }

    #[test]
    fn the_first_row_with_a_category_in_another_case_is_refused() {
        let preprocessor = fitted(CategoryEncoding::OneHot);
        let colours = ["red", "RED", "pink"];
        let sizes = ["small", "Small", "tiny"];
        for (of_colour, of_size, expected) in [
            (vec![0, 2, 0, 0], vec![0, 2, 0, 0], None),
            (
                vec![0, 2, 1, 1],
                vec![0, 0, 0, 1],
                Some("row 3 has `RED` as `colour`, but training had `red`"),
            ),
            (
                vec![0, 0, 0, 1],
                vec![0, 2, 1, 1],
                Some("row 3 has `Small` as `size`, but training had `small`"),
            ),
            // Of the first column, if both are in the same row.
            (
                vec![0, 1, 0, 1],
                vec![0, 1, 0, 0],
                Some("row 2 has `RED` as `colour`, but training had `red`"),
            ),
        ] {
            let columns = vec![
                column("colour", of_colour, &colours),
                column("size", of_size, &sizes),
            ];
            let checked = preprocessor.check_rows(&Table::new(columns, None).unwrap());
            let found = checked.err().map(|error| error.to_string());
            assert_eq!(found.as_deref(), expected);
        }
    }

    #[test]
    fn values_that_training_did_not_see_are_counted_over_all_rows_of_a_table() {
        let num_rows = 2 * ROWS_PER_BLOCK + 4;
        // Every fourth colour is unknown, and every other size is missing.
        let of_colour = (0..num_rows).map(|row| u32::from(row % 4 == 3));
        let of_size = (0..num_rows).map(|row| [0, Values::MISSING_CODE][row % 2]);
        let columns = vec![
            column("colour", of_colour.collect(), &["red", "pink"]),
            column("size", of_size.collect(), &["small"]),
        ];
        let table = Table::new(columns, None).unwrap();
        let unseen = fitted(CategoryEncoding::OneHot).unseen_values(&table);
        let values = |feature: &str, unseen, missing| UnseenValues {
            feature: feature.to_owned(),
            unseen,
            missing,
        };
        assert_eq!(
            unseen.unwrap(),
            [
                values("colour", num_rows / 4, 0),
                values("size", 0, num_rows / 2)
            ]
        );
    }
}
