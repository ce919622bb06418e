use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::InvalidConfig;

/// Configuration of a [`SelfOrganisingMap`].
#[derive(Config, Debug)]
pub struct SelfOrganisingMapConfig {
    /// How many features a row has.
    pub d_input: usize,
    /// Where the units lie.
    pub grid: Grid,
    /// Which units learn with the winner.
    #[config(default = "Neighbourhood::Gaussian")]
    pub neighbourhood: Neighbourhood,
}

/// A plane of units, numbered row by row.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// How many rows of units.
    pub rows: usize,
    /// How many units a row has.
    pub columns: usize,
    /// How the units lie to each other.
    pub topology: Topology,
}

/// How the units of a [`Grid`] lie to each other.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Topology {
    /// As squares: a unit has up to eight neighbours.
    #[default]
    Rectangular,
    /// As hexagons, each second row moved by half a unit: a unit has up to six neighbours, all as
    /// far away.
    Hexagonal,
}

/// Which units learn with the winner, by their distance `d` on the grid and the radius `σ`.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Neighbourhood {
    /// `exp(−d² / 2σ²)`: all, the nearer the more.
    #[default]
    Gaussian,
    /// 1 if `d ≤ σ`, else 0.
    Bubble,
}

impl Grid {
    /// How many units there are.
    pub fn num_units(&self) -> usize {
        self.rows * self.columns
    }

    /// Where each unit lies, as `[x, y]`; neighbours in a row are 1 apart.
    pub fn positions(&self) -> Vec<[f64; 2]> {
        let position = |unit: usize| {
            let (row, column) = (unit / self.columns, unit % self.columns);
            match self.topology {
                Topology::Rectangular => [column as f64, row as f64],
                Topology::Hexagonal => [
                    column as f64 + 0.5 * (row % 2) as f64,
                    row as f64 * 0.75f64.sqrt(),
                ],
            }
        };
        (0..self.num_units()).map(position).collect()
    }

    /// Whether two units touch: on squares also at a corner.
    pub fn are_neighbours(&self, a: usize, b: usize) -> bool {
        let positions = [a, b].map(|unit| {
            let (row, column) = (unit / self.columns, unit % self.columns);
            (row, column)
        });
        let [(row, column), (other_row, other_column)] = positions;
        let rows_apart = row.abs_diff(other_row);
        let columns_apart = column.abs_diff(other_column);
        match self.topology {
            _ if a == b => false,
            Topology::Rectangular => rows_apart <= 1 && columns_apart <= 1,
            Topology::Hexagonal if rows_apart == 0 => columns_apart == 1,
            // The odd row lies half a unit further on.
            Topology::Hexagonal if rows_apart == 1 => {
                let (even, odd) = if row % 2 == 0 {
                    (column, other_column)
                } else {
                    (other_column, column)
                };
                even == odd || even == odd + 1
            }
            Topology::Hexagonal => false,
        }
    }

    /// The squared distance of each unit to each: `[num_units, num_units]`.
    fn squared_distances(&self, device: &Device) -> Tensor<2> {
        let positions = self.positions();
        let distances: Vec<f32> = positions
            .iter()
            .flat_map(|[x, y]| {
                positions.iter().map(move |[other_x, other_y]| {
                    #[expect(clippy::cast_possible_truncation)] // Distances on a grid are small.
                    let distance = ((x - other_x).powi(2) + (y - other_y).powi(2)) as f32;
                    distance
                })
            })
            .collect();
        let num_units = self.num_units();
        Tensor::from_data(TensorData::new(distances, [num_units, num_units]), device)
    }
}

impl SelfOrganisingMapConfig {
    /// Checks that the configuration describes a map.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        for (field, size) in [
            ("d_input", self.d_input),
            ("rows", self.grid.rows),
            ("columns", self.grid.columns),
        ] {
            if size == 0 {
                return Err(InvalidConfig::new(field, size, "1 or more"));
            }
        }
        if self.grid.num_units() < 2 {
            return Err(InvalidConfig::new("grid", "1 unit", "of 2 units or more"));
        }
        Ok(())
    }

    /// Initializes the module on a device, with weights drawn from a normal distribution.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> SelfOrganisingMap {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let normal = Initializer::Normal {
            mean: 0.0,
            std: 1.0,
        };
        SelfOrganisingMap {
            weight: normal.init([self.grid.num_units(), self.d_input], device),
            squared_grid_distances: self.grid.squared_distances(&device.clone().inner()),
            neighbourhood: self.neighbourhood,
        }
    }
}

