use std::f64::consts::PI;
use std::iter::repeat_n;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;

use super::built_in::BuiltIn;
use super::options::LoadOptions;
use crate::dataset::Dataset;
use crate::error::Error;
use crate::preprocessor::Scaling;
use crate::split::Partition;
use crate::table::{Table, Target};

/// More is likely a mistake: hundreds are enough for a picture, and memory is limited.
const MAX_SAMPLES: usize = 10_000_000;
const MIN_SAMPLES_PER_CLASS: usize = 10;

/// Generates a set of a known shape with noise.
///
/// `moons` and `circles` (factor 0.5) are those of scikit-learn, and `blobs` is its `make_blobs` with
/// fixed centres, so that another seed gives other rows of the same problem.
pub(super) fn load(
    dataset: BuiltIn,
    options: &LoadOptions,
    table: fn(usize, Noise) -> Result<Table, Error>,
) -> Result<Dataset, Error> {
    let samples = options.samples.unwrap_or(LoadOptions::DEFAULT_SAMPLES);
    let min_samples = MIN_SAMPLES_PER_CLASS * dataset.num_classes().unwrap_or(1);
    if !(min_samples..=MAX_SAMPLES).contains(&samples) {
        return Err(Error::InvalidOption {
            option: "samples",
            value: samples.to_string(),
            allowed: format!("from {min_samples} to {MAX_SAMPLES}"),
        });
    }
    let noise = options.noise.unwrap_or_else(|| dataset.default_noise());
    if !noise.is_finite() || noise < 0.0 {
        return Err(Error::InvalidOption {
            option: "noise",
            value: noise.to_string(),
            allowed: "finite and 0 or more".to_owned(),
        });
    }
    let noise = Noise {
        rng: StdRng::seed_from_u64(options.seed),
        deviation: noise,
    };
    Ok(Dataset::new(
        dataset.name(),
        table(samples, noise)?,
        Partition::Random,
        Scaling::Standard,
    ))
}

/// Two half circles.
pub(super) fn moons(samples: usize, noise: Noise) -> Result<Table, Error> {
    planar(samples, noise, ["upper", "lower"], moon)
}

/// Two concentric circles.
pub(super) fn circles(samples: usize, noise: Noise) -> Result<Table, Error> {
    planar(samples, noise, ["outer", "inner"], circle)
}

/// Three clouds.
pub(super) fn blobs(samples: usize, noise: Noise) -> Result<Table, Error> {
    planar(samples, noise, ["top", "left", "right"], blob)
}

/// Two spirals.
pub(super) fn spirals(samples: usize, noise: Noise) -> Result<Table, Error> {
    planar(samples, noise, ["first", "second"], spiral)
}

/// Normally distributed noise.
pub(super) struct Noise {
    rng: StdRng,
    deviation: f64,
}

impl Noise {
    fn add(&mut self, value: f64) -> f64 {
        let noise: f64 = self.rng.sample(StandardNormal);
        // Too much noise becomes infinite, which the table rejects.
        value + self.deviation * noise
    }
}

/// Points of a plane in classes of equal size: the i-th of n points of a class is `point(class, i,
/// n)` plus noise.
fn planar<const CLASSES: usize>(
    samples: usize,
    mut noise: Noise,
    names: [&str; CLASSES],
    point: fn(usize, f64, f64) -> [f64; 2],
) -> Result<Table, Error> {
    let mut features = Vec::with_capacity(2 * samples);
    let mut labels = Vec::with_capacity(samples);
    for class in 0..CLASSES {
        // If the rows cannot be divided equally, the last classes have one more.
        let count = (samples + class) / CLASSES;
        for i in 0..count {
            let coordinates = point(class, i as f64, count as f64);
            features.extend(coordinates.map(|value| noise.add(value)));
        }
        labels.extend(repeat_n(class, count));
    }
    Table::from_rows(
        vec!["x".to_owned(), "y".to_owned()],
        &features,
        Some(Target::Classes {
            name: "class".to_owned(),
            labels,
            classes: names.map(str::to_owned).to_vec(),
        }),
    )
}

/// Half circles of radius 1 around (0, 0) and, upside down, around (1, 0.5).
fn moon(class: usize, i: f64, n: f64) -> [f64; 2] {
    let (sin, cos) = (PI * i / (n - 1.0)).sin_cos();
    match class {
        0 => [cos, sin],
        _ => [1.0 - cos, 0.5 - sin],
    }
}

/// Circles of radius 1 and 0.5.
fn circle(class: usize, i: f64, n: f64) -> [f64; 2] {
    let radius = [1.0, 0.5][class];
    let (sin, cos) = (2.0 * PI * i / n).sin_cos();
    [radius * cos, radius * sin]
}

/// The corners of an equilateral triangle, 4 from its centre.
fn blob(class: usize, _: f64, _: f64) -> [f64; 2] {
    let (sin, cos) = (PI / 2.0 + 2.0 * PI / 3.0 * class as f64).sin_cos();
    [4.0 * cos, 4.0 * sin]
}

/// One and a half turns of the Archimedean spiral r = φ/π, and the same rotated by π. Along a ray
/// from the centre, the two spirals are 1 apart.
fn spiral(class: usize, i: f64, n: f64) -> [f64; 2] {
    let angle = PI / 2.0 + 3.0 * PI * i / (n - 1.0);
    let radius = angle / PI;
    let (sin, cos) = (angle + PI * class as f64).sin_cos();
    [radius * cos, radius * sin]
}

