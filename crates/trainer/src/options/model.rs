use clap::Args;
use mlp_models::NormalizationKind;
use mlp_models::activation::ActivationConfig;
use mlp_models::clustering::{Neighbourhood, Topology};
use mlp_training::{ClusterCount, GridSize, Model, NumericalKind, Preset};
use serde::{Deserialize, Deserializer, Serialize};
use strum::VariantArray;

use super::named;

/// What the network is.
#[derive(Args, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Model")]
pub struct ModelOptions {
    /// Type of network and its learning rule [default: chosen by the preset; idec for clustering]
    #[arg(long = "model", value_parser = named::<Model>())]
    pub name: Option<Model>,
    /// How much time a good model may take, by which the model and its settings are chosen
    /// [default: default]
    #[arg(long, value_parser = named::<Preset>(), conflicts_with = "name")]
    pub preset: Option<Preset>,
    /// Models of an ensemble, such as `tabm-mini,real-mlp` [default: two each of four that are
    /// strong together]
    #[arg(long, value_name = "MODELS", value_delimiter = ',', value_parser = named::<Model>())]
    pub members: Option<Vec<Model>>,
    /// Units of each hidden layer, such as `64,64`; `none` for a linear model [default: by model and
    /// number of rows]
    #[arg(long, value_name = "SIZES", value_parser = parse_sizes)]
    pub hidden: Option<Sizes>,
    /// Activation of the hidden layers, one for all or one for each, such as `tanh,relu`: step,
    /// sigmoid, tanh, relu, `leaky_relu`, elu, selu, gelu, silu, mish, softplus or identity
    /// [default: tanh for few rows, else relu]
    #[arg(long, value_name = "NAMES", value_parser = parse_activations)]
    #[serde(deserialize_with = "one_or_more")]
    pub activation: Option<Activations>,
    /// Probability that a hidden unit is dropped in a training step, in [0, 1) [default: 0]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub dropout: Option<f64>,
    /// Normalisation of the hidden layers [default: none]
    #[arg(long, value_name = "KIND", value_parser = named::<NormalizationKind>())]
    pub normalization: Option<NormalizationKind>,
    /// Residual blocks of a resnet, or hidden layers of a tabm [default: 2]
    #[arg(long, value_name = "N")]
    pub num_blocks: Option<usize>,
    /// Width of each block of a resnet, or of each hidden layer of a tabm [default: 192; 512]
    #[arg(long, value_name = "N")]
    pub d_block: Option<usize>,
    /// Hidden units of each block of a resnet [default: 384]
    #[arg(long, value_name = "N")]
    pub d_hidden: Option<usize>,
    /// Probability that a hidden unit of a block is dropped in a training step, in [0, 1)
    /// [default: 0.3]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub hidden_dropout: Option<f64>,
    /// Probability that an output of a block is dropped in a training step, in [0, 1) [default: 0]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub residual_dropout: Option<f64>,
    /// Numbers that an embedded category becomes [default: 8]
    #[arg(long, value_name = "N")]
    pub d_embedding: Option<usize>,
    /// How numbers become vectors [default: by model; none for mlp]
    #[arg(long, value_name = "KIND", value_parser = named::<NumericalKind>())]
    pub numerical_embedding: Option<NumericalKind>,
    /// Numbers that an embedded number becomes [default: by model]
    #[arg(long, value_name = "N")]
    pub d_numerical: Option<usize>,
    /// Bins of piecewise-linear embeddings [default: 128, of small tables fewer]
    #[arg(long, value_name = "N")]
    pub num_bins: Option<usize>,
    /// Frequencies of periodic embeddings [default: by model]
    #[arg(long, value_name = "N")]
    pub num_frequencies: Option<usize>,
    /// Standard deviation of these frequencies at the start, above 0 [default: by model]
    #[arg(long, value_name = "SIGMA", allow_negative_numbers = true)]
    pub frequency_scale: Option<f64>,
    /// Members of a tabm [default: 32]
    #[arg(long, value_name = "N")]
    pub num_members: Option<usize>,
    /// Whether the members of a tabm learn from the same batches [default: false]
    #[arg(long, value_name = "BOOL")]
    pub share_batches: Option<bool>,
    /// Number of clusters, 2 or more, or `auto` for the number with the best silhouette
    /// [default: auto]
    #[arg(long, value_name = "K")]
    pub clusters: Option<ClusterCount>,
    /// Rows and columns of units of a map, such as `8x8` [default: by number of rows]
    #[arg(long, value_name = "ROWSxCOLUMNS")]
    pub grid: Option<GridSize>,
    /// Arrangement of the units of a map [default: rectangular]
    #[arg(long, value_name = "KIND", value_parser = named::<Topology>())]
    pub topology: Option<Topology>,
    /// Which units of a map learn with the winner [default: gaussian]
    #[arg(long, value_name = "KIND", value_parser = named::<Neighbourhood>())]
    pub neighbourhood: Option<Neighbourhood>,
    /// Radius of the neighbourhood in a map's last steps, in units of the grid, above 0: a larger
    /// one keeps neighbours together, a smaller one comes closer to the rows [default: 0.34]
    #[arg(long, value_name = "RADIUS", allow_negative_numbers = true)]
    pub last_radius: Option<f64>,
    /// Penalty when a row's two nearest units are not neighbours on the map, 0 or more; 0 is
    /// Kohonen's rule [default: 0.4]
    #[arg(long, value_name = "WEIGHT", allow_negative_numbers = true)]
    pub tear_weight: Option<f64>,
    /// Width of an autoencoder's code [default: 10]
    #[arg(long, value_name = "N")]
    pub d_code: Option<usize>,
    /// Whether the decoder has the encoder's weights, transposed [default: false]
    #[arg(long, value_name = "BOOL")]
    pub tied: Option<bool>,
    /// Standard deviation of the noise that an autoencoder learns to remove, 0 or more [default: 0]
    #[arg(long, value_name = "SIGMA", allow_negative_numbers = true)]
    pub denoising: Option<f64>,
    /// Number of nearest neighbours whose codes are pulled towards a row's; 0 to learn from
    /// reconstructions alone [default: by number of rows, at most 15]
    #[arg(long, value_name = "N")]
    pub neighbours: Option<usize>,
    /// Weight of the clustering loss, above 0 [default: 0.7 for idec, 1 for dec]
    #[arg(long, value_name = "WEIGHT", allow_negative_numbers = true)]
    pub gamma: Option<f64>,
}

