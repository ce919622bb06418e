use std::fmt::{self, Display, Formatter};

use mlp_datasets::SplitName;

/// A loss became NaN or infinite.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// The member or fold whose loss it was, such as `fold 2`, unless there is one training only.
    pub part: Option<String>,
    /// Which rows' loss.
    pub rows: SplitName,
    /// What it became.
    pub loss: f64,
    /// In which epoch, from 1.
    pub epoch: usize,
    /// In which training step of the epoch, from 1, if it was the loss of training rows.
    pub batch: Option<usize>,
    /// The mean learning rate of that epoch.
    pub learning_rate: f64,
    /// The column whose numbers are so large that they are the likely cause.
    pub cause: Option<ExtremeColumn>,
}

/// A column with numbers that are too large to learn from.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtremeColumn {
    /// Its name.
    pub name: String,
    /// Whether it is a target.
    pub is_target: bool,
    /// The largest of its numbers, without sign, as the network gets it.
    pub largest: f64,
}

impl Display for Divergence {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Self {
            part,
            rows,
            loss,
            epoch,
            batch,
            learning_rate,
            cause,
        } = self;
        if let Some(part) = part {
            write!(f, "in {part}, ")?;
        }
        write!(f, "the {rows} loss became {loss} in ")?;
        if let Some(batch) = batch {
            write!(f, "batch {batch} of ")?;
        }
        write!(f, "epoch {epoch}, at a learning rate of {learning_rate}")?;
        match cause {
            Some(cause) => write!(f, "; {cause}"),
            None => Ok(()),
        }
    }
}

impl Display for ExtremeColumn {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Self {
            name,
            is_target,
            largest,
        } = self;
        let kind = if *is_target { "target" } else { "column" };
        write!(
            f,
            "the {kind} `{name}` has numbers up to {largest:.1e} after scaling"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_divergence_says_where_it_was_and_what_is_the_likely_cause() {
        let divergence = Divergence {
            part: Some("fold 2".to_owned()),
            rows: SplitName::Train,
            loss: f64::NAN,
            epoch: 3,
            batch: Some(7),
            learning_rate: 0.1,
            cause: Some(ExtremeColumn {
                name: "price".to_owned(),
                is_target: false,
                largest: 2e30,
            }),
        };
        assert_eq!(
            divergence.to_string(),
            "in fold 2, the train loss became NaN in batch 7 of epoch 3, at a learning rate of 0.1; the column \
             `price` has numbers up to 2.0e30 after scaling"
        );
        let of_valid = Divergence {
            part: None,
            rows: SplitName::Valid,
            batch: None,
            cause: None,
            ..divergence
        };
        assert_eq!(
            of_valid.to_string(),
            "the valid loss became NaN in epoch 3, at a learning rate of 0.1"
        );
    }
}
