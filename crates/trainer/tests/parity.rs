//! Every backend that is compiled in computes the same.
//!
//! `cargo test -p trainer --features ndarray,wgpu --test parity` compares three; wgpu needs a
//! Vulkan, Metal or DirectX driver, for which Mesa's software driver is enough.

use assert_cmd::Command;
use burn::tensor::{Tensor, TensorData};
use mlp_datasets::{BuiltIn, LoadOptions, Preprocessor};
use mlp_inference::{OutputKind, SavedModel};
use mlp_models::{ActivationConfig, MlpConfig, Network, NetworkConfig, NormalizationKind};
use trainer::Backend;

/// Networks that between them use every layer there is.
fn configs() -> Vec<MlpConfig> {
    let mut configs: Vec<_> = ActivationConfig::ALL
        .into_iter()
        .map(|activation| MlpConfig::new(4, vec![16, 8], 3).with_activations(vec![activation]))
        .collect();
    for normalization in [NormalizationKind::Batch, NormalizationKind::Layer] {
        configs.push(MlpConfig::new(4, vec![16, 8], 3).with_normalization(normalization));
    }
    configs
}

#[test]
fn the_same_weights_give_the_same_logits_on_every_backend() {
    let iris = BuiltIn::Iris.load(&LoadOptions::default()).unwrap();
    let rows: Vec<usize> = (0..iris.table.num_rows()).collect();
    let preprocessor = Preprocessor::fit(&iris.table, &rows, iris.scaling).unwrap();
    let inputs = preprocessor.transform(&iris.table, &rows).unwrap();
    let backends = Backend::compiled_in();
    let first = backends[0].device().unwrap();

    for config in configs() {
        let folder = tempfile::tempdir().unwrap();
        let config = NetworkConfig::Mlp(config);
        let network = config.init(&first);
        SavedModel::new(
            network,
            config.clone(),
            OutputKind::Softmax,
            preprocessor.clone(),
            &first,
        )
        .save(folder.path())
        .unwrap();

        let logits: Vec<TensorData> = backends
            .iter()
            .map(|backend| {
                let device = backend.device().unwrap();
                let model = SavedModel::load(folder.path(), &device).unwrap();
                let data = TensorData::new(inputs.clone(), [rows.len(), 4]);
                let network: &Network = model.network();
                network
                    .forward(Tensor::from_data(data, &device))
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
