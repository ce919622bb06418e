//! A `model.json` whose parts do not fit each other is an error that says which.

use std::fs;
use std::path::Path;

use mlp_inference::{Description, Error};
use serde_json::{Value, json};

/// Reads the description of a saved model after a change, without a digest, as another program would write it.
fn edited(model: &str, change: impl FnOnce(&mut Value)) -> Result<Description, Error> {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let text = fs::read_to_string(formats.join(model).join("model.json")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    document.as_object_mut().unwrap().remove("sha256");
    change(&mut document);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.json"), document.to_string()).unwrap();
    Description::load(folder.path())
}

/// Expects that a description is valid, or that it contradicts itself for a reason.
fn assert_contradiction(found: Result<Description, Error>, expected: Option<&str>) {
    let found = match found {
        Ok(_) => None,
        Err(Error::Contradiction { reason, .. }) => Some(reason),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(found.as_deref(), expected);
}

#[test]
fn a_quantile_is_between_0_and_1() {
    for (quantile, text) in [(0.0, "0"), (1.0, "1"), (-0.5, "-0.5"), (1.5, "1.5")] {
        let found = edited("v3-two-targets", |document| {
            document["model"]["quantile"] = json!(quantile);
        });
        let expected = format!("`quantile` is {text}, but must be in (0, 1)");
        assert_contradiction(found, Some(&expected));
    }
    for quantile in [0.001, 0.999] {
        let found = edited("v3-two-targets", |document| {
            document["model"]["quantile"] = json!(quantile);
        });
        assert_contradiction(found, None);
    }
}

#[test]
fn there_is_an_output_for_each_class_or_one_that_decides_between_two() {
    for (num_classes, d_output, output, is_valid) in [
        (3, 3, "softmax", true),
        (3, 3, "sigmoid", true),
        (3, 3, "scores", true),
        (2, 2, "softmax", true),
        (2, 1, "sigmoid", true),
        (2, 1, "scores", true),
        // It would always be certain.
        (2, 1, "softmax", false),
        (3, 1, "sigmoid", false),
        (3, 1, "softmax", false),
        (2, 3, "sigmoid", false),
        (3, 2, "scores", false),
    ] {
        let found = edited("v3-iris-layer-norm", |document| {
            let classes = &["a", "b", "c"][..num_classes];
            document["preprocessor"]["target"]["classes"] = json!(classes);
            document["model"]["network"]["backbone"]["d_output"] = json!(d_output);
            document["model"]["output"] = json!(output);
        });
        let expected = format!(
            "the network has {d_output} outputs of the kind `{output}`, but there are \
             {num_classes} classes"
        );
        let expected = (!is_valid).then_some(expected.as_str());
        assert_contradiction(found, expected);
    }
}

#[test]
fn there_is_an_output_of_the_kind_numbers_for_each_number() {
    let found = edited("v3-two-targets", |document| {
        document["model"]["network"]["backbone"]["d_output"] = json!(3);
    });
    assert_contradiction(
        found,
        Some("the network has 3 outputs, but there are 2 targets"),
    );
    for output in ["softmax", "sigmoid", "scores"] {
        let found = edited("v3-two-targets", |document| {
            document["model"]["output"] = json!(output);
        });
        let expected = format!("the target is a number, but the output is `{output}`");
        assert_contradiction(found, Some(&expected));
    }
}

#[test]
fn a_model_that_predicts_has_a_target() {
    let found = edited("v3-two-targets", |document| {
        document["preprocessor"]["target"] = json!({ "kind": "nothing" });
    });
    assert_contradiction(found, Some("a model that predicts has no target"));
}

#[test]
fn each_prototype_is_in_a_cluster() {
    for (clusters, expected) in [
        (vec![8; 9], None),
        (
            vec![0; 8],
            Some("the network has 9 prototypes, but there are clusters for 8"),
        ),
        (
            vec![0; 10],
            Some("the network has 9 prototypes, but there are clusters for 10"),
        ),
        (
            vec![0, 0, 0, 9, 0, 0, 0, 0, 0],
            Some("a prototype is in cluster 9, but there are 9 prototypes"),
        ),
    ] {
        let found = edited("v3-iris-som", |document| {
            document["model"]["clusters"] = json!(clusters);
        });
        assert_contradiction(found, expected);
    }
}

#[test]
fn categories_have_as_many_indices_as_the_network_takes() {
    let found = edited("v3-fruit-embedding", |document| {
        document["model"]["network"]["inputs"]["embedding"]["cardinalities"] = json!([6]);
    });
    assert_contradiction(
        found,
        Some(
            "the preprocessing gives categories with cardinalities [5], but the network takes [6]",
        ),
    );
}

/// The distances of all pairs of units would be allocated.
#[test]
fn a_map_of_more_units_than_their_pairs_fit_into_memory_is_an_error() {
    let found = edited("v3-iris-som", |document| {
        document["model"]["network"]["grid"]["rows"] = json!(100_000);
        document["model"]["clusters"] = json!(vec![0; 300_000]);
    });
    let error = found.unwrap_err();
    assert!(matches!(error, Error::Network { .. }), "{error}");
}

/// Lengths whose products and sums are beyond what a computer counts to.
#[test]
fn vectors_of_any_length_are_errors() {
    for model in ["v2-fruit-embedding", "v3-fruit-embedding"] {
        let found = edited(model, |document| {
            let is_old = document["format_version"] == 2;
            let embedding = if is_old {
                &mut document["network"]["embedding"]
            } else {
                &mut document["model"]["network"]["inputs"]["embedding"]
            };
            *embedding = json!({ "cardinalities": [5, 5], "d_embedding": u64::MAX });
        });
        let error = found.unwrap_err();
        assert!(matches!(error, Error::Network { .. }), "{error}");
    }
    for (columns, d_embedding) in [(json!([0, 1]), u64::MAX), (json!([0]), u64::MAX - 1)] {
        let found = edited("v3-two-targets", |document| {
            let num_features = columns.as_array().unwrap().len();
            document["model"]["network"]["inputs"]["numerical"] = json!({
                "columns": columns,
                "embedding": {
                    "kind": "pbld",
                    "num_features": num_features,
                    "num_frequencies": 4,
                    "frequency_scale": 0.1,
                    "d_embedding": d_embedding,
                },
            });
        });
        let error = found.unwrap_err();
        assert!(matches!(error, Error::Network { .. }), "{error}");
    }
}

fn edited_ensemble(members: usize, weights: &[f64]) -> Result<Description, Error> {
    edited("v3-two-targets", |document| {
        document["model"] = json!({
            "purpose": "ensemble",
            "members": members,
            "weights": weights,
        });
    })
}

#[test]
fn the_members_of_an_ensemble_have_shares_of_1() {
    for (members, weights, expected) in [
        (2, &[][..], None),
        (2, &[0.25, 0.75], None),
        (1, &[1.0], None),
        (2, &[0.0, 1.0], None),
        // As decimal numbers may be rounded.
        (2, &[0.5, 0.500_000_000_9], None),
        (0, &[], Some("an ensemble has no members")),
        (
            2,
            &[1.0],
            Some("an ensemble has 2 members, but weights of 1"),
        ),
        (
            1,
            &[0.5, 0.5],
            Some("an ensemble has 1 members, but weights of 2"),
        ),
        (
            2,
            &[1.5, -0.5],
            Some("the weight of a member is -0.5, but must be 0 or more"),
        ),
        (
            2,
            &[0.5, 0.75],
            Some("the weights of the members have the sum 1.25, but must have 1"),
        ),
        (
            2,
            &[0.25, 0.5],
            Some("the weights of the members have the sum 0.75, but must have 1"),
        ),
    ] {
        assert_contradiction(edited_ensemble(members, weights), expected);
    }
}
