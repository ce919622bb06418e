//! The same table in each format, and what is odd about some files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use mlp_datasets::bytes::Bytes;
use mlp_datasets::{
    ColumnKind, Dataset, Dialect, Error, ReadOptions, Source, Values, read_dataset,
};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/files")
        .join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(file(name)).unwrap()
}

fn options(target: &str) -> ReadOptions {
    ReadOptions {
        target: vec![target.into()],
        ..ReadOptions::default()
    }
}

/// The fruit of a file. Its codes are categories, which must be exact.
fn fruit(source: &Source) -> Result<Dataset, Error> {
    let mut options = options("kind");
    options.kinds.insert("code".into(), ColumnKind::Categorical);
    read_dataset(source, &options)
}

fn read(name: &str, target: &str) -> Dataset {
    let source = Source::new(&file(name).display().to_string()).unwrap();
    read_dataset(&source, &options(target)).unwrap()
}

const FRUIT: [&str; 8] = [
    "fruit.csv",
    "fruit.jsonl",
    "fruit.json",
    "fruit.parquet",
    "fruit.arrow",
    "fruit.xlsx",
    "fruit.ods",
    "fruit.xls",
];

#[test]
fn a_table_is_the_same_in_each_format_from_a_file_and_from_memory() {
    let expected = fruit(&Source::from_bytes("fruit.csv", bytes("fruit.csv"))).unwrap();
    assert_eq!(expected.table.num_rows(), 60);
    let reports = |dataset: &Dataset| format!("{:?}", dataset.columns);
    for name in FRUIT {
        for source in [
            Source::new(&file(name).display().to_string()).unwrap(),
            // Whatever the name is.
            Source::from_bytes("x.csv", bytes(name)),
        ] {
            let found = fruit(&source).unwrap();
            // Missing numbers are not equal to themselves.
            assert_eq!(
                format!("{:?}", found.table),
                format!("{:?}", expected.table),
                "{name}"
            );
            assert_eq!(reports(&found), reports(&expected), "{name}");
        }
    }
}

#[test]
fn integers_beyond_double_precision_are_exact_categories() {
    for name in FRUIT {
        let found = fruit(&Source::from_bytes(name, bytes(name))).unwrap();
        let Values::Categories { names, .. } = &found.table.column("code").unwrap().values else {
            panic!("codes are categories");
        };
        assert_eq!(names[0], "9007199254740993", "{name}");
    }
}

#[test]
fn the_first_sheet_with_data_is_read_unless_another_is_chosen() {
    for name in ["fruit.xlsx", "fruit.ods", "fruit.xls"] {
        let source = Source::from_bytes(name, bytes(name));
        let notes = fruit(&source).unwrap().notes;
        let [note] = notes.as_slice() else {
            panic!("{notes:?}");
        };
        assert!(
            note.ends_with("2 sheets with data, of which `fruit` is read; the others are `other`"),
            "{note}"
        );
        for sheet in ["other", "2"] {
            let other = source.clone().with_sheet(sheet);
            let mut options = options("y");
            options.task = Some(mlp_datasets::Task::Classification);
            let error = read_dataset(&other, &options).unwrap_err().to_string();
            assert!(error.contains("different value in every row"), "{error}");
        }
        let error = fruit(&source.with_sheet("Fruit")).unwrap_err().to_string();
        assert!(
            error.ends_with("has no sheet `Fruit`; its sheets are `fruit`, `other`"),
            "{error}"
        );
    }
    let error = fruit(&Source::from_bytes("x.csv", "a,kind\n1,2\n").with_sheet("1")).unwrap_err();
    assert!(matches!(error, Error::NoSheets { .. }));
    // An empty sheet is none with data.
    assert_eq!(read("cells.xlsx", "number").notes, [""; 0]);
}

