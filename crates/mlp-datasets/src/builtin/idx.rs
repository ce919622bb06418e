use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::built_in::BuiltIn;
use super::idx_files::{FILES, find};
use crate::dataset::Dataset;
use crate::error::Error;
use crate::input::file;
use crate::preprocessor::Scaling;
use crate::split::Partition;
use crate::table::{Table, Target};

/// The type code of unsigned bytes.
const UNSIGNED_BYTE: u8 = 0x08;
/// The most values of an image, each of which is a column of its own.
const MOST_VALUES: usize = 1 << 20;

/// Reads the images and labels in a folder.
pub(super) fn load(dataset: BuiltIn, folder: &Path) -> Result<Dataset, Error> {
    let [images, labels, test_images, test_labels] = FILES;
    let train = Part::read(folder, images, labels)?;
    let test = Part::read(folder, test_images, test_labels)?;
    let test_start = train.labels.data.len();
    Ok(Dataset::new(
        dataset.name(),
        train.join(&test)?,
        Partition::Official { test_start },
        Scaling::Shared,
    ))
}

/// Images with their labels.
struct Part {
    images: Idx,
    labels: Idx,
}

impl Part {
    fn read(folder: &Path, images: &'static str, labels: &'static str) -> Result<Self, Error> {
        let images = Idx::read(find(folder, images)?)?;
        let labels = Idx::read(find(folder, labels)?)?;
        if images.shape.len() < 2 {
            return Err(images.invalid("its items are single bytes, not images"));
        }
        if labels.shape.len() != 1 {
            return Err(labels.invalid("its items are not single bytes, as labels are"));
        }
        if images.shape[0] != labels.shape[0] {
            return Err(Error::IdxMismatch {
                first_has: format!("{} images", images.shape[0]),
                first: images.path,
                second_has: format!("{} labels", labels.shape[0]),
                second: labels.path,
            });
        }
        Ok(Self { images, labels })
    }

    /// The rows of both parts as one table.
    fn join(self, test: &Self) -> Result<Table, Error> {
        if self.images.shape[1..] != test.images.shape[1..] {
            return Err(Error::IdxMismatch {
                first_has: format!("images of {:?} pixels", &self.images.shape[1..]),
                first: self.images.path,
                second_has: format!("images of {:?} pixels", &test.images.shape[1..]),
                second: test.images.path.clone(),
            });
        }
        let pixels = self.images.data.iter().chain(&test.images.data);
        let labels = self.labels.data.iter().chain(&test.labels.data);
        let labels: Vec<usize> = labels.map(|&label| usize::from(label)).collect();
        let num_classes = labels.iter().max().map_or(0, |largest| largest + 1);
        Table::from_rows(
            pixel_names(&self.images.shape[1..]),
            &pixels.map(|&pixel| f64::from(pixel)).collect::<Vec<_>>(),
            Some(Target::Classes {
                name: "label".to_owned(),
                labels,
                classes: (0..num_classes).map(|class| class.to_string()).collect(),
            }),
        )
    }
}

/// `pixel_0_0`, `pixel_0_1` and so on: the indices of each value of an image.
fn pixel_names(shape: &[usize]) -> Vec<String> {
    let mut names = vec!["pixel".to_owned()];
    for &size in shape {
        names = names
            .iter()
            .flat_map(|name| (0..size).map(move |i| format!("{name}_{i}")))
            .collect();
    }
    names
}

