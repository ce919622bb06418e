use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use super::moments::Moments;
use super::quantiles::{quantile, quantiles, sorted};
use super::scaling::Scaling;

/// The bound of the quantiles of a normal distribution: the quantile for the share 1 − 10⁻⁷.
const MAX_NORMAL: f64 = 5.199_337_582_605_575;

/// The bound of scaled numbers: sums and squares of such numbers in a network are still far below the
/// largest number in single precision.
const MAX_SCALED: f64 = 1e15;

/// How a number becomes an input of a network.
///
/// ```
/// use mlp_datasets::{Scaler, Scaling};
///
/// let scaler = Scaler::fit(Scaling::MinMax, &[2.0, 4.0, 10.0]);
/// assert_eq!(scaler.scale(4.0), 0.25);
/// ```
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scaler {
    /// `(x − mean) / std`.
    Standard {
        /// The number that is subtracted.
        mean: f64,
        /// The divisor, above 0.
        std: f64,
    },
    /// `z / √(1 + (z/3)²)` with `z = factor·(x − median)`: even outliers stay within ±3
    /// ([Holzmüller et al. 2024](https://arxiv.org/abs/2407.04491)).
    Robust {
        /// The number that is subtracted.
        median: f64,
        /// The inverse of the distance between the quartiles; if that is 0, of half the range; if
        /// that is 0 as well, 0.
        factor: f64,
    },
    /// `Φ⁻¹(F(x))` with the quantile function `Φ⁻¹` of the normal distribution and the fitted
    /// distribution function `F`, which is linear between quantiles. Results stay within ±5.2.
    Quantile {
        /// The quantiles for evenly spaced shares from 0 to 1, ascending and at least 2.
        quantiles: Vec<f64>,
    },
    /// `(x − min) / range`.
    MinMax {
        /// The number that is subtracted.
        min: f64,
        /// The divisor, above 0.
        range: f64,
    },
    /// 0, for numbers that do not vary in training. A network cannot learn what another number would
    /// mean, and its weights for it would stay as they were drawn.
    Constant,
}

impl Scaler {
    /// Leaves numbers as they are.
    pub const IDENTITY: Self = Self::Standard {
        mean: 0.0,
        std: 1.0,
    };

    /// Fits to finite numbers; to [`Constant`](Self::Constant) if they do not vary or there are none.
    /// Otherwise [`Scaling::None`] gives [`IDENTITY`](Self::IDENTITY), and [`Scaling::Shared`] is
    /// [`Scaling::Standard`], since there is only one feature.
    pub fn fit(scaling: Scaling, numbers: &[f64]) -> Self {
        if numbers.iter().all(|&number| number == numbers[0]) {
            return Self::Constant;
        }
        if scaling == Scaling::None {
            return Self::IDENTITY;
        }
        let moments = Moments::of(numbers.iter().copied());
        let Moments { mean, min, max, .. } = moments;
        match scaling {
            Scaling::Standard | Scaling::Shared | Scaling::None => Self::Standard {
                mean,
                std: moments.divisor(),
            },
            Scaling::MinMax => {
                let range = max - min;
                let is_usable = range.is_normal();
                Self::MinMax {
                    min,
                    range: if is_usable { range } else { 1.0 },
                }
            }
            Scaling::Robust => {
                let sorted = sorted(numbers);
                let [q25, median, q75] = [0.25, 0.5, 0.75].map(|share| quantile(&sorted, share));
                let range = max - min;
                let scale = if q75 > q25 { q75 - q25 } else { range / 2.0 };
                let factor = 1.0 / scale;
                Self::Robust {
                    median,
                    factor: if factor.is_finite() { factor } else { 0.0 },
                }
            }
            Scaling::Quantile => {
                let sorted = sorted(numbers);
                let count = (numbers.len() / 30).clamp(10, 1000);
                Self::Quantile {
                    quantiles: quantiles(&sorted, count),
                }
            }
        }
    }

    /// Scales a number. Single precision begins here: before, large numbers that differ little would
    /// become the same.
    #[expect(clippy::cast_possible_truncation)]
    pub fn scale(&self, number: f64) -> f32 {
        let scaled = match self {
            Self::Standard { mean, std } => (number - mean) / std,
            Self::Robust { median, factor } => {
                let z = factor * (number - median);
                z / (z / 3.0).hypot(1.0)
            }
            Self::Quantile { quantiles } => {
                let normal = Normal::standard().inverse_cdf(share_below(quantiles, number));
                normal.clamp(-MAX_NORMAL, MAX_NORMAL)
            }
            Self::MinMax { min, range } => (number - min) / range,
            Self::Constant => 0.0,
        };
        // A number far outside of the fitted range stays finite, and so do predictions from it.
        scaled.clamp(-MAX_SCALED, MAX_SCALED) as f32
    }

