/// Statistics of some numbers.
#[derive(Clone, Copy)]
pub(super) struct Moments {
    pub mean: f64,
    /// The standard deviation of the population, with n and not n − 1; 0 if all numbers are equal.
    pub std: f64,
    pub min: f64,
    pub max: f64,
}

impl Moments {
    /// The statistics of at least one number.
    pub(super) fn of(numbers: impl Iterator<Item = f64> + Clone) -> Self {
        let count = numbers.clone().count() as f64;
        let mean = numbers.clone().sum::<f64>() / count;
        let squares = numbers.clone().map(|number| (number - mean).powi(2));
        let variance = squares.sum::<f64>() / count;
        let min = numbers.clone().fold(f64::INFINITY, f64::min);
        let max = numbers.fold(f64::NEG_INFINITY, f64::max);
        let std = variance.sqrt();
        Self {
            mean,
            // Rounding can make the deviation of equal numbers a little more than 0.
            std: if min < max { std } else { 0.0 },
            min,
            max,
        }
    }

    /// What numbers are divided by to standardise them: the standard deviation, but 1 if that is 0 or
    /// too small to divide by.
    pub(super) fn divisor(&self) -> f64 {
        if self.std.is_normal() { self.std } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_do_not_deviate_and_are_divided_by_1() {
        // In binary, a tenth of the sum of ten times 0.1 is a little less than 0.1.
        let equal = Moments::of([0.1; 10].into_iter());
        assert!(equal.mean < 0.1);
        assert_eq!((equal.std, equal.divisor()), (0.0, 1.0));
    }
}
