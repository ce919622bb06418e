use std::f64::consts::{FRAC_PI_2, PI};

use mlp_models::clustering::{Grid, Topology};

use crate::pictures::pixel::pixel;

/// How many pixels across a cell has at most.
const WIDEST_CELL: f64 = 140.0;

/// How far the cells of a grid reach across and down, in widths of a cell. Units are squares or, on a
/// hexagonal grid, hexagons, each second row of which is shifted right by half a unit.
fn extent(grid: Grid) -> (f64, f64) {
    let (rows, columns) = (grid.rows.max(1) as f64, grid.columns.max(1) as f64);
    match grid.topology {
        Topology::Hexagonal => {
            let shift = if grid.rows > 1 { 0.5 } else { 0.0 };
            // A hexagon of width 1 is 2/√3 high, and the next row begins √3/2 below.
            let height = (rows - 1.0) * 3_f64.sqrt() / 2.0 + 2.0 / 3_f64.sqrt();
            (columns + shift, height)
        }
        Topology::Rectangular => (columns, rows),
    }
}

/// The cells of a map's units, in pixels.
pub(super) struct Cells {
    grid: Grid,
    /// How many pixels across a cell has.
    pub(super) width: f64,
}

impl Cells {
    /// As large as they fit so many pixels across and down.
    pub(super) fn fitting(grid: Grid, (across, down): (i32, i32)) -> Self {
        let extent = extent(grid);
        let width = (f64::from(across) / extent.0).min(f64::from(down) / extent.1);
        Self {
            grid,
            width: width.clamp(1.0, WIDEST_CELL),
        }
    }

    /// How many pixels they have across and down all together.
    pub(super) fn size(&self) -> (i32, i32) {
        let (across, down) = extent(self.grid);
        (
            pixel((across * self.width).ceil()),
            pixel((down * self.width).ceil()),
        )
    }

    /// The middle of a unit's cell.
    pub(super) fn center(&self, unit: usize) -> (f64, f64) {
        let (row, column) = (unit / self.grid.columns, unit % self.grid.columns);
        let (x, y) = if self.grid.topology == Topology::Hexagonal {
            let shift = if row % 2 == 1 { 0.5 } else { 0.0 };
            let y = row as f64 * 3_f64.sqrt() / 2.0 + 1.0 / 3_f64.sqrt();
            (column as f64 + 0.5 + shift, y)
        } else {
            (column as f64 + 0.5, row as f64 + 0.5)
        };
        (x * self.width, y * self.width)
    }

    /// The corners of a unit's cell, shrunk to a share of its width.
    pub(super) fn corners(&self, unit: usize, share: f64) -> Vec<(i32, i32)> {
        let (x, y) = self.center(unit);
        let (num_corners, radius, first) = if self.grid.topology == Topology::Hexagonal {
            (6, 1.0 / 3_f64.sqrt(), FRAC_PI_2)
        } else {
            (4, 0.5_f64.sqrt(), PI / 4.0)
        };
        let radius = radius * self.width * share;
        (0..num_corners)
            .map(|corner| {
                let angle = first + f64::from(corner) * 2.0 * PI / f64::from(num_corners);
                (
                    pixel(x + radius * angle.cos()),
                    pixel(y + radius * angle.sin()),
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_rows_of_a_hexagonal_grid_are_shifted() {
        let grid = Grid {
            rows: 3,
            columns: 4,
            topology: Topology::Hexagonal,
        };
        let cells = Cells { grid, width: 100.0 };

        let (x, y) = cells.center(0);
        let (odd_x, odd_y) = cells.center(4);
        let (even_x, even_y) = cells.center(9);

        assert!((odd_x - x - 50.0).abs() < 1e-9);
        assert!((odd_y - y - 86.602_540).abs() < 1e-6);
        assert!((even_x - x - 100.0).abs() < 1e-9);
        assert!((even_y - y - 173.205_081).abs() < 1e-6);
    }

    #[test]
    fn cells_fit_their_room() {
        for (rows, columns) in [(1, 1), (1, 30), (20, 30), (60, 2)] {
            for topology in [Topology::Rectangular, Topology::Hexagonal] {
                let grid = Grid {
                    rows,
                    columns,
                    topology,
                };
                let cells = Cells::fitting(grid, (900, 700));
                let (width, height) = cells.size();
                assert!(width <= 900 && height <= 700, "{grid:?}");
                for unit in 0..grid.num_units() {
                    for (x, y) in cells.corners(unit, 1.0) {
                        assert!((0..=width).contains(&x), "{grid:?}: {x}");
                        assert!((0..=height).contains(&y), "{grid:?}: {y}");
                    }
                }
            }
        }
    }
}
