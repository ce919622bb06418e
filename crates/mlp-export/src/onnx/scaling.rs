//! Scalers, in double precision as [`Scaler::scale`].

use mlp_datasets::Scaler;

use super::graph::{ElementType, Graph, Tensor};
use super::normal::inverse_normal;

/// The bound of scaled numbers.
const MAX_SCALED: f64 = 1e15;
/// Numbers beyond have squares that are not finite.
const MAX_SQUARE_ROOT: f64 = 1e150;

/// Numbers `[N, scalers.len()]` of double precision, each scaled and then of single precision.
pub fn scale(graph: &mut Graph, numbers: &Tensor, scalers: &[&Scaler]) -> Tensor {
    let width = scalers.len();
    let mut order = Vec::with_capacity(width);
    let mut groups = Vec::new();
    for group in Group::ALL {
        let columns = (0..width).filter(|&column| Group::of(scalers[column]) == group);
        let columns: Vec<usize> = columns.collect();
        if columns.is_empty() {
            continue;
        }
        let of_group = graph.columns(numbers, &columns, width);
        let scalers: Vec<&Scaler> = columns.iter().map(|&column| scalers[column]).collect();
        groups.push(match group {
            Group::Linear => linear(graph, &of_group, &scalers),
            Group::Robust => robust(graph, &of_group, &scalers),
            Group::Quantile => quantile(graph, &of_group, &scalers),
        });
        order.extend(columns);
    }
    let scaled = graph.concat(&groups, 1);
    // Before single precision begins, as a number far outside of the fitted range stays finite.
    let scaled = graph.clamp(&scaled, -MAX_SCALED, MAX_SCALED);
    let scaled = graph.cast(&scaled, ElementType::Float);
    in_order(graph, &scaled, &order)
}

/// Columns that are at some positions, in the order of these.
pub fn in_order(graph: &mut Graph, x: &Tensor, positions: &[usize]) -> Tensor {
    let mut columns = vec![0; positions.len()];
    for (column, &position) in positions.iter().enumerate() {
        columns[position] = column;
    }
    graph.columns(x, &columns, positions.len())
}

/// Scalers with the same formula.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Linear,
    Robust,
    Quantile,
}

impl Group {
    const ALL: [Self; 3] = [Self::Linear, Self::Robust, Self::Quantile];

    fn of(scaler: &Scaler) -> Self {
        match scaler {
            Scaler::Standard { .. } | Scaler::MinMax { .. } | Scaler::Constant => Self::Linear,
            Scaler::Robust { .. } => Self::Robust,
            Scaler::Quantile { .. } => Self::Quantile,
        }
    }
}

/// `(x − a) / b`.
fn linear(graph: &mut Graph, x: &Tensor, scalers: &[&Scaler]) -> Tensor {
    let parameters = scalers.iter().map(|scaler| match scaler {
        Scaler::Standard { mean, std } => (*mean, *std),
        Scaler::MinMax { min, range } => (*min, *range),
        // What is divided by infinity is 0.
        Scaler::Constant | Scaler::Robust { .. } | Scaler::Quantile { .. } => (0.0, f64::INFINITY),
    });
    let (subtracted, divisors): (Vec<f64>, Vec<f64>) = parameters.unzip();
    let shape = [1, scalers.len()];
    let subtracted = graph.doubles("scaler.subtracted", &shape, &subtracted);
    let divisors = graph.doubles("scaler.divisor", &shape, &divisors);
    let x = graph.sub(x, &subtracted);
    graph.div(&x, &divisors)
}

/// `z / √(1 + (z/3)²)` with `z = factor·(x − median)`.
fn robust(graph: &mut Graph, x: &Tensor, scalers: &[&Scaler]) -> Tensor {
    let parameters = scalers.iter().map(|scaler| match scaler {
        Scaler::Robust { median, factor } => (*median, *factor),
        Scaler::Standard { .. }
        | Scaler::MinMax { .. }
        | Scaler::Constant
        | Scaler::Quantile { .. } => (0.0, 0.0),
    });
    let (medians, factors): (Vec<f64>, Vec<f64>) = parameters.unzip();
    let shape = [1, scalers.len()];
    let medians = graph.doubles("scaler.median", &shape, &medians);
    let factors = graph.doubles("scaler.factor", &shape, &factors);
    let z = graph.sub(x, &medians);
    let z = graph.mul(&z, &factors);
    let z = graph.clamp(&z, -MAX_SQUARE_ROOT, MAX_SQUARE_ROOT);
    let (three, one) = (graph.double(3.0), graph.double(1.0));
    let third = graph.div(&z, &three);
    let square = graph.mul(&third, &third);
    let square = graph.add(&square, &one);
    let root = graph.map("Sqrt", &square);
    graph.div(&z, &root)
}

