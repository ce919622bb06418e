//! `trainer serve`, as its clients and its user see it.

mod program;
mod served;

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use program::Program;
use served::Served;

fn train(program: &Program, folder: &str) {
    program.success(&[
        "train", "iris", "--no-tui", "--epochs", "5", "--output", folder,
    ]);
}

#[test]
fn answers_are_those_of_predict() {
    let program = Program::new();
    train(&program, "flowers");
    let rows =
        "sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n6.7,3.0,5.2,2.3\n";
    fs::write(program.path().join("rows.csv"), rows).unwrap();
    let predicted = program.success(&["predict", "flowers", "rows.csv", "--only-predictions"]);
    let served = Served::start(&program, &["flowers"]);

    let answer = served.http(
        "POST /predict HTTP/1.1\r\nContent-Type: text/csv\r\nAccept: text/csv",
        rows,
    );

    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let (body, predicted) = (body.lines(), predicted.lines());
    for (answered, predicted) in body.zip(predicted) {
        for (answered, predicted) in answered.split(',').zip(predicted.split(',')) {
            let numbers: (Result<f64, _>, Result<f64, _>) = (answered.parse(), predicted.parse());
            match numbers {
                // `predict` writes six digits.
                (Ok(answered), Ok(predicted)) => assert!((answered - predicted).abs() < 1e-5),
                _ => assert_eq!(answered, predicted),
            }
        }
    }
    assert!(
        served
            .http("GET /v2/health/ready HTTP/1.1", "")
            .contains(" 200 ")
    );
}

#[test]
fn what_cannot_be_served_is_said() {
    let program = Program::new();
    train(&program, "flowers");
    fs::create_dir(program.path().join("empty")).unwrap();
    fs::write(program.path().join("token"), "short").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (args, message) in [
        (&["empty"][..], "does not contain a finished model"),
        (&["nowhere"], "`nowhere` does not exist"),
        (
            &["flowers", "flowers=empty"],
            "two runs are called `flowers`",
        ),
        (&["a b=flowers"], "`a b` cannot be the name of a model"),
        (&["flowers", "--token-file", "token"], "must hold a token"),
        (&["flowers", "--listen", &address], "cannot listen on"),
    ] {
        let (_, error) = program.failure(&[&["serve"], args].concat());
        assert!(error.contains(message), "{error}");
    }
}

/// SIGTERM ends the program well, after the requests that have begun.
#[cfg(unix)]
#[test]
fn a_signal_ends_the_server_well() {
    let program = Program::new();
    train(&program, "flowers");
    let mut served = Served::start(&program, &["flowers"]);
    assert!(served.http("GET /ping HTTP/1.1", "").contains(" 200 "));

    let id = served.child.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status().unwrap();

    assert!(killed.success());
    assert!(served.child.wait().unwrap().success());
}
