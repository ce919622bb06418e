//! Every backend that is compiled in computes the same, and the same as before.
//!
//! `cargo test -p trainer --features ndarray,wgpu --test parity` compares three; wgpu needs a
//! Vulkan, Metal or DirectX driver, for which Mesa's software driver is enough.

mod program;

use std::fs;

use burn::tensor::{Tensor, TensorData};
use mlp_datasets::{BuiltIn, Dialect, Inputs, LoadOptions, Preprocessor, Table, category_tensor};
use mlp_inference::{OutputKind, SavedModel, TrainedNetwork};
use mlp_models::activation::ActivationConfig;
use mlp_models::{NetworkConfig, NormalizationKind};
use mlp_training::{Model, NetworkInputs, Problem, Recipe, Settings};
use program::{Program, short};
use strum::VariantArray;
use trainer::Backend;

/// Three flowers, one of each species.
const FLOWERS: &str = "sepal_length,sepal_width,petal_length,petal_width\n\
    5.1,3.5,1.4,0.2\n\
    6.0,2.9,4.5,1.5\n\
    7.7,3.0,6.1,2.3\n";

/// What each model predicts of them after five epochs on iris (with three clusters, and after five
/// epochs of pretraining), by the flex backend with the seed 0. Those of single neurons and `mlp` were written
/// down before models had recipes, which changed nothing, and those of networks with dropout and of autoencoders
/// when each epoch got a seed of its own:
///
/// ```text
/// trainer train iris --model MODEL --epochs 5 --output run
/// trainer predict run flowers.csv --only-predictions
/// ```
const PREDICTIONS: [(&str, &str); 17] = [
    ("perceptron", "setosa\nvirginica\nvirginica"),
    ("adaline", "setosa\nvirginica\nvirginica"),
    (
        "logistic",
        "setosa,0.8194834012496615,0.14733847215844706,0.03317812659189142\n\
         virginica,0.1472590180646883,0.3810520806100085,0.4716889013253033\n\
         virginica,0.010001592407342712,0.28952107184127074,0.7004773357513866",
    ),
    (
        "mlp",
        "setosa,0.9709927532655477,0.021575521522742284,0.007431725211709944\n\
         virginica,0.08208441565964676,0.38299501084811144,0.5349205734922419\n\
         virginica,0.004305159061018498,0.08897714081514566,0.9067177001238359",
    ),
    (
        "resnet",
        "setosa,0.929323,0.0386515,0.0320256\n\
         versicolor,0.13643,0.469102,0.394467\n\
         virginica,0.0134846,0.0255282,0.960987",
    ),
    (
        "mlp-plr",
        "setosa,0.450871,0.313569,0.235559\n\
         virginica,0.243583,0.35153,0.404887\n\
         virginica,0.125709,0.285669,0.588622",
    ),
    (
        "mlp-pl",
        "setosa,0.905272,0.0593328,0.0353956\n\
         virginica,0.129335,0.432691,0.437974\n\
         virginica,0.00452585,0.0467188,0.948755",
    ),
    (
        "real-mlp",
        "setosa,1,6.29689e-12,3.80464e-13\n\
         virginica,0.0000286383,0.491156,0.508816\n\
         virginica,3.28858e-10,0.00761852,0.992381",
    ),
    (
        "real-mlp-s",
        "setosa,0.802021,0.106703,0.091276\n\
         versicolor,0.152022,0.432871,0.415107\n\
         virginica,0.0715093,0.347567,0.580924",
    ),
    (
        "tabm",
        "setosa,0.958241,0.0342477,0.00751149\n\
         versicolor,0.0230238,0.544552,0.432424\n\
         virginica,0.00245675,0.0468706,0.950673",
    ),
    (
        "tabm-mini",
        "setosa,0.960322,0.0360413,0.00363702\n\
         versicolor,0.01751,0.568267,0.414223\n\
         virginica,0.0000506232,0.113112,0.886837",
    ),
    (
        "tabm-packed",
        "setosa,0.999985,0.0000150238,2.14706e-8\n\
         versicolor,0.000334499,0.824686,0.17498\n\
         virginica,1.59528e-11,0.000129106,0.999871",
    ),
    (
        "ensemble",
        "setosa,0.999059,0.000921837,0.0000188666\n\
         versicolor,0.00475057,0.910356,0.0848934\n\
         virginica,6.14514e-6,0.00166219,0.998332",
    ),
    (
        "som",
        "0,0.787595,0.00359034\n\
         2,0.605697,0.00800817\n\
         1,0.617694,0.0525691",
    ),
    (
        "autoencoder",
        "2,0.848175,1.02614\n\
         0,0.738067,0.129587\n\
         1,0.737758,2.33301",
    ),
    (
        "dec",
        "2,0.848429,1.02549\n\
         0,0.737918,0.1296\n\
         1,0.737688,2.3328",
    ),
    (
        "idec",
        "2,0.848423,1.02058\n\
         0,0.738256,0.129288\n\
         1,0.737961,2.31392",
    ),
];

