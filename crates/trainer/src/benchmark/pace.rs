use std::collections::HashMap;

use super::plan::Cell;
use crate::duration::in_words;

/// After how many trainings the rest can be estimated.
const FEWEST: usize = 3;

/// How long trainings took, by data set and model, from which the rest is estimated.
#[derive(Clone, Debug, Default)]
pub struct Pace(HashMap<(String, String), Vec<f64>>);

impl Pace {
    /// Takes note of a training that took so many seconds.
    pub fn add(&mut self, cell: &Cell, seconds: f64) {
        self.0.entry(key(cell)).or_default().push(seconds);
    }

    /// How long some trainings will take, in words; nothing if none is left or too few are known.
    pub fn remaining<'a>(&self, cells: impl IntoIterator<Item = &'a Cell>) -> Option<String> {
        let all: Vec<f64> = self.0.values().flatten().copied().collect();
        if all.len() < FEWEST {
            return None;
        }
        let seconds = cells.into_iter().map(|cell| {
            let known = self.0.get(&key(cell));
            mean(known.unwrap_or(&all))
        });
        let seconds: f64 = seconds.sum();
        (seconds > 0.0).then(|| in_words(seconds))
    }
}

fn key(cell: &Cell) -> (String, String) {
    (cell.data.clone(), cell.model.clone())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn what_remains_takes_as_long_as_the_same_data_and_model_did_before() {
        let cell = |data: &str| Cell {
            data: data.to_owned(),
            model: "mlp".to_owned(),
            seed: 0,
            settings: String::new(),
            digest: String::new(),
            options: Options::default(),
        };
        let mut pace = Pace::default();
        pace.add(&cell("small"), 2.0);
        pace.add(&cell("small"), 4.0);
        assert_eq!(pace.remaining(&[cell("small")]), None);
        pace.add(&cell("large"), 600.0);

        assert_eq!(
            pace.remaining(&[cell("small"), cell("small")]).unwrap(),
            "6 s"
        );
        assert_eq!(
            pace.remaining(&[cell("large"), cell("small")]).unwrap(),
            "10 min"
        );
        // Like the mean of all, since nothing is known about it.
        assert_eq!(pace.remaining(&[cell("other")]).unwrap(), "3 min");
        assert_eq!(pace.remaining(&[]), None);
    }
}
