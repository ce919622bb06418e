//! Curves in places besides the run. `logs/check.py` reads them by TensorBoard and by a real MLflow server.

mod program;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use program::Program;
use serde_json::{Value, json};

/// The body of a request to a server that plays MLflow, and what it answers.
type Answer = fn(path: &str, body: &Value) -> (u16, Value);

/// A server that plays MLflow.
struct Server {
    url: String,
    /// The paths and the bodies of all requests.
    requests: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Server {
    fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let heard = requests.clone();
        // It ends with the test.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let heard = heard.clone();
                thread::spawn(move || serve(stream.unwrap(), answer, &heard));
            }
        });
        Self { url, requests }
    }

    /// The bodies of the requests to a path.
    fn bodies(&self, path: &str) -> Vec<Value> {
        let requests = self.requests.lock().unwrap();
        let of_path = requests.iter().filter(|(other, _)| other == path);
        of_path.map(|(_, body)| body.clone()).collect()
    }
}

/// Answers the requests of a connection.
fn serve(stream: TcpStream, answer: Answer, heard: &Mutex<Vec<(String, Value)>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut length = 0;
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap() > 2 {
            let lower = line.to_lowercase();
            if let Some(number) = lower.strip_prefix("content-length:") {
                length = number.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let path = first.split(' ').nth(1).unwrap();
        let path = path.split('?').next().unwrap();
        let path = path.strip_prefix("/api/2.0/mlflow/").unwrap().to_owned();
        let (status, answer) = answer(&path, &body);
        heard.lock().unwrap().push((path, body));
        let text = answer.as_str().map(ToOwned::to_owned);
        let answer = text.unwrap_or_else(|| answer.to_string());
        let stream = reader.get_mut();
        let length = answer.len();
        write!(
            stream,
            "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n\r\n{answer}"
        )
        .unwrap();
    }
}

/// Does what it is asked.
fn willing(path: &str, _: &Value) -> (u16, Value) {
    let answer = match path {
        "experiments/get-by-name" => json!({"experiment": {"experiment_id": "7"}}),
        "runs/create" => json!({"run": {"info": {"run_id": "abc"}}}),
        _ => json!({}),
    };
    (200, answer)
}

/// Trains for three epochs with a log: the exit code and what is said.
fn train(program: &Program, log: &str) -> (i32, String) {
    let options = [
        "train", "iris", "--model", "mlp", "--epochs", "3", "--no-tui",
    ];
    let arguments = [&options[..], &["--log", log, "--output", "run"]].concat();
    let output = program.command(&arguments).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code().unwrap(), said)
}

fn curve(run: &Path) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(run.join("metrics.csv")).unwrap();
    let rows = text.lines().skip(1);
    rows.map(|row| row.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect()
}

