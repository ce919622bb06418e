use mlp_inference::{NetworkLayer, OutputKind, SavedModel, TrainedNetwork};
use mlp_models::clustering::ClustererConfig;
use mlp_models::{BackboneConfig, NetworkConfig};
use mlp_report::chart::{Layer, LayerChart};
use mlp_report::{Block, Figure, Section, count};

/// How many members of an ensemble are drawn.
const MOST_MEMBERS: usize = 6;
/// How many layers are drawn of a network.
const MOST_LAYERS: usize = 14;

/// A drawing of the network, or of each member of an ensemble.
pub fn section(model: &SavedModel) -> Section {
    let section = Section::new("network", "Network");
    let figure = |name: &str, title: &str, model: &SavedModel| {
        let layers = layers(model);
        let total: usize = parameters(&model.trained_network().layers(), "");
        let described: Vec<String> = layers
            .iter()
            .map(|layer| format!("{} of {}", layer.name, layer.width))
            .collect();
        let chart = LayerChart {
            title: title.to_owned(),
            description: format!("From the inputs to the outputs: {}", described.join(", ")),
            layers,
        };
        let caption = format!(
            "What goes from the inputs at the top to the outputs: how many numbers each layer gives for a row, \
             and how many weights it has learned, {} in all.",
            count(total)
        );
        Figure::new(name, chart.draw(), caption)
    };
    match model.trained_network() {
        TrainedNetwork::Ensemble { members, .. } => {
            let figures = members
                .iter()
                .zip(1..)
                .take(MOST_MEMBERS)
                .map(|(member, number)| {
                    figure(
                        &format!("network_{number}"),
                        &format!("Member {number}"),
                        member,
                    )
                });
            section
                .with_text(format!(
                    "{} networks predict, and the mean of their predictions is taken.",
                    members.len()
                ))
                .with(Block::Figures(figures.collect()))
        }
        TrainedNetwork::Prediction { .. } | TrainedNetwork::Clustering { .. } => section.with(
            Block::Figures(vec![figure("network", "The network", model)]),
        ),
    }
}

/// The layers of a network as they are drawn; of the first member of an ensemble.
fn layers(model: &SavedModel) -> Vec<Layer> {
    let tensors = model.trained_network().layers();
    let mut layers = match model.trained_network() {
        TrainedNetwork::Prediction { config, output, .. } => {
            let mut layers = input_layers(config, &tensors);
            layers.extend(backbone_layers(&config.backbone, &tensors));
            if let Some(last) = layers.last_mut() {
                last.detail = outputs(*output, last.width, model);
            }
            layers
        }
        TrainedNetwork::Ensemble { members, .. } => {
            members.first().map_or(Vec::new(), self::layers)
        }
        TrainedNetwork::Clustering {
            config, clusters, ..
        } => cluster_layers(config, clusters, &tensors),
    };
    if layers.len() > MOST_LAYERS {
        let left_out = layers.len() - MOST_LAYERS + 1;
        let middle = MOST_LAYERS / 2;
        let removed: Vec<Layer> = layers.drain(middle..middle + left_out).collect();
        let parameters = removed.iter().map(|layer| layer.parameters).sum();
        let width = removed.last().map_or(0, |layer| layer.width);
        layers.insert(
            middle,
            layer(&format!("{left_out} more layers"), "", width, parameters),
        );
    }
    layers
}

fn layer(name: &str, detail: &str, width: usize, parameters: usize) -> Layer {
    Layer {
        name: name.to_owned(),
        detail: detail.to_owned(),
        width,
        parameters,
    }
}

