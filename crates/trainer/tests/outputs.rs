//! Where outputs may go: never over what is read, a file of the run, a device or a pipe.

mod program;

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::FileTypeExt;
#[cfg(unix)]
use std::process;

use program::{Program, TRAIN, with_fruit};

/// A run of two epochs with an ensemble of two members.
fn with_ensemble() -> Program {
    let program = with_fruit();
    let ensemble = [
        "--model",
        "ensemble",
        "--members",
        "mlp,mlp",
        "--epochs",
        "2",
    ];
    program.train(&[&TRAIN[..], &ensemble].concat());
    program
}

#[test]
fn no_output_replaces_a_file_of_the_run_or_its_table() {
    let program = with_ensemble();
    let other = fs::read_to_string(program.path().join("fruit.csv")).unwrap();
    fs::write(program.path().join("other.csv"), other).unwrap();
    let kept = [
        "run/metrics.csv",
        "run/config.toml",
        "run/member-1/metrics.csv",
        "run/member-1/model.safetensors",
        "fruit.csv",
    ];
    for file in kept.map(|file| program.path().join(file)) {
        // Some files are not in each run.
        if !file.exists() {
            continue;
        }
        let before = fs::read(&file).unwrap();
        let output = file.display().to_string();
        for command in [
            &["predict", "run", "other.csv"][..],
            &["report", "run"],
            &["export", "run", "--format", "onnx"],
            &["export", "run", "--format", "safetensors"],
        ] {
            let (_, errors) = program.failure(&[command, &["--output", &output]].concat());
            assert!(
                errors.contains("cannot be the output") && errors.contains("hint: choose another"),
                "{command:?}: {errors}"
            );
            assert_eq!(fs::read(&file).unwrap(), before, "{command:?} {output}");
        }
    }
    program.success(&[
        "predict",
        "run",
        "other.csv",
        "--output",
        "run/predicted.csv",
    ]);
    program.success(&[
        "predict",
        "run",
        "other.csv",
        "--output",
        "run/predicted.csv",
    ]);
    program.success(&["report", "run"]);
    program.success(&["report", "run", "--output", "run/report.html"]);
}

#[test]
fn the_table_of_a_run_is_kept_from_another_folder_and_so_is_its_schema() {
    let program = with_fruit();
    let path = |name: &str| program.path().join(name);
    let schema = program.success(&["train", "fruit.csv", "--target", "kind", "--schema"]);
    fs::write(path("schema.toml"), schema).unwrap();
    let options = [
        "--model",
        "mlp",
        "--epochs",
        "2",
        "--schema-file",
        "schema.toml",
    ];
    program.train(&[&TRAIN[..], &options].concat());
    fs::copy(path("fruit.csv"), path("other.csv")).unwrap();
    fs::create_dir(path("elsewhere")).unwrap();
    for kept in ["fruit.csv", "schema.toml"] {
        let before = fs::read(path(kept)).unwrap();
        let output = format!("../{kept}");
        for command in [
            &["predict", "../run", "../other.csv"][..],
            &["export", "../run", "--format", "onnx"],
        ] {
            let mut command = program.command(&[command, &["--output", &output]].concat());
            let output = command.current_dir(path("elsewhere")).output().unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(errors.contains("cannot be the output"), "{errors}");
            assert_eq!(fs::read(path(kept)).unwrap(), before);
        }
    }
}

#[test]
fn a_run_that_holds_what_is_read_is_not_replaced() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--model", "mlp", "--epochs", "20"]].concat());
    let curve = program.path().join("run/metrics.csv");
    let before = fs::read(&curve).unwrap();
    let train = [
        "train",
        "run/metrics.csv",
        "--target",
        "epoch",
        "--output",
        "run",
    ];
    let (_, error) = program.failure(&[&train[..], &["--force"]].concat());
    assert!(error.contains("`run/metrics.csv` is read"), "{error}");
    assert_eq!(fs::read(&curve).unwrap(), before);
}

#[test]
fn an_explanation_replaces_files_of_explanations_alone() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--model", "mlp", "--epochs", "2"]].concat());
    let explain = ["explain", "run", "--output", "explained"];
    program.success(&explain);
    program.success(&explain);
    for name in ["importance.csv", "explanation.json"] {
        let theirs = program.path().join("theirs");
        fs::create_dir(&theirs).unwrap();
        fs::write(theirs.join(name), "[]").unwrap();
        let (_, error) = program.failure(&["explain", "run", "--output", "theirs"]);
        assert!(error.contains("not of an earlier explanation"), "{error}");
        assert_eq!(fs::read_to_string(theirs.join(name)).unwrap(), "[]");
        fs::remove_dir_all(theirs).unwrap();
    }
}

