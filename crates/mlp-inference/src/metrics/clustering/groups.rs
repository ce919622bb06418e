/// The rows by the number that they are given, where the numbers in use are counted from 0 on.
pub struct Groups {
    /// The group of each row.
    pub of_rows: Vec<usize>,
    /// How many rows are in each group, at least one.
    pub sizes: Vec<usize>,
}

impl Groups {
    /// The groups of equal numbers, in the order of the numbers.
    pub fn new(numbers: &[usize]) -> Self {
        let mut used = numbers.to_vec();
        used.sort_unstable();
        used.dedup();
        let group = |number| used.partition_point(|other| other < number);
        let of_rows: Vec<usize> = numbers.iter().map(group).collect();
        let mut sizes = vec![0; used.len()];
        for &group in &of_rows {
            sizes[group] += 1;
        }
        Self { of_rows, sizes }
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_not_in_use_are_no_groups() {
        let groups = Groups::new(&[9, 2, 9, usize::MAX, 9]);

        assert_eq!(groups.of_rows, [1, 0, 1, 2, 1]);
        assert_eq!(groups.sizes, [1, 3, 1]);
        assert_eq!(groups.len(), 3);
    }
}
