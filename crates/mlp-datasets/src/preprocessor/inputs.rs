/// The inputs of a network for some rows.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Inputs {
    /// The numbers, `[num_rows, width]` row by row, with the
    /// [width](crate::Preprocessor::width) of the preprocessor.
    pub numbers: Vec<f32>,
    /// The indices of categories into their embeddings, `[num_rows, num_embeddings]` row by row, one
    /// for each of the [cardinalities](crate::Preprocessor::cardinalities).
    pub categories: Vec<u32>,
    /// The features with values for which there was no training row.
    pub unseen_values: Vec<UnseenValues>,
}

/// The numbers of rows in which a feature has values for which there was no training row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnseenValues {
    /// The name of the feature.
    pub feature: String,
    /// The number of rows with a category that training did not see, or too rarely to learn from.
    pub unseen: usize,
    /// The number of rows in which it is missing, though it was never missing in training.
    pub missing: usize,
}

impl UnseenValues {
    /// Adds the counts to those of the same feature in a list.
    pub fn add_to(self, all: &mut Vec<Self>) {
        match all.iter_mut().find(|values| values.feature == self.feature) {
            Some(values) => {
                values.unseen += self.unseen;
                values.missing += self.missing;
            }
            None => all.push(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_the_same_feature_are_added() {
        let values = |feature: &str, unseen, missing| UnseenValues {
            feature: feature.to_owned(),
            unseen,
            missing,
        };
        let mut all = Vec::new();
        for more in [values("a", 3, 4), values("b", 7, 0), values("a", 10, 20)] {
            more.add_to(&mut all);
        }
        assert_eq!(all, [values("a", 13, 24), values("b", 7, 0)]);
    }
}
