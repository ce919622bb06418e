use std::fmt::Write;

/// How many digits are written of a number.
const NUM_DIGITS: usize = 6;
/// The least whole number with more digits.
const TOO_LARGE: u32 = 1_000_000;
/// Powers of ten, all of them exact.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Writes numbers with six significant digits, and without zeros at the end.
///
/// More digits of a probability are noise of single precision. The standard library takes almost three
/// times as long, which shows where millions of rows are predicted.
#[derive(Default)]
pub struct SixDigits {
    text: String,
}

impl SixDigits {
    /// The number as text, such as 0.843254, 1 or 1.23e-7: with an exponent below 10⁻⁵ and from 10¹⁶ on.
    pub fn format(&mut self, number: f64) -> &str {
        self.text.clear();
        if number == 0.0 {
            self.text.push('0');
        } else if number.is_finite() {
            if number < 0.0 {
                self.text.push('-');
            }
            let (digits, exponent) = six_digits(number.abs());
            self.push(digits, exponent);
        } else {
            let _ = write!(self.text, "{number}");
        }
        &self.text
    }

    /// Adds the digits of a number, of which the first one stands for `10^exponent`.
    fn push(&mut self, digits: [u8; NUM_DIGITS], exponent: i32) {
        let last = digits.iter().rposition(|&digit| digit != 0).unwrap_or(0);
        let significant = &digits[..=last];
        match exponent {
            -5..0 => {
                self.text.push_str("0.");
                for _ in exponent..-1 {
                    self.text.push('0');
                }
                self.push_digits(significant);
            }
            0..16 => {
                let num_whole = exponent.unsigned_abs() as usize + 1;
                let (whole, fraction) = significant.split_at(num_whole.min(significant.len()));
                self.push_digits(whole);
                for _ in whole.len()..num_whole {
                    self.text.push('0');
                }
                self.push_fraction(fraction);
            }
            _ => {
                self.push_digits(&significant[..1]);
                self.push_fraction(&significant[1..]);
                let _ = write!(self.text, "e{exponent}");
            }
        }
    }

    fn push_fraction(&mut self, digits: &[u8]) {
        if !digits.is_empty() {
            self.text.push('.');
            self.push_digits(digits);
        }
    }

    fn push_digits(&mut self, digits: &[u8]) {
        let digits = digits.iter().map(|&digit| char::from(b'0' + digit));
        self.text.extend(digits);
    }
}

/// The first six digits of a number above 0, rounded, and the exponent of the first one.
fn six_digits(size: f64) -> ([u8; NUM_DIGITS], i32) {
    // The exponent of 2, times log₁₀ 2: what is sought or one less, but more if it is subnormal.
    let binary = (size.to_bits() >> 52) as i32 - 1023;
    let mut exponent = (binary * 1233) >> 12;
    let mut number = loop {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is rounded.
        let rounded = (scaled(size, 5 - exponent) + 0.5) as u32;
        if rounded >= TOO_LARGE {
            exponent += 1;
        } else if rounded < TOO_LARGE / 10 {
            exponent -= 1;
        } else {
            break rounded;
        }
    };
    let mut digits = [0; NUM_DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = (number % 10) as u8;
        number /= 10;
    }
    (digits, exponent)
}

/// A number times a power of ten.
fn scaled(number: f64, exponent: i32) -> f64 {
    match POWERS.get(exponent.unsigned_abs() as usize) {
        Some(power) if exponent < 0 => number / power,
        Some(power) => number * power,
        None => {
            // In two steps, since 10³²⁹ is out of range.
            let half = exponent / 2;
            number * 10f64.powi(half) * 10f64.powi(exponent - half)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_six_digits_and_no_zeros_at_the_end() {
        let mut digits = SixDigits::default();
        for (number, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (0.3, "0.3"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333"),
            (2.0 / 3.0, "0.666667"),
            (0.843_254_213_7, "0.843254"),
            (0.999_999_4, "0.999999"),
            (0.999_999_949, "1"),
            (1.0 - f64::EPSILON, "1"),
            (0.001, "0.001"),
            (0.000_999_999_96, "0.001"),
            (0.000_012_345_678, "0.0000123457"),
            (0.000_01, "0.00001"),
            (9.999_999_6e-6, "0.00001"),
            (1.234_567_8e-7, "1.23457e-7"),
            (1.23e-7, "1.23e-7"),
            (1e-22, "1e-22"),
            (2.0 / 3.0 * 1e-40, "6.66667e-41"),
            (1e-300, "1e-300"),
            (f64::MIN_POSITIVE, "2.22507e-308"),
            (5e-324, "4.94066e-324"),
            (1.025_209_903_717_041, "1.02521"),
            (1_234_567.0, "1234570"),
            (123_456.7, "123457"),
            (-2.5, "-2.5"),
            (-1.5e-9, "-1.5e-9"),
            (9_999_996e9, "1e16"),
            (1e16, "1e16"),
            (f64::MAX, "1.79769e308"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(digits.format(number), expected, "{number:e}");
        }
    }

    #[test]
    fn all_powers_of_ten_are_written_as_such() {
        let mut digits = SixDigits::default();
        for exponent in -307..=308 {
            let number: f64 = format!("1e{exponent}").parse().unwrap();
            let written: f64 = digits.format(number).parse().unwrap();
            assert_eq!(written, number, "{number:e}");
        }
    }

    #[test]
    fn numbers_are_rounded_as_the_standard_library_rounds_them() {
        let mut digits = SixDigits::default();
        for i in 1..20_000u32 {
            let fraction = (f64::from(i) * 0.618_033_988_749_895).fract();
            for number in [
                fraction,
                fraction.powi(9),
                fraction.powi(99),
                fraction * 1e7,
            ] {
                let expected: f64 = format!("{number:.5e}").parse().unwrap();
                let written = digits.format(number);
                assert_eq!(written.parse::<f64>().unwrap(), expected, "{number:e}");
                let (mantissa, _) = written.split_once('e').unwrap_or((written, ""));
                let significant = mantissa.replace('.', "");
                let significant = significant.trim_matches('0').len();
                assert!(significant <= 6, "{number:e} is written {written}");
            }
        }
    }
}
