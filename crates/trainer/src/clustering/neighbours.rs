use burn::tensor::{Distribution, Int, Tensor, TensorData};
use rayon::prelude::*;

use super::training::to_vec;
use crate::Error;

/// Rows whose distances to all others are worked out at a time.
const ROWS_AT_A_TIME: usize = 1024;

/// The rows that are most like each row.
///
/// An autoencoder that reconstructs a row as one of its neighbours, drawn anew each time, gives like
/// rows like codes ([Wang et al. 2014](https://doi.org/10.1109/CVPRW.2014.79)).
#[derive(Clone, Debug)]
pub struct Neighbours {
    /// All rows: `[num_rows, width]`.
    rows: Tensor<2>,
    /// The places of each row itself and of its neighbours, `[num_rows, count + 1]`; `None` if a row
    /// is reconstructed as itself.
    places: Option<Tensor<2, Int>>,
}

impl Neighbours {
    /// Finds so many nearest neighbours of each row; all others, if there are fewer.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn of(rows: Tensor<2>, count: usize) -> Result<Self, Error> {
        let rows = rows.without_autodiff();
        let [num_rows, _] = rows.dims();
        let count = count.min(num_rows - 1);
        if count == 0 {
            return Ok(Self { rows, places: None });
        }
        let squares = rows.clone().square().sum_dim(1).transpose();
        let mut places: Vec<i64> = Vec::with_capacity(num_rows * (count + 1));
        for start in (0..num_rows).step_by(ROWS_AT_A_TIME) {
            let end = num_rows.min(start + ROWS_AT_A_TIME);
            let chunk = rows.clone().narrow(0, start, end - start);
            // The square of the row itself would be the same for all others.
            let nearness = chunk.matmul(rows.clone().transpose()) * 2.0 - squares.clone();
            let nearness = to_vec(nearness)?;
            let largest: Vec<_> = nearness
                .par_chunks_exact(num_rows)
                .map(|row| largest(row, count + 1))
                .collect();
            places.extend(largest.into_iter().flatten());
        }
        let shape = [num_rows, count + 1];
        let places = Tensor::from_data(TensorData::new(places, shape), &rows.device());
        Ok(Self {
            rows,
            places: Some(places),
        })
    }

    /// What each row of a batch, given with the places of its rows, is to be reconstructed as.
    pub fn draw(&self, batch: &Tensor<2>, places: Tensor<1, Int>) -> Tensor<2> {
        let Some(neighbours) = &self.places else {
            return batch.clone();
        };
        let [_, count] = neighbours.dims();
        let [num_rows] = places.dims();
        let upper = count as f64 - 1e-3;
        let uniform = Distribution::Uniform(0.0, upper);
        let drawn = Tensor::<2>::random([num_rows, 1], uniform, &self.rows.device()).int();
        let drawn = neighbours
            .clone()
            .select(0, places.without_autodiff())
            .gather(1, drawn);
        self.rows.clone().select(0, drawn.squeeze_dim(1))
    }
}

/// The places of the largest numbers, of as many numbers or more; of equal ones the first.
///
/// A device sorts all for that, which for many rows takes longer than the training.
fn largest(numbers: &[f32], count: usize) -> Vec<i64> {
    let mut best: Vec<(f32, i64)> = Vec::with_capacity(count + 1);
    for (&number, place) in numbers.iter().zip(0..) {
        let is_full = best.len() == count;
        if is_full && best.last().is_some_and(|(least, _)| number <= *least) {
            continue;
        }
        let at = best.partition_point(|(other, _)| *other >= number);
        best.insert(at, (number, place));
        best.truncate(count);
    }
    best.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn a_row_is_reconstructed_as_itself_or_as_one_of_its_nearest() {
        let device = Device::flex();
        let rows = [0.0, 1.0, 3.0, 10.0, 11.5, 12.0].map(|x: f32| [x, -x]);
        let rows = Tensor::<2>::from_floats(rows, &device);
        let neighbours = Neighbours::of(rows.clone(), 2).unwrap();
        let mut seen = Vec::new();
        for _ in 0..50 {
            let places = Tensor::from_ints([0, 4], &device);
            let drawn = neighbours.draw(&rows, places).into_data();
            let drawn: Vec<f32> = drawn.iter().collect();
            seen.push([drawn[0], drawn[2]]);
        }
        for (i, expected) in [[0.0, 1.0, 3.0], [10.0, 11.5, 12.0]].iter().enumerate() {
            for value in expected {
                assert!(seen.iter().any(|drawn| drawn[i] == *value), "{value}");
            }
            assert!(seen.iter().all(|drawn| expected.contains(&drawn[i])));
        }
    }

    #[test]
    fn without_neighbours_a_row_is_reconstructed_as_itself() {
        let device = Device::flex();
        let rows = Tensor::<2>::from_floats([[1.0], [2.0], [3.0]], &device);
        let neighbours = Neighbours::of(rows.clone(), 0).unwrap();
        let places = Tensor::from_ints([0, 1, 2], &device);
        let drawn = neighbours.draw(&rows, places);
        assert_eq!(drawn.into_data(), rows.into_data());
    }

    #[test]
    fn the_largest_come_first_and_of_equal_ones_the_first() {
        assert_eq!(largest(&[0.1, 0.9, 0.5, 0.9, 0.2], 3), [1, 3, 2]);
        assert_eq!(largest(&[0.3, 0.3], 2), [0, 1]);
    }
}
