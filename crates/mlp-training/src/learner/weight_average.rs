use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::Tensor;
use burn::tensor::container::TensorContainer;

use super::averaging::Averaging;

/// The average of a network's weights over the steps of its training.
///
/// Steps of a size that does not shrink leave the weights jumping around a minimum; their average is closer
/// to it ([Polyak and Juditsky 1992](https://doi.org/10.1137/0330046)). Only what is learned from gradients
/// is averaged: the running statistics of batch normalisations are averages already.
pub struct WeightAverage {
    averaging: Averaging,
    /// How many steps it covers.
    steps: usize,
    weights: TensorContainer<ParamId>,
}

impl WeightAverage {
    /// Of no steps yet.
    pub fn new(averaging: Averaging) -> Self {
        Self {
            averaging,
            steps: 0,
            weights: TensorContainer::new(),
        }
    }

    /// Of so many steps, after which a network's weights are the average.
    pub fn restored(averaging: Averaging, steps: usize, network: &impl Module) -> Self {
        let mut average = Self::new(averaging);
        if steps > 0 {
            average.update(network);
            average.steps = steps;
        }
        average
    }

    /// How many steps it covers.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Takes the weights of a network after a step.
    pub fn update(&mut self, network: &impl Module) {
        let share = if self.steps == 0 {
            1.0
        } else {
            self.averaging.share(self.steps)
        };
        self.steps += 1;
        network.visit(&mut Update {
            weights: &mut self.weights,
            share,
        });
    }

    /// The network with the average in place of its weights; as it is, before the first step.
    pub fn apply<M: Module>(&self, network: M) -> M {
        network.map(&mut Replace {
            weights: &self.weights,
        })
    }
}

struct Update<'a> {
    weights: &'a mut TensorContainer<ParamId>,
    /// The share of the new weights.
    share: f64,
}

impl ModuleVisitor for Update<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !param.is_require_grad() {
            return;
        }
        let weights = param.base().without_autodiff();
        let average = match self.weights.remove::<Tensor<D>>(&param.id) {
            Some(average) if self.share < 1.0 => mix(average, weights, self.share),
            Some(_) | None => weights,
        };
        self.weights.register(param.id, average);
    }
}

/// `average + share·(weights − average)`
fn mix<const D: usize>(average: Tensor<D>, weights: Tensor<D>, share: f64) -> Tensor<D> {
    #[cfg(feature = "flex")]
    if let Some(weights) = crate::flex_tensor::contiguous(&weights)
        && average.dtype() == weights.dtype()
    {
        return in_place::mix(average, &weights, share);
    }
    average.clone() + (weights - average) * share
}

#[cfg(feature = "flex")]
mod in_place {
    use burn::backend::Flex;
    use burn::backend::flex::FlexTensor;
    use burn::tensor::Tensor;
    use pulp::Arch;

    use crate::flex_tensor::{numbers, whole};

    /// The same in one pass, where the average is.
    pub fn mix<const D: usize>(average: Tensor<D>, weights: &FlexTensor, share: f64) -> Tensor<D> {
        #[expect(clippy::cast_possible_truncation)] // It is in (0, 1].
        let share = share as f32;
        let mut average = whole(average);
        let pairs = average
            .storage_mut::<f32>()
            .iter_mut()
            .zip(numbers(weights));
        Arch::new().dispatch(|| {
            for (average, &weight) in pairs {
                *average += share * (weight - *average);
            }
        });
        Tensor::from_primitive::<Flex>(average)
    }
}

struct Replace<'a> {
    weights: &'a TensorContainer<ParamId>,
}

