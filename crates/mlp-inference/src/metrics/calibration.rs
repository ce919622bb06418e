use super::rows::ClassRow;

/// The number of bins of equal width into which the confidence is divided.
const NUM_BINS: usize = 15;

/// The mean over all rows of `|accuracy − mean confidence|` of their bin, where the confidence is the
/// probability of the predicted class ([Guo et al.
/// 2017](https://arxiv.org/abs/1706.04599)). Rows count by their weights in each mean.
///
/// The share of a bin times its difference is `|Σ weight·(correct − confidence)|` divided by the
/// weight of all rows, so one sum for each bin is enough.
pub fn expected_calibration_error(rows: &[ClassRow]) -> f64 {
    let mut sums = [0.0; NUM_BINS];
    for row in rows {
        let confidence = row.probabilities[row.predicted];
        sums[bin(confidence)] += row.weight * (f64::from(row.is_right()) - confidence);
    }
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    sums.into_iter().map(f64::abs).sum::<f64>() / total
}

/// The bin of a confidence, counted from 0. A bin does not contain its lower edge, but contains its
/// upper edge.
fn bin(confidence: f64) -> usize {
    (1..NUM_BINS)
        .take_while(|&edge| confidence > edge as f64 / NUM_BINS as f64)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_belongs_to_the_bin_below() {
        assert_eq!(bin(0.0), 0);
        for edge in 1..NUM_BINS {
            let confidence = edge as f64 / NUM_BINS as f64;
            assert_eq!(bin(confidence), edge - 1);
            assert_eq!(bin(confidence.next_up()), edge);
        }
        assert_eq!(bin(1.0), NUM_BINS - 1);
    }

    /// The error of two rows of two classes, where the first class is predicted for both, which is
    /// right for the first row only.
    fn error(confidences: [f64; 2], weights: [f64; 2]) -> f64 {
        let probabilities = confidences.map(|first| [first, 1.0 - first]);
        let rows = [0, 1].map(|row| ClassRow {
            predicted: 0,
            label: Some(row),
            probabilities: &probabilities[row],
            weight: weights[row],
        });
        expected_calibration_error(&rows)
    }

    #[test]
    fn gaps_of_one_bin_cancel_out_and_those_of_two_do_not() {
        // One bin, (8/15, 9/15]: half are right, and the mean confidence is 0.5625.
        assert!((error([0.5625, 0.5625], [1.0, 1.0]) - 0.0625).abs() < 1e-15);
        // Two bins of one row each: (|1 − 0.75| + |0 − 0.5625|) / 2.
        assert!((error([0.75, 0.5625], [1.0, 1.0]) - 0.406_25).abs() < 1e-15);
    }

    #[test]
    fn rows_count_by_their_weights() {
        // One bin, in which three quarters of the weight are right.
        assert!((error([0.5625, 0.5625], [3.0, 1.0]) - 0.1875).abs() < 1e-15);
        // Two bins: (3·|1 − 0.75| + |0 − 0.5625|) / 4.
        assert!((error([0.75, 0.5625], [3.0, 1.0]) - 0.328_125).abs() < 1e-15);
    }
}
