//! How a server is watched over, exchanged and ended.

mod service;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mlp_server::{Error, Log, LogFormat, ServedRun, Server, Settings, Token};
use serde_json::{Value, json};

use service::{Service, load, saved};

/// A row of the iris models.
const ROW: &str =
    r#"{"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}"#;

/// Puts a model in place of another, file by file as a training without a folder of its own would.
fn put(model: &Path, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for name in ["model.safetensors", "model.json"] {
        let new = folder.join(format!("{name}.new"));
        fs::copy(model.join(name), &new).unwrap();
        fs::rename(&new, folder.join(name)).unwrap();
    }
}

fn wait_until(is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_changed_run_is_reloaded_and_no_request_is_lost() {
    let models = [saved("v3-iris-layer-norm"), saved("v3-iris-batch-norm")];
    let row: Value = serde_json::from_str(ROW).unwrap();
    let expected = models.clone().map(|model| {
        let predicted = load(&model)
            .predict_records(std::slice::from_ref(&row))
            .unwrap();
        predicted
            .probability(0, predicted.class(0).unwrap())
            .unwrap()
    });
    let folder = tempfile::tempdir().unwrap();
    put(&models[0], folder.path());
    let settings = Settings {
        reload_every: Duration::from_millis(5),
        ..Settings::default()
    };
    let service = Service::start(settings, &[("iris", folder.path())]);
    let ends = AtomicBool::new(false);

    let counts = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = service.client();
                    let mut counts = [0, 0];
                    while !ends.load(Ordering::Relaxed) {
                        let answer = client
                            .send("POST", "/predict", &[], ROW.as_bytes())
                            .unwrap();
                        assert_eq!(answer.status, 200, "{}", answer.text());
                        let answer = answer.json();
                        let class = answer["prediction"].as_str().unwrap();
                        let found = answer[format!("probability_{class}")].as_f64().unwrap();
                        let is = |expected: &f64| (found - expected).abs() < 1e-6;
                        counts[expected.iter().position(is).unwrap()] += 1;
                    }
                    counts
                })
            })
            .collect();
        for turn in 0..20 {
            put(&models[(turn + 1) % 2], folder.path());
            std::thread::sleep(Duration::from_millis(30));
        }
        ends.store(true, Ordering::Relaxed);
        let counts = clients.into_iter().map(|client| client.join().unwrap());
        counts.fold([0, 0], |sum, more| [sum[0] + more[0], sum[1] + more[1]])
    });

    assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
}

#[test]
fn a_damaged_run_leaves_the_one_before_it_in_service() {
    let folder = tempfile::tempdir().unwrap();
    put(&saved("v3-iris-layer-norm"), folder.path());
    let settings = Settings {
        reload_every: Duration::from_millis(5),
        ..Settings::default()
    };
    let service = Service::start(settings, &[("iris", folder.path())]);
    let before = service.post("/predict", &[], ROW.as_bytes()).json();

    fs::write(folder.path().join("model.json"), "{").unwrap();

    let is_logged = |event: &str| {
        service
            .log
            .lock()
            .unwrap()
            .iter()
            .any(|line| line.contains(event))
    };
    wait_until(|| is_logged("cannot be loaded"));
    assert_eq!(service.post("/predict", &[], ROW.as_bytes()).json(), before);
    let failed = "mlp_server_reloads_total{model=\"iris\",outcome=\"failed\"} ";
    assert!(service.get("/metrics").text().contains(failed));
    // A run that disappears is served on, and one that comes back is loaded.
    fs::remove_file(folder.path().join("model.json")).unwrap();
    fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    put(&saved("v3-iris-batch-norm"), folder.path());
    wait_until(|| is_logged("\"reloaded\""));
    assert_ne!(service.post("/predict", &[], ROW.as_bytes()).json(), before);
}

#[test]
fn requests_that_have_begun_are_answered_before_the_server_ends() {
    use std::io::Write;

    let mut service = Service::of("v3-iris-layer-norm");
    let mut client = service.client();
    let head = format!(
        "POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
        service.address,
        ROW.len()
    );
    client.stream.get_mut().write_all(head.as_bytes()).unwrap();
    // The server has the head once it counts the request.
    wait_until(|| {
        service
            .get("/metrics")
            .text()
            .contains("mlp_server_requests_in_flight 1")
    });
    let mut idle = service.client();
    assert_eq!(idle.send("GET", "/ping", &[], b"").unwrap().status, 200);

    service.stop();

    wait_until(|| std::net::TcpStream::connect(service.address).is_err());
    client.stream.get_mut().write_all(ROW.as_bytes()).unwrap();
    let answer = client.receive().unwrap();
    assert_eq!(answer.status, 200);
    let begin = Instant::now();
    service.join();
    // It does not wait for a client that asks nothing.
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert!(idle.send("GET", "/ping", &[], b"").is_err());
}

