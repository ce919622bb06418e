use std::sync::{Arc, OnceLock};

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, IndexingUpdateOp, Int, Tensor};

use super::distances::squared_distances;
use super::{Grid, Neighbourhood};
use crate::InvalidConfig;

/// A map that is trained holds two tensors of a number for each pair of its units, here of 8 GiB.
const MOST_UNITS: usize = 46_340;

/// Configuration of a [`SelfOrganisingMap`].
#[derive(Config, Debug)]
pub struct SelfOrganisingMapConfig {
    /// The width of the input.
    pub d_input: usize,
    /// The grid of units.
    pub grid: Grid,
    /// Which units learn together with the winner.
    #[config(default = "Neighbourhood::Gaussian")]
    pub neighbourhood: Neighbourhood,
    /// The penalty, 0 or more, if the two units nearest to a row are not neighbours: see
    /// [`energy`](SelfOrganisingMap::energy). 0 is Kohonen's rule.
    #[config(default = 0.0)]
    pub tear_weight: f64,
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
            return Err(InvalidConfig::new("grid", "1 unit", "2 units or more"));
        }
        let num_units = self.grid.num_units();
        if num_units > MOST_UNITS {
            let found = format!("{num_units} units");
            return Err(InvalidConfig::new("grid", found, "46340 units or fewer"));
        }
        if !(self.tear_weight.is_finite() && self.tear_weight >= 0.0) {
            return Err(InvalidConfig::new(
                "tear_weight",
                self.tear_weight,
                "0 or more",
            ));
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
            grid: self.grid,
            pairs: Arc::default(),
            neighbourhood: self.neighbourhood,
            tear_weight: self.tear_weight,
        }
    }
}

/// A self-organising map: units on a grid, each with a point in the space of the data, such that
/// neighbours on the grid are neighbours in that space ([Kohonen 1982](https://doi.org/10.1007/BF00337288)).
///
/// Its [energy](Self::energy) is a quantisation error that includes the neighbours of the winner
/// ([Heskes 1999](https://doi.org/10.1016/B978-044450270-4/50024-3)). Kohonen's rule is a step of
/// gradient descent on it.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::clustering::{Grid, SelfOrganisingMapConfig, Topology};
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
    #[module(skip)]
    grid: Grid,
    #[module(skip)]
    pairs: Arc<OnceLock<Pairs>>,
    #[module(skip)]
    neighbourhood: Neighbourhood,
    #[module(skip)]
    tear_weight: f64,
}

/// What a grid says of each pair of units. Only training needs it, so that a file with many units makes no reader
/// allocate their square.
#[derive(Clone, Debug)]
struct Pairs {
    /// `[num_units, num_units]`.
    squared_distances: Tensor<2>,
    /// 0 for units that touch, else infinity: `[num_units, num_units]`.
    far_from_neighbours: Tensor<2>,
}

impl SelfOrganisingMap {
    /// The squared distance between each row and each unit.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size, num_units]`, 0 or more
    pub fn squared_distances(&self, input: Tensor<2>) -> Tensor<2> {
        squared_distances(input, self.weight.val())
    }

    /// The unit nearest to each row.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - output: `[batch_size]`
    pub fn winners(&self, input: Tensor<2>) -> Tensor<1, Int> {
        let distances = self.squared_distances(input).without_autodiff();
        distances.argmin(1).squeeze_dim(1)
    }

