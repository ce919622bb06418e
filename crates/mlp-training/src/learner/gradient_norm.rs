use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorReadError};

/// Keeps a norm from being divided by if it is 0, as `PyTorch` does.
const EPSILON: f32 = 1e-6;

/// The norm of the gradients of a network, all together.
pub struct GradientNorm {
    /// The squares that are known, added.
    known: f64,
    /// Those that are on the device, so that nothing waits for the step before it is read: `[1]`.
    on_device: Option<Tensor<1>>,
}

impl GradientNorm {
    /// That of a network.
    pub fn of(network: &impl Module, gradients: &GradientsParams) -> Self {
        let mut squares = AllSquares {
            gradients,
            norm: Self {
                known: 0.0,
                on_device: None,
            },
        };
        network.visit(&mut squares);
        squares.norm
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn read(self) -> Result<f64, TensorReadError> {
        let on_device = self.on_device.map(Tensor::try_into_scalar::<f64>);
        let squares = self.known + on_device.transpose()?.unwrap_or(0.0);
        Ok(squares.sqrt())
    }
}

struct AllSquares<'a> {
    gradients: &'a GradientsParams,
    norm: GradientNorm,
}

impl ModuleVisitor for AllSquares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(gradient) = self.gradients.get::<D>(param.id) else {
            return;
        };
        #[cfg(feature = "flex")]
        if let Some(gradient) = crate::flex_tensor::contiguous(&gradient) {
            let numbers = crate::flex_tensor::numbers(&gradient).iter();
            self.norm.known += numbers.map(|&g| f64::from(g).powi(2)).sum::<f64>();
            return;
        }
        add(&mut self.norm.on_device, gradient.square().sum());
    }
}

fn add(sum: &mut Option<Tensor<1>>, squares: Tensor<1>) {
    *sum = Some(match sum.take() {
        Some(sum) => sum + squares,
        None => squares,
    });
}

/// Shortens the gradients of a network, all together, to a norm above 0: their directions stay.
///
/// ```text
/// g ← min(1, norm / (‖all g‖ + 10⁻⁶))·g
/// ```
///
/// ([Pascanu et al. 2013](https://arxiv.org/abs/1211.5063))
pub fn clip_global_norm(
    network: &impl Module,
    mut gradients: GradientsParams,
    norm: f32,
) -> GradientsParams {
    let mut squares = Squares {
        gradients: &gradients,
        sum: None,
    };
    network.visit(&mut squares);
    // The factor stays on the device, since reading it would wait for the step.
    if let Some(sum) = squares.sum {
        let factor = ((sum.sqrt() + EPSILON).recip() * norm).clamp_max(1.0);
        network.visit(&mut Scale {
            gradients: &mut gradients,
            factor,
        });
    }
    gradients
}

struct Squares<'a> {
    gradients: &'a GradientsParams,
    sum: Option<Tensor<1>>,
}

impl ModuleVisitor for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(gradient) = self.gradients.get::<D>(param.id) else {
            return;
        };
        add(&mut self.sum, gradient.square().sum());
    }
}

struct Scale<'a> {
    gradients: &'a mut GradientsParams,
    factor: Tensor<1>,
}

impl ModuleVisitor for Scale<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            let factor = self.factor.clone().reshape([1; D]);
            self.gradients.register(param.id, gradient * factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;
    use mlp_models::{Mlp, MlpConfig};

    /// Gradients of two weights and a bias, which are 3, 0 and 4.
    fn gradients(mlp: &Mlp, device: &Device) -> GradientsParams {
        let mut gradients = GradientsParams::new();
        let bias = mlp.output.bias.as_ref().unwrap();
        gradients.register(
            mlp.output.weight.id,
            Tensor::<2>::from_floats([[3.0], [0.0]], device),
        );
        gradients.register(bias.id, Tensor::<1>::from_floats([4.0], device));
        gradients
    }

    /// These gradients after clipping.
    fn clipped(norm: f32) -> Vec<f32> {
        let device = Device::flex().autodiff();
        let mlp = MlpConfig::new(2, vec![], 1).init(&device);
        let gradients = gradients(&mlp, &device.inner());
        let bias = mlp.output.bias.as_ref().unwrap();
        let gradients = clip_global_norm(&mlp, gradients, norm);
        let weights = gradients.get::<2>(mlp.output.weight.id).unwrap();
        let bias = gradients.get::<1>(bias.id).unwrap();
        weights
            .into_data()
            .iter()
            .chain(bias.into_data().iter::<f32>())
            .collect()
    }

    #[test]
    fn the_norm_is_that_of_all_gradients_together() {
        let device = Device::flex().autodiff();
        let mlp = MlpConfig::new(2, vec![], 1).init(&device);
        let of = |gradients: &GradientsParams| GradientNorm::of(&mlp, gradients).read().unwrap();
        assert_eq!(of(&GradientsParams::new()), 0.0);
        let norm = of(&gradients(&mlp, &device.inner()));
        assert!((norm - 5.0).abs() < 1e-6, "{norm}");
    }

    #[test]
    fn all_gradients_together_are_shortened_to_the_norm() {
        // Their norm is √(3² + 4²) = 5.
        for (actual, expected) in clipped(1.0).iter().zip([0.6, 0.0, 0.8]) {
            assert!(
                (actual - expected).abs() < 1e-6,
                "{actual} is not {expected}"
            );
        }
    }

    #[test]
    fn shorter_gradients_stay_as_they_are() {
        assert_eq!(clipped(5.1), [3.0, 0.0, 4.0]);
    }
}
