/// Rows grouped by their number. Groups are counted from 0, without gaps.
pub struct Groups {
    /// The group of each row.
    pub of_rows: Vec<usize>,
    /// The number of rows in each group, at least one.
    pub sizes: Vec<usize>,
}

impl Groups {
    /// Groups rows with equal numbers, in the order of these numbers.
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

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_numbers_form_no_groups() {
        let groups = Groups::new(&[9, 2, 9, usize::MAX, 9]);

        assert_eq!(groups.of_rows, [1, 0, 1, 2, 1]);
        assert_eq!(groups.sizes, [1, 3, 1]);
        assert_eq!(groups.len(), 3);
    }
}
