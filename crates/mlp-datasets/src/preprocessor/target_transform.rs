use serde::{Deserialize, Serialize};

use super::moments::Moments;
use crate::error::Error;

/// What is done to numbers to predict before they are standardised.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum TargetTransform {
    /// The logarithm of numbers above 0 with a long tail, such as prices: their skewness is above 1.5,
    /// and that of their logarithms between -0.5 and 0.5
    #[default]
    Auto,
    /// Nothing
    None,
    /// The logarithm, of numbers that are all above 0
    Log,
}

/// The skewness from which on a tail is long.
const LONG_TAIL: f64 = 1.5;
/// The skewness up to which logarithms are about symmetric.
const SYMMETRIC: f64 = 0.5;

impl TargetTransform {
    /// Whether it is [`Auto`](Self::Auto), and so left out of files.
    pub fn is_auto(&self) -> bool {
        *self == Self::Auto
    }

    /// Whether the logarithms of the numbers of a target are learned.
    ///
    /// # Errors
    ///
    /// If they must be, but a number is not above 0.
    pub(super) fn takes_logarithms(
        self,
        name: &str,
        numbers: impl Iterator<Item = f64> + Clone,
    ) -> Result<bool, Error> {
        let not_positive = || numbers.clone().find(|&number| number <= 0.0);
        match self {
            Self::None => Ok(false),
            Self::Log => match not_positive() {
                None => Ok(true),
                Some(number) => Err(Error::InvalidOption {
                    option: "target_transform",
                    value: Self::Log.to_string(),
                    allowed: format!("`auto` or `none` where a row has `{name}` = {number}"),
                }),
            },
            Self::Auto => Ok(not_positive().is_none()
                && skewness(numbers.clone()) > LONG_TAIL
                && skewness(numbers.map(f64::ln)).abs() < SYMMETRIC),
        }
    }
}

fn unknown(name: &str) -> Error {
    Error::unknown::<TargetTransform>("target transform", name)
}

/// `mean((x − mean)³) / std³`; 0 of numbers that are all equal.
fn skewness(numbers: impl Iterator<Item = f64> + Clone) -> f64 {
    let moments = Moments::of(numbers.clone());
    let count = numbers.clone().count() as f64;
    let cubes = numbers.map(|number| ((number - moments.mean) / moments.divisor()).powi(3));
    cubes.sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chosen(numbers: &[f64]) -> bool {
        let transform = TargetTransform::Auto;
        transform
            .takes_logarithms("y", numbers.iter().copied())
            .unwrap()
    }

    #[test]
    fn skewness_is_the_third_standardised_moment() {
        // Deviations -1, -1, 2 from the mean 2: a variance of 2 and a mean cube of 2.
        let expected = 2.0 / 2f64.powf(1.5);
        assert!((skewness([1.0, 1.0, 4.0].into_iter()) - expected).abs() < 1e-12);
        assert_eq!(skewness([5.0, 5.0].into_iter()), 0.0);
    }

    #[test]
    fn logarithms_are_learned_of_numbers_with_a_long_tail() {
        let powers: Vec<f64> = (0..12).map(|exponent| 2f64.powi(exponent)).collect();
        assert!(is_chosen(&powers));
        let line: Vec<f64> = (1..=12).map(f64::from).collect();
        assert!(!is_chosen(&line));
        // One number is not above 0.
        assert!(!is_chosen(&[&powers[..], &[0.0]].concat()));
        // Their logarithms have a tail as well: 1, but once a million.
        let mut outlier = vec![1.0; 30];
        outlier.push(1e6);
        assert!(!is_chosen(&outlier));
        // The logarithms of these are about symmetric, but so are they.
        assert!(!is_chosen(&[1.0, 2.0, 3.0]));
        // The mean is 4 and the deviation too: a skewness of (12·(−3/4)³ + 4·(9/4)³)/27, which is 1.5 and not above.
        let not_above = [vec![1.0; 12], vec![4.0; 11], vec![13.0; 4]].concat();
        assert_eq!(skewness(not_above.iter().copied()), LONG_TAIL);
        assert!(!is_chosen(&not_above));
    }

    #[test]
    fn logarithms_of_numbers_that_are_not_above_0_are_refused() {
        let error = TargetTransform::Log
            .takes_logarithms("price", [3.0, -2.0].into_iter())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "`target_transform` is log, but must be `auto` or `none` where a row has `price` = -2"
        );
    }

    #[test]
    fn without_a_choice_it_is_automatic() {
        assert!(TargetTransform::default().is_auto());
        assert!(!TargetTransform::None.is_auto());
        assert!(!TargetTransform::Log.is_auto());
    }
}
