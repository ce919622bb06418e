//! What a model predicts for rows of a table.

mod classes;
mod clusters;
mod columns;
mod numbers;

use mlp_datasets::UnseenValues;

pub use classes::Classes;
pub use clusters::Clusters;
pub use columns::PredictionColumn;
pub use numbers::Numbers;

/// The predictions of a model for rows, in their order.
///
/// Each of the methods for a single row returns `None` for a row that was not predicted, and for a
/// model that predicts something else.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// What was predicted.
    pub values: PredictedValues,
    /// The features that had values which the model has not seen in training, and in how many rows.
    pub unseen_values: Vec<UnseenValues>,
}

/// What a model predicts, according to its task.
#[derive(Clone, Debug, PartialEq)]
pub enum PredictedValues {
    /// A class for each row.
    Classes(Classes),
    /// One number or several for each row.
    Numbers(Numbers),
    /// A cluster for each row.
    Clusters(Clusters),
}

impl PredictedValues {
    /// The predictions of further rows after these. `None` if they are of another kind, or of a model that knows
    /// other classes.
    #[must_use]
    pub fn followed_by(self, further: Self) -> Option<Self> {
        match (self, further) {
            (Self::Classes(before), Self::Classes(after)) => {
                before.followed_by(after).map(Self::Classes)
            }
            (Self::Numbers(mut before), Self::Numbers(after))
                if before.num_outputs == after.num_outputs =>
            {
                before.values.extend(after.values);
                Some(Self::Numbers(before))
            }
            (Self::Classes(_) | Self::Numbers(_) | Self::Clusters(_), _) => None,
        }
    }
}

impl Predictions {
    /// The number of predicted rows.
    pub fn len(&self) -> usize {
        match &self.values {
            PredictedValues::Classes(classes) => classes.labels.len(),
            PredictedValues::Numbers(numbers) => numbers.len(),
            PredictedValues::Clusters(clusters) => clusters.clusters.len(),
        }
    }

    /// Whether no row was predicted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of rows whose prediction is not finite, because the model computed NaN or infinity:
    /// rows without a class, with such a number, or whose cluster has such an error or probability.
    pub fn num_not_finite(&self) -> usize {
        let is_finite = |&row: &usize| match &self.values {
            PredictedValues::Classes(classes) => classes.is_finite(row),
            PredictedValues::Numbers(numbers) => numbers.is_finite(row),
            PredictedValues::Clusters(clusters) => clusters.is_finite(row),
        };
        self.len() - (0..self.len()).filter(is_finite).count()
    }

    /// The name of the class of a row. `None` also for a row without one, because the model computed
    /// NaN or infinity for it.
    pub fn class(&self, row: usize) -> Option<&str> {
        self.classes()?.name(row)
    }

    /// The names of the classes of all rows, from the first to the last, as [`class`](Self::class)
    /// gives them; nothing if something else was predicted.
    pub fn class_names(&self) -> impl Iterator<Item = Option<&str>> {
        self.classes().into_iter().flat_map(Classes::names)
    }

    /// The probability, in `[0, 1]`, of a class for a row. `None` also for a class that the model
    /// does not know, for a row without a class, and for a model without probabilities.
    pub fn probability(&self, row: usize, class: &str) -> Option<f64> {
        self.classes()?.probability(row, class)
    }

    /// The number of a row; the first one if there are several. NaN or infinite if the model computed
    /// that.
    pub fn number(&self, row: usize) -> Option<f64> {
        self.numbers(row).first().copied()
    }

    /// The numbers of a row, one for each target; empty for a row that was not predicted, and if
    /// something else was predicted.
    pub fn numbers(&self, row: usize) -> &[f64] {
        match &self.values {
            PredictedValues::Numbers(numbers) => numbers.of_row(row),
            PredictedValues::Classes(_) | PredictedValues::Clusters(_) => &[],
        }
    }

    /// The cluster of a row, from 0.
    pub fn cluster(&self, row: usize) -> Option<usize> {
        self.clusters()?.clusters.get(row).copied()
    }

