//! Functions that a processor computes for many numbers at once; those of the system library take one at
//! a time.

use core::f32::consts::LOG2_E;

/// `eˣ` to within 3·10⁻⁷ of its value, for `x` from −87 to 88 and as at these bounds beyond them. NaN
/// stays NaN.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding it rounds a number to a whole one, which is then in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    /// `ln 2` in two parts, of which the first has few digits, so that its multiples are exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    /// How much the first is too large.
    const LN_2_EXCESS: f32 = 2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * LOG2_E + ROUND;
    let power = shifted - ROUND;
    let rest = x - power * LN_2_HIGH + power * LN_2_EXCESS;
    // The Taylor polynomial, within ± ln(2)/2.
    let mut sum = 1.0 / 5040.0;
    for coefficient in [
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = sum * rest + coefficient;
    }
    sum * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// The sine and cosine of `turns` full turns, to within 5·10⁻⁷ for up to some thousand turns.
#[inline(always)]
pub fn sin_cos_of_turns(turns: f32) -> (f32, f32) {
    /// Coefficients of `t`, `t³`, … of the sine of `t` turns.
    const SINE: [f32; 7] = [
        6.283_185_5,
        -41.341_7,
        81.605_25,
        -76.705_86,
        42.058_693,
        -15.094_643,
        3.819_952_6,
    ];
    /// Coefficients of 1, `t²`, … of the cosine of `t` turns.
    const COSINE: [f32; 8] = [
        1.0,
        -19.739_209,
        64.939_4,
        -85.456_82,
        60.244_64,
        -26.426_256,
        7.903_536_4,
        -1.714_390_7,
    ];
    const ROUND: f32 = 12_582_912.0;
    // Within half a turn, then within a quarter: both functions are symmetric.
    let turns = turns - ((turns + ROUND) - ROUND);
    let is_beyond = turns.abs() > 0.25;
    let folded = if is_beyond {
        0.5f32.copysign(turns) - turns
    } else {
        turns
    };
    let square = folded * folded;
    let polynomial = |coefficients: &[f32]| {
        let terms = coefficients.iter().rev();
        terms.fold(0.0, |sum, coefficient| sum * square + coefficient)
    };
    let cosine = polynomial(&COSINE);
    (
        folded * polynomial(&SINE),
        if is_beyond { -cosine } else { cosine },
    )
}

/// The hyperbolic tangent to within 5·10⁻⁷, as a quotient of polynomials.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    /// Coefficients of `x`, `x³`, `x⁵` and so on.
    const NUMERATOR: [f32; 7] = [
        4.893_525e-3,
        6.372_619e-4,
        1.485_722_4e-5,
        5.122_297e-8,
        -8.604_672e-11,
        2.000_188e-13,
        -2.760_768_5e-16,
    ];
    /// Coefficients of 1, `x²`, `x⁴` and so on.
    const DENOMINATOR: [f32; 4] = [4.893_525e-3, 2.268_434_6e-3, 1.185_347_1e-4, 1.198_258_4e-6];
    /// From here on the value is exactly 1.
    const SATURATION: f32 = 7.905_311;

    let x = x.clamp(-SATURATION, SATURATION);
    let square = x * x;
    let polynomial = |coefficients: &[f32]| {
        let terms = coefficients.iter().rev();
        terms.fold(0.0, |sum, coefficient| sum * square + coefficient)
    };
    x * polynomial(&NUMERATOR) / polynomial(&DENOMINATOR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::TAU;

    #[test]
    fn the_exponential_equals_that_of_the_standard_library() {
        for i in -86_000..=87_900 {
            let x = i as f32 / 1000.0;
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) - exact).abs() / exact;
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::NAN).is_nan());
        assert!(exp(f32::INFINITY).is_finite());
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn sine_and_cosine_equal_those_of_the_standard_library() {
        for i in -40_000..=40_000 {
            let turns = i as f32 / 10_000.0;
            let (sine, cosine) = sin_cos_of_turns(turns);
            let exact = (f64::from(turns) * TAU).sin_cos();
            let error = (f64::from(sine) - exact.0).abs();
            assert!(error < 5e-7, "the sine of {turns} turns is off by {error}");
            let error = (f64::from(cosine) - exact.1).abs();
            assert!(
                error < 5e-7,
                "the cosine of {turns} turns is off by {error}"
            );
        }
        let (sine, cosine) = sin_cos_of_turns(f32::NAN);
        assert!(sine.is_nan() && cosine.is_nan());
    }

    #[test]
    fn the_hyperbolic_tangent_equals_that_of_the_standard_library() {
        for i in -120_000..=120_000 {
            let x = i as f32 / 10_000.0;
            let exact = f64::from(x).tanh();
            let error = (f64::from(tanh(x)) - exact).abs();
            assert!(error < 5e-7, "tanh({x}) is off by {error}");
        }
        for (x, y) in [
            (0.0, 0.0),
            (1e-20, 1e-20),
            (f32::INFINITY, 1.0),
            (-1e30, -1.0),
        ] {
            assert!((tanh(x) - y).abs() <= 5e-7 * y.abs(), "tanh({x}) is {y}");
        }
    }
}
