/// The rows whose probability is in a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationBin {
    /// Their mean probability.
    pub mean_probability: f64,
    /// The share of them for which it came true.
    pub share: f64,
    /// How many rows there are.
    pub rows: usize,
}

/// What probabilities are worth: the rows in bins of equal width, from the lowest probability to the highest, without
/// empty ones. Rows count by their weights.
///
/// Each row is a probability in `[0, 1]`, whether it came true, and a weight above 0. A bin does not contain its
/// lower edge, but contains its upper one, and the first one contains 0; so the bins are those of the expected
/// calibration error ([Guo et al. 2017](https://arxiv.org/abs/1706.04599)).
///
/// # Panics
///
/// If there are no bins.
pub fn calibration_bins(rows: &[(f64, bool, f64)], num_bins: usize) -> Vec<CalibrationBin> {
    assert!(num_bins > 0, "at least one bin");
    let mut sums = vec![[0.0; 3]; num_bins];
    let mut counts = vec![0; num_bins];
    for &(probability, came_true, weight) in rows.iter().filter(|(p, ..)| p.is_finite()) {
        let edges = (1..num_bins).map(|edge| edge as f64 / num_bins as f64);
        let bin = edges.take_while(|edge| probability > *edge).count();
        let [weights, probabilities, hits] = &mut sums[bin];
        *weights += weight;
        *probabilities += weight * probability;
        *hits += weight * f64::from(came_true);
        counts[bin] += 1;
    }
    let bins = sums.into_iter().zip(counts).filter(|(_, rows)| *rows > 0);
    bins.map(|([weights, probabilities, hits], rows)| CalibrationBin {
        mean_probability: probabilities / weights,
        share: hits / weights,
        rows,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fall_into_bins_of_equal_width_and_an_edge_belongs_to_the_bin_below() {
        let bins = calibration_bins(
            &[
                (0.1, false, 1.0),
                (0.2, true, 1.0),
                (0.25, true, 1.0),
                (0.95, true, 1.0),
            ],
            5,
        );
        // (0, 0.2] has 0.1 and 0.2, of which one came true; (0.2, 0.4] has 0.25; (0.8, 1] has 0.95.
        assert_eq!(bins.len(), 3);
        assert!((bins[0].mean_probability - 0.15).abs() < 1e-15);
        assert_eq!((bins[0].share, bins[0].rows), (0.5, 2));
        assert_eq!((bins[1].mean_probability, bins[1].share), (0.25, 1.0));
        assert_eq!((bins[2].mean_probability, bins[2].rows), (0.95, 1));
    }

    #[test]
    fn rows_count_by_their_weights() {
        // (3·0.5 + 1·0.9) / 4 = 0.6, and a quarter of the weight came true.
        let [bin] = calibration_bins(&[(0.5, false, 3.0), (0.9, true, 1.0)], 1)[..] else {
            panic!("one bin");
        };
        assert!((bin.mean_probability - 0.6).abs() < 1e-15);
        assert_eq!((bin.share, bin.rows), (0.25, 2));
    }
}
