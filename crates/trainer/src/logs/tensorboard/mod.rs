//! Curves as event files of TensorBoard.
//!
//! Each part of a training and each split has a folder, which TensorBoard calls a run: `train`, `valid`, `test`,
//! `fold-1/train`, `pretraining/train`. So the curves of all are drawn over each other, by names such as `loss`.

mod event;
mod file;
mod record;

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};

use mlp_training::{EpochSummary, SplitName};

use super::Failure;
use super::message::{Content, Message, Place, seconds};
use super::worker::Sink;
use file::{EventFile, times};
pub use file::{check_writable, has_event_files, remove_event_files};

/// Writes event files.
pub struct TensorBoard {
    folder: PathBuf,
    /// Where the training that goes on has written them so far.
    previous: Option<PathBuf>,
    files: BTreeMap<PathBuf, EventFile>,
}

impl TensorBoard {
    /// Into a folder, in place of what there may be. If the training goes on that has written into another one, points
    /// keep their times.
    pub fn new(folder: PathBuf, previous: Option<PathBuf>) -> Self {
        Self {
            folder,
            previous,
            files: BTreeMap::new(),
        }
    }

    fn write(&mut self, message: &Message) -> io::Result<()> {
        let Message {
            place,
            time,
            content,
        } = message;
        let now = seconds(*time);
        match content {
            Content::Before(epochs) => {
                let mut known: BTreeMap<SplitName, BTreeMap<i64, f64>> = BTreeMap::new();
                for epoch in epochs {
                    for rows in [SplitName::Train, SplitName::Valid, SplitName::Test] {
                        let times = known
                            .entry(rows)
                            .or_insert_with(|| self.times(&path(place, rows.into())));
                        let step = i64::try_from(epoch.epoch).unwrap_or(i64::MAX);
                        let time = times.get(&step).copied().unwrap_or(now);
                        self.add(place, rows, epoch, time)?;
                    }
                }
                Ok(())
            }
            Content::Epoch(epoch) => {
                for rows in [SplitName::Train, SplitName::Valid, SplitName::Test] {
                    self.add(place, rows, epoch, now)?;
                }
                Ok(())
            }
            Content::Results(results) => {
                let folder = path(place, results.rows.unwrap_or("result"));
                let values = results.values.iter().cloned();
                self.file(&folder)?.add(now, results.epoch, values)
            }
            Content::Ended(_) => Ok(()),
        }
    }

    /// Adds what was measured on the rows of a split in an epoch, if anything was.
    fn add(
        &mut self,
        place: &Place,
        rows: SplitName,
        epoch: &EpochSummary,
        time: f64,
    ) -> io::Result<()> {
        let values = epoch.values.iter().filter(|(_, of, _)| *of == rows);
        let mut values = values
            .map(|(measure, _, value)| (measure.name().to_owned(), *value))
            .peekable();
        if values.peek().is_none() {
            return Ok(());
        }
        let file = self.file(&path(place, rows.into()))?;
        file.add(time, epoch.epoch, values)
    }

    /// The file in a folder within that of the curves.
    fn file(&mut self, folder: &Path) -> io::Result<&mut EventFile> {
        if !self.files.contains_key(folder) {
            let file = EventFile::create(&self.folder.join(folder))?;
            self.files.insert(folder.to_owned(), file);
        }
        self.files
            .get_mut(folder)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// When each step was written before.
    fn times(&self, folder: &Path) -> BTreeMap<i64, f64> {
        let previous = self.previous.as_ref();
        previous.map_or_else(BTreeMap::new, |previous| times(&previous.join(folder)))
    }
}

impl Sink for TensorBoard {
    fn deliver(&mut self, messages: &mut VecDeque<Message>) -> Result<(), Failure> {
        // What is written in part cannot be written again.
        let failed = |error: io::Error| Failure::lasting(format!("cannot be written: {error}"));
        while let Some(message) = messages.pop_front() {
            self.write(&message).map_err(failed)?;
        }
        for file in self.files.values_mut() {
            file.flush().map_err(failed)?;
        }
        Ok(())
    }
}

/// The folder of the curves of some rows, within that of all.
fn path(place: &Place, rows: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for name in [place.part.as_str(), place.phase.as_str(), rows] {
        if !name.is_empty() {
            path.push(name.replace(' ', "-"));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, UNIX_EPOCH};

    use mlp_training::Measure;

    use super::*;

    fn epoch(epoch: usize, losses: [f64; 2]) -> EpochSummary {
        let [train, valid] = losses;
        EpochSummary {
            epoch,
            num_epochs: 3,
            values: vec![
                (Measure::Loss, SplitName::Train, train),
                (Measure::Loss, SplitName::Valid, valid),
            ],
        }
    }

    fn message(seconds: u64, content: Content) -> Message {
        let place = Place {
            part: "fold 2".to_owned(),
            phase: String::new(),
        };
        Message {
            place: Arc::new(place),
            time: UNIX_EPOCH + Duration::from_secs(seconds),
            content,
        }
    }

    #[test]
    fn points_of_a_training_that_goes_on_keep_their_times() {
        let folder = tempfile::tempdir().unwrap();
        let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
        let mut first = TensorBoard::new(old.clone(), None);
        let mut messages = VecDeque::from([
            message(10, Content::Epoch(epoch(1, [0.5, 0.75]))),
            message(20, Content::Epoch(epoch(2, [0.25, 0.5]))),
        ]);
        first.deliver(&mut messages).unwrap();
        assert!(messages.is_empty());

        let mut second = TensorBoard::new(new.clone(), Some(old));
        let before = vec![epoch(1, [0.5, 0.75])];
        let mut messages = VecDeque::from([
            message(30, Content::Before(before)),
            message(40, Content::Epoch(epoch(2, [0.25, 0.5]))),
        ]);
        second.deliver(&mut messages).unwrap();
        for rows in ["train", "valid"] {
            let times = times(&new.join("fold-2").join(rows));
            assert_eq!(times, BTreeMap::from([(1, 10.0), (2, 40.0)]));
        }
    }
}
