use super::*;

fn layout(text: &str, dialect: &Dialect, names: &[&str]) -> Layout {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let names: Vec<&String> = names.iter().collect();
    let sample = Sample {
        text: text.as_bytes(),
        is_whole: true,
    };
    sniff(sample, dialect, &names).unwrap()
}

fn sniffed(text: &str) -> Layout {
    layout(text, &Dialect::default(), &[])
}

/// The first row and the rows below it.
fn table(text: &str, layout: &Layout) -> Vec<Vec<String>> {
    let text = &text[layout.start..];
    let rows = Scanner::within(text.as_bytes(), layout.format);
    rows.map(|row| {
        let cells = row.cells.into_iter();
        cells
            .map(|cell| text[cell.range].trim().to_owned())
            .collect()
    })
    .collect()
}

#[test]
fn the_delimiter_is_the_one_that_gives_values_of_one_kind() {
    for (text, delimiter, first) in [
        (
            "Temperatur, °C;Druck, hPa;Klasse\n12,1;986,2;kalt\n16,9;989,3;kalt\n7,0;1004,1;warm\n",
            b';',
            &["Temperatur, °C", "Druck, hPa", "Klasse"][..],
        ),
        ("a;b\n1,5;2\n3;4,5\n", b';', &["a", "b"]),
        ("1,5;2,5\n3,1;4,2\n", b';', &["1,5", "2,5"]),
        ("a|b\n\"x,y,z\"|2\n", b'|', &["a", "b"]),
        ("a|b\nx,y,z|2\nv,w,z|3\n", b'|', &["a", "b"]),
        ("a\tb c\td\n1, 2\tx y\t3\n", b'\t', &["a", "b c", "d"]),
        ("id,tags\n1,red;green\n2,red;blue\n", b',', &["id", "tags"]),
        (
            "first name,last name\nAnn Lee,Bob Ray\nEd Fox,Al Poe\n",
            b',',
            &["first name", "last name"],
        ),
        (
            "a b c d,e f g\nx y z v,x y z\nx y z w,x y v\n",
            b',',
            &["a b c d", "e f g"],
        ),
        (
            "time,x\n2024-01-01 12:00:00,1\n2024-01-02 12:00:00,2\n",
            b',',
            &["time", "x"],
        ),
    ] {
        let layout = sniffed(text);
        assert_eq!(
            char::from(layout.format.delimiter),
            char::from(delimiter),
            "{text}"
        );
        assert_eq!(table(text, &layout)[0], first, "{text}");
    }
}

#[test]
fn text_in_one_column_is_not_divided() {
    for text in [
        "a\n1\n2\n",
        "preis\n12,5\n13,25\n8,0\n",
        "comment\nHello, world\nnothing\nyes, no, well\n",
        "my comment\nvery good\nbad taste\nno idea\n",
        "when\n2024-01-01 12:00\n2024-01-02 13:00\n",
        "\"a, b\"\n\"c, d\"\n",
    ] {
        let layout = sniffed(text);
        assert!(
            table(text, &layout).iter().all(|row| row.len() == 1),
            "{text}"
        );
        assert_eq!(layout.dialect.delimiter, None, "{text}");
    }
}

#[test]
fn a_table_with_cells_too_many_or_too_few_is_still_divided() {
    for text in [
        "a,b\n1,2,\n3,4,\n5,6,\n7,8,\n".to_owned(),
        "name,colour\n".to_owned() + &"Ann,red,5\n".repeat(30),
        "a;b;c\n".to_owned() + &"1,5;2\n".repeat(30),
    ] {
        let layout = sniffed(&text);
        assert!(b",;".contains(&layout.format.delimiter), "{text}");
        assert_eq!(layout.line, 0, "{text}");
        assert!(table(&text, &layout)[0].len() > 1, "{text}");
    }
}

#[test]
fn blanks_divide_aligned_columns() {
    for text in [
        "x y z\n1 2 3\n4 5 6\n",
        "  name   size  kind\n  Ann    1.5   red\n  Bob   10.5   blue\n",
        "x\t y\n1  2\n 3\t4\n",
        "x y\n1,5 2,5\n3,5 4,5\n",
        "# made by hand\nname size\n\"New York\" 5\nRome 4\n",
    ] {
        let layout = sniffed(text);
        assert_eq!(layout.format.delimiter, b' ', "{text}");
        assert!(layout.has_header, "{text}");
    }
}

#[test]
fn quotes_and_escapes_are_inferred() {
    let text =
        "size,note,y\n2.9,\"she said \\\"fine\\\", then left\",b\n1.3,\"plain\",b\n5.8,plain,a\n";
    let layout = sniffed(text);
    assert_eq!(layout.format.escape, Some(b'\\'));
    assert_eq!(layout.dialect.escape, Some(b'\\'));
    assert_eq!(layout.dialect.quote, Some(Quote::Character(b'"')));
    assert_eq!(table(text, &layout)[1][2], "b");

    // Paths end with a backslash.
    let text = "path,y\n\"C:\\dir\\\",1\n\"C:\\\",2\n";
    assert_eq!(sniffed(text).format.escape, None);

    let text = "a,b\n'x, y',1\n'it''s',2\n";
    let layout = sniffed(text);
    assert_eq!(layout.format.quote, Some(b'\''));
    assert_eq!(table(text, &layout)[1], ["x, y", "1"]);

    for text in ["a,b\n'tis,1\n5' pipe,2\n", "a,b\n5\" pipe,1\nit's,2\n"] {
        let layout = sniffed(text);
        assert_eq!(layout.format.quote, Some(b'"'), "{text}");
        assert_eq!(layout.dialect.quote, None, "{text}");
    }

    let text = "a, b\n1, \"x, y\"\n2, \"z\"\n";
    let layout = sniffed(text);
    assert!(layout.format.blanks_before_quotes);
    assert_eq!(table(text, &layout)[1], ["1", "x, y"]);
}

