use std::path::PathBuf;

use super::options::ReadOptions;
use crate::error::Error;
use crate::input::{Dialect, Input, InputReader};

/// The inputs that have rows, and how they are read.
pub(super) struct Opened {
    pub inputs: Vec<Input>,
    /// How many of them are not for testing alone.
    pub num_train_inputs: usize,
    /// Those without rows, which add nothing.
    pub empty: Vec<PathBuf>,
    /// The dialect with what the first text shows of it.
    pub dialect: Dialect,
}

impl Opened {
    /// Looks at the beginning of each input.
    pub fn open(train: &[Input], test: &[Input], options: &ReadOptions) -> Result<Self, Error> {
        let mut opened = Self {
            inputs: Vec::with_capacity(train.len() + test.len()),
            num_train_inputs: 0,
            empty: Vec::new(),
            dialect: options.dialect.clone(),
        };
        opened.open_part(train, options)?;
        opened.num_train_inputs = opened.inputs.len();
        opened.open_part(test, options)?;
        Ok(opened)
    }

    fn open_part(&mut self, inputs: &[Input], options: &ReadOptions) -> Result<(), Error> {
        let wanted = options.wanted();
        let first = self.inputs.len();
        for input in inputs {
            let path = input.path();
            let reader = InputReader::open(input, &self.dialect, &wanted);
            let is_empty = match reader {
                Ok(mut reader) => {
                    let dialect = reader.dialect().cloned();
                    let is_empty = reader.has_no_rows(&path)?;
                    if let Some(dialect) = dialect
                        && self.inputs.is_empty()
                        && !is_empty
                    {
                        self.dialect = dialect;
                    }
                    is_empty
                }
                Err(Error::EmptyFile { .. } | Error::NoRecords { .. }) if inputs.len() > 1 => true,
                Err(error) => return Err(error),
            };
            if is_empty {
                self.empty.push(path);
            } else {
                self.inputs.push(input.clone());
            }
        }
        if self.inputs.len() > first {
            return Ok(());
        }
        match inputs.first() {
            None => Ok(()),
            Some(input) => Err(Error::NoRows { path: input.path() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use tempfile::TempDir;

    use crate::{
        Chunks, ColumnKind, Dataset, Error, ReadOptions, Schema, SchemaColumn, Source,
        read_dataset, read_table,
    };

    fn read(folder: &TempDir, pattern: &str, test: Option<&str>) -> Result<Dataset, Error> {
        let source =
            |pattern: &str| Source::new(&folder.path().join(pattern).display().to_string());
        let options = ReadOptions {
            target: vec!["y".into()],
            test: test.map(source).transpose()?,
            ..ReadOptions::default()
        };
        read_dataset(&source(pattern)?, &options)
    }

    fn schema() -> Schema {
        Schema {
            columns: vec![SchemaColumn {
                name: "x".into(),
                kind: ColumnKind::Numeric,
            }],
            ..Schema::default()
        }
    }

    fn parquet(numbers: Vec<f64>) -> Vec<u8> {
        let classes = numbers.iter().map(|x| if *x > 2.0 { "b" } else { "a" });
        let y: ArrayRef = Arc::new(StringArray::from_iter_values(classes));
        let x: ArrayRef = Arc::new(Float64Array::from(numbers));
        let batch = RecordBatch::try_from_iter([("x", x), ("y", y)]).unwrap();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes
    }

    /// Three files with and without rows, in any order.
    fn folder(files: [&[u8]; 3]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (index, content) in files.iter().enumerate() {
            fs::write(folder.path().join(format!("part-{index}")), content).unwrap();
        }
        folder
    }

    #[test]
    fn a_file_without_rows_among_others_adds_nothing() {
        let (one, two) = (parquet(vec![1.0, 3.0]), parquet(vec![2.0, 5.0]));
        let none = parquet(Vec::new());
        for (files, empty) in [
            ([&b"x,y\n1,a\n3,b\n"[..], b"x,y\n", b"x,y\n2,a\n5,b\n"], 1),
            ([b"x,y\n", b"x,y\n1,a\n3,b\n", b"y,x\na,2\nb,5\n"], 0),
            ([b"", b"x;y\n1;a\n3;b\n", b"x,y\n2,a\n5,b\n"], 0),
            ([b"x,y\n1,a\n3,b\n", b"x,y\n2,a\n5,b\n", b"other\n"], 2),
            ([&one, &none, &two], 1),
            ([&none, &one, &two], 0),
        ] {
            let folder = folder(files);
            let dataset = read(&folder, "part-*", None).unwrap();
            assert_eq!(dataset.table.num_rows(), 4);
            let path = folder.path().join(format!("part-{empty}"));
            assert_eq!(dataset.empty_inputs, std::slice::from_ref(&path));

            let source = Source::new(&folder.path().join("part-*").display().to_string()).unwrap();
            let mut chunks = Chunks::open(&source, &schema()).unwrap();
            let mut num_rows = 0;
            while chunks.advance().unwrap() {
                num_rows += chunks.table().num_rows();
            }
            assert_eq!((num_rows, chunks.empty_inputs()), (4, &[path][..]));
        }
    }

    #[test]
    fn no_rows_in_any_file_are_an_error_in_training_and_none_in_prediction() {
        let folder = folder([b"x,y\n", b"x,y\n", b""]);
        let error = read(&folder, "part-*", None).unwrap_err();
        assert!(error.to_string().ends_with("has a header, but no rows"));

        let source = Source::new(&folder.path().join("part-*").display().to_string()).unwrap();
        let mut chunks = Chunks::open(&source, &schema()).unwrap();
        assert_eq!(chunks.header(), ["x", "y"]);
        assert!(!chunks.advance().unwrap());
        assert_eq!(chunks.empty_inputs().len(), 3);
        assert!(matches!(
            read_table(&source, &schema()),
            Err(Error::NoRows { .. })
        ));
    }

    #[test]
    fn a_file_of_test_rows_needs_rows() {
        let folder = folder([b"x,y\n1,a\n3,b\n2,a\n5,b\n", b"x,y\n", b"x,y\n1,a\n"]);
        let error = read(&folder, "part-0", Some("part-1")).unwrap_err();
        assert!(error.to_string().contains("part-1"), "{error}");
        let dataset = read(&folder, "part-0", Some("part-[12]")).unwrap();
        assert_eq!(dataset.table.num_rows(), 5);
    }

    #[test]
    fn a_data_set_keeps_what_its_first_file_shows() {
        let folder = folder([b"# x\n", b"# note\nx;y\n1,5;a\n3,5;b\n", b"x;y\n2,5;a\n"]);
        let dataset = read(&folder, "part-*", None).unwrap();
        assert_eq!(dataset.dialect.delimiter, Some(b';'));
        assert_eq!(dataset.dialect.header, Some(true));
        assert_eq!(dataset.dialect.skip_lines, None);
    }
}
