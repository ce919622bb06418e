use std::f64::consts::PI;

/// A factor that changes over a training, by which a learning rate or a weight decay is multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// `½·(1 − cos(2π·log₂(1 + 15t)))`: four cosine waves, each twice as long as the one before, with 0 at
    /// both ends ([Holzmüller et al. 2024](https://arxiv.org/abs/2407.04491)).
    Coslog4,
    /// 1 in the first half, then half a cosine wave down to 0: `½·(1 + cos(π·(2t − 1)))`.
    FlatCosine,
}

impl Curve {
    /// The factor, in `[0, 1]`, at a time `t` in `[0, 1]`: the share of the training that is over.
    pub fn at(self, t: f64) -> f64 {
        match self {
            Self::Coslog4 => 0.5 * (1.0 - (2.0 * PI * (15.0 * t).ln_1p() / 2f64.ln()).cos()),
            Self::FlatCosine if t <= 0.5 => 1.0,
            Self::FlatCosine => 0.5 * (1.0 + (PI * (2.0 * t - 1.0)).cos()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(actual: f64, expected: f64) {
        assert!(
            (actual - expected).abs() < 1e-12,
            "{actual} is not {expected}"
        );
    }

    #[test]
    fn four_waves_of_doubling_length_begin_and_end_with_0() {
        // A wave ends where 1 + 15t is a power of 2, and has its top where log₂ is half a number more.
        for (t, expected) in [
            (0.0, 0.0),
            (1.0 / 15.0, 0.0),
            (3.0 / 15.0, 0.0),
            (7.0 / 15.0, 0.0),
            (1.0, 0.0),
            ((2f64.sqrt() - 1.0) / 15.0, 1.0),
            ((8.0 * 2f64.sqrt() - 1.0) / 15.0, 1.0),
        ] {
            assert_close(Curve::Coslog4.at(t), expected);
        }
        // ½·(1 − cos(2π·log₂(8.5))), with log₂(8.5) = 3.087462841
        assert_close(Curve::Coslog4.at(0.5), 0.073_618_934_185_855_97);
    }

    #[test]
    fn half_a_wave_follows_a_flat_half() {
        for (t, expected) in [
            (0.0, 1.0),
            (0.5, 1.0),
            // cos(π/4), cos(π/2), cos(3π/4)
            (0.625, 0.5 + 0.125f64.sqrt()),
            (0.75, 0.5),
            (0.875, 0.5 - 0.125f64.sqrt()),
            (1.0, 0.0),
        ] {
            assert_close(Curve::FlatCosine.at(t), expected);
        }
    }
}
