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
/// epochs of pretraining), by the flex backend with the seed 0. Those of single neurons, `mlp` and the deep
/// clusterings were written down before models had recipes, which changed nothing:
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
        "setosa,0.937088,0.032392,0.0305195\n\
         versicolor,0.137584,0.477714,0.384702\n\
         virginica,0.0235544,0.0327202,0.943725",
    ),
    (
        "mlp-plr",
        "setosa,0.438754,0.348472,0.212773\n\
         virginica,0.231816,0.354237,0.413947\n\
         virginica,0.121296,0.27879,0.599914",
    ),
    (
        "mlp-pl",
        "setosa,0.906569,0.0584311,0.0349994\n\
         virginica,0.124615,0.426295,0.449091\n\
         virginica,0.00449082,0.0397001,0.955809",
    ),
    (
        "real-mlp",
        "setosa,1,1.1435e-10,4.72502e-12\n\
         versicolor,0.0000417883,0.5929,0.407058\n\
         virginica,2.48477e-9,0.00605851,0.993941",
    ),
    (
        "real-mlp-s",
        "setosa,0.802021,0.106703,0.091276\n\
         versicolor,0.152022,0.432871,0.415107\n\
         virginica,0.0715093,0.347567,0.580924",
    ),
    (
        "tabm",
        "setosa,0.958036,0.0344608,0.00750298\n\
         versicolor,0.0233621,0.546593,0.430045\n\
         virginica,0.00259611,0.047971,0.949433",
    ),
    (
        "tabm-mini",
        "setosa,0.961452,0.0348683,0.00367956\n\
         versicolor,0.0176739,0.573362,0.408964\n\
         virginica,0.0000614285,0.115848,0.88409",
    ),
    (
        "tabm-packed",
        "setosa,0.999987,0.0000125153,1.62627e-8\n\
         versicolor,0.000288566,0.815581,0.184131\n\
         virginica,8.13976e-12,0.0000897701,0.99991",
    ),
    (
        "ensemble",
        "setosa,0.977651,0.0160868,0.00626257\n\
         versicolor,0.0283523,0.629364,0.342284\n\
         virginica,0.00460509,0.0355257,0.959869",
    ),
    (
        "som",
        "0,0.787595,0.00359034\n\
         2,0.605697,0.00800817\n\
         1,0.617694,0.0525691",
    ),
    (
        "autoencoder",
        "0,0.8492567539215088,1.025209903717041\n\
         1,0.7365182638168335,0.12935581803321838\n\
         2,0.7387419939041138,2.3115386962890625",
    ),
    (
        "dec",
        "0,0.8495230674743652,1.0246102809906006\n\
         1,0.7363730669021606,0.12936808168888092\n\
         2,0.7386694550514221,2.3113250732421875",
    ),
    (
        "idec",
        "0,0.8494972586631775,1.0196478366851807\n\
         1,0.7367152571678162,0.12905344367027283\n\
         2,0.7388860583305359,2.2924556732177734",
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