    /// What is wrong with it; it may come from a damaged file.
    pub(super) fn fault(&self) -> Option<String> {
        let (what, value, allowed) = match self {
            Self::Standard { mean, .. } if !mean.is_finite() => ("mean", mean, "finite"),
            Self::Standard { std, .. } if !(std.is_finite() && *std > 0.0) => {
                ("standard deviation", std, "finite and above 0")
            }
            Self::Robust { median, .. } if !median.is_finite() => ("median", median, "finite"),
            Self::Robust { factor, .. } if !(factor.is_finite() && *factor >= 0.0) => {
                ("factor", factor, "finite and 0 or more")
            }
            Self::MinMax { min, .. } if !min.is_finite() => ("minimum", min, "finite"),
            Self::MinMax { range, .. } if !(range.is_finite() && *range > 0.0) => {
                ("range", range, "finite and above 0")
            }
            Self::Quantile { quantiles }
                if quantiles.len() < 2
                    || !quantiles.is_sorted()
                    || !quantiles.iter().all(|quantile| quantile.is_finite()) =>
            {
                return Some("the quantiles are not two or more, finite and ascending".to_owned());
            }
            Self::Standard { .. }
            | Self::Robust { .. }
            | Self::MinMax { .. }
            | Self::Quantile { .. }
            | Self::Constant => return None,
        };
        Some(format!("the {what} is {value}, but must be {allowed}"))
    }
}

