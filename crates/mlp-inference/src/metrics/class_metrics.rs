use serde::{Deserialize, Serialize};

use super::confusion::Confusion;

/// How good the predictions of one class are.
///
/// `TP` is the number of rows of the class for which it was predicted, `FP` that of other rows for
/// which it was predicted, and `FN` that of its other rows. With weights they are sums of weights.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ClassMetrics {
    /// `TP / (TP + FP)`, in `[0, 1]`: the share of the rows predicted to be of the class that are.
    /// `None` if the class is never predicted.
    pub precision: Option<f64>,
    /// `TP / (TP + FN)`, in `[0, 1]`: the share of the rows of the class that were predicted to be.
    /// `None` if the class has no rows.
    pub recall: Option<f64>,
    /// `2·TP / (2·TP + FP + FN)`, in `[0, 1]`: the harmonic mean of both. `None` if the class has no
    /// rows and is never predicted.
    pub f1: Option<f64>,
    /// The number of rows of the class, not weighted, without those of weight 0.
    pub rows: usize,
}

impl ClassMetrics {
    /// Those of each class that the model knows.
    pub(super) fn of_all(confusion: &Confusion) -> Vec<Self> {
        (0..confusion.num_classes())
            .map(|class| Self::of(confusion, class))
            .collect()
    }

    fn of(confusion: &Confusion, class: usize) -> Self {
        let correct = confusion.correct(class);
        let of_class = confusion.of_class(class);
        let predicted = confusion.predicted(class);
        let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        Self {
            precision: share(correct, predicted),
            recall: share(correct, of_class),
            // 2·TP + FP + FN is the weight of the class plus the weight predicted to be of it.
            f1: share(2.0 * correct, of_class + predicted),
            rows: confusion.num_rows(class),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::ClassRow;
    use super::*;

    /// Of rows of four classes: label, predicted class and weight.
    fn class_metrics(rows: &[(Option<usize>, usize, f64)]) -> Vec<ClassMetrics> {
        let rows = rows.iter().map(|&(label, predicted, weight)| ClassRow {
            predicted,
            label,
            probabilities: &[],
            weight,
        });
        ClassMetrics::of_all(&Confusion::new(&rows.collect::<Vec<_>>(), 4))
    }

    #[test]
    fn shares_of_nothing_are_absent() {
        // The second class is never predicted, the third has no rows, the fourth neither.
        let found = class_metrics(&[(Some(0), 0, 1.0), (Some(0), 2, 1.0), (Some(1), 0, 1.0)]);

        let shares = found.iter().map(|m| (m.precision, m.recall, m.rows));
        assert_eq!(
            shares.collect::<Vec<_>>(),
            [
                (Some(0.5), Some(0.5), 2),
                (None, Some(0.0), 1),
                (Some(0.0), None, 0),
                (None, None, 0),
            ]
        );
        let f1: Vec<_> = found.iter().map(|m| m.f1).collect();
        assert_eq!(f1, [Some(0.5), Some(0.0), Some(0.0), None]);
    }

    #[test]
    fn weights_change_shares_but_not_the_number_of_rows() {
        let found = class_metrics(&[(Some(0), 0, 3.0), (Some(0), 1, 1.0), (Some(1), 0, 2.0)]);

        assert_eq!(
            (found[0].precision, found[0].recall),
            (Some(0.6), Some(0.75))
        );
        // 2·3 / (4 + 5).
        assert_eq!((found[0].f1, found[0].rows), (Some(6.0 / 9.0), 2));
    }

    #[test]
    fn rows_of_unknown_classes_are_wrong_predictions() {
        let found = class_metrics(&[(Some(0), 0, 1.0), (None, 0, 1.0)]);

        assert_eq!(
            (found[0].precision, found[0].recall),
            (Some(0.5), Some(1.0))
        );
        assert_eq!(found[0].rows, 1);
    }
}
