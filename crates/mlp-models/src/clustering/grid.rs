use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// A two-dimensional grid of units, numbered row by row.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// The number of rows.
    pub rows: usize,
    /// The number of units in a row.
    pub columns: usize,
    /// The arrangement of the units.
    pub topology: Topology,
}

/// The arrangement of the units of a [`Grid`].
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Topology {
    /// Squares: a unit has up to eight neighbours.
    #[default]
    Rectangular,
    /// Hexagons, with every second row shifted by half a unit: a unit has up to six neighbours, all at
    /// the same distance.
    Hexagonal,
}

impl Grid {
    /// The number of units.
    pub fn num_units(&self) -> usize {
        self.rows.saturating_mul(self.columns)
    }

    /// The position of each unit as `[x, y]`. Neighbours in a row have distance 1.
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

    /// Whether two different units touch; squares also touch at a corner.
    pub fn are_neighbours(&self, a: usize, b: usize) -> bool {
        if a == b {
            return false;
        }
        let [(row, column), (other_row, other_column)] =
            [a, b].map(|unit| (unit / self.columns, unit % self.columns));
        let rows_apart = row.abs_diff(other_row);
        let columns_apart = column.abs_diff(other_column);
        match self.topology {
            Topology::Rectangular => rows_apart <= 1 && columns_apart <= 1,
            Topology::Hexagonal if rows_apart == 0 => columns_apart == 1,
            // The odd row is shifted by half a unit.
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

    /// The squared distance of each pair of units: `[num_units, num_units]`.
    pub(super) fn squared_distances(&self, device: &Device) -> Tensor<2> {
        let positions = self.positions();
        self.pairwise(device, |a, b| {
            let ([x, y], [other_x, other_y]) = (positions[a], positions[b]);
            #[expect(clippy::cast_possible_truncation)] // Distances on a grid are small.
            let distance = ((x - other_x).powi(2) + (y - other_y).powi(2)) as f32;
            distance
        })
    }

    /// 0 for units that touch, infinity for other pairs: `[num_units, num_units]`.
    pub(super) fn far_from_neighbours(&self, device: &Device) -> Tensor<2> {
        self.pairwise(device, |a, b| {
            if self.are_neighbours(a, b) {
                0.0
            } else {
                f32::INFINITY
            }
        })
    }

    fn pairwise(&self, device: &Device, value: impl Fn(usize, usize) -> f32) -> Tensor<2> {
        let num_units = self.num_units();
        let pairs = (0..num_units).flat_map(|a| (0..num_units).map(move |b| (a, b)));
        let values: Vec<f32> = pairs.map(|(a, b)| value(a, b)).collect();
        Tensor::from_data(TensorData::new(values, [num_units, num_units]), device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_units_that_touch() {
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
        // The middle row is shifted to the right.
        assert_eq!(neighbours(Topology::Hexagonal, 4), [1, 2, 3, 5, 7, 8]);
        assert_eq!(neighbours(Topology::Hexagonal, 0), [1, 3]);
    }

    #[test]
    fn all_hexagonal_neighbours_have_distance_one() {
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
}
