/// Finite numbers in ascending order.
pub(super) fn sorted(numbers: &[f64]) -> Vec<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The number below which a share of ascending numbers is, linear between neighbours.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let below = position as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let (low, high) = (sorted[below], sorted[above]);
    low + position.fract() * (high - low)
}

/// The quantiles for `count` evenly spaced shares from 0 to 1.
pub(super) fn quantiles(sorted: &[f64], count: usize) -> Vec<f64> {
    let share = |i: usize| i as f64 / (count - 1) as f64;
    let quantiles = (0..count).map(|i| quantile(sorted, share(i)));
    quantiles.collect()
}

/// The median of finite numbers, found without sorting all of them; 0 if there are none.
pub(super) fn median(numbers: &[f64]) -> f64 {
    let mut numbers = numbers.to_vec();
    let count = numbers.len();
    if count == 0 {
        return 0.0;
    }
    let (below, &mut middle, _) = numbers.select_nth_unstable_by(count / 2, f64::total_cmp);
    if count % 2 == 1 {
        return middle;
    }
    let before = below.iter().copied().fold(f64::MIN, f64::max);
    // Halved before they are added, since the sum of large numbers may be infinite.
    before / 2.0 + middle / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_number_or_between_the_middle_two() {
        for (numbers, expected) in [
            (&[][..], 0.0),
            (&[3.0, 1.0, 2.0], 2.0),
            (&[9.0, 1.0, 4.0, 2.0], 3.0),
            (&[f64::MAX, f64::MAX], f64::MAX),
        ] {
            assert_eq!(median(numbers), expected);
        }
    }

    #[test]
    fn quantiles_are_linear_between_neighbours() {
        let ascending = [1.0, 2.0, 4.0, 8.0, 16.0];
        // A quarter of the way from the first to the last is the second.
        for (share, expected) in [(0.0, 1.0), (0.25, 2.0), (0.625, 6.0), (1.0, 16.0)] {
            assert_eq!(quantile(&ascending, share), expected);
        }
        assert_eq!(quantiles(&ascending, 3), [1.0, 4.0, 16.0]);
        assert_eq!(quantiles(&[5.0], 2), [5.0, 5.0]);
    }
}
