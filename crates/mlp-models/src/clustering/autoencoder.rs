use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::tensor::module::linear;
use burn::tensor::{Device, Distribution, Tensor};

use crate::activation::{Activation, ActivationConfig};
use crate::{InvalidConfig, Mlp, MlpConfig};

/// Configuration of an [`Autoencoder`].
#[derive(Config, Debug)]
pub struct AutoencoderConfig {
    /// The width of the input.
    pub d_input: usize,
    /// The number of units of each hidden layer of the encoder; the decoder has them in reverse order.
    pub hidden_sizes: Vec<usize>,
    /// The length of the code that a row is compressed to.
    pub d_code: usize,
    /// The activation of the hidden layers; code and reconstruction are linear.
    #[config(default = "ActivationConfig::Relu")]
    pub activation: ActivationConfig,
    /// Whether the decoder uses the transposed weights of the encoder, with separate biases.
    #[config(default = false)]
    pub tied: bool,
    /// The standard deviation, 0 or more, of the Gaussian noise that is added to the input in
    /// training, so that the network learns to remove it ([Vincent et al.
    /// 2008](https://doi.org/10.1145/1390156.1390294)).
    #[config(default = 0.0)]
    pub noise: f64,
}

impl AutoencoderConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        if self.d_code == 0 {
            return Err(InvalidConfig::new("d_code", 0, "1 or more"));
        }
        if !(self.noise.is_finite() && self.noise >= 0.0) {
            return Err(InvalidConfig::new("noise", self.noise, "0 or more"));
        }
        self.encoder().check()
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Autoencoder {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let decoder = if self.tied {
            let sizes = self.hidden_sizes.iter().rev().chain([&self.d_input]);
            Decoder::Tied(TiedDecoder {
                biases: sizes
                    .map(|&size| Param::from_tensor(Tensor::zeros([size], device)))
                    .collect(),
                activation: self.activation.init(),
            })
        } else {
            let hidden: Vec<usize> = self.hidden_sizes.iter().rev().copied().collect();
            let decoder = self.mlp(self.d_code, hidden, self.d_input);
            Decoder::Mlp(decoder.init(device))
        };
        Autoencoder {
            encoder: self.encoder().init(device),
            decoder,
            noise: self.noise,
        }
    }

    fn encoder(&self) -> MlpConfig {
        self.mlp(self.d_input, self.hidden_sizes.clone(), self.d_code)
    }

    /// Small initial weights: larger ones lead to codes that separate rows, but not groups.
    fn mlp(&self, d_input: usize, hidden_sizes: Vec<usize>, d_output: usize) -> MlpConfig {
        MlpConfig::new(d_input, hidden_sizes, d_output)
            .with_activations(vec![self.activation])
            .with_initializer(Some(Initializer::KaimingUniform {
                gain: 1.0 / 3f64.sqrt(),
                fan_out_only: false,
            }))
    }
}

/// A network that compresses a row to a code and reconstructs the row from it ([Hinton and
/// Salakhutdinov 2006](https://doi.org/10.1126/science.1127647)).
///
/// Similar rows get similar codes, and a row unlike all others is reconstructed badly.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::clustering::AutoencoderConfig;
///
/// let device = Device::flex();
/// let autoencoder = AutoencoderConfig::new(64, vec![32], 3).with_tied(true).init(&device);
/// let rows = Tensor::ones([5, 64], &device);
/// assert_eq!(autoencoder.encode(rows.clone()).dims(), [5, 3]);
/// assert_eq!(autoencoder.forward(rows).dims(), [5, 64]);
/// ```
#[derive(Module, Debug)]
pub struct Autoencoder {
    /// Maps a row to its code.
    pub encoder: Mlp,
    /// Maps a code to a row.
    pub decoder: Decoder,
    /// The standard deviation of the noise added in training.
    pub noise: f64,
}

/// The half of an [`Autoencoder`] that reconstructs a row from its code.
#[derive(Module, Debug)]
pub enum Decoder {
    /// Has separate weights.
    Mlp(Mlp),
    /// Uses the weights of the encoder.
    Tied(TiedDecoder),
}

