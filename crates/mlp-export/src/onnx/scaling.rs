//! Scalers, in double precision as [`Scaler::scale`].

use mlp_datasets::Scaler;

use super::graph::{ElementType, Graph, Tensor};

/// The bound of scaled numbers.
const MAX_SCALED: f64 = 1e15;
/// The share below the least quantile of a normal distribution that a scaler gives: at the bound ±5.2.
const MIN_SHARE: f64 = 1e-7;
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

/// The quantile of a normal distribution for shares from [`MIN_SHARE`] to 1 − [`MIN_SHARE`]: algorithm AS 241 of
/// [Wichura 1988](https://doi.org/10.2307/2347330), whose relative error is about 10⁻¹⁶. Its third range is not
/// needed within these limits.
fn inverse_normal(graph: &mut Graph, share: &Tensor) -> Tensor {
    let share = graph.clamp(share, MIN_SHARE, 1.0 - MIN_SHARE);
    let (half, one, zero) = (graph.double(0.5), graph.double(1.0), graph.double(0.0));
    let q = graph.sub(&share, &half);
    // Around the middle.
    let square = graph.mul(&q, &q);
    let limit = graph.double(0.180_625);
    let r = graph.sub(&limit, &square);
    let ratio = ratio(graph, &r, &CENTRE);
    let centre = graph.mul(&q, &ratio);
    // Towards the ends.
    let rest = graph.sub(&one, &share);
    let tail = graph.min(&share, &rest);
    let logarithm = graph.map("Log", &tail);
    let negative = graph.map("Neg", &logarithm);
    let r = graph.map("Sqrt", &negative);
    let offset = graph.double(1.6);
    let r = graph.sub(&r, &offset);
    let above = self::ratio(graph, &r, &TAIL);
    let below = graph.map("Neg", &above);
    let is_below = graph.compare("Less", &q, &zero);
    let end = graph.select(&is_below, &below, &above);
    let distance = graph.map("Abs", &q);
    let limit = graph.double(0.425);
    let is_central = graph.compare("LessOrEqual", &distance, &limit);
    graph.select(&is_central, &centre, &end)
}

/// The quotient of two polynomials, whose coefficients are given from the lowest power on.
fn ratio(graph: &mut Graph, x: &Tensor, [above, below]: &[[f64; 8]; 2]) -> Tensor {
    let mut polynomial = |coefficients: &[f64; 8]| {
        let mut sum = graph.double(coefficients[7]);
        for &coefficient in coefficients[..7].iter().rev() {
            let product = graph.mul(&sum, x);
            let coefficient = graph.double(coefficient);
            sum = graph.add(&product, &coefficient);
        }
        sum
    };
    let (above, below) = (polynomial(above), polynomial(below));
    graph.div(&above, &below)
}

/// The coefficients `a` and `b` of AS 241.
#[allow(clippy::excessive_precision, clippy::unreadable_literal)] // As printed.
const CENTRE: [[f64; 8]; 2] = [
    [
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ],
    [
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ],
];

/// The coefficients `c` and `d` of AS 241.
#[allow(clippy::excessive_precision, clippy::unreadable_literal)] // As printed.
const TAIL: [[f64; 8]; 2] = [
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
];

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

    /// With Python's `statistics.NormalDist().inv_cdf(share)`.
    #[test]
    fn quantiles_of_the_normal_distribution_are_exact() {
        let shares = [0.5, 0.975, 0.1, 0.001, 0.925, 0.08];
        let expected = [
            0.0,
            1.959_963_984_540_053_6,
            -1.281_551_565_544_600_8,
            -3.090_232_306_167_813_3,
            1.439_531_470_938_456_3,
            -1.405_071_560_309_632_4,
        ];
        let found = computed(column(&shares), inverse_normal);
        let Data::Double(found) = found.data else {
            panic!("scaling is of double precision");
        };
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-12,
                "{found} is not {expected}"
            );
        }
    }
}
