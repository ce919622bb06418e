use std::fmt::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use parquet::arrow::ArrowWriter;

use super::*;
use crate::column_report::DropReason;
use crate::input::Dialect;
use crate::input::compression::gzip;
use crate::{ColumnKind, SchemaColumn, SplitName, Target, Task, Values};

/// Options for a table whose target is `y`.
fn options() -> ReadOptions {
    ReadOptions {
        target: vec!["y".into()],
        ..ReadOptions::default()
    }
}

fn read(content: impl AsRef<[u8]>, options: &ReadOptions) -> Result<Dataset, Error> {
    let source = Source::from_bytes("x.csv", content.as_ref().to_vec());
    read_dataset(&source, options)
}

fn message(content: impl AsRef<[u8]>, options: &ReadOptions) -> String {
    read(content, options).unwrap_err().to_string()
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn kinds_are_inferred_from_all_rows_and_columns_of_no_use_are_left_out() {
    let mut csv = String::from("id,size,late,flag,when,same,none,y\n");
    for row in 0..30 {
        let late = if row == 29 { "N/A" } else { "7" };
        let late = if row == 28 { "12.5" } else { late };
        let flag = ["true", "FALSE"][row % 2];
        let day = row % 28 + 1;
        let y = ["no", "yes"][row / 2 % 2];
        writeln!(
            csv,
            "name-{row},{row},{late},{flag},2024-01-{day:02},x,NA,{y}"
        )
        .unwrap();
    }

    let dataset = read(&csv, &options()).unwrap();

    let kinds: Vec<_> = dataset
        .columns
        .iter()
        .map(|report| (report.name.as_str(), report.kind, report.dropped))
        .collect();
    assert_eq!(
        kinds,
        [
            ("id", ColumnKind::Categorical, Some(DropReason::Identifier)),
            ("size", ColumnKind::Numeric, Some(DropReason::RowNumber)),
            ("late", ColumnKind::Numeric, None),
            ("flag", ColumnKind::Boolean, None),
            ("when", ColumnKind::Date, None),
            ("same", ColumnKind::Categorical, Some(DropReason::Constant)),
            (
                "none",
                ColumnKind::Categorical,
                Some(DropReason::AllMissing)
            ),
            ("y", ColumnKind::Categorical, None),
        ]
    );
    let table = &dataset.table;
    assert_eq!(table.feature_names(), ["late", "flag", "when"]);
    assert_eq!(table.column("late").unwrap().values.num_missing(), 1);
    assert_eq!(table.target().unwrap().classes().unwrap(), ["no", "yes"]);
}

#[test]
fn requested_kinds_override_inferred_ones() {
    let mut options = options();
    options.kinds.insert("zip".into(), ColumnKind::Categorical);
    options.kinds.insert("b".into(), ColumnKind::Drop);

    let dataset = read("zip,a,b,y\n01,1,1,x\n1,2,2,z\n01,3,3,x\n", &options).unwrap();

    assert_eq!(dataset.table.feature_names(), ["zip", "a"]);
    let Values::Categories { names, .. } = &dataset.table.column("zip").unwrap().values else {
        panic!("the column is categorical");
    };
    assert_eq!(names, &["01", "1"]);
}

#[test]
fn rows_without_a_target_are_left_out_and_counted() {
    let dataset = read(
        "a,w,y\n1,1,2.5\n2,2,\n3,3,4.5\n4,4,?\n",
        &ReadOptions {
            weight: Some("w".into()),
            ..options()
        },
    )
    .unwrap();
    assert_eq!(dataset.rows_without_target, 2);
    let Some(Target::Numbers { values, .. }) = dataset.table.target() else {
        panic!("numbers with fractions are not classes");
    };
    assert_eq!(values, &[2.5, 4.5]);
    assert_eq!(dataset.table.weights(), Some(&[1.0, 3.0][..]));
}

#[test]
fn several_targets_are_read_row_by_row() {
    let options = ReadOptions {
        target: vec!["y".into(), "a".into()],
        ..ReadOptions::default()
    };
    let dataset = read("a,b,y\n1,5,2\n3,6,4\n", &options).unwrap();
    let expected = Target::Numbers {
        names: vec!["y".into(), "a".into()],
        values: vec![2.0, 1.0, 4.0, 3.0],
    };
    assert_eq!(dataset.table.target(), Some(&expected));
    assert_eq!(dataset.table.feature_names(), ["b"]);
}

#[test]
fn rows_are_split_by_a_column_of_parts_groups_or_times() {
    let csv = "a,p,y\n1,train,x\n2,Test,z\n3,val,x\n4,train,z\n";
    let by = |column: &str, role: fn(&mut ReadOptions) -> &mut Option<String>| {
        let mut options = options();
        *role(&mut options) = Some(column.into());
        read(csv, &options).map(|dataset| dataset.partition)
    };
    assert_eq!(
        by("p", |options| &mut options.split).unwrap(),
        Partition::Given(vec![
            SplitName::Train,
            SplitName::Test,
            SplitName::Valid,
            SplitName::Train,
        ])
    );
    assert_eq!(
        by("p", |options| &mut options.group).unwrap(),
        Partition::Groups(vec![1, 0, 2, 1])
    );
    assert_eq!(
        by("a", |options| &mut options.time).unwrap(),
        Partition::Time {
            times: vec![1.0, 2.0, 3.0, 4.0],
            feature: None,
        }
    );
    assert_eq!(
        by("a", |options| &mut options.split)
            .unwrap_err()
            .to_string(),
        "the table is not valid: `a` has the value `1`, but the parts are `train`, `valid` and `test`"
    );
    assert!(by("p", |options| &mut options.time).is_err());
}

#[test]
fn a_separate_test_file_may_have_its_columns_in_another_order() {
    let test = Source::from_bytes("test.csv", "y,b,a\nz,9,4\nx,8,5.5\n".as_bytes().to_vec());
    let options = ReadOptions {
        test: Some(test),
        ..options()
    };
    let dataset = read("a,y\n1,x\n2,z\n,\n3,x\n", &options).unwrap();
    // One of the rows has no target.
    assert_eq!(dataset.partition, Partition::Official { test_start: 3 });
    assert_eq!(
        dataset.table.column("a").unwrap().values,
        Values::Numbers(vec![1.0, 2.0, 3.0, 4.0, 5.5])
    );
}

#[test]
fn a_parquet_file_is_read_like_its_text() {
    let dataset = read(
        parquet(vec![
            (
                "a",
                Arc::new(Float64Array::from(vec![Some(1.5), None, Some(2.5)])) as ArrayRef,
            ),
            ("b", Arc::new(StringArray::from(vec!["u", "?", "v"]))),
            ("y", Arc::new(Int32Array::from(vec![0, 1, 0]))),
        ]),
        &ReadOptions {
            task: Some(Task::Classification),
            ..options()
        },
    )
    .unwrap();
    let table = &dataset.table;
    assert_eq!(table.column("a").unwrap().values.num_missing(), 1);
    assert_eq!(table.column("b").unwrap().values.num_missing(), 1);
    assert_eq!(table.target().unwrap().classes().unwrap(), ["0", "1"]);
}

#[test]
fn an_arrow_file_and_an_arrow_stream_are_read() {
    let batch = RecordBatch::try_from_iter([
        (
            "a",
            Arc::new(Float64Array::from(vec![1.5, 2.5, 3.5])) as ArrayRef,
        ),
        ("y", Arc::new(StringArray::from(vec!["u", "v", "u"]))),
    ])
    .unwrap();
    let mut file = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    file.write(&batch).unwrap();
    let mut stream = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    stream.write(&batch).unwrap();
    for bytes in [file.into_inner().unwrap(), stream.into_inner().unwrap()] {
        let table = read(bytes, &options()).unwrap().table;
        assert_eq!(
            table.column("a").unwrap().values,
            Values::Numbers(vec![1.5, 2.5, 3.5])
        );
    }
}

#[test]
fn a_compressed_file_is_read() {
    let dataset = read(gzip(b"a,y\n1,x\n2,z\n3,x\n"), &options()).unwrap();
    assert_eq!(dataset.table.num_rows(), 3);
}

#[test]
fn faults_of_a_text_are_reported_with_their_line() {
    for (content, expected) in [
        (&b""[..], "`x.csv` is empty"),
        (b"\n\n", "`x.csv` is empty"),
        (b"a,y\n", "`x.csv` has a header, but no rows"),
        (
            b"a,b\n1,2\n",
            "`x.csv` has no column `y`; its columns are `a`, `b`",
        ),
        (b"a,y,a\n1,2,3\n", "`x.csv` has more than one column `a`"),
        (
            b"a,y\n1,2\n3\n",
            "line 3 of `x.csv` has 1 cell, but the header has 2",
        ),
        (
            b"a,y\n1,2\n1,2,3\n",
            "line 3 of `x.csv` has 3 cells, but the header has 2",
        ),
        (
            b"a,y\n1,x\nz\xff,x\n",
            "`x.csv` is not UTF-8 in line 3, in `a`",
        ),
        (b"\xfe,y\n", "`x.csv` is not UTF-8 in line 1, in `column_1`"),
        (
            b"a,y\n1,x\n1e39,z\n",
            "line 3 of `x.csv` has `1e39` as `a`, where a number within ±3.4e38 (single precision) was expected",
        ),
        (
            b"a,y\n1,x\n-inf,z\n",
            "line 3 of `x.csv` has `-inf` as `a`, where a finite number was expected",
        ),
    ] {
        assert_eq!(message(content, &options()), expected);
    }
}

#[test]
fn a_target_that_cannot_be_learned_is_rejected_with_the_reason() {
    let regression = ReadOptions {
        task: Some(Task::Regression),
        ..options()
    };
    for (content, options, expected) in [
        (
            "a,y\n1,x\n2,x\n",
            options(),
            "the target `y` of `x.csv` is `x` in every row, so there is nothing to learn",
        ),
        (
            "a,y\n1,2.5\n2,2.5\n",
            options(),
            "the target `y` of `x.csv` is 2.5 in every row, so there is nothing to learn",
        ),
        (
            "a,y\n1,2e-39\n2,-3e-40\n",
            regression.clone(),
            "the target `y` of `x.csv` is between -1.2e-38 and 1.2e-38 in every row, which is 0 in single precision, \
             so there is nothing to learn; give it in a smaller unit",
        ),
        (
            "a,y\n1,\n2,NA\n",
            options(),
            "the target `y` of `x.csv` has no value in any row; `NA` counts as missing, in 1 row",
        ),
        (
            "a,y\n1,X\n2,-\n3,X\n4,-\n",
            options(),
            "the target `y` of `x.csv` is `X` in every row, so there is nothing to learn; `-` counts as \
             missing, in 2 rows",
        ),
        (
            "a,y\n1,u\n2,v\n3,w\n",
            options(),
            "the target `y` of `x.csv` has a different value in every row, so it has no classes to learn",
        ),
        (
            "a,y\n1,2024-01-01\n2,2024-01-02\n",
            options(),
            "the target `y` of `x.csv` has dates, which cannot be predicted",
        ),
        (
            "a,y\n1,u\n2,v\n",
            regression,
            "the target `y` of `x.csv` has text such as `u`, where numbers are needed",
        ),
        (
            "a,y\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n7,7\n8,8\n9,9\n9,x\n",
            options(),
            "the target `y` of `x.csv` has 9 numbers, but `x` in line 11",
        ),
        (
            "a,y\nk,u\nk,v\nk,u\n",
            options(),
            "`x.csv` has no feature to learn from; left out: `a` (same value in every row)",
        ),
    ] {
        assert_eq!(message(content, &options), expected);
    }
}

#[test]
fn a_truncated_parquet_file_is_reported() {
    let numbers: Vec<i32> = (0..10_000).collect();
    let whole = parquet(vec![("y", Arc::new(Int32Array::from(numbers)) as ArrayRef)]);
    let message = message(&whole[..whole.len() / 2], &options());
    assert!(message.starts_with("`x.csv` is damaged: "), "{message}");
}

#[test]
fn infinite_numbers_of_a_parquet_file_are_reported_with_their_row() {
    let numbers = Float64Array::from(vec![1.0, f64::INFINITY]);
    let bytes = parquet(vec![
        ("a", Arc::new(numbers) as ArrayRef),
        ("y", Arc::new(StringArray::from(vec!["u", "v"]))),
    ]);
    assert_eq!(
        message(bytes, &options()),
        "row 2 of `x.csv` has `inf` as `a`, where a finite number was expected"
    );
}

#[test]
fn a_test_file_that_lacks_a_column_is_reported() {
    let test = Source::from_bytes("test.csv", "y\nx\n".as_bytes().to_vec());
    let options = ReadOptions {
        test: Some(test),
        ..options()
    };
    assert_eq!(
        message("a,y\n1,x\n2,z\n", &options),
        "`test.csv` has no column `a`; its columns are `y`"
    );
}

#[test]
fn wide_tables_and_long_cells_are_read() {
    let names: Vec<String> = (0..10_000).map(|i| format!("c{i}")).collect();
    let row = |value: usize| vec![value.to_string(); 10_000].join(",");
    let csv = format!(
        "{},y\n{},u\n{},v\n{},u\n",
        names.join(","),
        row(1),
        row(2),
        row(4)
    );
    let dataset = read(&csv, &options()).unwrap();
    assert_eq!(dataset.table.num_features(), 10_000);

    let long = "z".repeat(5 << 20);
    let csv = format!("a,b,y\n1,{long},u\n2,short,v\n3,short,u\n");
    let dataset = read(&csv, &options()).unwrap();
    assert_eq!(dataset.table.num_rows(), 3);
    // An error in such a cell has a short message all the same.
    let mut options = options();
    options.kinds.insert("b".into(), ColumnKind::Numeric);
    assert!(message(&csv, &options).len() < 200);
}

#[test]
fn chunks_have_all_rows_as_they_are_in_the_file() {
    let mut csv = String::from("name,a\n");
    for row in 0..20_000 {
        writeln!(csv, "r{row},{row}").unwrap();
    }
    let source = Source::from_bytes("x.csv", csv);
    let schema = Schema {
        columns: vec![SchemaColumn {
            name: "a".into(),
            kind: ColumnKind::Numeric,
        }],
        ..Schema::default()
    };
    let mut chunks = Chunks::open(&source, &schema).unwrap();
    let mut row = 0;
    while chunks.advance().unwrap() {
        let InputRows::Text(records) = chunks.rows() else {
            panic!("the file is a text");
        };
        let Values::Numbers(numbers) = &chunks.table().columns()[0].values else {
            panic!("the column is numeric");
        };
        assert_eq!(records.len(), numbers.len());
        for (record, number) in records.iter().zip(numbers) {
            assert_eq!(&record[0], format!("r{row}").as_bytes());
            assert_eq!(*number, f64::from(row));
            row += 1;
        }
    }
    assert_eq!(row, 20_000);
    let whole = read_table(&source, &schema).unwrap();
    assert_eq!(whole.num_rows(), 20_000);
}

#[test]
fn a_text_that_may_mean_a_missing_value_is_given_with_the_error() {
    let csv = "a,y\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n7,7\n8,8\n9,9\n9,x\n";
    let error = read(csv, &options()).unwrap_err();
    let Error::BadTarget { non_numeric, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(non_numeric.as_deref(), Some("x"));
}

#[test]
fn columns_are_read_as_all_their_cells_allow() {
    let rows = (0..250).map(|row| {
        format!(
            "{row};{},5;{:02}/{:02}/2024\n",
            row % 125,
            row % 28 + 1,
            row % 12 + 1
        )
    });
    let csv = format!("a;y;when\n{}", rows.collect::<String>());
    let dataset = read(&csv, &options()).unwrap();
    assert!(
        matches!(dataset.table.target(), Some(Target::Numbers { values, .. }) if values[3] == 3.5)
    );
    let formats: Vec<String> = dataset
        .columns
        .iter()
        .map(|report| report.format.to_string())
        .collect();
    assert_eq!(formats, ["", "decimal comma", "day first"]);
    // A saved model reads other tables in the same way.
    assert_eq!(dataset.dialect.columns.len(), 2);
}

#[test]
fn a_column_that_can_be_read_in_two_ways_is_read_as_another_column_or_the_dialect_says() {
    let csv = |other: &str| {
        let rows = (0..30).map(|row| format!("{},{:03};{other};{row}\n", row % 7 + 1, row * 11));
        format!("a;b;y\n{}", rows.collect::<String>())
    };
    let first = |csv: &str, options: &ReadOptions| {
        let dataset = read(csv, options).unwrap();
        let Values::Numbers(numbers) = &dataset.table.column("a").unwrap().values else {
            panic!("the column is numeric");
        };
        numbers[1]
    };
    assert_eq!(first(&csv("2,5"), &options()), 2.011);
    assert_eq!(first(&csv("2,500.5"), &options()), 2011.0);
    let mut points = options();
    points.dialect.decimal = Some('.');
    assert_eq!(first(&csv("x"), &points), 2011.0);
    assert_eq!(
        message(csv("x"), &options()),
        "`a` of `x.csv` can be read in two ways: `1,000` is 1 or 1000"
    );
}

#[test]
fn a_few_odd_cells_count_as_missing_and_are_reported_with_file_and_line() {
    let rows = (0..200).map(|row| {
        let cell = if row % 90 == 50 { "k.A." } else { "12.5" };
        format!("{cell},{row}\n")
    });
    let csv = format!("a,y\n{}1,7\n", rows.collect::<String>());
    let dataset = read(&csv, &options()).unwrap();
    let odd = dataset.columns[0].odd.as_ref().unwrap();
    assert_eq!(
        (odd.count, odd.line, odd.texts.as_slice()),
        (2, 52, &["k.A.".to_owned()][..])
    );
    assert_eq!(dataset.table.column("a").unwrap().values.num_missing(), 2);
    // At prediction the same text is missing, and another one an error.
    let schema = crate::Schema {
        columns: vec![crate::SchemaColumn {
            name: "a".into(),
            kind: ColumnKind::Numeric,
        }],
        dialect: dataset.dialect,
    };
    let table = |csv: &'static str| read_table(&Source::from_bytes("new.csv", csv), &schema);
    assert!(
        table("a\n1\nk.A.\n").unwrap().columns()[0]
            .values
            .is_missing(1)
    );
    assert!(table("a\n1\noops\n").is_err());
}

#[test]
fn weights_out_of_range_are_rejected() {
    let options = ReadOptions {
        weight: Some("w".into()),
        ..options()
    };
    assert_eq!(
        message("a,w,y\n1,1,u\n2,-1,v\n3,1,u\n", &options),
        "row 2 of `x.csv` has `-1` as `w`, but weights are 0 or more"
    );
    // The first row is left out, since it has no target.
    assert_eq!(
        message("a,w,y\n1,1,\n2,1,v\n3,,u\n4,1,v\n5,1,u\n", &options),
        "row 3 of `x.csv` has nothing as `w`, but weights are 0 or more"
    );
    assert_eq!(
        message("a,w,y\n1,1,u\n2,k,v\n3,1,u\n", &options),
        "the table is not valid: the weights in `w` are not numbers"
    );
}

/// A number `a` and a category `b`, read with a dialect other than the default one.
fn schema_with_dialect() -> Schema {
    let column = |name: &str, kind| SchemaColumn {
        name: name.into(),
        kind,
    };
    Schema {
        columns: vec![
            column("a", ColumnKind::Numeric),
            column("b", ColumnKind::Categorical),
        ],
        dialect: Dialect {
            delimiter: Some(b';'),
            header: Some(true),
            missing: vec!["-999".into(), "none".into()],
            ..Dialect::default()
        },
    }
}

fn missing_values(table: &Table) -> [Vec<bool>; 2] {
    ["a", "b"].map(|name| {
        let values = &table.column(name).unwrap().values;
        (0..values.len())
            .map(|row| values.is_missing(row))
            .collect()
    })
}

#[test]
fn tables_are_read_in_the_dialect_of_the_schema() {
    // With the default dialect the delimiter would be inferred to be the comma.
    let source = Source::from_bytes("x.csv", "a;b;c\n1;u,1;2,3\n-999;none;4,5\n");
    let table = read_table(&source, &schema_with_dialect()).unwrap();
    assert_eq!(
        missing_values(&table),
        [vec![false, true], vec![false, true]]
    );
}

#[test]
fn batches_and_records_are_read_in_the_dialect_of_the_schema() {
    let schema = schema_with_dialect();
    let batch = RecordBatch::try_from_iter([
        (
            "a",
            Arc::new(StringArray::from(vec!["1", "-999"])) as ArrayRef,
        ),
        ("b", Arc::new(StringArray::from(vec!["u", "none"]))),
    ])
    .unwrap();
    let records = [
        serde_json::json!({"a": 1, "b": "u"}),
        serde_json::json!({"a": -999, "b": "none"}),
    ];
    for table in [
        Table::from_batch(&batch, &schema).unwrap(),
        Table::from_records(&records, &schema).unwrap(),
    ] {
        assert_eq!(
            missing_values(&table),
            [vec![false, true], vec![false, true]]
        );
    }
}

#[test]
fn a_data_set_keeps_the_dialect_that_it_was_read_with() {
    let options = ReadOptions {
        dialect: schema_with_dialect().dialect,
        ..options()
    };
    let dataset = read("a;y\n1;u\n-999;v\n3;u\n", &options).unwrap();
    assert_eq!(dataset.dialect, options.dialect);
    assert_eq!(dataset.table.column("a").unwrap().values.num_missing(), 1);
}

#[test]
fn a_text_among_the_numbers_of_a_regression_is_given_with_the_error() {
    let options = ReadOptions {
        task: Some(Task::Regression),
        ..options()
    };
    let non_numeric = |csv: &str| {
        let Err(Error::BadTarget { non_numeric, .. }) = read(csv, &options) else {
            panic!("the target is text");
        };
        non_numeric
    };
    assert_eq!(non_numeric("a,y\n1,2\n2,soon\n").as_deref(), Some("soon"));
    assert_eq!(non_numeric("a,y\n1,u\n2,v\n"), None);
}

#[test]
fn names_of_rows_as_r_writes_them_are_a_column() {
    let rows = |delimiter: &str, quote: &str, name: &dyn Fn(usize) -> String| {
        (0..20).fold(String::new(), |text, row| {
            let y = ["a", "b"][row % 2];
            let cells = [
                format!("{quote}{}{quote}", name(row)),
                format!("{row}.5"),
                format!("0.{}", 20 - row),
                format!("{quote}{y}{quote}"),
            ];
            text + &cells.join(delimiter) + "\n"
        })
    };
    let number = |row: usize| (row + 1).to_string();
    let word = |row: usize| format!("Mazda RX{row}");
    for (header, delimiter, quote, name) in [
        (
            "\"x\",\"z\",\"y\"",
            ",",
            "\"",
            &number as &dyn Fn(usize) -> String,
        ),
        ("x,z,y", ",", "", &number),
        ("x\tz\ty", "\t", "", &word),
        ("x;z;y", ";", "", &word),
        ("\"x\" \"z\" \"y\"", " ", "\"", &word),
    ] {
        let text = format!("{header}\n{}", rows(delimiter, quote, name));
        for told in [None, Some(true)] {
            let mut options = options();
            options.dialect.header = told;
            for target in [vec!["y".to_owned()], Vec::new()] {
                options.target.clone_from(&target);
                let dataset = read(&text, &options).unwrap();
                let names: Vec<_> = dataset.columns.iter().map(|report| &report.name).collect();
                assert_eq!(names, ["row_names", "x", "z", "y"], "{text}");
                assert_eq!(dataset.table.num_rows(), 20);
                assert_eq!(dataset.table.feature_names()[..2], ["x", "z"]);
            }
        }
    }
}

#[test]
fn a_column_that_only_a_later_file_has_is_an_error_unless_it_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("a.csv", "x,y\n1,u\n2,v\n"),
        ("b.csv", "x,z,y\n3,7,u\n1,8,v\n"),
    ] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let source = Source::new(&folder.path().display().to_string()).unwrap();
    let error = read_dataset(&source, &options()).unwrap_err();
    let Error::AddedColumn {
        path,
        column,
        first,
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(column, "z");
    assert!(path.ends_with("b.csv") && first.ends_with("a.csv"));

    let mut options = options();
    options.kinds.insert("z".into(), ColumnKind::Drop);
    assert_eq!(read_dataset(&source, &options).unwrap().table.num_rows(), 4);
    options.kinds.insert("w".into(), ColumnKind::Drop);
    let error = read_dataset(&source, &options).unwrap_err();
    assert!(matches!(error, Error::MissingColumn { .. }), "{error}");
}

#[test]
fn points_that_only_numbers_from_a_thousand_on_have_are_asked_about() {
    let csv = |delimiter: char, other: &str| {
        (0..60).fold(format!("v{delimiter}x{delimiter}y\n"), |text, row| {
            let v = if row % 2 == 0 {
                format!("{}", 40 + row)
            } else {
                format!("1.{}", 200 + row)
            };
            let y = ["a", "b"][row / 2 % 2];
            text + &format!("{v}{delimiter}{other}{}{delimiter}{y}\n", row % 7)
        })
    };
    assert_eq!(
        message(csv(';', ""), &options()),
        "`v` of `x.csv` can be read in two ways: `1.201` is 1.201 or 1201"
    );
    let mut points = options();
    points.dialect.decimal = Some('.');
    assert!(
        read(csv(';', ""), &points).unwrap().columns[0]
            .doubt
            .is_none()
    );
    // Where points are before decimals elsewhere, and in files with commas, it is less likely.
    for csv in [csv(';', "0."), csv(',', "")] {
        let dataset = read(csv, &options()).unwrap();
        assert!(dataset.columns[0].doubt.as_ref().unwrap().seems_grouped);
    }
}
