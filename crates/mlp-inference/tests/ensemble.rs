//! Models of the same target are combined into one, which is saved and loaded with its members.

use std::fs;
use std::path::Path;

use mlp_datasets::{BuiltIn, Dialect, LoadOptions, Preprocessor, Scaling, Table, Target};
use mlp_inference::{Device, Error, OutputKind, SavedModel, TrainedNetwork};
use mlp_models::clustering::{ClustererConfig, Grid, SelfOrganisingMapConfig, Topology};
use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig};
use serde_json::Value;

const ROWS: [usize; 3] = [0, 50, 149];

fn iris() -> Table {
    let dataset = BuiltIn::Iris.load(&LoadOptions::default()).unwrap();
    dataset.table
}

/// The table with another target.
fn with_target(target: Target) -> Table {
    Table::new(iris().columns().to_vec(), Some(target)).unwrap()
}

fn classes(name: &str, classes: [&str; 3]) -> Table {
    let Some(Target::Classes { labels, .. }) = iris().target().cloned() else {
        panic!("iris has classes");
    };
    with_target(Target::Classes {
        name: name.to_owned(),
        labels,
        classes: classes.map(str::to_owned).to_vec(),
    })
}

fn numbers(name: &str) -> Table {
    with_target(Target::Numbers {
        names: vec![name.to_owned()],
        values: (0..150).map(f64::from).collect(),
    })
}

/// An untrained network, each time another one.
fn model(table: &Table, output: OutputKind, quantile: f64) -> SavedModel {
    let device = Device::flex();
    let rows: Vec<usize> = (0..table.num_rows()).collect();
    let preprocessor = Preprocessor::fit(table, &rows, Scaling::Standard).unwrap();
    let d_output = preprocessor.classes().map_or(1, <[String]>::len);
    let config = NetworkConfig {
        inputs: InputsConfig::new(4, &[], 0),
        backbone: BackboneConfig::Mlp(MlpConfig::new(4, vec![8], d_output)),
    };
    let trained = TrainedNetwork::Prediction {
        network: config.init(&device),
        config,
        output,
        quantile,
    };
    SavedModel::new(trained, preprocessor, Dialect::default(), &device)
}

fn classifier() -> SavedModel {
    model(&iris(), OutputKind::Softmax, 0.5)
}

fn regressor() -> SavedModel {
    model(&numbers("rank"), OutputKind::Numbers, 0.9)
}

fn map() -> SavedModel {
    let device = Device::flex();
    let rows: Vec<usize> = (0..150).collect();
    let preprocessor = Preprocessor::fit_features(&iris(), &rows, Scaling::Standard).unwrap();
    let grid = Grid {
        rows: 1,
        columns: 2,
        topology: Topology::Rectangular,
    };
    let config = ClustererConfig::SelfOrganisingMap(SelfOrganisingMapConfig::new(4, grid));
    let trained = TrainedNetwork::Clustering {
        network: config.init(&device),
        config,
        clusters: vec![0, 1],
    };
    SavedModel::new(trained, preprocessor, Dialect::default(), &device)
}

fn weights(model: &SavedModel) -> Vec<f64> {
    match model.trained_network() {
        TrainedNetwork::Ensemble { weights, .. } => weights.clone(),
        TrainedNetwork::Prediction { .. } | TrainedNetwork::Clustering { .. } => {
            panic!("it is an ensemble")
        }
    }
}

fn reason(combined: Result<SavedModel, Error>) -> String {
    let Err(Error::Ensemble { reason }) = combined else {
        panic!("it must not be an ensemble");
    };
    reason
}

/// Changes `model.json` of a folder, which then has no digest, as if another program had written it.
fn edit(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("model.json");
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    document.as_object_mut().unwrap().remove("sha256");
    change(&mut document);
    fs::write(&path, document.to_string()).unwrap();
}

#[test]
fn members_count_by_their_part_of_the_weights() {
    let table = iris();
    let members = vec![classifier(), classifier()];
    let probability = |model: &SavedModel, row: usize| {
        let predictions = model.predict_rows(&table, &ROWS).unwrap();
        predictions.probability(row, "setosa").unwrap()
    };
    for (given, parts) in [([1.0, 3.0], [0.25, 0.75]), ([2.0, 0.0], [1.0, 0.0])] {
        let ensemble = SavedModel::weighted_ensemble(members.clone(), given.to_vec()).unwrap();
        assert_eq!(weights(&ensemble), parts);
        for row in 0..3 {
            let of_members =
                [0, 1].map(|member| parts[member] * probability(&members[member], row));
            let expected: f64 = of_members.iter().sum();
            assert!((probability(&ensemble, row) - expected).abs() < 1e-12);
        }
    }
    assert_eq!(weights(&SavedModel::ensemble(members).unwrap()), [0.5, 0.5]);
}