/// The content of an IDX file of bytes: two zero bytes, the type, the number of dimensions, the size
/// of each dimension as four bytes in big-endian order, and the data.
struct Idx {
    path: PathBuf,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl Idx {
    fn read(path: PathBuf) -> Result<Self, Error> {
        let mut idx = Self {
            path,
            shape: Vec::new(),
            data: Vec::new(),
        };
        // A pipe would be waited for, and the folder may be one that a stranger's run names.
        if idx.path.metadata().is_ok_and(|found| !found.is_file()) {
            return Err(idx.invalid("it is not a regular file"));
        }
        let mut content = file::open(&idx.path)?;
        let magic = idx.header(&mut content, 4)?;
        let Some(&magic) = magic.first_chunk::<4>() else {
            return Err(idx.invalid("it has fewer than four bytes"));
        };
        let [0, 0, UNSIGNED_BYTE, num_dimensions @ 1..=u8::MAX] = magic else {
            return Err(idx.invalid(format!("it begins with {magic:02x?}, not [00, 00, 08, …]")));
        };
        let header = 4 * usize::from(num_dimensions);
        let sizes = idx.header(&mut content, header)?;
        if sizes.len() < header {
            return Err(idx.invalid(format!("it ends before its {num_dimensions} dimensions")));
        }
        idx.shape = sizes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|&size| usize::try_from(u32::from_be_bytes(size)).unwrap_or(usize::MAX))
            .collect();
        let shape = &idx.shape;
        if shape.contains(&0) {
            return Err(idx.invalid(format!("it is empty: its dimensions are {shape:?}")));
        }
        // Saturates if the header promises more than any file can have.
        let product = |sizes: &[usize]| {
            let sizes = sizes.iter();
            sizes.fold(1, |product: usize, &size| product.saturating_mul(size))
        };
        let expected = product(shape);
        // What the header does not promise is counted, but need not fit into memory.
        let mut promised = content.by_ref().take(expected as u64);
        let found = promised.read_to_end(&mut idx.data).and_then(|found| {
            let more = io::copy(&mut content, &mut io::sink())?;
            Ok(found.saturating_add(usize::try_from(more).unwrap_or(usize::MAX)))
        });
        let found = found.map_err(|source| file::cannot_read(&idx.path, source))?;
        if found != expected {
            return Err(Error::IdxLength {
                path: idx.path,
                found,
                expected,
            });
        }
        if product(&idx.shape[1..]) > MOST_VALUES {
            return Err(idx.invalid(format!("its items have more than {MOST_VALUES} values")));
        }
        Ok(idx)
    }

    /// The next bytes of the header; fewer if the file ends.
    fn header(&self, content: &mut dyn Read, length: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        match content.take(length as u64).read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(source) => Err(file::cannot_read(&self.path, source)),
        }
    }

    fn invalid(&self, reason: impl Into<String>) -> Error {
        Error::NotIdx {
            path: self.path.clone(),
            reason: reason.into(),
        }
    }
}

