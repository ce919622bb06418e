use super::apportion::apportion;
use crate::error::Error;

/// Splits rows by their times into a first, a middle and a last part of about the given shares.
///
/// A cut is at the change of the time that is nearest to where the shares put it, so that no time is on
/// both sides of it.
pub(super) fn split_times(times: &[f64], shares: [f64; 3]) -> Result<[Vec<usize>; 3], Error> {
    let mut rows: Vec<usize> = (0..times.len()).collect();
    rows.sort_by(|&a, &b| times[a].total_cmp(&times[b]));
    // How many rows there are up to each time, with that time.
    let mut ends: Vec<usize> = Vec::new();
    for same_time in rows.chunk_by(|&a, &b| times[a] == times[b]) {
        ends.push(ends.last().copied().unwrap_or(0) + same_time.len());
    }
    if ends.len() < 3 {
        return Err(Error::TooFewTimes {
            times: ends.len(),
            needed: 3,
        });
    }
    let [first, middle, _] = apportion(&[rows.len()], shares)[0];
    // Each part has at least one time.
    let last_cut = nearest(&ends[1..ends.len() - 1], first + middle) + 1;
    let first_cut = nearest(&ends[..last_cut], first);
    let (earlier, last) = rows.split_at(ends[last_cut]);
    let (first, middle) = earlier.split_at(ends[first_cut]);
    Ok([first, middle, last].map(|part| {
        let mut part = part.to_vec();
        part.sort_unstable();
        part
    }))
}

/// The index of the number that is nearest to a goal; the first one of two.
fn nearest(numbers: &[usize], goal: usize) -> usize {
    let distance = |&index: &usize| numbers[index].abs_diff(goal);
    (0..numbers.len()).min_by_key(distance).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_in_two_parts() {
        // Seven days of 100 rows, in any order; 60 % of them are 4.2 days, and 80 % are 5.6 days.
        let times: Vec<f64> = (0..700).map(|row| f64::from(row * 3 % 7)).collect();

        let parts = split_times(&times, [0.6, 0.2, 0.2]).unwrap();

        assert_eq!(parts.each_ref().map(Vec::len), [400, 200, 100]);
        let range = |part: &[usize]| {
            let of_part = part.iter().map(|&row| times[row]);
            (
                of_part.clone().fold(f64::MAX, f64::min),
                of_part.fold(f64::MIN, f64::max),
            )
        };
        assert_eq!(
            parts.map(|part| range(&part)),
            [(0.0, 3.0), (4.0, 5.0), (6.0, 6.0)]
        );
    }

    #[test]
    fn each_part_has_a_time_however_unequal_they_are() {
        let times = [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 3.0];
        let [first, middle, last] = split_times(&times, [0.6, 0.2, 0.2]).unwrap();
        assert_eq!((first, middle.len(), last), (vec![0], 8, vec![9]));

        // The shares alone would leave no row to the last part.
        let parts = split_times(&[0.0, 1.0, 2.0], [0.45, 0.45, 0.1]).unwrap();
        assert_eq!(parts, [[0], [1], [2]]);

        let error = split_times(&times[..9], [0.6, 0.2, 0.2]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "2 different times are too few: 3 are needed, one for each part of the split"
        );
    }
}