#[test]
fn cells_of_several_types_are_text_and_errors_are_told_from_missing_values() {
    let dataset = read("cells.xlsx", "number");
    let column = |name: &str| &dataset.table.column(name).unwrap().values;
    let names = |name: &str| match column(name) {
        Values::Categories { names, .. } => names.clone(),
        Values::Numbers(_) | Values::Dates(_) => panic!("`{name}` has categories"),
    };
    assert_eq!(names("mixed"), ["42", "many"]);
    // An error of the workbook is a missing value among numbers.
    assert_eq!(column("error").num_missing(), 1);
    assert_eq!(names("flag"), ["true", "false"]);
    assert_eq!(column("missing").num_missing(), 1);
    for name in ["missing", "time", "digits"] {
        assert!(matches!(column(name), Values::Numbers(_)), "{name}");
    }
    // The row whose target is `NA` is left out.
    assert_eq!(
        (dataset.rows_without_target, dataset.table.num_rows()),
        (1, 3)
    );
}

#[test]
fn a_sheet_may_have_no_header() {
    let mut options = options("column_1");
    options.dialect = Dialect {
        header: Some(false),
        ..Dialect::default()
    };
    let source = Source::from_bytes("x.xls", bytes("fruit.xls"));
    let dataset = read_dataset(&source, &options).unwrap();
    assert_eq!(dataset.columns.len(), 8);
    // The header is a row like any other.
    assert_eq!(dataset.table.num_rows() + dataset.rows_without_target, 61);
}

#[test]
fn bytes_are_text_if_they_are_utf8() {
    let dataset = read("impala.parquet", "text");
    assert_eq!(
        dataset.table.target().unwrap().classes().unwrap(),
        ["a", "bé", "c"]
    );
    let report = dataset
        .columns
        .iter()
        .find(|report| report.name == "bytes")
        .unwrap();
    let dropped = report.dropped.unwrap().to_string();
    assert_eq!(dropped, "unsupported column type: bytes that are not UTF-8");
    let source = Source::from_bytes("x", bytes("impala.parquet"));
    let error = read_dataset(&source, &options("bytes"))
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "the column `bytes` of `x` holds bytes that are not UTF-8, which cannot be used"
    );
}

#[test]
fn nested_fields_of_json_are_named() {
    let json = "{\"a\": [1], \"b\": {\"c\": 2}, \"d\": 1, \"y\": 2.5}\n{\"d\": 2, \"y\": 3.5}\n";
    let dataset = read_dataset(&Source::from_bytes("x", json), &options("y")).unwrap();
    let dropped = |index: usize| dataset.columns[index].dropped.unwrap().to_string();
    assert_eq!(dropped(0), "unsupported column type: lists");
    assert_eq!(dropped(1), "unsupported column type: objects");
    assert_eq!(dataset.table.feature_names(), ["d"]);
}

#[test]
fn json_may_be_in_utf_16_and_within_an_object() {
    let text = String::from_utf8(bytes("fruit.json")).unwrap();
    let text = format!("\u{feff}{{\"status\": \"ok\", \"rows\": {text}}}");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let dataset = fruit(&Source::from_bytes("x", little)).unwrap();
    assert_eq!(dataset.table.num_rows(), 60);
    assert_eq!(
        dataset.notes,
        ["`x` is an object, of which the list `rows` is read"]
    );
}

#[test]
fn each_format_may_be_compressed() {
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let expected = fruit(&Source::from_bytes("fruit.csv", bytes("fruit.csv"))).unwrap();
    for name in FRUIT {
        let compressed = zstd::encode_all(bytes(name).as_slice(), 1).unwrap();
        let found = fruit(&Source::from_bytes(name, compressed.clone())).unwrap();
        assert_eq!(found.table.num_rows(), expected.table.num_rows(), "{name}");
        assert_eq!(found.columns, expected.columns, "{name}");
        let twice = fruit(&Source::from_bytes("x", gzip(&compressed))).unwrap_err();
        assert_eq!(
            twice.to_string(),
            "`x` is compressed twice, which cannot be read"
        );
    }
}

