use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::duration::in_words;
use crate::escaped::stderr;

/// Nothing is shown of what takes less.
const SHORT: Duration = Duration::from_secs(2);
/// Where stderr is not a terminal, a line follows another one after so much time.
const BETWEEN: Duration = Duration::from_secs(15);

/// The progress of something that may be long, on stderr: a bar, or a line now and then where that is not a
/// terminal.
pub struct Steps {
    /// What is done, such as `shuffling columns`.
    what: &'static str,
    start: Instant,
    bar: Option<ProgressBar>,
    last: Option<Instant>,
}

impl Steps {
    /// Of something that begins now.
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            start: Instant::now(),
            bar: None,
            last: None,
        }
    }

    /// So many steps of all are done.
    pub fn advance(&mut self, done: usize, all: usize) {
        let elapsed = self.start.elapsed();
        if elapsed < SHORT || done == 0 {
            return;
        }
        let left = elapsed.as_secs_f64() * (all.saturating_sub(done)) as f64 / done as f64;
        if std::io::stderr().is_terminal() {
            let bar = self.bar.get_or_insert_with(|| bar(self.what, all));
            bar.set_position(done as u64);
            bar.set_message(format!("about {} left", in_words(left)));
        } else if self.last.is_none_or(|last| last.elapsed() >= BETWEEN) && done < all {
            self.last = Some(Instant::now());
            // Its absence stops nothing.
            let _ = writeln!(
                stderr(),
                "{}: {} % done, about {} left",
                self.what,
                100 * done / all.max(1),
                in_words(left)
            );
        }
    }

    /// So many steps are done, of nobody knows how many.
    pub fn count(&mut self, done: usize) {
        if self.start.elapsed() < SHORT {
            return;
        }
        if std::io::stderr().is_terminal() {
            let bar = self.bar.get_or_insert_with(|| counter(self.what));
            bar.set_position(done as u64);
        } else if self.last.is_none_or(|last| last.elapsed() >= BETWEEN) {
            self.last = Some(Instant::now());
            let _ = writeln!(stderr(), "{}: {done} so far", self.what);
        }
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn counter(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix}: {human_pos} so far, {per_sec}")
        .expect("the template is valid");
    let bar = ProgressBar::no_length().with_style(style);
    bar.set_prefix(what);
    bar
}

fn bar(what: &'static str, all: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:30} {percent} % {msg}")
        .expect("the template is valid")
        .progress_chars("━╸─");
    let bar = ProgressBar::new(all as u64).with_style(style);
    bar.set_prefix(what);
    bar
}