#[test]
fn the_second_stop_waits_for_nobody() {
    use std::io::Write;

    let mut service = Service::of("v3-iris-layer-norm");
    let mut client = service.client();
    client
        .stream
        .get_mut()
        .write_all(b"POST /predict HTTP/1.1\r\nContent-Length: 9\r\n")
        .unwrap();
    let begin = Instant::now();
    service.stop();
    service.stop();
    service.join();
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_token_is_asked_for_except_by_questions_about_health() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, "correct-horse-battery\n").unwrap();
    let settings = Settings {
        token: Some(Token::read(&path).unwrap()),
        ..Settings::default()
    };
    let service = Service::start(settings, &[("iris", &saved("v3-iris-layer-norm"))]);
    let post = |token: &str| {
        let value = format!("Bearer {token}");
        service.post("/predict", &[("Authorization", &value)], ROW.as_bytes())
    };

    let refused = service.post("/predict", &[], ROW.as_bytes());
    assert_eq!(
        (refused.status, refused.header("www-authenticate")),
        (401, Some("Bearer"))
    );
    assert_eq!(post("correct-horse-batterz").status, 401);
    assert_eq!(post("correct-horse-battery").status, 200);
    for path in ["/v2/models/iris", "/metrics", "/openapi.json", "/nothing"] {
        assert_eq!(service.get(path).status, 401, "{path}");
    }
    // The page asks for the token, and says nothing about the models.
    for path in [
        "/v2/health/live",
        "/v2/health/ready",
        "/ping",
        "/",
        "/page.js",
    ] {
        assert_eq!(service.get(path).status, 200, "{path}");
    }
}

#[test]
fn the_server_describes_itself_and_its_model() {
    let service = Service::of("v3-fruit-embedding");
    assert_eq!(service.get("/v2").json()["name"], "mlp-server");
    assert_eq!(service.get("/version").text(), env!("CARGO_PKG_VERSION"));
    let model = service.get("/v2/models/model").json();
    let inputs = json!([
        { "name": "kind", "datatype": "BYTES", "shape": [-1] },
        { "name": "weight", "datatype": "FP64", "shape": [-1] },
        { "name": "picked", "datatype": "BYTES", "shape": [-1] },
    ]);
    assert_eq!(model["inputs"], inputs);
    assert_eq!(
        model["outputs"][0],
        json!({ "name": "prediction", "datatype": "FP64", "shape": [-1] })
    );

    let document = service.get("/openapi.json").json();
    let row = &document["components"]["schemas"]["model.Row"];
    assert_eq!(row["required"], json!(["kind", "weight", "picked"]));
    // The example can be sent as it is, in each protocol.
    for path in [
        "/predict",
        "/models/model/predict",
        "/v2/models/model/infer",
        "/invocations",
    ] {
        let operation = &document["paths"][path]["post"];
        let example = &operation["requestBody"]["content"]["application/json"]["example"];
        let answer = service.post_json(path, example);
        assert_eq!(answer.status, 200, "{path} {example}: {}", answer.text());
    }
}

#[test]
fn what_the_server_does_is_counted() {
    let service = Service::of("v3-iris-layer-norm");
    assert_eq!(
        service
            .post("/predict", &[], format!("[{ROW}, {ROW}]").as_bytes())
            .status,
        200
    );
    assert_eq!(service.post("/predict", &[], b"{").status, 400);
    assert_eq!(service.get("/nothing").status, 404);

    let answer = service.get("/metrics");

    let kind = answer.header("content-type").unwrap();
    assert!(kind.starts_with("text/plain; version=0.0.4"));
    for line in [
        "mlp_server_requests_total{model=\"model\",protocol=\"predict\",status=\"200\"} 1",
        "mlp_server_requests_total{model=\"model\",protocol=\"predict\",status=\"400\"} 1",
        "mlp_server_requests_total{model=\"\",protocol=\"\",status=\"404\"} 1",
        "mlp_server_request_errors_total{model=\"model\"} 1",
        "mlp_server_request_seconds_count{model=\"model\"} 2",
        "mlp_server_request_seconds_bucket{model=\"model\",le=\"+Inf\"} 2",
        "mlp_server_rows_total{model=\"model\"} 2",
        "mlp_server_batch_rows_bucket{model=\"model\",le=\"2\"} 1",
        "mlp_server_requests_in_flight 0",
    ] {
        assert!(
            answer.text().lines().any(|found| found == line),
            "{line}: {}",
            answer.text()
        );
    }
}

#[test]
fn what_cannot_be_served_is_said_before_anything_is_served() {
    let run = |name: &str| {
        let folder = saved("v3-iris-layer-norm");
        ServedRun::load(name, folder.clone(), move || {
            Ok::<_, mlp_inference::Error>(load(&folder))
        })
        .unwrap()
    };
    let bind = |settings, runs| {
        Server::bind(settings, runs, Log::new(LogFormat::Text, |_| {}))
            .err()
            .unwrap()
    };
    let same = bind(Settings::default(), vec![run("iris"), run("iris")]);
    assert!(matches!(same, Error::SameName { name } if name == "iris"));
    for name in ["", "..", "a/b", "a b"] {
        let error = bind(Settings::default(), vec![run(name)]);
        assert!(matches!(error, Error::BadName { .. }), "{name}");
    }
    assert!(matches!(
        bind(Settings::default(), Vec::new()),
        Error::NoModels
    ));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = Settings {
        listen: taken.local_addr().unwrap(),
        ..Settings::default()
    };
    assert!(matches!(
        bind(settings, vec![run("iris")]),
        Error::Bind { .. }
    ));
}
