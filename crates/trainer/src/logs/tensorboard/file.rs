use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use prost::Message;

use super::event::{Event, START, SessionLog, Summary, VERSION, Value, What};
use super::record;
use crate::logs::message::seconds;

/// What the names of event files begin with: TensorBoard knows them by that, and reads them by their order.
const PREFIX: &str = "events.out.tfevents.";
/// What they end with, so that files of other programs are left alone.
const SUFFIX: &str = ".trainer";

/// How many folders are within each other: that of a part, and that of its rows.
const DEPTH: usize = 2;

/// An event file that is being written. It takes the place of those that are in the folder.
pub struct EventFile {
    file: BufWriter<File>,
    /// Those that were in the folder.
    replaced: Vec<PathBuf>,
}

/// Makes a folder, and checks that files can be written there.
///
/// # Errors
///
/// If they cannot.
pub fn check_writable(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // Removed when it is dropped.
    mlp_inference::whole_file::part_of(&folder.join("events")).map(drop)
}

impl EventFile {
    /// Makes an event file in a folder, which is made too.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn create(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let replaced = event_files(folder);
        let now = SystemTime::now();
        let path = folder.join(format!("{PREFIX}{:020.9}{SUFFIX}", seconds(now)));
        let mut file = Self {
            file: BufWriter::new(File::create_new(path)?),
            replaced,
        };
        let version = What::FileVersion(VERSION.to_owned());
        file.write(seconds(now), 0, version)?;
        if !file.replaced.is_empty() {
            // Whoever has read the others forgets what they said.
            file.write(
                seconds(now),
                0,
                What::SessionLog(SessionLog { status: START }),
            )?;
        }
        Ok(file)
    }

    /// Adds the points of curves at a step, at a time in seconds since 1970.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub fn add(
        &mut self,
        wall_time: f64,
        step: usize,
        values: impl IntoIterator<Item = (String, f64)>,
    ) -> io::Result<()> {
        let value = |(tag, value): (String, f64)| Value {
            tag,
            #[expect(clippy::cast_possible_truncation)] // The format has no more digits.
            simple_value: Some(value as f32),
        };
        let value = values.into_iter().map(value).collect();
        self.write(wall_time, step, What::Summary(Summary { value }))
    }

    /// Writes all that was added so far, and removes the files that this one replaces.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.file.flush()?;
        for path in self.replaced.drain(..) {
            // What it says is void anyway.
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    fn write(&mut self, wall_time: f64, step: usize, what: What) -> io::Result<()> {
        let event = Event {
            wall_time,
            step: i64::try_from(step).unwrap_or(i64::MAX),
            what: Some(what),
        };
        record::write(&mut self.file, &event.encode_to_vec())
    }
}

/// When each step was written, in seconds since 1970, by the event files of a folder. What cannot be read is left out.
pub fn times(folder: &Path) -> BTreeMap<i64, f64> {
    let mut times = BTreeMap::new();
    for path in event_files(folder) {
        let Ok(file) = File::open(path) else {
            continue;
        };
        let mut file = BufReader::new(file);
        while let Ok(Some(bytes)) = record::read(&mut file) {
            if let Ok(Event {
                wall_time,
                step,
                what: Some(What::Summary(_)),
            }) = Event::decode(bytes.as_slice())
            {
                times.insert(step, wall_time);
            }
        }
    }
    times
}

/// The event files of this program in a folder, in the order in which they were written.
fn event_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_event_file = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(PREFIX)
            && name.ends_with(SUFFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_file())
    };
    let mut paths: Vec<PathBuf> = entries
        .filter(is_event_file)
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

/// Whether there are event files in a folder or in those in it, of this or another program.
pub fn has_event_files(folder: &Path) -> bool {
    has_within(folder, DEPTH)
}

fn has_within(folder: &Path, depth: usize) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let is_event_file = entry.file_name().to_string_lossy().contains("tfevents");
        is_event_file || is_folder && depth > 0 && has_within(&entry.path(), depth - 1)
    })
}

/// Removes the event files of this program from a folder and those in it, and folders that are empty then.
pub fn remove_event_files(folder: &Path) {
    remove_within(folder, DEPTH);
}

/// Whether there were any. Empty folders of others stay.
fn remove_within(folder: &Path, depth: usize) -> bool {
    let files = event_files(folder);
    let mut is_ours = !files.is_empty();
    for path in files {
        let _ = fs::remove_file(path);
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if depth > 0 && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            is_ours |= remove_within(&entry.path(), depth - 1);
        }
    }
    if is_ours {
        let _ = fs::remove_dir(folder);
    }
    is_ours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(folder: &Path) -> Vec<Event> {
        let mut events = Vec::new();
        for path in event_files(folder) {
            let bytes = fs::read(path).unwrap();
            let mut bytes = bytes.as_slice();
            while let Some(record) = record::read(&mut bytes).unwrap() {
                events.push(Event::decode(record.as_slice()).unwrap());
            }
        }
        events
    }

    fn loss(step: usize, value: f64) -> (f64, usize, [(String, f64); 1]) {
        (100.0 + step as f64, step, [("loss".to_owned(), value)])
    }

    #[test]
    fn a_new_file_replaces_the_one_before_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("train");
        for values in [&[0.5, 0.25][..], &[0.5, 0.25, 0.125]] {
            let mut file = EventFile::create(&folder).unwrap();
            for (value, step) in values.iter().zip(1..) {
                let (time, step, values) = loss(step, *value);
                file.add(time, step, values).unwrap();
            }
            file.flush().unwrap();
        }
        assert_eq!(event_files(&folder).len(), 1);
        let events = events(&folder);
        let started = Some(What::SessionLog(SessionLog { status: START }));
        assert_eq!(events[1].what, started);
        let points: Vec<_> = events
            .iter()
            .filter_map(|event| match &event.what {
                Some(What::Summary(summary)) => {
                    Some((event.step, summary.value[0].simple_value.unwrap()))
                }
                _ => None,
            })
            .collect();
        assert_eq!(points, [(1, 0.5), (2, 0.25), (3, 0.125)]);
        assert_eq!(
            times(&folder),
            BTreeMap::from([(1, 101.0), (2, 102.0), (3, 103.0)])
        );
    }

    #[test]
    fn files_of_other_programs_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        EventFile::create(&run.join("train"))
            .unwrap()
            .flush()
            .unwrap();
        fs::write(run.join("events.out.tfevents.1.host"), "").unwrap();
        assert!(has_event_files(&run));
        remove_event_files(&run);
        assert!(!run.join("train").exists());
        assert!(run.join("events.out.tfevents.1.host").exists());
        assert!(has_event_files(folder.path()));
    }

    /// What `tensorboard.compat.proto.event_pb2` makes of the same event; see `tests/logs/records.py`.
    #[test]
    fn an_event_is_encoded_as_tensorboard_does() {
        let event = Event {
            wall_time: 1.5,
            step: 300,
            what: Some(What::Summary(Summary {
                value: vec![Value {
                    tag: "loss".to_owned(),
                    simple_value: Some(0.25),
                }],
            })),
        };
        let wall_time = [0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f];
        let step = [0x10, 0xac, 0x02];
        let value = b"\x2a\x0d\x0a\x0b\x0a\x04loss\x15\0\0\x80\x3e";
        assert_eq!(
            event.encode_to_vec(),
            [&wall_time[..], &step, value].concat()
        );
    }
}
