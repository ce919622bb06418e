use burn::tensor::{Int, Tensor, TensorData};
use mlp_datasets::{Column, InputKind, Preprocessor, Table, Values, category_tensor};
use mlp_training::ObservedTraining;

use crate::protocol::{Axis, Failure, Plane};

/// How much wider an axis is than its values, on each side.
const MARGIN: f64 = 0.12;

/// The inputs of a network for each pixel of a map, row by row from the top.
pub struct Grid {
    /// Of shape `[width · height, d_numbers]`.
    pub numbers: Tensor<2>,
    /// The indices of embedded categories, if there are any.
    pub categories: Option<Tensor<2, Int>>,
    /// The values of each derived input, with its index.
    pub derived: Vec<(usize, Vec<f32>)>,
    /// Pixels along the vertical axis: 1 if there is none.
    pub height: usize,
}

impl Grid {
    /// The pixels of a plane through a table, whose other columns keep the values of a row.
    ///
    /// # Errors
    ///
    /// If the plane has a column that cannot be an axis.
    pub fn new(
        table: &Table,
        training: &ObservedTraining,
        plane: &Plane,
        row: usize,
        resolution: usize,
    ) -> Result<Self, Failure> {
        let preprocessor = &training.preprocessor;
        let axes = axes(table, &preprocessor.column_names());
        let find = |name: &String| {
            let axis = axes.iter().find(|(axis, _)| axis == name);
            let axis = axis.map(|(_, axis)| *axis);
            axis.ok_or_else(|| {
                let names: Vec<_> = axes.iter().map(|(name, _)| format!("`{name}`")).collect();
                let failure = no_axis(name);
                if names.is_empty() {
                    return failure;
                }
                failure.with_hint(format!("choose one of {}", names.join(", ")))
            })
        };
        let x = find(&plane.x)?;
        let y = plane.y.as_ref().map(find).transpose()?;
        let height = if y.is_some() { resolution } else { 1 };
        let count = resolution * height;
        let at = |axis: Axis, pixel: usize, pixels: usize| {
            let share = (pixel as f64 + 0.5) / pixels as f64;
            axis.low + share * (axis.high - axis.low)
        };
        let columns = table.columns().iter().map(|column| {
            let values = match &column.values {
                Values::Numbers(_) if column.name == plane.x => {
                    let pixels = 0..count;
                    Values::Numbers(pixels.map(|i| at(x, i % resolution, resolution)).collect())
                }
                Values::Numbers(numbers) => match y {
                    Some(y) if Some(&column.name) == plane.y.as_ref() => {
                        // The first row of pixels is that of the highest values.
                        let pixel = |i: usize| height - 1 - i / resolution;
                        Values::Numbers((0..count).map(|i| at(y, pixel(i), height)).collect())
                    }
                    Some(_) | None => Values::Numbers(vec![numbers[row]; count]),
                },
                Values::Categories { codes, names } => Values::Categories {
                    codes: vec![codes[row]; count],
                    names: names.clone(),
                },
                Values::Dates(dates) => Values::Dates(vec![dates[row]; count]),
            };
            Column {
                name: column.name.clone(),
                values,
            }
        });
        let pixels = Table::new(columns.collect(), None)?;
        let rows: Vec<usize> = (0..count).collect();
        let inputs = preprocessor.transform(&pixels, &rows)?;
        let width = preprocessor.width();
        let spec = preprocessor.input_spec();
        let derived = spec.numbers.iter().enumerate();
        let derived = derived.filter(|(_, column)| column.kind == InputKind::Derived);
        let derived = derived.map(|(input, _)| {
            let values = inputs.numbers.iter().skip(input).step_by(width);
            (input, values.copied().collect())
        });
        let derived = derived.collect();
        let numbers = TensorData::new(inputs.numbers, [count, width]);
        let num_embeddings = preprocessor.cardinalities().len();
        Ok(Self {
            numbers: Tensor::from_data(numbers, &training.device),
            categories: category_tensor(inputs.categories, num_embeddings, &training.device),
            derived,
            height,
        })
    }
}

/// A column is not one of numbers, or all of these are equal.
pub fn no_axis(name: &str) -> Failure {
    Failure::new(format!("`{name}` cannot be used as an axis"))
}

/// Those of some columns that are numbers, with the ranges to draw.
pub fn axes(table: &Table, used: &[String]) -> Vec<(String, Axis)> {
    let columns = table.columns().iter();
    let used = columns.filter(|column| used.contains(&column.name));
    let axes = used.filter_map(|column| match &column.values {
        Values::Numbers(numbers) => {
            let numbers = numbers.iter().copied().filter(|number| number.is_finite());
            let low = numbers.clone().fold(f64::INFINITY, f64::min);
            let high = numbers.fold(f64::NEG_INFINITY, f64::max);
            let margin = MARGIN * (high - low);
            let axis = Axis {
                low: low - margin,
                high: high + margin,
            };
            (low < high).then(|| (column.name.clone(), axis))
        }
        Values::Categories { .. } | Values::Dates(_) => None,
    });
    axes.collect()
}

/// The row whose inputs are nearest to the medians of all.
///
/// # Errors
///
/// If the rows cannot be prepared.
pub fn median_row(
    table: &Table,
    rows: &[usize],
    preprocessor: &Preprocessor,
) -> Result<usize, Failure> {
    let width = preprocessor.width().max(1);
    let inputs = preprocessor.transform(table, rows)?.numbers;
    let medians: Vec<f32> = (0..width)
        .map(|input| {
            let mut values: Vec<f32> = inputs.iter().skip(input).step_by(width).copied().collect();
            values.sort_by(f32::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        })
        .collect();
    let distance = |row: &[f32]| -> f32 {
        let differences = row
            .iter()
            .zip(&medians)
            .map(|(x, median)| (x - median).abs());
        differences.sum()
    };
    let distances = inputs.chunks(width).map(distance);
    let nearest = distances
        .zip(rows)
        .min_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, row)| *row);
    Ok(nearest.unwrap_or(rows[0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::{Observed, Player};
    use crate::protocol::Experiment;
    use crate::setup::Setup;
    use crate::tables::Tables;
    use mlp_training::Device;

    #[test]
    fn what_is_derived_from_the_axes_has_a_map_over_their_plane() {
        let experiment: Experiment = serde_json::from_str(
            r#"{"data": {"name": "circles", "drop": ["x", "y"], "derive": ["x^2", "x*y"]}, "hidden": [2]}"#,
        )
        .unwrap();
        let setup = Setup::of(&experiment, &Tables::default()).unwrap();
        let (_player, observed) = Player::start(&setup, &Device::flex()).unwrap();
        let Observed::Prediction(training) = observed else {
            panic!("it predicts");
        };
        let plane = Plane {
            x: "x".to_owned(),
            y: Some("y".to_owned()),
            row: None,
        };
        let grid = Grid::new(&setup.dataset.table, &training, &plane, 0, 8).unwrap();
        let [(0, squares), (1, products)] = &grid.derived[..] else {
            panic!("both inputs are derived");
        };
        // The same in each row of pixels, and greatest at both ends.
        assert_eq!(squares[..8], squares[56..]);
        assert!(squares[0] > squares[3] && squares[7] > squares[4]);
        // Above 0 where both axes are high or low.
        let [top_left, top_right] = [products[0], products[7]];
        let [bottom_left, bottom_right] = [products[56], products[63]];
        assert!(top_right > top_left && top_right > bottom_right);
        assert!(bottom_left > top_left && bottom_left > bottom_right);
    }
}
