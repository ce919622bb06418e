use mlp_datasets::{Dataset, Split, SplitConfig};

use crate::Error;
use crate::recipe::Model;

/// Which rows the members of an ensemble learn from, and which they are validated on.
pub struct Rotation {
    /// How many earlier members are of the kind of each member: the number of its split.
    turns: Vec<usize>,
    /// The splits that the members of a kind have in turn.
    splits: Vec<Split>,
    /// How many members each kind has at least.
    fewest: usize,
}

impl Rotation {
    /// For members of these models, at least one.
    ///
    /// # Errors
    ///
    /// If there are too few rows.
    pub fn new(members: &[Model], dataset: &Dataset, config: &SplitConfig) -> Result<Self, Error> {
        let of_kind = |kind: &Model| members.iter().filter(|&model| model == kind).count();
        let counts = members.iter().map(of_kind);
        let most = counts.clone().max().unwrap_or(1);
        let earlier = |(position, model)| {
            let before = &members[..position];
            before.iter().filter(|&other| other == model).count()
        };
        Ok(Self {
            turns: members.iter().enumerate().map(earlier).collect(),
            splits: Split::rotations(&dataset.table, &dataset.partition, config, most)?,
            fewest: counts.min().unwrap_or(1),
        })
    }

    /// The split of each member.
    pub fn of_members(&self) -> impl Iterator<Item = &Split> {
        self.turns.iter().map(|&turn| &self.splits[turn])
    }

    /// The rows that any member learns from, those that a member of each kind is validated on, and those for testing.
    pub fn overall(&self) -> Split {
        Split {
            train: union(self.splits.iter().map(|split| &split.train)),
            valid: union(self.splits[..self.fewest].iter().map(|split| &split.valid)),
            test: self.splits[0].test.clone(),
        }
    }
}

/// The rows of any of some lists, ascending.
fn union<'a>(lists: impl Iterator<Item = &'a Vec<usize>>) -> Vec<usize> {
    let mut rows: Vec<usize> = lists.flatten().copied().collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

#[cfg(test)]
mod tests {
    use mlp_datasets::{BuiltIn, LoadOptions};

    use super::*;

    #[test]
    fn each_member_of_a_kind_has_another_split_and_all_rows_are_learned_from() {
        let iris = BuiltIn::Iris.load(&LoadOptions::default()).unwrap();
        let members = [Model::Mlp, Model::RealMlp, Model::Mlp];
        let rotation = Rotation::new(&members, &iris, &SplitConfig::default()).unwrap();
        let of_members: Vec<&Split> = rotation.of_members().collect();
        assert_eq!(of_members[0], of_members[1]);
        assert_ne!(of_members[0].valid, of_members[2].valid);

        let overall = rotation.overall();
        assert_eq!(overall.train.len(), 120);
        // There is no second `real-mlp`.
        assert_eq!(overall.valid, of_members[0].valid);
        assert_eq!(overall.test, of_members[0].test);
    }
}
