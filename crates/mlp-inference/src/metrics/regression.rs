/// The root of the mean squared error.
pub fn rmse(predicted: &[f32], targets: &[f32]) -> f64 {
    (squared_error(predicted, targets) / targets.len() as f64).sqrt()
}

/// The mean absolute error.
pub fn mae(predicted: &[f32], targets: &[f32]) -> f64 {
    let total: f64 = errors(predicted, targets).map(f64::abs).sum();
    total / targets.len() as f64
}

/// The median of the absolute errors; the mean of the middle two if their number is even.
pub fn median_absolute_error(predicted: &[f32], targets: &[f32]) -> f64 {
    let mut sorted: Vec<f64> = errors(predicted, targets).map(f64::abs).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    } else {
        sorted[middle]
    }
}

/// The mean pinball loss, which is minimal if the share `quantile` of the targets is below the
/// predictions.
pub fn pinball(predicted: &[f32], targets: &[f32], quantile: f64) -> f64 {
    let loss = |error: f64| {
        if error < 0.0 {
            -quantile * error
        } else {
            (1.0 - quantile) * error
        }
    };
    let total: f64 = errors(predicted, targets).map(loss).sum();
    total / targets.len() as f64
}

/// The share of the targets' variance that is explained.
///
/// If all targets are equal there is no variance to explain: 1 if the predictions are exact, else 0,
/// as in scikit-learn.
pub fn r2(predicted: &[f32], targets: &[f32]) -> f64 {
    let mean = targets.iter().copied().map(f64::from).sum::<f64>() / targets.len() as f64;
    let variance: f64 = targets
        .iter()
        .map(|&target| (f64::from(target) - mean).powi(2))
        .sum();
    let unexplained = squared_error(predicted, targets);
    match (variance == 0.0, unexplained == 0.0) {
        (true, true) => 1.0,
        (true, false) => 0.0,
        (false, _) => 1.0 - unexplained / variance,
    }
}

fn squared_error(predicted: &[f32], targets: &[f32]) -> f64 {
    errors(predicted, targets).map(|error| error * error).sum()
}

fn errors(predicted: &[f32], targets: &[f32]) -> impl Iterator<Item = f64> {
    predicted
        .iter()
        .zip(targets)
        .map(|(&predicted, &target)| f64::from(predicted) - f64::from(target))
}
