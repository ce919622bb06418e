/// A quantile of values in ascending order, between two of them in proportion: with `n` values, that of `q` is at
/// `q·(n − 1)`, as in R's type 7 and `NumPy`. NaN without values.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = q.clamp(0.0, 1.0) * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of values"
    )]
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `numpy.quantile([-3, -1, 0, 4], [0, 0.05, 0.25, 0.5, 0.9, 1])` gives −3, −2.7, −1.5, −0.5, 2.8, 4.
    #[test]
    fn quantiles_are_those_of_numpy() {
        let residuals = [-3.0, -1.0, 0.0, 4.0];
        for (q, expected) in [
            (0.0, -3.0),
            (0.05, -2.7),
            (0.25, -1.5),
            (0.5, -0.5),
            (0.9, 2.8),
            (1.0, 4.0),
        ] {
            assert!((quantile(&residuals, q) - expected).abs() < 1e-12, "{q}");
        }
        assert_eq!(quantile(&[7.0], 0.3), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
