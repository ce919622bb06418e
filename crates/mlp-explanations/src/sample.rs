use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

/// At most so many of some rows, drawn without replacement, in the order in which they were given.
pub fn sampled(rows: &[usize], most: usize, seed: u64) -> Vec<usize> {
    if rows.len() <= most {
        return rows.to_vec();
    }
    let mut positions: Vec<usize> = (0..rows.len()).collect();
    let (drawn, _) = positions.partial_shuffle(&mut StdRng::seed_from_u64(seed), most);
    drawn.sort_unstable();
    drawn.iter().map(|&position| rows[position]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_keeps_the_order_and_has_no_row_twice() {
        let rows: Vec<usize> = (0..1000).map(|row| 3 * row).collect();
        let sample = sampled(&rows, 100, 7);
        assert_eq!(sample.len(), 100);
        assert!(sample.is_sorted_by(|a, b| a < b));
        assert!(sample.iter().all(|row| row.is_multiple_of(3)));
        assert_eq!(sample, sampled(&rows, 100, 7));
        assert_ne!(sample, sampled(&rows, 100, 8));
        assert_eq!(sampled(&rows, 1000, 7), rows);
    }
}
