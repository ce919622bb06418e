use std::time::Instant;

use mlp_datasets::{Dataset, Split, SplitName, Table};
use mlp_inference::{Evaluation, PredictedValues, SavedModel};

use super::selection::{Cost, greedy_weights};
use crate::fitted::{Ending, Evaluations, Fitted, MembersOfKind, Outcome};
use crate::recipe::Model;
use crate::{Error, supervised};

/// A trained member, and the rows that it was validated on.
pub struct Candidate {
    pub fitted: Fitted,
    pub valid: Vec<usize>,
}

/// How good predictions are of rows that the members who made them did not learn from.
struct OutOfFold {
    num_rows: usize,
    evaluation: Evaluation,
}

/// The ensemble of trained models, and how good it is. Its predictions of validation rows are those of the members that
/// did not learn from them.
pub fn combine(
    candidates: Vec<Candidate>,
    recipe: Model,
    cost: Cost,
    dataset: &Dataset,
    split: Split,
) -> Result<Fitted, Error> {
    let start = Instant::now();
    let table = &dataset.table;
    let task = table.task().ok_or(Error::NoTarget)?;
    let fitted = || candidates.iter().map(|candidate| &candidate.fitted);
    let epochs = fitted().map(|member| member.epochs).sum();
    let seconds: f64 = fitted().map(|member| member.seconds).sum();
    let (mut best_epoch, mut baseline) = (0, None);
    for member in fitted() {
        if let Outcome::Prediction(outcome) = &member.outcome {
            best_epoch = best_epoch.max(outcome.best_epoch);
            baseline.clone_from(&outcome.baseline);
        }
    }
    let (kinds, valid) = weigh(&candidates, cost, table)?;
    // The members of one kind count alike.
    let weight = |member: &Fitted| {
        let kind = kinds.iter().find(|kind| kind.model == member.recipe);
        kind.map_or(0.0, |kind| kind.weight / kind.members as f64)
    };
    let weights = fitted().map(weight).collect();
    let members = candidates.into_iter();
    let members = members.map(|candidate| candidate.fitted.model).collect();
    let model = SavedModel::weighted_ensemble(members, weights)?;
    let without_valid = Split {
        valid: Vec::new(),
        ..split
    };
    let (mut rows, mut evaluations) = supervised::evaluate(&model, table, &without_valid)?;
    if let Some(valid) = valid {
        rows.insert(SplitName::Valid, valid.num_rows);
        evaluations.insert(SplitName::Valid, valid.evaluation);
    }
    Ok(Fitted {
        model,
        recipe,
        epochs,
        ending: Ending::Complete,
        seconds: seconds + start.elapsed().as_secs_f64(),
        outcome: Outcome::Prediction(Evaluations {
            task,
            best_epoch,
            rows,
            evaluations,
            baseline,
            kinds,
        }),
    })
}

/// The kinds of the candidates in the order of their first ones, how much each counts, and how good the weighted mean is on
/// rows that the members did not learn from.
fn weigh(
    candidates: &[Candidate],
    cost: Cost,
    table: &Table,
) -> Result<(Vec<MembersOfKind>, Option<OutOfFold>), Error> {
    let mut kinds = kinds_of(candidates);
    let (rows, of_kinds) = out_of_fold(candidates, &kinds, table)?;
    let Some(Candidate { fitted, .. }) = candidates.first().filter(|_| !rows.is_empty()) else {
        return Ok((kinds, None));
    };
    let model = &fitted.model;
    let weights = greedy_weights(&of_kinds, |values| cost.cost(values, model, table, &rows))?;
    let Some(valid) = PredictedValues::weighted_mean(&of_kinds, &weights) else {
        return Ok((kinds, None));
    };
    for (kind, weight) in kinds.iter_mut().zip(weights) {
        kind.weight = weight;
    }
    let valid = OutOfFold {
        num_rows: rows.len(),
        evaluation: model.evaluate_values(valid, table, &rows)?,
    };
    Ok((kinds, Some(valid)))
}

/// The kinds of the candidates, with weights by which all candidates count alike.
fn kinds_of(candidates: &[Candidate]) -> Vec<MembersOfKind> {
    let equal = 1.0 / candidates.len() as f64;
    let mut kinds: Vec<MembersOfKind> = Vec::new();
    for Candidate { fitted, .. } in candidates {
        match kinds.iter_mut().find(|kind| kind.model == fitted.recipe) {
            Some(kind) => {
                kind.members += 1;
                kind.weight += equal;
            }
            None => kinds.push(MembersOfKind {
                model: fitted.recipe,
                members: 1,
                weight: equal,
            }),
        }
    }
    kinds
}

/// Rows that members of every kind were validated on, and what those of each kind predict for them, on average.
fn out_of_fold(
    candidates: &[Candidate],
    kinds: &[MembersOfKind],
    table: &Table,
) -> Result<(Vec<usize>, Vec<PredictedValues>), Error> {
    let mut parts: Vec<&[usize]> = Vec::new();
    for Candidate { valid, .. } in candidates {
        if !parts.contains(&valid.as_slice()) {
            parts.push(valid);
        }
    }
    let (mut rows, mut of_kinds) = (Vec::new(), vec![None; kinds.len()]);
    for part in parts {
        let of_part = kinds.iter().map(|kind| {
            let validated = candidates.iter().filter(|candidate| {
                candidate.fitted.recipe == kind.model && candidate.valid.as_slice() == part
            });
            let values = validated
                .map(|candidate| Ok(candidate.fitted.model.predict_rows(table, part)?.values))
                .collect::<Result<Vec<PredictedValues>, Error>>()?;
            let equal = vec![1.0 / values.len() as f64; values.len()];
            Ok(PredictedValues::weighted_mean(&values, &equal))
        });
        let of_part = of_part.collect::<Result<Option<Vec<_>>, Error>>()?;
        // Not a row of a part by which a kind has no member.
        let Some(of_part) = of_part else {
            continue;
        };
        for (all, values) in of_kinds.iter_mut().zip(of_part) {
            *all = match all.take() {
                None => Some(values),
                Some(before) => PredictedValues::followed_by(before, values),
            };
        }
        rows.extend(part);
    }
    match of_kinds.into_iter().collect() {
        Some(of_kinds) => Ok((rows, of_kinds)),
        None => Ok((Vec::new(), Vec::new())),
    }
}
