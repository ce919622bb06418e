//! Models whose explanations can be worked out by hand.

#![allow(dead_code)] // Each test file uses a part.

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::{
    Categories, Column, DatePart, Dialect, FeatureEncoding, PartScaler, Preprocessor, Scaler,
    Table, Target, TargetEncoding, TargetScaling, Values,
};
use mlp_inference::{OutputKind, SavedModel, TrainedNetwork};
use mlp_models::{Backbone, BackboneConfig, InputsConfig, NetworkConfig, PerceptronConfig};

/// What a day adds to the price, in the units of the network.
pub const PER_DAY: f64 = 0.01;
/// The mean and the standard deviation of the price.
pub const PRICE: (f64, f64) = (10.0, 5.0);
/// What each colour adds to the price, in the units of the network.
pub const OF_COLOURS: [f64; 3] = [0.0, 1.0, -2.0];
/// The microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// ```text
/// price = 10 + 5·(factor·(size − 2)/4 + 0·unused + of colour + 0.01·days − 0.5)
/// ```
///
/// with days since the beginning of 1970.
pub fn linear(factor: f32) -> SavedModel {
    #[expect(clippy::cast_possible_truncation)]
    let [blue, green, red] = OF_COLOURS.map(|of_colour| of_colour as f32);
    #[expect(clippy::cast_possible_truncation)]
    let weights = [factor, 0.0, blue, green, red, PER_DAY as f32];
    let (mean, std) = PRICE;
    let price = TargetScaling {
        name: "price".to_owned(),
        mean,
        std,
        min: -100.0,
        max: 100.0,
        log_factor: None,
    };
    let target = TargetEncoding::Numbers {
        outputs: vec![price],
    };
    model(&weights, &[0.5], OutputKind::Numbers, features(), target)
}

/// Two targets, each of a column of its own: `price = 10 + 5·(size − 2)/4` and `rest = unused`.
pub fn two_targets() -> SavedModel {
    let of = |name: &str, (mean, std)| TargetScaling {
        name: name.to_owned(),
        mean,
        std,
        min: -100.0,
        max: 100.0,
        log_factor: None,
    };
    let target = TargetEncoding::Numbers {
        outputs: vec![of("price", PRICE), of("rest", (0.0, 1.0))],
    };
    let features = vec![number("size", 2.0, 4.0), number("unused", 0.0, 1.0)];
    let weights = [1.0, 0.0, 0.0, 1.0];
    model(&weights, &[0.0, 0.0], OutputKind::Numbers, features, target)
}

/// A logistic regression: `P(yes) = σ((size − 2)/4 + 2·weight)`.
pub fn logistic() -> SavedModel {
    let features = vec![number("size", 2.0, 4.0), number("weight", 0.0, 1.0)];
    model(
        &[1.0, 2.0],
        &[0.0],
        OutputKind::Sigmoid,
        features,
        yes_or_no(),
    )
}

/// The same without probabilities: `score of yes = (size − 2)/4 + 2·weight`.
pub fn scores() -> SavedModel {
    let features = vec![number("size", 2.0, 4.0), number("weight", 0.0, 1.0)];
    model(
        &[1.0, 2.0],
        &[0.0],
        OutputKind::Scores,
        features,
        yes_or_no(),
    )
}

fn yes_or_no() -> TargetEncoding {
    TargetEncoding::Classes {
        name: "sold".to_owned(),
        classes: vec!["no".to_owned(), "yes".to_owned()],
    }
}

fn number(name: &str, mean: f64, std: f64) -> FeatureEncoding {
    FeatureEncoding::Numeric {
        name: name.to_owned(),
        scaler: Scaler::Standard { mean, std },
        median: mean,
        indicator: false,
    }
}

fn features() -> Vec<FeatureEncoding> {
    let colours = ["blue", "green", "red"].map(str::to_owned);
    vec![
        number("size", 2.0, 4.0),
        number("unused", 0.0, 1.0),
        FeatureEncoding::OneHot {
            name: "colour".to_owned(),
            categories: Categories {
                names: colours.to_vec(),
                missing: false,
                other: false,
                shares: vec![0.25, 0.25, 0.5],
            },
        },
        FeatureEncoding::Date {
            name: "day".to_owned(),
            parts: vec![PartScaler {
                part: DatePart::Elapsed,
                scaler: Scaler::IDENTITY,
            }],
            median: 0,
            indicator: false,
        },
    ]
}

/// A perceptron with the weights of each input, which are as many as there are thresholds.
fn model(
    weights: &[f32],
    thresholds: &[f32],
    output: OutputKind,
    features: Vec<FeatureEncoding>,
    target: TargetEncoding,
) -> SavedModel {
    let device = Device::flex();
    let shape = [weights.len() / thresholds.len(), thresholds.len()];
    let perceptron = PerceptronConfig::new(shape[0]).with_d_output(shape[1]);
    let config = NetworkConfig {
        inputs: InputsConfig::new(shape[0], &[], 0),
        backbone: BackboneConfig::Perceptron(perceptron),
    };
    let mut network = config.init(&device);
    if let Backbone::Perceptron(perceptron) = &mut network.backbone {
        let weights = TensorData::new(weights.to_vec(), shape);
        perceptron.weight = Param::from_tensor(Tensor::from_data(weights, &device));
        perceptron.threshold = Param::from_tensor(Tensor::from_floats(thresholds, &device));
    }
    let trained = TrainedNetwork::Prediction {
        network,
        config,
        output,
        quantile: 0.5,
    };
    let preprocessor = Preprocessor { features, target };
    preprocessor.check().unwrap();
    SavedModel::new(trained, preprocessor, Dialect::default(), &device)
}

/// Sizes, colours and days of four rows, and another column that the model does not know.
pub fn table(target: Option<Target>) -> Table {
    let column = |name: &str, values| Column {
        name: name.to_owned(),
        values,
    };
    let colours = Values::Categories {
        codes: vec![0, 1, 0, 2],
        names: ["red", "green", "blue"].map(str::to_owned).to_vec(),
    };
    let columns = vec![
        column("note", Values::Numbers(vec![9.0, 8.0, 7.0, 6.0])),
        column("size", Values::Numbers(vec![1.0, 2.0, 5.0, 8.0])),
        column("unused", Values::Numbers(vec![3.0, -1.0, 4.0, 1.0])),
        column("colour", colours),
        column("day", Values::Dates(vec![0, 10 * DAY, 30 * DAY, 20 * DAY])),
        column("weight", Values::Numbers(vec![0.5, -0.25, 1.0, 0.0])),
    ];
    Table::new(columns, target).unwrap()
}

/// The price of each row of that table, by the formula.
pub fn prices(factor: f64) -> Vec<f64> {
    let of_colours = [OF_COLOURS[2], OF_COLOURS[1], OF_COLOURS[2], OF_COLOURS[0]];
    let rows = [(1.0, 0.0), (2.0, 10.0), (5.0, 30.0), (8.0, 20.0)];
    let rows = rows.iter().zip(of_colours);
    rows.map(|((size, days), of_colour)| {
        let output = factor * (size - 2.0) / 4.0 + of_colour + PER_DAY * days - 0.5;
        PRICE.0 + PRICE.1 * output
    })
    .collect()
}

/// The prices as a target.
pub fn target(factor: f64) -> Target {
    Target::Numbers {
        names: vec!["price".to_owned()],
        values: prices(factor),
    }
}

#[track_caller]
pub fn assert_close(found: f64, expected: f64) {
    let tolerance = 1e-5 * expected.abs().max(1.0);
    assert!(
        (found - expected).abs() < tolerance,
        "{found} is not {expected}"
    );
}
