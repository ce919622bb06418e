use mlp_inference::Metric;
use mlp_models::loss::LossKind;

use super::SupervisedTraining;

/// How the best epoch is selected, whose network is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// What is compared.
    pub criterion: Criterion,
    /// Which of several equally good epochs it is.
    pub ties: Ties,
}

/// By what epochs are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// The validation loss, of which the lowest is best.
    Loss,
    /// The validation accuracy, of which the highest is best: for the perceptron criterion, whose
    /// value says how far misclassified rows are on the wrong side, and not how many there are (the
    /// pocket algorithm, Gallant 1990).
    Accuracy,
    /// A metric of the validation rows.
    Metric(Metric),
}

/// Which of several equally good epochs is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// The first of them.
    First,
    /// The last of them.
    Last,
}

impl Selection {
    /// As the settings ask, else as suits the loss; the first of equally good epochs.
    pub fn of(training: &SupervisedTraining) -> Self {
        let criterion = match training.select {
            Some(metric) => Criterion::Metric(metric),
            None if training.loss == LossKind::PerceptronCriterion => Criterion::Accuracy,
            None => Criterion::Loss,
        };
        Self {
            criterion,
            ties: Ties::First,
        }
    }

    /// Whether an epoch's value takes the place of an earlier epoch's.
    pub fn prefers(self, value: f64, earlier: f64) -> bool {
        let higher_is_better = match self.criterion {
            Criterion::Loss => false,
            Criterion::Accuracy => true,
            Criterion::Metric(metric) => metric.higher_is_better(),
        };
        let is_better = if higher_is_better {
            value > earlier
        } else {
            value < earlier
        };
        let is_equal = !is_better && value == earlier;
        is_better || (is_equal && self.ties == Ties::Last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_loss_and_the_higher_accuracy_are_preferred() {
        let selection = |criterion| Selection {
            criterion,
            ties: Ties::First,
        };
        assert!(selection(Criterion::Loss).prefers(0.1, 0.2));
        assert!(!selection(Criterion::Loss).prefers(0.2, 0.1));
        assert!(selection(Criterion::Accuracy).prefers(0.2, 0.1));
        let metric = |metric| selection(Criterion::Metric(metric));
        assert!(metric(Metric::RocAuc).prefers(0.9, 0.8));
        assert!(metric(Metric::Rmse).prefers(0.8, 0.9));
    }

    #[test]
    fn of_equally_good_epochs_the_first_or_the_last_is_preferred() {
        for (ties, expected) in [(Ties::First, false), (Ties::Last, true)] {
            let selection = Selection {
                criterion: Criterion::Loss,
                ties,
            };
            assert_eq!(selection.prefers(0.5, 0.5), expected);
        }
    }
}
