//! What columns add to predictions, worked out by hand for models that are linear or nearly so.

mod models;

use mlp_explanations::{Attribution, Background, Error, IntegratedGradients, Quantity, Shapley};
use mlp_inference::SavedModel;
use models::{OF_COLOURS, PER_DAY, PRICE, assert_close, linear, logistic, prices, scores, table};

const ROWS: [usize; 4] = [0, 1, 2, 3];

/// Explains rows by integrated gradients and by Shapley values.
fn both(model: &SavedModel, rows: &[usize], output: Option<&str>) -> [Vec<Attribution>; 2] {
    let table = table(None);
    let background = Background {
        table: &table,
        rows: &ROWS,
    };
    let gradients = IntegratedGradients::default();
    // A multiple of the background rows, each of which then counts as often.
    let shapley = Shapley {
        samples: 8,
        seed: 3,
    };
    [
        gradients
            .compute(model, &table, rows, background, output)
            .unwrap(),
        shapley
            .compute(model, &table, rows, background, output)
            .unwrap(),
    ]
}

/// `w·(x − mean)` for each column and row of the linear model.
fn expected(factor: f64) -> Vec<[f64; 4]> {
    let (_, price) = PRICE;
    // Means of 4 and 15; red twice, green and blue once.
    let mean_colour = (2.0 * OF_COLOURS[2] + OF_COLOURS[1] + OF_COLOURS[0]) / 4.0;
    let rows = [
        (1.0, OF_COLOURS[2], 0.0),
        (2.0, OF_COLOURS[1], 10.0),
        (5.0, OF_COLOURS[2], 30.0),
        (8.0, OF_COLOURS[0], 20.0),
    ];
    let of_row = |(size, of_colour, days): (f64, f64, f64)| {
        [
            price * factor * (size - 4.0) / 4.0,
            0.0,
            price * (of_colour - mean_colour),
            price * PER_DAY * (days - 15.0),
        ]
    };
    rows.map(of_row).to_vec()
}

#[test]
fn columns_of_a_linear_model_add_their_weight_times_the_distance_from_the_mean() {
    let mean = prices(2.0).iter().sum::<f64>() / 4.0;
    for found in both(&linear(2.0), &ROWS, None) {
        for ((found, expected), price) in found.iter().zip(expected(2.0)).zip(prices(2.0)) {
            assert_eq!(found.output, "price");
            assert_eq!(found.quantity, Quantity::Number);
            assert_close(found.prediction, price);
            assert_close(found.baseline, mean);
            let names: Vec<_> = found.columns.iter().map(|of| of.column.as_str()).collect();
            assert_eq!(names, ["size", "unused", "colour", "day"]);
            for (column, expected) in found.columns.iter().zip(expected) {
                assert_close(column.contribution, expected);
            }
            assert!(found.gap.abs() < 1e-4, "{}", found.gap);
        }
    }
}

#[test]
fn an_ensemble_adds_the_mean_of_what_its_members_add() {
    let ensemble = SavedModel::ensemble(vec![linear(1.0), linear(5.0)]).unwrap();
    for found in both(&ensemble, &ROWS, Some("price")) {
        for (found, expected) in found.iter().zip(expected(3.0)) {
            for (column, expected) in found.columns.iter().zip(expected) {
                assert_close(column.contribution, expected);
            }
        }
    }
}

