//! Small tables, and training on them.

#![allow(dead_code)] // Each test file uses a part.

use std::fmt::Write;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use burn::tensor::Device;
use mlp_datasets::{Dataset, ReadOptions, Source, Task, read_dataset};
use mlp_inference::SavedModel;
use mlp_training::{
    EpochSummary, Error, Fitted, Measure, Model, Problem, Progress, Recipe, Settings, SplitName,
    Training,
};
use serde_json::Value;

/// Sixty fruits whose kind follows from colour and weight.
pub fn fruits() -> Dataset {
    let mut csv = String::from("colour,weight,kind\n");
    for row in 0..60 {
        let (colour, weight, kind) = match row % 3 {
            0 => ("red", 150 + row % 20, "apple"),
            1 => ("yellow", 120 + row % 15, "banana"),
            _ => ("red", 8 + row % 4, "cherry"),
        };
        writeln!(csv, "{colour},{weight},{kind}").unwrap();
    }
    read("fruits.csv", csv, &["kind"])
}

/// Sixty houses whose price follows from area and district.
pub fn houses() -> Dataset {
    let mut csv = String::from("area,district,price\n");
    for row in 0..60 {
        let area = 40 + row * 7 % 60;
        let (district, per_metre) = if row % 2 == 0 {
            ("north", 3000)
        } else {
            ("south", 2000)
        };
        writeln!(csv, "{area},{district},{}", area * per_metre).unwrap();
    }
    read("houses.csv", csv, &["price"])
}

/// The same houses without anything to predict.
pub fn houses_without_target() -> Dataset {
    let csv = (0..60).map(|row| format!("{},{}\n", row * 7 % 60, row * 11 % 60));
    let csv = format!("area,age\n{}", csv.collect::<String>());
    read("houses.csv", csv, &[])
}

fn read(name: &str, csv: String, target: &[&str]) -> Dataset {
    let options = ReadOptions {
        target: target.iter().map(ToString::to_string).collect(),
        ..ReadOptions::default()
    };
    read_dataset(&Source::from_bytes(name, csv), &options).unwrap()
}

/// The problem that a data set sets a model.
pub fn problem(model: Model, dataset: &Dataset) -> Problem {
    if model.is_clustering() {
        Problem::clustering(dataset)
    } else {
        Problem::of(dataset).unwrap()
    }
}

/// The task whose problems a model solves: classification for those that predict.
pub fn task(model: Model) -> Task {
    if model.is_clustering() {
        Task::Clustering
    } else {
        Task::Classification
    }
}

/// Settings from pairs of `section.name` and value.
pub fn settings(pairs: &[(&str, Value)]) -> Settings {
    let mut settings = Settings::default();
    for (path, value) in pairs {
        let (section, name) = path.split_once('.').unwrap();
        let section = match section {
            "model" => &mut settings.model,
            "training" => &mut settings.training,
            "data" => &mut settings.data,
            _ => panic!("there is no section `{section}`"),
        };
        section.insert(name.to_owned(), value.clone());
    }
    settings
}

/// A recipe for a data set with some settings.
pub fn recipe(model: Model, dataset: &Dataset, pairs: &[(&str, Value)]) -> Recipe {
    Recipe::new(model, problem(model, dataset), &settings(pairs)).unwrap()
}

/// A recipe that trains for as many epochs in each of its phases, and looks for three clusters if it
/// looks for any.
pub fn short_recipe(model: Model, dataset: &Dataset, epochs: usize) -> Recipe {
    let pairs = [
        ("model.clusters", Value::from(3)),
        ("training.epochs", epochs.into()),
        ("training.pretraining_epochs", epochs.into()),
    ];
    let has_setting = |(path, _): &&(&str, Value)| {
        let (_, name) = path.split_once('.').unwrap();
        Recipe::has_setting(model, name)
    };
    let pairs: Vec<_> = pairs.iter().filter(has_setting).cloned().collect();
    recipe(model, dataset, &pairs)
}

/// The backend has one random generator for all threads, so that of two trainings at the same time
/// each would draw numbers that the other one lacks.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Does something that trains while no other test trains.
pub fn alone<T>(train: impl FnOnce() -> T) -> T {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    train()
}

/// Trains on the CPU while no other test trains.
pub fn fit(training: &Training, dataset: &Dataset) -> Result<Fitted, Error> {
    alone(|| training.fit(dataset, &Device::flex()))
}

/// What the epochs of a training come to.
#[derive(Clone, Default)]
pub struct Epochs(Arc<Mutex<Vec<EpochSummary>>>);

impl Progress for Epochs {
    fn end_epoch(&mut self, epoch: &EpochSummary) {
        self.0.lock().unwrap().push(epoch.clone());
    }
}

impl Epochs {
    /// A measure of each epoch.
    pub fn values(&self, measure: Measure, rows: SplitName) -> Vec<f64> {
        let epochs = self.0.lock().unwrap();
        let values = epochs.iter().filter_map(|epoch| epoch.value(measure, rows));
        values.collect()
    }
}

/// Trains by a recipe: the model, and the epochs.
pub fn train(recipe: Recipe, dataset: &Dataset) -> (Fitted, Epochs) {
    let epochs = Epochs::default();
    let training = Training::new(recipe).with_progress(epochs.clone());
    (fit(&training, dataset).unwrap(), epochs)
}

/// The weights of a model as they are saved.
pub fn weights(model: &SavedModel) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    model.save(folder.path()).unwrap();
    let members = (1..).map(|number| folder.path().join(format!("member-{number}")));
    let members = members.take_while(|folder| folder.is_dir());
    let folders = [folder.path().to_owned()].into_iter().chain(members);
    let files = folders.map(|folder| folder.join("model.safetensors"));
    let files = files.filter(|file| file.is_file());
    files.flat_map(|file| fs::read(file).unwrap()).collect()
}

/// The names of the files and folders in a folder, in alphabetical order.
pub fn names_in(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
