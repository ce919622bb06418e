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
