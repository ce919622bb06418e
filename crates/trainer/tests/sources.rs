//! Tables in other formats than CSV, from training to prediction.

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::Program;

fn fruit(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mlp-datasets/tests/files");
    folder.join(name)
}

/// The program in a folder with fruit in all formats, and without the extensions of their names.
fn with_files() -> Program {
    let program = Program::new();
    for name in FORMATS {
        fs::copy(
            fruit(&format!("fruit.{name}")),
            program.path().join(format!("in_{name}")),
        )
        .unwrap();
    }
    program
}

const FORMATS: [&str; 8] = [
    "csv", "jsonl", "json", "parquet", "arrow", "xlsx", "ods", "xls",
];

fn train<'a>(file: &'a str, run: &'a str) -> Vec<&'a str> {
    vec![
        "train",
        file,
        "--target",
        "kind",
        "--categorical",
        "code",
        "--epochs",
        "5",
        "--json",
        "--output",
        run,
    ]
}

#[test]
fn models_of_all_formats_are_the_same_and_predict_the_same_from_all() {
    let program = with_files();
    program.json(&train("./in_csv", "run"));
    let expected = program.success(&["predict", "run", "./in_csv", "--only-predictions"]);
    assert_eq!(expected.lines().count(), 61);
    for name in FORMATS {
        let file = format!("./in_{name}");
        let predicted = program.success(&["predict", "run", &file, "--only-predictions"]);
        assert_eq!(predicted, expected, "{name}");
        let input = fs::read(program.path().join(&file)).unwrap();
        let mut command = program.command(&["predict", "run", "-", "--only-predictions"]);
        let output = command.write_stdin(input).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{name}");

        let run = format!("run_{name}");
        program.json(&train(&file, &run));
        let predicted = program.success(&["predict", &run, "./in_csv", "--only-predictions"]);
        assert_eq!(predicted, expected, "{name}");
        // The columns are written too, and can be read again.
        let with_columns = format!("{name}.parquet");
        program.success(&["predict", "run", &file, "--output", &with_columns]);
        let predicted = program.success(&["predict", "run", &with_columns, "--only-predictions"]);
        assert_eq!(predicted, expected, "{name}");
    }
}

#[test]
fn a_sheet_is_chosen_by_its_name_or_number() {
    let program = with_files();
    let output = program
        .command(&train("./in_xlsx", "run"))
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("note: `./in_xlsx` has 2 sheets with data, of which `fruit` is read; the others are `other`"),
        "{errors}"
    );
    let first = program.success(&["predict", "run", "./in_xlsx"]);
    for sheet in ["fruit", "1"] {
        assert_eq!(
            program.success(&["predict", "run", "./in_xlsx", "--sheet", sheet]),
            first
        );
        let run = format!("run_{sheet}");
        program.json(&[train("./in_ods", &run).as_slice(), &["--sheet", sheet]].concat());
        program.success(&["evaluate", &run]);
    }
    let (_, errors) = program.failure(&["predict", "run", "./in_ods", "--sheet", "fruits"]);
    assert!(
        errors.contains("`./in_ods` has no sheet `fruits`; its sheets are `fruit`, `other`"),
        "{errors}"
    );
    assert!(errors.contains("hint: did you mean `fruit`?"), "{errors}");
    let (_, errors) = program.failure(&["predict", "run", "./in_csv", "--sheet", "1"]);
    assert!(errors.contains("`./in_csv` is not a workbook"), "{errors}");
}

#[test]
fn addresses_and_other_formats_are_rejected_with_what_to_do() {
    let program = Program::new();
    fs::write(program.path().join("a.orc"), b"ORC\x0a\x03\x00\x00").unwrap();
    fs::write(program.path().join("b.json"), "{\"a\": 1}\n{\"a\" 2}\n").unwrap();
    for (file, message, hint) in [
        (
            "https://example.org/a.csv",
            "`https://example.org/a.csv` is an address, and tables are not read from the network",
            "hint: download the file first",
        ),
        (
            "a.orc",
            "`a.orc` is an ORC file, not a table",
            "hint: export the table as CSV or Parquet",
        ),
        (
            "b.json",
            "line 2 of `b.json` is not JSON as it is read here: expected `:`",
            "hint: JSON needs",
        ),
    ] {
        let (_, errors) = program.failure(&["train", file, "--target", "y"]);
        assert!(
            errors.contains(message) && errors.contains(hint),
            "{errors}"
        );
    }
}

#[test]
fn a_folder_of_partitions_is_trained_on_and_predicted() {
    let program = Program::new();
    for year in [2023, 2024] {
        let folder = program.path().join(format!("data/year={year}"));
        fs::create_dir_all(&folder).unwrap();
        fs::copy(fruit("fruit.parquet"), folder.join("part-0.parquet")).unwrap();
    }
    program.json(&train("data", "run"));
    let predicted = program.success(&["predict", "run", "data"]);
    assert_eq!(predicted.lines().count(), 121);
    assert!(
        predicted.lines().next().unwrap().contains("kind,year,"),
        "{predicted}"
    );
}
