//! Bad input ends with a message that says what to do, and leaves nothing behind.

mod program;

use std::fs;

use insta::assert_snapshot;
use program::{Program, TRAIN, with_fruit};

#[test]
fn a_loss_that_diverges_is_reported_with_epoch_learning_rate_and_what_to_try() {
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
        "--clip-norm",
        "1e9",
        "--weight-decay",
        "1",
        "--no-tui",
    ];
    let (code, message) = program.failure(&arguments);

    assert_eq!(code, 1);
    assert!(message.contains("loss became"), "{message}");
    assert!(
        message.contains(" of epoch 1, at a learning rate of 100"),
        "{message}"
    );
    assert!(
        message.contains(
            "hint: try `--learning-rate 10`, to which `--retry N` lowers it by itself, or `--clip-norm 1`"
        ),
        "{message}"
    );
    assert!(message.contains("nothing is kept"), "{message}");
    let runs = fs::read_dir(program.path().join("runs")).map_or(0, Iterator::count);
    assert_eq!(runs, 0);

    let output = program.command(&[&arguments[..], &["--retry", "9"]].concat());
    let output = { output }.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let expected = "beginning anew with a learning rate of 10\n";
    assert!(errors.contains(expected), "{errors}");
}

#[test]
fn a_column_of_extreme_numbers_is_named_as_the_cause_of_a_divergence() {
    let program = Program::new();
    let rows = (0..60).map(|row| {
        let (size, mass) = (row * 37 % 61, row * 7 % 41);
        format!("{size}.5,{mass}.25e36,{}\n", row * row * 3 % 97)
    });
    let table = format!("size,mass,price\n{}", rows.collect::<String>());
    fs::write(program.path().join("table.csv"), table).unwrap();
    let arguments = "train table.csv --target price --model mlp --scaling none --activation relu \
                     --learning-rate 100 --schedule constant --weight-decay 1 --clip-norm 1e9 --no-tui";
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let (_, message) = program.failure(&arguments);
    assert!(
        message.contains("the column `mass` has numbers up to 1.0e15 after scaling"),
        "{message}"
    );
    assert!(message.contains("`--drop mass`"), "{message}");
}

#[test]
fn a_configuration_that_was_changed_after_the_training_is_noticed() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "2", "--output", "run"]);
    program.success(&["evaluate", "run"]);
    let path = program.path().join("run/config.toml");
    let config = fs::read_to_string(&path).unwrap();
    // Other rows would be tested.
    fs::write(&path, config.replace("seed = 0", "seed = 1")).unwrap();

    let (code, message) = program.failure(&["evaluate", "run"]);

    assert_eq!(code, 1);
    let expected = "`run/config.toml` is not as the training wrote it";
    assert!(message.contains(expected), "{message}");
}

#[cfg(unix)]
#[test]
fn a_run_whose_configuration_is_a_link_to_a_secret_does_not_show_it() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "2", "--output", "run"]);
    let path = program.path().join("run/config.toml");
    fs::write(
        program.path().join("secret.txt"),
        "user = 1\nroot:$6$abcdef:19000\n",
    )
    .unwrap();
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("../secret.txt", &path).unwrap();

    let (code, message) = program.failure(&["evaluate", "run"]);

    assert_eq!(code, 1);
    assert!(
        message.contains("`run/config.toml` is damaged"),
        "{message}"
    );
    assert!(message.contains("in line 2"), "{message}");
    assert!(!message.contains("abcdef"), "{message}");
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
fn the_damaged_file_of_a_run_is_named() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "1", "--output", "run"]);
    let (code, message) = program.failure(&["evaluate", "ruin"]);
    assert_eq!(
        (code, message.trim()),
        (1, "error: the folder `ruin` does not exist")
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

        fs::write(&path, [&whole[..whole.len() / 2], b" ["].concat()).unwrap();
        let (_, message) = program.failure(&["evaluate", "run"]);
        assert!(message.contains(file), "{message}");

        fs::write(&path, whole).unwrap();
    }
    program.success(&["evaluate", "run"]);
}

