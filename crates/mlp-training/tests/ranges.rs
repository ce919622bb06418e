//! Values of settings out of range are rejected by name, before there is any data.

mod recipes;
mod tables;

use mlp_training::{MlpRecipe, Model, Problem, Recipe, Training};
use recipes::{SECTIONS, new, section, settings_of, single_models};
use serde_json::Value;
use tables::{fit, fruits, settings};

/// A setting, a value that it cannot have, and what it says of the values that it can have.
type Case = (&'static str, Value, &'static str);

/// Values that no model accepts which has the setting. (JSON has no NaN and no infinity.)
#[rustfmt::skip]
fn of_all() -> Vec<Case> {
    vec![
        ("training.epochs", 0.into(), "1 or more"),
        ("training.pretraining_epochs", 0.into(), "1 or more"),
        ("training.batch_size", 0.into(), "1 or more"),
        ("training.patience", 0.into(), "1 or more"),
        ("training.weight_decay", (-0.1).into(), "0 or more"),
        ("training.clip_norm", 0.0.into(), "above 0"),
        ("training.clip_norm", (-1.0).into(), "above 0"),
        ("training.clip_global_norm", 0.0.into(), "above 0"),
        ("training.clip_global_norm", (-1.0).into(), "above 0"),
        ("training.ema", 1.0.into(), "in [0, 1)"),
        ("training.ema", (-0.1).into(), "in [0, 1)"),
        ("training.label_smoothing", 1.0.into(), "in [0, 1)"),
        ("training.label_smoothing", (-0.5).into(), "in [0, 1)"),
        ("training.huber_delta", 0.0.into(), "above 0"),
        ("training.quantile", 0.0.into(), "in (0, 1)"),
        ("training.quantile", 1.0.into(), "in (0, 1)"),
        ("training.betas", vec![0.5, 1.0].into(), "two numbers in [0, 1)"),
        ("training.betas", vec![-0.5, 0.5].into(), "two numbers in [0, 1)"),
        ("data.test_size", 0.0.into(), "above 0 and below 1"),
        ("data.test_size", 1.0.into(), "above 0 and below 1"),
        ("data.valid_size", 0.0.into(), "above 0 and below 1"),
        ("data.valid_size", 0.9.into(), "below 1 - `test_size` = 0.8"),
        ("data.folds", 0.into(), "2 or more"),
        ("data.folds", 1.into(), "2 or more"),
        ("data.min_category_count", 0.into(), "1 or more"),
        ("model.dropout", 1.0.into(), "in [0, 1)"),
        ("model.dropout", (-0.1).into(), "in [0, 1)"),
        ("model.hidden_dropout", 1.0.into(), "in [0, 1)"),
        ("model.residual_dropout", (-0.1).into(), "in [0, 1)"),
        ("model.num_blocks", 0.into(), "1 or more"),
        ("model.d_block", 0.into(), "1 or more"),
        ("model.d_hidden", 0.into(), "1 or more"),
        ("model.d_embedding", 0.into(), "1 or more"),
        ("model.d_numerical", 0.into(), "1 or more"),
        ("model.num_bins", 0.into(), "1 or more"),
        ("model.num_frequencies", 0.into(), "1 or more"),
        ("model.frequency_scale", 0.0.into(), "above 0"),
        ("model.num_members", 0.into(), "1 or more"),
        ("model.clusters", 0.into(), "2 or more, or `auto`"),
        ("model.clusters", 1.into(), "2 or more, or `auto`"),
        ("model.d_code", 0.into(), "1 or more"),
        ("model.gamma", 0.0.into(), "above 0"),
        ("model.last_radius", 0.0.into(), "above 0"),
        ("model.tear_weight", (-0.1).into(), "0 or more"),
        ("model.grid", "1x1".into(), "2 units or more"),
    ]
}

/// Learning rates that a model does not accept.
fn of_rates(model: Model) -> Vec<Case> {
    let allowed = if model.is_clustering() {
        "above 0 and at most 1"
    } else {
        "above 0"
    };
    let mut rates = vec![
        ("training.learning_rate", 0.0.into(), allowed),
        ("training.learning_rate", (-0.1).into(), allowed),
    ];
    if model.is_clustering() {
        rates.push(("training.learning_rate", 1.5.into(), allowed));
    }
    rates
}

fn has_setting(model: Model, path: &str) -> bool {
    let (_, name) = path.split_once('.').unwrap();
    Recipe::has_setting(model, name)
}

#[test]
fn a_setting_out_of_range_is_rejected_by_name_with_its_range() {
    for model in single_models() {
        let cases = of_all().into_iter().chain(of_rates(model));
        for (path, value, allowed) in cases.filter(|(path, ..)| has_setting(model, path)) {
            let (_, name) = path.split_once('.').unwrap();
            let Err(error) = new(model, &settings(&[(path, value.clone())])) else {
                panic!("{model} accepts {value} as {path}");
            };
            let message = error.to_string();
            let (start, end) = (format!("`{name}` is "), format!(", but must be {allowed}"));
            assert!(
                message.starts_with(&start) && message.ends_with(&end),
                "{model}: {message}"
            );
        }
    }
}

