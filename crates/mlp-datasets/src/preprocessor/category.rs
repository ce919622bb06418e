use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::format::find_same;
use crate::names::first_duplicate;
use crate::table::Values;

/// How categories become inputs of a network.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum CategoryEncoding {
    /// One-hot for a feature of up to 7 categories, an embedding for more.
    // The threshold of Holzmüller et al. 2024, https://arxiv.org/abs/2407.04491.
    #[default]
    Auto,
    /// An input of 0 and 1 for each category.
    OneHot,
    /// The index of a learned vector for each category.
    Embedding,
    /// One-hot for a feature of up to 7 categories, the mean of the target in the category for more.
    Target,
}

fn unknown(name: &str) -> Error {
    Error::unknown::<CategoryEncoding>("encoding of categories", name)
}

/// The categories of a feature that are known from training, in alphabetical order.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Categories {
    /// Their names.
    pub names: Vec<String>,
    /// Whether values were missing in training, so that there is a slot for missing values.
    pub missing: bool,
    /// Whether some categories were too rare to learn from, so that there is a slot for all other
    /// categories.
    pub other: bool,
    /// The share of the training rows that each name has, and then missing values if there is a slot for
    /// them. Without a slot for other categories, an unknown one counts as their mixture: nothing has
    /// trained a network on it. Empty if there is such a slot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<f32>,
}

/// The slot of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// That of a known category, by its index.
    Known(usize),
    /// That of missing values.
    Missing,
    /// That of all other categories: too rare, or not seen in training.
    Other,
}

impl Categories {
    /// The categories of training rows. Those in fewer rows than `min_count` are too rare.
    pub(super) fn fit(codes: &[u32], all: &[String], rows: &[usize], min_count: usize) -> Self {
        let mut counts = vec![0; all.len()];
        let mut num_missing = 0;
        for &row in rows {
            match counts.get_mut(codes[row] as usize) {
                Some(count) => *count += 1,
                None => num_missing += 1,
            }
        }
        let min_count = min_count.max(1);
        let mut known: Vec<(&String, usize)> = all
            .iter()
            .zip(counts.iter().copied())
            .filter(|&(_, count)| count >= min_count)
            .collect();
        known.sort_unstable();
        let other = counts.iter().any(|&count| count > 0 && count < min_count);
        let counts = known.iter().map(|&(_, count)| count);
        let counts = counts.chain((num_missing > 0).then_some(num_missing));
        let share = |count: usize| count as f32 / rows.len() as f32;
        Self {
            shares: if other {
                Vec::new()
            } else {
                counts.map(share).collect()
            },
            names: known.into_iter().map(|(name, _)| name.clone()).collect(),
            missing: num_missing > 0,
            other,
        }
    }

    /// Whether none of some names is a category of the training, though one is alike, or there are so many that
    /// one should be, unless all can be too rare to learn from.
    pub(super) fn knows_none_of(&self, names: &[String], are_many: bool) -> bool {
        let is_known = |name: &String| find_same(&self.names, name).is_some();
        let is_alike = |name: &String| {
            let lower = name.to_lowercase();
            self.names.iter().any(|known| known.to_lowercase() == lower)
        };
        let should_be_known = are_many && !self.other && !names.is_empty();
        !names.iter().any(is_known) && (should_be_known || names.iter().any(is_alike))
    }

    /// The names that are no category of the training, but are one in another case: their codes, with that category.
    pub(super) fn other_cases(&self, names: &[String]) -> HashMap<u32, &str> {
        let mut others = HashMap::new();
        // Made for the first name that is none of the training's, which most tables do not have.
        let mut lower: Option<HashMap<String, &str>> = None;
        for (name, code) in names.iter().zip(0..) {
            if self.names.binary_search(name).is_ok() {
                continue;
            }
            let lower = lower.get_or_insert_with(|| {
                let known = self.names.iter();
                known
                    .map(|known| (known.to_lowercase(), known.as_str()))
                    .collect()
            });
            if let Some(known) = lower.get(&name.to_lowercase())
                && find_same(&self.names, name).is_none()
            {
                others.insert(code, *known);
            }
        }
        others
    }

    /// Writes the one-hot inputs of a slot, which are 0 so far. Without an input for the slot, they
    /// are the mean of those of the training rows.
    pub(super) fn write_one_hot(&self, slot: Slot, inputs: &mut [f32]) {
        match self.slot_index(slot) {
            Some(index) if self.is_binary() => inputs[0] = [-1.0, 1.0][index],
            Some(index) => inputs[index] = 1.0,
            None => match self.shares.as_slice() {
                [first, second] if self.is_binary() => inputs[0] = second - first,
                shares => inputs[..shares.len()].copy_from_slice(shares),
            },
        }
    }

