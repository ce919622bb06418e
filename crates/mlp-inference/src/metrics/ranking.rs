use super::rows::ClassRow;

/// How well the probability of a class separates its rows from the others.
pub struct Ranking {
    /// The area under the ROC curve.
    pub roc_auc: f64,
    /// The area under the steps of the precision-recall curve.
    pub average_precision: f64,
}

/// A row of the ranking of one class.
struct Ranked {
    /// The probability of the class.
    probability: f64,
    /// Whether the row is of the class.
    is_member: bool,
    weight: f64,
}

impl Ranking {
    /// The ranking of the second of two classes, or the mean over all of more classes. `None` if a
    /// class has no rows or all of them, or a row is of an unknown class.
    pub fn new(rows: &[ClassRow], num_classes: usize) -> Option<Self> {
        if rows.iter().any(|row| row.label.is_none()) {
            return None;
        }
        // With two classes, both have the same area under the ROC curve; precision is by convention
        // that of the second.
        let classes = if num_classes == 2 {
            1..2
        } else {
            0..num_classes
        };
        let of_class = |class: usize| {
            let ranked = rows.iter().map(|row| Ranked {
                probability: row.probabilities[class],
                is_member: row.label == Some(class),
                weight: row.weight,
            });
            Self::of_class(ranked.collect())
        };
        let rankings: Vec<Self> = classes.map(of_class).collect::<Option<_>>()?;
        let mean =
            |area: fn(&Self) -> f64| rankings.iter().map(area).sum::<f64>() / rankings.len() as f64;
        Some(Self {
            roc_auc: mean(|ranking| ranking.roc_auc),
            average_precision: mean(|ranking| ranking.average_precision),
        })
    }

    /// The ranking of one class.
    ///
    /// The area under the ROC curve is the share of the pairs of a row of the class and another
    /// row that are in the right order, where a tie counts half, and a pair counts by the product of
    /// its weights. The average precision is `Σ (Rₙ − Rₙ₋₁)·Pₙ` with the recall and the precision if
    /// the rows with the `n` highest probabilities are predicted to be of the class. Tied rows are
    /// processed together, so that their order does not matter.
    fn of_class(mut rows: Vec<Ranked>) -> Option<Self> {
        let (all_members, all_others) = weights(&rows);
        if all_members == 0.0 || all_others == 0.0 {
            return None;
        }
        rows.sort_unstable_by(|a, b| b.probability.total_cmp(&a.probability));
        let (mut taken, mut members_taken) = (0.0, 0.0);
        let (mut pairs_in_order, mut precisions) = (0.0, 0.0);
        for tied in rows.chunk_by(|a, b| a.probability.total_cmp(&b.probability).is_eq()) {
            let (members, others) = weights(tied);
            pairs_in_order += others * (members_taken + members / 2.0);
            taken += members + others;
            members_taken += members;
            precisions += members * members_taken / taken;
        }
        // Weights are rounded, so a perfect ranking could be a little above 1.
        Some(Self {
            roc_auc: (pairs_in_order / (all_members * all_others)).min(1.0),
            average_precision: (precisions / all_members).min(1.0),
        })
    }
}

/// The weight of the rows of the class, and that of the other ones.
fn weights(rows: &[Ranked]) -> (f64, f64) {
    let sum = |members: bool| {
        let rows = rows.iter().filter(|row| row.is_member == members);
        rows.map(|row| row.weight).sum()
    };
    (sum(true), sum(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ranking of rows: their probabilities, row by row, their classes and their weights.
    fn rank(
        probabilities: &[f64],
        labels: &[Option<usize>],
        weights: &[f64],
        num_classes: usize,
    ) -> Option<Ranking> {
        let rows = probabilities.chunks_exact(num_classes).zip(labels);
        let rows = rows.zip(weights);
        let rows = rows.map(|((probabilities, &label), &weight)| ClassRow {
            predicted: 0,
            label,
            probabilities,
            weight,
        });
        Ranking::new(&rows.collect::<Vec<_>>(), num_classes)
    }

    /// Both areas for two classes, given the probability of the second.
    fn weighted_areas(of_second: &[f64], labels: &[usize], weights: &[f64]) -> (f64, f64) {
        let rows = of_second.iter().flat_map(|&p| [1.0 - p, p]);
        let labels: Vec<_> = labels.iter().copied().map(Some).collect();
        let ranking = rank(&rows.collect::<Vec<_>>(), &labels, weights, 2).unwrap();
        (ranking.roc_auc, ranking.average_precision)
    }

    fn areas(of_second: &[f64], labels: &[usize]) -> (f64, f64) {
        weighted_areas(of_second, labels, &vec![1.0; labels.len()])
    }

    #[test]
    fn the_areas_follow_from_the_order_of_the_rows() {
        // From the highest down: second, first, second, first. Three of the four pairs are in
        // order, and the precisions at the rows of the second class are 1/1 and 2/3.
        let (roc_auc, average_precision) = areas(&[0.1, 0.4, 0.35, 0.8], &[0, 0, 1, 1]);

        assert_eq!(roc_auc, 0.75);
        assert!((average_precision - 5.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn tied_rows_count_half_in_any_order() {
        // Two rows of the second class and one of the first are tied, ahead of one of the first.
        for labels in [[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0]] {
            let (roc_auc, average_precision) = areas(&[0.5, 0.5, 0.5, 0.25], &labels);

            // Of four pairs two are in order and two are ties; two of the three rows are right.
            assert_eq!(roc_auc, 0.75);
            assert!((average_precision - 2.0 / 3.0).abs() < 1e-15);
        }
    }

    #[test]
    fn equal_probabilities_are_as_good_as_guessing() {
        assert_eq!(areas(&[0.5; 4], &[1, 0, 0, 0]), (0.5, 0.25));
    }

    #[test]
    fn perfect_order_makes_both_areas_one() {
        assert_eq!(areas(&[0.1, 0.9, 0.2, 0.6], &[0, 1, 0, 1]), (1.0, 1.0));
    }

    #[test]
    fn a_row_of_weight_2_counts_as_two_rows() {
        assert_eq!(
            weighted_areas(&[0.1, 0.4, 0.35, 0.8], &[0, 0, 1, 1], &[1.0, 2.0, 2.0, 1.0]),
            areas(&[0.1, 0.4, 0.4, 0.35, 0.35, 0.8], &[0, 0, 0, 1, 1, 1])
        );
    }

    #[test]
    fn there_is_no_ranking_unless_every_class_has_rows() {
        let is_ranked = |labels: &[Option<usize>], num_classes: usize| {
            let probabilities = vec![1.0 / num_classes as f64; labels.len() * num_classes];
            rank(
                &probabilities,
                labels,
                &vec![1.0; labels.len()],
                num_classes,
            )
            .is_some()
        };

        assert!(is_ranked(&[Some(0), Some(1), Some(2)], 3));
        assert!(!is_ranked(&[Some(0), Some(2), Some(2)], 3));
        assert!(!is_ranked(&[Some(1), Some(1)], 2));
        assert!(!is_ranked(&[Some(0), Some(0)], 2));
        assert!(!is_ranked(&[], 2));
    }

    #[test]
    fn there_is_no_ranking_with_a_row_of_an_unknown_class() {
        let labels = [Some(0), Some(1), None];

        assert!(rank(&[0.5; 6], &labels, &[1.0; 3], 2).is_none());
    }
}
