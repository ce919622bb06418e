//! Lesson 18: why a network predicts what it does, and what that does not mean.
//!
//! A network has no rule that one could read: its weights are thousands of numbers. But one can ask
//! it. If a column is shuffled among the rows, and predictions get no worse, the network does not need
//! it: that is permutation importance. For a single row one can ask what each column adds to its
//! prediction, compared with an average row. There are two fair ways to divide the difference.
//! Integrated gradients follow the slope of the prediction on the straight way from the average row to
//! this one. Shapley values replace the columns of other rows by those of this row, one by one in many
//! orders, and average what each one changes. Either way, the parts add up to the difference.
//!
//! What they explain is the network, and not the world. Here a column `noted` is added that repeats the sex
//! of each passenger, as a careless clerk might note it, with errors. It causes nothing, and yet
//! the network uses it: it goes along with what matters.
//!
//! Run it with `cargo run -p examples --example 18_explanation`.

use std::error::Error;

use burn::tensor::Device;
use mlp_datasets::{BuiltIn, Column, Dataset, LoadOptions, Table, Values};
use mlp_explanations::{
    Attribution, Background, IntegratedGradients, PermutationImportance, Shapley, value_text,
};
use mlp_training::{MlpRecipe, Problem, Training};

/// Of so many notes, one says the wrong sex.
const WRONG: usize = 12;

/// The passengers of the Titanic, with a column that repeats their sex with errors.
fn passengers(with_note: bool) -> Result<Dataset, Box<dyn Error>> {
    let titanic = BuiltIn::Titanic.load(&LoadOptions::default())?;
    let mut columns = titanic.table.columns().to_vec();
    let sex = titanic.table.column("Sex").ok_or("there is no sex")?;
    if let (true, Values::Categories { codes, names }) = (with_note, &sex.values) {
        let noted = codes.iter().enumerate().map(|(row, &code)| {
            let is_wrong = row % WRONG == 0;
            if is_wrong { 1 - code } else { code }
        });
        let values = Values::Categories {
            codes: noted.collect(),
            names: names.clone(),
        };
        let name = "noted".to_owned();
        columns.push(Column { name, values });
    }
    let table = Table::new(columns, titanic.table.target().cloned())?;
    Ok(Dataset { table, ..titanic })
}

/// Prints what each column adds to the prediction of a row.
fn show(title: &str, table: &Table, found: &Attribution) {
    let (from, to) = (found.baseline, found.prediction);
    println!("{title}: from {from:.3} to {to:.3}");
    for of in found.strongest() {
        let column = table.column(&of.column);
        let value = column.and_then(|column| value_text(&column.values, found.row));
        let value = value.unwrap_or_else(|| "missing".to_owned());
        let error = match of.standard_error {
            Some(error) => format!(" ± {error:.3}"),
            None => String::new(),
        };
        let named = format!("{} = {value}", of.column);
        println!("  {named:<22} {:>+7.3}{error}", of.contribution);
    }
    println!("  {:<22} {:>+7.3}\n", "together", to - from);
}

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    println!("How much the log-loss of the test rows grows when a column is shuffled:\n");
    let mut last = None;
    for with_note in [false, true] {
        let dataset = passengers(with_note)?;
        let recipe = MlpRecipe::new(Problem::of(&dataset)?);
        let training = Training::new(recipe).with_seed(1);
        let split = training.folds(&dataset)?.remove(0);
        let fitted = training.fit(&dataset, &device)?;
        let found = PermutationImportance {
            repeats: 20,
            ..PermutationImportance::default()
        }
        .compute(&fitted.model, &dataset.table, &split.test)?;
        println!("log-loss {:.3}", found.score);
        for of in &found.columns {
            let length = (of.mean.max(0.0) * 100.0).round() as usize;
            let (column, mean) = (&of.column, of.mean);
            let std = of.std.ok_or("several repeats have a spread")?;
            println!(
                "  {column:<10} {mean:>6.3} ± {std:.3} {}",
                "█".repeat(length)
            );
        }
        println!();
        last = Some((dataset, split, fitted.model));
    }
    println!("With `noted`, `Sex` matters less: each stands in for the other. Nobody was saved");
    println!("because of what a clerk noted, so importance is not cause.\n");

    let (dataset, split, model) = last.ok_or("nothing was trained")?;
    let table = &dataset.table;
    let background = Background {
        table,
        rows: &split.train,
    };
    let row = split.test[0];
    println!(
        "Why the network predicts what it does for passenger {}:\n",
        row + 1
    );
    let rows = [row];
    let gradients = IntegratedGradients::default();
    let found = gradients.compute(&model, table, &rows, background, Some("1"))?;
    show("integrated gradients", table, &found[0]);
    let shapley = Shapley::default();
    let found = shapley.compute(&model, table, &rows, background, Some("1"))?;
    show("Shapley values", table, &found[0]);
    println!(
        "Both explain the probability of having survived, each from an average of its own: that"
    );
    println!("of the average inputs, and the average of the predictions.");
    Ok(())
}
