use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many values lie between ends.
pub struct Histogram<const N: usize> {
    ends: [f64; N],
    /// How many values are in each bucket, and not in the ones before.
    counts: [AtomicU64; N],
    beyond: AtomicU64,
    /// The sum in millionths.
    sum: AtomicU64,
}

impl<const N: usize> Histogram<N> {
    /// No values; the ends must rise.
    pub fn new(ends: [f64; N]) -> Self {
        Self {
            ends,
            counts: std::array::from_fn(|_| AtomicU64::new(0)),
            beyond: AtomicU64::new(0),
            sum: AtomicU64::new(0),
        }
    }

    /// Counts a value of at least 0.
    pub fn observe(&self, value: f64) {
        let bucket = self.ends.iter().position(|&end| value <= end);
        let count = bucket.map_or(&self.beyond, |bucket| &self.counts[bucket]);
        count.fetch_add(1, Ordering::Relaxed);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is at least 0.
        self.sum.fetch_add((value * 1e6) as u64, Ordering::Relaxed);
    }

    /// The sum of all values, without fractions.
    pub fn sum(&self) -> u64 {
        self.sum.load(Ordering::Relaxed) / 1_000_000
    }

    /// Writes the lines of a model.
    pub fn write(&self, out: &mut String, name: &str, model: &str) {
        let mut total = 0;
        for (end, count) in self.ends.iter().zip(&self.counts) {
            total += count.load(Ordering::Relaxed);
            let _ = writeln!(
                out,
                "{name}_bucket{{model=\"{model}\",le=\"{end}\"}} {total}"
            );
        }
        total += self.beyond.load(Ordering::Relaxed);
        let _ = writeln!(
            out,
            "{name}_bucket{{model=\"{model}\",le=\"+Inf\"}} {total}"
        );
        let sum = self.sum.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "{name}_sum{{model=\"{model}\"}} {sum}");
        let _ = writeln!(out, "{name}_count{{model=\"{model}\"}} {total}");
    }
}
