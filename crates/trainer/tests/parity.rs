//! Every backend that is compiled in computes the same.
//!
//! `cargo test -p trainer --features ndarray,wgpu --test parity` compares three; wgpu needs a
//! Vulkan, Metal or DirectX driver, for which Mesa's software driver is enough.

use assert_cmd::Command;
use burn::tensor::{Tensor, TensorData};
use mlp_datasets::{BuiltIn, Dataset, Inputs, LoadOptions, Preprocessor, Table, category_tensor};
use mlp_inference::{OutputKind, SavedModel};
use mlp_models::{
    ActivationConfig, EntityEmbeddingConfig, MlpConfig, Network, NetworkConfig, NormalizationKind,
    TabularConfig,
};
use trainer::Backend;

/// A network, and the table whose rows it takes.
struct Case {
    table: Table,
    preprocessor: Preprocessor,
    network: NetworkConfig,
}

/// Networks that between them use every layer there is.
fn cases() -> Vec<Case> {
    let case = |dataset: BuiltIn, network: &dyn Fn(&Preprocessor) -> NetworkConfig| {
        let Dataset { table, scaling, .. } = dataset.load(&LoadOptions::default()).unwrap();
        let rows: Vec<usize> = (0..table.num_rows()).collect();
        let preprocessor = Preprocessor::fit(&table, &rows, scaling).unwrap();
        Case {
            network: network(&preprocessor),
            table,
            preprocessor,
        }
    };
    let mlp = |preprocessor: &Preprocessor| MlpConfig::new(preprocessor.width(), vec![16, 8], 3);
    let mut cases: Vec<_> = ActivationConfig::ALL
        .into_iter()
        .map(|activation| {
            case(BuiltIn::Iris, &|preprocessor| {
                NetworkConfig::Mlp(mlp(preprocessor).with_activations(vec![activation]))
            })
        })
        .collect();
    for normalization in [NormalizationKind::Batch, NormalizationKind::Layer] {
        cases.push(case(BuiltIn::Iris, &|preprocessor| {
            NetworkConfig::Mlp(mlp(preprocessor).with_normalization(normalization))
        }));
    }
    cases.push(case(BuiltIn::Titanic, &|preprocessor| {
        let embedding = EntityEmbeddingConfig::new(preprocessor.cardinalities());
        let d_input = preprocessor.width() + embedding.d_output();
        NetworkConfig::Tabular(TabularConfig::new(
            embedding,
            MlpConfig::new(d_input, vec![16], 2),
        ))
    }));
    cases
}

#[test]
fn the_same_weights_give_the_same_logits_on_every_backend() {
    let backends = Backend::compiled_in();
    let first = backends[0].device().unwrap();

    for Case {
        table,
        preprocessor,
        network: config,
    } in cases()
    {
        let folder = tempfile::tempdir().unwrap();
        let rows: Vec<usize> = (0..table.num_rows()).collect();
        let Inputs {
            numbers,
            categories,
            ..
        } = preprocessor.transform(&table, &rows).unwrap();
        let shape = [rows.len(), preprocessor.width()];
        let num_embeddings = preprocessor.cardinalities().len();
        let network = config.init(&first);
        SavedModel::new(
            network,
            config.clone(),
            OutputKind::Softmax,
            preprocessor,
            &first,
        )
        .save(folder.path())
        .unwrap();

        let logits: Vec<TensorData> = backends
            .iter()
            .map(|backend| {
                let device = backend.device().unwrap();
                let model = SavedModel::load(folder.path(), &device).unwrap();
                let data = TensorData::new(numbers.clone(), shape);
                let categories = category_tensor(categories.clone(), num_embeddings, &device);
                let network: &Network = model.network();
                network
                    .forward(Tensor::from_data(data, &device), categories)
                    .into_data()
            })
            .collect();
        for (backend, other) in backends.iter().zip(&logits) {
            let pairs = logits[0].iter::<f32>().zip(other.iter::<f32>());
            let largest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(
                largest <= 1e-4,
                "{backend}: {config:?} differs by {largest}"
            );
        }
    }
}

/// The share of all 150 flowers that a short training on a backend gets right. (A split's 30 rows
/// could not tell two points from one row.)
fn iris_accuracy(backend: Backend) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::cargo_bin("trainer")
        .unwrap()
        .args(["train", "iris", "--json", "--backend", backend.name()])
        // On a software GPU ten epochs took over a minute, most of it compiling kernels.
        .args(["--epochs", "20", "--learning-rate", "0.02"])
        .arg("--output")
        .arg(folder.path().join("run"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["backend"], backend.name());
    let accuracy = |split: &str| summary["metrics"][split]["accuracy"].as_f64().unwrap();
    (90.0 * accuracy("train") + 30.0 * accuracy("valid") + 30.0 * accuracy("test")) / 150.0
}

#[test]
fn iris_trains_to_the_same_accuracy_on_every_backend() {
    let backends = Backend::compiled_in();
    let accuracies: Vec<f64> = backends.iter().copied().map(iris_accuracy).collect();

    for (backend, accuracy) in backends.iter().zip(&accuracies) {
        assert!(*accuracy >= 0.95, "{backend} reaches {accuracy}");
        assert!(
            (accuracies[0] - accuracy).abs() <= 0.02 + 1e-9,
            "{backend} reaches {accuracy}, but {} reaches {}",
            backends[0],
            accuracies[0]
        );
    }
}