#[test]
fn an_explanation_does_not_replace_the_table_that_it_is_made_of() {
    let program = with_fruit();
    fs::create_dir(program.path().join("folder")).unwrap();
    let table = program.path().join("folder/importance.csv");
    fs::rename(program.path().join("fruit.csv"), &table).unwrap();
    let train = [
        "folder/importance.csv",
        "--target",
        "kind",
        "--output",
        "run",
    ];
    program.train(&[&train[..], &["--model", "mlp", "--epochs", "1"]].concat());
    let before = fs::read(&table).unwrap();
    let explain = ["explain", "run", "--repeats", "1", "--output", "folder"];
    let (_, errors) = program.failure(&explain);
    assert!(errors.contains("cannot be the output"), "{errors}");
    assert_eq!(fs::read(&table).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_replaced_by_a_report_or_a_model() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--model", "mlp", "--epochs", "1"]].concat());
    let pipe = program.path().join("pipe");
    let made = process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for command in [
        &["report", "run"][..],
        &["export", "run", "--format", "onnx"],
        &["export", "run", "--format", "safetensors"],
        &["export", "run", "--format", "burnpack"],
    ] {
        let (code, errors) = program.failure(&[command, &["--output", "pipe"]].concat());
        assert_eq!(code, 2);
        assert!(errors.contains("a device or a pipe"), "{errors}");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }
}

#[cfg(unix)]
#[test]
fn a_run_may_have_a_name_that_is_not_unicode() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let program = with_fruit();
    let name = OsStr::from_bytes(b"bad\xff\xfename");
    let train = [
        "train",
        "fruit.csv",
        "--target",
        "kind",
        "--epochs",
        "1",
        "--no-tui",
    ];
    let mut command = program.command(&train);
    let output = command.arg("--output").arg(name).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let summary = fs::read_to_string(program.path().join(name).join("summary.json")).unwrap();
    assert!(summary.contains("bad\u{fffd}\u{fffd}name"), "{summary}");
    let mut command = program.command(&["evaluate"]);
    assert!(command.arg(name).output().unwrap().status.success());
}

#[cfg(unix)]
#[test]
fn a_link_to_a_run_goes_on_being_one_when_the_run_is_replaced() {
    let program = with_fruit();
    let train = |output: &str, seed: &str| {
        let options = ["fruit.csv", "--target", "kind", "--epochs", "1", "--force"];
        let named = ["--output", output, "--seed", seed];
        program.train(&[&options[..], &named].concat())
    };
    train("real", "1");
    let link = program.path().join("link");
    std::os::unix::fs::symlink("real", &link).unwrap();
    let summary = train("link", "2");
    assert_eq!(summary["run"], "real");
    assert!(link.is_symlink());
    let summary = fs::read_to_string(program.path().join("real/summary.json")).unwrap();
    assert!(summary.contains("\"seed\": 2"), "{summary}");
    let names = fs::read_dir(program.path()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["fruit.csv", "link", "real"]);
}

#[test]
fn what_is_no_folder_is_named() {
    let program = with_fruit();
    fs::write(program.path().join("file"), "").unwrap();
    let train = [
        "train",
        "fruit.csv",
        "--target",
        "kind",
        "--epochs",
        "1",
        "--no-tui",
    ];
    let (_, errors) = program.failure(&[&train[..], &["--output", "file/run"]].concat());
    assert!(errors.contains("`file` is not a folder"), "{errors}");
    assert!(!errors.contains("os error"), "{errors}");
}

#[test]
fn names_of_any_length_are_printed() {
    let program = Program::new();
    let (class, column) = ("k".repeat(70_000), "c".repeat(70_000));
    let rows = (0..60).map(|row| match row % 2 {
        0 => format!("{},{class}\n", row % 7),
        _ => format!("{},other\n", 50 + row % 7),
    });
    let table = format!("{column},class\n{}", rows.collect::<String>());
    fs::write(program.path().join("table.csv"), table).unwrap();
    let train = ["train", "table.csv", "--target", "class", "--output", "run"];
    program.success(&[&train[..], &["--epochs", "1", "--no-tui"]].concat());
    for command in [
        &["evaluate", "run"][..],
        &["inspect", "run"],
        &["inspect", "table.csv"],
        &["explain", "run", "--repeats", "1"],
        &["explain", "run", "--rows", "1"],
        &["report", "run"],
        &["runs", "."],
    ] {
        let printed = program.success(command);
        assert!(printed.contains('…') || command[0] == "runs" || command[0] == "report");
    }
}

#[test]
fn a_network_that_is_too_large_makes_no_run() {
    let program = Program::new();
    for options in [
        &["--hidden", "999999999999"][..],
        &["--model", "resnet", "--num-blocks", "1000000000"],
        &["--model", "som", "--grid", "4294967296x4294967296"],
    ] {
        let train = ["train", "iris", "--no-tui"];
        let (code, errors) = program.failure(&[&train[..], options].concat());
        assert_eq!(code, 2);
        let option = options[options.len() - 2];
        assert!(errors.contains(&format!("`{option}` is ")), "{errors}");
        assert!(!program.path().join("runs").exists());
    }
}
