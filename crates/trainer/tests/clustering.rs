//! Clusters are found, evaluated, drawn, saved and used again.

mod program;

use std::fmt::Write;
use std::fs;

use mlp_training::Model;
use program::Program;
use serde_json::Value;
use strum::VariantArray;

/// Three groups far apart, of five rows each, with a column of names that fits them.
fn blobs() -> String {
    let mut csv = String::from("a,b,kind\n");
    for (x, y, kind) in [(0, 0, "low"), (50, 0, "right"), (0, 50, "high")] {
        for i in 0..5 {
            writeln!(csv, "{}.{i},{}.{},{kind}", x + i, y - i, 2 * i).unwrap();
        }
    }
    csv
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_model_finds_clusters_that_are_far_apart() {
    let program = Program::new();
    fs::write(program.path().join("blobs.csv"), blobs()).unwrap();
    let models = Model::VARIANTS.iter().filter(|model| model.is_clustering());
    for model in models.map(|&model| <&str>::from(model)) {
        let out = program.success(&[
            "train",
            "blobs.csv",
            "--task",
            "clustering",
            "--model",
            model,
            "--clusters",
            "3",
            "--target",
            "kind",
            "--output",
            model,
            "--json",
        ]);
        let summary = json(&out);
        assert_eq!(summary["metrics"]["accuracy"], 1.0, "{model}: {out}");
        assert_eq!(summary["metrics"]["adjusted_rand_index"], 1.0, "{model}");
        assert_eq!(summary["sizes"], serde_json::json!([5, 5, 5]), "{model}");
        assert_eq!(summary["task"], "clustering");

        // The label is not a feature, and an evaluation agrees.
        let evaluated = json(&program.success(&["evaluate", model, "--json"]));
        assert_eq!(evaluated["metrics"], summary["metrics"], "{model}");
        let saved = fs::read_to_string(program.path().join(model).join("model.json")).unwrap();
        assert!(
            !saved.contains("\"kind\": \"low\"") && !saved.contains("right"),
            "{saved}"
        );

        let pictures = if model == "som" {
            ["u_matrix", "component_planes", "win_map", "regions"].as_slice()
        } else {
            &["embedding", "centroids", "regions"]
        };
        for picture in pictures {
            for ending in ["png", "svg"] {
                let path = format!("{model}/pictures/{picture}.{ending}");
                let size = fs::metadata(program.path().join(&path)).unwrap().len();
                assert!(size > 1_000, "{path} has {size} bytes");
            }
        }
    }
}

#[test]
fn the_number_of_clusters_is_found_by_the_silhouette() {
    let program = Program::new();
    fs::write(program.path().join("blobs.csv"), blobs()).unwrap();
    let out = program.success(&[
        "train",
        "blobs.csv",
        "--model",
        "autoencoder",
        "--target",
        "kind",
        "--output",
        "run",
        "--json",
    ]);
    let summary = json(&out);
    assert_eq!(summary["clusters"], 3, "{out}");
    let tried = summary["silhouettes"].as_array().unwrap();
    assert_eq!(tried[0][0], 2);
    assert_eq!(tried.last().unwrap()[0], 12);
}

#[test]
fn the_same_seed_gives_the_same_files() {
    let program = Program::new();
    for model in ["som", "idec"] {
        let files = ["first", "second"].map(|run| {
            program.success(&[
                "train",
                "iris",
                "--model",
                model,
                "--clusters",
                "3",
                "--seed",
                "7",
                "--output",
                run,
                "--force",
            ]);
            let folder = program.path().join(run);
            ["model.safetensors", "model.json"].map(|file| fs::read(folder.join(file)).unwrap())
        });
        assert!(files[0] == files[1], "{model} differs");
    }
}

#[test]
fn predictions_have_cluster_probability_and_error_and_codes_if_asked() {
    let program = Program::new();
    fs::write(program.path().join("blobs.csv"), blobs()).unwrap();
    let train = |model: &str| {
        program.success(&[
            "train",
            "blobs.csv",
            "--model",
            model,
            "--target",
            "kind",
            "--clusters",
            "3",
            "--output",
            model,
        ]);
    };
    train("idec");
    train("som");
    let csv = "b,a\n0,1\n49,0\n500,500\n";
    fs::write(program.path().join("new.csv"), csv).unwrap();

    let out = program.success(&["predict", "idec", "new.csv"]);
    let mut lines = out.lines();
    assert_eq!(
        lines.next(),
        Some("b,a,cluster,probability,reconstruction_error")
    );
    let rows: Vec<Vec<f64>> = lines
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    assert_ne!(rows[0][2], rows[1][2], "{out}");
    assert!(rows.iter().all(|row| (0.0..=1.0).contains(&row[3])));
    // What is like no row of the training stands out.
    assert!(rows[2][4] > 10.0 * rows[0][4], "{out}");

    let out = program.success(&["predict", "som", "new.csv", "--embed", "--only-predictions"]);
    let header = "cluster,probability,quantization_error,code_1,code_2";
    assert_eq!(out.lines().next(), Some(header));
}

#[test]
fn what_cannot_be_clustered_is_rejected_and_leaves_nothing() {
    let same = "a,b\n1,x\n1,x\n3,x\n2,y\n";
    for (arguments, part) in [
        (
            ["--clusters", "1"].as_slice(),
            "`--clusters` is 1, but must be 2 or more",
        ),
        (
            &["--clusters", "4"],
            "too few different rows for clusters: 4 are needed, and of 4 rows 3 are different",
        ),
        (
            &["--clusters", "9"],
            "too few different rows for clusters: 9 are needed, and of 4 rows 3 are different",
        ),
        (
            &["--model", "som", "--grid", "0x4"],
            "`0x4` is not a valid grid: give rows and columns of 1 or more, such as `8x8`",
        ),
        (
            &["--model", "som", "--grid", "1x1"],
            "`--grid` is 1 unit, but must be 2 units or more",
        ),
        (
            &["--model", "som", "--gamma", "1"],
            "`--gamma` does not apply to `--model som`",
        ),
        (&["--model", "mlp"], "`--model mlp` does not find clusters"),
        (
            &["--folds", "3"],
            "`--folds` does not apply to `--model idec`",
        ),
        (
            &["--split-column", "a"],
            "`--split-column` does not apply to `--model idec`",
        ),
        (&["--gamma", "0"], "`--gamma` is 0, but must be above 0"),
        (&["--target", "c"], "`c`"),
    ] {
        let program = Program::new();
        fs::write(program.path().join("same.csv"), same).unwrap();
        let mut all = vec![
            "train",
            "same.csv",
            "--task",
            "clustering",
            "--min-category-count",
            "1",
            "--output",
            "run",
        ];
        all.extend(arguments);
        let (_, message) = program.failure(&all);
        assert!(message.contains(part), "{arguments:?}: {message}");
        assert_eq!(
            fs::read_dir(program.path()).unwrap().count(),
            1,
            "{arguments:?}"
        );
    }
}

#[test]
fn options_and_runs_of_one_task_are_rejected_for_another() {
    let program = Program::new();
    let (_, message) = program.failure(&["train", "iris", "--clusters", "3"]);
    assert!(
        message.contains("`--clusters` does not apply to `--model mlp`"),
        "{message}"
    );

    program.success(&["train", "iris", "--epochs", "1", "--output", "run"]);
    fs::write(program.path().join("new.csv"), "a\n1\n").unwrap();
    let (_, message) = program.failure(&["predict", "run", "new.csv", "--embed"]);
    assert!(
        message.contains("`--embed` only applies to clustering, but `run` predicts"),
        "{message}"
    );
}
