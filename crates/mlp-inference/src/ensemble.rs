//! The mean of what several models predict.

use mlp_datasets::{Table, UnseenValues};

use crate::error::Error;
use crate::predictions::{Classes, PredictedValues};
use crate::saved_model::SavedModel;

/// The mean of the members' probabilities or numbers for rows of a table, and the values not seen in
/// training. All members have the same target.
///
/// # Errors
///
/// As [`SavedModel::predict_rows`].
pub fn average(
    members: &[SavedModel],
    table: &Table,
    rows: &[usize],
) -> Result<(PredictedValues, Vec<UnseenValues>), Error> {
    let mut members_left = members.iter();
    let Some(first) = members_left.next() else {
        return Err(Error::Ensemble {
            reason: "it has no members".to_owned(),
        });
    };
    let first = first.predict_rows(table, rows)?;
    let (mut sum, unseen_values) = (first.values, first.unseen_values);
    for member in members_left {
        let mut values = member.predict_rows(table, rows)?.values;
        for (sum, value) in averaged(&mut sum).iter_mut().zip(averaged(&mut values)) {
            *sum += *value;
        }
    }
    let count = members.len() as f64;
    for sum in averaged(&mut sum) {
        *sum /= count;
    }
    if let PredictedValues::Classes(classes) = &mut sum {
        choose(classes);
    }
    Ok((sum, unseen_values))
}

/// The numbers of predictions that are averaged.
fn averaged(values: &mut PredictedValues) -> &mut [f64] {
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