/// A self-organising map: units on a grid, each with a point among the data, so that neighbours on
/// the grid are neighbours among the data ([Kohonen 1982](https://doi.org/10.1007/BF00337288)).
///
/// Its [energy](Self::energy) is a quantisation error in which the neighbours of a winner count too
/// ([Heskes 1999](https://doi.org/10.1016/B978-044450270-4/50024-3)); Kohonen's rule is a step down
/// its gradient.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::{Grid, SelfOrganisingMapConfig, Topology};
///
/// let device = Device::flex();
/// let grid = Grid { rows: 3, columns: 4, topology: Topology::Hexagonal };
/// let map = SelfOrganisingMapConfig::new(2, grid).init(&device);
/// let rows = Tensor::ones([5, 2], &device);
/// assert_eq!(map.winners(rows.clone()).dims(), [5]);
/// assert_eq!(map.energy(rows, 1.0).dims(), [1]);
/// ```
#[derive(Module, Debug)]
pub struct SelfOrganisingMap {
    /// The point of each unit: `[num_units, d_input]`.
    pub weight: Param<Tensor<2>>,
    squared_grid_distances: Tensor<2>,
    #[module(skip)]
    neighbourhood: Neighbourhood,
}

impl SelfOrganisingMap {
    /// The squared distance of each row to each unit.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, num_units]`, 0 or more
    pub fn squared_distances(&self, input: Tensor<2>) -> Tensor<2> {
        squared_distances(input, self.weight.val())
    }

    /// The unit that is nearest to each row.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size]`
    pub fn winners(&self, input: Tensor<2>) -> Tensor<1, Int> {
        let distances = self.squared_distances(input).without_autodiff();
        distances.argmin(1).squeeze_dim(1)
    }

    /// How far rows are from their winners and those around them.
    ///
    /// ```text
    /// E = ½ Σ_k Σᵢ hᵢₖ·‖xᵢ − w_k‖² / max(1, Σᵢ hᵢₖ)
    /// ```
    ///
    /// where `hᵢₖ` is the [neighbourhood](Neighbourhood) of unit `k` and the winner of row `i`.
    /// With one row the gradient of `w_k` is `−h_k·(x − w_k)`: a step of gradient descent is
    /// Kohonen's `w_k ← w_k + η·h_k·(x − w_k)`. With many rows each unit moves towards the mean of
    /// those that concern it, at most all the way, however many they are.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - radius: `σ` in units of the grid, above 0
    /// - returns: `[1]`
    pub fn energy(&self, input: Tensor<2>, radius: f64) -> Tensor<1> {
        let distances = self.squared_distances(input);
        let winners = distances
            .clone()
            .without_autodiff()
            .argmin(1)
            .squeeze_dim(1);
        let grid_distances = self.squared_grid_distances.clone().without_autodiff();
        let apart = grid_distances.select(0, winners);
        let closeness = match self.neighbourhood {
            Neighbourhood::Gaussian => (apart / (-2.0 * radius * radius)).exp(),
            Neighbourhood::Bubble => apart.lower_equal_scalar(radius * radius).float(),
        };
        let most = closeness.clone().sum_dim(0).clamp_min(1.0);
        (distances * (closeness / most)).sum() * 0.5
    }
}

