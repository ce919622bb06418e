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
