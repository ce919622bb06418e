//! Workbooks as people and programs make them.

use mlp_datasets::{Dataset, Dialect, Error, ReadOptions, Source, Task, Values, read_dataset};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

fn options() -> ReadOptions {
    ReadOptions {
        target: vec!["y".into()],
        task: Some(Task::Regression),
        ..ReadOptions::default()
    }
}

/// Fills a sheet from a row on: numbers are numbers, other cells are text, empty ones are left out.
fn fill(sheet: &mut Worksheet, first_row: u32, rows: &[&str]) {
    for (row, cells) in (first_row..).zip(rows) {
        for (column, cell) in (0..).zip(cells.split('|')) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number).unwrap(),
                Err(_) if cell.is_empty() => continue,
                Err(_) => sheet.write(row, column, cell).unwrap(),
            };
        }
    }
}

fn source(sheets: &[(&str, &[&str])]) -> Source {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        fill(sheet, 0, rows);
    }
    Source::from_bytes("x.xlsx", workbook.save_to_buffer().unwrap())
}

fn names(dataset: &Dataset) -> Vec<&str> {
    let columns = dataset.columns.iter();
    columns.map(|column| column.name.as_str()).collect()
}

const TABLE: [&str; 5] = ["a|b|y", "1.5|x|2", "3|z|4.5", "2|x|1", "1|z|3"];

#[test]
fn titles_and_empty_rows_above_a_table_are_no_header() {
    let rows = [&["Sales of 2024", "", "from the shop", ""], &TABLE[..]].concat();
    // Also where no name tells which row is the header.
    for target in [vec!["y".to_owned()], Vec::new()] {
        let options = ReadOptions {
            target,
            ..options()
        };
        let dataset = read_dataset(&source(&[("s", &rows)]), &options).unwrap();
        assert_eq!(names(&dataset), ["a", "b", "y"]);
        assert_eq!(dataset.table.num_rows(), 4);
    }
}

#[test]
fn rows_of_a_sheet_are_skipped_as_asked() {
    let rows = [&["a|b|y", "0.5|old|9"], &TABLE[..]].concat();
    let options = ReadOptions {
        dialect: Dialect {
            skip_lines: Some(2),
            ..Dialect::default()
        },
        ..options()
    };
    let dataset = read_dataset(&source(&[("s", &rows)]), &options).unwrap();
    assert_eq!(dataset.table.num_rows(), 4);
}

#[test]
fn rows_are_numbered_as_in_the_sheet() {
    let mut options = options();
    let kind = mlp_datasets::ColumnKind::Numeric;
    options.kinds.insert("a".into(), kind);
    let rows = ["Title", "", "a|y", "1|2", "", "2|3", "oops|4"];
    let error = read_dataset(&source(&[("s", &rows)]), &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 7 of `x.xlsx` has `oops` as `a`, where a number was expected"
    );
}

#[test]
fn a_sheet_with_a_table_precedes_notes_and_one_with_the_wanted_columns_both() {
    let notes: &[&str] = &["Read me", "Made by hand"];
    let other: &[&str] = &["p|q", "1|2", "2|3"];
    let sheets = [("Read me", notes), ("other", other), ("data", &TABLE[..])];
    let dataset = read_dataset(&source(&sheets), &options()).unwrap();
    assert_eq!(names(&dataset), ["a", "b", "y"]);
    assert_eq!(
        dataset.notes,
        [
            "`x.xlsx` has 3 sheets with data, of which `data` is read; the others are `Read me`, `other`"
        ]
    );
    let clustering = ReadOptions::default();
    let dataset = read_dataset(&source(&sheets), &clustering).unwrap();
    assert_eq!(names(&dataset), ["p", "q"]);
}

#[test]
fn a_missing_column_may_be_in_another_sheet() {
    let sheets: [(&str, &[&str]); 2] = [("one", &["a|b", "1|2", "2|3"]), ("two", &TABLE)];
    let error = read_dataset(&source(&sheets).with_sheet("one"), &options()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`x.xlsx` has no column `y`; its columns are `a`, `b` in the sheet `one`; other sheets are `two`"
    );
}

#[test]
fn a_sheet_with_whole_rows_in_one_column_is_named() {
    let error = read_dataset(&source(&[("s", &["a;b;y", "1;2;3", "2;3;4"])]), &options());
    let error = error.unwrap_err();
    assert!(matches!(
        error,
        Error::UndividedSheet { delimiter: ';', .. }
    ));
    assert_eq!(
        error.to_string(),
        "the sheet `s` of `x.xlsx` has whole rows in one column, divided by `;`"
    );
}

#[test]
fn numbers_and_dates_that_were_typed_as_text_are_read_like_the_others() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(sheet, 0, &["a|day|y", "1.5||2", "14,36||4.5", "2||1"]);
    let format = Format::new().set_num_format("yyyy-mm-dd");
    for row in [1, 3] {
        let date = ExcelDateTime::from_ymd(2024, 5, 17).unwrap();
        sheet.write_with_format(row, 1, &date, &format).unwrap();
    }
    sheet.write(2, 1, "18.05.2024").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let dataset = read_dataset(&Source::from_bytes("x.xlsx", bytes), &options()).unwrap();
    let values = |name: &str| dataset.table.column(name).unwrap().values.clone();
    assert_eq!(values("a"), Values::Numbers(vec![1.5, 14.36, 2.0]));
    let Values::Dates(dates) = values("day") else {
        panic!("days are dates");
    };
    assert_eq!(dates.len(), 3);
}
