//! Options that cannot be used end with a message that says why, before any data is read.

mod program;

use std::fs;
use std::time::{Duration, Instant};

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
    error: there is no data set `irsi`

    hint: did you mean `iris`? `trainer datasets` lists all
    ");
}

#[test]
fn a_misspelt_value_of_an_option_is_answered_with_the_nearest_one() {
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
fn values_out_of_range_are_rejected_with_the_option_and_the_range() {
    for (option, value, allowed) in [
        ("--learning-rate", "0", "above 0"),
        ("--learning-rate", "-0.1", "above 0"),
        (
            "--learning-rate",
            "2",
            "above 0 and at most 1 with the schedule `cosine`",
        ),
        ("--dropout", "1", "in [0, 1)"),
        ("--dropout", "-0.1", "in [0, 1)"),
        ("--d-embedding", "0", "1 or more"),
        ("--epochs", "0", "1 or more"),
        ("--batch-size", "0", "1 or more"),
        ("--patience", "0", "1 or more"),
        ("--weight-decay", "-1", "0 or more"),
        ("--clip-norm", "0", "above 0"),
        ("--clip-global-norm", "0", "above 0"),
        ("--ema", "1", "in [0, 1)"),
        ("--label-smoothing", "1", "in [0, 1)"),
        ("--huber-delta", "0", "above 0"),
        ("--quantile", "1", "in (0, 1)"),
        ("--betas", "0.9,1", "two numbers in [0, 1)"),
        ("--min-category-count", "0", "1 or more"),
        ("--test-size", "1", "above 0 and below 1"),
        ("--valid-size", "0", "above 0 and below 1"),
        ("--folds", "1", "2 or more"),
    ] {
        let message = usage_error(&["train", "iris", option, value]);
        let start = format!("error: `{option}` is ");
        let end = format!(", but must be {allowed}\n");
        assert!(
            message.starts_with(&start) && message.ends_with(&end),
            "{message}"
        );
    }
    // Names of fields that differ from those of the options.
    for (options, message) in [
        (
            ["--activation", "relu,tanh,relu"].as_slice(),
            "`--activation` is a list of 3, but must be one for all hidden layers or one per hidden \
             layer",
        ),
        (
            &["--model", "autoencoder", "--denoising", "-1"],
            "`--denoising` is -1, but must be 0 or more",
        ),
        (
            &["--model", "som", "--grid", "1x1"],
            "`--grid` is 1 unit, but must be 2 units or more",
        ),
        (
            &["--model", "idec", "--clusters", "1"],
            "`--clusters` is 1, but must be 2 or more, or `auto`",
        ),
    ] {
        let error = usage_error(&[&["train", "iris"], options].concat());
        assert_eq!(error, format!("error: {message}\n"));
    }
    // These are not even numbers of the right kind.
    for (option, value) in [
        ("--hidden", "64,0"),
        ("--grid", "0x4"),
        ("--clusters", "few"),
    ] {
        let message = usage_error(&["train", "iris", option, value]);
        assert!(message.contains(option), "{message}");
        assert!(message.contains("is not a valid "), "{message}");
    }
}

#[test]
fn a_number_that_is_not_finite_is_rejected() {
    for option in [
        "--learning-rate",
        "--dropout",
        "--weight-decay",
        "--quantile",
    ] {
        for value in ["NaN", "inf"] {
            let message = usage_error(&["train", "iris", option, value]);
            let start = format!("error: `{option}` is {value}, but must be ");
            assert!(message.starts_with(&start), "{message}");
        }
    }
    let program = Program::new();
    let file = "[training]\nlearning_rate = nan\n";
    fs::write(program.path().join("my.toml"), file).unwrap();
    let (code, message) = program.failure(&["train", "--config", "my.toml"]);
    assert_eq!(code, 2);
    assert!(
        message.starts_with("error: `--learning-rate` is NaN"),
        "{message}"
    );
}

#[test]
fn an_option_that_does_not_apply_to_the_model_is_rejected_with_those_that_do() {
    assert_snapshot!(usage_error(&["train", "iris", "--model", "som", "--hidden", "8"]), @r"
    error: `--hidden` does not apply to `--model som`

    hint: `--model som` has `--clusters`, `--grid`, `--topology`, `--neighbourhood`, `--last-radius`, `--tear-weight`, `--learning-rate`, `--epochs`, `--batch-size`, `--scaling`, `--min-category-count`, `--derive` and `--only-derived`
    ");
    assert_snapshot!(usage_error(&["train", "iris", "--model", "logistic", "--dropout", "0.1"]), @r"
    error: `--dropout` does not apply to `--model logistic`

    hint: `--model logistic` has `--loss`, `--huber-delta`, `--quantile`, `--class-weights`, `--label-smoothing`, `--optimizer`, `--betas`, `--learning-rate`, `--schedule`, `--weight-decay`, `--decay-schedule`, `--dropout-schedule`, `--clip-norm`, `--clip-global-norm`, `--ema`, `--epochs`, `--batch-size`, `--patience`, `--select`, `--scaling`, `--categories`, `--min-category-count`, `--target-transform`, `--derive`, `--only-derived`, `--test-size`, `--valid-size`, `--split-seed` and `--folds`
    ");
    for (model, option, value) in [
        ("mlp", "--gamma", "1"),
        ("mlp", "--clusters", "3"),
        ("mlp", "--pretraining-epochs", "3"),
        ("dec", "--folds", "3"),
        ("dec", "--optimizer", "sgd"),
        ("dec", "--weight", "w"),
        ("autoencoder", "--epochs", "3"),
        ("autoencoder", "--select", "accuracy"),
        ("perceptron", "--normalization", "batch"),
    ] {
        let file = if option == "--weight" {
            "x.csv"
        } else {
            "iris"
        };
        let message = usage_error(&["train", file, "--model", model, option, value]);
        let expected = format!("error: `{option}` does not apply to `--model {model}`\n\nhint: ");
        assert!(message.starts_with(&expected), "{message}");
    }
}

#[test]
fn options_that_do_not_fit_each_other_or_the_data_are_rejected() {
    assert_snapshot!(usage_error(&["train", "diabetes", "--loss", "cross_entropy"]), @r"
    error: the loss `cross_entropy` needs classes, but the target of `diabetes` is a number

    hint: for numbers `--loss` takes `mean_squared_error`, `mean_absolute_error`, `huber` and `pinball`
    ");
    assert_snapshot!(usage_error(&["train", "diabetes", "--model", "logistic"]), @r"
    error: the loss `binary_cross_entropy` needs classes, but the target of `diabetes` is a number

    hint: for numbers `--loss` takes `mean_squared_error`, `mean_absolute_error`, `huber` and `pinball`
    ");
    assert_snapshot!(usage_error(&["train", "diabetes", "--class-weights", "balanced"]), @r"
    error: class weights are for classes, but the target of `diabetes` is a number

    hint: `--weight COLUMN` takes the weight of each row from the table
    ");
    assert_snapshot!(usage_error(&["train", "iris", "--test-size", "0.6", "--valid-size", "0.5"]), @r"
    error: `--valid-size` is 0.5, but must be below 1 - `test_size` = 0.4
    ");
    assert_snapshot!(usage_error(&["train", "iris", "--task", "clustering", "--model", "mlp"]), @r"
    error: `--model mlp` does not find clusters

    hint: use one of `som`, `autoencoder`, `dec`, `idec`
    ");
}

#[test]
fn a_weight_for_a_class_that_does_not_exist_is_answered_with_the_classes() {
    let program = Program::new();
    let options = ["--class-weights", "rose=2", "--output", "run"];
    let (code, message) = program.failure(&[&["train", "iris"], &options[..]].concat());
    assert_eq!(code, 2);
    assert_snapshot!(message, @r"
      model        mlp: classification on 150 rows of 4 columns
    error: `--class-weights` is given for `rose`, but must be given for classes: `setosa`, `versicolor`, `virginica`
    ");
    assert_eq!(fs::read_dir(program.path()).unwrap().count(), 0);
}

#[test]
fn options_are_checked_before_any_data_is_read() {
    let program = Program::new();
    // Sparse: it takes no room on the disk, but would take long to be read.
    let huge = fs::File::create(program.path().join("huge.csv")).unwrap();
    huge.set_len(1 << 30).unwrap();
    fs::write(
        program.path().join("dropout.toml"),
        "[model]\ndropout = 2.0",
    )
    .unwrap();
    for file in ["huge.csv", "missing.csv", "missing-*.csv", "-"] {
        for (options, message) in [
            (
                ["--dropout", "2"].as_slice(),
                "error: `--dropout` is 2, but must be in [0, 1)\n",
            ),
            (
                &["--config", "dropout.toml"],
                "error: `--dropout` is 2, but must be in [0, 1)\n",
            ),
            (
                &["--gamma", "1"],
                "error: `--gamma` does not apply to `--model mlp`\n",
            ),
            (
                &["--test-size", "2"],
                "error: `--test-size` is 2, but must be above 0 and below 1\n",
            ),
        ] {
            let arguments = [&["train", file, "--target", "y"], options].concat();
            let start = Instant::now();
            let (code, error) = program.failure(&arguments);
            let elapsed = start.elapsed();
            assert_eq!(code, 2, "{arguments:?}");
            assert!(error.starts_with(message), "{arguments:?}: {error}");
            assert!(
                elapsed < Duration::from_secs(1),
                "{arguments:?}: {elapsed:?}"
            );
        }
    }
    // So is the folder of the run.
    fs::write(program.path().join("run"), "").unwrap();
    let (_, error) = program.failure(&["train", "missing.csv", "--target", "y", "--output", "run"]);
    let expected = "error: `run` exists and is not a run, so it is not overwritten\n";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn a_configuration_file_that_is_not_valid_is_named_with_line_and_key() {
    let program = Program::new();
    let message = |text: &str| {
        fs::write(program.path().join("my.toml"), text).unwrap();
        let (code, message) = program.failure(&["train", "--config", "my.toml"]);
        assert_eq!(code, 2, "{message}");
        message
    };
    let unknown = message("[training]\nepochs = 3\nlearning_rat = 0.1\n");
    let start = "error: `my.toml` is not a valid configuration file: ";
    assert!(unknown.starts_with(start), "{unknown}");
    for part in ["line 3", "unknown field `learning_rat`", "`learning_rate`"] {
        assert!(unknown.contains(part), "{unknown}");
    }
    let wrong = message("[model]\nhidden = 'many'\n");
    assert!(
        wrong.starts_with(start) && wrong.contains("line 2"),
        "{wrong}"
    );
    // A setting that stands in another section than its own.
    assert!(message("epochs = 3\n").contains("unknown field `epochs`"));
}
