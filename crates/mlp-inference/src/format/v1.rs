//! Format version 1: every feature is a number, and there is at most one number to predict.
//!
//! ```json
//! {
//!   "format_version": 1,
//!   "network": { "kind": "mlp", "d_input": 4, … },
//!   "output": "softmax",
//!   "preprocessor": {
//!     "features": [{ "name": "sepal_length", "mean": 5.8, "std": 0.8 }, …],
//!     "target": { "kind": "numbers", "name": "price", "mean": 1.0, "std": 2.0, "min": …, "max": … }
//!   }
//! }
//! ```

use serde_json::{Map, Value, json};

/// The document as format version 2 would have it. Whatever is not as version 1 wrote it is left as
/// it is, so that reading the result reports it.
pub fn upgrade(mut document: Map<String, Value>) -> Map<String, Value> {
    document.insert("format_version".to_owned(), json!(2));
    document.insert("quantile".to_owned(), json!(0.5));
    if let Some(preprocessor) = document.get_mut("preprocessor") {
        let features = preprocessor.get_mut("features");
        for feature in features.and_then(Value::as_array_mut).into_iter().flatten() {
            *feature = upgrade_feature(feature);
        }
        if let Some(target) = preprocessor.get_mut("target") {
            upgrade_target(target);
        }
    }
    document
}

/// Version 1 had no missing values. One that is missing now is replaced by the mean.
fn upgrade_feature(feature: &Value) -> Value {
    let (name, mean, std) = (&feature["name"], &feature["mean"], &feature["std"]);
    json!({
        "kind": "numeric",
        "name": name,
        "scaler": { "kind": "standard", "mean": mean, "std": std },
        "median": mean,
        "indicator": false,
    })
}

fn upgrade_target(target: &mut Value) {
    if target["kind"] != "numbers" {
        return;
    }
    if let Value::Object(mut output) = target.take() {
        output.remove("kind");
        *target = json!({ "kind": "numbers", "outputs": [output] });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_become_numeric_and_a_number_becomes_a_list_of_one() {
        let old = json!({
            "format_version": 1,
            "network": { "kind": "perceptron", "d_input": 1 },
            "output": "numbers",
            "preprocessor": {
                "features": [{ "name": "x", "mean": 2.0, "std": 3.0 }],
                "target": {
                    "kind": "numbers", "name": "y", "mean": 1.0, "std": 2.0, "min": 0.0, "max": 5.0
                },
            },
        });
        let Value::Object(old) = old else {
            unreachable!("it is an object");
        };

        let new = Value::Object(upgrade(old));

        assert_eq!(
            new,
            json!({
                "format_version": 2,
                "network": { "kind": "perceptron", "d_input": 1 },
                "output": "numbers",
                "quantile": 0.5,
                "preprocessor": {
                    "features": [{
                        "kind": "numeric",
                        "name": "x",
                        "scaler": { "kind": "standard", "mean": 2.0, "std": 3.0 },
                        "median": 2.0,
                        "indicator": false,
                    }],
                    "target": {
                        "kind": "numbers",
                        "outputs": [
                            { "name": "y", "mean": 1.0, "std": 2.0, "min": 0.0, "max": 5.0 }
                        ],
                    },
                },
            })
        );
    }
}
