//! Folders that others have made or changed: nothing of theirs is removed, overwritten, waited for or shown.

#![cfg(unix)]

mod program;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use program::{Program, TRAIN, with_fruit};

/// Trains a run whose last steps are taken back, as if it had been killed.
fn unfinished(program: &Program, arguments: &[&str]) {
    program.train(&[arguments, &["--output", "run", "--no-report"]].concat());
    let run = program.path().join("run");
    for name in ["summary.json", "model.json", "model.safetensors"] {
        fs::remove_file(run.join(name)).unwrap();
    }
    fs::write(run.join("lock"), "").unwrap();
}

fn pipe(path: &Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// What a command comes to that must not wait for anything.
fn run(program: &Program, arguments: &[&str]) -> Output {
    let mut command = program.command(arguments);
    let output = command.timeout(Duration::from_secs(20)).output().unwrap();
    assert!(
        output.status.code().is_some(),
        "{arguments:?} does not end: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_folder_of_another_program_is_neither_cleaned_nor_overwritten() {
    let program = Program::new();
    let theirs = program.path().join("all/js-app");
    fs::create_dir_all(&theirs).unwrap();
    for (name, content) in [
        ("model.json", "{\"format\": \"layers-model\"}"),
        ("config.toml", "k = 1"),
        ("metrics.csv", "a"),
        ("report.html", "h"),
        ("lock", ""),
    ] {
        fs::write(theirs.join(name), content).unwrap();
    }
    let output = run(&program, &["runs", "all", "--clean"]);
    assert!(output.status.success());
    assert_eq!(errors(&output), "");
    let forced = [
        "train",
        "iris",
        "--epochs",
        "1",
        "--output",
        "all/js-app",
        "--force",
    ];
    let (_, message) = program.failure(&forced);
    assert!(message.contains("is not a run"), "{message}");
    assert_eq!(fs::read_dir(&theirs).unwrap().count(), 5);
}

#[test]
fn what_is_cleaned_is_told_only_if_it_is_gone() {
    let program = Program::new();
    unfinished(&program, &["iris", "--epochs", "1"]);
    let path = |name: &str| program.path().join(name);
    fs::create_dir(path("all")).unwrap();
    fs::rename(path("run"), path("outside")).unwrap();
    symlink("../outside", path("all/link")).unwrap();
    unfinished(&program, &["iris", "--epochs", "1"]);
    fs::rename(path("run"), path("all/gone")).unwrap();
    unfinished(&program, &["iris", "--epochs", "1"]);
    fs::rename(path("run"), path("all/kept")).unwrap();
    fs::write(path("all/kept/thesis.tex"), "").unwrap();

    let output = run(&program, &["runs", "all", "--clean"]);

    let said = errors(&output);
    assert!(said.contains("removed `gone`"), "{said}");
    assert!(
        said.contains("`link` is a link, so it is left as it is"),
        "{said}"
    );
    assert!(!said.contains("removed `kept`"), "{said}");
    assert!(said.contains("into `kept` is removed"), "{said}");
    assert!(path("outside/config.toml").is_file());
    assert!(path("outside/checkpoint/training.safetensors").is_file());
    assert!(!path("all/gone").exists());
    assert_eq!(fs::read_dir(path("all/kept")).unwrap().count(), 1);
    // It is listed as it is still there.
    let listed = String::from_utf8(output.stdout).unwrap();
    assert!(listed.contains("link  unfinished"), "{listed}");
    assert!(!listed.contains("kept"), "{listed}");
}

#[test]
fn a_training_does_not_go_on_through_a_link() {
    let program = Program::new();
    unfinished(&program, &["iris", "--epochs", "2"]);
    let path = |name: &str| program.path().join(name);
    fs::write(path("victim"), "theirs").unwrap();
    fs::create_dir(path("theirs")).unwrap();
    for (name, target) in [
        ("lock", "../none"),
        ("metrics.csv", "../victim"),
        ("checkpoint", "../theirs"),
        ("member-7", "../theirs"),
        ("pictures", "../theirs"),
    ] {
        let link = path("run").join(name);
        let beside = path("beside");
        let is_there = fs::rename(&link, &beside).is_ok();
        symlink(target, &link).unwrap();

        let (code, message) = program.failure(&["train", "--resume", "run"]);

        assert_eq!(code, 1);
        let expected = format!("`run/{name}` is a link, so nothing is written there");
        assert!(message.contains(&expected), "{message}");
        assert!(!path("none").exists());
        assert_eq!(fs::read_to_string(path("victim")).unwrap(), "theirs");
        assert_eq!(fs::read_dir(path("theirs")).unwrap().count(), 0);
        fs::remove_file(&link).unwrap();
        if is_there {
            fs::rename(&beside, &link).unwrap();
        }
    }
    assert_eq!(program.train(&["--resume", "run"])["epochs"], 2);
}

#[test]
fn no_pipe_in_a_run_is_waited_for() {
    let program = Program::new();
    unfinished(&program, &["iris", "--epochs", "1"]);
    let path = |name: &str| program.path().join(name);
    fs::create_dir(path("runs")).unwrap();
    fs::rename(path("run"), path("runs/x")).unwrap();
    pipe(&path("runs/x/lock"));
    assert!(run(&program, &["runs"]).status.success());
    let train = ["train", "iris", "--epochs", "1"];
    assert!(run(&program, &train).status.success());
    let forced = [&train[..], &["--output", "runs/x", "--force"]].concat();
    assert!(!run(&program, &forced).status.success());
    let output = run(&program, &["train", "--resume", "runs/x"]);
    let expected = "`runs/x/lock` is not a regular file";
    assert!(errors(&output).contains(expected), "{}", errors(&output));

    fs::remove_file(path("runs/x/lock")).unwrap();
    fs::write(path("runs/x/lock"), "").unwrap();
    let config = fs::read(path("runs/x/config.toml")).unwrap();
    pipe(&path("runs/x/config.toml"));
    assert!(run(&program, &train).status.success());

    fs::remove_file(path("runs/x/config.toml")).unwrap();
    fs::write(path("runs/x/config.toml"), config).unwrap();
    pipe(&path("runs/x/metrics.csv"));
    let output = run(&program, &["train", "--resume", "runs/x"]);
    let expected = "`runs/x/metrics.csv` is not a regular file";
    assert!(errors(&output).contains(expected), "{}", errors(&output));
}

#[test]
fn no_pipe_or_device_that_a_run_names_is_read() {
    let program = with_fruit();
    let path = |name: &str| program.path().join(name);
    program.train(&[&TRAIN[..], &["--epochs", "1"]].concat());
    pipe(&path("fifo.csv"));
    let config = fs::read_to_string(path("run/config.toml")).unwrap();
    let summary = fs::read_to_string(path("run/summary.json")).unwrap();
    let summary = summary.replace("config_sha256", "other");
    fs::write(
        path("run/summary.json"),
        summary.replace("\"sha256\"", "\"another\""),
    )
    .unwrap();
    let resume = ["train", "--resume", "run", "--epochs", "2"];
    let report = ["report", "run"];
    let trace = ["trace", "run", "1"];
    for (config, named, commands) in [
        (
            config.replace("fruit.csv", "fifo.csv"),
            "fifo.csv",
            &[&resume[..], &report, &trace][..],
        ),
        (
            config.replace("fruit.csv", "/dev/zero"),
            "/dev/zero",
            &[&resume[..], &report],
        ),
        (
            format!("{config}\n[table.split]\ntest = \"fifo.csv\"\n"),
            "fifo.csv",
            &[&resume[..], &report],
        ),
        (
            config.replace("[table]", "[table]\nschema_file = \"fifo.csv\""),
            "fifo.csv",
            &[&resume[..]],
        ),
    ] {
        fs::write(path("run/config.toml"), config).unwrap();
        for command in commands {
            let output = run(&program, command);
            let message = errors(&output);
            assert!(!output.status.success(), "{command:?}: {message}");
            let expected = format!("`{named}`, which the run names, is not a file");
            assert!(message.contains(&expected), "{command:?}: {message}");
        }
    }
    // What is not needed is not read.
    for command in [&report[..], &trace] {
        run(&program, command);
    }
}

#[test]
fn a_training_that_goes_on_shows_nothing_of_a_file_without_the_columns_of_its_run() {
    let program = with_fruit();
    let path = |name: &str| program.path().join(name);
    unfinished(
        &program,
        &["fruit.csv", "--target", "kind", "--epochs", "1"],
    );
    fs::write(path("secret.txt"), "password,x\n1234,1\n5678,2\n").unwrap();
    let config = fs::read_to_string(path("run/config.toml")).unwrap();
    let resume = ["train", "--resume", "run"];
    let schema = "[table]\nschema_file = \"secret.txt\"";
    for stranger in [
        config.replace("fruit.csv", "secret.txt"),
        config
            .replace("fruit.csv", "secret.txt")
            .replace("target = [\"kind\"]", ""),
        config.replace("[table]", schema),
    ] {
        fs::write(path("run/config.toml"), stranger).unwrap();
        let (_, message) = program.failure(&resume);
        assert!(
            message.contains("reading `secret.txt`, which the run names"),
            "{message}"
        );
        assert!(!message.contains("password"), "{message}");
        assert!(!message.contains("1234"), "{message}");
        assert!(
            message.contains("`secret.txt`, which the run names, is not a file"),
            "{message}"
        );
    }

    // One's own table that was changed is spoken of as ever.
    fs::write(path("run/config.toml"), config).unwrap();
    let table = fs::read_to_string(path("fruit.csv")).unwrap();
    fs::write(path("fruit.csv"), table.replace("apple", "\"apple")).unwrap();
    let (_, message) = program.failure(&resume);
    assert!(message.contains("line"), "{message}");
    fs::write(path("fruit.csv"), table).unwrap();
    program.success(&resume);
}

#[test]
fn a_line_break_in_a_name_forges_no_line() {
    let program = Program::new();
    let path = |name: &str| program.path().join(name);
    program.train(&["iris", "--epochs", "1", "--output", "run"]);
    fs::create_dir(path("all")).unwrap();
    fs::rename(path("run"), path("all/a\nforged  complete")).unwrap();
    let listed = program.success(&["runs", "all"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.contains("a\\u000aforged"), "{listed}");

    let row = |row: usize| format!("{row},{}\n", row % 2);
    let rows: String = (0..60).map(row).collect();
    let text = format!("\"a\nwarning: forged\",\"y\nforged\"\n{rows}");
    fs::write(path("t.csv"), text).unwrap();
    let output = run(&program, &["inspect", "t.csv", "--target", "y\nforged"]);
    let printed =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    assert!(printed.contains("target y\\u000aforged"), "{printed}");
    let is_forged = |line: &str| line.starts_with("forged") || line.starts_with("warning: forged");
    assert!(!printed.lines().any(is_forged), "{printed}");
}

#[test]
fn a_changed_or_damaged_summary_is_said_where_runs_are_listed() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "1", "--output", "all/run"]);
    let path = program.path().join("all/run/summary.json");
    let summary = fs::read_to_string(&path).unwrap();
    assert_eq!(errors(&run(&program, &["runs", "all"])), "");
    for (changed, expected) in [
        (
            summary.replace("\"epochs\":", "\"epoch\":"),
            "warning: `all/run/summary.json` is not as the training wrote it",
        ),
        (
            summary[..summary.len() / 2].to_owned(),
            "warning: `all/run/summary.json` is damaged",
        ),
    ] {
        fs::write(&path, changed).unwrap();
        let said = errors(&run(&program, &["runs", "all"]));
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn a_run_in_the_place_of_a_folder_of_runs_is_listed() {
    let program = Program::new();
    program.train(&["iris", "--epochs", "1", "--output", "all/run"]);
    let listed = program.success(&["runs", "all/run"]);
    assert!(listed.contains("all/run  complete    mlp"), "{listed}");
    assert_eq!(listed.lines().count(), 2, "{listed}");

    let folds = ["iris", "--epochs", "1", "--folds", "2", "--output", "folds"];
    program.train(&folds);
    let listed = program.json(&["runs", "folds", "--json"]);
    let names = listed.as_array().unwrap().iter();
    let names: Vec<_> = names.map(|run| run["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["folds", "fold-1", "fold-2"]);
}

#[test]
fn a_pipe_that_is_given_as_a_run_is_not_waited_for() {
    let program = with_fruit();
    pipe(&program.path().join("pipe"));
    for command in [
        &["predict", "pipe", "fruit.csv"][..],
        &["evaluate", "pipe"],
        &["report", "pipe"],
        &["export", "pipe", "--format", "onnx"],
        &["explain", "pipe"],
        &["trace", "pipe", "1"],
        &["runs", "pipe"],
        &["train", "--resume", "pipe"],
    ] {
        let output = run(&program, command);
        assert!(errors(&output).starts_with("error: "), "{command:?}");
    }
}

#[test]
fn a_run_that_names_all_files_of_the_machine_does_not_have_them_looked_for() {
    let program = with_fruit();
    program.train(&[&TRAIN[..], &["--model", "mlp", "--epochs", "2"]].concat());
    let path = program.path().join("run/config.toml");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(&path, config.replace("\"fruit.csv\"", "\"/**/*\"")).unwrap();
    let predict = ["predict", "run", "fruit.csv", "--output", "new.csv"];
    let output = run(&program, &predict);
    assert!(output.status.success(), "{}", errors(&output));
}
