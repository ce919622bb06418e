use super::*;

fn open(content: &str) -> Result<TextReader, Error> {
    open_named(content, &[])
}

fn open_named(content: &str, names: &[&str]) -> Result<TextReader, Error> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let names: Vec<&String> = names.iter().collect();
    let input = Box::new(Cursor::new(content.as_bytes().to_vec()));
    TextReader::new(
        Path::new("x"),
        input,
        &Dialect::default(),
        &names,
        &Notes::default(),
    )
}

#[test]
fn the_delimiter_is_inferred_from_the_first_rows() {
    for content in [
        "a,b\n1,2\n",
        "a;b\n1,5;2\n3;4,5\n",
        "a\tb\n1\t2\n",
        "a|b\n\"x,y,z\"|2\n",
    ] {
        assert_eq!(open(content).unwrap().header(), ["a", "b"], "{content}");
    }
    assert_eq!(open("a\n1\n").unwrap().header(), ["a"]);
}

#[test]
fn a_first_row_of_numbers_above_numbers_is_not_a_header() {
    let mut reader = open("5.1,setosa\n4.9,setosa\n").unwrap();
    assert_eq!(reader.header(), ["column_1", "column_2"]);
    assert!(reader.advance().unwrap());
    assert_eq!(reader.cell(0), b"5.1");

    // A year names a column if other columns have names.
    assert_eq!(
        open("land,2010\nx,1\n").unwrap().header(),
        ["column_1", "column_2"]
    );
    assert_eq!(open("size,2010\n1,1\n").unwrap().header(), ["size", "2010"]);
    assert_eq!(open("a,b\nx,y\n").unwrap().header(), ["a", "b"]);
}

#[test]
fn blank_lines_and_all_line_endings_are_counted() {
    for (content, lines) in [
        ("a,b\n1,2\n3,4\n", [2, 3]),
        ("a,b\r\n1,2\r\n3,4\r\n", [2, 3]),
        ("a,b\r\n1,2\r\n3,4", [2, 3]),
        ("a,b\n\n1,2\n\n\n3,4", [3, 6]),
        ("\u{feff}a,b\r\n\r\n1,2\r\n\r\n3,4\r\n", [3, 5]),
        ("a,b\r\n\"x\r\ny\",2\r\n3,4\r\n", [2, 4]),
        ("1,2\r\n3,4\r\n", [1, 2]),
        ("1,2\n3,4\n", [1, 2]),
        ("1,\"x\ny\"\n3,x\n", [1, 3]),
    ] {
        let mut reader = open(content).unwrap();
        for line in lines {
            assert!(reader.advance().unwrap());
            assert_eq!(reader.line(), line, "{content:?}");
        }
    }
    // The line of a row that is too short is right as well.
    let mut reader = open("a,b\r\n1,2\r\n3\r\n").unwrap();
    reader.advance().unwrap();
    assert!(matches!(
        reader.advance(),
        Err(Error::RaggedRow { line: 3, .. })
    ));
}

#[test]
fn lines_within_cells_are_counted() {
    let mut reader = open("a,b\n\"x\ny\",1\n2, 3 \n").unwrap();
    assert!(reader.advance().unwrap());
    assert_eq!(reader.line(), 2);
    assert!(reader.advance().unwrap());
    assert_eq!((reader.line(), reader.cell(1)), (4, &b"3"[..]));
    assert!(!reader.advance().unwrap());
}

#[test]
fn lines_are_counted_from_the_beginning_of_the_file() {
    for (content, lines) in [
        ("a,b\r1,2\r3,4\r", [2, 3]),
        ("a,b\r\r1,\"x\ry\"\r3,4", [3, 5]),
        ("# note\n\n# note\na,b\n1,2\n3,4\n", [5, 6]),
        ("sep=;\r\na;b\r\n1;2\r\n3;4\r\n", [3, 4]),
        ("a  b\n\n1  2\n \n3  4\n", [3, 5]),
        ("a,b\n1, \"x\ny\"\n3,4\n", [2, 4]),
        ("a,b\r\n1,\"x\ny\"\n3,4\r\n", [2, 4]),
    ] {
        let mut reader = open(content).unwrap();
        for line in lines {
            assert!(reader.advance().unwrap());
            assert_eq!(reader.line(), line, "{content:?}");
        }
        assert!(!reader.advance().unwrap());
    }
}