#[test]
fn another_data_set_without_the_features_is_rejected() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "1", "--output", "run"]);

    // Flowers without one of their measurements.
    let csv = "sepal_length,sepal_width,petal_length,species\n".to_owned();
    let csv = csv + &"5,3,1,setosa\n5,3,2,virginica\n".repeat(5);
    fs::write(program.path().join("flowers.csv"), csv).unwrap();
    let (code, message) = program.failure(&["evaluate", "run", "flowers.csv"]);
    assert_eq!(code, 1);
    assert_snapshot!(message, @r"
    error: `flowers.csv` has no column `petal_width`; its columns are `sepal_length`, `sepal_width`, `petal_length`, `species`

    hint: did you mean `sepal_width`?
    ");

    let (code, message) = program.failure(&["evaluate", "run", "diabetes"]);
    assert_eq!(code, 1);
    let expected = "error: the table has no feature `sepal_length`; its features are `age`, ";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn bad_cells_are_reported_by_file_line_and_column() {
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

#[test]
fn predictions_that_are_not_finite_are_empty_cells() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "1", "--output", "run"]);
    let path = program.path().join("run/model.safetensors");
    let mut file = fs::read(&path).unwrap();
    let header = u64::from_le_bytes(file[..8].try_into().unwrap());
    // Every weight becomes the largest number, so that sums overflow.
    let weights = &mut file[8 + usize::try_from(header).unwrap()..];
    for weight in weights.as_chunks_mut::<4>().0 {
        *weight = f32::MAX.to_le_bytes();
    }
    fs::write(path, file).unwrap();
    let path = program.path().join("run/model.json");
    let json = fs::read_to_string(&path).unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&json).unwrap();
    for digest in ["weights_sha256", "sha256"] {
        document.as_object_mut().unwrap().remove(digest).unwrap();
    }
    fs::write(path, document.to_string()).unwrap();
    let csv = "sepal_length,sepal_width,petal_length,petal_width\n5,3,1.5,0.2\n";
    fs::write(program.path().join("new.csv"), csv).unwrap();

    assert_eq!(
        program.success(&["predict", "run", "new.csv", "--only-predictions"]),
        "prediction,probability_setosa,probability_versicolor,probability_virginica\n,,,\n"
    );
    program.success(&["predict", "run", "new.csv", "--output", "out.parquet"]);
    assert!(program.path().join("out.parquet").exists());
    let summary = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(summary["metrics"]["test"], serde_json::json!({}));
}

#[test]
fn what_a_file_says_gives_no_commands_to_a_terminal() {
    let program = Program::new();
    let row = |row: usize| format!("{row},b\u{1b}[31m{},c\u{7}{}\n", row % 4, row % 2);
    let rows: String = (0..60).map(row).collect();
    let path = program.path().join("\u{1b}]0;x\u{7}.csv");
    fs::write(path, format!("a\u{1b}[2J,b\u{9b}1m,kind\u{7}\n{rows}")).unwrap();
    let file = "\u{1b}]0;x\u{7}.csv";
    let printed = |arguments: &[&str]| {
        let output = program.command(arguments).output().unwrap();
        [output.stdout, output.stderr]
            .map(|text| String::from_utf8(text).unwrap())
            .concat()
    };
    let train = [
        "train",
        file,
        "--target",
        "kind\u{7}",
        "--output",
        "run",
        "--epochs",
        "1",
    ];
    for arguments in [
        &train[..],
        &["inspect", file, "--target", "kind\u{7}"],
        &["evaluate", "run"],
        &["train", file, "--target", "kind\u{1b}[31m"],
        &["train", "\u{1b}[31m.csv", "--target", "y"],
        &["predict", "\u{1b}[31m", file],
    ] {
        let printed = printed(arguments);
        let is_command = |character: char| character.is_control() && character != '\n';
        assert!(!printed.contains(is_command), "{arguments:?}: {printed:?}");
        assert!(printed.contains("\\u00"), "{arguments:?}: {printed:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_run_of_a_stranger_opens_no_file_unsaid_and_shows_nothing_of_it() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--epochs", "1"]].concat());
    fs::write(program.path().join("secret.txt"), "password: 1234\nb\nc\n").unwrap();
    let config = fs::read_to_string(program.path().join("run/config.toml")).unwrap();
    // The stranger makes them fit.
    let path = program.path().join("run/summary.json");
    let summary = fs::read_to_string(&path).unwrap();
    let summary = summary.replace("config_sha256", "other");
    fs::write(&path, summary.replace("\"sha256\"", "\"another\"")).unwrap();
    for (named, is_named) in [("secret.txt", true), ("/dev/zero", true), ("-", false)] {
        let config = config.replace("fruit.csv", named);
        fs::write(program.path().join("run/config.toml"), config).unwrap();
        let (_, message) = program.failure(&["evaluate", "run"]);
        assert!(!message.contains("password"), "{message}");
        assert!(
            message.contains(&format!(
                "`{named}`, which the run names, is not a file with the columns of the training"
            )),
            "{message}"
        );
        let said = message.starts_with(&format!("reading `{named}`, which the run names"));
        assert!(said || !is_named, "{message}");
    }
}
