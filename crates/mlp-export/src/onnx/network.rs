use mlp_models::{EntityEmbedding, Network, NetworkConfig, NumericalInputsConfig};

use super::attribute::int;
use super::features::NetworkInputs;
use super::graph::{Graph, Tensor};
use crate::error::Error;

/// The outputs of a network: `[N, d_output]`, or `[num_members, N, d_output]` for one of several members.
///
/// # Errors
///
/// If the weights cannot be read.
pub fn network_outputs(
    graph: &mut Graph,
    network: &Network,
    config: &NetworkConfig,
    inputs: &NetworkInputs,
    prefix: &str,
) -> Result<Tensor, Error> {
    let mut parts = Vec::new();
    if let Some(numbers) = &inputs.numbers {
        parts.push(match (&network.numerical, &config.inputs.numerical) {
            (Some(numerical), Some(numerical_config)) => {
                let embedding = &numerical.embedding;
                let name = format!("{prefix}numerical.embedding");
                let NumericalInputsConfig {
                    columns,
                    embedding: config_of_embedding,
                } = numerical_config;
                let d_numbers = config.inputs.d_numbers;
                let embedded = graph.columns(numbers, columns, d_numbers);
                let vectors =
                    graph.embed_numbers(&name, embedding, config_of_embedding, &embedded)?;
                let others = (0..d_numbers).filter(|column| !columns.contains(column));
                let others: Vec<usize> = others.collect();
                if others.is_empty() {
                    vectors
                } else {
                    let others = graph.columns(numbers, &others, d_numbers);
                    graph.concat(&[vectors, others], 1)
                }
            }
            _ => numbers.clone(),
        });
    }
    if let (Some(embedding), Some(categories)) = (&network.embedding, &inputs.categories) {
        parts.push(embed_categories(graph, embedding, categories, prefix)?);
    }
    let input = graph.concat(&parts, 1);
    graph.backbone(&format!("{prefix}backbone"), &network.backbone, &input)
}

/// The vectors of categories side by side, from rows of the matrix of all vectors: `[N, num_features]`.
fn embed_categories(
    graph: &mut Graph,
    embedding: &EntityEmbedding,
    rows: &Tensor,
    prefix: &str,
) -> Result<Tensor, Error> {
    let weight = embedding.embedding.weight.val();
    let weight = graph.weights(&format!("{prefix}embedding.embedding.weight"), weight)?;
    let vectors = graph.gather(&weight, rows, 0);
    Ok(flatten(graph, &vectors))
}

/// `[N, a, b]` as `[N, a·b]`.
pub fn flatten(graph: &mut Graph, x: &Tensor) -> Tensor {
    graph.node("Flatten", &[x], vec![int("axis", 1)])
}
