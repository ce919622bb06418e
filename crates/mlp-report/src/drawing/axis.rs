/// An axis: a range of values, and the pixels that it is drawn on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    /// The lowest and the highest value.
    pub range: [f64; 2],
    /// Where they are, in pixels.
    pub pixels: [f64; 2],
    /// Whether equal ratios, rather than equal differences, are equally far apart. The range is then above 0.
    pub is_logarithmic: bool,
}

impl Axis {
    /// The pixel of a value; beyond the pixels of the axis for one out of its range.
    pub fn pixel(&self, value: f64) -> f64 {
        let place = |value: f64| {
            if self.is_logarithmic {
                value.max(f64::MIN_POSITIVE).ln()
            } else {
                value
            }
        };
        let [low, high] = self.range.map(place);
        let [from, to] = self.pixels;
        // Halves, since the difference of two finite numbers may not be finite.
        let share = (place(value) / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
        from + share * (to - from)
    }

    /// Round values within the range, about as many as asked for.
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        let [low, high] = self.range;
        if !self.is_logarithmic {
            return ticks([low, high], count);
        }
        let decades = high.log10() - low.log10();
        let multiples: &[f64] = if decades > 2.5 {
            &[1.0]
        } else if decades > 1.2 {
            &[1.0, 3.0]
        } else {
            &[1.0, 2.0, 5.0]
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the logarithm of a finite number is small"
        )]
        let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
        let every = if decades > 6.0 { 2 } else { 1 };
        let powers = powers.filter(|power| power.rem_euclid(every) == 0);
        let all = powers.flat_map(|power| multiples.iter().map(move |m| m * 10f64.powi(power)));
        let found: Vec<f64> = all
            .filter(|value| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(value))
            .collect();
        if found.len() < 2 {
            return ticks([low, high], count);
        }
        found
    }
}

/// Round values in a range, about as many as asked for: multiples of 1, 2 or 5 times a power of ten.
fn ticks([low, high]: [f64; 2], count: usize) -> Vec<f64> {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return vec![low];
    }
    let rough = span / count.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|multiple| multiple * power)
        .find(|step| *step >= 0.75 * rough)
        .unwrap_or(10.0 * power);
    let first = (low / step - 1e-9).ceil();
    (0..100)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|value| *value <= high + 1e-9 * step)
        // −0 would be written with its sign.
        .map(|value| value + 0.0)
        .collect()
}

/// A range of finite values that is not empty, with a margin that is a share of it.
pub(crate) fn range_of(values: impl Iterator<Item = f64>, margin: f64) -> [f64; 2] {
    let finite = values.filter(|value| value.is_finite());
    let [low, high] = finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
        [low.min(value), high.max(value)]
    });
    if low > high {
        return [0.0, 1.0];
    }
    let margin = match (high - low) * margin {
        wide if high > low && wide.is_finite() => wide,
        _ => (high.abs() / 20.0).max(0.5),
    };
    [low - margin, high + margin]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_as_far_along_as_its_share_of_the_range() {
        let axis = Axis {
            range: [10.0, 20.0],
            pixels: [100.0, 0.0],
            is_logarithmic: false,
        };
        assert_eq!(
            [10.0, 12.5, 20.0].map(|value| axis.pixel(value)),
            [100.0, 75.0, 0.0]
        );
        let axis = Axis {
            range: [0.1, 10.0],
            pixels: [0.0, 100.0],
            is_logarithmic: true,
        };
        assert!((axis.pixel(1.0) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn ticks_are_round_and_within_the_range() {
        assert_eq!(
            ticks([0.0, 1.0], 5),
            [0.0, 0.2, 0.4, 0.6, 0.8, 1.0].map(|x: f64| (x * 5.0).round() * 0.2)
        );
        assert_eq!(ticks([-3.0, 17.0], 4), [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(ticks([2.0, 2.0], 4), [2.0]);
        assert_eq!(ticks([f64::MIN, f64::MAX], 4), [f64::MIN]);
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten_if_there_are_enough() {
        let axis = |low, high| Axis {
            range: [low, high],
            pixels: [0.0, 1.0],
            is_logarithmic: true,
        };
        assert_eq!(axis(0.01, 20.0).ticks(5), [0.01, 0.1, 1.0, 10.0]);
        assert_eq!(axis(0.9, 6.0).ticks(5), [1.0, 2.0, 5.0]);
        assert_eq!(axis(1.1, 1.3).ticks(2).len(), 3);
    }

    #[test]
    fn a_range_has_a_margin_and_is_never_empty() {
        assert_eq!(
            range_of([0.0, 20.0, f64::NAN].into_iter(), 0.05),
            [-1.0, 21.0]
        );
        assert_eq!(range_of([3.0].into_iter(), 0.05), [2.5, 3.5]);
        assert_eq!(range_of([].into_iter(), 0.05), [0.0, 1.0]);
    }
}
