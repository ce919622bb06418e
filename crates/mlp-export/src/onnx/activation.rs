use std::f32::consts::FRAC_1_SQRT_2;

use mlp_models::activation::Activation;

use super::graph::{ElementType, Graph, Tensor};

/// `λ` and `α` of SELU.
const SELU: [(&str, f32); 2] = [("gamma", 1.050_701), ("alpha", 1.673_263_2)];

impl Graph {
    /// The activation of each element.
    #[allow(clippy::cast_possible_truncation)] // Weights are of single precision too.
    pub fn activate(&mut self, activation: &Activation, x: &Tensor) -> Tensor {
        match activation {
            Activation::Step(_) => {
                let zero = self.float(0.0);
                let fires = self.compare("GreaterOrEqual", x, &zero);
                self.cast(&fires, ElementType::Float)
            }
            Activation::Sigmoid(_) => self.map("Sigmoid", x),
            Activation::Tanh(_) => self.map("Tanh", x),
            Activation::Relu(_) => self.map("Relu", x),
            Activation::LeakyRelu(leaky) => {
                self.map_with("LeakyRelu", x, &[("alpha", leaky.negative_slope as f32)])
            }
            Activation::Elu(elu) => self.map_with("Elu", x, &[("alpha", elu.alpha as f32)]),
            Activation::Selu(_) => self.map_with("Selu", x, &SELU),
            // x·Φ(x) = x·(1 + erf(x/√2))/2
            Activation::Gelu(_) => {
                let (factor, one, half) =
                    (self.float(FRAC_1_SQRT_2), self.float(1.0), self.float(0.5));
                let scaled = self.mul(x, &factor);
                let erf = self.map("Erf", &scaled);
                let sum = self.add(&erf, &one);
                let share = self.mul(&sum, &half);
                self.mul(x, &share)
            }
            Activation::Silu(_) => {
                let share = self.map("Sigmoid", x);
                self.mul(x, &share)
            }
            Activation::Mish(_) => {
                let softplus = self.map("Softplus", x);
                let share = self.map("Tanh", &softplus);
                self.mul(x, &share)
            }
            Activation::Softplus(_) => self.map("Softplus", x),
            Activation::Identity(_) => x.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor as BurnTensor};
    use mlp_models::activation::ActivationConfig;
    use strum::VariantArray;

    use crate::evaluator::{Array, Data};
    use crate::onnx::graph::testing::computed;

    #[test]
    fn every_activation_is_that_of_the_network() {
        let numbers: Vec<f32> = (-60..=60).map(|i| i as f32 / 4.0).collect();
        for activation in ActivationConfig::VARIANTS {
            let module = activation.init();
            let input = Array {
                shape: vec![numbers.len(), 1],
                data: Data::Float(numbers.clone()),
            };
            let found = computed(input, |graph, x| graph.activate(&module, x));
            let Data::Float(found) = found.data else {
                panic!("networks are of single precision");
            };
            let input = BurnTensor::<1>::from_floats(numbers.as_slice(), &Device::flex());
            let expected: Vec<f32> = module.forward(input).try_into_vec_as().unwrap();
            for ((x, found), expected) in numbers.iter().zip(found).zip(expected) {
                let difference = (found - expected).abs();
                assert!(
                    difference < 1e-5,
                    "{activation}({x}) is {found}, not {expected}"
                );
            }
        }
    }
}