#[test]
fn a_line_that_names_the_separator_is_obeyed() {
    for text in [
        "sep=;\nx;y\n5,61;a\n6,68;a\n",
        "\"sep=;\"\r\nx;y\r\n5,61;a\r\n",
        "SEP=;;\nx;y\n5,61;a\n",
    ] {
        let layout = sniffed(text);
        assert_eq!(layout.format.delimiter, b';', "{text}");
        assert_eq!(
            (layout.line, table(text, &layout)[0].as_slice()),
            (1, &["x".to_owned(), "y".to_owned()][..])
        );
    }
    assert_eq!(sniffed("sep=^\nx^y\n1^2\n").format.delimiter, b'^');
    assert_eq!(sniffed("sep=x,y\n1,2\n").line, 0);
}

#[test]
fn comments_and_notes_precede_the_table() {
    for (text, line) in [
        (
            "# station 17, roof\n# unit: degrees C\nday,temp,feel\n2024-05-01,22.1,warm\n",
            2,
        ),
        ("// it's \"x\n\nday,temp\n1,2\n", 2),
        (
            "Report of May\n\nday,temp,feel\n1,22.1,warm\n2,17.9,cold\n",
            2,
        ),
        (
            "Report,2024\nday,temp,feel\n1,22.1,warm\n2,17.9,cold\n3,1,cold\n4,1,cold\n",
            1,
        ),
        ("Report,,\n,,\nday,temp,feel\n1,22.1,warm\n2,17.9,cold\n", 2),
        ("Report\nname,colour\nAnn,red\nBob,blue\nEve,red\n", 1),
        ("#,name,hp\n1,Bulbasaur,45\n2,Ivysaur,60\n", 0),
        ("# x y z\n1 2 3\n4 5 6\n", 0),
        ("# made by numpy\n# x,y\n1,2\n4,5\n", 1),
        ("#1,red\n#2,blue\n", 0),
    ] {
        assert_eq!(sniffed(text).line, line, "{text}");
    }
    // A row that is too long or too short is not a note.
    for text in ["a,b\n1\n2\n3\n", "a,b,c\n1,2\n3,4\n", "1\n2,3\n4,5\n"] {
        assert_eq!(sniffed(text).line, 0, "{text}");
    }
    let told = Dialect {
        skip_lines: Some(2),
        ..Dialect::default()
    };
    let layout = layout("x\ny,z\n1,2\n3,4\n", &told, &[]);
    assert_eq!((layout.line, layout.start), (2, 6));
}

#[test]
fn the_row_with_the_names_is_the_header() {
    let layout = |text: &str, names: &[&str]| layout(text, &Dialect::default(), names);
    let text = "y\nx,1,y\n1,2,3\n4,5,6\n";
    let found = layout(text, &["y", "x"]);
    assert_eq!((found.line, found.has_header), (1, true));

    // Numbers may be names.
    let text = "0,1,label\n2.2,2.8,high\n2.5,2.9,low\n";
    assert!(layout(text, &["label"]).has_header);
    assert!(layout("0,1\n2.2,2.8\n2.5,2.9\n", &["0", "1"]).has_header);

    // Columns without a name have a number.
    let found = layout("note\n,x\n0,a\n1,b\n", &["column_1", "x"]);
    assert_eq!((found.line, found.has_header), (1, true));

    // The names are found behind the mark of a comment.
    let found = layout("#id,y\nu,v\nw,x\n", &["id"]);
    assert_eq!(found.start, 1);
    let found = layout("#id,y\nu,v\nw,x\n", &["#id"]);
    assert_eq!(found.start, 0);
}

#[test]
fn a_dialect_that_leads_to_no_names_is_given_up_for_one_that_does() {
    let dialect = Dialect {
        delimiter: Some(b';'),
        header: Some(true),
        skip_lines: Some(1),
        ..Dialect::default()
    };
    let found = layout("x,y\n1,2\n3,4\n", &dialect, &["x", "y"]);
    assert_eq!((found.format.delimiter, found.line), (b',', 0));
    // Without the names it is obeyed.
    let obeyed = layout("x,y\n1,2\n3,4\n", &dialect, &["z"]);
    assert_eq!((obeyed.format.delimiter, obeyed.line), (b';', 1));
}

#[test]
fn a_row_like_those_below_is_not_a_header() {
    for (text, has_header) in [
        ("5.1,setosa\n4.9,setosa\n", false),
        ("2024-01-01,u\n2024-01-02,v\n", false),
        ("12,5;u\n13,5;v\n", false),
        ("NA,x\n1,x\n2,x\n", false),
        ("red\nblue\nred\n", false),
        ("a,b\nx,y\n", true),
        ("size,2010\n1,1\n", true),
        ("a;b\n12,5;u\n13,5;v\n", true),
        // Numbered columns, and years.
        ("0,1,2\n2.26,2.80,4.62\n2.54,2.94,0.92\n", true),
        (",0,1,2\n0,2.26,2.80,4.62\n1,2.54,2.94,0.92\n", true),
        ("land,2010,2011,2012\nx,1,2,4\ny,5,6,8\n", true),
        ("1,2,3\n2,3,4\n", false),
    ] {
        assert_eq!(sniffed(text).has_header, has_header, "{text}");
    }
    let years = "land,2010,2020\n".to_owned() + &"x,1.5,2\ny,3,4\n".repeat(4);
    assert!(sniffed(&years).has_header);
    let rare = "fraud,39,13\n".to_owned() + &"ok,1,2\n".repeat(8);
    assert!(!sniffed(&rare).has_header);
}
