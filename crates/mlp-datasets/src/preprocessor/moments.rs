/// Statistics of some numbers.
#[derive(Clone, Copy)]
pub(super) struct Moments {
    pub mean: f32,
    /// The standard deviation of the population, with n and not n − 1; 0 if all numbers are equal.
    pub std: f32,
    pub min: f32,
    pub max: f32,
}

impl Moments {
    /// The statistics of at least one number. Sums are in f64, since sums of many f32 lose their last
    /// digits.
    pub(super) fn of(numbers: impl Iterator<Item = f32> + Clone) -> Self {
        let count = numbers.clone().count() as f64;
        let mean = numbers.clone().map(f64::from).sum::<f64>() / count;
        let squares = numbers
            .clone()
            .map(|number| (f64::from(number) - mean).powi(2));
        let variance = squares.sum::<f64>() / count;
        let min = numbers.clone().fold(f32::INFINITY, f32::min);
        let max = numbers.fold(f32::NEG_INFINITY, f32::max);
        #[expect(clippy::cast_possible_truncation)]
        let (mean, std) = (mean as f32, variance.sqrt() as f32);
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
    pub(super) fn divisor(&self) -> f32 {
        if self.std.is_normal() { self.std } else { 1.0 }
    }
}