#[test]
fn gradients_of_a_logistic_regression_divide_the_difference_as_the_logit_is_divided() {
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let [gradients, shapley] = both(&logistic(), &[2, 1], None);

    // Row 2: (5 − 2)/4 + 2·1 = 2.75; the mean row: (4 − 2)/4 + 2·0.3125 = 1.125.
    let (row, mean) = (sigmoid(2.75), sigmoid(1.125));
    let found = &gradients[0];
    assert_eq!((found.output.as_str(), found.row), ("yes", 2));
    assert_eq!(found.quantity, Quantity::Probability);
    assert_close(found.prediction, row);
    assert_close(found.baseline, mean);
    // The way is straight, so that σ′ is the same for both columns: 0.25 and 1.375 of 1.625.
    assert_close(found.columns[0].contribution, (row - mean) * 0.25 / 1.625);
    assert_close(found.columns[1].contribution, (row - mean) * 1.375 / 1.625);

    // Row 1 is predicted to be `no`: (2 − 2)/4 − 2·0.25 = −0.5.
    assert_eq!(gradients[1].output, "no");
    assert_close(gradients[1].prediction, 1.0 - sigmoid(-0.5));

    // Two columns have two orders, which every sample goes: with v the value of a mixture,
    // φ = ½·[v(size) − v(none) + v(both) − v(weight)], averaged over the background.
    let rows = [(1.0, 0.5), (2.0, -0.25), (5.0, 1.0), (8.0, 0.0)];
    let value = |size: f64, weight: f64| sigmoid((size - 2.0) / 4.0 + 2.0 * weight);
    let of_size = rows.map(|(size, weight)| {
        f64::midpoint(
            value(5.0, weight) - value(size, weight),
            value(5.0, 1.0) - value(size, 1.0),
        )
    });
    let found = &shapley[0];
    assert_close(
        found.columns[0].contribution,
        of_size.iter().sum::<f64>() / 4.0,
    );
    assert_close(
        found.baseline,
        rows.map(|(size, weight)| value(size, weight))
            .iter()
            .sum::<f64>()
            / 4.0,
    );
    assert!(found.gap.abs() < 1e-12);
}

#[test]
fn the_standard_error_is_that_of_the_samples() {
    let table = table(None);
    let background = Background {
        table: &table,
        rows: &ROWS,
    };
    let shapley = Shapley {
        samples: 4,
        seed: 0,
    };
    let found = shapley
        .compute(&linear(2.0), &table, &[0], background, None)
        .unwrap();
    // Each background row gives one contribution of the size: 5·2·(1 − size)/4, whose standard
    // deviation is 2.5·√10, since sizes of 1, 2, 5 and 8 differ by −3, −2, 1 and 4 from their mean.
    let error = found[0].columns[0].standard_error.unwrap();
    assert_close(error, 2.5 * (30.0f64 / 3.0).sqrt() / 2.0);
    assert_close(found[0].columns[1].standard_error.unwrap(), 0.0);
}

#[test]
fn without_probabilities_the_score_of_a_class_is_explained() {
    for found in both(&scores(), &[2], Some("no")) {
        assert_eq!(found[0].quantity, Quantity::Score);
        assert_close(found[0].prediction, -2.75);
        assert_close(found[0].columns[0].contribution, -0.25);
        assert_close(found[0].columns[1].contribution, -1.375);
    }
}

#[test]
fn the_strongest_columns_come_first_whatever_their_sign() {
    let [gradients, _] = both(&linear(2.0), &[3], None);
    // 10 from the size, 5·0.75 from the colour, 0.25 from the day.
    let strongest = gradients[0].strongest();
    let names: Vec<_> = strongest.iter().map(|of| of.column.as_str()).collect();
    assert_eq!(names, ["size", "colour", "day", "unused"]);
}

#[test]
fn what_cannot_be_explained_is_named() {
    let table = table(None);
    let background = Background {
        table: &table,
        rows: &ROWS,
    };
    let shapley = Shapley::default();
    let error = shapley
        .compute(&logistic(), &table, &[0], background, Some("maybe"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the model predicts no `maybe`, but `no`, `yes`"
    );
    let error = shapley
        .compute(&logistic(), &table, &[], background, None)
        .unwrap_err();
    assert!(matches!(error, Error::NoRows));
    let gradients = IntegratedGradients {
        steps: 0,
        ..IntegratedGradients::default()
    };
    let error = gradients
        .compute(&logistic(), &table, &[0], background, None)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`steps` is 0, but must be between 1 and 10000"
    );
}
