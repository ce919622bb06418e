//! The five steps of backpropagation, printed for a row of a run.

mod program;

use program::Program;
use serde_json::Value;

#[test]
fn a_row_is_traced_with_the_numbers_of_its_run() {
    let program = Program::new();
    program.train(&[
        "iris", "--model", "mlp", "--hidden", "3", "--epochs", "5", "--output", "run",
    ]);

    let trace = program.json(&["trace", "run", "71", "--json"]);

    // Step 1, with what the document says about the neuron.
    let numbers = |value: &Value| -> Vec<f64> {
        let numbers = value.as_array().unwrap().iter();
        numbers.map(|number| number.as_f64().unwrap()).collect()
    };
    let neuron = &trace["layers"][0]["neurons"][1];
    let inputs = numbers(&trace["inputs"]["values"]);
    let weights = numbers(&neuron["weights"]);
    let sum: f64 = inputs.iter().zip(&weights).map(|(x, w)| x * w).sum();
    assert!((neuron["weighted_sum"].as_f64().unwrap() - sum).abs() < 1e-12);
    // Step 5: each gradient is the delta times the input.
    let delta = neuron["delta"].as_f64().unwrap();
    for (gradient, input) in numbers(&neuron["gradients"]).iter().zip(&inputs) {
        assert!((gradient - delta * input).abs() < 1e-12);
    }
    assert_eq!(
        trace["outputs"],
        serde_json::json!(["setosa", "versicolor", "virginica"])
    );

    let text = program.success(&["trace", "run", "71"]);
    for expected in [
        "row 71 of iris: the target is versicolor",
        "1  forward",
        "hidden layer 1, tanh",
        "2  loss: cross_entropy",
        "5  gradients and updates",
    ] {
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_traced_says_why() {
    let program = Program::new();
    program.train(&[
        "iris", "--model", "resnet", "--epochs", "1", "--output", "resnet",
    ]);
    let (_, errors) = program.failure(&["trace", "resnet", "1"]);
    assert!(errors.contains("plain layers of neurons"), "{errors}");

    program.train(&["and", "--model", "perceptron", "--output", "and"]);
    let (code, errors) = program.failure(&["trace", "and", "5"]);
    assert_eq!(code, 2);
    assert!(errors.contains("no row 5: the table has 4"), "{errors}");
    let text = program.success(&["trace", "and", "4"]);
    assert!(text.contains("there are none"), "{text}");
}
