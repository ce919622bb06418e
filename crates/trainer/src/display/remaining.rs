use std::time::Duration;

/// How long a training must have run before the rest is estimated: the first steps are slower.
const FIRST: Duration = Duration::from_secs(1);

/// How much of a phase is done, from which the remaining time is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remaining {
    num_epochs: usize,
    /// The epochs that were over when it began.
    epochs_before: usize,
    epochs_done: usize,
    /// The training rows of an epoch.
    num_rows: usize,
    rows_done: usize,
}

impl Remaining {
    /// Of a phase that begins.
    pub fn of(num_epochs: usize) -> Self {
        Self {
            num_epochs,
            ..Self::default()
        }
    }

    /// Some epochs were over before.
    pub fn resume(&mut self, epochs_done: usize) {
        (self.epochs_before, self.epochs_done) = (epochs_done, epochs_done);
    }

    /// A pass over so many training rows begins.
    pub fn start_pass(&mut self, num_rows: usize) {
        (self.num_rows, self.rows_done) = (num_rows, 0);
    }

    /// So many rows of the pass are done.
    pub fn advance(&mut self, rows_done: usize) {
        self.rows_done = rows_done;
    }

    /// An epoch has ended.
    pub fn end_epoch(&mut self, epoch: usize) {
        (self.epochs_done, self.rows_done) = (epoch, 0);
    }

    /// The seconds until the last epoch ends, if so much time has passed that they can be estimated and
    /// some remain. The training may end sooner, if no epoch is better for a while.
    pub fn seconds(&self, elapsed: Duration) -> Option<f64> {
        let of_epoch = self.rows_done as f64 / self.num_rows.max(1) as f64;
        let done = (self.epochs_done - self.epochs_before) as f64 + of_epoch;
        let done = done / (self.num_epochs - self.epochs_before) as f64;
        let is_known = elapsed >= FIRST && (0.0..1.0).contains(&done) && done > 0.0;
        is_known.then(|| elapsed.as_secs_f64() * (1.0 - done) / done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_what_is_done() {
        let mut remaining = Remaining::of(4);
        let seconds =
            |remaining: &Remaining, elapsed| remaining.seconds(Duration::from_secs(elapsed));
        remaining.start_pass(100);
        assert_eq!(seconds(&remaining, 3), None, "nothing is done");
        remaining.advance(50);
        assert_eq!(seconds(&remaining, 0), None, "the first steps are slower");
        // An eighth of the four epochs took 3 s.
        assert_eq!(seconds(&remaining, 3), Some(21.0));
        remaining.end_epoch(1);
        assert_eq!(seconds(&remaining, 5), Some(15.0));
        remaining.end_epoch(4);
        assert_eq!(seconds(&remaining, 20), None, "all is done");
        let mut remaining = Remaining::of(4);
        remaining.resume(2);
        remaining.end_epoch(3);
        assert_eq!(seconds(&remaining, 5), Some(5.0));
    }
}
