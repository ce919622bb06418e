//! Activations and their derivatives, in double precision.

use std::f64::consts::{PI, SQRT_2};

use mlp_models::activation::ActivationConfig;
use statrs::function::erf::erf;

/// The slope of `leaky_relu` below zero.
const LEAK: f64 = 0.01;
/// Of `selu`, from Klambauer et al. 2017.
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
const SELU_LAMBDA: f64 = 1.050_700_987_355_480_5;

/// `f(z)`.
pub fn value(activation: ActivationConfig, z: f64) -> f64 {
    match activation {
        ActivationConfig::Step => f64::from(z >= 0.0),
        ActivationConfig::Sigmoid => sigmoid(z),
        ActivationConfig::Tanh => z.tanh(),
        ActivationConfig::Relu => z.max(0.0),
        ActivationConfig::LeakyRelu => z.max(LEAK * z),
        ActivationConfig::Elu => z.max(0.0) + z.min(0.0).exp_m1(),
        ActivationConfig::Selu => SELU_LAMBDA * (z.max(0.0) + SELU_ALPHA * z.min(0.0).exp_m1()),
        ActivationConfig::Gelu => z * normal_distribution(z),
        ActivationConfig::Silu => z * sigmoid(z),
        ActivationConfig::Mish => z * softplus(z).tanh(),
        ActivationConfig::Softplus => softplus(z),
        ActivationConfig::Identity | _ => z,
    }
}

/// `f′(z)`; of a step, that of its surrogate. At a kink, that of the right side as autodiff has it: 0 for
/// `relu`.
pub fn slope(activation: ActivationConfig, z: f64) -> f64 {
    let is_positive = z > 0.0;
    match activation {
        ActivationConfig::Step => f64::from(z.abs() <= 1.0),
        ActivationConfig::Sigmoid => sigmoid(z) * (1.0 - sigmoid(z)),
        ActivationConfig::Tanh => 1.0 - z.tanh().powi(2),
        ActivationConfig::Relu => f64::from(is_positive),
        ActivationConfig::LeakyRelu => {
            if z >= 0.0 {
                1.0
            } else {
                LEAK
            }
        }
        ActivationConfig::Elu => z.min(0.0).exp(),
        ActivationConfig::Selu if is_positive => SELU_LAMBDA,
        ActivationConfig::Selu => SELU_LAMBDA * SELU_ALPHA * z.exp(),
        ActivationConfig::Gelu => {
            let density = (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
            normal_distribution(z) + z * density
        }
        ActivationConfig::Silu => sigmoid(z) * (1.0 + z * (1.0 - sigmoid(z))),
        ActivationConfig::Mish => {
            let tanh = softplus(z).tanh();
            tanh + z * (1.0 - tanh.powi(2)) * sigmoid(z)
        }
        ActivationConfig::Softplus => sigmoid(z),
        ActivationConfig::Identity | _ => 1.0,
    }
}

/// `σ(z)`.
pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

/// `ln(1 + eᶻ)`, without overflow.
pub fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// `Φ(z)`.
fn normal_distribution(z: f64) -> f64 {
    0.5 * (1.0 + erf(z / SQRT_2))
}
