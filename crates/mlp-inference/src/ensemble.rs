//! The weighted mean of what several models predict.

use mlp_datasets::{Table, UnseenValues};

use crate::error::Error;
use crate::predictions::{Classes, PredictedValues};
use crate::saved_model::SavedModel;

/// The mean of the members' probabilities or numbers for rows of a table, in which each member counts by its
/// weight, and the values that no member saw in training. All members have the same target, and the weights
/// have the sum 1; a member of weight 0 computes nothing.
///
/// # Errors
///
/// As [`SavedModel::predict_rows`].
pub fn average(
    members: &[SavedModel],
    weights: &[f64],
    table: &Table,
    rows: &[usize],
) -> Result<(PredictedValues, Vec<UnseenValues>), Error> {
    let counted = members.iter().zip(weights);
    let counted = counted.filter(|(_, weight)| **weight > 0.0);
    let (mut values, mut weights) = (Vec::new(), Vec::new());
    let mut unseen_values: Option<Vec<UnseenValues>> = None;
    for (member, &weight) in counted {
        let of_member = member.predict_rows(table, rows)?;
        values.push(of_member.values);
        weights.push(weight);
        unseen_values = Some(match unseen_values {
            None => of_member.unseen_values,
            Some(all) => unseen_by_both(all, &of_member.unseen_values),
        });
    }
    let mean = PredictedValues::weighted_mean(&values, &weights).ok_or_else(no_members)?;
    Ok((mean, unseen_values.unwrap_or_default()))
}

fn no_members() -> Error {
    Error::Ensemble {
        reason: "it has no members".to_owned(),
    }
}

/// The counts of values that neither of two models saw, at most. Each learns from other rows, and what
/// one of them knows counts in the mean.
fn unseen_by_both(all: Vec<UnseenValues>, others: &[UnseenValues]) -> Vec<UnseenValues> {
    let both = |values: UnseenValues| {
        let other = others
            .iter()
            .find(|other| other.feature == values.feature)?;
        Some(UnseenValues {
            unseen: values.unseen.min(other.unseen),
            missing: values.missing.min(other.missing),
            ..values
        })
    };
    let both = all.into_iter().filter_map(both);
    both.filter(|values| values.unseen + values.missing > 0)
        .collect()
}

impl PredictedValues {
    /// The mean of the probabilities or numbers that models predict for the same rows, in which each model counts by
    /// its weight. The weights have the sum 1. The class of a row is the most probable one, the first of equally
    /// probable ones. `None` if there are no models.
    ///
    /// # Panics
    ///
    /// If there is not one weight for each model.
    pub fn weighted_mean(of_models: &[Self], weights: &[f64]) -> Option<Self> {
        assert_eq!(of_models.len(), weights.len(), "one weight for each model");
        let mut mean = of_models.first()?.clone();
        for sum in averaged_mut(&mut mean) {
            *sum = 0.0;
        }
        // A number that is not finite does not become 0 by a weight of 0.
        let counted = of_models.iter().zip(weights);
        for (values, weight) in counted.filter(|(_, weight)| **weight != 0.0) {
            for (sum, value) in averaged_mut(&mut mean).iter_mut().zip(averaged(values)) {
                *sum += weight * value;
            }
        }
        if let Self::Classes(classes) = &mut mean {
            choose(classes);
        }
        Some(mean)
    }
}

/// The numbers of predictions that are averaged.
fn averaged(values: &PredictedValues) -> &[f64] {
    match values {
        PredictedValues::Classes(classes) => classes.probabilities.as_deref().unwrap_or(&[]),
        PredictedValues::Numbers(numbers) => &numbers.values,
        PredictedValues::Clusters(_) => &[],
    }
}

fn averaged_mut(values: &mut PredictedValues) -> &mut [f64] {
    match values {
        PredictedValues::Classes(classes) => {
            classes.probabilities.as_deref_mut().unwrap_or(&mut [])
        }
        PredictedValues::Numbers(numbers) => &mut numbers.values,
        PredictedValues::Clusters(_) => &mut [],
    }
}

/// Chooses the most probable class of each row; the first of equally probable ones.
fn choose(classes: &mut Classes) {
    let Some(probabilities) = &classes.probabilities else {
        return;
    };
    let rows = probabilities.chunks_exact(classes.names.len());
    for (label, probabilities) in classes.labels.iter_mut().zip(rows) {
        let mut best: Option<(usize, f64)> = None;
        for (class, &probability) in probabilities.iter().enumerate() {
            if best.is_none_or(|(_, highest)| probability > highest) {
                best = Some((class, probability));
            }
        }
        let is_finite = probabilities
            .iter()
            .all(|probability| probability.is_finite());
        *label = best.map(|(class, _)| class).filter(|_| is_finite);
    }
}
