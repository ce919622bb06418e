/// The share of a training in which learning rates rise.
const SHARE: f64 = 0.05;

/// Learning rates that rise to their highest in equal steps, and then stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warmup {
    /// How many steps it takes, at least 1.
    num_steps: usize,
}

impl Warmup {
    /// Of a training of so many steps: its first twentieth.
    pub fn of(num_steps: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let num_steps = (SHARE * num_steps as f64).round() as usize;
        Self {
            num_steps: num_steps.max(1),
        }
    }

    /// The factor, in `(0, 1]`, of the learning rate of a step, counted from 1.
    pub fn factor(self, step: usize) -> f64 {
        (step as f64 / self.num_steps as f64).min(1.0)
    }

    /// The square of a step's learning rate as a share of those of all steps up to it: `γₜ² / Σγᵢ²`.
    ///
    /// With `w` steps of warm-up, the sum of squared factors is `t·(t + 1)·(2t + 1) / 6w²` up to step
    /// `w`, and grows by 1 with each further one.
    pub fn share(self, step: usize) -> f64 {
        let (step, rising) = (step as f64, self.num_steps as f64);
        if step <= rising {
            6.0 * step / ((step + 1.0) * (2.0 * step + 1.0))
        } else {
            let sum = (rising + 1.0) * (2.0 * rising + 1.0) / (6.0 * rising);
            1.0 / (sum + step - rising)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_rise_in_the_first_twentieth() {
        let warmup = Warmup::of(80);
        let factors = [1, 2, 3, 4, 5, 80].map(|step| warmup.factor(step));
        assert_eq!(factors, [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]);
        assert_eq!(Warmup::of(3).factor(1), 1.0);
    }

    #[test]
    fn a_share_is_that_of_the_squared_rates_so_far() {
        for num_steps in [1, 20, 80, 200] {
            let warmup = Warmup::of(num_steps);
            let mut sum = 0.0;
            for step in 1..=num_steps {
                let square = warmup.factor(step).powi(2);
                sum += square;
                let (actual, expected) = (warmup.share(step), square / sum);
                assert!(
                    (actual - expected).abs() < 1e-12,
                    "{actual} is not {expected}"
                );
            }
        }
    }
}
