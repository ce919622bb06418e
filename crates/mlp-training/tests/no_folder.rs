//! Training without a folder writes no file.
//!
//! There is one test, since the current folder is the same for all tests of a program.

mod tables;

use std::env;

use mlp_training::{Model, Training};
use strum::VariantArray;
use tables::{fit, fruits, names_in, short_recipe};

#[test]
fn a_training_without_a_folder_writes_nothing_into_the_current_one() {
    let folder = tempfile::tempdir().unwrap();
    env::set_current_dir(folder.path()).unwrap();
    let fruits = fruits();
    for &model in Model::VARIANTS {
        fit(&Training::new(short_recipe(model, &fruits, 2)), &fruits).unwrap();
        assert!(
            names_in(folder.path()).is_empty(),
            "{model} leaves {:?}",
            names_in(folder.path())
        );
    }
}
