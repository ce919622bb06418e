//! `trainer serve`, as its clients and its user see it.

mod program;
mod served;

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use mlp_training::Model;
use program::{Program, fruit, short, with_fruit};
use served::Served;
use strum::VariantArray;

const TRAIN_FLOWERS: [&str; 5] = ["iris", "--epochs", "5", "--output", "flowers"];

/// Compares lines of CSV, whose numbers have six digits or more.
fn assert_close(answered: &str, predicted: &str, model: &str) {
    assert_eq!(
        answered.lines().count(),
        predicted.lines().count(),
        "{model}"
    );
    for (answered, predicted) in answered.lines().zip(predicted.lines()) {
        for (answered, predicted) in answered.split(',').zip(predicted.split(',')) {
            match (answered.parse::<f64>(), predicted.parse::<f64>()) {
                (Ok(answered), Ok(predicted)) => {
                    let most = 1e-5 * predicted.abs().max(1.0);
                    assert!(
                        (answered - predicted).abs() <= most,
                        "{model}: {answered}, not {predicted}"
                    );
                }
                _ => assert_eq!(answered, predicted, "{model}"),
            }
        }
    }
}

/// Models that predict are compared by `routes`.
#[test]
fn every_clustering_answers_what_predict_writes() {
    let program = with_fruit();
    let rows = fruit(60);
    fs::write(program.path().join("rows.csv"), &rows).unwrap();
    let models = Model::VARIANTS.iter().copied();
    let models: Vec<_> = models.filter(|model| model.is_clustering()).collect();
    let names: Vec<&str> = models.iter().map(Into::into).collect();
    for (&model, name) in models.iter().zip(&names) {
        let train = ["fruit.csv", "--model", name, "--output", name];
        program.train(&[&train[..], &short(model)].concat());
    }
    let served = Served::start(&program, &names);
    for name in names {
        let predicted = program.success(&["predict", name, "rows.csv", "--only-predictions"]);
        let request = format!(
            "POST /models/{name}/predict HTTP/1.1\r\nContent-Type: text/csv\r\nAccept: text/csv"
        );

        let answer = served.http(&request, &rows);

        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{name}: {answer}");
        assert_close(body, &predicted, name);
    }
    let ready = served.http("GET /v2/health/ready HTTP/1.1", "");
    assert!(ready.contains(" 200 "));
}

#[test]
fn what_cannot_be_served_is_said() {
    let program = Program::new();
    program.train(&TRAIN_FLOWERS);
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
        (
            &["flowers", "--listen", "8080"],
            "invalid value '8080' for '--listen <HOST:PORT>': HOST:PORT is an IP address or `localhost` with a port",
        ),
        (
            &["flowers", "--listen", "localhost:99999"],
            "such as `127.0.0.1:8080`",
        ),
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
    program.train(&TRAIN_FLOWERS);
    let mut served = Served::start(&program, &["flowers"]);
    assert!(served.http("GET /ping HTTP/1.1", "").contains(" 200 "));

    let id = served.child.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status().unwrap();

    assert!(killed.success());
    assert!(served.child.wait().unwrap().success());
}
