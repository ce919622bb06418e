//! The networks behind the inputs.

use burn::nn::norm::Normalization;
use burn::nn::{BatchNorm, LayerNorm, LayerNormConfig};
use mlp_models::{
    Backbone, EnsembleLinear, HiddenActivation, Mlp, NtpLinear, Perceptron, RealMlp, ResNet, TabM,
    TabMLayers,
};

use super::graph::{Graph, Tensor};
use super::weights::numbers;
use crate::error::Error;

impl Graph {
    /// The outputs for inputs `[N, d_input]`: `[N, d_output]`, or `[num_members, N, d_output]` for `TabM`.
    ///
    /// # Errors
    ///
    /// If the weights cannot be read.
    pub fn backbone(
        &mut self,
        name: &str,
        backbone: &Backbone,
        input: &Tensor,
    ) -> Result<Tensor, Error> {
        match backbone {
            Backbone::Perceptron(network) => self.perceptron(name, network, input),
            Backbone::Mlp(network) => self.mlp(name, network, input),
            Backbone::ResNet(network) => self.resnet(name, network, input),
            Backbone::RealMlp(network) => self.real_mlp(name, network, input),
            Backbone::TabM(network) => self.tabm(name, network, input),
        }
    }

    /// The net input `x·W − θ`.
    fn perceptron(
        &mut self,
        name: &str,
        network: &Perceptron,
        x: &Tensor,
    ) -> Result<Tensor, Error> {
        let weight = self.weights(&format!("{name}.weight"), network.weight.val())?;
        let threshold = self.weights(&format!("{name}.threshold"), network.threshold.val())?;
        let product = self.matmul(x, &weight);
        Ok(self.sub(&product, &threshold))
    }

    fn mlp(&mut self, name: &str, network: &Mlp, x: &Tensor) -> Result<Tensor, Error> {
        let mut x = x.clone();
        for (number, layer) in network.hidden.iter().enumerate() {
            let name = format!("{name}.hidden.{number}");
            x = self.linear(&format!("{name}.linear"), &layer.linear, &x)?;
            if let Some(normalization) = &layer.normalization {
                x = self.normalize(&format!("{name}.normalization"), normalization, &x)?;
            }
            x = self.activate(&layer.activation, &x);
        }
        self.linear(&format!("{name}.output"), &network.output, &x)
    }

    #[allow(clippy::wildcard_enum_match_arm)] // No network has the other ones of Burn.
    fn normalize(
        &mut self,
        name: &str,
        normalization: &Normalization,
        x: &Tensor,
    ) -> Result<Tensor, Error> {
        match normalization {
            Normalization::Batch(batch) => self.batch_norm(name, batch, x),
            Normalization::Layer(layer) => self.layer_norm(name, layer, x),
            _ => Err(Error::Unsupported {
                what: "a network with such a normalisation",
                format: "ONNX",
                instead: "burnpack and safetensors take it",
            }),
        }
    }

    /// `x·s + t` with `s = γ / √(variance + ε)` and `t = β − mean·s`.
    #[allow(clippy::cast_possible_truncation)] // Weights are of single precision.
    fn batch_norm(&mut self, name: &str, norm: &BatchNorm, x: &Tensor) -> Result<Tensor, Error> {
        let (shape, gamma) = numbers(norm.gamma.val())?;
        let (_, beta) = numbers(norm.beta.val())?;
        let (_, mean) = numbers(norm.running_mean.value())?;
        let (_, variance) = numbers(norm.running_var.value())?;
        let scale = gamma.iter().zip(&variance).map(|(&gamma, &variance)| {
            f64::from(gamma) / (f64::from(variance) + norm.epsilon).sqrt()
        });
        let scale: Vec<f64> = scale.collect();
        let shift = beta.iter().zip(&mean).zip(&scale);
        let shift = shift
            .map(|((&beta, &mean), &scale)| (f64::from(beta) - f64::from(mean) * scale) as f32);
        let shift: Vec<f32> = shift.collect();
        let scale: Vec<f32> = scale.into_iter().map(|scale| scale as f32).collect();
        let scale = self.floats(&format!("{name}.scale"), &shape, &scale);
        let shift = self.floats(&format!("{name}.shift"), &shape, &shift);
        let product = self.mul(x, &scale);
        Ok(self.add(&product, &shift))
    }

    /// `(x − mean) / √(variance + ε)·γ + β` over each row.
    #[allow(clippy::cast_possible_truncation)] // As small as it is.
    fn layer_norm(&mut self, name: &str, norm: &LayerNorm, x: &Tensor) -> Result<Tensor, Error> {
        let mean = self.mean(x, 1);
        let centred = self.sub(x, &mean);
        let square = self.mul(&centred, &centred);
        let variance = self.mean(&square, 1);
        let epsilon = self.float(LayerNormConfig::new(1).epsilon as f32);
        let variance = self.add(&variance, &epsilon);
        let deviation = self.map("Sqrt", &variance);
        let normalized = self.div(&centred, &deviation);
        let gamma = self.weights(&format!("{name}.gamma"), norm.gamma.val())?;
        let scaled = self.mul(&normalized, &gamma);
        match &norm.beta {
            None => Ok(scaled),
            Some(beta) => {
                let beta = self.weights(&format!("{name}.beta"), beta.val())?;
                Ok(self.add(&scaled, &beta))
            }
        }
    }

