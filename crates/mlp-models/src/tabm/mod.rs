//! `TabM` and its parts.

mod batch_ensemble_linear;
mod ensemble_linear;
mod variant;

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::{Device, Distribution, Tensor};

pub use batch_ensemble_linear::BatchEnsembleLinear;
use batch_ensemble_linear::scaled;
pub use ensemble_linear::EnsembleLinear;
pub use variant::TabMVariant;

use crate::InvalidConfig;
use crate::activation::{Activation, ActivationConfig};
use crate::dense::{dense_with_dropout, drop_out};
use crate::drawn::drawn;

/// Configuration of a [`TabM`]. The defaults are those of the authors for embedded numbers.
#[derive(Config, Debug)]
pub struct TabMConfig {
    /// The width of each feature's vector, in the order of the input.
    pub feature_widths: Vec<usize>,
    /// The number of outputs: one per class, or one per number to predict.
    pub d_output: usize,
    /// How many members the ensemble has.
    #[config(default = 32)]
    pub num_members: usize,
    /// The number of hidden layers.
    #[config(default = 2)]
    pub num_blocks: usize,
    /// The number of units of each hidden layer.
    #[config(default = 512)]
    pub d_block: usize,
    /// The probability, in `[0, 1)`, that a hidden unit is dropped in a training step.
    #[config(default = 0.1)]
    pub dropout: f64,
    /// What the members share.
    #[config(default = "TabMVariant::Full")]
    pub variant: TabMVariant,
}

impl TabMConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        if self.feature_widths.is_empty() || self.feature_widths.contains(&0) {
            return Err(InvalidConfig::new(
                "feature_widths",
                format!("{:?}", self.feature_widths),
                "one or more widths of 1 or more",
            ));
        }
        for (field, size) in [
            ("d_output", self.d_output),
            ("num_members", self.num_members),
            ("num_blocks", self.num_blocks),
            ("d_block", self.d_block),
        ] {
            if size == 0 {
                return Err(InvalidConfig::new(field, size, "1 or more"));
            }
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(InvalidConfig::new("dropout", self.dropout, "in [0, 1)"));
        }
        Ok(())
    }

    /// The width of the input.
    pub fn d_input(&self) -> usize {
        self.feature_widths.iter().sum()
    }

    /// Initializes the module on a device. Weights and biases are drawn from `U(−r, r)` with
    /// `r = 1 / √d_input` of their layer. The first scales of each member, which make members that share
    /// weights different, are one number for each feature: from N(0, 1) if a feature is a vector, else −1 or +1.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> TabM {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let d_input = self.d_input();
        let width_of = |layer: usize| if layer == 0 { d_input } else { self.d_block };
        let (k, d_block, layers) = (self.num_members, self.d_block, 0..self.num_blocks);
        let layers = match self.variant {
            TabMVariant::Full => {
                let linear = |layer| BatchEnsembleLinear::new(k, width_of(layer), d_block, device);
                let mut linear: Vec<_> = layers.map(linear).collect();
                linear[0].input_scales = self.first_scales(device);
                TabMLayers::BatchEnsemble(linear)
            }
            TabMVariant::Mini => {
                let linear = |layer| LinearConfig::new(width_of(layer), d_block).init(device);
                TabMLayers::Shared(SharedLayers {
                    input_scales: self.first_scales(device),
                    linear: layers.map(linear).collect(),
                })
            }
            TabMVariant::Packed => {
                let linear = |layer| EnsembleLinear::new(k, width_of(layer), d_block, device);
                TabMLayers::Packed(layers.map(linear).collect())
            }
        };
        TabM {
            layers,
            activation: ActivationConfig::Relu.init(),
            dropout: DropoutConfig::new(self.dropout).init(),
            output: EnsembleLinear::new(self.num_members, self.d_block, self.d_output, device),
        }
    }

    /// The scales of each member's inputs, `[num_members, d_input]`: one number for each feature.
    fn first_scales(&self, device: &Device) -> Param<Tensor<2>> {
        let widths = self.feature_widths.clone();
        let shape = [self.num_members, self.d_input()];
        drawn(shape, device, move |[num_members, _], device| {
            let has_vectors = widths.iter().any(|&width| width > 1);
            let of_feature = |&width: &usize| {
                let shape = [num_members, 1];
                let scale = if has_vectors {
                    Tensor::<2>::random(shape, Distribution::Normal(0.0, 1.0), device)
                } else {
                    let coin = Tensor::<2>::random(shape, Distribution::Bernoulli(0.5), device);
                    coin * 2.0 - 1.0
                };
                scale.repeat_dim(1, width)
            };
            Tensor::cat(widths.iter().map(of_feature).collect(), 1)
        })
    }
}

