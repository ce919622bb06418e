use linfa_linalg::eigh::{EigSort, EighInto};
use mlp_models::clustering::Grid;
use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::Error;

/// Rows whose covariance is worked out at a time.
const ROWS_AT_A_TIME: usize = 4096;

/// The plane in which rows vary most: their mean and their first two principal components (Pearson
/// 1901).
pub struct PrincipalPlane {
    mean: Array1<f64>,
    /// The directions, of length 1, one in each row.
    directions: Array2<f64>,
    /// The standard deviation along each of them.
    spreads: [f64; 2],
}

impl PrincipalPlane {
    /// Finds the plane of rows. Where they vary in one direction alone, the second spread is 0.
    ///
    /// # Errors
    ///
    /// If the eigenvectors of their covariance are not found, which does not happen with finite rows.
    pub fn of(rows: &[f32], width: usize) -> Result<Self, Error> {
        let failed = |reason: String| {
            Error::learner(format!("principal components were not found: {reason}"))
        };
        let num_rows = rows.len() / width;
        let rows = ArrayView2::from_shape((num_rows, width), rows)
            .map_err(|error| failed(error.to_string()))?;
        let mut mean = Array1::<f64>::zeros(width);
        for row in rows.rows() {
            mean.zip_mut_with(&row, |sum, &value| *sum += f64::from(value));
        }
        mean /= num_rows.max(1) as f64;
        let mut covariance = Array2::<f64>::zeros((width, width));
        for chunk in rows.axis_chunks_iter(Axis(0), ROWS_AT_A_TIME) {
            let centred = chunk.mapv(f64::from) - &mean;
            covariance += &centred.t().dot(&centred);
        }
        covariance /= num_rows.max(1) as f64;

        let (values, vectors) = covariance
            .eigh_into()
            .map_err(|error| failed(error.to_string()))?
            .sort_eig_desc();
        let mut directions = Array2::zeros((2, width));
        let mut spreads = [0.0; 2];
        for i in 0..width.min(2) {
            let mut direction = vectors.column(i).to_owned();
            // An eigenvector may point either way: here to where its largest part is positive.
            let largest = direction
                .iter()
                .copied()
                .max_by(|a, b| a.abs().total_cmp(&b.abs()));
            if largest.is_some_and(|part| part < 0.0) {
                direction.mapv_inplace(|part| -part);
            }
            directions.row_mut(i).assign(&direction);
            spreads[i] = values[i].max(0.0).sqrt();
        }
        Ok(Self {
            mean,
            directions,
            spreads,
        })
    }

    /// The units of a grid spread out over the plane, a standard deviation to each side.
    pub fn spread(&self, grid: &Grid) -> Vec<f32> {
        let positions = grid.positions();
        let furthest = |i: usize| positions.iter().map(|p| p[i]).fold(0.0, f64::max).max(1.0);
        let furthest = [furthest(0), furthest(1)];
        // The longer side of the grid along the direction of the larger spread.
        let axes = if furthest[0] >= furthest[1] {
            [0, 1]
        } else {
            [1, 0]
        };
        positions
            .iter()
            .flat_map(|position| {
                let mut point = self.mean.clone();
                for (component, axis) in axes.into_iter().enumerate() {
                    let coordinate = 2.0 * position[axis] / furthest[axis] - 1.0;
                    let along = coordinate * self.spreads[component];
                    point.scaled_add(along, &self.directions.row(component));
                }
                #[expect(clippy::cast_possible_truncation)] // The inputs are single precision.
                let point: Vec<f32> = point.iter().map(|&value| value as f32).collect();
                point
            })
            .collect()
    }

    /// Where each row lies in the plane.
    pub fn project(&self, rows: &[f32]) -> Vec<[f64; 2]> {
        let width = self.mean.len();
        rows.chunks_exact(width)
            .map(|row| {
                let along = |i: usize| {
                    let direction = self.directions.row(i);
                    let parts = row.iter().zip(&self.mean).zip(direction);
                    parts
                        .map(|((&value, mean), part)| (f64::from(value) - mean) * part)
                        .sum()
                };
                [along(0), along(1)]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_models::clustering::Topology;

    /// Four points on a cross that is longer along (1, 1) than across.
    const CROSS: [f32; 8] = [3.0, 5.0, -1.0, 1.0, 2.0, 2.0, 0.0, 4.0];

    #[test]
    fn rows_are_projected_on_the_directions_in_which_they_vary_most() {
        let plane = PrincipalPlane::of(&CROSS, 2).unwrap();
        let projected = plane.project(&CROSS);
        // The mean is (1, 3).
        let long = 8f64.sqrt();
        for (point, expected) in projected.iter().zip([long, -long, 0.0, 0.0]) {
            assert!((point[0] - expected).abs() < 1e-6, "{projected:?}");
        }
        assert!((projected[2][1] + projected[3][1]).abs() < 1e-6);
        assert!((projected[2][1].abs() - 2f64.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn a_single_column_has_a_plane_without_width() {
        let plane = PrincipalPlane::of(&[1.0, 2.0, 3.0], 1).unwrap();
        assert_eq!(plane.project(&[2.0]), [[0.0, 0.0]]);
    }

    #[test]
    fn a_grid_is_spread_along_the_larger_variance() {
        let grid = Grid {
            rows: 2,
            columns: 3,
            topology: Topology::Rectangular,
        };
        let points = PrincipalPlane::of(&CROSS, 2).unwrap().spread(&grid);
        // A standard deviation of 2 along (1, 1)/√2 from the mean to each side, one of 1 across.
        let centre: Vec<f32> = (0..2)
            .map(|i| points.iter().skip(i).step_by(2).sum::<f32>() / 6.0)
            .collect();
        assert!((centre[0] - 1.0).abs() < 1e-5 && (centre[1] - 3.0).abs() < 1e-5);
        let apart = (points[4] - points[0]).hypot(points[5] - points[1]);
        assert!((apart - 4.0).abs() < 1e-5, "{points:?}");
        let across = (points[6] - points[0]).hypot(points[7] - points[1]);
        assert!((across - 2.0).abs() < 1e-5, "{points:?}");
    }
}