#[test]
fn weights_are_one_for_each_member_and_not_negative() {
    for (weights, text) in [
        (vec![], "[]"),
        (vec![1.0], "[1.0]"),
        (vec![1.0, 1.0, 1.0], "[1.0, 1.0, 1.0]"),
        (vec![0.0, 0.0], "[0.0, 0.0]"),
        (vec![-1.0, 2.0], "[-1.0, 2.0]"),
        (vec![-1.0, -1.0], "[-1.0, -1.0]"),
        (vec![f64::NAN, 1.0], "[NaN, 1.0]"),
        (vec![1.0, f64::INFINITY], "[1.0, inf]"),
        (
            vec![f64::MAX, f64::MAX],
            "[1.7976931348623157e308, 1.7976931348623157e308]",
        ),
    ] {
        let combined = SavedModel::weighted_ensemble(vec![classifier(), classifier()], weights);
        let expected =
            format!("2 members need as many weights, not all of them 0, but were given {text}");
        assert_eq!(reason(combined), expected);
    }
    assert_eq!(reason(SavedModel::ensemble(vec![])), "it has no members");
}

#[test]
fn members_have_the_same_target() {
    let names = ["setosa", "versicolor", "virginica"];
    let others = [
        model(&classes("kind", names), OutputKind::Softmax, 0.5),
        model(
            &classes("species", ["a", "b", "c"]),
            OutputKind::Softmax,
            0.5,
        ),
        model(&numbers("species"), OutputKind::Numbers, 0.5),
    ];
    for other in others {
        let combined = SavedModel::ensemble(vec![classifier(), classifier(), other]);
        assert_eq!(
            reason(combined),
            "member 3 has another target than the first"
        );
    }
    let same = model(&classes("species", names), OutputKind::Sigmoid, 0.5);
    assert!(SavedModel::ensemble(vec![classifier(), same]).is_ok());
}

#[test]
fn a_member_predicts_numbers_or_gives_probabilities() {
    let scores = model(&iris(), OutputKind::Scores, 0.5);
    assert!(!scores.has_probabilities());
    assert_eq!(
        reason(SavedModel::ensemble(vec![classifier(), scores])),
        "member 2 gives no probabilities"
    );
    assert_eq!(
        reason(SavedModel::ensemble(vec![map(), map()])),
        "member 1 finds clusters"
    );
}

#[test]
fn an_ensemble_of_numbers_has_their_target_and_quantile() {
    let table = iris();
    let members = vec![regressor(), regressor()];
    let ensemble = SavedModel::ensemble(members.clone()).unwrap();
    assert_eq!(ensemble.target_names(), ["rank"]);
    assert_eq!(ensemble.quantile(), 0.9);
    assert_eq!(map().quantile(), 0.5);
    assert!(map().target_names().is_empty());
    assert!(ensemble.classes().is_none());
    assert!(!ensemble.has_probabilities());
    let [first, second, mean] = [&members[0], &members[1], &ensemble]
        .map(|model| model.predict_rows(&table, &ROWS).unwrap());
    for row in 0..3 {
        let expected = f64::midpoint(first.numbers(row)[0], second.numbers(row)[0]);
        assert!((mean.numbers(row)[0] - expected).abs() < 1e-9);
    }
}

#[test]
fn the_layers_of_an_ensemble_are_those_of_its_members_by_number() {
    let ensemble = SavedModel::ensemble(vec![classifier(), classifier()]).unwrap();
    let layers = ensemble.trained_network().layers();
    let paths: Vec<&str> = layers.iter().map(|layer| layer.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "member-1.hidden.0.linear",
            "member-1.output",
            "member-2.hidden.0.linear",
            "member-2.output",
        ]
    );
}

#[test]
fn a_loaded_ensemble_predicts_as_the_saved_one() {
    let table = iris();
    let folder = tempfile::tempdir().unwrap();
    let members = vec![classifier(), classifier()];
    let ensemble = SavedModel::weighted_ensemble(members.clone(), vec![1.0, 3.0]).unwrap();
    ensemble.save(folder.path()).unwrap();

    let loaded = SavedModel::load(folder.path(), &Device::flex()).unwrap();

    let predict = |model: &SavedModel| model.predict_rows(&table, &ROWS).unwrap();
    assert_eq!(weights(&loaded), [0.25, 0.75]);
    assert_eq!(predict(&loaded), predict(&ensemble));
    for number in [1, 2] {
        let member = folder.path().join(format!("member-{number}"));
        let member = SavedModel::load(member, &Device::flex()).unwrap();
        assert_eq!(predict(&member), predict(&members[number - 1]));
    }

    // As earlier versions wrote it.
    edit(folder.path(), |document| {
        document["model"].as_object_mut().unwrap().remove("weights");
        document.as_object_mut().unwrap().remove("weights_sha256");
    });
    let loaded = SavedModel::load(folder.path(), &Device::flex()).unwrap();
    assert_eq!(weights(&loaded), [0.5, 0.5]);
    let alike = SavedModel::ensemble(members).unwrap();
    assert_eq!(predict(&loaded), predict(&alike));
}

#[test]
fn a_loaded_ensemble_has_members_of_its_target() {
    let folder = tempfile::tempdir().unwrap();
    let ensemble = SavedModel::ensemble(vec![regressor(), regressor()]).unwrap();
    for (member, fault) in [
        (classifier(), "has another target than the first"),
        (map(), "finds clusters"),
    ] {
        ensemble.save(folder.path()).unwrap();
        member.save(folder.path().join("member-2")).unwrap();
        edit(folder.path(), |document| {
            document.as_object_mut().unwrap().remove("weights_sha256");
        });
        let path = folder.path().display();
        assert_eq!(
            reason(SavedModel::load(folder.path(), &Device::flex())),
            format!("member 2 in `{path}` {fault}")
        );
    }
}
