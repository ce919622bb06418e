use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use std::time::SystemTime;

use mlp_datasets::SplitName;
use mlp_training::{EpochSummary, MetricDefinition, MetricState, Progress};

use super::Logs;
use super::message::{Content, Message, Place};
use crate::escaped::stderr;

/// Shows a training, and sends its curves to logs.
pub struct Followed {
    /// What is shown, if anything.
    shown: Option<Box<dyn Progress>>,
    logs: Logs,
    /// The part and the phase that is trained.
    place: Arc<Place>,
    /// How often each was begun: phases of the same name follow each other.
    rounds: BTreeMap<Place, usize>,
}

impl Followed {
    /// Shows a training and sends its curves to logs.
    pub fn new(shown: Option<Box<dyn Progress>>, logs: Logs) -> Self {
        Self {
            shown,
            logs,
            place: Arc::default(),
            rounds: BTreeMap::new(),
        }
    }

    fn send(&mut self, content: impl FnOnce() -> Content) {
        if self.logs.is_empty() {
            return;
        }
        self.logs.send(Message {
            place: self.place.clone(),
            time: SystemTime::now(),
            content: content(),
        });
        for warning in self.logs.take_warnings() {
            self.warn(&warning);
        }
    }

    fn show(&mut self, call: impl FnOnce(&mut Box<dyn Progress>)) {
        if let Some(shown) = &mut self.shown {
            call(shown);
        }
    }
}

/// The part and the phase that a phase of a training is, in a fold if that has a name.
fn place(fold: &str, phase: &str) -> Place {
    // Those of an ensemble are `member 1 of 4` and so on.
    let member = phase.split_once(" of ").map(|(member, _)| member);
    let (part, phase) = match (fold, member) {
        ("", Some(member)) => (member, ""),
        (fold, _) => (fold, phase),
    };
    Place {
        part: part.to_owned(),
        phase: phase.to_owned(),
    }
}

impl Progress for Followed {
    fn start(&mut self, phase: &str, num_epochs: usize, metrics: &[MetricDefinition]) {
        self.show(|shown| shown.start(phase, num_epochs, metrics));
        let mut place = place(&self.logs.part(), phase);
        let round = self.rounds.entry(place.clone()).or_default();
        *round += 1;
        if *round > 1 && !place.phase.is_empty() {
            // As the file of its curve is called.
            place.phase = format!("{}-{round}", place.phase);
        }
        self.place = Arc::new(place);
    }

    fn resume(&mut self, before: &[EpochSummary]) {
        self.show(|shown| shown.resume(before));
        self.send(|| Content::Before(before.to_vec()));
    }

    fn start_pass(&mut self, rows: SplitName, num_rows: usize) {
        self.show(|shown| shown.start_pass(rows, num_rows));
    }

    fn metric(&mut self, rows: SplitName, state: MetricState) {
        self.show(|shown| shown.metric(rows, state));
    }

    fn advance(&mut self, rows: SplitName, rows_done: usize) {
        self.show(|shown| shown.advance(rows, rows_done));
    }

    fn end_pass(&mut self, rows: SplitName) {
        self.show(|shown| shown.end_pass(rows));
    }

    fn end_epoch(&mut self, epoch: &EpochSummary) {
        self.show(|shown| shown.end_epoch(epoch));
        self.send(|| Content::Epoch(epoch.clone()));
    }

    fn end(&mut self) {
        self.show(|shown| shown.end());
    }

    fn warn(&mut self, warning: &str) {
        match &mut self.shown {
            Some(shown) => shown.warn(warning),
            None => {
                let _ = writeln!(stderr(), "warning: {warning}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_folds_are_parts_and_other_phases_are_not() {
        let parts = |fold, phase| {
            let Place { part, phase } = place(fold, phase);
            (part, phase)
        };
        let pair = |part: &str, phase: &str| (part.to_owned(), phase.to_owned());
        assert_eq!(parts("", ""), pair("", ""));
        assert_eq!(parts("", "member 2 of 4"), pair("member 2", ""));
        assert_eq!(parts("fold 3", ""), pair("fold 3", ""));
        assert_eq!(parts("", "pretraining"), pair("", "pretraining"));
    }
}
