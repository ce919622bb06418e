//! What a training promises, checked on the program itself.

mod program;

use std::fs;

use mlp_training::Model;
use program::{Program, short};
use strum::VariantArray;

#[test]
fn the_logic_gates_are_learned_by_a_perceptron_in_a_finite_number_of_updates() {
    let program = Program::new();
    for gate in ["and", "or"] {
        let summary = program.train(&[gate, "--model", "perceptron"]);

        assert_eq!(summary["metrics"]["test"]["accuracy"], 1.0);
        // It stopped by itself: in the last epoch no weight changed.
        assert!(
            summary["epochs"].as_u64().unwrap() < 100,
            "{gate}: {summary}"
        );
    }
}

#[test]
fn xor_cannot_be_learned_by_a_perceptron_and_the_report_says_so() {
    let output = Program::new().success(&["train", "xor", "--model", "perceptron"]);

    assert!(output.contains("not linearly separable"), "{output}");
    assert!(output.contains("`--model mlp`"), "{output}");
    let accuracy = output
        .lines()
        .find(|line| line.starts_with("test"))
        .unwrap();
    let share: f64 = accuracy.split_whitespace().nth(2).unwrap().parse().unwrap();
    assert!(share <= 75.0, "{output}");
}

#[test]
fn xor_is_learned_by_a_multilayer_perceptron_whatever_the_seed() {
    let program = Program::new();
    for seed in 0..20 {
        let summary = program.train(&["xor", "--seed", &seed.to_string()]);

        assert_eq!(summary["metrics"]["test"]["accuracy"], 1.0, "seed {seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_weights_bit_by_bit() {
    let program = Program::new();
    let weights = |run: &str, seed: &str| {
        program.train(&["iris", "--dropout", "0.2", "--seed", seed, "--output", run]);
        fs::read(program.path().join(run).join("model.safetensors")).unwrap()
    };

    let first = weights("first", "7");

    assert!(
        first == weights("second", "7"),
        "the same seed gives other weights"
    );
    assert!(
        first != weights("third", "8"),
        "another seed gives the same weights"
    );
}

#[test]
fn any_number_of_threads_gives_the_same_weights_bit_by_bit() {
    let program = Program::new();
    for (model, options) in [
        ("mlp", &["digits", "--epochs", "1"][..]),
        (
            "tabm-mini",
            &[
                "digits",
                "--epochs",
                "1",
                "--d-block",
                "64",
                "--num-members",
                "4",
            ],
        ),
        ("real-mlp", &["digits", "--epochs", "1", "--hidden", "64"]),
        (
            "idec",
            &["wine", "--epochs", "2", "--pretraining-epochs", "2"],
        ),
    ] {
        let weights = |threads: &str| {
            let output = format!("{model}-{threads}");
            let train = ["train", "--model", model, "--output", &output];
            let mut command = program.command(&[&train[..], options].concat());
            command.env("RAYON_NUM_THREADS", threads);
            let result = command.output().unwrap();
            let errors = String::from_utf8_lossy(&result.stderr);
            assert!(result.status.success(), "{errors}");
            fs::read(program.path().join(output).join("model.safetensors")).unwrap()
        };
        assert!(weights("1") == weights("3"), "{model}");
    }
}

#[test]
fn a_run_that_was_moved_is_evaluated_as_when_it_was_trained() {
    let program = Program::new();
    for dataset in ["wine", "diabetes"] {
        let trained = program.train(&[dataset, "--epochs", "5", "--output", "here"]);
        fs::create_dir(program.path().join("elsewhere")).unwrap();
        fs::rename(
            program.path().join("here"),
            program.path().join("elsewhere/there"),
        )
        .unwrap();

        let evaluated = program.json(&["evaluate", "elsewhere/there", "--json"]);

        assert_eq!(evaluated["metrics"], trained["metrics"]);
        fs::remove_dir_all(program.path().join("elsewhere")).unwrap();
    }
}

#[test]
fn the_best_epoch_by_validation_loss_is_kept() {
    let program = Program::new();
    let summary = program.train(&["iris", "--learning-rate", "0.05", "--weight-decay", "0"]);

    let run = program.path().join(summary["run"].as_str().unwrap());
    let curve = fs::read_to_string(run.join("metrics.csv")).unwrap();
    let mut rows = curve.lines();
    let header: Vec<&str> = rows.next().unwrap().split(',').collect();
    let column = header
        .iter()
        .position(|name| *name == "valid_loss")
        .unwrap();
    let losses: Vec<f64> = rows
        .map(|row| row.split(',').nth(column).unwrap().parse().unwrap())
        .collect();
    let best = (0..losses.len())
        .min_by(|&a, &b| losses[a].total_cmp(&losses[b]))
        .unwrap();
    assert_eq!(summary["best_epoch"], best + 1);
    let log_loss = summary["metrics"]["valid"]["log_loss"].as_f64().unwrap();
    assert!(
        (log_loss - losses[best]).abs() < 1e-5,
        "{log_loss} is not {}",
        losses[best]
    );
}

#[test]
fn patience_ends_a_training_that_does_not_improve() {
    let summary = Program::new().train(&[
        "iris",
        "--learning-rate",
        "0.05",
        "--weight-decay",
        "0",
        "--patience",
        "3",
    ]);

    let (epochs, best) = (summary["epochs"].as_u64(), summary["best_epoch"].as_u64());
    assert_eq!(epochs.unwrap(), best.unwrap() + 3);
}

#[test]
fn every_model_is_trained_evaluated_and_reported() {
    let program = Program::new();
    for &model in Model::VARIANTS {
        let name: &str = model.into();
        let train = ["train", "iris", "--model", name, "--output", name];
        let output = program.success(&[&train[..], &short(model)].concat());
        let start = format!("{name} trained for ");
        assert!(output.starts_with(&start), "{output}");
        assert!(output.contains(&format!(" {name}\n")), "{output}");
        let evaluated = program.json(&["evaluate", name, "--json"]);
        assert_eq!(evaluated["model"], name);
        assert!(evaluated["metrics"].is_object());
    }
}

#[test]
fn predictions_follow_the_rows_of_the_file() {
    let program = Program::new();
    program.train(&["iris", "--output", "run"]);
    // Columns in another order, one that is not needed, and flowers that are easily told apart.
    fs::write(
        program.path().join("flowers.csv"),
        "petal_width,petal_length,colour,sepal_width,sepal_length\n\
         2.3,6.7,blue,3.0,7.7\n\
         0.2,1.4,white,3.5,5.1\n",
    )
    .unwrap();

    let output = program.success(&["predict", "run", "flowers.csv"]);

    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(
        lines[0],
        "petal_width,petal_length,colour,sepal_width,sepal_length,prediction,probability_setosa,\
         probability_versicolor,probability_virginica"
    );
    assert!(
        lines[1].starts_with("2.3,6.7,blue,3.0,7.7,virginica,"),
        "{output}"
    );
    assert!(
        lines[2].starts_with("0.2,1.4,white,3.5,5.1,setosa,"),
        "{output}"
    );
    let sum: f64 = lines[1]
        .split(',')
        .skip(6)
        .map(|p| p.parse::<f64>().unwrap())
        .sum();
    // Each of the three is rounded to six digits.
    assert!((sum - 1.0).abs() < 2e-6);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_training_and_keeps_the_best_model_so_far() {
    use std::process::{Command, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    let program = Program::new();
    let child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args(["train", "iris", "--epochs", "100000", "--output", "run"])
        .current_dir(program.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The header and two epochs, the first of which has been compared.
    let curve = program.path().join("run/metrics.csv");
    let start = Instant::now();
    while fs::read_to_string(&curve).map_or(0, |csv| csv.lines().count()) < 3 {
        assert!(start.elapsed() < Duration::from_mins(1), "no epoch ends");
        sleep(Duration::from_millis(20));
    }

    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();

    assert_eq!(output.status.code(), Some(130));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(
        report.contains("interrupted: the best model so far is kept"),
        "{report}"
    );
    assert!(report.contains("run     run"), "{report}");
    program.success(&["evaluate", "run"]);
}

#[cfg(unix)]
#[test]
fn the_exit_code_tells_which_signal_ended_a_training_and_before_its_first_epoch_nothing_is_kept() {
    use std::process::{Command, Stdio};
    use std::thread::sleep;
    use std::time::Duration;

    let program = Program::new();
    // An epoch of the digits with such a network takes many seconds.
    let slow = [
        "train",
        "digits",
        "--model",
        "mlp",
        "--hidden",
        "2048,2048,2048",
    ];
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trainer"))
            .args(slow)
            .args(["--output", "run"])
            .current_dir(program.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !program.path().join("run/metrics.csv").exists() {
            sleep(Duration::from_millis(20));
        }
        let id = child.id().to_string();
        let mut kill = Command::new("kill");
        assert!(kill.args([signal, &id]).status().unwrap().success());

        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert!(!program.path().join("run").exists(), "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_training_that_was_killed_is_listed_as_unfinished_and_can_be_removed() {
    use std::process::{Command, Stdio};
    use std::thread::sleep;
    use std::time::Duration;

    let program = Program::new();
    program.train(&["iris", "--epochs", "1"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args(["train", "iris", "--epochs", "100000"])
        .current_dir(program.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !program.path().join("runs/iris-mlp-2/metrics.csv").exists() {
        sleep(Duration::from_millis(20));
    }
    let states = || -> Vec<String> {
        let listed = program.json(&["runs", "--json"]);
        let runs = listed.as_array().unwrap().iter();
        runs.map(|run| format!("{} {}", run["name"], run["state"]))
            .collect()
    };
    assert_eq!(
        states(),
        ["\"iris-mlp-1\" \"complete\"", "\"iris-mlp-2\" \"training\""]
    );
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        states(),
        [
            "\"iris-mlp-1\" \"complete\"",
            "\"iris-mlp-2\" \"unfinished\""
        ]
    );

    let listed = program.success(&["runs", "--clean"]);

    assert!(listed.contains("iris-mlp-1  complete    mlp"), "{listed}");
    assert!(!program.path().join("runs/iris-mlp-2").exists());
    assert!(program.path().join("runs/iris-mlp-1/model.json").exists());
}

#[cfg(unix)]
#[test]
fn a_training_whose_terminal_is_closed_keeps_its_model() {
    use std::io::Read;

    use program::{TRAIN, with_fruit};
    use pty_process::Size;
    use pty_process::blocking::{Command, open};

    for options in [&[][..], &["--no-tui"]] {
        let program = with_fruit();
        let (mut terminal, slave) = open().unwrap();
        terminal.resize(Size::new(24, 80)).unwrap();
        let command = Command::new(env!("CARGO_BIN_EXE_trainer"))
            .arg("train")
            .args(TRAIN)
            .args(["--model", "mlp", "--epochs", "1000000"])
            .args(options)
            .current_dir(program.path())
            .env("TERM", "xterm");
        let mut child = command.spawn(slave).unwrap();
        let has_epochs = || {
            let curve = fs::read_to_string(program.path().join("run/metrics.csv"));
            curve.is_ok_and(|curve| curve.lines().count() > 2)
        };
        while !has_epochs() {
            let _ = terminal.read(&mut [0; 4096]).unwrap();
        }
        drop(terminal);

        assert_eq!(child.wait().unwrap().code(), Some(129), "{options:?}");
        assert!(program.path().join("run/model.json").is_file());
    }
}
