//! Files as programs write them and people send them: delimiters, quotes, encodings, notes, empty parts.

mod program;

use std::fmt::Write;
use std::fs;

use insta::assert_snapshot;
use program::Program;

/// A number `a` by which the class `kind` is decided, in a line of text each.
fn lines(line: impl Fn(f64, &str) -> String) -> String {
    (0..60).fold(String::new(), |mut text, row| {
        let kind = if row % 2 == 0 { "low" } else { "high" };
        let a = f64::from(row % 2 * 5) + f64::from(row % 7) / 10.0;
        writeln!(text, "{}", line(a, kind)).unwrap();
        text
    })
}

fn write(program: &Program, name: &str, content: impl AsRef<[u8]>) {
    fs::write(program.path().join(name), content).unwrap();
}

/// Trains on a file, and predicts and evaluates it. Each must use all 60 rows.
fn train_predict_evaluate(program: &Program, file: &str, options: &[&str]) {
    let train = [file, "--epochs", "1", "--output", "run", "--force"];
    let trained = program.train(&[&train[..], options].concat());
    let rows = &trained["rows"];
    let num_rows: u64 = ["train", "valid", "test"]
        .iter()
        .map(|part| rows[part].as_u64().unwrap())
        .sum();
    assert_eq!(num_rows, 60, "{file}: {rows}");
    let predicted = program.success(&["predict", "run", file, "--only-predictions"]);
    assert_eq!(predicted.lines().count(), 61, "{file}");
    let evaluated = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(evaluated["metrics"], trained["metrics"], "{file}");
}

#[test]
fn texts_of_many_dialects_are_trained_on_and_predicted() {
    let program = Program::new();
    let comma = |a: f64| a.to_string().replace('.', ",");
    let plain = lines(|a, kind| format!("{a},{kind}"));
    for (name, target, content) in [
        (
            "units.csv",
            "Klasse",
            "Temperatur, °C;Druck, hPa;Fälle;Klasse\n".to_owned()
                + &lines(|a, kind| {
                    let (a, b, cases) = (comma(a), comma(900.0 + a), 10.0 * a);
                    format!("{a};{b};{cases:.0};{kind}")
                }),
        ),
        (
            "sep.csv",
            "kind",
            "sep=;\r\na;kind\r\n".to_owned() + &lines(|a, kind| format!("{a};{kind}")),
        ),
        (
            "preamble.csv",
            "kind",
            "# station 17, roof\n# unit: m\na,kind\n".to_owned() + &plain,
        ),
        (
            "notes.csv",
            "kind",
            "Report\n\na,kind\n".to_owned() + &plain,
        ),
        (
            "aligned.txt",
            "kind",
            "    a  kind\n".to_owned() + &lines(|a, kind| format!("{a:5}  {kind}")),
        ),
        (
            "escaped.csv",
            "kind",
            "a,note,kind\n".to_owned()
                + &lines(|a, kind| format!("{a},\"said \\\"fine\\\", {}\",{kind}", a > 3.0)),
        ),
        (
            "blanks.csv",
            "kind",
            "a, note, kind\n".to_owned()
                + &lines(|a, kind| format!("{a}, \"x, {}\", {kind}", a > 3.0)),
        ),
        (
            "single.csv",
            "kind",
            "a,note,kind\n".to_owned() + &lines(|a, kind| format!("{a},'x, {}',{kind}", a > 3.0)),
        ),
        (
            "return.csv",
            "kind",
            ("a,kind\n".to_owned() + &plain).replace('\n', "\r"),
        ),
        (
            "numbers.csv",
            "label",
            "0,1,label\n".to_owned() + &lines(|a, kind| format!("{a},{a},{kind}")),
        ),
    ] {
        write(&program, name, content);
        train_predict_evaluate(&program, name, &["--target", target]);
    }
}

#[test]
fn a_model_reads_files_written_in_another_way_than_its_training() {
    let program = Program::new();
    let rows = lines(|a, kind| format!("{a};{};{kind}", 2.0 * a));
    write(&program, "train.csv", format!("sep=;\n0;1;label\n{rows}"));
    let options = ["--target", "label"];
    train_predict_evaluate(&program, "train.csv", &options);
    for (name, content) in [
        ("same.csv", "0;1;label\n1;2;low\n".to_owned()),
        ("without_target.csv", "0;1\n1;2\n".to_owned()),
        ("comma.csv", "# note\n1,0\n2,1\n".to_owned()),
        ("tab.txt", "1\t0\n2\t1\n".to_owned()),
    ] {
        write(&program, name, content);
        let predicted = program.success(&["predict", "run", name, "--only-predictions"]);
        assert_eq!(predicted.lines().count(), 2, "{name}");
    }
}

