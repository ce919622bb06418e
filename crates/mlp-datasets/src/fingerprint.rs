use sha2::{Digest, Sha256};

use crate::input::checksum::hexadecimal;
use crate::table::{Table, Target, Values};

/// Tells whether the first rows of two tables are the same, whatever their files are called and wherever they
/// are.
///
/// It is the SHA-256 of some features and the target of these rows in their order. Categories count by their
/// names, so that neither their codes nor a file's format matters.
pub(crate) fn fingerprint(table: &Table, num_rows: usize, features: &[String]) -> String {
    let mut digest = Sha256::new();
    digest.update(num_rows.to_le_bytes());
    for feature in features {
        text(&mut digest, feature);
        if let Some(column) = table.column(feature) {
            values(&mut digest, &column.values, num_rows);
        }
    }
    target(&mut digest, table, num_rows);
    hexadecimal(&digest.finalize())
}

fn values(digest: &mut Sha256, values: &Values, num_rows: usize) {
    match values {
        Values::Numbers(numbers) => self::numbers(digest, &numbers[..num_rows]),
        Values::Categories { codes, names } => {
            for &code in &codes[..num_rows] {
                // No name is as long as that of a missing category.
                match names.get(code as usize) {
                    Some(name) => text(digest, name),
                    None => digest.update(usize::MAX.to_le_bytes()),
                }
            }
        }
        Values::Dates(dates) => {
            for date in &dates[..num_rows] {
                digest.update(date.to_le_bytes());
            }
        }
    }
}

fn target(digest: &mut Sha256, table: &Table, num_rows: usize) {
    match table.target() {
        Some(Target::Classes {
            name,
            labels,
            classes,
        }) => {
            text(digest, name);
            for &label in &labels[..num_rows] {
                text(digest, &classes[label]);
            }
        }
        Some(Target::Numbers { names, values }) => {
            for name in names {
                text(digest, name);
            }
            numbers(digest, &values[..num_rows * names.len()]);
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
}
