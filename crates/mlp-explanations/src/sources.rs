use std::ops::Range;

use mlp_datasets::Table;
use mlp_inference::SavedModel;

use crate::error::Error;
use crate::member::{Member, Place};
use crate::predicted::Predicted;

/// How many inputs are put together at once, which bounds the memory for wide tables.
const INPUTS_AT_ONCE: usize = 1 << 22;
/// How many rows go through a network at once, at most.
const ROWS_AT_ONCE: usize = 4096;

/// Rows of tables, each prepared once for each network of a model, from which rows are mixed: every
/// column of a mixed row is that of one of these rows.
pub struct Sources<'a> {
    of_members: Vec<Source<'a>>,
    num_rows: usize,
    rows_at_once: usize,
}

struct Source<'a> {
    member: Member<'a>,
    places: Vec<Place>,
    numbers: Vec<f32>,
    categories: Vec<u32>,
}

impl<'a> Sources<'a> {
    /// No rows yet.
    ///
    /// # Errors
    ///
    /// If the model finds clusters.
    pub fn new(model: &'a SavedModel, method: &'static str) -> Result<Self, Error> {
        let columns = model.preprocessor().feature_names();
        let source = |member: Member<'a>| Source {
            places: member.places(&columns),
            member,
            numbers: Vec::new(),
            categories: Vec::new(),
        };
        let of_members: Vec<_> = Member::all(model, method)?
            .into_iter()
            .map(source)
            .collect();
        let widest = of_members.iter().map(|source| source.member.width()).max();
        Ok(Self {
            of_members,
            num_rows: 0,
            rows_at_once: (INPUTS_AT_ONCE / widest.unwrap_or(0).max(1)).clamp(1, ROWS_AT_ONCE),
        })
    }

    /// Adds rows of a table, and returns their numbers here.
    ///
    /// # Errors
    ///
    /// If the table lacks a column, or has it with another kind.
    pub fn add(&mut self, table: &Table, rows: &[usize]) -> Result<Range<usize>, Error> {
        for source in &mut self.of_members {
            for rows in rows.chunks(self.rows_at_once) {
                let inputs = source.member.transform(table, rows)?;
                source.numbers.extend(inputs.numbers);
                source.categories.extend(inputs.categories);
            }
        }
        let first = self.num_rows;
        self.num_rows += rows.len();
        Ok(first..self.num_rows)
    }

    /// How many mixed rows go through the networks at once.
    pub fn rows_at_once(&self) -> usize {
        self.rows_at_once
    }

    /// Predicts rows that were added, as they are.
    pub fn predict(&self, rows: Range<usize>) -> Result<Predicted, Error> {
        let first = rows.start;
        self.predict_mixed(rows.len(), |row, _| first + row)
    }

    /// Predicts mixed rows: `pick(row, column)` is the row of these that gives the column.
    pub fn predict_mixed(
        &self,
        num_rows: usize,
        pick: impl Fn(usize, usize) -> usize,
    ) -> Result<Predicted, Error> {
        let mut predicted = Predicted::default();
        let mut first = 0;
        while first < num_rows {
            let rows = first..num_rows.min(first + self.rows_at_once);
            first = rows.end;
            predicted.append(self.predict_some(rows, &pick)?);
        }
        Ok(predicted)
    }

    fn predict_some(
        &self,
        rows: Range<usize>,
        pick: &impl Fn(usize, usize) -> usize,
    ) -> Result<Predicted, Error> {
        if let [source] = self.of_members.as_slice() {
            return source.predict(rows, pick);
        }
        let mut mean = Predicted::default();
        for source in &self.of_members {
            mean.add(source.member.share, &source.predict(rows.clone(), pick)?);
        }
        mean.choose();
        Ok(mean)
    }
}

impl Source<'_> {
    fn predict(
        &self,
        rows: Range<usize>,
        pick: &impl Fn(usize, usize) -> usize,
    ) -> Result<Predicted, Error> {
        let (width, num_embeddings) = (self.member.width(), self.member.num_embeddings());
        let mut numbers = vec![0.0; rows.len() * width];
        let mut categories = vec![0; rows.len() * num_embeddings];
        // Row by row, since the inputs of a column are as far apart as rows are wide.
        for (row, index) in rows.clone().zip(0..) {
            let into = &mut numbers[index * width..][..width];
            for (column, place) in self.places.iter().enumerate() {
                let picked = pick(row, column);
                let from = &self.numbers[picked * width + place.offset..][..place.width];
                into[place.offset..][..place.width].copy_from_slice(from);
                if let Some(position) = place.position {
                    categories[index * num_embeddings + position] =
                        self.categories[picked * num_embeddings + position];
                }
            }
        }
        self.member.predict(numbers, categories, rows.len())
    }
}
