//! The quantile function of the normal distribution.

use super::graph::{Graph, Tensor};

/// The share below the least quantile of a normal distribution that a scaler gives: at the bound ±5.2.
const MIN_SHARE: f64 = 1e-7;

/// The quantile of a normal distribution for shares from [`MIN_SHARE`] to 1 − [`MIN_SHARE`]: algorithm AS 241 of
/// [Wichura 1988](https://doi.org/10.2307/2347330), whose relative error is about 10⁻¹⁶. Its third range is not
/// needed within these limits.
pub fn inverse_normal(graph: &mut Graph, share: &Tensor) -> Tensor {
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

    /// With Python's `statistics.NormalDist().inv_cdf(share)`.
    #[test]
    fn quantiles_of_the_normal_distribution_are_exact() {
        let shares = [0.5, 0.975, 0.1, 0.001, 0.925, 0.08];
        let expected = [
            0.0,
            1.959_963_984_540_053_6,
            -1.281_551_565_544_600_8,
            -3.090_232_306_167_813,
            1.439_531_470_938_456_3,
            -1.405_071_560_309_632_4,
        ];
        let input = Array {
            shape: vec![shares.len(), 1],
            data: Data::Double(shares.to_vec()),
        };
        let found = computed(input, inverse_normal);
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