#[test]
fn a_quote_that_is_not_closed_is_an_error_with_its_line_and_column() {
    let many = "1,x\n".repeat(30_000);
    for (content, line, column) in [
        ("a,b\n1,x\n2,\"y\n3,z\n4,z\n".to_owned(), 3, "b"),
        ("a,b\n1,x\n\"2,y\n3,z\n".to_owned(), 3, "a"),
        ("a,b\n1,x\n2,\"y".to_owned(), 3, "b"),
        // The next quote opens a cell, and does not close this one.
        ("a,b\n1,\"x\n2,\"y\"\n3,\"z\"\n".to_owned(), 2, "b"),
        ("a,b,c\n1,\"x,u\n2,\"y\",v\n3,\"z\",w\n".to_owned(), 2, "b"),
        ("\"a,b\n1,x\n2,y\n".to_owned(), 1, "column_1"),
        (format!("a,b\n{many}2,\"y\n{many}"), 30_002, "b"),
        (format!("a,b\n{many}{many}2,\"y"), 60_002, "b"),
        (
            "a  b\n\n".to_owned() + &"1  z\n".repeat(20) + "1  \"x\n2  y\n",
            23,
            "b",
        ),
    ] {
        let read = |content: &str| {
            let mut reader = open(content)?;
            while reader.advance()? {}
            Ok(())
        };
        let message = match read(&content) {
            Err(Error::OpenQuote {
                line: found,
                column: name,
                ..
            }) => {
                assert_eq!((found, name.as_str()), (line, column), "{content:.60}");
                continue;
            }
            Err(error) => error.to_string(),
            Ok(()) => "no error".to_owned(),
        };
        panic!("{message}: {content:.60}");
    }
}

#[test]
fn quotes_within_a_cell_are_data() {
    let text = "a,b\n5\" pipe,it's\n\"6\"\" pipe\",\"x\n\"\n\"\",\"\"\"\"\n";
    let mut reader = open(text).unwrap();
    for (a, b) in [("5\" pipe", "it's"), ("6\" pipe", "x"), ("", "\"")] {
        assert!(reader.advance().unwrap());
        assert_eq!(
            (reader.cell(0), reader.cell(1)),
            (a.as_bytes(), b.as_bytes())
        );
    }
    assert!(!reader.advance().unwrap());
}

#[test]
fn quotes_and_blanks_are_read_as_they_were_inferred() {
    for (content, cells) in [
        ("a,b\n1,\"x \\\"y\\\", z\"\n", ["1", "x \"y\", z"]),
        ("a, b\n1, \"x, y\"\n", ["1", "x, y"]),
        ("a,b\n1,'x, y'\n", ["1", "x, y"]),
        ("  a   b\n  1   \"x  y\"  \n", ["1", "x  y"]),
        ("# a, b\n1,2\n", ["1", "2"]),
    ] {
        let mut reader = open(content).unwrap();
        assert_eq!(reader.header(), ["a", "b"], "{content}");
        assert!(reader.advance().unwrap());
        assert_eq!(
            [reader.cell(0), reader.cell(1)],
            cells.map(str::as_bytes),
            "{content}"
        );
    }
}

#[test]
fn a_header_longer_than_the_sample_is_read() {
    let names: Vec<String> = (0..20_000).map(|i| format!("column number {i}")).collect();
    let row = vec!["1,5"; 20_000].join(";");
    let content = format!("note\n{}\n{row}\n{row}\n", names.join(";"));
    let mut reader = open(&content).unwrap();
    assert_eq!(reader.header(), names);
    assert!(reader.advance().unwrap());
    assert_eq!((reader.cell(7), reader.line()), (&b"1,5"[..], 3));
}

#[test]
fn a_file_may_have_other_lines_above_the_header_than_another() {
    let first = open("# station 17\nsize,kind\n1,a\n2,b\n").unwrap();
    let input = Box::new(Cursor::new(b"kind,size\na,1\n".to_vec()));
    let (size, kind) = ("size".to_owned(), "kind".to_owned());
    let names = [&size, &kind];
    let second = TextReader::new(
        Path::new("y"),
        input,
        first.dialect(),
        &names,
        &Notes::default(),
    )
    .unwrap();
    assert_eq!(second.header(), ["kind", "size"]);
    assert_eq!(first.header(), ["size", "kind"]);
}

#[test]
fn names_of_numbers_are_found_with_and_without_the_target() {
    let first = open_named("0,1,2,y\n1.5,2.5,3.5,9\n1,2,3,4\n", &["y"]).unwrap();
    assert_eq!(first.dialect().header, Some(true));
    let input = Box::new(Cursor::new(b"0,1,2\n1.5,2.5,3.5\n".to_vec()));
    let second = TextReader::new(
        Path::new("y"),
        input,
        first.dialect(),
        &[],
        &Notes::default(),
    )
    .unwrap();
    assert_eq!(second.header(), ["0", "1", "2"]);
}