/// An ensemble of multilayer perceptrons that share almost all their weights ([Gorishniy et al.
/// 2024](https://arxiv.org/abs/2410.24210)).
///
/// ```text
/// h₀ₖ = x
/// hᵢₖ = dropout(relu(((hᵢ₋₁ₖ ⊙ rᵢₖ)·Wᵢ) ⊙ sᵢₖ + bᵢₖ))
/// yₖ  = hₙₖ·Vₖ + cₖ
/// ```
///
/// for each member `k`. In the mini version, members differ in the first scales `r₁` and in their
/// outputs only: `hᵢₖ = dropout(relu(hᵢ₋₁ₖ·Wᵢ + bᵢ))` with `h₀ₖ = x ⊙ rₖ`. In the packed version, all weights
/// are their own: `hᵢₖ = dropout(relu(hᵢ₋₁ₖ·Wᵢₖ + bᵢₖ))`.
///
/// Train it on the mean of the members' losses, not on the loss of their mean, and predict with the
/// mean of their predictions.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::TabMConfig;
///
/// let device = Device::flex();
/// // Three numbers, and a category as one-hot inputs.
/// let tabm = TabMConfig::new(vec![1, 1, 1, 4], 2)
///     .with_num_members(8)
///     .with_d_block(64)
///     .init(&device);
/// // One member's rows after another's.
/// assert_eq!(tabm.forward(Tensor::ones([5, 7], &device)).dims(), [8 * 5, 2]);
/// ```
#[derive(Module, Debug)]
pub struct TabM {
    /// The hidden layers.
    pub layers: TabMLayers,
    /// The activation of the hidden layers.
    pub activation: Activation,
    /// The dropout of hidden units, which is active in training only.
    pub dropout: Dropout,
    /// The output layer of each member.
    pub output: EnsembleLinear,
}

/// The hidden layers of a [`TabM`].
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)] // There is one for each network.
pub enum TabMLayers {
    /// Members have scales in each layer.
    BatchEnsemble(Vec<BatchEnsembleLinear>),
    /// Members have scales of the first inputs only.
    Shared(SharedLayers),
    /// Members have weights of their own.
    Packed(Vec<EnsembleLinear>),
}

/// The hidden layers of a [`TabM`] whose members differ in the scales of their inputs only.
#[derive(Module, Debug)]
pub struct SharedLayers {
    /// The scales of each member's inputs: `[num_members, d_input]`.
    pub input_scales: Param<Tensor<2>>,
    /// The layers, starting at the input.
    pub linear: Vec<Linear>,
}

impl TabM {
    /// The logits, or the predicted numbers, of each member.
    ///
    /// Members either get the same rows, or rows of their own.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[num_members · batch_size, d_output]`, one member's rows after another's
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.forward_members(input.repeat_dim(0, self.num_members()))
    }

    /// The same for members that have rows of their own.
    ///
    /// # Shapes
    ///
    /// - input: `[num_members · batch_size, d_input]`, one member's rows after another's
    /// - output: `[num_members · batch_size, d_output]`
    pub fn forward_members(&self, input: Tensor<2>) -> Tensor<2> {
        let activated =
            |output: Tensor<2>| drop_out(&self.dropout, self.activation.forward(output));
        let hidden = match &self.layers {
            TabMLayers::BatchEnsemble(layers) => layers
                .iter()
                .fold(input, |input, layer| activated(layer.forward(input))),
            TabMLayers::Packed(layers) => layers
                .iter()
                .fold(input, |input, layer| activated(layer.forward(input))),
            TabMLayers::Shared(layers) => {
                let input = scaled(input, layers.input_scales.val());
                layers.linear.iter().fold(input, |input, linear| {
                    dense_with_dropout(linear, &self.activation, &self.dropout, input)
                })
            }
        };
        self.output.forward(hidden)
    }

    /// How many members the ensemble has.
    pub fn num_members(&self) -> usize {
        let [num_members, _] = self.output.bias.dims();
        num_members
    }
}
