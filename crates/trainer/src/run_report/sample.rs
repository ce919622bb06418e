/// At most so many of some rows, in their order: those to which a hash of the seed and the row gives the lowest
/// numbers. So the same rows are taken each time, and they are spread evenly whatever their order is.
pub fn sample(rows: &[usize], most: usize, seed: u64) -> Vec<usize> {
    if rows.len() <= most {
        return rows.to_vec();
    }
    let mut hashed: Vec<(u64, usize)> = rows.iter().map(|&row| (hash(seed, row), row)).collect();
    hashed.select_nth_unstable(most);
    let mut taken: Vec<usize> = hashed[..most].iter().map(|&(_, row)| row).collect();
    taken.sort_unstable();
    taken
}

/// A step of splitmix64 ([Steele et al. 2014](https://doi.org/10.1145/2660193.2660195)).
fn hash(seed: u64, row: usize) -> u64 {
    let step = (row as u64)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut z = seed.wrapping_add(step);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of splitmix64 from 0, as given with its reference implementation.
    #[test]
    fn the_hash_is_splitmix64() {
        assert_eq!(hash(0, 0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(hash(0, 1), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn a_sample_is_in_order_and_the_same_each_time() {
        let rows: Vec<usize> = (100..300).collect();
        let taken = sample(&rows, 50, 7);
        assert_eq!(taken.len(), 50);
        assert!(taken.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(taken, sample(&rows, 50, 7));
        assert_ne!(taken, sample(&rows, 50, 8));
        assert_eq!(sample(&rows, 200, 7), rows);
    }
}