/// sin x plus noise for uniformly distributed x in [−π, π].
pub(super) fn sine(samples: usize, mut noise: Noise) -> Result<Table, Error> {
    let mut x = Vec::with_capacity(samples);
    let mut y = Vec::with_capacity(samples);
    for _ in 0..samples {
        let value: f64 = noise.rng.random_range(-PI..=PI);
        x.push(value);
        y.push(noise.add(value.sin()));
    }
    Table::from_rows(
        vec!["x".to_owned()],
        &x,
        Some(Target::Numbers {
            names: vec!["y".to_owned()],
            values: y,
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    fn load(dataset: BuiltIn, samples: usize, noise: f64, seed: u64) -> Table {
        let options = LoadOptions {
            seed,
            samples: Some(samples),
            noise: Some(noise),
            ..LoadOptions::default()
        };
        dataset.load(&options).unwrap().table
    }

    fn labels(table: &Table) -> &[usize] {
        match table.target() {
            Some(Target::Classes { labels, .. }) => labels,
            _ => panic!("a classification"),
        }
    }

    fn assert_near(found: &[f64], expected: [f64; 2]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} for {expected}");
        }
    }

    #[test]
    fn without_noise_the_shapes_are_exact() {
        // Five points on each half circle: at 0, 45, 90, 135 and 180 degrees, and so forth.
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let moons = load(BuiltIn::Moons, 21, 0.0, 0);
        // 10 upper and 11 lower ones, of which the sixth is half way.
        assert_near(&moons.row(0), [1.0, 0.0]);
        assert_near(&moons.row(9), [-1.0, 0.0]);
        assert_near(&moons.row(10), [0.0, 0.5]);
        assert_near(&moons.row(15), [1.0, -0.5]);
        assert_near(&moons.row(20), [2.0, 0.5]);

        // 16 on each circle, 22.5 degrees apart.
        let circles = load(BuiltIn::Circles, 32, 0.0, 0);
        assert_near(&circles.row(2), [half, half]);
        assert_near(&circles.row(16), [0.5, 0.0]);
        assert_near(&circles.row(20), [0.0, 0.5]);

        let blobs = load(BuiltIn::Blobs, 30, 0.0, 0);
        assert_near(&blobs.row(0), [0.0, 4.0]);
        assert_near(&blobs.row(10), [-2.0 * 3f64.sqrt(), -2.0]);
        assert_near(&blobs.row(29), [2.0 * 3f64.sqrt(), -2.0]);

        // Angles 90, 180, …, 630 degrees; radii 0.5, 1, …, 3.5.
        let spirals = load(BuiltIn::Spirals, 26, 0.0, 0);
        assert_near(&spirals.row(0), [0.0, 0.5]);
        assert_near(&spirals.row(12), [0.0, -3.5]);
        assert_near(&spirals.row(2), [-1.0, 0.0]);
        assert_near(&spirals.row(15), [1.0, 0.0]);

        let sine = load(BuiltIn::Sine, 50, 0.0, 0);
        let Some(Target::Numbers { values: y, .. }) = sine.target() else {
            panic!("a regression");
        };
        for (x, y) in sine.features().iter().zip(y) {
            assert!(x.abs() <= std::f64::consts::PI);
            assert!((x.sin() - y).abs() < 1e-6);
        }
    }

    #[test]
    fn noise_has_the_requested_deviation() {
        let exact = load(BuiltIn::Circles, 5000, 0.0, 0);
        let noisy = load(BuiltIn::Circles, 5000, 0.2, 0);
        let squares = exact.features().into_iter().zip(noisy.features());
        let sum: f64 = squares.map(|(exact, noisy)| (exact - noisy).powi(2)).sum();
        // The deviation of 10 000 draws is itself known to 0.2/√20000 = 0.0014.
        assert!(((sum / 10_000.0).sqrt() - 0.2).abs() < 0.006);
    }

    #[test]
    fn classes_are_balanced() {
        for (dataset, counts) in [
            (BuiltIn::Moons, vec![50, 51]),
            (BuiltIn::Circles, vec![50, 51]),
            (BuiltIn::Blobs, vec![33, 34, 34]),
            (BuiltIn::Spirals, vec![50, 51]),
        ] {
            let table = load(dataset, 101, 0.1, 0);
            for (class, expected) in counts.into_iter().enumerate() {
                let found = labels(&table)
                    .iter()
                    .filter(|&&label| label == class)
                    .count();
                assert_eq!(found, expected, "{dataset}");
            }
        }
    }

    #[test]
    fn another_seed_gives_other_rows() {
        for &dataset in BuiltIn::VARIANTS.iter().filter(|set| set.is_generated()) {
            assert_eq!(load(dataset, 50, 0.1, 7), load(dataset, 50, 0.1, 7));
            assert_ne!(load(dataset, 50, 0.1, 7), load(dataset, 50, 0.1, 8));
        }
    }

    #[test]
    fn samples_and_noise_out_of_range_are_refused() {
        let message = |dataset: BuiltIn, samples, noise| {
            let options = LoadOptions {
                samples: Some(samples),
                noise: Some(noise),
                ..LoadOptions::default()
            };
            dataset.load(&options).unwrap_err().to_string()
        };
        assert_eq!(
            message(BuiltIn::Blobs, 29, 0.1),
            "`samples` is 29, but must be from 30 to 10000000"
        );
        assert_eq!(
            message(BuiltIn::Sine, usize::MAX, 0.1),
            format!(
                "`samples` is {}, but must be from 10 to 10000000",
                usize::MAX
            )
        );
        for (noise, text) in [(-0.1, "-0.1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
            assert_eq!(
                message(BuiltIn::Moons, 100, noise),
                format!("`noise` is {text}, but must be finite and 0 or more")
            );
        }
        assert!(message(BuiltIn::Moons, 100, 1e300).contains("within ±3.4e38"));
    }
}