    fn resnet(&mut self, name: &str, network: &ResNet, x: &Tensor) -> Result<Tensor, Error> {
        let mut x = self.linear(&format!("{name}.input"), &network.input, x)?;
        for (number, block) in network.blocks.iter().enumerate() {
            let name = format!("{name}.blocks.{number}");
            let h = self.batch_norm(&format!("{name}.normalization"), &block.normalization, &x)?;
            let h = self.linear(&format!("{name}.hidden"), &block.hidden, &h)?;
            let h = self.activate(&block.activation, &h);
            let correction = self.linear(&format!("{name}.output"), &block.output, &h)?;
            x = self.add(&x, &correction);
        }
        let x = self.batch_norm(&format!("{name}.normalization"), &network.normalization, &x)?;
        let x = self.activate(&network.activation, &x);
        self.linear(&format!("{name}.output"), &network.output, &x)
    }

    fn real_mlp(&mut self, name: &str, network: &RealMlp, x: &Tensor) -> Result<Tensor, Error> {
        let scale = self.weights(&format!("{name}.scale"), network.scale.val())?;
        let mut x = self.mul(x, &scale);
        for (number, layer) in network.hidden.iter().enumerate() {
            let name = format!("{name}.hidden.{number}");
            x = self.ntp_linear(&format!("{name}.linear"), &layer.linear, &x)?;
            x = match &layer.activation {
                HiddenActivation::Fixed(activation) => self.activate(activation, &x),
                // x + a·(f(x) − x)
                HiddenActivation::Parametric(parametric) => {
                    let weight = parametric.weight.val();
                    let weight = self.weights(&format!("{name}.activation.weight"), weight)?;
                    let value = self.activate(&parametric.activation, &x);
                    let change = self.sub(&value, &x);
                    let change = self.mul(&change, &weight);
                    self.add(&x, &change)
                }
            };
        }
        self.ntp_linear(&format!("{name}.output"), &network.output, &x)
    }

    /// `x·W / √d_input + b`.
    #[allow(clippy::cast_possible_truncation)] // Between 0 and 1.
    fn ntp_linear(&mut self, name: &str, linear: &NtpLinear, x: &Tensor) -> Result<Tensor, Error> {
        let weight = linear.weight.val();
        let [d_input, _] = weight.dims();
        let scale = (d_input as f64).sqrt().recip();
        let weight = self.weights(&format!("{name}.weight"), weight)?;
        let scale = self.float(scale as f32);
        let product = self.matmul(x, &weight);
        let product = self.mul(&product, &scale);
        let bias = self.weights(&format!("{name}.bias"), linear.bias.val())?;
        Ok(self.add(&product, &bias))
    }

    /// Members are the first dimension, so that each weight meets the rows of its member.
    fn tabm(&mut self, name: &str, network: &TabM, x: &Tensor) -> Result<Tensor, Error> {
        let mut x = self.unsqueeze(x, 0);
        match &network.layers {
            TabMLayers::BatchEnsemble(layers) => {
                for (number, layer) in layers.iter().enumerate() {
                    let name = format!("{name}.layers.{number}");
                    let scales = layer.input_scales.val().unsqueeze_dim::<3>(1);
                    let scales = self.weights(&format!("{name}.input_scales"), scales)?;
                    x = self.mul(&x, &scales);
                    let weight = self.weights(&format!("{name}.weight"), layer.weight.val())?;
                    x = self.matmul(&x, &weight);
                    let scales = layer.output_scales.val().unsqueeze_dim::<3>(1);
                    let scales = self.weights(&format!("{name}.output_scales"), scales)?;
                    x = self.mul(&x, &scales);
                    let bias = layer.bias.val().unsqueeze_dim::<3>(1);
                    let bias = self.weights(&format!("{name}.bias"), bias)?;
                    x = self.add(&x, &bias);
                    x = self.activate(&network.activation, &x);
                }
            }
            TabMLayers::Shared(layers) => {
                let scales = layers.input_scales.val().unsqueeze_dim::<3>(1);
                let scales = self.weights(&format!("{name}.layers.input_scales"), scales)?;
                x = self.mul(&x, &scales);
                for (number, linear) in layers.linear.iter().enumerate() {
                    let name = format!("{name}.layers.linear.{number}");
                    let weight = self.weights(&format!("{name}.weight"), linear.weight.val())?;
                    x = self.matmul(&x, &weight);
                    if let Some(bias) = &linear.bias {
                        let bias = self.weights(&format!("{name}.bias"), bias.val())?;
                        x = self.add(&x, &bias);
                    }
                    x = self.activate(&network.activation, &x);
                }
            }
            TabMLayers::Packed(layers) => {
                for (number, layer) in layers.iter().enumerate() {
                    let name = format!("{name}.layers.{number}");
                    x = self.ensemble_linear(&name, layer, &x)?;
                    x = self.activate(&network.activation, &x);
                }
            }
        }
        self.ensemble_linear(&format!("{name}.output"), &network.output, &x)
    }

    /// `xₖ·Wₖ + bₖ`.
    fn ensemble_linear(
        &mut self,
        name: &str,
        linear: &EnsembleLinear,
        x: &Tensor,
    ) -> Result<Tensor, Error> {
        let weight = self.weights(&format!("{name}.weight"), linear.weight.val())?;
        let bias = linear.bias.val().unsqueeze_dim::<3>(1);
        let bias = self.weights(&format!("{name}.bias"), bias)?;
        let product = self.matmul(x, &weight);
        Ok(self.add(&product, &bias))
    }
}
