//! Format version 2: a form for models that predict and another for those that find clusters, and
//! networks whose embedding is not separate from the backbone.
//!
//! ```json
//! {
//!   "format_version": 2,
//!   "network": { "kind": "mlp", "d_input": 4, … },
//!   "output": "softmax",
//!   "quantile": 0.5,
//!   "preprocessor": { … }
//! }
//! ```
//!
//! A network of the kind `tabular` has an `embedding` and a `backbone`, which is an Mlp. A model that
//! finds clusters has `"purpose": "clustering"`, and `clusters` instead of `output` and `quantile`.

use serde_json::{Map, Value, json};

/// The document as format version 3 would have it. Whatever is not as version 2 wrote it is left as
/// it is, so that reading the result reports it.
pub fn upgrade(mut document: Map<String, Value>) -> Map<String, Value> {
    document.remove("format_version");
    let preprocessor = document.remove("preprocessor");
    if !document.contains_key("purpose") {
        document.insert("purpose".to_owned(), json!("prediction"));
        if let Some(network) = document.get_mut("network") {
            upgrade_network(network);
        }
    }
    let mut upgraded = Map::new();
    upgraded.insert("format_version".to_owned(), json!(3));
    upgraded.extend(preprocessor.map(|preprocessor| ("preprocessor".to_owned(), preprocessor)));
    // What remains describes the network and its outputs.
    upgraded.insert("model".to_owned(), Value::Object(document));
    upgraded
}

fn upgrade_network(network: &mut Value) {
    *network = if network["kind"] == "tabular" {
        let (mut backbone, embedding) = (network["backbone"].take(), network["embedding"].take());
        if let Some(backbone) = backbone.as_object_mut() {
            backbone.insert("kind".to_owned(), json!("mlp"));
        }
        let d_embedding = embedding["d_embedding"].as_u64().unwrap_or(0);
        // A damaged file may claim any length.
        let vectors = num_features(&embedding).saturating_mul(d_embedding);
        json!({
            "inputs": {
                "d_numbers": width(&backbone).map(|width| width.saturating_sub(vectors)),
                "embedding": embedding,
            },
            "backbone": backbone,
        })
    } else {
        json!({ "inputs": { "d_numbers": width(network) }, "backbone": network.take() })
    };
}

fn width(backbone: &Value) -> Option<u64> {
    backbone["d_input"].as_u64()
}

fn num_features(embedding: &Value) -> u64 {
    let cardinalities = embedding["cardinalities"].as_array();
    cardinalities.map_or(0, |cardinalities| cardinalities.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upgraded(old: Value) -> Value {
        let Value::Object(old) = old else {
            unreachable!("it is an object");
        };
        Value::Object(upgrade(old))
    }

    #[test]
    fn a_network_becomes_inputs_and_a_backbone() {
        let old = json!({
            "format_version": 2,
            "network": { "kind": "mlp", "d_input": 4, "d_output": 3 },
            "output": "softmax",
            "quantile": 0.5,
            "preprocessor": { "features": [] },
        });

        assert_eq!(
            upgraded(old),
            json!({
                "format_version": 3,
                "preprocessor": { "features": [] },
                "model": {
                    "purpose": "prediction",
                    "network": {
                        "inputs": { "d_numbers": 4 },
                        "backbone": { "kind": "mlp", "d_input": 4, "d_output": 3 },
                    },
                    "output": "softmax",
                    "quantile": 0.5,
                },
            })
        );
    }

    #[test]
    fn an_embedding_becomes_part_of_the_inputs() {
        let embedding = json!({ "cardinalities": [12, 42], "d_embedding": 8 });
        let mut network = json!({
            "kind": "tabular",
            "embedding": embedding,
            // Six numbers and two vectors of eight.
            "backbone": { "d_input": 22, "d_output": 2 },
        });

        upgrade_network(&mut network);

        assert_eq!(
            network,
            json!({
                "inputs": { "d_numbers": 6, "embedding": embedding },
                "backbone": { "kind": "mlp", "d_input": 22, "d_output": 2 },
            })
        );
    }

    #[test]
    fn an_embedding_of_any_length_is_left_to_be_reported() {
        let mut network = json!({
            "kind": "tabular",
            "embedding": { "cardinalities": [12, 42], "d_embedding": u64::MAX },
            "backbone": { "d_input": 22, "d_output": 2 },
        });

        upgrade_network(&mut network);

        assert_eq!(network["inputs"]["d_numbers"], 0);
        assert_eq!(network["inputs"]["embedding"]["d_embedding"], u64::MAX);
    }

    #[test]
    fn the_network_of_a_clustering_is_unchanged() {
        let network = json!({ "kind": "self_organising_map", "d_input": 2 });
        let old = json!({
            "format_version": 2,
            "purpose": "clustering",
            "network": network,
            "clusters": [0, 1],
            "preprocessor": {},
        });

        assert_eq!(
            upgraded(old),
            json!({
                "format_version": 3,
                "preprocessor": {},
                "model": { "purpose": "clustering", "network": network, "clusters": [0, 1] },
            })
        );
    }
}
