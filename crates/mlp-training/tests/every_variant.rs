//! Everything that can be named in a recipe trains: whatever is added is tested at once.

mod tables;

use mlp_datasets::{CategoryEncoding, Dataset, Scaling, Task};
use mlp_inference::Metric;
use mlp_models::NormalizationKind;
use mlp_models::activation::ActivationConfig;
use mlp_models::clustering::{Neighbourhood, Topology};
use mlp_models::loss::LossKind;
use mlp_training::{
    Ending, Error, Measure, Model, Optimizer, Outcome, Recipe, Schedule, SplitName, Training,
};
use serde_json::Value;
use strum::VariantArray;
use tables::{fit, fruits, houses, problem, recipe, settings, short_recipe, train};

/// Trains a multilayer perceptron with some settings, and checks that it learns.
fn learns(dataset: &Dataset, pairs: &[(&str, Value)]) {
    let fixed = [
        ("training.epochs", Value::from(10)),
        // Else weights may shrink faster than clipped gradients make them grow.
        ("training.weight_decay", 0.0.into()),
    ];
    let pairs = [&fixed, pairs].concat();
    let (fitted, epochs) = train(recipe(Model::Mlp, dataset, &pairs), dataset);
    let losses = epochs.values(Measure::Loss, SplitName::Train);
    if fitted.ending == Ending::Converged {
        // No row is misclassified any more, so that nothing is left to learn.
        return;
    }
    assert_eq!(losses.len(), 10, "{pairs:?}");
    assert!(losses[9] < losses[0], "{pairs:?}: {losses:?}");
}

fn named(variant: impl ToString) -> Value {
    variant.to_string().into()
}

#[test]
fn every_model_trains_on_classes() {
    let fruits = fruits();
    for &model in Model::VARIANTS {
        let (fitted, epochs) = train(short_recipe(model, &fruits, 10), &fruits);
        assert_eq!(fitted.recipe, model);
        let losses = epochs.values(Measure::Loss, SplitName::Train);
        assert!(losses.len() >= 2, "{model}: {losses:?}");
        match &fitted.outcome {
            Outcome::Prediction(outcome) => {
                let accuracy = outcome.evaluations[&SplitName::Train].metrics.accuracy;
                assert!(accuracy.unwrap() > 0.6, "{model}: {accuracy:?}");
            }
            Outcome::Clustering(outcome) => {
                assert_eq!(outcome.num_clusters, 3, "{model}");
                let accuracy = outcome.metrics.accuracy;
                assert!(accuracy.unwrap() > 0.6, "{model}: {accuracy:?}");
            }
        }
    }
}

#[test]
fn every_model_trains_on_numbers_unless_its_loss_needs_classes() {
    let houses = houses();
    for &model in Model::VARIANTS {
        let recipe = short_recipe(model, &houses, 2);
        let loss = recipe
            .as_supervised()
            .map(|recipe| recipe.training().loss_config());
        let needs_classes = loss.is_some_and(|loss| loss.needs_classes());
        match fit(&Training::new(recipe), &houses) {
            Ok(fitted) => {
                assert!(!needs_classes, "{model}");
                if let Some(test) = fitted.evaluation(SplitName::Test) {
                    assert!(test.metrics.rmse.unwrap().is_finite(), "{model}");
                }
            }
            Err(error) => {
                assert!(needs_classes, "{model}: {error}");
                assert!(matches!(error, Error::LossNeedsClasses { .. }), "{error}");
            }
        }
    }
}

#[test]
fn every_loss_is_learned_from_or_needs_classes() {
    let (fruits, houses) = (fruits(), houses());
    for &loss in LossKind::VARIANTS {
        let setting = [("training.loss", named(loss))];
        learns(&fruits, &setting);
        let recipe = recipe(Model::Mlp, &houses, &setting);
        let training = recipe.as_supervised().unwrap().training();
        if training.loss_config().needs_classes() {
            let message = recipe.check_for(&houses).unwrap_err().to_string();
            let expected =
                format!("the loss `{loss}` needs classes, but the target of `houses` is a number");
            assert_eq!(message, expected);
            let fitted = fit(&Training::new(recipe), &houses);
            assert!(matches!(fitted, Err(Error::LossNeedsClasses { .. })));
        } else {
            learns(&houses, &setting);
        }
    }
}

#[test]
fn every_optimizer_learns() {
    let fruits = fruits();
    for &optimizer in Optimizer::VARIANTS {
        learns(&fruits, &[("training.optimizer", named(optimizer))]);
        // Clipped, which some of them do by another way.
        let clipped = ("training.clip_norm", Value::from(0.1));
        learns(
            &fruits,
            &[("training.optimizer", named(optimizer)), clipped],
        );
    }
}

