//! Training as another program does it: read a table, fit a recipe, evaluate, predict, save.

mod tables;

use burn::tensor::Device;
use mlp_datasets::{Source, read_table};
use mlp_inference::SavedModel;
use mlp_training::{
    Ending, Error, MlpRecipe, Model, Outcome, Problem, Recipe, SplitName, Training,
};
use strum::VariantArray;
use tables::{
    fit, fruits, houses, houses_without_target, problem, recipe, short_recipe, task, weights,
};

#[test]
fn a_model_of_classes_is_evaluated_and_predicts_their_names() {
    let fruits = fruits();
    let recipe = MlpRecipe::new(Problem::of(&fruits).unwrap());

    let fitted = fit(&Training::new(recipe), &fruits).unwrap();

    assert_eq!((fitted.recipe, fitted.epochs), (Model::Mlp, 100));
    assert_eq!(fitted.ending, Ending::Complete);
    for (split, rows) in [
        (SplitName::Train, 36),
        (SplitName::Valid, 12),
        (SplitName::Test, 12),
    ] {
        let evaluation = fitted.evaluation(split).unwrap();
        assert_eq!(evaluation.metrics.accuracy, Some(1.0), "{split}");
        // A third of the rows are of each class, and all are classified correctly.
        let third = rows / 3;
        let matrix = vec![vec![third, 0, 0], vec![0, third, 0], vec![0, 0, third]];
        assert_eq!(evaluation.confusion_matrix, Some(matrix), "{split}");
    }

    let csv = "weight,colour\n10,red\n155,red\n125,yellow\n";
    let source = Source::from_bytes("new.csv", csv);
    let table = read_table(&source, &fitted.model.schema()).unwrap();
    let predictions = fitted.model.predict(&table).unwrap();
    let names: Vec<&str> = predictions.class_names().flatten().collect();
    assert_eq!(names, ["cherry", "apple", "banana"]);
    assert!(predictions.probability(0, "cherry").unwrap() > 0.5);
}

#[test]
fn a_model_of_numbers_predicts_in_the_units_of_the_target() {
    let houses = houses();
    let recipe = MlpRecipe::new(Problem::of(&houses).unwrap());

    let fitted = fit(&Training::new(recipe), &houses).unwrap();

    let metrics = &fitted.evaluation(SplitName::Test).unwrap().metrics;
    assert!(metrics.r2.unwrap() > 0.95, "{metrics:?}");
    let source = Source::from_bytes("new.csv", "area,district\n70,north\n70,south\n");
    let table = read_table(&source, &fitted.model.schema()).unwrap();
    let predictions = fitted.model.predict(&table).unwrap();
    for (row, price) in [(0, 210_000.0), (1, 140_000.0)] {
        let predicted = predictions.number(row).unwrap();
        assert!((predicted - price).abs() < 20_000.0, "{predicted}");
    }
}

#[test]
fn clusters_are_found_and_no_predictions_are_evaluated() {
    let fruits = fruits();
    let fitted = fit(
        &Training::new(short_recipe(Model::Som, &fruits, 20)),
        &fruits,
    )
    .unwrap();

    assert!(fitted.evaluation(SplitName::Train).is_none());
    let Outcome::Clustering(outcome) = &fitted.outcome else {
        panic!("the model finds clusters");
    };
    assert_eq!(
        (outcome.num_clusters, outcome.found.clusters.len()),
        (3, 60)
    );
    assert_eq!(outcome.metrics.accuracy, Some(1.0));
}

#[test]
fn a_saved_model_of_every_kind_predicts_the_same_bit_for_bit() {
    let fruits = fruits();
    for &model in Model::VARIANTS {
        let fitted = fit(&Training::new(short_recipe(model, &fruits, 3)), &fruits).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fitted.model.save(folder.path()).unwrap();

        let loaded = SavedModel::load(folder.path(), &Device::flex()).unwrap();

        let predicted = fitted.model.predict(&fruits.table).unwrap();
        assert_eq!(predicted.len(), 60, "{model}");
        assert_eq!(loaded.predict(&fruits.table).unwrap(), predicted, "{model}");
        assert!(weights(&loaded) == weights(&fitted.model), "{model}");
        assert_eq!(loaded.task(), task(model), "{model}");
    }
}

#[test]
fn the_same_seed_gives_the_same_weights_and_another_seed_others() {
    let fruits = fruits();
    for &model in Model::VARIANTS {
        let weights = |seed| {
            let training = Training::new(short_recipe(model, &fruits, 2)).with_seed(seed);
            weights(&fit(&training, &fruits).unwrap().model)
        };
        let first = weights(7);
        assert!(first == weights(7), "{model} depends on more than the seed");
        assert!(first != weights(8), "{model} does not depend on the seed");
    }
}

#[test]
fn dropout_and_noise_are_drawn_by_the_seed_too() {
    let fruits = fruits();
    for (model, setting) in [
        (Model::Mlp, ("model.dropout", 0.5.into())),
        (Model::Autoencoder, ("model.denoising", 0.5.into())),
    ] {
        let epochs = if model.is_clustering() {
            ("training.pretraining_epochs", 3.into())
        } else {
            ("training.epochs", 3.into())
        };
        let training = || Training::new(recipe(model, &fruits, &[setting.clone(), epochs.clone()]));
        let [first, second] = [(); 2].map(|()| weights(&fit(&training(), &fruits).unwrap().model));
        assert!(first == second, "{model}");

        let plain = Training::new(recipe(model, &fruits, std::slice::from_ref(&epochs)));
        let plain = weights(&fit(&plain, &fruits).unwrap().model);
        assert!(first != plain, "{model} ignores {}", setting.0);
    }
}

#[test]
fn a_table_without_a_target_has_nothing_to_predict_but_may_have_clusters() {
    let houses = houses_without_target();
    let message = Problem::of(&houses).unwrap_err().to_string();
    assert_eq!(message, "the data set has no target to predict");

    for &model in Model::VARIANTS {
        let problem = Problem::unknown(task(model));
        let recipe = Recipe::new(model, problem, &tables::settings(&[])).unwrap();
        let checked = recipe.check_for(&houses);
        if model.is_clustering() {
            assert!(checked.is_ok(), "{model}");
        } else {
            assert!(matches!(checked, Err(Error::NoTarget)), "{model}");
            let fitted = fit(&Training::new(recipe), &houses);
            assert!(matches!(fitted, Err(Error::NoTarget)), "{model}");
        }
    }
    let training = Training::new(short_recipe(Model::Som, &houses, 2));
    assert!(fit(&training, &houses).is_ok());
}

#[test]
fn defaults_follow_the_size_of_the_table() {
    let fruits = fruits();
    let small = problem(Model::Mlp, &fruits);
    let large = Problem {
        num_rows: 100_000,
        num_columns: 4,
        ..small
    };
    let [small, large] = [small, large].map(MlpRecipe::new);
    assert_eq!((small.training.epochs, large.training.epochs), (100, 20));
    assert_eq!(
        (small.training.batch_size, large.training.batch_size),
        (32, 128)
    );
}