/// The header, and the rows with their lines.
fn rows(content: &str) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
    let mut reader = open(content).unwrap();
    let header = reader.header().to_vec();
    let mut rows = Vec::new();
    while reader.advance().unwrap() {
        let cells =
            (0..header.len()).map(|index| String::from_utf8(reader.cell(index).to_vec()).unwrap());
        rows.push((reader.line(), cells.collect()));
    }
    (header, rows)
}

#[test]
fn rows_may_have_a_cell_more_or_less_than_the_header() {
    for (content, header, first) in [
        // As R writes tables.
        (
            "x,y\n\"1\",5,a\n\"2\",6,b\n",
            &["row_names", "x", "y"][..],
            &["1", "5", "a"][..],
        ),
        (
            "x\ty\nann\t5\ta\nbob\t6\tb\n",
            &["row_names", "x", "y"],
            &["ann", "5", "a"],
        ),
        ("x,y\n5,a,\n6,b,\n", &["x", "y"], &["5", "a"]),
        ("x,y,\n5,a\n6,b\n", &["x", "y"], &["5", "a"]),
    ] {
        let (found, rows) = rows(content);
        assert_eq!(found, header, "{content}");
        assert_eq!(rows.len(), 2, "{content}");
        assert_eq!(
            rows[0],
            (2, first.iter().map(ToString::to_string).collect()),
            "{content}"
        );
    }
    // Behind the rows from which the layout is inferred.
    let even = "ann,5,a\n".repeat(300);
    let mut reader = open(&format!("x,y\n{even}bob,7\n")).unwrap();
    let error = loop {
        if let Err(error) = reader.advance() {
            break error.to_string();
        }
    };
    assert!(error.starts_with("line 302 of `x` has 2 cells"), "{error}");
}

#[test]
fn a_row_that_names_the_columns_again_is_left_out_with_a_note() {
    let notes = Notes::default();
    let input = Box::new(Cursor::new(b"a,b\n1,x\na,b\n2,y\n".to_vec()));
    let mut reader =
        TextReader::new(Path::new("x"), input, &Dialect::default(), &[], &notes).unwrap();
    let mut lines = Vec::new();
    while reader.advance().unwrap() {
        lines.push(reader.line());
    }
    assert_eq!(lines, [2, 4]);
    assert_eq!(
        notes.all(),
        ["line 3 of `x` repeats the header, and is left out"]
    );
}

#[test]
fn names_that_are_numbers_of_columns_are_not_repeated_by_each_row() {
    let (header, found) = rows("column_1,column_2\n1,x\n2,y\n");
    assert_eq!(header, ["column_1", "column_2"]);
    assert_eq!(found.len(), 2);
    // A column without a name has none in the repetition either.
    let mut reader = open_named(",b\n1,x\n,b\n2,y\n", &["b"]).unwrap();
    let mut lines = Vec::new();
    while reader.advance().unwrap() {
        lines.push(reader.line());
    }
    assert_eq!(lines, [2, 4]);
}

#[test]
fn a_quote_that_a_later_one_closes_by_chance_is_reported_where_it_opens() {
    let lines = "5,n1,u\n".repeat(20);
    let content = format!("a,b,c\n{lines}5,\"open,u\n{lines}7,x\",v\n{lines}");
    let mut reader = open(&content).unwrap();
    let error = loop {
        if let Err(error) = reader.advance() {
            break error.to_string();
        }
    };
    assert!(error.contains("in line 22 of"), "{error}");
    // Prose has commas, but not as many in each line.
    let (_, rows) = rows("a,b,c\n1,\"one, two\nthree, four, five\nsix\nseven, eight\",2\n");
    assert_eq!(rows.len(), 1);
}

#[test]
fn bytes_that_are_not_in_the_encoding_are_an_error() {
    let dialect = Dialect {
        encoding: Some("shift_jis".into()),
        ..Dialect::default()
    };
    let bytes = b"a,b\n1,x\n2,\xb5\xff\n".to_vec();
    let input = Box::new(Cursor::new(bytes));
    let mut reader =
        TextReader::new(Path::new("x"), input, &dialect, &[], &Notes::default()).unwrap();
    assert!(reader.advance().unwrap());
    let error = reader.advance().unwrap_err().to_string();
    assert_eq!(error, "line 3 of `x` is not in the encoding `shift_jis`");
}
