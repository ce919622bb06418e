use std::f64::consts::PI;

/// The points in (0, 1), ascending, and the weights of Gauss-Legendre quadrature, which add up to 1: exact for
/// polynomials up to the degree `2·count − 1`.
///
/// The points are the zeros of the Legendre polynomial, found by Newton's method
/// ([Press et al. 2007](https://numerical.recipes), chapter 4.6).
pub fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    let n = count as f64;
    let point = |i: usize| {
        let mut x = -(PI * (i as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..100 {
            let (value, before) = legendre(count, x);
            slope = n * (x * value - before) / (x * x - 1.0);
            let step = value / slope;
            x -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        let weight = 2.0 / ((1.0 - x * x) * slope * slope);
        (f64::midpoint(1.0, x), weight / 2.0)
    };
    (0..count).map(point).collect()
}

/// The Legendre polynomials of a degree and of the one below.
fn legendre(degree: usize, x: f64) -> (f64, f64) {
    let (mut value, mut before) = (1.0, 0.0);
    for j in 0..degree {
        let j = j as f64;
        let next = ((2.0 * j + 1.0) * x * value - j * before) / (j + 1.0);
        (before, value) = (value, next);
    }
    (value, before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_weights_are_those_of_numpy() {
        // (1 + x) / 2 and w / 2 of numpy.polynomial.legendre.leggauss(3): ∓√(3/5) and 0; 5/9 and 8/9.
        let found = gauss_legendre(3);
        let side = 0.6f64.sqrt() / 2.0;
        let expected = [
            (0.5 - side, 5.0 / 18.0),
            (0.5, 8.0 / 18.0),
            (0.5 + side, 5.0 / 18.0),
        ];
        for ((x, w), (expected_x, expected_w)) in found.into_iter().zip(expected) {
            assert!((x - expected_x).abs() < 1e-14, "{x}");
            assert!((w - expected_w).abs() < 1e-14, "{w}");
        }
    }

    #[test]
    fn polynomials_are_integrated_exactly() {
        for count in [1, 2, 5, 50, 300] {
            let points = gauss_legendre(count);
            let degree = i32::try_from(2 * count - 1).unwrap();
            let integral: f64 = points.iter().map(|(x, w)| w * x.powi(degree)).sum();
            let expected = 1.0 / f64::from(degree + 1);
            assert!((integral - expected).abs() < 1e-13, "{count}: {integral}");
            assert!(points.is_sorted());
        }
    }
}