    /// The classes of all rows, if classes were predicted.
    pub fn classes(&self) -> Option<&Classes> {
        match &self.values {
            PredictedValues::Classes(classes) => Some(classes),
            PredictedValues::Numbers(_) | PredictedValues::Clusters(_) => None,
        }
    }

    /// The clusters of all rows, if clusters were found.
    pub fn clusters(&self) -> Option<&Clusters> {
        match &self.values {
            PredictedValues::Clusters(clusters) => Some(clusters),
            PredictedValues::Classes(_) | PredictedValues::Numbers(_) => None,
        }
    }

    /// The predictions column by column, as
    /// [`SavedModel::prediction_columns`](crate::SavedModel::prediction_columns) describes them. With
    /// `codes`, those of a clustering include the code of each row.
    pub fn into_columns(self, codes: bool) -> Vec<PredictionColumn> {
        match self.values {
            PredictedValues::Classes(classes) => columns::of_classes(classes),
            PredictedValues::Numbers(numbers) => columns::of_numbers(numbers),
            PredictedValues::Clusters(clusters) => columns::of_clusters(clusters, codes),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn predictions(values: PredictedValues) -> Predictions {
        Predictions {
            values,
            unseen_values: Vec::new(),
        }
    }

    fn classes() -> Predictions {
        predictions(PredictedValues::Classes(Classes {
            names: Arc::from(["No".to_owned(), "Yes".to_owned()]),
            labels: vec![Some(1), Some(0), None],
            probabilities: Some(vec![0.25, 0.75, 0.875, 0.125, f64::NAN, f64::NAN]),
        }))
    }

    fn numbers() -> Predictions {
        predictions(PredictedValues::Numbers(Numbers {
            values: vec![1.0, 2.0, 3.0, 4.0, 5.0, f64::INFINITY],
            num_outputs: 2,
        }))
    }

    fn clusters() -> Predictions {
        predictions(PredictedValues::Clusters(Clusters {
            clusters: vec![2, 0, 2],
            probabilities: vec![0.5, 1.0, f64::NAN],
            errors: vec![0.0, 1.0, f64::NAN],
            ..Clusters::default()
        }))
    }

    #[test]
    fn classes_are_returned_by_name() {
        let predictions = classes();

        assert_eq!(predictions.len(), 3);
        assert_eq!(predictions.class(0), Some("Yes"));
        assert_eq!(predictions.probability(0, "Yes"), Some(0.75));
        assert_eq!(predictions.probability(1, "No"), Some(0.875));
        assert_eq!(predictions.probability(1, "Maybe"), None);
        assert_eq!(predictions.class(3), None);
        assert_eq!(predictions.probability(3, "No"), None);
    }

    #[test]
    fn a_row_whose_outputs_are_not_finite_has_no_class() {
        let predictions = classes();

        assert_eq!(predictions.class(2), None);
        assert_eq!(predictions.probability(2, "No"), None);
        assert_eq!(
            predictions.class_names().collect::<Vec<_>>(),
            [Some("Yes"), Some("No"), None]
        );
    }

    #[test]
    fn rows_that_are_not_finite_are_counted() {
        for predictions in [classes(), numbers(), clusters()] {
            assert_eq!(predictions.num_not_finite(), 1, "{predictions:?}");
        }
    }

    #[test]
    fn numbers_are_returned_row_by_row() {
        let predictions = numbers();

        assert_eq!(predictions.len(), 3);
        assert_eq!(predictions.numbers(1), [3.0, 4.0]);
        assert_eq!(predictions.number(1), Some(3.0));
        assert_eq!(predictions.number(3), None);
    }

    #[test]
    fn clusters_are_returned_by_number() {
        let predictions = clusters();

        assert_eq!(predictions.len(), 3);
        assert_eq!(predictions.cluster(0), Some(2));
        assert_eq!(predictions.cluster(3), None);
    }

    #[test]
    fn what_was_not_predicted_is_absent() {
        assert_eq!((numbers().class(0), numbers().cluster(0)), (None, None));
        assert_eq!((classes().number(0), classes().cluster(0)), (None, None));
        assert_eq!((clusters().class(0), clusters().number(0)), (None, None));
        assert_eq!(numbers().class_names().count(), 0);
        assert_eq!(numbers().probability(0, "Yes"), None);
    }
}
