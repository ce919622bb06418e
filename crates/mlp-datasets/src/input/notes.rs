use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// What was noticed while files were read. Copies share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(Arc<Mutex<Noticed>>);

/// Different notes, in the order in which they were added.
#[derive(Debug, Default)]
struct Noticed {
    notes: Vec<String>,
    /// The same: a file may give a note for each of its lines.
    known: HashSet<String>,
}

impl Notes {
    /// Adds a note, unless it is there already.
    pub fn add(&self, note: String) {
        let mut noticed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noticed.known.insert(note.clone()) {
            noticed.notes.push(note);
        }
    }

    /// All notes so far.
    pub fn all(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .notes
            .clone()
    }
}
