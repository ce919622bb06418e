//! Benchmarks: every training ends up in the results once, whatever happens in between.

mod program;

use std::fs;

use insta::assert_snapshot;
use program::{Program, with_fruit};

/// Two models, two seeds, two epochs on iris.
const IRIS: [&str; 8] = [
    "benchmark",
    "iris",
    "--models",
    "mlp,logistic",
    "--seeds",
    "0..1",
    "--epochs",
    "2",
];

/// What a benchmark prints on stdout and stderr, with its exit code.
fn run(program: &Program, arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = program.command(arguments).output().unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
        output.status.code(),
    )
}

fn results(program: &Program) -> String {
    fs::read_to_string(program.path().join("benchmark/results.csv")).unwrap()
}

/// The trainings that are reported on stderr, without what differs from run to run.
fn trained(errors: &str) -> Vec<&str> {
    let lines = errors.lines().filter(|line| line.starts_with('['));
    lines
        .map(|line| line.split(" … ").next().unwrap())
        .collect()
}

#[test]
fn an_interrupted_benchmark_goes_on_with_what_is_missing() {
    let program = Program::new();
    let (table, errors, code) = run(&program, &IRIS);

    assert_eq!(code, Some(0), "{errors}");
    let all = [
        "[1/4] iris · mlp · seed 0",
        "[2/4] iris · logistic · seed 0",
        "[3/4] iris · mlp · seed 1",
        "[4/4] iris · logistic · seed 1",
    ];
    assert_eq!(trained(&errors), all);
    assert!(errors.contains(" left"), "{errors}");
    assert!(
        table.contains("classification, 120 rows to train and validate on, 30 to test"),
        "{table}"
    );
    let headings = table
        .lines()
        .find(|line| line.starts_with("| model"))
        .unwrap();
    let headings: Vec<_> = headings.split('|').map(str::trim).collect();
    assert_eq!(
        headings[1..6],
        ["model", "accuracy", "ROC AUC", "log-loss", "seconds"]
    );
    let document = fs::read_to_string(program.path().join("benchmark/results.md")).unwrap();
    assert_eq!(document, table);

    // A line is missing, and the last one is torn.
    let complete = results(&program);
    let lines: Vec<_> = complete.split_inclusive('\n').collect();
    assert_eq!(lines.len(), 5);
    let torn = lines[0].to_owned() + lines[2] + lines[3] + &lines[4][..20];
    fs::write(program.path().join("benchmark/results.csv"), torn).unwrap();
    let (repeated, errors, code) = run(&program, &IRIS);

    assert_eq!(code, Some(0), "{errors}");
    assert!(
        errors.starts_with("2 of 4 trainings are done already"),
        "{errors}"
    );
    assert_eq!(trained(&errors), [all[0], all[3]]);
    let lines_after = results(&program);
    let lines_after: Vec<_> = lines_after.split_inclusive('\n').collect();
    assert_eq!(lines_after[..3], [lines[0], lines[2], lines[3]]);
    assert_eq!(lines_after.len(), 5);
    let accuracies = |table: &str| {
        let rows = table.lines().filter(|line| line.starts_with("| "));
        rows.map(|row| row.split('|').nth(2).unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(accuracies(&repeated), accuracies(&table));

    // Other settings are other trainings, and those of before stay.
    let one = [
        "benchmark",
        "iris",
        "--models",
        "mlp",
        "--seeds",
        "0",
        "--epochs",
        "1",
    ];
    let (_, errors, _) = run(&program, &one);
    assert_eq!(trained(&errors), ["[1/1] iris · mlp · seed 0"]);
    let (_, errors, _) = run(&program, &IRIS);
    assert_eq!(trained(&errors).len(), 0, "{errors}");
    let (_, errors, _) = run(&program, &[&one[..], &["--force"]].concat());
    assert_eq!(trained(&errors), ["[1/1] iris · mlp · seed 0"]);
    assert_eq!(results(&program).lines().count(), 2);
}

#[test]
fn a_training_that_fails_does_not_stop_the_others() {
    let program = with_fruit();
    let arguments = [
        "benchmark",
        "diabetes",
        "fruit.csv:kind",
        "--models",
        "adaline,perceptron",
        "--seeds",
        "3",
        "--epochs",
        "2",
    ];
    let (table, errors, code) = run(&program, &arguments);

    assert_eq!(code, Some(1), "{errors}");
    assert!(
        errors.contains("error: 1 of 4 trainings failed"),
        "{errors}"
    );
    assert!(
        errors.contains("hint: `benchmark/results.csv` has the reasons"),
        "{errors}"
    );
    assert!(table.contains("- perceptron failed (seed 3): "), "{table}");
    assert!(table.contains("## Mean ranks over 2 data sets"), "{table}");
    assert!(table.contains("one competitor less"), "{table}");

    // It alone is tried again, and its last line counts.
    let (_, errors, code) = run(&program, &arguments);
    assert_eq!(code, Some(1));
    assert_eq!(trained(&errors), ["[2/4] diabetes · perceptron · seed 3"]);
    assert!(
        errors.contains("error: 1 of 4 trainings failed"),
        "{errors}"
    );

    // A table that has changed is another one, wherever it lies.
    let path = program.path().join("fruit.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(program.path().join("copy.csv"), &text).unwrap();
    fs::write(&path, text.replace("cherry", "grape")).unwrap();
    let (_, errors, _) = run(
        &program,
        &[
            "benchmark",
            "fruit.csv:kind",
            "copy.csv:kind",
            "--models",
            "adaline",
            "--seeds",
            "3",
            "--epochs",
            "2",
        ],
    );
    assert_eq!(trained(&errors), ["[1/2] fruit · adaline · seed 3"]);
}

#[test]
fn results_of_other_programs_are_ranked_with_ours() {
    let program = Program::new();
    let peers = r#"{"dataset": "iris", "model": "mlp", "metric": "accuracy", "value": 1.0, "fit_s": 0.5, "predict_s": 0.001, "rows": 120, "log_loss": 0.1, "roc_auc": 1.0}
{"dataset": "wine", "model": "mlp", "metric": "accuracy", "value": 1.0, "fit_s": 0.7, "seed": 0}
{"dataset": "wine", "model": "boosting", "metric": "accuracy", "value": 0.0, "fit_s": 0.7, "seed": 0}
{"dataset": "wine", "model": "boosting", "metric": "accuracy", "value": 0.01, "fit_s": 0.7, "seed": 0}
{"dataset": "adult", "model": "boosting", "metric": "accuracy", "value": 0.9}
"#;
    fs::write(program.path().join("sklearn.jsonl"), peers).unwrap();
    let (table, errors, code) = run(
        &program,
        &[
            "benchmark",
            "iris",
            "wine",
            "--models",
            "mlp",
            "--seeds",
            "0",
            "--epochs",
            "2",
            "--peers",
            "sklearn.jsonl",
        ],
    );

    assert_eq!(code, Some(0), "{errors}");
    assert!(
        errors
            .contains("does not count: `boosting` of `adult`: the benchmark has no such data set"),
        "{errors}"
    );
    let (_, ranks) = table
        .split_once("## Mean ranks over 2 data sets\n\n")
        .unwrap();
    assert_snapshot!(ranks, @r"
    | model         | mean rank | data sets |
    |---------------|----------:|----------:|
    | mlp (sklearn) |      1.00 |         2 |
    | mlp           |      2.00 |         2 |
    | boosting      |      3.00 |         1 |

    Where a model has no result, it is not ranked, and the others have one competitor less.
    ");
    let line = table
        .lines()
        .find(|line| line.starts_with("| mlp (sklearn)"))
        .unwrap();
    let cells: Vec<_> = line.split('|').map(str::trim).collect();
    assert_eq!(
        cells[2..7],
        ["1.0000", "1.0000", "0.1000", "0.50", "30,000"]
    );
    assert!(table.contains("| boosting      |   0.0100 |"), "{table}");
}

#[test]
fn splits_from_files_and_settings_from_files_are_compared() {
    let program = with_fruit();
    let text = fs::read_to_string(program.path().join("fruit.csv")).unwrap();
    let lines: Vec<_> = text.lines().collect();
    for (seed, test) in [(0, 1..50), (1, 50..80)] {
        let folder = program.path().join(seed.to_string());
        fs::create_dir(&folder).unwrap();
        let test_rows = [&lines[..1], &lines[test.clone()]].concat().join("\n");
        fs::write(folder.join("test.csv"), test_rows).unwrap();
        let train = [&lines[..test.start], &lines[test.end..]]
            .concat()
            .join("\n");
        fs::write(folder.join("train.csv"), train).unwrap();
    }
    let suite = "[[dataset]]\nname = 'fruit'\npath = '{seed}/train.csv'\ntest = '{seed}/test.csv'\n\
                 target = 'kind'\ndrop = ['id']\n";
    fs::write(program.path().join("suite.toml"), suite).unwrap();
    fs::write(
        program.path().join("wide.toml"),
        "[model]\nname = 'mlp'\nhidden = [99]\n",
    )
    .unwrap();

    let (table, errors, code) = run(
        &program,
        &[
            "benchmark",
            "--suite",
            "suite.toml",
            "--models",
            "wide.toml,logistic",
            "--seeds",
            "0..1",
            "--epochs",
            "2",
        ],
    );

    assert_eq!(code, Some(0), "{errors}");
    assert!(
        table.contains("191 rows to train and validate on, 49 to test"),
        "{table}"
    );
    assert!(table.contains("| wide "), "{table}");
    assert!(
        results(&program).contains("\"\"hidden\"\":[99]"),
        "{}",
        results(&program)
    );
}

#[test]
fn a_benchmark_that_cannot_be_run_is_rejected_before_the_first_training() {
    let program = with_fruit();
    let usage_error = |arguments: &[&str]| {
        let (code, message) = program.failure(&[&["benchmark"], arguments].concat());
        assert_eq!(code, 2, "{message}");
        assert!(!program.path().join("benchmark").exists());
        message
    };
    assert_snapshot!(usage_error(&[]), @r"
    error: no data set is named

    hint: name built-in data sets (`trainer datasets` lists them), files as `FILE:TARGET`, or a list of data sets with `--suite FILE`
    ");
    assert_snapshot!(usage_error(&["irsi"]), @r"
    error: there is no data set `irsi`

    hint: did you mean `iris`? `trainer datasets` lists all
    ");
    assert_snapshot!(usage_error(&["iris", "--models", "mlp,perceptrn"]), @r"
    error: `--models` contains `perceptrn`, which is neither a model nor a configuration file such as `wide.toml`

    hint: did you mean `perceptron`?
    ");
    let message = usage_error(&["iris", "--models", "mlp,som"]);
    assert!(
        message.contains("`som` finds clusters, but a benchmark compares predictions"),
        "{message}"
    );
    let message = usage_error(&["iris", "--models", "mlp,perceptron", "--hidden", "8"]);
    assert!(
        message.contains("`--hidden` does not apply to `--model perceptron`"),
        "{message}"
    );
    assert_snapshot!(usage_error(&["iris", "--folds", "3"]), @r"
    error: `--folds` does not apply to a benchmark, which trains once for each seed

    hint: repeat it with more `--seeds`
    ");
    assert_snapshot!(usage_error(&["iris", "--numeric", "x"]), @r"
    error: `--numeric` is for your own table, but `iris` is built in

    hint: for a file of that name write `./iris`
    ");
    assert_snapshot!(usage_error(&["iris", "iris"]), @r"
    error: two data sets are called `iris`

    hint: give each a `name` in a file for `--suite`
    ");
    assert_snapshot!(usage_error(&["--", "-:y"]), @r"
    error: standard input cannot be read several times

    hint: save the table in a file
    ");
    assert_snapshot!(usage_error(&["fruit.csv"]), @r"
    error: which column of `fruit.csv` should be predicted?

    hint: name it as `fruit.csv:TARGET`, or for all files with `--target`
    ");
    let message = usage_error(&["iris", "--seeds", "2..0"]);
    assert!(message.contains("the range `2..0` is empty"), "{message}");

    let failure = |arguments: &[&str]| {
        let (code, message) = program.failure(&[&["benchmark"], arguments].concat());
        assert_eq!(code, 1, "{message}");
        message
    };
    assert_snapshot!(failure(&["missing.csv:y"]), @"error: cannot read `missing.csv`: No such file or directory (os error 2)");
    fs::write(
        program.path().join("peers.jsonl"),
        "\n{\"dataset\": \"iris\"}\n",
    )
    .unwrap();
    assert_snapshot!(failure(&["iris", "--peers", "peers.jsonl"]), @r"
    error: line 2 of `peers.jsonl` is no result of a training: missing field `model` at line 1 column 19

    hint: correct or remove the line
    ");
    fs::create_dir(program.path().join("benchmark")).unwrap();
    let path = program.path().join("benchmark/results.csv");
    fs::write(&path, "name,value\nthesis,1\n").unwrap();
    assert_snapshot!(failure(&["iris", "--force"]), @r"
    error: `benchmark/results.csv` does not hold the results of a benchmark, so it is left as it is

    hint: choose another folder with `--output`
    ");
    assert_eq!(fs::read_to_string(&path).unwrap(), "name,value\nthesis,1\n");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_running_training_and_keeps_those_that_are_done() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let program = Program::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args([
            "benchmark",
            "xor",
            "digits",
            "--seeds",
            "0",
            "--epochs",
            "1000",
            "--batch-size",
            "120",
        ])
        .current_dir(program.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    errors.read_line(&mut first).unwrap();
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    let mut rest = String::new();
    errors.read_to_string(&mut rest).unwrap();

    assert_eq!(child.wait().unwrap().code(), Some(130), "{first}{rest}");
    assert!(
        rest.contains("stopped: 1 of 2 trainings are done"),
        "{rest}"
    );
    assert_eq!(results(&program).lines().count(), 2);
}