#[test]
fn a_wrong_log_is_an_error_before_any_data_is_read() {
    let program = Program::new();
    for (log, expected) in [
        (
            "tensorbord",
            "did you mean `tensorboard`? `--log` takes `tensorboard`, `tensorboard=DIR` and `mlflow=URL`",
        ),
        ("mlflow", "lacks the address of a server"),
        ("mlflow=localhost:5000", "begins with neither"),
        (
            "mlflow=http://me:secret@localhost",
            "MLFLOW_TRACKING_USERNAME",
        ),
    ] {
        let (code, said) = program.failure(&["train", "nowhere.csv", "--log", log]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(expected), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
    let twice = [
        "train",
        "iris",
        "--log",
        "tensorboard",
        "--log",
        "tensorboard=a",
    ];
    let (code, said) = program.failure(&twice);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("`--log tensorboard` is given twice"),
        "{said}"
    );
}

#[test]
fn a_server_that_is_not_there_is_an_error_before_the_training() {
    let program = Program::new();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (code, said) = train(&program, &format!("mlflow=http://{port}"));
    assert_eq!(code, 1);
    assert!(said.contains("cannot be reached"), "{said}");
    assert!(said.contains("hint: is it running"), "{said}");
    assert!(!program.path().join("run").exists());
}

#[test]
fn a_server_that_is_something_else_or_refuses_is_an_error_that_says_what_it_answers() {
    let program = Program::new();
    let something_else = Server::start(|_, _| (200, json!("<html>")));
    let (code, said) = train(&program, &format!("mlflow={}", something_else.url));
    assert_eq!(code, 1);
    assert!(said.contains("does not answer in JSON"), "{said}");
    let refusing = Server::start(|_, _| (401, json!({"message": "who\u{1b}[2J are you?"})));
    let (code, said) = train(&program, &format!("mlflow={}", refusing.url));
    assert_eq!(code, 1);
    assert!(said.contains("answers 401"), "{said}");
    assert!(said.contains("who\\u001b[2J are you?"), "{said}");
    let without_runs = Server::start(|path, body| match path {
        "runs/create" => (403, json!({"message": "no more runs"})),
        _ => willing(path, body),
    });
    let (code, said) = train(&program, &format!("mlflow={}", without_runs.url));
    assert_eq!(code, 1);
    assert!(said.contains("no more runs"), "{said}");
    assert!(!program.path().join("run").exists());
}

#[test]
fn a_server_is_sent_parameters_the_learning_curve_and_the_ending() {
    let program = Program::new();
    let server = Server::start(willing);
    let (code, said) = train(&program, &format!("mlflow={}/", server.url));
    assert_eq!(code, 0, "{said}");
    let page = format!("{}/#/experiments/7/runs/abc", server.url);
    assert!(said.contains(&page), "{said}");
    let [created] = &server.bodies("runs/create")[..] else {
        panic!("there is one run");
    };
    assert_eq!(created["run_name"], "run");
    let batches = server.bodies("runs/log-batch");
    let metrics = batches.iter().filter_map(|body| body["metrics"].as_array());
    let metrics: Vec<_> = metrics.flatten().collect();
    let losses: Vec<f64> = metrics
        .iter()
        .filter(|metric| metric["key"] == "valid_loss")
        .map(|metric| metric["value"].as_f64().unwrap())
        .collect();
    let text = fs::read_to_string(program.path().join("run/metrics.csv")).unwrap();
    let header: Vec<_> = text.lines().next().unwrap().split(',').collect();
    let column = header
        .iter()
        .position(|name| *name == "valid_loss")
        .unwrap();
    let curve = curve(&program.path().join("run"));
    let expected: Vec<f64> = curve.iter().map(|row| row[column]).collect();
    assert_eq!(losses, expected);
    let parameters = batches.iter().filter_map(|body| body["params"].as_array());
    let epochs = json!({"key": "training.epochs", "value": "3"});
    assert!(parameters.flatten().any(|parameter| *parameter == epochs));
    let endings = server.bodies("runs/update");
    assert_eq!(endings.last().unwrap()["status"], "FINISHED");
}

#[test]
fn a_server_that_fails_later_is_a_warning_and_the_run_is_complete() {
    let program = Program::new();
    let server = Server::start(|path, body| match path {
        "runs/log-batch" if body["metrics"].is_array() => (500, json!({"message": "disk full"})),
        _ => willing(path, body),
    });
    let (code, said) = train(&program, &format!("mlflow={}", server.url));
    assert_eq!(code, 0, "{said}");
    let warnings = said.lines().filter(|line| line.contains("disk full"));
    assert!((1..=2).contains(&warnings.count()), "{said}");
    assert!(
        said.contains("so the curves there are not complete"),
        "{said}"
    );
    assert!(program.path().join("run/summary.json").is_file());
}

#[test]
fn event_files_are_part_of_the_run_and_are_replaced_with_it() {
    let program = Program::new();
    let (code, said) = train(&program, "tensorboard");
    assert_eq!(code, 0, "{said}");
    let folder = program.path().join("run/tensorboard");
    let files = |rows: &str| fs::read_dir(folder.join(rows)).unwrap().count();
    assert_eq!((files("train"), files("valid"), files("test")), (1, 1, 1));
    program.train(&["iris", "--epochs", "2", "--output", "run", "--force"]);
    assert!(!folder.exists());
    let left = fs::read_dir(program.path()).unwrap().count();
    assert_eq!(left, 1, "nothing is left beside the run");
}

#[test]
fn a_folder_with_the_curves_of_another_training_is_left_alone() {
    let program = Program::new();
    let (code, said) = train(&program, "tensorboard=curves");
    assert_eq!(code, 0, "{said}");
    let again = [
        "train",
        "iris",
        "--log",
        "tensorboard=curves",
        "--output",
        "other",
    ];
    let (code, said) = program.failure(&again);
    assert_eq!(code, 2);
    assert!(
        said.contains("`curves` holds the curves of another training"),
        "{said}"
    );
    assert!(!program.path().join("other").exists());
    program.success(&[&again[..], &["--epochs", "2", "--force"]].concat());
    // The run that goes on has them.
    let log = [
        "--resume",
        "other",
        "--epochs",
        "3",
        "--log",
        "tensorboard=curves",
    ];
    program.success(&[&["train"], &log[..]].concat());
}

#[test]
fn a_folder_that_cannot_be_written_is_a_warning() {
    let program = Program::new();
    fs::create_dir(program.path().join("curves")).unwrap();
    fs::write(
        program.path().join("curves/train"),
        "a file where a folder should be",
    )
    .unwrap();
    let (code, said) = train(&program, "tensorboard=curves");
    assert_eq!(code, 0, "{said}");
    let warnings = said
        .lines()
        .filter(|line| line.starts_with("warning: the log `curves`"));
    assert_eq!(warnings.count(), 1, "{said}");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_noticed_before_the_training() {
    let program = Program::new();
    fs::write(program.path().join("file"), "").unwrap();
    let (code, errors) = program.failure(&[
        "train",
        "iris",
        "--epochs",
        "1",
        "--output",
        "run",
        "--log",
        "tensorboard=file/curves",
    ]);
    assert_eq!(code, 2);
    assert!(errors.contains("cannot write to `file/curves`"), "{errors}");
    assert!(!program.path().join("run").exists());
}