/// Sizes of hidden layers. An alias, since clap takes `Vec` for an option that may be repeated.
type Sizes = Vec<usize>;
/// Activations of hidden layers, likewise.
type Activations = Vec<ActivationConfig>;

fn parse_sizes(text: &str) -> Result<Sizes, String> {
    if text == "none" {
        return Ok(Vec::new());
    }
    let parse = |size: &str| match size.trim().parse() {
        Ok(0) | Err(_) => Err(format!(
            "`{size}` is not a valid layer size: give whole numbers of 1 or more, such as `64,64`, \
             or `none`"
        )),
        Ok(size) => Ok(size),
    };
    text.split(',').map(parse).collect()
}

fn parse_activations(text: &str) -> Result<Activations, String> {
    let parse = |name: &str| {
        name.trim().parse().map_err(|_| {
            let names = ActivationConfig::VARIANTS.iter().map(ToString::to_string);
            let names: Vec<_> = names.collect();
            format!(
                "there is no activation `{name}`; there are {}",
                names.join(", ")
            )
        })
    };
    text.split(',').map(parse).collect()
}

/// Accepts `"relu"` as well as `["relu", "tanh"]`.
fn one_or_more<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Activations>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "the name of an activation, or a list of names")]
    enum OneOrMore {
        One(ActivationConfig),
        More(Activations),
    }
    Ok(Some(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(activation) => vec![activation],
        OneOrMore::More(activations) => activations,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_sizes_are_whole_numbers_from_one_on() {
        assert_eq!(parse_sizes("64, 32"), Ok(vec![64, 32]));
        assert_eq!(parse_sizes("none"), Ok(vec![]));
        for text in ["0", "64,0", "", "64,,32", "-1", "2.5"] {
            assert!(parse_sizes(text).is_err(), "`{text}` was accepted");
        }
    }

    #[test]
    fn a_file_may_name_one_activation_or_several() {
        let options: ModelOptions = toml::from_str("activation = 'tanh'").unwrap();
        assert_eq!(options.activation, Some(vec![ActivationConfig::Tanh]));

        let options: ModelOptions = toml::from_str("activation = ['tanh', 'relu']").unwrap();
        assert_eq!(
            options.activation,
            Some(vec![ActivationConfig::Tanh, ActivationConfig::Relu])
        );
    }

    #[test]
    fn an_unknown_activation_is_answered_with_all_names() {
        let message = parse_activations("tanh,relo").unwrap_err();
        assert!(message.starts_with("there is no activation `relo`; there are step, "));
        assert!(message.ends_with("softplus, identity"), "{message}");
    }
}
