use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::Values;

/// How categories become inputs of a network.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CategoryEncoding {
    /// One-hot for up to 9 of them, else as places for an embedding ([Holzmüller et al.
    /// 2024](https://arxiv.org/abs/2407.04491)).
    #[default]
    Auto,
    /// A column of zeros and ones for each.
    OneHot,
    /// Places for an embedding.
    Embedding,
}

/// The categories of a feature that were learned from, in alphabetical order.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Categories {
    /// Their names.
    pub names: Vec<String>,
    /// Whether values were missing in training, so that there is a slot for that.
    pub missing: bool,
    /// Whether there were categories too rare to learn from, so that there is a slot for all
    /// others.
    pub other: bool,
}

/// Where a category goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// To the place of its own.
    Known(usize),
    /// To that of missing values.
    Missing,
    /// To that of all others; `rare` if it was seen in training.
    Other,
}

impl Categories {
    /// Those of training rows. Ones of fewer rows than `min_count` count as others.
    pub(super) fn fit(codes: &[u32], all: &[String], rows: &[usize], min_count: usize) -> Self {
        let mut counts = vec![0; all.len()];
        let mut missing = false;
        for &row in rows {
            match counts.get_mut(codes[row] as usize) {
                Some(count) => *count += 1,
                None => missing = true,
            }
        }
        let min_count = min_count.max(1);
        let mut names: Vec<String> = all
            .iter()
            .zip(&counts)
            .filter(|(_, count)| **count >= min_count)
            .map(|(name, _)| name.clone())
            .collect();
        names.sort_unstable();
        Self {
            names,
            missing,
            other: counts.iter().any(|&count| count > 0 && count < min_count),
        }
    }

    /// How many inputs they take as zeros and ones. Two, with no other slot, take one of −1 and
    /// +1.
    pub(super) fn one_hot_width(&self) -> usize {
        if self.is_binary() {
            1
        } else {
            self.names.len() + usize::from(self.missing) + usize::from(self.other)
        }
    }

    pub(super) fn is_binary(&self) -> bool {
        self.names.len() == 2 && !self.missing && !self.other
    }

    /// How many places an embedding needs: 0 for others and what was never seen, 1 for missing
    /// values, then each category's.
    pub(super) fn cardinality(&self) -> usize {
        self.names.len() + 2
    }

    /// The slot of each category of a table, by its code there.
    pub(super) fn slots(&self, names: &[String]) -> Vec<Slot> {
        let places: HashMap<&str, usize> = self
            .names
            .iter()
            .enumerate()
            .map(|(place, name)| (name.as_str(), place))
            .collect();
        let slot = |name: &String| match places.get(name.as_str()) {
            Some(&place) => Slot::Known(place),
            None => Slot::Other,
        };
        names.iter().map(slot).collect()
    }

    /// The input, of the one-hot ones, that is 1; `None` if all are 0.
    pub(super) fn one_hot_place(&self, slot: Slot) -> Option<usize> {
        match slot {
            Slot::Known(place) => Some(place),
            Slot::Missing => self.missing.then_some(self.names.len()),
            Slot::Other => self
                .other
                .then_some(self.names.len() + usize::from(self.missing)),
        }
    }

    /// The place in an embedding.
    pub(super) fn embedding_place(slot: Slot) -> usize {
        match slot {
            Slot::Other => 0,
            Slot::Missing => 1,
            Slot::Known(place) => place + 2,
        }
    }
}

/// The slot of a row.
pub(super) fn slot(slots: &[Slot], code: u32) -> Slot {
    if code == Values::MISSING_CODE {
        Slot::Missing
    } else {
        slots[code as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rare_categories_and_ones_never_seen_share_a_slot() {
        let missing = Values::MISSING_CODE;
        let codes = [0, 1, 1, 2, 2, 3, missing];
        let all = names(&["rare", "b", "a", "unseen"]);
        let categories = Categories::fit(&codes, &all, &[0, 1, 2, 3, 4, 6], 2);

        assert_eq!(
            categories,
            Categories {
                names: names(&["a", "b"]),
                missing: true,
                other: true,
            }
        );
        assert_eq!(
            (categories.one_hot_width(), categories.cardinality()),
            (4, 4)
        );
        let slots = categories.slots(&all);
        assert_eq!(
            slots,
            [Slot::Other, Slot::Known(1), Slot::Known(0), Slot::Other]
        );
        let one_hot: Vec<_> = codes
            .iter()
            .map(|&code| categories.one_hot_place(slot(&slots, code)))
            .collect();
        let expected = [
            Some(3),
            Some(1),
            Some(1),
            Some(0),
            Some(0),
            Some(3),
            Some(2),
        ];
        assert_eq!(one_hot, expected);
        let places: Vec<_> = codes
            .iter()
            .map(|&code| Categories::embedding_place(slot(&slots, code)))
            .collect();
        assert_eq!(places, [0, 3, 3, 2, 2, 0, 1]);
    }

    #[test]
    fn without_a_slot_a_category_never_seen_is_no_input() {
        let categories = Categories::fit(&[0, 1], &names(&["a", "b"]), &[0, 1], 1);
        assert_eq!(categories.one_hot_width(), 1);
        assert_eq!(categories.one_hot_place(Slot::Other), None);
        assert_eq!(categories.one_hot_place(Slot::Missing), None);
    }
}
