//! The page on which one plays with networks, as its browser sees it.

mod program;
mod served;

use std::fs;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use program::Program;
use serde_json::{Value, json};
use served::Served;
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{Message, WebSocket, client};

/// The program while it serves the page, in a folder of its own.
struct Server {
    served: Served,
    program: Program,
}

impl Server {
    fn start() -> Self {
        let program = Program::new();
        let served = Served::running(&program, &["play", "--port", "0"]);
        Self { served, program }
    }

    /// Opens the page.
    fn open(&self) -> Page {
        let url = format!("ws://{}/socket", self.served.address);
        let (socket, _) = client(url, self.served.stream()).unwrap();
        let mut page = Page { socket };
        assert_eq!(page.next()["type"], "welcome");
        page
    }
}

/// An open page.
struct Page {
    socket: WebSocket<TcpStream>,
}

impl Page {
    fn send(&mut self, request: &Value) {
        let text = request.to_string();
        self.socket.send(Message::text(text)).unwrap();
    }

    /// The next message that is no frame.
    fn next(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.socket.read().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// The next message of a type.
    fn wait_for(&mut self, kind: &str) -> Value {
        let begin = Instant::now();
        loop {
            let message = self.next();
            if message["type"] == kind {
                return message;
            }
            assert!(begin.elapsed() < Duration::from_mins(1), "{message}");
        }
    }

    /// The weights of the next picture after so many epochs.
    fn weights_after(&mut self, epoch: usize) -> Vec<f32> {
        let begin = Instant::now();
        loop {
            assert!(begin.elapsed() < Duration::from_mins(1));
            let Message::Binary(frame) = self.socket.read().unwrap() else {
                continue;
            };
            let (header, rest) = with_header(&frame, 4);
            if header["epoch"] == epoch {
                let length = 4 * usize::try_from(header["num_weights"].as_u64().unwrap()).unwrap();
                return floats(&rest[..length]);
            }
        }
    }

    /// Configures an experiment.
    fn configure(&mut self, experiment: &Value) -> Value {
        self.send(&json!({"type": "configure", "experiment": experiment}));
        self.wait_for("configured")
    }

    /// Plays until all epochs are over: the learning curve.
    fn play(&mut self) -> Vec<Value> {
        self.send(&json!({"type": "play"}));
        let mut curve = Vec::new();
        loop {
            let mut progress = self.wait_for("progress");
            curve.append(progress["curve"].as_array_mut().unwrap());
            if progress["state"] == "complete" {
                return curve;
            }
        }
    }
}

#[test]
fn what_is_played_has_the_losses_of_the_command_that_the_page_shows() {
    let server = Server::start();
    let mut page = server.open();
    for experiment in [
        json!({"data": {"name": "moons", "samples": 200}, "hidden": [5, 4], "epochs": 200, "seed": 3}),
        json!({"data": {"name": "sine"}, "hidden": [6], "activation": ["relu"], "dropout": 0.1,
               "optimizer": "sgd", "learning_rate": 0.05, "epochs": 20}),
        json!({"data": {"name": "iris"}, "model": "perceptron", "epochs": 5}),
    ] {
        let configured = page.configure(&experiment);
        let command = configured["command"].as_str().unwrap().to_owned();
        let played = page.play();

        let arguments: Vec<&str> = command.split(' ').skip(1).collect();
        let output = ["--json", "--output", "run", "--force"];
        server.program.success(&[&arguments[..], &output].concat());
        let metrics = fs::read_to_string(server.program.path().join("run/metrics.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(metrics.as_bytes());
        let names = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(played.len(), rows.len(), "{command}");
        for (point, row) in played.iter().zip(&rows) {
            for name in ["epoch", "train_loss", "valid_loss"] {
                let column = names.iter().position(|other| other == name).unwrap();
                let written: f64 = row[column].parse().unwrap();
                assert_eq!(point[name].as_f64(), Some(written), "{command}: {name}");
            }
        }
    }
}

/// A header of JSON after its length in so many bytes, and what follows it.
fn with_header(bytes: &[u8], size: usize) -> (Value, &[u8]) {
    let mut length = [0; 8];
    length[..size].copy_from_slice(&bytes[..size]);
    let end = size + usize::try_from(u64::from_le_bytes(length)).unwrap();
    (
        serde_json::from_slice(&bytes[size..end]).unwrap(),
        &bytes[end..],
    )
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks();
    numbers
        .iter()
        .map(|number| f32::from_le_bytes(*number))
        .collect()
}

#[test]
fn the_weights_that_are_shown_are_those_of_the_file_that_the_command_writes() {
    let server = Server::start();
    let mut page = server.open();
    let experiment = json!({"data": {"name": "circles"}, "hidden": [4, 3], "epochs": 6, "seed": 5});
    let configured = page.configure(&experiment);
    page.play();
    page.send(&json!({"type": "look", "view": {"resolution": 8}}));
    let shown = page.weights_after(6);

    let command = configured["command"].as_str().unwrap();
    let arguments: Vec<&str> = command.split(' ').skip(1).collect();
    let summary = server
        .program
        .json(&[&arguments[..], &["--json", "--output", "run"]].concat());
    assert_eq!(summary["best_epoch"], 6, "the file has the best epoch");
    let file = fs::read(server.program.path().join("run/model.safetensors")).unwrap();
    let (header, data) = with_header(&file, 8);
    let layers = ["hidden.0.linear", "hidden.1.linear", "output"];
    let names = layers.map(|layer| [format!("{layer}.weight"), format!("{layer}.bias")]);
    let saved = names.iter().flatten().flat_map(|name| {
        let offset = |index: usize| {
            let offset = header[name]["data_offsets"][index].as_u64();
            usize::try_from(offset.unwrap()).unwrap()
        };
        floats(&data[offset(0)..offset(1)])
    });
    let saved: Vec<f32> = saved.collect();
    assert_eq!(saved.len(), 3 * 4 + 5 * 3 + 4 * 2);
    assert_eq!(shown, saved);
}

#[test]
fn a_file_is_dropped_and_asks_for_its_target() {
    let server = Server::start();
    let table = "width,height,kind\n1,2,a\n2,1,b\n3,5,a\n5,3,b\n".repeat(10);
    let answer = server.served.http("PUT /tables/boxes.csv HTTP/1.1", &table);
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");

    let mut page = server.open();
    page.send(&json!({"type": "configure", "experiment": {"data": {"name": "boxes.csv"}}}));
    let failed = page.wait_for("failed");
    let columns = &failed["choose_target"]["columns"];
    assert_eq!(*columns, json!(["width", "height", "kind"]), "{failed}");

    let data = json!({"name": "boxes.csv", "target": "kind"});
    let configured = page.configure(&json!({"data": data}));
    assert_eq!(configured["classes"], json!(["a", "b"]));
    let command = configured["command"].as_str().unwrap();
    assert!(
        command.starts_with("trainer train boxes.csv --target kind --model mlp"),
        "{command}"
    );
}

#[test]
fn a_row_is_traced_and_units_are_judged_while_the_training_pauses() {
    let server = Server::start();
    let mut page = server.open();
    page.configure(&json!({"data": {"name": "xor"}, "hidden": [3], "learning_rate": 0.5}));
    page.send(&json!({"type": "look", "view": {"trace_row": 2, "diagnosis": true}}));
    let trace = page.wait_for("trace");
    assert_eq!(trace["layers"].as_array().unwrap().len(), 2);
    assert_eq!((&trace["row"], &trace["step"]), (&json!(2), &json!(0)));
    let neuron = &trace["layers"][0][1];
    let number = |name: &str| neuron[name].as_f64().unwrap();
    let net = number("weighted_sum") - number("threshold");
    assert!((number("activation") - net.tanh()).abs() < 1e-12);
    let diagnosis = page.wait_for("diagnosis");
    assert_eq!(diagnosis["layers"].as_array().unwrap().len(), 2);

    page.send(&json!({"type": "step"}));
    // What there was may be shown once more before.
    let begin = Instant::now();
    while page.wait_for("trace")["step"] != 1 {
        assert!(begin.elapsed() < Duration::from_mins(1));
    }
}

#[test]
fn requests_that_make_no_sense_are_refused_and_the_page_goes_on() {
    let server = Server::start();
    let mut page = server.open();
    for (request, expected) in [
        (json!({"type": "play"}), "no network yet"),
        (json!({"type": "fly"}), "cannot be read"),
        (
            json!({"type": "configure", "experiment": {"hidden": [1000]}}),
            "too large to draw",
        ),
        (
            json!({"type": "configure", "experiment": {"data": {"name": "nowhere.csv"}}}),
            "nowhere.csv",
        ),
        (
            json!({"type": "configure", "experiment": {"learning_rate": -1}}),
            "learning_rate",
        ),
        (
            json!({"type": "configure", "experiment": {"data": {"name": "mnist"}}}),
            "too large",
        ),
        (json!({"type": "pace", "steps_per_second": 0}), "above 0"),
    ] {
        page.send(&request);
        let failed = page.wait_for("failed");
        let message = failed["message"].as_str().unwrap();
        assert!(message.contains(expected), "{request}: {message}");
    }
    page.socket.send(Message::text("{".repeat(1000))).unwrap();
    page.wait_for("failed");
    page.configure(&json!({"data": {"name": "circles"}, "epochs": 3}));
    assert_eq!(page.play().len(), 3);
    page.send(&json!({"type": "look", "view": {"resolution": 5}}));
    let message = page.wait_for("failed").to_string();
    assert!(message.contains("from 8 to 64"), "{message}");
}

#[test]
fn another_site_is_not_answered() {
    let server = Server::start();
    let url = format!("ws://{}/socket", server.served.address);
    let mut request = url.into_client_request().unwrap();
    let origin = HeaderValue::from_static("http://example.org");
    request.headers_mut().insert("origin", origin);
    let refused = client(request, server.served.stream())
        .unwrap_err()
        .to_string();
    assert!(refused.contains("403"), "{refused}");

    let page = server.served.http("GET / HTTP/1.1", "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(
        page.contains("content-security-policy: default-src 'self'"),
        "{page}"
    );
}

#[test]
fn a_port_in_use_is_an_error() {
    let server = Server::start();
    let port = server.served.address.rsplit(':').next().unwrap();
    let (code, errors) = server.program.failure(&["play", "--port", port]);
    assert_eq!(code, 1);
    assert!(
        errors.contains(&format!("cannot be served on port {port}")),
        "{errors}"
    );
    assert!(errors.contains("--port 0"), "{errors}");
}
