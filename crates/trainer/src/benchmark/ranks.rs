/// The mean rank of a model over data sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanRank {
    /// From 1 for a model that is always the best.
    pub mean: f64,
    /// Over how many data sets.
    pub count: usize,
}

/// By how much scores may differ, relatively, and still be equal: sums depend on their order.
const TOLERANCE: f64 = 1e-9;

/// The models by their mean rank over the data sets that they have a score for, the best first; a model
/// without any is left out. `scores` has a list for each data set with a score for each model, and the
/// lower score is the better one. Models with equal scores share the mean of their ranks.
pub fn mean_ranks<'a>(
    models: &'a [String],
    scores: &[Vec<Option<f64>>],
) -> Vec<(&'a str, MeanRank)> {
    let ranked = models.iter().enumerate().filter_map(|(index, model)| {
        let ranks = scores.iter().filter_map(|scores| rank(scores, index));
        let ranks: Vec<f64> = ranks.collect();
        let count = ranks.len();
        let mean = ranks.iter().sum::<f64>() / count as f64;
        (count > 0).then_some((model.as_str(), MeanRank { mean, count }))
    });
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_by(|(_, a), (_, b)| a.mean.total_cmp(&b.mean));
    ranked
}

/// The rank of a model on a data set.
fn rank(scores: &[Option<f64>], model: usize) -> Option<f64> {
    let own = scores.get(model).copied().flatten()?;
    let (mut better, mut equal) = (0.0, 0.0);
    for score in scores.iter().flatten() {
        if (score - own).abs() <= TOLERANCE * own.abs() {
            equal += 1.0;
        } else if *score < own {
            better += 1.0;
        }
    }
    // The mean of the ranks from `better + 1` to `better + equal`.
    Some(better + f64::midpoint(1.0, equal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_share_the_mean_of_their_ranks() {
        let scores = [
            Some(0.3),
            Some(0.1),
            Some(0.1 + 1e-17),
            Some(0.1),
            Some(0.2),
        ];
        let ranks: Vec<_> = (0..5).map(|model| rank(&scores, model).unwrap()).collect();
        assert_eq!(ranks, [5.0, 2.0, 2.0, 2.0, 4.0]);
    }

    #[test]
    fn a_model_without_a_score_is_not_ranked_on_that_data_set() {
        let models = ["a", "b", "c", "d"].map(str::to_owned);
        let scores = [
            vec![Some(2.0), Some(1.0), None, None],
            vec![Some(2.0), Some(1.0), Some(3.0), None],
        ];
        let rank = |mean, count| MeanRank { mean, count };
        assert_eq!(
            mean_ranks(&models, &scores),
            [
                ("b", rank(1.0, 2)),
                ("a", rank(2.0, 2)),
                ("c", rank(3.0, 1))
            ]
        );
    }
}
