use std::time::{Duration, Instant};

/// The time between checkpoints over the time that one takes: they may cost two hundredths.
const FACTOR: u32 = 50;

/// Decides after which epochs a checkpoint is written: one in each interval. After each epoch, they would take
/// most of the time of a small network; and those of a large one take long themselves, so there are fewer.
pub struct Pace {
    last: Instant,
    least: Duration,
    interval: Duration,
}

impl Pace {
    /// Of a training that begins. With an interval of 0, it is always time.
    pub fn new(now: Instant, interval: Duration) -> Self {
        Self {
            last: now,
            least: interval,
            interval,
        }
    }

    /// Whether it is time for a checkpoint.
    pub fn is_due(&self, now: Instant) -> bool {
        now.duration_since(self.last) >= self.interval
    }

    /// A checkpoint was written from one moment to another.
    pub fn written(&mut self, start: Instant, end: Instant) {
        if !self.least.is_zero() {
            self.interval = self.least.max(end.duration_since(start) * FACTOR);
        }
        self.last = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_checkpoint_in_each_interval_or_fewer_if_they_take_long() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut pace = Pace::new(start, Duration::from_secs(1));
        assert!(!pace.is_due(at(999)) && pace.is_due(at(1000)));
        pace.written(at(1000), at(1010));
        assert!(!pace.is_due(at(2009)) && pace.is_due(at(2010)));
        pace.written(at(2010), at(2110));
        assert!(!pace.is_due(at(7109)) && pace.is_due(at(7110)));
    }
}
