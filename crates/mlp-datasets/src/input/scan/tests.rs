use super::*;

fn format(delimiter: u8) -> Format {
    Format {
        delimiter,
        quote: Some(b'"'),
        escape: None,
        blanks_before_quotes: true,
    }
}

fn rows(text: &str, format: Format) -> Vec<Vec<&str>> {
    let rows = Scanner::new(text.as_bytes(), format);
    rows.map(|row| {
        let cells = row.cells.into_iter();
        cells.map(|cell| &text[cell.range]).collect()
    })
    .collect()
}

#[test]
fn rows_are_divided_into_cells() {
    assert_eq!(
        rows("a,b\r\n\r\n\"1,5\", \"x\ny\"\r,", format(b',')),
        [["a", "b"], ["1,5", "x\ny"], ["", ""]]
    );
    assert_eq!(
        rows("  a  b\n \n1 \t \"x y\"  \n2 3", format(b' ')),
        [["a", "b"], ["1", "x y"], ["2", "3"]]
    );
    assert_eq!(rows("5\" pipe,'a'\n", format(b',')), [["5\" pipe", "'a'"]]);
    let escaped = Format {
        escape: Some(b'\\'),
        ..format(b',')
    };
    assert_eq!(rows(r#""a\", b",c"#, escaped), [[r#"a\", b"#, "c"]]);
}

#[test]
fn odd_quotes_are_noticed() {
    let faults = |text: &str| -> Vec<(u64, Fault)> {
        Scanner::new(text.as_bytes(), format(b','))
            .flat_map(|row| row.cells)
            .filter_map(|cell| Some((cell.line, cell.fault?)))
            .collect()
    };
    assert_eq!(faults("a,\"b\"\"\" \n# \"\n"), []);
    assert_eq!(faults("a,b\n1,\"x\n2,y\n"), [(1, Fault::Open)]);
    assert_eq!(
        faults("a,\"x\"y\n1,\"x\n2,\"y\",3"),
        [
            (0, Fault::TextBehind { other_line: false }),
            (1, Fault::TextBehind { other_line: true })
        ]
    );
}

#[test]
fn only_the_first_lines_can_be_comments() {
    let text = "# it's \"\n// x\na\n#b\n";
    let comments = Scanner::new(text.as_bytes(), format(b',')).map(|row| row.is_comment);
    assert_eq!(comments.collect::<Vec<_>>(), [true, true, false, false]);
}