    /// The distance of rows from their winning units and the units around them.
    ///
    /// ```text
    /// E = ½ Σ_k Σᵢ (hᵢₖ + τ·tᵢₖ)·‖xᵢ − w_k‖² / max(1, Σᵢ hᵢₖ)
    /// ```
    ///
    /// where `hᵢₖ` is the [neighbourhood](Neighbourhood) of unit `k` and the winner of row `i`.
    /// With one row the gradient of `w_k` is `−h_k·(x − w_k)`: a step of gradient descent is
    /// Kohonen's `w_k ← w_k + η·h_k·(x − w_k)`. With many rows each unit moves towards the weighted mean
    /// of those in its neighbourhood, and never beyond it, however many there are.
    ///
    /// A row tears the map if its second nearest unit does not touch the winner ([Kiviluoto
    /// 1996](https://doi.org/10.1109/ICNN.1996.548907)). `tᵢₖ` is then 1 for the nearest unit that
    /// touches the winner, which is pulled closer, and −1 for the second nearest unit, which is pushed
    /// away; it is 0 otherwise. `τ` is [`tear_weight`](SelfOrganisingMapConfig::tear_weight).
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    /// - radius: `σ`, above 0, in multiples of the distance between neighbours
    /// - returns: `[1]`
    pub fn energy(&self, input: Tensor<2>, radius: f64) -> Tensor<1> {
        let distances = self.squared_distances(input);
        let constant = distances.clone().without_autodiff();
        let winners: Tensor<1, Int> = constant.clone().argmin(1).squeeze_dim(1);
        let grid_distances = self.pairs(&constant.device()).squared_distances;
        let distances_to_winner = grid_distances.select(0, winners.clone());
        let closeness = match self.neighbourhood {
            Neighbourhood::Gaussian => (distances_to_winner / (-2.0 * radius * radius)).exp(),
            Neighbourhood::Bubble => {
                let is_within = distances_to_winner.lower_equal_scalar(radius * radius);
                is_within.float()
            }
        };
        let total = closeness.clone().sum_dim(0).clamp_min(1.0);
        let weights = if self.tear_weight == 0.0 {
            closeness
        } else {
            self.add_tears(closeness, constant, winners)
        };
        // The ½ is here since neither the weights nor the total have a gradient.
        (distances * (weights / (total * 2.0))).sum()
    }

    /// What the grid says of each pair of units, on the device of the rows.
    fn pairs(&self, device: &Device) -> Pairs {
        let device = device.clone().inner();
        let pairs = self.pairs.get_or_init(|| Pairs {
            squared_distances: self.grid.squared_distances(&device),
            far_from_neighbours: self.grid.far_from_neighbours(&device),
        });
        Pairs {
            squared_distances: pairs.squared_distances.clone().to_device(&device),
            far_from_neighbours: pairs.far_from_neighbours.clone().to_device(&device),
        }
    }