/// The squared distance of each row of `a` to each of `b`: `[rows of a, rows of b]`.
pub(super) fn squared_distances(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    let of_a = a.clone().square().sum_dim(1);
    let of_b = b.clone().square().sum_dim(1).transpose();
    // Rounding may leave less than nothing.
    (a.matmul(b.transpose()) * -2.0 + of_a + of_b).clamp_min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Tolerance;

    fn map(neighbourhood: Neighbourhood, device: &Device) -> SelfOrganisingMap {
        let grid = Grid {
            rows: 2,
            columns: 2,
            topology: Topology::Rectangular,
        };
        let mut map = SelfOrganisingMapConfig::new(2, grid)
            .with_neighbourhood(neighbourhood)
            .init(device);
        let weight = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [2.0, 2.0]];
        map.weight = Param::from_data(TensorData::from(weight), device);
        map
    }

    #[test]
    fn a_step_down_the_energy_is_kohonens_rule() {
        let device = Device::flex().autodiff();
        let (x, rate, radius) = ([0.9f32, 0.2], 0.3f32, 0.8f32);
        for neighbourhood in [Neighbourhood::Gaussian, Neighbourhood::Bubble] {
            let map = map(neighbourhood, &device);
            let energy = map.energy(Tensor::from_floats([x], &device), f64::from(radius));
            let gradient = map.weight.grad(&energy.backward()).unwrap();
            let stepped = map.weight.val().without_autodiff() - gradient * rate;

            // The winner is unit 1, at (1, 0) on the grid; units 0 and 3 are 1 away, unit 2 √2.
            let apart = [1.0f32, 0.0, 2.0, 1.0];
            let classical: Vec<f32> = [[0.0f32, 0.0], [1.0, 0.0], [0.0, 1.0], [2.0, 2.0]]
                .iter()
                .zip(apart)
                .flat_map(|(w, apart)| {
                    let h = match neighbourhood {
                        Neighbourhood::Gaussian => (-apart / (2.0 * radius * radius)).exp(),
                        Neighbourhood::Bubble => f32::from(apart <= radius * radius),
                    };
                    [0, 1].map(|i| w[i] + rate * h * (x[i] - w[i]))
                })
                .collect();
            let classical = TensorData::new(classical, [4, 2]);
            let stepped = stepped.into_data();
            stepped.assert_approx_eq::<f32>(&classical, Tolerance::absolute(1e-6));
        }
    }

    #[test]
    fn with_many_rows_a_full_step_brings_a_unit_to_their_weighted_mean() {
        let device = Device::flex().autodiff();
        let map = map(Neighbourhood::Bubble, &device);
        let rows = Tensor::from_floats([[1.0, 0.2], [1.2, -0.4], [1.1, 0.5]], &device);
        let energy = map.energy(rows, 0.5);
        let gradient = map.weight.grad(&energy.backward()).unwrap();
        let stepped = map.weight.val().without_autodiff() - gradient;
        // All three are won by unit 1, and nobody else learns.
        let expected = [[0.0, 0.0], [1.1, 0.1], [0.0, 1.0], [2.0, 2.0]];
        let stepped = stepped.into_data();
        stepped.assert_approx_eq::<f32>(&TensorData::from(expected), Tolerance::absolute(1e-6));
    }

    #[test]
    fn a_row_is_won_by_the_nearest_unit() {
        let device = Device::flex();
        let rows = Tensor::from_floats([[1.9, 1.5], [0.1, 0.7], [0.2, 0.1]], &device);
        let winners = map(Neighbourhood::Gaussian, &device).winners(rows);
        let winners: Vec<i64> = winners.into_data().iter().collect();
        assert_eq!(winners, [3, 2, 0]);
    }

    #[test]
    fn neighbours_are_those_that_touch() {
        let neighbours = |topology, unit| {
            let grid = Grid {
                rows: 3,
                columns: 3,
                topology,
            };
            (0..9)
                .filter(|&other| grid.are_neighbours(unit, other))
                .collect::<Vec<_>>()
        };
        // 0 1 2
        // 3 4 5
        // 6 7 8
        assert_eq!(neighbours(Topology::Rectangular, 0), [1, 3, 4]);
        assert_eq!(
            neighbours(Topology::Rectangular, 4),
            [0, 1, 2, 3, 5, 6, 7, 8]
        );
        // The middle row is moved to the right.
        assert_eq!(neighbours(Topology::Hexagonal, 4), [1, 2, 3, 5, 7, 8]);
        assert_eq!(neighbours(Topology::Hexagonal, 0), [1, 3]);
    }

    #[test]
    fn hexagonal_neighbours_are_all_one_apart() {
        let grid = Grid {
            rows: 4,
            columns: 5,
            topology: Topology::Hexagonal,
        };
        let positions = grid.positions();
        for a in 0..20 {
            for b in 0..20 {
                let [x, y] = [0, 1].map(|i: usize| positions[a][i] - positions[b][i]);
                let is_one = (x.hypot(y) - 1.0).abs() < 1e-9;
                assert_eq!(grid.are_neighbours(a, b), is_one, "{a} and {b}");
            }
        }
    }

    #[test]
    fn a_grid_without_units_is_refused() {
        let grid = |rows, columns| Grid {
            rows,
            columns,
            topology: Topology::Rectangular,
        };
        for (rows, columns, field) in [(0, 3, "rows"), (3, 0, "columns"), (1, 1, "grid")] {
            let error = SelfOrganisingMapConfig::new(2, grid(rows, columns)).check();
            assert!(error.unwrap_err().to_string().contains(field));
        }
    }
}
