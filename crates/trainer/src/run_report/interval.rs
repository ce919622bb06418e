/// As many rows of equal weight tell as much as rows of these weights: `(Σw)² / Σw²`
/// (Kish 1965, *Survey Sampling*).
pub fn effective_rows(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    sum * sum / squares
}

/// The 95 % interval of a share that was `share` among `n` rows, in `[0, 1]`, by Wilson's score:
///
/// ```text
/// (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n),  z = 1.96
/// ```
///
/// ([Wilson 1927](https://doi.org/10.1080/01621459.1927.10502953)).
pub fn wilson(share: f64, n: f64) -> [f64; 2] {
    let z = 1.959_964;
    let middle = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    [middle - half, middle + half].map(|x| (x / (1.0 + z * z / n)).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `statsmodels.stats.proportion.proportion_confint(28, 30, method="wilson")` gives 0.7868 and 0.9815.
    #[test]
    fn the_interval_is_that_of_statsmodels() {
        let [low, high] = wilson(28.0 / 30.0, 30.0);
        assert!((low - 0.7868).abs() < 5e-5, "{low}");
        assert!((high - 0.9815).abs() < 5e-5, "{high}");
    }

    #[test]
    fn a_share_of_all_rows_is_not_certain() {
        // (1 + z²/2n − z²/2n) / (1 + z²/n) = 1 / (1 + 3.8415/10)
        let [low, high] = wilson(1.0, 10.0);
        assert!((low - 1.0 / 1.384_146).abs() < 1e-6);
        assert!((high - 1.0).abs() < 1e-12, "{high}");
    }

    /// (10·0.1 + 5·1)² / (10·0.01 + 5·1) = 36 / 5.1
    #[test]
    fn rows_of_unequal_weights_tell_less_than_as_many_equal_ones() {
        let weights = [vec![0.1; 10], vec![1.0; 5]].concat();
        assert!((effective_rows(&weights) - 36.0 / 5.1).abs() < 1e-12);
        assert!((effective_rows(&[2.5; 8]) - 8.0).abs() < 1e-12);
    }
}