/// The share of the distribution below a number; for equal quantiles, the middle of their shares.
fn share_below(quantiles: &[f64], number: f64) -> f64 {
    let last = quantiles.len() - 1;
    let at = |i: usize| quantiles[i];
    if number <= at(0) {
        return 0.0;
    }
    if number >= at(last) {
        return 1.0;
    }
    let left = quantiles.partition_point(|&quantile| quantile < number);
    let right = quantiles.partition_point(|&quantile| quantile <= number);
    let position = if left == right {
        let (low, high) = (at(left - 1), at(left));
        (left - 1) as f64 + (number - low) / (high - low)
    } else {
        (left + right - 1) as f64 / 2.0
    };
    position / last as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Values;
    use strum::VariantArray;

    fn assert_near(found: f32, expected: f32) {
        assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
    }

    #[test]
    fn quartiles_are_those_of_numpy() {
        // numpy.percentile([1, 2, 4, 8, 16, 32], [25, 50, 75]) gives 2.5, 6, 14.
        let scaler = Scaler::fit(Scaling::Robust, &[32.0, 1.0, 2.0, 16.0, 4.0, 8.0]);
        let Scaler::Robust { median, factor } = scaler else {
            panic!("the scaling is robust");
        };
        assert_eq!(median, 6.0);
        assert_eq!(factor, 1.0 / 11.5);
        // z = 26/11.5 = 2.260870, divided by √(1 + (z/3)²) = 1.252177.
        assert_near(scaler.scale(32.0), 1.805_551);
        assert_near(scaler.scale(1e30), 3.0);
    }

    #[test]
    fn numbers_with_equal_quartiles_are_scaled_by_half_their_range() {
        let mut numbers = vec![1.0; 20];
        numbers.push(5.0);
        let Scaler::Robust { factor, .. } = Scaler::fit(Scaling::Robust, &numbers) else {
            panic!("the scaling is robust");
        };
        assert_eq!(factor, 0.5);
    }

    #[test]
    fn quantiles_become_those_of_a_normal_distribution() {
        // sklearn.preprocessing.QuantileTransformer(n_quantiles=10, output_distribution="normal")
        // fitted on x² for x from 0 to 29, with one tie of ten zeros before.
        let mut numbers = vec![0.0; 10];
        numbers.extend((0..30).map(|x| f64::from(x * x)));
        let scaler = Scaler::fit(Scaling::Quantile, &numbers);
        for (number, expected) in SCIKIT_LEARN {
            assert_near(scaler.scale(number), expected);
        }
    }

    const SCIKIT_LEARN: [(f64, f32); 6] = [
        (-5.0, -5.199_338),
        (0.0, -5.199_338),
        (10.0, -0.423_946),
        (100.0, 0.016_351),
        (400.0, 0.732_757),
        (900.0, 5.199_338),
    ];

    #[test]
    fn numbers_that_do_not_vary_become_0_whatever_comes_later() {
        for &scaling in Scaling::VARIANTS {
            for fitted in [&[3.0; 12][..], &[]] {
                let scaler = Scaler::fit(scaling, fitted);
                assert_eq!(scaler, Scaler::Constant, "{scaling}");
                assert_eq!(scaler.fault(), None);
                assert_eq!([3.0, 5000.0].map(|number| scaler.scale(number)), [0.0, 0.0]);
            }
        }
    }

    #[test]
    fn a_number_far_outside_of_the_fitted_range_stays_small_enough_for_a_network() {
        for &scaling in Scaling::VARIANTS {
            let scaler = Scaler::fit(scaling, &[1e-3, 2e-3, 3e-3]);
            for number in [Values::MAX_NUMBER, -Values::MAX_NUMBER] {
                assert!(scaler.scale(number).abs() <= 1e15, "{scaling}");
            }
        }
    }

    #[test]
    fn the_range_of_training_becomes_0_to_1() {
        let scaler = Scaler::fit(Scaling::MinMax, &[4.0, 2.0, 10.0]);
        let scaled = [2.0, 8.0, 10.0, 14.0].map(|number| scaler.scale(number));
        assert_eq!(scaled, [0.0, 0.75, 1.0, 1.5]);
    }

    #[test]
    fn there_is_a_quantile_for_thirty_numbers_but_10_to_1000_of_them() {
        for (count, expected) in [(31, 10), (299, 10), (630, 21), (30_030, 1000)] {
            let numbers: Vec<f64> = (0..count).map(f64::from).collect();
            let Scaler::Quantile { quantiles } = Scaler::fit(Scaling::Quantile, &numbers) else {
                panic!("the scaling is by quantiles");
            };
            assert_eq!(quantiles.len(), expected, "of {count} numbers");
        }
    }

    #[test]
    fn the_share_below_a_number_is_linear_between_quantiles_and_the_middle_of_equal_ones() {
        let quantiles = [0.0, 1.0, 3.0, 3.0, 7.0];
        for (number, expected) in [
            (-1.0, 0.0),
            (0.0, 0.0),
            (1.0, 0.25),
            (2.0, 0.375),
            // Shares of 0.5 and 0.75.
            (3.0, 0.625),
            (6.0, 0.9375),
            (7.0, 1.0),
            (8.0, 1.0),
        ] {
            assert_eq!(share_below(&quantiles, number), expected, "below {number}");
        }
    }

    #[test]
    fn scalers_of_a_damaged_file_are_faulty() {
        let standard = |mean, std| Scaler::Standard { mean, std };
        let robust = |median, factor| Scaler::Robust { median, factor };
        let min_max = |min, range| Scaler::MinMax { min, range };
        let quantiles = |quantiles: &[f64]| Scaler::Quantile {
            quantiles: quantiles.to_vec(),
        };
        for usable in [
            standard(-1.0, 0.5),
            robust(-1.0, 0.5),
            // Of numbers whose range is too small to divide by.
            robust(0.0, 0.0),
            min_max(-1.0, 0.5),
            quantiles(&[1.0, 1.0]),
        ] {
            assert_eq!(usable.fault(), None);
        }
        for bad in [f64::NAN, f64::INFINITY] {
            for scaler in [standard(bad, 1.0), robust(bad, 1.0), min_max(bad, 1.0)] {
                let fault = scaler.fault().unwrap();
                assert!(fault.ends_with("but must be finite"), "{fault}");
            }
        }
        for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
            for scaler in [standard(1.0, bad), min_max(1.0, bad)] {
                let fault = scaler.fault().unwrap();
                assert!(fault.ends_with("but must be finite and above 0"), "{fault}");
            }
        }
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            let expected = format!("the factor is {bad}, but must be finite and 0 or more");
            assert_eq!(robust(1.0, bad).fault(), Some(expected));
        }
        for bad in [&[1.0][..], &[2.0, 1.0], &[f64::MIN, f64::INFINITY]] {
            let fault = quantiles(bad).fault().unwrap();
            assert_eq!(
                fault,
                "the quantiles are not two or more, finite and ascending"
            );
        }
    }
}
