use pulp::Arch;

/// An activation function whose derivative can be computed from its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `y = x`, `y′ = 1`.
    Identity,
    /// `y = max(0, x)`, `y′ = 1 if y > 0, else 0`.
    Relu,
    /// `y = 1 / (1 + e⁻ˣ)`, `y′ = y·(1 − y)`.
    Sigmoid,
    /// `y = tanh(x)`, `y′ = 1 − y²`.
    Tanh,
}

impl Function {
    /// Replaces each `x` by `y`.
    pub fn apply(self, values: &mut [f32]) {
        // Selects the widest vector instructions of the processor.
        let instructions = Arch::new();
        match self {
            Self::Identity => {}
            Self::Relu => instructions.dispatch(|| {
                for value in values {
                    // Unlike `max`, this preserves NaN, which shows that training diverged.
                    *value = if *value < 0.0 { 0.0 } else { *value };
                }
            }),
            Self::Sigmoid => {
                for value in values {
                    *value = 1.0 / (1.0 + (-*value).exp());
                }
            }
            Self::Tanh => instructions.dispatch(|| {
                for value in values {
                    *value = tanh(*value);
                }
            }),
        }
    }

    /// Multiplies each gradient with respect to `y` by `y′`.
    pub fn chain(self, gradients: &mut [f32], values: &[f32]) {
        let pairs = gradients.iter_mut().zip(values);
        let instructions = Arch::new();
        match self {
            Self::Identity => {}
            Self::Relu => instructions.dispatch(|| {
                for (gradient, &y) in pairs {
                    *gradient = if y > 0.0 { *gradient } else { 0.0 };
                }
            }),
            Self::Sigmoid => instructions.dispatch(|| {
                for (gradient, &y) in pairs {
                    *gradient *= y * (1.0 - y);
                }
            }),
            Self::Tanh => instructions.dispatch(|| {
                for (gradient, &y) in pairs {
                    *gradient *= 1.0 - y * y;
                }
            }),
        }
    }
}

/// The hyperbolic tangent to within 5·10⁻⁷, as a quotient of polynomials. A processor can compute it
/// for many values at once; the function of the system library handles one at a time.
#[inline(always)]
fn tanh(x: f32) -> f32 {
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

    #[test]
    fn nan_is_preserved() {
        for function in [
            Function::Identity,
            Function::Relu,
            Function::Sigmoid,
            Function::Tanh,
        ] {
            let mut values = [f32::NAN; 33];
            function.apply(&mut values);
            assert!(values.iter().all(|value| value.is_nan()), "{function:?}");
        }
    }
}