/// How many numbers the layers have learned whose paths have such a part.
fn parameters(layers: &[NetworkLayer], part: &str) -> usize {
    let is_part = |layer: &&NetworkLayer| {
        let path = layer.path.strip_prefix("backbone").unwrap_or(&layer.path);
        let path = path.strip_prefix('.').unwrap_or(path);
        part.is_empty()
            || path
                .strip_prefix(part)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    layers
        .iter()
        .filter(is_part)
        .map(NetworkLayer::num_parameters)
        .sum()
}

fn input_layers(config: &NetworkConfig, tensors: &[NetworkLayer]) -> Vec<Layer> {
    let inputs = &config.inputs;
    let categories = inputs.cardinalities().len();
    let detail = match (inputs.d_numbers, categories) {
        (_, 0) => String::new(),
        (0, categories) => format!("{categories} categories"),
        (numbers, categories) => format!("{numbers} numbers, {categories} categories"),
    };
    let mut layers = vec![layer("inputs", &detail, inputs.d_numbers + categories, 0)];
    if inputs.numerical.is_some() || inputs.embedding.is_some() {
        let what = match (&inputs.numerical, &inputs.embedding) {
            (Some(_), Some(_)) => "of numbers and categories",
            (Some(_), None) => "of numbers",
            (None, _) => "of categories",
        };
        let learned = ["numerical", "embedding"].map(|part| parameters(tensors, part));
        let width = inputs.d_output();
        layers.push(layer("embedding", what, width, learned.iter().sum()));
    }
    layers
}

fn backbone_layers(config: &BackboneConfig, tensors: &[NetworkLayer]) -> Vec<Layer> {
    let of = |part: &str| parameters(tensors, part);
    let rate = |rate: f64| match rate {
        0.0 => String::new(),
        rate => format!(", dropout {rate}"),
    };
    let last = |width: usize, learned: usize| layer("outputs", "", width, learned);
    match config {
        BackboneConfig::Perceptron(config) => {
            let learned = of("");
            let embedded = ["numerical", "embedding"].map(of).iter().sum::<usize>();
            vec![last(config.d_output, learned - embedded)]
        }
        BackboneConfig::Mlp(config) => {
            let hidden = config
                .hidden_sizes
                .iter()
                .enumerate()
                .map(|(index, &size)| {
                    let activation = config.activations[index.min(config.activations.len() - 1)];
                    let detail = format!("{activation}{}", rate(config.dropout));
                    let name = format!("hidden layer {}", index + 1);
                    layer(&name, &detail, size, of(&format!("hidden.{index}")))
                });
            hidden
                .chain([last(config.d_output, of("output"))])
                .collect()
        }
        BackboneConfig::ResNet(config) => {
            let first = layer("linear layer", "", config.d_block, of("input"));
            let blocks = (0..config.num_blocks).map(|index| {
                let detail = format!("within {}{}", config.d_hidden, rate(config.hidden_dropout));
                let name = format!("residual block {}", index + 1);
                layer(
                    &name,
                    &detail,
                    config.d_block,
                    of(&format!("blocks.{index}")),
                )
            });
            let learned = of("normalization") + of("output");
            [first]
                .into_iter()
                .chain(blocks)
                .chain([last(config.d_output, learned)])
                .collect()
        }
        BackboneConfig::RealMlp(config) => {
            let hidden = config
                .hidden_sizes
                .iter()
                .enumerate()
                .map(|(index, &size)| {
                    let detail = format!("{}{}", config.activation, rate(config.dropout));
                    let name = format!("hidden layer {}", index + 1);
                    let mut learned = of(&format!("hidden.{index}"));
                    if index == 0 {
                        learned += of("scale");
                    }
                    layer(&name, &detail, size, learned)
                });
            hidden
                .chain([last(config.d_output, of("output"))])
                .collect()
        }
        BackboneConfig::TabM(config) => {
            let detail = format!("{} members{}", config.num_members, rate(config.dropout));
            let learned = of("layers");
            let hidden = (0..config.num_blocks).map(|index| {
                let name = format!("hidden layer {}", index + 1);
                // They share some of their weights, which are counted with the first.
                layer(
                    &name,
                    &detail,
                    config.d_block,
                    if index == 0 { learned } else { 0 },
                )
            });
            hidden
                .chain([last(config.d_output, of("output"))])
                .collect()
        }
    }
}

/// What the outputs mean.
fn outputs(output: OutputKind, width: usize, model: &SavedModel) -> String {
    match output {
        OutputKind::Softmax => "softmax: a probability for each class".to_owned(),
        OutputKind::Sigmoid if width == 1 => "sigmoid: a probability".to_owned(),
        OutputKind::Sigmoid => "sigmoids: a probability for each class".to_owned(),
        OutputKind::Scores => "scores, of which the highest wins".to_owned(),
        OutputKind::Numbers => model.target_names().join(", "),
    }
}

fn cluster_layers(
    config: &ClustererConfig,
    clusters: &[usize],
    tensors: &[NetworkLayer],
) -> Vec<Layer> {
    let of = |part: &str| parameters(tensors, part);
    let num_clusters = clusters.iter().max().map_or(0, |last| last + 1);
    let inputs = layer("inputs", "", config.d_input(), 0);
    match config {
        ClustererConfig::SelfOrganisingMap(config) => {
            let grid = &config.grid;
            let detail = format!("{} × {} units", grid.rows, grid.columns);
            vec![
                inputs,
                layer("map", &detail, grid.num_units(), of("")),
                layer("clusters of units", "", num_clusters, 0),
            ]
        }
        ClustererConfig::DeepEmbeddedClustering(config) => {
            let autoencoder = &config.autoencoder;
            let hidden = autoencoder
                .hidden_sizes
                .iter()
                .enumerate()
                .map(|(index, &size)| {
                    let name = format!("encoder layer {}", index + 1);
                    let learned = of(&format!("autoencoder.encoder.hidden.{index}"));
                    layer(&name, &autoencoder.activation.to_string(), size, learned)
                });
            let code = of("autoencoder.encoder.output");
            let decoder = of("autoencoder.decoder");
            let detail = format!("decoded by {} weights", count(decoder));
            [inputs]
                .into_iter()
                .chain(hidden)
                .chain([
                    layer("code", &detail, autoencoder.d_code, code),
                    layer(
                        "centroids",
                        "the nearest one wins",
                        config.num_clusters,
                        of("centroids"),
                    ),
                ])
                .collect()
        }
    }
}
