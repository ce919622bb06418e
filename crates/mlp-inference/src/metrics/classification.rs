use super::class_metrics::ClassMetrics;
use super::rows::ClassRow;

/// The share of the rows, by weight, whose class is right.
pub fn accuracy(rows: &[ClassRow]) -> f64 {
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    // Not filtered, since the sum of no rows would be −0.
    let right = rows
        .iter()
        .map(|row| f64::from(row.is_right()) * row.weight);
    right.sum::<f64>() / total
}

/// The mean recall over the classes that occur among the labels.
pub fn balanced_accuracy(per_class: &[ClassMetrics], any_unknown: bool) -> f64 {
    mean(per_class.iter().map(|class| class.recall), any_unknown)
}

/// The mean of F1 over the classes that occur among the labels or the predictions.
pub fn f1_macro(per_class: &[ClassMetrics], any_unknown: bool) -> f64 {
    mean(per_class.iter().map(|class| class.f1), any_unknown)
}

/// The mean over the classes that have a value. All rows of unknown classes together are one more
/// class, whose value is 0 since it is never predicted.
fn mean(of_classes: impl Iterator<Item = Option<f64>>, any_unknown: bool) -> f64 {
    let of_unknown = any_unknown.then_some(0.0);
    let values: Vec<f64> = of_classes.flatten().chain(of_unknown).collect();
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean of `−ln p` with the probability `p` of the actual class; `None` if a class is unknown.
///
/// Probabilities below the smallest positive normal number of double precision count as that number,
/// so that a single prediction that is certain and wrong does not make the mean infinite.
pub fn log_loss(rows: &[ClassRow]) -> Option<f64> {
    let (mut sum, mut total) = (0.0, 0.0);
    for row in rows {
        // Subtracted from 0, not negated: a probability of 1 then gives 0, and not −0.
        let loss = 0.0 - row.probabilities[row.label?].max(f64::MIN_POSITIVE).ln();
        sum += row.weight * loss;
        total += row.weight;
    }
    Some(sum / total)
}
