use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::input::checksum::hexadecimal;
use crate::split::{Partition, SplitName};
use crate::table::{Table, Target, Values};

/// Tells whether the first rows of two tables are the same, whatever their files are called and wherever they
/// are.
///
/// It is the SHA-256 of some features and the target of these rows in their order. Categories count by their
/// names, so that neither their codes nor a file's format matters.
pub(crate) fn fingerprint(table: &Table, num_rows: usize, features: &[String]) -> String {
    let mut digest = Sha256::new();
    add_rows(&mut digest, table, 0..num_rows, features);
    hexadecimal(&digest.finalize())
}

/// Tells whether the rows of two tables that are otherwise the same are split and weighted alike. It is the SHA-256
/// of their weights and of their groups, times, parts or test rows; `None` if there is nothing of the kind.
pub(crate) fn of_split(table: &Table, partition: &Partition) -> Option<String> {
    let mut digest = Sha256::new();
    match partition {
        Partition::Random | Partition::Whole => {
            table.weights()?;
        }
        Partition::Official { test_start } => {
            let rows = *test_start..table.num_rows();
            add_rows(&mut digest, table, rows, &table.feature_names());
        }
        Partition::Given(parts) => {
            for part in parts {
                let part: u8 = match part {
                    SplitName::Train => 0,
                    SplitName::Valid => 1,
                    SplitName::Test => 2,
                };
                digest.update([part]);
            }
        }
        Partition::Groups(groups) => {
            for group in groups {
                digest.update(group.to_le_bytes());
            }
        }
        Partition::Time { times, .. } => numbers(&mut digest, times),
    }
    for weight in table.weights().unwrap_or_default() {
        digest.update(weight.to_le_bytes());
    }
    Some(hexadecimal(&digest.finalize()))
}

/// Some features and the target of some rows, after their number.
fn add_rows(digest: &mut Sha256, table: &Table, rows: Range<usize>, features: &[String]) {
    digest.update(rows.len().to_le_bytes());
    for feature in features {
        text(digest, feature);
        if let Some(column) = table.column(feature) {
            values(digest, &column.values, rows.clone());
        }
    }
    target(digest, table, rows);
}

fn values(digest: &mut Sha256, values: &Values, rows: Range<usize>) {
    match values {
        Values::Numbers(numbers) => self::numbers(digest, &numbers[rows]),
        Values::Categories { codes, names } => {
            for &code in &codes[rows] {
                // No name is as long as that of a missing category.
                match names.get(code as usize) {
                    Some(name) => text(digest, name),
                    None => digest.update(usize::MAX.to_le_bytes()),
                }
            }
        }
        Values::Dates(dates) => {
            for date in &dates[rows] {
                digest.update(date.to_le_bytes());
            }
        }
    }
}

fn target(digest: &mut Sha256, table: &Table, rows: Range<usize>) {
    match table.target() {
        Some(Target::Classes {
            name,
            labels,
            classes,
        }) => {
            text(digest, name);
            for &label in &labels[rows] {
                text(digest, &classes[label]);
            }
        }
        Some(Target::Numbers { names, values }) => {
            for name in names {
                text(digest, name);
            }
            let width = names.len();
            numbers(digest, &values[rows.start * width..rows.end * width]);
        }
        None => {}
    }
}

fn numbers(digest: &mut Sha256, numbers: &[f64]) {
    for &number in numbers {
        // One bit pattern for all missing numbers, and one for 0 and −0.
        let number = if number.is_nan() {
            f64::NAN
        } else {
            number + 0.0
        };
        digest.update(number.to_le_bytes());
    }
}

/// A text after its length, so that the ends of neighbouring texts are distinguished.
fn text(digest: &mut Sha256, text: &str) {
    digest.update(text.len().to_le_bytes());
    digest.update(text);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::input::Source;
    use crate::reader::{ReadOptions, read_dataset};

    fn fingerprint(csv: &str) -> String {
        let options = ReadOptions {
            target: vec!["y".into()],
            ..ReadOptions::default()
        };
        let dataset =
            read_dataset(&Source::from_bytes("rows.csv", csv.to_owned()), &options).unwrap();
        dataset.fingerprint(&["size".into(), "colour".into()])
    }

    #[test]
    fn the_same_rows_have_the_same_fingerprint_however_they_are_written() {
        let rows = fingerprint("size,colour,y\n1.0,red,2\n,blue,3.5\n2,,1\n");
        assert_eq!(rows.len(), 64);
        let rewritten = "y;other;colour;size\n2;x;red;1\n3.5;y;blue;NA\n1.0;y;;2.0\n";
        assert_eq!(fingerprint(rewritten), rows);
        for changed in [
            "size,colour,y\n1.5,red,2\n,blue,3.5\n2,,1\n",
            "size,colour,y\n1.0,red,2\n,green,3.5\n2,,1\n",
            "size,colour,y\n1.0,red,2\n,blue,3.5\n2,,1.5\n",
            "size,colour,y\n,blue,3.5\n1.0,red,2\n2,,1\n",
            "size,colour,y\n1.0,red,2\n,blue,3.5\n2,,1\n2,,1\n",
        ] {
            assert_ne!(fingerprint(changed), rows, "{changed}");
        }
    }

    #[test]
    fn groups_parts_times_weights_and_test_rows_have_a_fingerprint_of_their_own() {
        let table = |weights: &[f32], values: &[f64]| {
            let target = Target::Numbers {
                names: vec!["y".into()],
                values: vec![1.0; 4],
            };
            let table = Table::from_rows(vec!["x".into()], values, Some(target)).unwrap();
            if weights.is_empty() {
                table
            } else {
                table.with_weights(weights.to_vec()).unwrap()
            }
        };
        let time = |last: f64| Partition::Time {
            times: vec![0.0, 1.0, 2.0, last],
            feature: None,
        };
        let [train, test] = [SplitName::Train, SplitName::Test];
        let plain = table(&[], &[1.0, 2.0, 3.0, 4.0]);
        let other = table(&[], &[1.0, 2.0, 3.0, 5.0]);
        let weighted = table(&[1.0, 1.0, 1.0, 2.0], &[1.0, 2.0, 3.0, 4.0]);
        let heavier = table(&[1.0, 1.0, 1.0, 3.0], &[1.0, 2.0, 3.0, 4.0]);
        let official = Partition::Official { test_start: 3 };
        assert_eq!(of_split(&plain, &Partition::Random), None);
        let digests = [
            (&plain, Partition::Groups(vec![0, 0, 1, 1])),
            (&plain, Partition::Groups(vec![0, 1, 1, 1])),
            (&plain, Partition::Given(vec![train, train, train, test])),
            (&plain, Partition::Given(vec![train, train, test, train])),
            (&plain, time(3.0)),
            (&plain, time(4.0)),
            (&plain, official.clone()),
            (&other, official),
            (&weighted, Partition::Random),
            (&heavier, Partition::Random),
        ]
        .map(|(table, partition)| {
            let digest = of_split(table, &partition).unwrap();
            assert_eq!(of_split(table, &partition), Some(digest.clone()));
            digest
        });
        let different: BTreeSet<String> = digests.iter().cloned().collect();
        assert_eq!(different.len(), digests.len());
    }
}
