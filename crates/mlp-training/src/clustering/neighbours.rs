use burn::tensor::{Distribution, Int, Tensor, TensorData};
use rayon::prelude::*;

use crate::Error;

/// Rows whose distances to all others are worked out at a time.
const ROWS_AT_A_TIME: usize = 1024;

/// The nearest neighbours of each row.
#[derive(Clone, Debug)]
pub struct Neighbours {
    /// All rows: `[num_rows, width]`.
    rows: Tensor<2>,
    /// The indices of the neighbours of each row: `[num_rows, count]`.
    indices: Tensor<2, Int>,
}

impl Neighbours {
    /// Finds so many nearest neighbours of each row; all others, if there are fewer. `None` if none
    /// are asked for.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn of(rows: Tensor<2>, count: usize) -> Result<Option<Self>, Error> {
        let rows = rows.without_autodiff();
        let [num_rows, _] = rows.dims();
        let count = count.min(num_rows - 1);
        if count == 0 {
            return Ok(None);
        }
        // Products of rows far from the origin leave no digits for the distances between them.
        let centred = rows.clone() - rows.clone().mean_dim(0);
        let half_squares = (centred.clone().square().sum_dim(1) * 0.5).transpose();
        let mut indices: Vec<i64> = Vec::with_capacity(num_rows * count);
        for start in (0..num_rows).step_by(ROWS_AT_A_TIME) {
            let end = num_rows.min(start + ROWS_AT_A_TIME);
            let chunk = centred.clone().narrow(0, start, end - start);
            // −½·‖a − b‖² without the square of the row itself, which is the same for all others.
            let nearness = chunk.matmul(centred.clone().transpose()) - half_squares.clone();
            let nearness = nearness.try_into_vec_as::<f32>().map_err(Error::learner)?;
            let largest: Vec<_> = nearness
                .par_chunks_exact(num_rows)
                .enumerate()
                .map(|(row, nearness)| largest(nearness, count, start + row))
                .collect();
            indices.extend(largest.into_iter().flatten());
        }
        let shape = [num_rows, count];
        let indices = Tensor::from_data(TensorData::new(indices, shape), &rows.device());
        Ok(Some(Self { rows, indices }))
    }

    /// One neighbour of each of the given rows, drawn anew each time.
    pub fn draw(&self, rows: Tensor<1, Int>) -> Tensor<2> {
        let [_, count] = self.indices.dims();
        let [num_rows] = rows.dims();
        let upper = count as f64 - 1e-3;
        let uniform = Distribution::Uniform(0.0, upper);
        let drawn = Tensor::<2>::random([num_rows, 1], uniform, &self.rows.device()).int();
        let drawn = self
            .indices
            .clone()
            .select(0, rows.without_autodiff())
            .gather(1, drawn);
        self.rows.clone().select(0, drawn.squeeze_dim(1))
    }
}

/// The indices of the largest numbers but for one that is left out; of equal ones the first.
///
/// A device would sort all of them, which for many rows takes longer than the training.
fn largest(numbers: &[f32], count: usize, left_out: usize) -> Vec<i64> {
    let mut best: Vec<(f32, i64)> = Vec::with_capacity(count + 1);
    for (i, (&number, index)) in numbers.iter().zip(0..).enumerate() {
        if i == left_out {
            continue;
        }
        let is_full = best.len() == count;
        if is_full && best.last().is_some_and(|(least, _)| number <= *least) {
            continue;
        }
        let at = best.partition_point(|(other, _)| *other >= number);
        best.insert(at, (number, index));
        best.truncate(count);
    }
    best.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn each_of_the_nearest_rows_is_drawn_and_no_other() {
        let device = Device::flex();
        let rows = [0.0, 1.0, 3.0, 10.0, 11.5, 12.0].map(|x: f32| [x, -x]);
        let rows = Tensor::<2>::from_floats(rows, &device);
        let neighbours = Neighbours::of(rows, 2).unwrap().unwrap();
        let mut seen = Vec::new();
        for _ in 0..50 {
            let rows = Tensor::from_ints([0, 4], &device);
            let drawn = neighbours.draw(rows).into_data();
            let drawn: Vec<f32> = drawn.iter().collect();
            seen.push([drawn[0], drawn[2]]);
        }
        for (i, expected) in [[1.0, 3.0], [10.0, 12.0]].iter().enumerate() {
            for value in expected {
                assert!(seen.iter().any(|drawn| drawn[i] == *value), "{value}");
            }
            assert!(seen.iter().all(|drawn| expected.contains(&drawn[i])));
        }
    }

    #[test]
    fn neighbours_do_not_depend_on_the_origin() {
        let device = Device::flex();
        // Multiples of 1/1024, which are not rounded up to 16,384.
        let rows: Vec<[f32; 2]> = (0..40u16)
            .map(|i| [78.233, 12.989].map(|by| (f32::from(i) * by).sin()))
            .map(|row| row.map(|number| (number * 1024.0).round() / 1024.0))
            .collect();
        let neighbours = |origin: f32| {
            let rows: Vec<f32> = rows
                .iter()
                .flatten()
                .map(|number| number + origin)
                .collect();
            let rows = Tensor::<2>::from_data(TensorData::new(rows, [40, 2]), &device);
            let neighbours = Neighbours::of(rows, 3).unwrap().unwrap();
            neighbours.indices.into_data().iter().collect::<Vec<i64>>()
        };
        let mut exact: Vec<i64> = Vec::new();
        for (row, [x, y]) in rows.iter().enumerate() {
            let squared = |&(_, [to_x, to_y]): &(i64, &[f32; 2])| {
                f64::from(x - to_x).powi(2) + f64::from(y - to_y).powi(2)
            };
            let mut others: Vec<(i64, &[f32; 2])> = (0..).zip(&rows).collect();
            others.remove(row);
            others.sort_by(|a, b| squared(a).total_cmp(&squared(b)));
            exact.extend(others[..3].iter().map(|(other, _)| other));
        }
        for origin in [0.0, 1_000.0, -10_000.0] {
            assert_eq!(neighbours(origin), exact, "{origin}");
        }
    }

    #[test]
    fn the_largest_come_first_of_equal_ones_the_first_and_one_is_left_out() {
        assert_eq!(largest(&[0.1, 0.9, 0.5, 0.9, 0.2], 3, 0), [1, 3, 2]);
        assert_eq!(largest(&[0.3, 0.3, 0.3], 2, 1), [0, 2]);
    }
}