impl ModuleMapper for Replace<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(average) = self.weights.get::<Tensor<D>>(&param.id) else {
            return param;
        };
        param.map(|weights| {
            if weights.is_autodiff() {
                Tensor::from_inner(average).set_require_grad(weights.is_require_grad())
            } else {
                average
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::RunningState;
    use burn::nn::norm::Normalization;
    use burn::tensor::{DType, Device};
    use mlp_models::{Mlp, MlpConfig, NormalizationKind};

    fn mlp(device: &Device) -> Mlp {
        MlpConfig::new(1, vec![2], 1)
            .with_normalization(NormalizationKind::Batch)
            .init(device)
    }

    /// Sets the weights of the output.
    fn set(mut mlp: Mlp, weights: [f32; 2], device: &Device) -> Mlp {
        let weights = Tensor::<2>::from_floats([[weights[0]], [weights[1]]], device);
        mlp.output.weight = mlp.output.weight.map(|_| weights.require_grad());
        mlp
    }

    fn weights(mlp: &Mlp) -> Vec<f32> {
        mlp.output.weight.val().into_data().iter().collect()
    }

    fn assert_close(actual: &[f32], expected: [f32; 2]) {
        for (actual, expected) in actual.iter().zip(expected) {
            assert!(
                (actual - expected).abs() < 1e-6,
                "{actual} is not {expected}"
            );
        }
    }

    #[test]
    fn the_decay_rises_to_the_one_that_is_asked_for() {
        let device = Device::flex().autodiff();
        let mut average = WeightAverage::new(Averaging::Exponential { decay: 0.2 });
        let mut mlp = set(mlp(&device), [9.0, 9.0], &device);
        assert_eq!(weights(&average.apply(mlp.clone())), [9.0, 9.0]);
        // The first step begins the average. The decay of the second is 2/11, and those of the others
        // would be 3/12 and 4/13.
        for (stepped, expected) in [
            ([1.0, -2.0], [1.0, -2.0]),
            ([2.0, 0.0], [20.0 / 11.0, -4.0 / 11.0]),
            ([0.0, 1.0], [4.0 / 11.0, 0.8 - 0.8 / 11.0]),
            ([4.0, 1.0], [3.2 + 0.8 / 11.0, 0.96 - 0.16 / 11.0]),
        ] {
            mlp = set(mlp, stepped, &device);
            average.update(&mlp);
            assert_close(&weights(&average.apply(mlp.valid())), expected);
            // What is trained stays.
            assert_eq!(weights(&mlp), stepped);
        }
        let averaged = average.apply(mlp);
        assert!(averaged.output.weight.is_require_grad());
    }

    #[test]
    fn without_a_decay_the_average_is_the_last_step() {
        let device = Device::flex().autodiff();
        let mut average = WeightAverage::new(Averaging::Exponential { decay: 0.0 });
        for stepped in [[0.1, 0.7], [0.3, 1e-9]] {
            let mlp = set(mlp(&device), stepped, &device);
            average.update(&mlp);
            assert_eq!(weights(&average.apply(mlp)), stepped);
        }
    }

    #[test]
    fn running_statistics_are_those_of_the_last_step() {
        let device = Device::flex().autodiff();
        let mut average = WeightAverage::new(Averaging::Exponential { decay: 0.9 });
        let mut mlp = mlp(&device);
        for mean in [1.0, 2.0, 7.0] {
            if let Some(Normalization::Batch(norm)) = &mut mlp.hidden[0].normalization {
                norm.running_mean = RunningState::new(Tensor::from_floats([mean, mean], &device));
            }
            average.update(&mlp);
        }
        let Some(Normalization::Batch(norm)) = &average.apply(mlp.valid()).hidden[0].normalization
        else {
            panic!("there is a normalisation");
        };
        let mean: Vec<f32> = norm.running_mean.value().into_data().iter().collect();
        assert_eq!(mean, [7.0, 7.0]);
    }

    #[test]
    fn a_pass_in_place_mixes_as_operations_do() {
        let device = Device::flex();
        let [average, weights] = [[1.0, -2.0, 0.5], [3.0, 0.0, -0.5]];
        let tensor =
            |numbers: [f64; 3], dtype| Tensor::<1>::from_floats(numbers, &device).cast(dtype);
        let [single, double] = [DType::F32, DType::F64]
            .map(|dtype| mix(tensor(average, dtype), tensor(weights, dtype), 0.25));
        // 1 + 2/4, −2 + 2/4, ½ − 1/4
        for mixed in [single, double] {
            let mixed: Vec<f64> = mixed.into_data().iter().collect();
            assert_eq!(mixed, [1.5, -1.5, 0.25]);
        }
    }
}
