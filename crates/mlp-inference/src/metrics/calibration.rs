/// The number of bins of equal width into which the confidence is divided.
const NUM_BINS: usize = 15;

/// The mean over all rows of `|accuracy − mean confidence|` of their bin, where the confidence is the
/// probability of the predicted class ([Guo et al.
/// 2017](https://arxiv.org/abs/1706.04599)).
///
/// The share of a bin times its difference is `|Σ(correct − confidence)|` divided by the number of all
/// rows, so one sum for each bin is enough.
pub fn expected_calibration_error(
    probabilities: &[f64],
    predicted: &[usize],
    labels: &[usize],
    num_classes: usize,
) -> f64 {
    let rows = probabilities.chunks_exact(num_classes);
    let mut sums = [0.0; NUM_BINS];
    for ((row, &predicted), &label) in rows.zip(predicted).zip(labels) {
        let confidence = row[predicted];
        sums[bin(confidence)] += f64::from(predicted == label) - confidence;
    }
    sums.into_iter().map(f64::abs).sum::<f64>() / labels.len() as f64
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

    #[test]
    fn gaps_of_one_bin_cancel_out_and_those_of_two_do_not() {
        let error = |first: f64, second: f64| {
            let probabilities = [first, 1.0 - first, second, 1.0 - second];
            // The first class is predicted for both rows, which is right for the first row only.
            expected_calibration_error(&probabilities, &[0, 0], &[0, 1], 2)
        };

        // One bin, (8/15, 9/15]: half are right, and the mean confidence is 0.5625.
        assert!((error(0.5625, 0.5625) - 0.0625).abs() < 1e-15);
        // Two bins of one row each: (|1 − 0.75| + |0 − 0.5625|) / 2.
        assert!((error(0.75, 0.5625) - 0.406_25).abs() < 1e-15);
    }
}
