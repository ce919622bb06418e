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
