use std::thread::sleep;
use std::time::{Duration, Instant};

use super::controls::Controls;

/// A training that is late by more is not hurried to catch up.
const MOST_LATE: Duration = Duration::from_millis(100);
/// Shorter waits are put together: a thread does not wake that exactly.
const SHORTEST: Duration = Duration::from_millis(2);
/// Whoever wants something of a slow training waits no longer than this.
const LONGEST: Duration = Duration::from_millis(20);

/// Keeps steps apart.
#[derive(Clone, Default)]
pub struct Pacer {
    /// When the next step is due.
    due: Option<Instant>,
}

impl Pacer {
    /// Waits until the next step is due.
    pub fn wait(&mut self, controls: &Controls) {
        let interval = controls.interval();
        if interval.is_zero() {
            self.due = None;
            return;
        }
        let now = Instant::now();
        let due = self.due.unwrap_or(now) + interval;
        let due = due.max(now.checked_sub(MOST_LATE).unwrap_or(now));
        self.due = Some(due);
        if due < now + SHORTEST {
            return;
        }
        while !controls.is_urgent() {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            sleep(left.min(LONGEST));
        }
    }
}