/// `Φ⁻¹(F(x))`.
fn quantile(graph: &mut Graph, x: &Tensor, scalers: &[&Scaler]) -> Tensor {
    let width = scalers.len();
    let shares = scalers.iter().enumerate().map(|(column, scaler)| {
        let quantiles: &[f64] = match scaler {
            Scaler::Quantile { quantiles } => quantiles,
            Scaler::Standard { .. }
            | Scaler::MinMax { .. }
            | Scaler::Constant
            | Scaler::Robust { .. } => &[0.0, 0.0],
        };
        let of_column = graph.columns(x, &[column], width);
        share_below(graph, &of_column, quantiles)
    });
    let shares: Vec<Tensor> = shares.collect();
    let shares = graph.concat(&shares, 1);
    inverse_normal(graph, &shares)
}

/// The share of the distribution below a number `[N, 1]`: linear between quantiles; for equal ones, the middle of
/// their shares.
fn share_below(graph: &mut Graph, x: &Tensor, quantiles: &[f64]) -> Tensor {
    let last = quantiles.len() - 1;
    let row = graph.doubles("scaler.quantiles", &[1, quantiles.len()], quantiles);
    let list = graph.reshape(&row, &[-1]);
    let mut count = |comparison| {
        let holds = graph.compare(comparison, &row, x);
        let holds = graph.cast(&holds, ElementType::Double);
        graph.sum(&holds, 1)
    };
    // How many quantiles are below the number, and how many are not above it.
    let (left, right) = (count("Less"), count("LessOrEqual"));
    let one = graph.double(1.0);
    let before = graph.sub(&left, &one);
    let mut at = |position: &Tensor| {
        let position = graph.clamp(position, 0.0, last as f64);
        let position = graph.cast(&position, ElementType::Int64);
        graph.gather(&list, &position, 0)
    };
    let (low, high) = (at(&before), at(&left));
    let above_low = graph.sub(x, &low);
    let distance = graph.sub(&high, &low);
    let part = graph.div(&above_low, &distance);
    let between = graph.add(&before, &part);
    let two = graph.double(2.0);
    let middle = graph.add(&before, &right);
    let middle = graph.div(&middle, &two);
    let is_between = graph.compare("Equal", &left, &right);
    let position = graph.select(&is_between, &between, &middle);
    let count = graph.double(last as f64);
    let share = graph.div(&position, &count);
    let (zero, first, last) = (
        graph.double(0.0),
        graph.double(quantiles[0]),
        graph.double(quantiles[last]),
    );
    let is_above = graph.compare("LessOrEqual", &last, x);
    let share = graph.select(&is_above, &one, &share);
    let is_below = graph.compare("LessOrEqual", x, &first);
    graph.select(&is_below, &zero, &share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluator::{Array, Data};
    use crate::onnx::graph::testing::computed;

    fn column(numbers: &[f64]) -> Array {
        Array {
            shape: vec![numbers.len(), 1],
            data: Data::Double(numbers.to_vec()),
        }
    }

    #[test]
    fn numbers_are_scaled_as_the_preprocessor_does_it() {
        let quantiles = vec![-3.0, 0.0, 0.0, 0.0, 1.0, 1.5, 8.0, 1e6];
        let numbers = [
            -3.4e38, -10.0, -3.0, -2.9999, -1e-9, 0.0, 0.5, 1.0, 1.25, 7.0, 8.0, 1e5, 1e6, 3.4e38,
        ];
        for scaler in [
            Scaler::Standard {
                mean: 0.1,
                std: 1e-300,
            },
            Scaler::Standard {
                mean: 1e6,
                std: 0.3,
            },
            Scaler::Robust {
                median: 0.7,
                factor: 2.5,
            },
            Scaler::Robust {
                median: 0.0,
                factor: 1e200,
            },
            Scaler::MinMax {
                min: -3.0,
                range: 11.0,
            },
            Scaler::Quantile { quantiles },
            Scaler::Constant,
        ] {
            let scaled = computed(column(&numbers), |graph, x| scale(graph, x, &[&scaler]));
            let Data::Float(scaled) = scaled.data else {
                panic!("single precision begins after scaling");
            };
            for (number, scaled) in numbers.into_iter().zip(scaled) {
                let expected = scaler.scale(number);
                let difference = (scaled - expected).abs() / expected.abs().max(1.0);
                assert!(
                    difference < 1e-6,
                    "{scaler:?}: {number} is {scaled}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn columns_of_different_scalers_stay_in_their_order() {
        let standard = Scaler::Standard {
            mean: 1.0,
            std: 2.0,
        };
        let quantile = Scaler::Quantile {
            quantiles: vec![0.0, 10.0],
        };
        let input = Array {
            shape: vec![1, 3],
            data: Data::Double(vec![5.0, 7.0, 9.0]),
        };
        let scaled = computed(input, |graph, x| {
            scale(graph, x, &[&quantile, &standard, &Scaler::Constant])
        });
        // The middle of two quantiles, (7 − 1) / 2, and nothing.
        assert_eq!(scaled.data, Data::Float(vec![0.0, 3.0, 0.0]));
    }
}
