use super::annealing::Annealing;

/// How strongly each step of a training pulls parameters towards zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightDecay {
    /// The strongest pull, 0 or more.
    pub decay: f32,
    /// How it changes over the training.
    pub annealing: Annealing,
    /// How many steps the training has, at least 1.
    pub num_steps: usize,
}

impl WeightDecay {
    /// The decay of a step, counted from 1.
    pub fn at(self, step: usize) -> f32 {
        let time = (step - 1) as f64 / self.num_steps as f64;
        #[expect(clippy::cast_possible_truncation)] // It is in [0, 1].
        let factor = self.annealing.factor(time.min(1.0)) as f32;
        self.decay * factor
    }
}