    /// The share of each index of an embedding in the training rows, if nothing trains the vector of
    /// unknown categories.
    pub(super) fn embedding_shares(&self) -> Option<Vec<f32>> {
        if self.shares.is_empty() {
            return None;
        }
        let (names, missing) = self.shares.split_at(self.names.len());
        let missing = missing.first().copied().unwrap_or(0.0);
        Some([&[0.0, missing], names].concat())
    }

    /// The number of slots that the rows of training are in.
    pub(super) fn num_slots(&self) -> usize {
        self.names.len() + usize::from(self.missing) + usize::from(self.other)
    }

    /// The number of inputs of a one-hot encoding. Two categories without other slots take a single
    /// input of −1 or +1.
    pub(super) fn one_hot_width(&self) -> usize {
        if self.is_binary() {
            1
        } else {
            self.num_slots()
        }
    }

    pub(super) fn is_binary(&self) -> bool {
        self.names.len() == 2 && !self.missing && !self.other
    }

    /// The number of indices of an embedding: 0 for other categories, 1 for missing values, then one
    /// for each category.
    pub(super) fn cardinality(&self) -> usize {
        self.names.len() + 2
    }

    /// What is wrong with them; they may come from a damaged file.
    pub(super) fn fault(&self) -> Option<String> {
        if let Some(duplicate) = first_duplicate(&self.names) {
            return Some(format!("two categories are called `{duplicate}`"));
        }
        let num_shares = self.shares.len();
        let fits = num_shares == 0 || !self.other && num_shares == self.num_slots();
        let is_share = |share: &f32| (0.0..=1.0).contains(share);
        if fits && self.shares.iter().all(is_share) {
            return None;
        }
        Some(format!(
            "{num_shares} shares do not fit {} slots",
            self.num_slots()
        ))
    }

    /// The slot of each category of a table, by its code there.
    pub(super) fn slots(&self, names: &[String]) -> Vec<Slot> {
        let indices: HashMap<&str, usize> = self
            .names
            .iter()
            .enumerate()
            .map(|(index, name)| (name.as_str(), index))
            .collect();
        let slot = |name: &String| match indices.get(name.as_str()) {
            Some(&index) => Slot::Known(index),
            // Written differently, as `1.0` for `1` or `t` for `true`, in a file of another program.
            None => find_same(&self.names, name).map_or(Slot::Other, Slot::Known),
        };
        names.iter().map(slot).collect()
    }

    /// The index of a slot among those that the rows of training are in, if it is one of them.
    pub(super) fn slot_index(&self, slot: Slot) -> Option<usize> {
        match slot {
            Slot::Known(index) => Some(index),
            Slot::Missing => self.missing.then_some(self.names.len()),
            Slot::Other => self
                .other
                .then_some(self.names.len() + usize::from(self.missing)),
        }
    }