/// How far a number may be from what was written down: other processors add in another order.
const TOLERANCE: f64 = 1e-3;

#[test]
fn flex_predicts_what_was_written_down() {
    if !Backend::Flex.is_compiled_in() {
        return;
    }
    let program = Program::new();
    fs::write(program.path().join("flowers.csv"), FLOWERS).unwrap();
    for &model in Model::VARIANTS {
        let name = model.to_string();
        let mut train = vec!["iris", "--model", &name, "--output", "run", "--force"];
        train.extend(["--backend", "flex"]);
        train.extend(short(model));
        program.train(&train);
        let predict = ["predict", "run", "flowers.csv", "--only-predictions"];
        let predicted = program.success(&predict);
        let (_, predicted) = predicted.trim_end().split_once('\n').unwrap();

        let expected = PREDICTIONS.iter().find(|(model, _)| *model == name);
        let Some((_, expected)) = expected else {
            panic!("nothing is written down of {name}, which predicts\n{predicted}");
        };
        let cells =
            |text: &str| -> Vec<String> { text.split([',', '\n']).map(str::to_owned).collect() };
        let (expected, predicted) = (cells(expected), cells(predicted));
        assert_eq!(predicted.len(), expected.len(), "{name}");
        for (predicted, expected) in predicted.iter().zip(&expected) {
            let equal = match (predicted.parse::<f64>(), expected.parse::<f64>()) {
                (Ok(predicted), Ok(expected)) => {
                    (predicted - expected).abs() <= TOLERANCE * expected.abs().max(0.1)
                }
                _ => predicted == expected,
            };
            assert!(equal, "{name} predicts {predicted} instead of {expected}");
        }
    }
}

/// A network, and the table whose rows it takes.
struct Case {
    table: Table,
    preprocessor: Preprocessor,
    network: NetworkConfig,
}

