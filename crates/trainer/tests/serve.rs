//! `trainer serve`, as its clients and its user see it.

mod program;
mod served;

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use program::Program;
use served::Served;
use mlp_training::Model;

use program::{Program, fruit, short, with_fruit};
use strum::VariantArray;

const TRAIN_FLOWERS: [&str; 5] = ["iris", "--epochs", "5", "--output", "flowers"];

/// The program while it serves a run.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(program: &Program, args: &[&str]) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("trainer"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .current_dir(program.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        Self { child, address }
    }

    /// Sends a request, and gives the answer with its head.
    fn http(&self, request: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let limit = Some(Duration::from_mins(1));
        stream.set_read_timeout(limit).unwrap();
        let (address, length) = (&self.address, body.len());
        write!(
            stream,
            "{request}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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

#[test]
fn every_model_answers_what_predict_writes() {
    let program = with_fruit();
    let rows = fruit(60);
    fs::write(program.path().join("rows.csv"), &rows).unwrap();
    let names: Vec<&str> = Model::VARIANTS.iter().map(Into::into).collect();
    for (&model, name) in Model::VARIANTS.iter().zip(&names) {
        let mut train = vec!["fruit.csv", "--model", name, "--output", name];
        if !model.is_clustering() {
            train.extend(["--target", "kind"]);
        }
        train.extend(short(model));
        program.train(&train);
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