/// A [`Decoder`] that uses the transposed weights of the encoder.
#[derive(Module, Debug)]
pub struct TiedDecoder {
    /// The bias of each layer, starting at the code.
    pub biases: Vec<Param<Tensor<1>>>,
    /// The activation of all layers except the last.
    pub activation: Activation,
}

impl Autoencoder {
    /// The codes of rows. In training, noise is added to the rows.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_code]`
    pub fn encode(&self, input: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(self.add_noise(input))
    }

    /// The rows reconstructed from codes.
    ///
    /// # Shapes
    ///
    /// - codes: `[batch_size, d_code]`
    /// - output: `[batch_size, d_input]`
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        match &self.decoder {
            Decoder::Mlp(mlp) => mlp.forward(codes),
            Decoder::Tied(decoder) => {
                let hidden = self.encoder.hidden.iter().map(|layer| &layer.linear);
                let layers: Vec<_> = hidden.chain([&self.encoder.output]).collect();
                let mut output = codes;
                for (i, (layer, bias)) in layers.iter().rev().zip(&decoder.biases).enumerate() {
                    let weight = layer.weight.val().transpose();
                    output = linear(output, weight, Some(bias.val()));
                    if i + 1 < layers.len() {
                        output = decoder.activation.forward(output);
                    }
                }
                output
            }
        }
    }

    /// The reconstructions of rows.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, d_input]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.decode(self.encode(input))
    }

    fn add_noise(&self, input: Tensor<2>) -> Tensor<2> {
        if self.noise == 0.0 || !input.is_autodiff() {
            return input;
        }
        let noise = input.random_like(Distribution::Normal(0.0, self.noise));
        input + noise
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{TensorData, Tolerance};

    #[test]
    fn a_tied_decoder_applies_the_transposed_weights() {
        let device = Device::flex();
        let mut autoencoder = AutoencoderConfig::new(2, vec![], 1)
            .with_tied(true)
            .init(&device);
        autoencoder.encoder.output.weight =
            Param::from_data(TensorData::from([[2.0], [3.0]]), &device);

        let rows = autoencoder.forward(Tensor::from_floats([[1.0, 1.0]], &device));

        // The code is 2 + 3.
        let expected = TensorData::from([[10.0, 15.0]]);
        rows.into_data()
            .assert_approx_eq::<f32>(&expected, Tolerance::default());
    }

    #[test]
    fn a_tied_decoder_has_no_separate_weights() {
        let device = Device::flex();
        let params = |tied| {
            let config = AutoencoderConfig::new(6, vec![4], 2).with_tied(tied);
            config.init(&device).num_params()
        };
        let (weights, biases) = (6 * 4 + 4 * 2, 4 + 2 + 4 + 6);
        assert_eq!(params(true), weights + biases);
        assert_eq!(params(false), 2 * weights + biases);
    }

    #[test]
    fn noise_is_added_in_training_only() {
        let device = Device::flex();
        // No hidden layers, whose units could all be zero.
        let config = AutoencoderConfig::new(3, vec![], 2).with_noise(0.5);
        let autoencoder = config.init(&device.clone().autodiff());
        let rows = Tensor::ones([5, 3], &device.clone().autodiff());
        let twice = |rows: &Tensor<2>| {
            let codes = [0, 1].map(|_| autoencoder.encode(rows.clone()).into_data());
            codes[0] == codes[1]
        };
        assert!(!twice(&rows));

        let autoencoder = autoencoder.valid();
        let rows = rows.without_autodiff();
        let codes = [0, 1].map(|_| autoencoder.encode(rows.clone()).into_data());
        assert_eq!(codes[0], codes[1]);
    }

    #[test]
    fn a_field_out_of_range_is_rejected_by_name() {
        let config = || AutoencoderConfig::new(3, vec![4], 2);
        for (config, field) in [
            (config().with_noise(-1.0), "noise"),
            (AutoencoderConfig::new(3, vec![4], 0), "d_code"),
            (AutoencoderConfig::new(0, vec![4], 2), "d_input"),
            (AutoencoderConfig::new(3, vec![0], 2), "hidden_sizes"),
        ] {
            let error = config.check().unwrap_err().to_string();
            assert!(error.contains(field), "{error}");
        }
    }
}