/// Networks that between them have every layer there is.
fn cases() -> Vec<Case> {
    let case = |dataset: BuiltIn, model: Model, settings: &Settings| {
        let dataset = dataset.load(&LoadOptions::default()).unwrap();
        let recipe = Recipe::new(model, Problem::of(&dataset).unwrap(), settings).unwrap();
        let recipe = recipe.as_supervised()?;
        let rows: Vec<usize> = (0..dataset.table.num_rows()).collect();
        let config = recipe.data().preprocessor();
        let preprocessor = Preprocessor::fit(&dataset.table, &rows, config).unwrap();
        let d_output = preprocessor.classes().unwrap().len();
        let inputs = NetworkInputs {
            spec: &preprocessor.input_spec(),
            rows: None,
        };
        Some(Case {
            network: recipe.network(inputs, d_output).unwrap(),
            table: dataset.table,
            preprocessor,
        })
    };
    let with = |name: &str, value: serde_json::Value| {
        let mut settings = Settings::default();
        settings.model.insert(name.to_owned(), value);
        settings
    };
    let models = Model::VARIANTS.iter().flat_map(|&model| {
        // One with numbers alone, and one with categories.
        [BuiltIn::Iris, BuiltIn::Titanic]
            .into_iter()
            .filter_map(move |dataset| case(dataset, model, &small(model)))
    });
    let activations = ActivationConfig::VARIANTS.iter().map(|activation| {
        let settings = with("activation", vec![activation.to_string()].into());
        case(BuiltIn::Iris, Model::Mlp, &settings).unwrap()
    });
    let normalizations = NormalizationKind::VARIANTS.iter().map(|kind| {
        let settings = with("normalization", kind.to_string().into());
        case(BuiltIn::Iris, Model::Mlp, &settings).unwrap()
    });
    models.chain(activations).chain(normalizations).collect()
}

/// Few and small members, where a model has members: on a software GPU, those of the defaults take minutes.
fn small(model: Model) -> Settings {
    let mut settings = Settings::default();
    if Recipe::has_setting(model, "num_members") {
        let sizes = [("num_members", 3), ("d_block", 32)];
        let sizes = sizes.map(|(name, size)| (name.to_owned(), size.into()));
        settings.model.extend(sizes);
    }
    settings
}

/// The outputs of a saved network for all rows, on a backend.
fn logits(case: &Case, folder: &std::path::Path, backend: Backend) -> Vec<f32> {
    let device = backend.device().unwrap();
    let rows: Vec<usize> = (0..case.table.num_rows()).collect();
    let Inputs {
        numbers,
        categories,
        ..
    } = case.preprocessor.transform(&case.table, &rows).unwrap();
    let model = SavedModel::load(folder, &device).unwrap();
    let TrainedNetwork::Prediction { network, .. } = model.trained_network() else {
        panic!("the network predicts");
    };
    let numbers = TensorData::new(numbers, [rows.len(), case.preprocessor.width()]);
    let num_categories = case.preprocessor.cardinalities().len();
    let categories = category_tensor(categories, num_categories, &device);
    network
        .forward(Tensor::from_data(numbers, &device), categories)
        .into_data()
        .iter::<f32>()
        .collect()
}

#[test]
fn the_same_weights_give_the_same_logits_on_every_other_backend() {
    let backends = Backend::compiled_in();
    let (&first, others) = backends.split_first().unwrap();
    if others.is_empty() {
        // What one alone computes is written down above.
        return;
    }
    let device = first.device().unwrap();
    for case in cases() {
        let folder = tempfile::tempdir().unwrap();
        let trained = TrainedNetwork::Prediction {
            network: case.network.init(&device),
            config: case.network.clone(),
            output: OutputKind::Softmax,
            quantile: 0.5,
        };
        let preprocessor = case.preprocessor.clone();
        SavedModel::new(trained, preprocessor, Dialect::default(), &device)
            .save(folder.path())
            .unwrap();

        let expected = logits(&case, folder.path(), first);
        for &backend in others {
            let found = logits(&case, folder.path(), backend);
            let pairs = expected.iter().zip(&found);
            let largest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(
                largest <= 1e-4,
                "{backend}: {:?} differs by {largest}",
                case.network
            );
        }
    }
}

/// The share of all 150 flowers that a short training on a backend gets right. (A split's 30 rows
/// could not tell two points from one row.)
fn iris_accuracy(backend: Backend) -> f64 {
    let backend = backend.to_string();
    // On a software GPU ten epochs took over a minute, most of it compiling kernels.
    let options = ["--epochs", "20", "--learning-rate", "0.02"];
    let program = Program::new();
    let summary = program.train(&[&["iris", "--backend", &backend], &options[..]].concat());
    assert_eq!(summary["backend"], backend);
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
