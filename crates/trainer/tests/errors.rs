//! Bad input ends with a message that says what to do, and leaves nothing behind.

mod program;

use std::fs;

use insta::assert_snapshot;
use program::Program;

/// The message of a wrong command, which must end with exit code 2 and leave no run.
fn usage_error(arguments: &[&str]) -> String {
    let program = Program::new();
    let (code, message) = program.failure(arguments);
    assert_eq!(code, 2, "{message}");
    assert_eq!(
        fs::read_dir(program.path()).unwrap().count(),
        0,
        "{arguments:?} leaves files"
    );
    message
}

#[test]
fn an_unknown_data_set_is_answered_with_the_nearest_name() {
    assert_snapshot!(usage_error(&["train", "irsi"]), @r"
    error: no data set is called `irsi`

    hint: did you mean `iris`? `trainer datasets` lists all
    ");
}

#[test]
fn unknown_names_of_options_are_answered_with_those_there_are() {
    for (option, name, nearest) in [
        ("--model", "preceptron", "perceptron"),
        ("--activation", "relo", "relu"),
        ("--backend", "flexx", "flex"),
        ("--optimizer", "adm", "adam"),
        ("--loss", "cross_entropi", "cross_entropy"),
        ("--schedule", "cosin", "cosine"),
        ("--normalization", "bach", "batch"),
        ("--scaling", "standart", "standard"),
    ] {
        let message = usage_error(&["train", "iris", option, name]);
        assert!(
            message.contains(name) && message.contains(nearest),
            "{message}"
        );
    }
}

#[test]
fn a_backend_that_is_not_compiled_in_is_answered_with_the_command_that_adds_it() {
    if cfg!(feature = "cuda") {
        return;
    }
    let message = usage_error(&["train", "iris", "--backend", "cuda"]);
    assert!(
        message.contains("the backend `cuda` is not compiled into this program"),
        "{message}"
    );
    assert!(
        message.contains("cargo run -p trainer --features cuda"),
        "{message}"
    );
}

#[test]
fn values_out_of_range_are_named_with_the_range() {
    for (option, value, allowed) in [
        ("--learning-rate", "0", "above 0"),
        ("--learning-rate", "-0.1", "above 0"),
        ("--learning-rate", "NaN", "above 0"),
        ("--dropout", "1", "in [0, 1)"),
        ("--dropout", "-0.1", "in [0, 1)"),
        ("--epochs", "0", "1 or more"),
        ("--batch-size", "0", "1 or more"),
        ("--patience", "0", "1 or more"),
        ("--hidden", "64,0", "1 or more"),
        ("--weight-decay", "-1", "0 or more"),
        ("--clip-norm", "0", "above 0"),
        ("--label-smoothing", "1", "in [0, 1)"),
        ("--huber-delta", "0", "above 0"),
        ("--test-size", "1", "in (0, 1)"),
        ("--valid-size", "0", "in (0, 1)"),
    ] {
        let message = usage_error(&["train", "iris", option, value]);
        assert!(message.contains(option), "{message}");
        assert!(message.contains(allowed), "{message}");
    }
}

#[test]
fn options_that_do_not_fit_each_other_are_told_apart() {
    assert_snapshot!(usage_error(&["train", "diabetes", "--loss", "cross_entropy"]), @r"
    error: `diabetes` has a number for a target, but the loss `cross_entropy` needs classes

    hint: use `--loss mean_squared_error`, `mean_absolute_error` or `huber`
    ");
    assert_snapshot!(usage_error(&["train", "iris", "--model", "logistic", "--hidden", "8"]), @r"
    error: `--hidden` is for hidden layers, and `--model logistic` has none

    hint: use `--model mlp`
    ");
    assert_snapshot!(usage_error(&["train", "iris", "--test-size", "0.6", "--valid-size", "0.5"]), @r"
    error: `--test-size` and `--valid-size` add up to 1.1, which leaves nothing to train on

    hint: they must add up to less than 1
    ");
}

#[test]
fn a_loss_that_is_no_number_names_epoch_learning_rate_and_what_to_try() {
    let program = Program::new();
    let arguments = [
        "train",
        "diabetes",
        "--optimizer",
        "sgd",
        "--schedule",
        "constant",
        "--learning-rate",
        "100",
        "--activation",
        "relu",
        "--no-tui",
    ];
    let (code, message) = program.failure(&arguments);

    assert_eq!(code, 1);
    assert!(message.contains("loss became"), "{message}");
    assert!(
        message.contains("in epoch 1, at a learning rate of 100"),
        "{message}"
    );
    assert!(
        message.contains("hint: try `--learning-rate 10` or `--clip-norm 1`"),
        "{message}"
    );
    assert!(message.contains("nothing is kept"), "{message}");
    let runs = fs::read_dir(program.path().join("runs")).map_or(0, Iterator::count);
    assert_eq!(runs, 0);
}

#[test]
fn an_existing_run_is_not_overwritten_unless_forced() {
    let program = Program::new();
    let arguments = ["iris", "--epochs", "1", "--output", "run"];
    program.train(&arguments);

    let (code, message) = program.failure(&[&["train"], &arguments[..]].concat());
    assert_eq!(code, 1);
    assert_snapshot!(message, @r"
    error: `run` exists

    hint: choose another folder with `--output`, or overwrite it with `--force`
    ");

    program.train(&[&arguments[..], &["--force"]].concat());
    assert_eq!(fs::read_dir(program.path()).unwrap().count(), 1);
}

#[test]
fn damaged_runs_are_told_by_the_file() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "1", "--output", "run"]);
    let (code, message) = program.failure(&["evaluate", "ruin"]);
    assert_eq!(
        (code, message.trim()),
        (1, "error: there is no folder `ruin`")
    );

    for file in [
        "model.json",
        "model.safetensors",
        "config.toml",
        "summary.json",
    ] {
        let path = program.path().join("run").join(file);
        let whole = fs::read(&path).unwrap();

        fs::remove_file(&path).unwrap();
        let (_, message) = program.failure(&["evaluate", "run"]);
        assert!(
            message.contains(file) && message.contains("missing"),
            "{message}"
        );

        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let (_, message) = program.failure(&["evaluate", "run"]);
        assert!(message.contains(file), "{message}");

        fs::write(&path, whole).unwrap();
    }
    program.success(&["evaluate", "run"]);
}

#[test]
fn another_data_set_without_the_features_is_refused() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "1", "--output", "run"]);

    let (code, message) = program.failure(&["evaluate", "run", "wine"]);

    assert_eq!(code, 1);
    assert!(message.contains("sepal_length"), "{message}");
}

#[test]
fn bad_cells_are_told_by_file_line_and_column() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "1", "--output", "run"]);
    let predict = |text: &str| {
        fs::write(program.path().join("flowers.csv"), text).unwrap();
        program
            .failure(&["predict", "run", "flowers.csv", "--output", "out.csv"])
            .1
    };

    let header = "sepal_length,sepal_width,petal_length,petal_width\n";
    let message = predict(&format!("{header}1,2,3,4\n1,2,three,4\n"));
    for part in ["flowers.csv", "line 3", "petal_length", "three"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(predict("sepal_length,sepal_width\n1,2\n").contains("petal_length"));
    assert!(predict("").contains("flowers.csv"));
    assert!(!program.path().join("out.csv").exists());
}

#[cfg(unix)]
#[test]
fn an_output_that_cannot_be_written_is_named() {
    let program = Program::new();
    fs::write(program.path().join("file"), "").unwrap();

    let (code, message) = program.failure(&["train", "iris", "--output", "file/run"]);

    assert_eq!(code, 1);
    assert!(message.contains("file/"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_had_enough_ends_the_program_quietly() {
    use std::process::{Command, Stdio};

    let mut child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .arg("datasets")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());

    let output = child.wait_with_output().unwrap();

    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