/// Whatever number is added to a recipe needs a range, or an entry here.
#[test]
fn every_number_among_the_settings_has_a_range() {
    // Any whole number will do; the others are tested below.
    let without = ["model.neighbours", "model.hidden", "model.denoising"];
    for model in single_models() {
        let cases: Vec<Case> = of_all().into_iter().chain(of_rates(model)).collect();
        let settings = settings_of(model);
        for section_name in SECTIONS {
            for (name, value) in section(&settings, section_name) {
                let path = format!("{section_name}.{name}");
                let is_number = value.is_number() || value[0].is_number();
                let is_known = cases.iter().any(|(known, ..)| *known == path);
                assert!(
                    !is_number || is_known || without.contains(&path.as_str()),
                    "{model}: nothing checks {path}"
                );
            }
        }
    }
}

#[test]
fn a_schedule_limits_the_learning_rate() {
    for schedule in ["cosine", "linear", "exponential", "one_cycle"] {
        let pairs = [
            ("training.schedule", schedule.into()),
            ("training.learning_rate", 1.5.into()),
        ];
        let message = new(Model::Mlp, &settings(&pairs)).unwrap_err().to_string();
        let name = schedule.replace('_', "-");
        assert_eq!(
            message,
            format!(
                "`learning_rate` is 1.5, but must be above 0 and at most 1 with the schedule `{name}`"
            )
        );
    }
    for schedule in ["constant", "step"] {
        let pairs = [
            ("training.schedule", schedule.into()),
            ("training.learning_rate", 1.5.into()),
        ];
        assert!(new(Model::Mlp, &settings(&pairs)).is_ok(), "{schedule}");
    }
}

#[test]
fn sizes_activations_and_noise_out_of_range_are_rejected() {
    for (model, path, value, message) in [
        (
            Model::Mlp,
            "model.hidden",
            vec![64, 0].into(),
            "`hidden` is [64, 0], but must be sizes of 1 or more",
        ),
        (
            Model::Mlp,
            "model.activation",
            Value::from(vec!["relu", "tanh", "relu"]),
            "`activation` is a list of 3, but must be one for all hidden layers or one per hidden \
             layer",
        ),
        (
            Model::Autoencoder,
            "model.denoising",
            (-0.5).into(),
            "`denoising` is -0.5, but must be 0 or more",
        ),
    ] {
        let error = new(model, &settings(&[(path, value)])).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_recipe_whose_fields_were_set_out_of_range_is_rejected_before_it_trains() {
    let fruits = fruits();
    let mut recipe = MlpRecipe::new(Problem::of(&fruits).unwrap());
    recipe.training.batch_size = 0;

    let error = fit(&Training::new(recipe), &fruits).unwrap_err();

    assert_eq!(
        error.to_string(),
        "`batch_size` is 0, but must be 1 or more"
    );
}

#[test]
fn settings_that_do_not_go_together_are_rejected() {
    let pairs = [("model.grid", "2x3".into()), ("model.clusters", 7.into())];
    let error = new(Model::Som, &settings(&pairs)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`clusters` is 7, but must be at most 6, the number of units"
    );

    let pairs = [("data.categories", "embedding".into())];
    let error = new(Model::Adaline, &settings(&pairs)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`categories` is embedding, but must be `one_hot` or `target` for a single layer of neurons"
    );
}

#[test]
fn an_optimizer_with_settings_that_it_cannot_have_is_rejected() {
    let optimizer = |name: &str| ("training.optimizer", Value::from(name));
    for (model, pairs, message) in [
        (
            Model::Mlp,
            vec![
                optimizer("sgd"),
                ("training.decay_schedule", "flat-cosine".into()),
            ],
            "`decay_schedule` is flat-cosine, but must be `constant` with the optimizer `sgd`",
        ),
        (
            Model::Mlp,
            vec![
                optimizer("schedule-free"),
                ("training.schedule", "cosine".into()),
            ],
            "`schedule` is cosine, but must be `constant` with the optimizer `schedule-free`",
        ),
        (
            Model::ResNet,
            vec![optimizer("schedule-free"), ("training.ema", 0.9.into())],
            "`ema` is 0.9, but must be unset with the optimizer `schedule-free`, which averages by itself",
        ),
        (
            Model::Logistic,
            vec![optimizer("muon")],
            "`optimizer` is muon, but must be another one for a network without hidden layers, whose \
             matrices it is for",
        ),
        (
            Model::Mlp,
            vec![
                optimizer("muon"),
                ("model.hidden", Vec::<usize>::new().into()),
            ],
            "`optimizer` is muon, but must be another one for a network without hidden layers, whose \
             matrices it is for",
        ),
    ] {
        let error = new(model, &settings(&pairs)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}
