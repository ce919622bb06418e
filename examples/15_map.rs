//! Lesson 15: a self-organising map finds groups without being told.
//!
//! 36 units form a grid of 6 by 6, and each unit is also a point among the 150 flowers of the iris
//! data. The unit nearest to a flower wins it and moves towards it; its neighbours on the grid move
//! too, but less. This is Kohonen's rule of 1982, and it is gradient descent on an energy. Meanwhile
//! the neighbourhood shrinks, so that the map first spreads out and then settles. In the end, flowers
//! of the same species are close together on the grid, although the map has never seen a species: the
//! letters are added afterwards.
//!
//! Run it with `cargo run -p examples --example 15_map`.

use std::error::Error;

use burn::module::Module;
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::Device;
use mlp_datasets::{BuiltIn, ExampleTargets, Examples, LoadOptions, Preprocessor};
use mlp_models::clustering::{Grid, SelfOrganisingMap, SelfOrganisingMapConfig, Topology};

const NUM_STEPS: usize = 300;
const LEARNING_RATE: f64 = 0.5;
const GRID: Grid = Grid {
    rows: 6,
    columns: 6,
    topology: Topology::Rectangular,
};

/// Prints the grid, each unit as the species of most of the flowers that it won.
fn print_map(map: &SelfOrganisingMap, examples: &Examples, classes: &[String]) {
    let ExampleTargets::Classes(species) = &examples.targets else {
        return;
    };
    let winners: Vec<i64> = map
        .winners(examples.features.clone())
        .into_data()
        .iter()
        .collect();
    let species: Vec<i64> = species.clone().into_data().iter().collect();
    for row in 0..GRID.rows as i64 {
        let letters = (0..GRID.columns as i64).map(|column| {
            let unit = row * GRID.columns as i64 + column;
            let mut counts = vec![0; classes.len()];
            for (_, &class) in winners.iter().zip(&species).filter(|(w, _)| **w == unit) {
                counts[class as usize] += 1;
            }
            let most = (0..classes.len()).max_by_key(|&class| counts[class]);
            match most.filter(|&class| counts[class] > 0) {
                Some(class) => classes[class][..2].to_owned(),
                None => " .".to_owned(),
            }
        });
        println!("  {}", letters.collect::<Vec<_>>().join(" "));
    }
}

/// Prints how far the flowers are from the units that win them, on average.
fn print_step(step: usize, radius: f64, map: &SelfOrganisingMap, examples: &Examples) {
    let distances = map.squared_distances(examples.features.clone());
    let distance: f32 = distances.min_dim(1).sqrt().mean().into_scalar();
    println!("step {step:>3}  radius {radius:.2}  mean distance {distance:.2}");
}

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
    let rows: Vec<usize> = (0..iris.table.num_rows()).collect();
    let preprocessor = Preprocessor::fit(&iris.table, &rows, iris.scaling)?;
    let examples = Examples::new(&iris.table, &rows, &preprocessor, &device)?;
    let classes = preprocessor.classes().unwrap_or_default();

    device.seed(1);
    let autodiff = device.autodiff();
    let features = examples.features.clone().autodiff();
    let mut map = SelfOrganisingMapConfig::new(4, GRID).init(&autodiff);
    let mut optimizer = SgdConfig::new().init();
    println!(
        "Of each unit, the species of most flowers that it won: se = setosa, ve = versicolor,"
    );
    println!("vi = virginica, . = no flower. Before training:");
    print_map(&map.valid(), &examples, classes);

    for step in 0..NUM_STEPS {
        // The radius shrinks from 3 units to half a unit.
        let radius = 3.0 * (0.5f64 / 3.0).powf(step as f64 / NUM_STEPS as f64);
        let energy = map.energy(features.clone(), radius);
        if step % 75 == 0 {
            print_step(step, radius, &map.valid(), &examples);
        }
        let gradients = GradientsParams::from_grads(energy.backward(), &map);
        map = optimizer.step(LEARNING_RATE, map, gradients);
    }
    print_step(NUM_STEPS, 0.5, &map.valid(), &examples);
    println!("After training:");
    print_map(&map.valid(), &examples, classes);
    println!("\nThe radius is how far on the grid a winner takes its neighbours along. The");
    println!("distance is that of a flower from its winner, in standard deviations of the");
    println!("features: the smaller, the better the map fits. As long as the radius is large,");
    println!("the map is too stiff to fit.");
    Ok(())
}