#[test]
fn texts_in_other_encodings_are_read_or_explained() {
    let program = Program::new();
    let text =
        "a\tstadt\tkind\n".to_owned() + &lines(|a, kind| format!("{a}\tKöln{}\t{kind}", a > 3.0));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let options = ["--target", "kind"];
    write(&program, "without_mark.txt", &bytes);
    train_predict_evaluate(&program, "without_mark.txt", &options);
    write(&program, "mark.txt", [&[0xff, 0xfe], &bytes[..]].concat());
    train_predict_evaluate(&program, "mark.txt", &options);
    write(
        &program,
        "utf_8.csv",
        text.replace('\t', ",").replacen('a', "\u{feff}a", 1),
    );
    train_predict_evaluate(&program, "utf_8.csv", &options);

    let latin: Vec<u8> = text
        .chars()
        .map(|character| u8::try_from(character).unwrap())
        .collect();
    write(&program, "latin.csv", latin);
    let (_, message) = program.failure(&["train", "latin.csv", "--target", "kind"]);
    assert_snapshot!(message, @r"
    error: `latin.csv` is not UTF-8 in line 2, in `stadt`

    hint: with `--encoding windows-1252` it reads `Kölnfalse`; if that is wrong, name another encoding
    ");
    train_predict_evaluate(
        &program,
        "latin.csv",
        &["--target", "kind", "--encoding", "latin1"],
    );
}

#[test]
fn a_quote_that_is_not_closed_is_reported_by_every_command() {
    let program = Program::new();
    let text = "a,kind,note\n".to_owned() + &lines(|a, kind| format!("{a},{kind},well"));
    write(&program, "closed.csv", &text);
    let train = ["--target", "kind", "--epochs", "1", "--output", "run"];
    program.train(&[&["closed.csv"], &train[..]].concat());
    let open = text
        .replacen(",well", ",\"well", 4)
        .replacen("\"well", "well", 3);
    write(&program, "open.csv", open);
    let message = program
        .failure(&["train", "open.csv", "--target", "kind"])
        .1;
    assert_snapshot!(message, @r"
    error: the quote that begins `note` in line 5 of `open.csv` is not closed: `well`

    hint: close it, or double it if it is part of the text; `--quote none` takes all quotes as text
    ");
    for command in ["predict", "evaluate"] {
        assert_eq!(program.failure(&[command, "run", "open.csv"]).1, message);
    }
    let options = [
        "open.csv", "--target", "kind", "--quote", "none", "--epochs", "1",
    ];
    program.train(&options);
}

#[test]
fn files_that_are_no_tables_are_named() {
    let program = Program::new();
    for (content, expected) in [
        (
            &b"%PDF-1.7\n%\xe2\xe3"[..],
            "is a PDF document, not a table",
        ),
        (
            b"<!DOCTYPE html>\n<html>",
            "is a web page (HTML), not a table",
        ),
        (b"\x89PNG\r\n\x1a\n\0", "is a PNG image, not a table"),
        (
            b"SQLite format 3\0\x10",
            "is an SQLite database, not a table",
        ),
        (b"\x80\x04\x95\x10\0\0", "is a Python pickle, not a table"),
    ] {
        write(&program, "table.csv", content);
        let (code, message) = program.failure(&["train", "table.csv", "--target", "y"]);
        assert_eq!(code, 1);
        assert!(
            message.contains(expected) && message.contains("hint: "),
            "{message}"
        );
    }
}

#[test]
fn files_without_rows_add_nothing_but_a_warning() {
    let program = Program::new();
    let rows = lines(|a, kind| format!("{a},{kind}"));
    write(&program, "part-0.csv", format!("a,kind\n{rows}"));
    write(&program, "part-1.csv", "a,kind\n");
    write(&program, "part-2.csv", "a,kind\n5,high\n");
    let train = [
        "train",
        "part-*.csv",
        "--target",
        "kind",
        "--epochs",
        "1",
        "--output",
        "run",
    ];
    let output = program.command(&train).output().unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{report}");
    assert!(
        report.contains("warning: `part-1.csv` has no rows"),
        "{report}"
    );

    let output = program
        .command(&["predict", "run", "part-*.csv"])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().lines().count(),
        62
    );
    let report = String::from_utf8(output.stderr).unwrap();
    assert_eq!(report, "warning: `part-1.csv` has no rows\n");

    // A header alone predicts nothing.
    let predicted = program.success(&["predict", "run", "part-1.csv"]);
    assert_eq!(
        predicted,
        "a,kind,prediction,probability_high,probability_low\n"
    );
    program.success(&["predict", "run", "part-1.csv", "--output", "out.parquet"]);
    assert!(program.path().join("out.parquet").exists());

    let (_, message) = program.failure(&["train", "part-1.csv", "--target", "kind"]);
    assert_snapshot!(message, @"error: `part-1.csv` has a header, but no rows");
}

#[test]
fn what_was_guessed_wrongly_can_be_told() {
    let program = Program::new();
    let rows = lines(|a, kind| format!("{a}|^x|, {}^|{kind}", a > 3.0));
    write(&program, "odd.txt", format!("x|y\na|note|kind\n{rows}"));
    let options = [
        "--target",
        "kind",
        "--quote",
        "^",
        "--delimiter",
        "|",
        "--skip-lines",
        "1",
    ];
    train_predict_evaluate(&program, "odd.txt", &options);
    let (_, message) = program.failure(&["train", "odd.txt", "--header", "false", "--target", "z"]);
    assert!(message.contains("add `--header true`"), "{message}");
    for (option, value) in [
        ("--encoding", "utf-7"),
        ("--escape", "ab"),
        ("--quote", "ab"),
    ] {
        let (code, message) = program.failure(&["train", "odd.txt", option, value]);
        assert_eq!(code, 2, "{message}");
    }
}
