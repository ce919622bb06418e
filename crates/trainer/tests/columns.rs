//! Which columns of a table are inputs.

mod program;

use insta::assert_snapshot;
use program::Program;

#[test]
fn columns_of_a_built_in_table_are_left_out_wherever_its_run_is_used() {
    let program = Program::new();
    let train = [
        "iris",
        "--model",
        "mlp",
        "--hidden",
        "3",
        "--epochs",
        "3",
        "--drop",
        "sepal_length,sepal_width",
        "--output",
        "run",
    ];
    let trained = program.train(&train);
    let evaluated = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(evaluated["metrics"], trained["metrics"]);
    let contents = program.json(&["inspect", "run", "--json"]);
    let columns = contents["columns"].as_array().unwrap().iter();
    let names: Vec<_> = columns.map(|column| &column["name"]).collect();
    assert_eq!(names, ["petal_length", "petal_width"]);
    let trace = program.json(&["trace", "run", "1", "--json"]);
    assert_eq!(trace["inputs"]["names"].as_array().unwrap().len(), 2);
    let petals = "petal_width,petal_length\n0.2,1.4\n2.1,5.6\n";
    std::fs::write(program.path().join("petals.csv"), petals).unwrap();
    let predicted = program.success(&["predict", "run", "petals.csv"]);
    assert_eq!(predicted.lines().count(), 3);

    // It goes on with the same columns.
    let mut arguments = vec!["train", "--resume", "run", "--epochs", "5", "--no-tui"];
    arguments.push("--json");
    assert_eq!(program.json(&arguments)["epochs"], 5);

    let benchmark = [
        "benchmark",
        "iris",
        "--models",
        "logistic",
        "--seeds",
        "1",
        "--epochs",
        "2",
        "--drop",
        "sepal_length",
        "--output",
        "bench",
    ];
    program.success(&benchmark);
    let refused = |arguments: &[&str]| {
        let arguments = [&["train", "--output", "no"], arguments].concat();
        program.failure(&arguments).1
    };
    assert_snapshot!(refused(&["iris", "--drop", "sepal_lenght"]), @r"
    error: `iris` has no column `sepal_lenght`; its columns are `sepal_length`, `sepal_width`, `petal_length`, `petal_width`, `species`

    hint: did you mean `sepal_length`?
    ");
    assert_snapshot!(refused(&["xor", "--drop", "a,b"]), @r"
    error: `xor` has no feature to learn from; left out: `a` (as requested), `b` (as requested)

    hint: name fewer columns with `--drop`
    ");
    assert_snapshot!(refused(&["iris", "--drop", "species"]), @r"
    error: the column `species` of `iris` has two roles, or is excluded

    hint: what is predicted, weighs rows or splits them is no input anyway, so `--drop` must not name it
    ");
}

#[test]
fn features_are_derived_wherever_a_run_is_used() {
    let program = Program::new();
    let data = ["moons", "--samples", "200", "--derive", "x*y,x^2, sin(y)"];
    let settings = [
        "--only-derived",
        "x",
        "--model",
        "mlp",
        "--epochs",
        "3",
        "--output",
        "run",
    ];
    let trained = program.train(&[&data[..], &settings].concat());
    let evaluated = program.json(&["evaluate", "run", "--json"]);
    assert_eq!(evaluated["metrics"], trained["metrics"]);
    let contents = program.json(&["inspect", "run", "--json"]);
    let columns = contents["columns"].as_array().unwrap().iter();
    let columns: Vec<_> = columns
        .map(|column| [&column["name"], &column["kind"]])
        .collect();
    assert_eq!(
        columns,
        [
            ["y", "numeric"],
            ["x*y", "derived"],
            ["x^2", "derived"],
            ["sin(y)", "derived"]
        ]
    );
    let trace = program.json(&["trace", "run", "1", "--json"]);
    assert_eq!(trace["inputs"]["names"][3], "sin(y)");
    std::fs::write(program.path().join("rows.csv"), "y,x\n0.2,1.4\n-0.1,0.6\n").unwrap();
    let predicted = program.success(&["predict", "run", "rows.csv"]);
    assert_eq!(predicted.lines().count(), 3);
    let explained = program.json(&["explain", "run", "--json"]);
    let importance = explained["importance"]["columns"].as_array().unwrap();
    let mut names: Vec<_> = importance
        .iter()
        .map(|column| column["column"].as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, [Some("x"), Some("y")]);
    program.success(&["export", "run", "--format", "onnx", "--output", "run.onnx"]);
    let resumed = [
        "train", "--resume", "run", "--epochs", "4", "--no-tui", "--json",
    ];
    assert_eq!(program.json(&resumed)["epochs"], 4);
}

#[test]
fn features_that_cannot_be_derived_are_refused_before_training() {
    let program = Program::new();
    let refused = |arguments: &[&str]| {
        let arguments = [&["train", "--output", "no"], arguments].concat();
        program.failure(&arguments).1
    };
    assert_snapshot!(refused(&["iris", "--derive", "petal_lenght*petal_width"]), @r"
    error: the table has no feature `petal_lenght`; its features are `sepal_length`, `sepal_width`, `petal_length`, `petal_width`

    hint: did you mean `petal_length`?
    ");
    assert_snapshot!(refused(&["moons", "--derive", "x/y"]), @"error: the derived feature `x/y` must be `a*b`, `a^2`, `sin(a)` or `cos(a)` with names of columns");
    assert_snapshot!(refused(&["titanic", "--derive", "Sex^2"]), @"error: the derived feature `Sex^2` needs numbers, but the column `Sex` is categorical");
    assert_snapshot!(refused(&["moons", "--derive", "x^2,x^2"]), @"error: the derived feature `x^2` is there twice");
    assert_snapshot!(refused(&["moons", "--derive", "x^2", "--only-derived", "y"]), @"error: `--only-derived` is `y`, but must be a column from which a feature is derived");
    assert!(!program.path().join("no").exists());
}
