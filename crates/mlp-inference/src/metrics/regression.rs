use super::rows::NumberRow;

/// The root of the mean squared error.
pub fn rmse(rows: &[NumberRow]) -> f64 {
    (squared_error(rows) / total_weight(rows)).sqrt()
}

/// The mean absolute error.
pub fn mae(rows: &[NumberRow]) -> f64 {
    mean(rows, |row| row.error().abs())
}

/// The median of the absolute errors; the mean of the middle two if their number is even.
///
/// With weights, half of the weight is at or below the median: the smallest error up to which the
/// weights add up to at least half of them, or the mean of it and the next one if they are exactly
/// half.
pub fn median_absolute_error(rows: &[NumberRow]) -> f64 {
    let errors = rows.iter().map(|row| (row.error().abs(), row.weight));
    let mut sorted: Vec<(f64, f64)> = errors.collect();
    sorted.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
    let cumulated = sorted.iter().scan(0.0, |sum, (_, weight)| {
        *sum += weight;
        Some(*sum)
    });
    let cumulated: Vec<f64> = cumulated.collect();
    let total = cumulated.last().copied().unwrap_or(0.0);
    // Sums of weights that would be exactly half may differ from it by their rounding.
    let tolerance = f64::EPSILON * total;
    let (low, high) = (total / 2.0 - tolerance, total / 2.0 + tolerance);
    let middle = cumulated.partition_point(|&sum| sum < low);
    let (error, _) = sorted[middle];
    match sorted.get(middle + 1) {
        Some((next, _)) if cumulated[middle] <= high => f64::midpoint(error, *next),
        Some(_) | None => error,
    }
}

/// The mean pinball loss, which is minimal if the share `quantile` of the targets is below the
/// predictions.
pub fn pinball(rows: &[NumberRow], quantile: f64) -> f64 {
    mean(rows, |row| match row.error() {
        error if error < 0.0 => -quantile * error,
        error => (1.0 - quantile) * error,
    })
}

/// The share of the targets' variance that is explained.
///
/// If all targets are equal there is no variance to explain: 1 if the predictions are exact, else 0,
/// as in scikit-learn.
pub fn r2(rows: &[NumberRow]) -> f64 {
    let unexplained = squared_error(rows);
    // With weights, the mean of equal targets may differ from them by its rounding.
    let variance = if rows.iter().all(|row| row.target == rows[0].target) {
        0.0
    } else {
        let mean = mean(rows, |row| row.target);
        sum(rows, |row| (row.target - mean).powi(2))
    };
    match (variance == 0.0, unexplained == 0.0) {
        (true, true) => 1.0,
        (true, false) => 0.0,
        (false, _) => 1.0 - unexplained / variance,
    }
}

fn squared_error(rows: &[NumberRow]) -> f64 {
    sum(rows, |row| row.error() * row.error())
}

fn mean(rows: &[NumberRow], value: impl Fn(&NumberRow) -> f64) -> f64 {
    sum(rows, value) / total_weight(rows)
}

/// The sum of a value of each row times its weight.
fn sum(rows: &[NumberRow], value: impl Fn(&NumberRow) -> f64) -> f64 {
    rows.iter().map(|row| row.weight * value(row)).sum()
}

fn total_weight(rows: &[NumberRow]) -> f64 {
    rows.iter().map(|row| row.weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows whose target is 0: each is its error and its weight.
    fn rows(errors: &[(f64, f64)]) -> Vec<NumberRow> {
        let row = |&(predicted, weight): &(f64, f64)| NumberRow {
            predicted,
            target: 0.0,
            weight,
        };
        errors.iter().map(row).collect()
    }

    #[test]
    fn half_of_the_weight_is_at_or_below_the_median() {
        let median = |errors: &[(f64, f64)]| median_absolute_error(&rows(errors));

        assert_eq!(median(&[(5.0, 0.5)]), 5.0);
        assert_eq!(median(&[(1.0, 1.0), (-2.0, 1.0), (4.0, 1.0)]), 2.0);
        assert_eq!(median(&[(1.0, 1.0), (-2.0, 2.0), (4.0, 3.0)]), 3.0);
        assert_eq!(median(&[(1.0, 1.0), (-2.0, 2.0), (4.0, 4.0)]), 4.0);
        // Ten weights whose rounded sums are not exactly half of the total.
        let tenths: Vec<(f64, f64)> = (0..10).map(|i| (f64::from(i), 0.1)).collect();
        assert_eq!(median(&tenths), 4.5);
    }

    #[test]
    fn equal_targets_have_no_variance_whatever_their_weights() {
        let row = |predicted: f64, weight: f64| NumberRow {
            predicted,
            target: 0.1,
            weight,
        };
        assert_eq!(r2(&[row(0.1, 0.1), row(0.1, 0.2), row(0.1, 0.7)]), 1.0);
        assert_eq!(r2(&[row(0.1, 0.1), row(0.3, 0.2), row(0.1, 0.7)]), 0.0);
    }
}
