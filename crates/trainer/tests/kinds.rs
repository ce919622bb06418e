//! Tables as people have them: how numbers, dates, missing values and names are written.

mod program;

use std::fmt::Write;
use std::fs;

use program::Program;
use serde_json::Value;

/// A program in a folder with a file of a header and rows.
fn with_rows(header: &str, num_rows: u32, row: impl Fn(u32) -> String) -> Program {
    let program = Program::new();
    let mut csv = format!("{header}\n");
    for index in 0..num_rows {
        writeln!(csv, "{}", row(index)).unwrap();
    }
    fs::write(program.path().join("table.csv"), csv).unwrap();
    program
}

/// What a training prints on stderr, and its summary.
fn train(program: &Program, options: &[&str]) -> (String, Value) {
    let fixed = [
        "train",
        "table.csv",
        "--output",
        "run",
        "--force",
        "--json",
        "--target",
    ];
    let output = program
        .command(&[&fixed[..], options].concat())
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    (errors, serde_json::from_slice(&output.stdout).unwrap())
}

fn metric(summary: &Value, name: &str) -> f64 {
    summary["metrics"]["test"][name].as_f64().unwrap()
}

fn predictions(program: &Program, rows: &str) -> Vec<String> {
    fs::write(program.path().join("new.csv"), rows).unwrap();
    let predicted = program.success(&["predict", "run", "new.csv", "--only-predictions"]);
    predicted.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn decimal_commas_units_and_thousands_are_numbers() {
    let program = with_rows("a;b;c;y", 120, |row| {
        let (whole, tenth) = (row * 37 % 100, row % 10);
        let y = 2.0 * f64::from(whole) + f64::from(tenth) + f64::from(row % 3);
        let y = format!("{y:.1}").replace('.', ",");
        let price = format!("{}.{:03},50 €", row % 9 + 1, row * 7);
        format!("{whole},{tenth};{price};{} kg;{y}", row % 50)
    });
    let (errors, summary) = train(&program, &["y", "--epochs", "60"]);
    assert!(
        errors.contains("a (decimal comma), b (decimal comma, thousands by `.`, in €), c (in kg)"),
        "{errors}"
    );
    assert!(metric(&summary, "r2") > 0.95, "{summary}");
    // Another file is read in the same way.
    assert_eq!(
        predictions(&program, "a;b;c\n1,5;1.000,50 €;3 kg\n").len(),
        1
    );
}

#[test]
fn dates_are_read_in_the_order_that_fits_all_of_them() {
    for (date, format) in [
        ("{d}/{m}/2024", "day first"),
        ("{d}.{m}.2024", "day first"),
        ("{m}/{d}/2024 1:05 PM", "month first"),
        ("{d} Mar 2024", ""),
    ] {
        let program = with_rows("when,y", 60, |row| {
            let (day, month) = (row % 28 + 1, row % 12 + 1);
            let date = date.replace("{d}", &format!("{day:02}"));
            format!(
                "{},{}",
                date.replace("{m}", &format!("{month:02}")),
                row % 28
            )
        });
        let schema = program.success(&["train", "table.csv", "--target", "y", "--schema"]);
        assert!(
            schema.contains("when = \"date\"") || schema.contains("when = { kind = \"date\""),
            "{date}: {schema}"
        );
        assert!(schema.contains(format), "{date}: {schema}");
    }
    let ambiguous = with_rows("when,y", 60, |row| {
        format!("0{}/0{}/2024,{row}", row % 7 + 1, row % 5 + 1)
    });
    let (code, message) = ambiguous.failure(&["train", "table.csv", "--target", "y"]);
    assert_eq!(code, 1);
    assert!(message.contains("can be read in two ways"), "{message}");
    assert!(
        message.contains("hint: say which with `--dates dmy` or `--dates mdy`"),
        "{message}"
    );
    let (errors, _) = train(&ambiguous, &["y", "--epochs", "1", "--dates", "mdy"]);
    assert!(errors.contains("month first"), "{errors}");
}

#[test]
fn times_as_numbers_keep_all_their_digits() {
    // Newest first, ten seconds apart: single precision could not tell them apart.
    for time in [
        1_700_000_000_000_u64,
        1_700_000_000_000_000,
        20_240_301_130_000,
    ] {
        let program = with_rows("ts,part,x,y", 100, |row| {
            let step = u64::from(100 - row) * 10;
            let part = u32::from(row < 20);
            format!("{},{part},{},{}", time + step, row % 9, row % 7)
        });
        let (errors, summary) = train(&program, &["y", "--split-by-time", "ts", "--epochs", "1"]);
        assert_eq!(summary["rows"]["test"], 20);
        // The latest rows are the first ones of the file, and no others have a `part` of 1.
        assert!(
            errors.contains("warning: `part` does not vary in the training rows"),
            "{time}: {errors}"
        );
    }
}

#[test]
fn large_numbers_that_differ_little_are_learned() {
    let x = |row: u32| row * 37 % 100;
    let feature = with_rows("ts,y", 120, |row| {
        format!("{},{}", 1_732_000_000 + x(row), x(row) * 2 + row % 2)
    });
    assert!(metric(&train(&feature, &["y", "--epochs", "100"]).1, "r2") > 0.9);
    let target = with_rows("x,arrival", 120, |row| {
        format!("{},{}.5", x(row), 1_732_000_000 + x(row) / 2)
    });
    let (_, summary) = train(&target, &["arrival", "--epochs", "100"]);
    assert!(metric(&summary, "r2") > 0.9, "{summary}");
    let predicted: f64 = predictions(&target, "x\n50\n")[0].parse().unwrap();
    assert!((predicted - 1_732_000_025.5).abs() < 10.0, "{predicted}");
}

#[test]
fn texts_that_usually_mean_a_missing_value_are_classes_among_their_like() {
    for classes in [["AF", "AS", "EU", "NA"], ["+", "-", "+", "-"]] {
        let program = with_rows("x,y", 80, |row| {
            format!("{},{}", row % 4, classes[row as usize % 4])
        });
        let (errors, _) = train(&program, &["y", "--epochs", "1"]);
        assert!(!errors.contains("left out"), "{errors}");
        assert!(errors.contains(&format!("{} (", classes[3])), "{errors}");
    }
    let program = with_rows("x,y", 80, |row| {
        format!(
            "{},{}",
            row % 4,
            ["yes", "no", "maybe", "None"][row as usize % 4]
        )
    });
    let (errors, _) = train(&program, &["y", "--epochs", "1"]);
    assert!(
        errors.contains(
            "20 left out because they have no target: `None` 20 times; `--present y=None` keeps"
        ),
        "{errors}"
    );
    let (errors, _) = train(&program, &["y", "--epochs", "1", "--present", "y=None"]);
    assert!(errors.contains("None (20)"), "{errors}");
}

#[test]
fn markers_are_missing_values_by_value_and_one_that_does_not_occur_is_reported() {
    let program = with_rows("x,z,y", 80, |row| {
        let x = if row % 5 == 0 {
            "-999.0".to_owned()
        } else {
            row.to_string()
        };
        format!("{x},{},{}", row % 7, ["a", "b"][row as usize % 2])
    });
    let (errors, _) = train(
        &program,
        &["y", "--epochs", "1", "--missing=-999", "--missing", "gone"],
    );
    assert!(errors.contains("x (16 missing)"), "{errors}");
    assert!(
        errors.contains("warning: `--missing gone`: no cell has this value"),
        "{errors}"
    );
    let (errors, _) = train(&program, &["y", "--epochs", "1", "--missing=z=3"]);
    assert!(errors.contains("x, z (11 missing: `3`)"), "{errors}");
}

#[test]
fn names_stay_as_they_are_written_and_are_matched_by_what_they_mean() {
    let program = with_rows("code,flag,grade", 90, |row| {
        let code = row % 3;
        format!(
            "{},{},{code}.0",
            code + 1,
            ["false", "true"][row as usize % 2]
        )
    });
    let options = [
        "grade",
        "--categorical",
        "code",
        "--class-weights",
        "1=3",
        "--epochs",
        "60",
    ];
    let (errors, summary) = train(&program, &options);
    assert!(errors.contains("0.0 (30), 1.0 (30), 2.0 (30)"), "{errors}");
    assert!(metric(&summary, "accuracy") > 0.9, "{summary}");
    let expected = predictions(&program, "code,flag\n1,true\n3,false\n");
    assert!(
        expected[0].starts_with("0.0,") && expected[1].starts_with("2.0,"),
        "{expected:?}"
    );
    for rows in ["code,flag\n1.0,1\n3.0,0\n", "code,flag\n1,t\n3,F\n"] {
        assert_eq!(predictions(&program, rows), expected, "{rows}");
    }
}

#[test]
fn codes_with_leading_zeros_are_categories() {
    let program = with_rows("zip,y", 100, |row| {
        format!(
            "{:05},{}",
            [6510, 1001, 90210][row as usize % 3],
            [1.5, 9.5, 4.5][row as usize % 3] + f64::from(row % 2) / 10.0
        )
    });
    let (errors, summary) = train(&program, &["y", "--epochs", "60"]);
    assert!(errors.contains("categorical  zip (3)"), "{errors}");
    assert!(metric(&summary, "r2") > 0.9, "{summary}");
}

#[test]
fn a_schema_has_how_columns_are_written_and_is_read_again() {
    let program = with_rows("price;when;\"size, net\";y", 60, |row| {
        let (day, month) = (row % 28 + 1, row % 12 + 1);
        format!(
            "{},{} €;{day:02}.{month:02}.2024;{};{}",
            row % 9 + 1,
            row % 10,
            ["NA", "EU", "AS"][row as usize % 3],
            row % 28
        )
    });
    let schema = program.success(&["train", "table.csv", "--target", "y", "--schema"]);
    for line in [
        "price = { kind = \"numeric\", numbers = { decimal = \",\", suffix = \"€\" } }",
        "when = { kind = \"date\", dates = \"dmy\" }",
        "\"size, net\" = { kind = \"categorical\", present = [\"NA\"] }",
    ] {
        assert!(schema.contains(line), "{line} in {schema}");
    }
    fs::write(program.path().join("schema.toml"), &schema).unwrap();
    let with = ["--target", "y", "--schema-file", "schema.toml"];
    let again = program.success(&[&["train", "table.csv", "--schema"], &with[..]].concat());
    assert_eq!(again, schema);
    // The columns may be named by the command line, too, with their commas.
    let dropped = program.success(&[
        "inspect",
        "table.csv",
        "--target",
        "y",
        "--drop",
        "size, net,when",
        "--json",
    ]);
    let dropped: Value = serde_json::from_str(&dropped).unwrap();
    for index in [1, 2] {
        assert_eq!(
            dropped["columns"][index]["use_of_it"], "left out",
            "{dropped}"
        );
    }
}

#[test]
fn a_column_whose_values_are_all_unknown_is_an_error_with_both_spellings() {
    let program = with_rows("colour,y", 90, |row| {
        format!("{},{}", ["red", "blue", "green"][row as usize % 3], row % 3)
    });
    train(&program, &["y", "--epochs", "1", "--task", "regression"]);
    for command in ["predict", "evaluate"] {
        fs::write(program.path().join("new.csv"), "colour,y\nRed,1\nBLUE,2\n").unwrap();
        let (code, message) = program.failure(&[command, "run", "new.csv"]);
        assert_eq!(code, 1);
        assert!(
            message.contains("it has `Red`, `BLUE`, but training had `blue`, `green`, `red`"),
            "{message}"
        );
        program.success(&[command, "run", "new.csv", "--allow-unknown"]);
        fs::write(program.path().join("new.csv"), "colour,y\nred,1\nBLUE,2\n").unwrap();
        program.success(&[command, "run", "new.csv"]);
    }
}

#[test]
fn missing_values_of_one_column_hide_nothing_and_count_at_prediction_too() {
    let program = with_rows("x;y", 90, |row| match row % 9 {
        0 => format!("-1;{},5", row % 7),
        _ => format!("{},5;{},5", row % 30, row % 7),
    });
    let (errors, _) = train(&program, &["y", "--epochs", "1", "--missing", "x=-1"]);
    assert!(
        errors.contains("x (decimal comma, 10 missing: `-1`)"),
        "{errors}"
    );
    let new = predictions(&program, "x;y\n-1;0\n-7;0\n;0\n");
    assert_eq!(new[0], new[2]);
    assert_ne!(new[0], new[1]);
    fs::write(program.path().join("new.csv"), "x\n-7\n-1\n").unwrap();
    let of_column = [
        "predict",
        "run",
        "new.csv",
        "--only-predictions",
        "--missing",
        "x=-7",
    ];
    let lines = program.success(&of_column);
    let lines: Vec<&str> = lines.lines().skip(1).collect();
    assert_eq!(lines[0], lines[1]);
}

#[test]
fn dates_are_read_from_numbers_of_any_form_on_request() {
    for (number, first) in [
        (|row: u32| format!("{}", 1990 + row % 30), "1990-01-01"),
        (|row| format!("202403{:02}", row % 28 + 1), "2024-03-01"),
        (|row| format!("{}", 45_351 + row), "2024-02-29"),
        // From before 1970, and so small that each by itself would be seconds.
        (
            |row| format!("{}", 86_400_000 * i64::from(row) - 315_619_200_000),
            "1960-01-01",
        ),
    ] as [(fn(u32) -> String, &str); 4]
    {
        let program = with_rows("when,y", 60, |row| format!("{},{}", number(row), row % 7));
        let inspect = [
            "inspect",
            "table.csv",
            "--target",
            "y",
            "--date",
            "when",
            "--json",
        ];
        let found = program.success(&inspect);
        assert!(found.contains(first), "{found}");
    }
}

#[test]
fn points_that_may_be_between_thousands_follow_the_file_or_are_reported() {
    let rows = |header: &str, number: &dyn Fn(u32) -> String| {
        with_rows(header, 60, |row| format!("{};{}", number(row), row % 7))
    };
    let thousands = |row: u32| format!("{}.{:03}", row % 9 + 1, row * 7 % 1000);
    let inspect = |program: &Program, options: &[&str]| {
        let fixed = ["inspect", "table.csv", "--target", "y", "--json"];
        program.success(&[&fixed[..], options].concat())
    };
    // Nothing else says what the points are.
    let program = rows("x;y", &thousands);
    let found = inspect(&program, &[]);
    assert!(
        found.contains("if 1.000 means 1000, add `--decimal ,`"),
        "{found}"
    );
    let found = inspect(&program, &["--decimal", ","]);
    assert!(!found.contains("means 1000"), "{found}");
    assert!(
        found.contains("9371") || found.contains("9.371e3"),
        "{found}"
    );
    // Another column has decimal commas.
    let program = rows("x;z;y", &|row| format!("{};{},5", thousands(row), row));
    let found = inspect(&program, &[]);
    assert!(!found.contains("means 1000"), "{found}");
    assert!(
        found.contains("9371") || found.contains("9.371e3"),
        "{found}"
    );
}

#[test]
fn the_mean_of_the_target_stands_for_each_of_many_categories() {
    // Each of 40 towns has its own rent, with a small deviation.
    let program = with_rows("town,rent", 800, |row| {
        let town = row * 7 % 40;
        format!("town {town},{}", 500 + town * town % 40 * 20 + row % 3)
    });
    let options = ["rent", "--categories", "target", "--preset", "fast"];
    let (_, summary) = train(&program, &options);
    assert!(metric(&summary, "r2") > 0.95, "{summary}");

    let new = predictions(&program, "town\ntown 0\ntown 39\nelsewhere\n");
    let rents: Vec<f64> = new.iter().map(|rent| rent.parse().unwrap()).collect();
    assert!((rents[0] - 501.0).abs() < 60.0, "{rents:?}");
    assert!((rents[1] - 521.0).abs() < 60.0, "{rents:?}");
    // The mean of all towns.
    assert!((rents[2] - 730.0).abs() < 100.0, "{rents:?}");
}

#[test]
fn the_mean_of_the_target_needs_categories_with_more_than_one_row() {
    let program = with_rows("town,rooms,rent", 40, |row| {
        format!("town {row},{},{}", row % 5, 500 + row % 5 * 90 + row)
    });
    let options = ["--categories", "target", "--categorical", "town"];
    let fixed = ["train", "table.csv", "--target", "rent"];
    let (_, error) = program.failure(&[&fixed[..], &options].concat());
    assert!(
        error.contains("`town` has another category in each of the"),
        "{error}"
    );
    assert!(error.contains("--drop town"), "{error}");
}