    /// The index into an embedding. Values that were never missing in training have learned no vector
    /// for missing ones, so they get that of other categories.
    pub(super) fn embedding_index(&self, slot: Slot) -> usize {
        match slot {
            Slot::Other => 0,
            Slot::Missing => usize::from(self.missing),
            Slot::Known(index) => index + 2,
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
    fn rare_and_unseen_categories_share_a_slot() {
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
                shares: Vec::new(),
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
            .map(|&code| categories.slot_index(slot(&slots, code)))
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
        let indices: Vec<_> = codes
            .iter()
            .map(|&code| categories.embedding_index(slot(&slots, code)))
            .collect();
        assert_eq!(indices, [0, 3, 3, 2, 2, 0, 1]);
        let complete = Categories {
            missing: false,
            ..categories
        };
        assert_eq!(
            complete.embedding_index(Slot::Missing),
            0,
            "none was missing"
        );
    }

    #[test]
    fn without_a_slot_an_unseen_category_is_the_mean_of_those_that_were_seen() {
        let inputs = |categories: &Categories, slot| {
            let mut inputs = vec![0.0; categories.one_hot_width()];
            categories.write_one_hot(slot, &mut inputs);
            inputs
        };
        let two = Categories::fit(&[0, 1, 1, 1], &names(&["a", "b"]), &[0, 1, 2, 3], 1);
        assert_eq!(inputs(&two, Slot::Known(0)), [-1.0]);
        // A quarter is −1, and three quarters are 1.
        assert_eq!(inputs(&two, Slot::Other), [0.5]);
        assert_eq!(inputs(&two, Slot::Missing), [0.5]);

        let codes = [0, 1, 1, Values::MISSING_CODE];
        let with_missing = Categories::fit(&codes, &names(&["b", "a"]), &[0, 1, 2, 3], 1);
        assert_eq!(inputs(&with_missing, Slot::Missing), [0.0, 0.0, 1.0]);
        assert_eq!(inputs(&with_missing, Slot::Other), [0.5, 0.25, 0.25]);
        assert_eq!(
            with_missing.embedding_shares(),
            Some(vec![0.0, 0.25, 0.5, 0.25])
        );

        // A category and missing values have an input each, unlike two categories.
        let codes = [0, 0, 0, Values::MISSING_CODE];
        let one = Categories::fit(&codes, &names(&["a"]), &[0, 1, 2, 3], 1);
        assert_eq!(inputs(&one, Slot::Other), [0.75, 0.25]);
    }

    #[test]
    fn a_name_in_another_case_is_told_from_one_that_means_the_same_or_is_new() {
        let fit = |all: &[&str]| Categories::fit(&[0, 1], &names(all), &[0, 1], 1);
        let fruit = fit(&["apple", "Zürich"]);
        let others = fruit.other_cases(&names(&["pear", "APPLE", "apple", "ZÜRICH"]));
        assert_eq!(others, HashMap::from([(1, "apple"), (3, "Zürich")]));
        // These mean the same to training, however they are written.
        assert!(
            fit(&["true", "false"])
                .other_cases(&names(&["TRUE", "f"]))
                .is_empty()
        );
        assert!(fit(&["1e3", "b"]).other_cases(&names(&["1E3"])).is_empty());
    }

    #[test]
    fn a_model_that_was_saved_without_shares_is_still_read() {
        let json = r#"{"names": ["a", "b", "c"], "missing": false, "other": false}"#;
        let categories: Categories = serde_json::from_str(json).unwrap();
        let mut inputs = [0.0; 3];
        categories.write_one_hot(Slot::Other, &mut inputs);
        assert_eq!(inputs, [0.0; 3]);
        assert_eq!(categories.embedding_shares(), None);
    }

    #[test]
    fn categories_none_of_which_is_known_are_noticed_if_one_should_be() {
        let known = Categories::fit(&[0, 1], &names(&["red", "blue"]), &[0, 1], 1);
        for (others, are_many, noticed) in [
            (&["green"][..], true, true),
            // There are too few to expect a known one.
            (&["green"], false, false),
            (&["RED"], false, true),
            (&["green", "red"], true, false),
            (&["RED", "red"], false, false),
            (&[], true, false),
        ] {
            let found = known.knows_none_of(&names(others), are_many);
            assert_eq!(found, noticed, "{others:?} {are_many}");
        }
        // All of these can be too rare to have been learned.
        let rare = Categories {
            other: true,
            ..known
        };
        assert!(!rare.knows_none_of(&names(&["green"]), true));
        assert!(rare.knows_none_of(&names(&["Blue"]), true));
    }

    #[test]
    fn categories_of_a_damaged_file_are_faulty() {
        let two = Categories::fit(&[0, 1, 1, 1], &names(&["a", "b"]), &[0, 1, 2, 3], 1);
        assert_eq!(two.shares, [0.25, 0.75]);
        assert_eq!(two.fault(), None);
        let without_shares = Categories {
            shares: Vec::new(),
            ..two.clone()
        };
        assert_eq!(without_shares.fault(), None);
        let fault = |change: &dyn Fn(&mut Categories)| {
            let mut categories = two.clone();
            change(&mut categories);
            categories.fault()
        };
        assert_eq!(
            fault(&|it| it.names[1] = "a".into()).unwrap(),
            "two categories are called `a`"
        );
        let do_not_fit = Some("2 shares do not fit 3 slots".to_owned());
        assert_eq!(fault(&|it| it.missing = true), do_not_fit);
        assert_eq!(fault(&|it| it.other = true), do_not_fit);
        assert!(fault(&|it| it.shares[0] = -0.25).is_some());
        assert!(fault(&|it| it.shares[0] = f32::NAN).is_some());
        assert!(fault(&|it| it.shares = vec![1.0]).is_some());
        // A slot for other categories needs no shares.
        let all_three = fault(&|it| {
            it.other = true;
            it.shares = vec![0.25, 0.25, 0.5];
        });
        assert!(all_three.is_some());
    }
}