    /// Adds `τ·t` to the closeness of each unit to the winner of each row.
    fn add_tears(
        &self,
        closeness: Tensor<2>,
        distances: Tensor<2>,
        winners: Tensor<1, Int>,
    ) -> Tensor<2> {
        let [batch_size, _] = distances.dims();
        let device = distances.device();
        let far = self.pairs(&device).far_from_neighbours;
        let far = far.select(0, winners.clone());
        let nearest_neighbours = (distances.clone() + far).argmin(1);
        let infinite = Tensor::full([batch_size, 1], f32::INFINITY, &device);
        let second = distances
            .scatter(1, winners.unsqueeze_dim(1), infinite, IndexingUpdateOp::Add)
            .argmin(1);
        // If both are the same unit, they cancel out.
        let weight = Tensor::full([batch_size, 1], self.tear_weight, &device);
        closeness
            .scatter(1, nearest_neighbours, weight.clone(), IndexingUpdateOp::Add)
            .scatter(1, second, weight.neg(), IndexingUpdateOp::Add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clustering::Topology;
    use burn::tensor::{TensorData, Tolerance};

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
    fn a_map_has_two_units_to_as_many_as_the_distances_of_all_pairs_allow() {
        let error = |rows, columns| {
            let grid = Grid {
                rows,
                columns,
                topology: Topology::Rectangular,
            };
            let checked = SelfOrganisingMapConfig::new(4, grid).check();
            checked.err().map(|error| error.to_string())
        };
        assert_eq!(error(2, 1), None);
        assert_eq!(error(200, 200), None);
        assert_eq!(error(46_340, 1), None);
        for (rows, columns) in [(1, 1), (46_341, 1), (usize::MAX, 2)] {
            assert!(error(rows, columns).is_some(), "{rows} {columns}");
        }
        assert_eq!(
            error(100, 1000).unwrap(),
            "`grid` is 100000 units, but must be 46340 units or fewer"
        );
    }

    #[test]
    fn pairs_of_units_are_held_by_a_map_that_is_trained_alone() {
        let device = Device::flex();
        let grid = Grid {
            rows: 1,
            columns: MOST_UNITS,
            topology: Topology::Rectangular,
        };
        let large = SelfOrganisingMapConfig::new(1, grid).init(&device);
        assert_eq!(large.winners(Tensor::ones([1, 1], &device)).dims(), [1]);
        assert!(large.pairs.get().is_none());

        let small = map(Neighbourhood::Gaussian, &device);
        assert_eq!(small.energy(Tensor::ones([1, 2], &device), 1.0).dims(), [1]);
        assert!(small.pairs.get().is_some());
    }

    #[test]
    fn a_step_of_gradient_descent_is_kohonens_rule() {
        let device = Device::flex().autodiff();
        let (x, rate, radius) = ([0.9f32, 0.2], 0.3f32, 0.8f32);
        for neighbourhood in [Neighbourhood::Gaussian, Neighbourhood::Bubble] {
            let map = map(neighbourhood, &device);
            let energy = map.energy(Tensor::from_floats([x], &device), f64::from(radius));
            let gradient = map.weight.grad(&energy.backward()).unwrap();
            let stepped = map.weight.val().without_autodiff() - gradient * rate;

            // The winner is unit 1, at (1, 0) on the grid. It is 1 away from units 0 and 3, √2 from unit 2.
            let squared_distances = [1.0f32, 0.0, 2.0, 1.0];
            let classical: Vec<f32> = [[0.0f32, 0.0], [1.0, 0.0], [0.0, 1.0], [2.0, 2.0]]
                .iter()
                .zip(squared_distances)
                .flat_map(|(w, squared)| {
                    let h = match neighbourhood {
                        Neighbourhood::Gaussian => (-squared / (2.0 * radius * radius)).exp(),
                        Neighbourhood::Bubble => f32::from(squared <= radius * radius),
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
    fn a_full_step_moves_a_unit_to_the_weighted_mean_of_its_rows() {
        let device = Device::flex().autodiff();
        let map = map(Neighbourhood::Bubble, &device);
        let rows = Tensor::from_floats([[1.0, 0.2], [1.2, -0.4], [1.1, 0.5]], &device);
        let energy = map.energy(rows, 0.5);
        let gradient = map.weight.grad(&energy.backward()).unwrap();
        let stepped = map.weight.val().without_autodiff() - gradient;
        // Unit 1 wins all three, and no other unit learns.
        let expected = [[0.0, 0.0], [1.1, 0.1], [0.0, 1.0], [2.0, 2.0]];
        let stepped = stepped.into_data();
        stepped.assert_approx_eq::<f32>(&TensorData::from(expected), Tolerance::absolute(1e-6));
    }

    #[test]
    fn a_row_that_tears_the_map_pulls_a_neighbour_closer_and_pushes_the_second_away() {
        let device = Device::flex().autodiff();
        let grid = Grid {
            rows: 1,
            columns: 4,
            topology: Topology::Rectangular,
        };
        let mut map = SelfOrganisingMapConfig::new(1, grid)
            .with_neighbourhood(Neighbourhood::Bubble)
            .with_tear_weight(0.5)
            .init(&device);
        let mut stepped = |weight: [f32; 4], x: f32| -> Vec<f32> {
            let weight = TensorData::from(weight.map(|w| [w]));
            map.weight = Param::from_data(weight, &device);
            let energy = map.energy(Tensor::from_floats([[x]], &device), 0.5);
            let gradient = map.weight.grad(&energy.backward()).unwrap();
            let stepped = map.weight.val().without_autodiff() - gradient;
            stepped.into_data().iter().collect()
        };
        // Unit 0 wins. Unit 3 is second nearest, but unit 1 touches the winner.
        assert_eq!(stepped([0.0, 5.0, 9.0, 3.0], 1.0), [1.0, 3.0, 9.0, 4.0]);
        // Unit 1 is second nearest and touches the winner: no tear.
        assert_eq!(stepped([0.0, 3.0, 9.0, 5.0], 1.0), [1.0, 3.0, 9.0, 5.0]);
    }

    #[test]
    fn the_nearest_unit_wins_a_row() {
        let device = Device::flex();
        let rows = Tensor::from_floats([[1.9, 1.5], [0.1, 0.7], [0.2, 0.1]], &device);
        let winners = map(Neighbourhood::Gaussian, &device).winners(rows);
        let winners: Vec<i64> = winners.into_data().iter().collect();
        assert_eq!(winners, [3, 2, 0]);
    }

    #[test]
    fn an_empty_grid_and_a_negative_weight_are_rejected() {
        let grid = |rows, columns| Grid {
            rows,
            columns,
            topology: Topology::Rectangular,
        };
        for (rows, columns, field) in [(0, 3, "rows"), (3, 0, "columns"), (1, 1, "grid")] {
            let error = SelfOrganisingMapConfig::new(2, grid(rows, columns)).check();
            assert!(error.unwrap_err().to_string().contains(field));
        }
        let config = SelfOrganisingMapConfig::new(2, grid(2, 2)).with_tear_weight(-0.1);
        let error = config.check().unwrap_err().to_string();
        assert!(error.contains("tear_weight"), "{error}");
    }
}
