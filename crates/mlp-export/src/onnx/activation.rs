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
