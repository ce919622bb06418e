use pulp::Arch;

use super::math::tanh;

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

#[cfg(test)]
mod tests {
    use super::*;

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
