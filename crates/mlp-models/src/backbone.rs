use burn::module::Module;
use burn::nn::Dropout;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::{
    InvalidConfig, Mlp, MlpConfig, Perceptron, PerceptronConfig, RealMlp, RealMlpConfig, ResNet,
    ResNetConfig, TabM, TabMConfig,
};

/// Configuration of a [`Backbone`]: its kind and its sizes.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BackboneConfig {
    /// One layer of neurons.
    Perceptron(PerceptronConfig),
    /// Hidden layers of neurons.
    Mlp(MlpConfig),
    /// Residual blocks.
    #[serde(rename = "resnet")]
    ResNet(ResNetConfig),
    /// The network of `RealMLP`.
    RealMlp(RealMlpConfig),
    /// An ensemble that shares its weights.
    #[serde(rename = "tabm")]
    TabM(TabMConfig),
}

impl BackboneConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        match self {
            Self::Perceptron(config) => config.check(),
            Self::Mlp(config) => config.check(),
            Self::ResNet(config) => config.check(),
            Self::RealMlp(config) => config.check(),
            Self::TabM(config) => config.check(),
        }
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Backbone {
        match self {
            Self::Perceptron(config) => Backbone::Perceptron(config.init(device)),
            Self::Mlp(config) => Backbone::Mlp(config.init(device)),
            Self::ResNet(config) => Backbone::ResNet(config.init(device)),
            Self::RealMlp(config) => Backbone::RealMlp(config.init(device)),
            Self::TabM(config) => Backbone::TabM(config.init(device)),
        }
    }

    /// The width of its input.
    pub fn d_input(&self) -> usize {
        match self {
            Self::Perceptron(config) => config.d_input,
            Self::Mlp(config) => config.d_input,
            Self::ResNet(config) => config.d_input,
            Self::RealMlp(config) => config.d_input,
            Self::TabM(config) => config.d_input(),
        }
    }

    /// The number of outputs.
    pub fn d_output(&self) -> usize {
        match self {
            Self::Perceptron(config) => config.d_output,
            Self::Mlp(config) => config.d_output,
            Self::ResNet(config) => config.d_output,
            Self::RealMlp(config) => config.d_output,
            Self::TabM(config) => config.d_output,
        }
    }

    /// The number of hidden units and outputs, or `usize::MAX` if there are more. Each has a bias at least, so
    /// a network has no fewer parameters.
    pub fn num_units(&self) -> usize {
        let hidden = match self {
            Self::Perceptron(_) => 0,
            Self::Mlp(config) => sum(&config.hidden_sizes),
            Self::ResNet(config) => {
                let block = config.d_hidden.saturating_add(config.d_block);
                block.saturating_mul(config.num_blocks)
            }
            Self::RealMlp(config) => sum(&config.hidden_sizes),
            Self::TabM(config) => config.d_block.saturating_mul(config.num_blocks),
        };
        hidden.saturating_add(self.d_output())
    }

    /// How many members the backbone has, each with an output for every row.
    pub fn num_members(&self) -> usize {
        match self {
            Self::Perceptron(_) | Self::Mlp(_) | Self::ResNet(_) | Self::RealMlp(_) => 1,
            Self::TabM(config) => config.num_members,
        }
    }
}

/// The sum of sizes, or `usize::MAX` if it is larger.
pub fn sum(sizes: &[usize]) -> usize {
    sizes.iter().fold(0, |sum, &size| sum.saturating_add(size))
}

/// The part of a [`Network`](crate::Network) that maps a vector of numbers to outputs.
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)] // There is one for each network.
pub enum Backbone {
    /// One layer of neurons.
    Perceptron(Perceptron),
    /// Hidden layers of neurons.
    Mlp(Mlp),
    /// Residual blocks.
    ResNet(ResNet),
    /// The network of `RealMLP`.
    RealMlp(RealMlp),
    /// An ensemble that shares its weights.
    TabM(TabM),
}

impl Backbone {
    /// The logits (for a perceptron, the net input) or the predicted numbers.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[num_members · batch_size, d_output]`, one member's rows after another's
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Perceptron(perceptron) => perceptron.net_input(input),
            Self::Mlp(mlp) => mlp.forward(input),
            Self::ResNet(resnet) => resnet.forward(input),
            Self::RealMlp(network) => network.forward(input),
            Self::TabM(tabm) => tabm.forward(input),
        }
    }

    /// The same for members that have rows of their own.
    ///
    /// # Shapes
    ///
    /// - input: `[num_members · batch_size, d_input]`, one member's rows after another's
    /// - output: `[num_members · batch_size, d_output]`
    pub fn forward_members(&self, input: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Perceptron(_) | Self::Mlp(_) | Self::ResNet(_) | Self::RealMlp(_) => {
                self.forward(input)
            }
            Self::TabM(tabm) => tabm.forward_members(input),
        }
    }

    /// All dropouts.
    pub(crate) fn dropouts(&mut self) -> Vec<&mut Dropout> {
        match self {
            Self::Perceptron(_) => Vec::new(),
            Self::Mlp(mlp) => {
                let layers = mlp.hidden.iter_mut();
                layers.map(|layer| &mut layer.dropout).collect()
            }
            Self::ResNet(resnet) => {
                let blocks = resnet.blocks.iter_mut();
                blocks
                    .flat_map(|block| [&mut block.hidden_dropout, &mut block.residual_dropout])
                    .collect()
            }
            Self::RealMlp(network) => {
                let layers = network.hidden.iter_mut();
                layers.map(|layer| &mut layer.dropout).collect()
            }
            Self::TabM(tabm) => vec![&mut tabm.dropout],
        }
    }

    /// How many members the backbone has, each with an output for every row.
    pub fn num_members(&self) -> usize {
        match self {
            Self::Perceptron(_) | Self::Mlp(_) | Self::ResNet(_) | Self::RealMlp(_) => 1,
            Self::TabM(tabm) => tabm.num_members(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_counted_by_layer_and_never_more_than_parameters() {
        let resnet = ResNetConfig::new(3, 2)
            .with_num_blocks(2)
            .with_d_block(5)
            .with_d_hidden(7);
        let tabm = TabMConfig::new(vec![1, 1], 2)
            .with_num_blocks(3)
            .with_d_block(4);
        for (config, units) in [
            (
                BackboneConfig::Perceptron(PerceptronConfig::new(3).with_d_output(2)),
                2,
            ),
            (BackboneConfig::Mlp(MlpConfig::new(3, vec![4, 6], 2)), 12),
            (BackboneConfig::ResNet(resnet), 26),
            (
                BackboneConfig::RealMlp(RealMlpConfig::new(3, 2).with_hidden_sizes(vec![4])),
                6,
            ),
            (BackboneConfig::TabM(tabm), 14),
        ] {
            assert_eq!(config.num_units(), units, "{config:?}");
            assert!(config.init(&Device::flex()).num_params() >= units);
        }
        let huge = MlpConfig::new(3, vec![usize::MAX, 2], 2);
        assert_eq!(BackboneConfig::Mlp(huge).num_units(), usize::MAX);
    }
}