/// The bytes of an IDX file.
#[cfg(test)]
pub(super) fn idx_bytes(shape: &[u8], data: &[u8]) -> Vec<u8> {
    let rank = u8::try_from(shape.len()).unwrap();
    let mut bytes = vec![0, 0, UNSIGNED_BYTE, rank];
    bytes.extend(shape.iter().flat_map(|&size| [0, 0, 0, size]));
    bytes.extend(data);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LoadOptions;
    use crate::input::compression::gzip;
    use std::fs;
    use tempfile::TempDir;

    /// Three training and two test images of 1 × 2 pixels.
    fn folder() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in FILES.into_iter().zip([
            idx_bytes(&[3, 1, 2], &[0, 10, 20, 30, 40, 50]),
            idx_bytes(&[3], &[1, 0, 3]),
            idx_bytes(&[2, 1, 2], &[60, 70, 80, 255]),
            idx_bytes(&[2], &[0, 1]),
        ]) {
            fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    fn load(folder: &TempDir) -> Result<Dataset, String> {
        let options = LoadOptions {
            data_dir: Some(folder.path().to_owned()),
            ..LoadOptions::default()
        };
        BuiltIn::Idx.load(&options).map_err(|error| {
            let prefix = format!("{}/", folder.path().display());
            error.to_string().replace(&prefix, "")
        })
    }

    fn load_with(name: &str, content: &[u8]) -> String {
        let folder = folder();
        fs::write(folder.path().join(name), content).unwrap();
        load(&folder).unwrap_err()
    }

    #[test]
    fn test_images_come_after_the_training_images() {
        let dataset = load(&folder()).unwrap();
        let table = &dataset.table;

        assert_eq!(dataset.partition, Partition::Official { test_start: 3 });
        assert_eq!(dataset.scaling, Scaling::Shared);
        assert_eq!(table.feature_names(), ["pixel_0_0", "pixel_0_1"]);
        assert_eq!(table.row(2), [40.0, 50.0]);
        assert_eq!(table.row(4), [80.0, 255.0]);
        assert_eq!(
            *table.target().unwrap(),
            Target::Classes {
                name: "label".into(),
                labels: vec![1, 0, 3, 0, 1],
                classes: ["0", "1", "2", "3"].map(str::to_owned).to_vec(),
            }
        );
    }

    #[test]
    fn compressed_files_are_read_under_either_name() {
        let folder = folder();
        let [images, labels, ..] = FILES;
        for name in [images, labels] {
            let path = folder.path().join(name);
            let bytes = gzip(&fs::read(&path).unwrap());
            fs::write(&path, bytes).unwrap();
        }
        fs::rename(
            folder.path().join(images),
            folder.path().join(format!("{images}.gz")),
        )
        .unwrap();
        assert_eq!(
            load(&folder).unwrap().table,
            load(&self::folder()).unwrap().table
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_and_not_waited_for() {
        let folder = folder();
        let path = folder.path().join(FILES[1]);
        fs::remove_file(&path).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let error = load(&folder).unwrap_err();
        assert!(error.ends_with("it is not a regular file"), "{error}");
    }

    #[test]
    fn damaged_files_are_reported_with_their_fault() {
        let [images, labels, test_images, _] = FILES;
        for (found, expected) in [
            (
                load_with(images, &[0, 0]),
                "`train-images-idx3-ubyte` is not an IDX file of bytes: it has fewer than four \
                 bytes",
            ),
            (
                load_with(images, b"a,b\n1,2\n"),
                "`train-images-idx3-ubyte` is not an IDX file of bytes: it begins with \
                 [61, 2c, 62, 0a], not [00, 00, 08, …]",
            ),
            (
                load_with(images, &[0, 0, 8, 3, 0, 0]),
                "`train-images-idx3-ubyte` is not an IDX file of bytes: it ends before its 3 dimensions",
            ),
            (
                load_with(images, &idx_bytes(&[3, 1, 2], &[0; 5])),
                "`train-images-idx3-ubyte` has 5 bytes of data, but its header promises 6",
            ),
            (
                load_with(images, &idx_bytes(&[3, 1, 2], &[0; 7])),
                "`train-images-idx3-ubyte` has 7 bytes of data, but its header promises 6",
            ),
            (
                load_with(images, &idx_bytes(&[3], &[0; 3])),
                "`train-images-idx3-ubyte` is not an IDX file of bytes: its items are single bytes, \
                 not images",
            ),
            (
                load_with(labels, &idx_bytes(&[3, 1, 2], &[0; 6])),
                "`train-labels-idx1-ubyte` is not an IDX file of bytes: its items are not single \
                 bytes, as labels are",
            ),
            (
                load_with(labels, &idx_bytes(&[4], &[0; 4])),
                "`train-images-idx3-ubyte` has 3 images, but `train-labels-idx1-ubyte` has 4 labels",
            ),
            (
                load_with(test_images, &idx_bytes(&[2, 2, 1], &[0; 4])),
                "`train-images-idx3-ubyte` has images of [1, 2] pixels, but \
                 `t10k-images-idx3-ubyte` has images of [2, 1] pixels",
            ),
        ] {
            assert_eq!(found, expected);
        }
        // 2^128 bytes would be needed.
        let huge = [&[0, 0, 8, 4][..], &[255; 16]].concat();
        assert!(load_with(images, &huge).contains("has 0 bytes of data"));
        let wide = [
            &[0, 0, 8, 2, 0, 0, 0, 1, 0, 16, 0, 1][..],
            &vec![0; (1 << 20) + 1],
        ]
        .concat();
        assert!(load_with(images, &wide).ends_with("its items have more than 1048576 values"));
        let empty = load_with(images, &idx_bytes(&[0, 255, 255], &[]));
        assert!(
            empty.ends_with("it is empty: its dimensions are [0, 255, 255]"),
            "{empty}"
        );
    }

    #[test]
    fn a_missing_file_is_reported_with_both_names() {
        let folder = folder();
        fs::remove_file(folder.path().join(FILES[3])).unwrap();
        let message = load(&folder).unwrap_err();
        assert!(
            message.ends_with("neither `t10k-labels-idx1-ubyte` nor `t10k-labels-idx1-ubyte.gz`"),
            "{message}"
        );
    }
}