#[test]
fn every_schedule_learns_and_none_exceeds_the_highest_rate() {
    let fruits = fruits();
    for &schedule in Schedule::VARIANTS {
        let name = serde_json::to_value(schedule).unwrap();
        let pairs = [
            ("training.schedule", name),
            ("training.learning_rate", 0.01.into()),
            ("training.epochs", 10.into()),
        ];
        let (_, epochs) = train(recipe(Model::Mlp, &fruits, &pairs), &fruits);
        let losses = epochs.values(Measure::Loss, SplitName::Train);
        assert!(losses[9] < losses[0], "{schedule}: {losses:?}");
        let rates = epochs.values(Measure::LearningRate, SplitName::Train);
        let in_range = |rate: &f64| *rate > 0.0 && *rate <= 0.01 + 1e-12;
        assert!(rates.iter().all(in_range), "{schedule}: {rates:?}");
        let is_constant = rates.iter().all(|rate| (rate - rates[0]).abs() < 1e-12);
        assert_eq!(
            is_constant,
            schedule == Schedule::Constant,
            "{schedule}: {rates:?}"
        );
    }
}

#[test]
fn every_activation_and_normalization_learns() {
    let fruits = fruits();
    for activation in ActivationConfig::VARIANTS {
        learns(
            &fruits,
            &[("model.activation", vec![activation.to_string()].into())],
        );
    }
    for normalization in NormalizationKind::VARIANTS {
        learns(&fruits, &[("model.normalization", named(normalization))]);
    }
}

#[test]
fn every_scaling_and_encoding_of_inputs_is_learned_from() {
    let fruits = fruits();
    for scaling in Scaling::VARIANTS {
        learns(&fruits, &[("data.scaling", named(scaling))]);
    }
    for categories in CategoryEncoding::VARIANTS {
        learns(&fruits, &[("data.categories", named(categories))]);
    }
}

#[test]
fn every_topology_and_neighbourhood_makes_a_map() {
    let fruits = fruits();
    for topology in Topology::VARIANTS {
        for neighbourhood in Neighbourhood::VARIANTS {
            let pairs = [
                ("model.topology", named(topology)),
                ("model.neighbourhood", named(neighbourhood)),
                ("model.clusters", 3.into()),
                ("training.epochs", 10.into()),
            ];
            let (fitted, _) = train(recipe(Model::Som, &fruits, &pairs), &fruits);
            let Outcome::Clustering(outcome) = fitted.outcome else {
                panic!("a map finds clusters");
            };
            let accuracy = outcome.metrics.accuracy.unwrap();
            assert!(accuracy > 0.6, "{topology} {neighbourhood}: {accuracy}");
        }
    }
}

#[test]
fn every_metric_selects_the_best_epoch_of_its_task_and_is_rejected_for_the_other() {
    let (fruits, houses) = (fruits(), houses());
    for &metric in Metric::VARIANTS {
        let (dataset, other) = match metric.task() {
            Task::Classification => (&fruits, &houses),
            Task::Regression | Task::Clustering => (&houses, &fruits),
        };
        let pairs = [
            ("training.select", named(metric)),
            ("training.epochs", 8.into()),
            // So much that later epochs are not always better.
            ("training.learning_rate", 0.1.into()),
        ];
        let (fitted, epochs) = train(recipe(Model::Mlp, dataset, &pairs), dataset);
        let values = epochs.values(Measure::Metric(metric), SplitName::Valid);
        assert_eq!(values.len(), 8, "{metric}");
        let best = values.iter().copied().reduce(if metric.higher_is_better() {
            f64::max
        } else {
            f64::min
        });
        let best = best.unwrap();
        let Outcome::Prediction(outcome) = &fitted.outcome else {
            panic!("the model predicts");
        };
        // Of several epochs that are equally good, the first.
        let first = values.iter().position(|&value| value == best).unwrap();
        assert_eq!(outcome.best_epoch, first + 1, "{metric}: {values:?}");
        let metrics = &outcome.evaluations[&SplitName::Valid].metrics;
        let of_kept = metric.of(metrics).unwrap();
        assert!(
            (of_kept - best).abs() <= 1e-5 * best.abs().max(1.0),
            "{metric} of the model that was kept is {of_kept}, not {best}"
        );

        let recipe = Recipe::new(Model::Mlp, problem(Model::Mlp, other), &settings(&pairs));
        let error = recipe.unwrap().check_for(other).unwrap_err();
        assert!(
            matches!(error, Error::MetricOfOtherTask { .. }),
            "{metric}: {error}"
        );
    }
}
