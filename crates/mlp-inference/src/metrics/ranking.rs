use crate::column::column;

/// How well the probability of a class separates its rows from the others.
pub struct Ranking {
    /// The area under the ROC curve.
    pub roc_auc: f64,
    /// The area under the steps of the precision-recall curve.
    pub average_precision: f64,
}

impl Ranking {
    /// The ranking of the second of two classes, or the mean over all of more classes. `None` if a
    /// class has no rows or all of them.
    pub fn new(probabilities: &[f64], labels: &[usize], num_classes: usize) -> Option<Self> {
        // With two classes, both have the same area under the ROC curve; precision is by convention
        // that of the second.
        let classes = if num_classes == 2 {
            1..2
        } else {
            0..num_classes
        };
        let of_class = |class: usize| {
            let rows = column(probabilities, class, num_classes).zip(labels);
            Self::of_class(rows.map(|(p, &label)| (p, label == class)).collect())
        };
        let rankings: Vec<Self> = classes.map(of_class).collect::<Option<_>>()?;
        let mean =
            |area: fn(&Self) -> f64| rankings.iter().map(area).sum::<f64>() / rankings.len() as f64;
        Some(Self {
            roc_auc: mean(|ranking| ranking.roc_auc),
            average_precision: mean(|ranking| ranking.average_precision),
        })
    }

    /// The ranking of one class. Each row is its probability and whether it is of the class.
    ///
    /// The area under the ROC curve is the share of the pairs of a row of the class and another
    /// row that are in the right order, where a tie counts half. The average precision is
    /// `Σ (Rₙ − Rₙ₋₁)·Pₙ` with the recall and the precision if the rows with the `n` highest
    /// probabilities are predicted to be of the class. Tied rows are processed together, so that their
    /// order does not matter.
    fn of_class(mut rows: Vec<(f64, bool)>) -> Option<Self> {
        let num_members = count_members(&rows);
        let num_others = rows.len() - num_members;
        if num_members == 0 || num_others == 0 {
            return None;
        }
        rows.sort_unstable_by(|(a, _), (b, _)| b.total_cmp(a));
        let (mut taken, mut members_taken) = (0, 0);
        let (mut pairs_in_order, mut precisions) = (0.0, 0.0);
        for tied in rows.chunk_by(|(a, _), (b, _)| a.total_cmp(b).is_eq()) {
            let members = count_members(tied);
            let others = tied.len() - members;
            pairs_in_order += others as f64 * (members_taken as f64 + members as f64 / 2.0);
            taken += tied.len();
            members_taken += members;
            precisions += members as f64 * members_taken as f64 / taken as f64;
        }
        Some(Self {
            roc_auc: pairs_in_order / (num_members as f64 * num_others as f64),
            average_precision: precisions / num_members as f64,
        })
    }
}

fn count_members(rows: &[(f64, bool)]) -> usize {
    rows.iter().filter(|(_, is_member)| *is_member).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both areas for two classes, given the probability of the second.
    fn areas(of_second: &[f64], labels: &[usize]) -> (f64, f64) {
        let rows = of_second.iter().flat_map(|&p| [1.0 - p, p]);
        let ranking = Ranking::new(&rows.collect::<Vec<_>>(), labels, 2).unwrap();
        (ranking.roc_auc, ranking.average_precision)
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
    fn there_is_no_ranking_unless_every_class_has_rows() {
        let third = [1.0 / 3.0; 9];

        assert!(Ranking::new(&third, &[0, 1, 2], 3).is_some());
        assert!(Ranking::new(&third, &[0, 2, 2], 3).is_none());
        assert!(Ranking::new(&[0.5; 4], &[1, 1], 2).is_none());
        assert!(Ranking::new(&[0.5; 4], &[0, 0], 2).is_none());
        assert!(Ranking::new(&[], &[], 2).is_none());
    }
}