#[test]
fn a_truncated_file_is_an_error_or_a_shorter_table() {
    for name in FRUIT.into_iter().chain(["cells.xlsx", "impala.parquet"]) {
        let whole = bytes(name);
        for length in (0..whole.len()).step_by(97) {
            let part = Bytes::copy_from_slice(&whole[..length]);
            let read = fruit(&Source::from_bytes(name, part));
            // Nothing tells how many lines a text should have, and old workbooks end with padding.
            let may_be_shorter = match name {
                "fruit.csv" | "fruit.jsonl" => true,
                "fruit.xls" => whole.len() - length < 512,
                _ => false,
            };
            assert!(read.is_err() || may_be_shorter, "{name}, {length}");
        }
    }
}

#[test]
fn a_file_with_a_wrong_byte_does_no_harm() {
    for name in FRUIT {
        let whole = bytes(name);
        for index in (0..whole.len()).step_by(97) {
            let mut damaged = whole.clone();
            damaged[index] ^= 0x55;
            let _ = fruit(&Source::from_bytes(name, damaged));
        }
    }
}

#[test]
fn folders_may_hold_columns() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    let parquet = bytes("fruit.parquet");
    for name in [
        "year=2023/shop=S%C3%A3o/a.parquet",
        "year=2024/shop=__HIVE_DEFAULT_PARTITION__/b.parquet",
    ] {
        write(name, &parquet);
    }
    write("_SUCCESS", b"");
    write("year=2023/.hidden.crc", b"x");
    let whole = fruit(&Source::new(&folder.path().display().to_string()).unwrap()).unwrap();
    assert_eq!(whole.table.num_rows(), 120);
    let column = |name: &str| whole.table.column(name).unwrap().values.clone();
    assert!(
        matches!(column("year"), Values::Numbers(years) if years[0] == 2023.0 && years[119] == 2024.0)
    );
    assert_eq!(column("shop").num_missing(), 60);

    let csv = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("part=b/0.csv", "x,y\n1,1\n2,2.5\n"),
        ("part=a/0.csv", "y,x\n3,4\n4.5,5\n"),
    ] {
        let path = csv.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let pattern = csv.path().join("part=*/*.csv").display().to_string();
    let dataset = read_dataset(&Source::new(&pattern).unwrap(), &options("y")).unwrap();
    assert_eq!(
        dataset.table.column("x").unwrap().values,
        Values::Numbers(vec![4.0, 5.0, 1.0, 2.0])
    );
    let Values::Categories { codes, names } = &dataset.table.column("part").unwrap().values else {
        panic!("parts are categories");
    };
    assert_eq!(
        (codes.as_slice(), names.as_slice()),
        (&[0, 0, 1, 1][..], &["a".to_owned(), "b".to_owned()][..])
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for name in FRUIT {
        // A second reader would wait forever.
        let (content, path) = (bytes(name), pipe.clone());
        let writer = std::thread::spawn(move || fs::write(path, content));
        let source = Source::new(&pipe.display().to_string()).unwrap();
        assert_eq!(fruit(&source).unwrap().table.num_rows(), 60, "{name}");
        writer.join().unwrap().unwrap();
    }
}

#[test]
fn an_old_workbook_whose_sectors_form_a_circle_is_damaged() {
    let mut bytes = bytes("fruit.xls");
    let number = |bytes: &[u8], at: usize| {
        u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
    };
    // The table of sectors says which sector follows each one. That of the directory follows itself.
    let (directory, table) = (number(&bytes, 48), number(&bytes, 76));
    let entry = (table + 1) * 512 + 4 * directory;
    let itself = u32::try_from(directory).unwrap().to_le_bytes();
    bytes[entry..entry + 4].copy_from_slice(&itself);
    let error = fruit(&Source::from_bytes("fruit.xls", bytes)).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
}
