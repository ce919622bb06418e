//! Clients that do not read, send much more than is taken, or ask for more than can be computed in time.

mod service;

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use mlp_server::{Limits, Settings, Token};

use service::{Service, saved};

/// A row of the iris models.
const ROW: &str =
    r#"{"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}"#;

fn with_limits(limits: Limits) -> Service {
    let settings = Settings {
        limits,
        ..Settings::default()
    };
    Service::start(settings, &[("iris", &saved("v3-iris-layer-norm"))])
}

/// So many rows as CSV.
fn rows(number: usize) -> Vec<u8> {
    let mut csv = b"sepal_length,sepal_width,petal_length,petal_width\n".to_vec();
    csv.extend(b"5.1,3.5,1.4,0.2\n".repeat(number));
    csv
}

fn head(service: &Service, length: usize) -> String {
    format!(
        "POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Type: text/csv\r\nContent-Length: {length}\r\n\r\n",
        service.address
    )
}

#[test]
fn a_client_that_sends_a_hundred_megabytes_first_reads_why_it_is_refused() {
    for body_bytes in [1000, 16 << 20] {
        let service = with_limits(Limits {
            body_bytes,
            ..Limits::default()
        });
        let answer = service.post("/predict", &[], &vec![b' '; 100 << 20]);
        assert_eq!(
            (answer.status, answer.header("connection")),
            (413, Some("close"))
        );
        assert!(answer.error().contains("more than"), "{}", answer.error());
        // In pieces whose sum nobody has told.
        let mut client = service.client();
        let head = format!(
            "POST /predict HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
            service.address
        );
        let stream = client.stream.get_mut();
        stream.write_all(head.as_bytes()).unwrap();
        let piece = [&b"100000\r\n"[..], &vec![b' '; 1 << 20], b"\r\n"].concat();
        for _ in 0..40 {
            stream.write_all(&piece).unwrap();
        }
        stream.write_all(b"0\r\n\r\n").unwrap();
        assert_eq!(client.receive().unwrap().status, 413);
    }
}

#[test]
fn a_refused_client_reads_why_and_keeps_its_connection_if_it_has_sent_little() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "correct-horse-battery").unwrap();
    let settings = Settings {
        token: Some(Token::read(&path).unwrap()),
        ..Settings::default()
    };
    let service = Service::start(settings, &[("iris", &saved("v3-iris-layer-norm"))]);

    let answer = service.post("/predict", &[], &vec![b' '; 10 << 20]);
    assert_eq!(
        (answer.status, answer.header("connection")),
        (401, Some("close"))
    );
    let mut client = service.client();
    for _ in 0..3 {
        let answer = client
            .send("POST", "/predict", &[], ROW.as_bytes())
            .unwrap();
        assert_eq!((answer.status, answer.header("connection")), (401, None));
    }
    // It waits to be asked for the body, and must not be.
    let expect = ("Expect", "100-continue");
    let head = format!(
        "POST /predict HTTP/1.1\r\nHost: {}\r\n{}: {}\r\nContent-Length: 10\r\n\r\n",
        service.address, expect.0, expect.1
    );
    client.stream.get_mut().write_all(head.as_bytes()).unwrap();
    let answer = client.receive().unwrap();
    assert_eq!(
        (answer.status, answer.header("connection")),
        (401, Some("close"))
    );
}

#[test]
fn a_client_that_does_not_read_its_answer_loses_its_place() {
    let service = with_limits(Limits {
        connections: 1,
        time: Duration::from_secs(3),
        rows: 300_000,
        ..Limits::default()
    });
    let body = rows(200_000);
    let mut idle = service.client();
    let stream = idle.stream.get_mut();
    stream
        .write_all(head(&service, body.len()).as_bytes())
        .unwrap();
    stream.write_all(&body).unwrap();

    let begin = Instant::now();
    let answer = service.get("/ping");

    assert_eq!(answer.status, 200);
    assert!(begin.elapsed() < Duration::from_secs(15));
    // It was cut off within the answer.
    let mut all = Vec::new();
    let _ = idle.stream.read_to_end(&mut all);
    assert!(all.starts_with(b"HTTP/1.1 200"));
    let end = all.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
    let length = str::from_utf8(&all[..end]).unwrap();
    let length = length.split("content-length: ").nth(1).unwrap();
    let length: usize = length.lines().next().unwrap().parse().unwrap();
    assert!(all.len() - end - 4 < length);
}

#[test]
fn a_request_that_took_too_long_keeps_its_place_until_its_work_ends() {
    // The time must end after the body has arrived and before its rows are predicted, which depends on the machine.
    let limits = [100, 200, 400, 800, 1_600].map(Duration::from_millis);
    assert!(limits.into_iter().any(refuses_others_until_its_work_ends));
}

/// Whether others are refused after a request that took longer than it may.
fn refuses_others_until_its_work_ends(time: Duration) -> bool {
    let service = with_limits(Limits {
        requests: 1,
        time,
        rows: 1_000_000,
        ..Limits::default()
    });
    let csv = [("Content-Type", "text/csv")];
    let answer = service.post("/predict", &csv, &rows(900_000));
    if answer.status == 200 {
        return false;
    }
    assert_eq!(answer.status, 408, "{}", answer.text());

    let mut refused = 0;
    let begin = Instant::now();
    loop {
        let answer = service.post("/predict", &[], ROW.as_bytes());
        match answer.status {
            200 => break,
            429 => refused += 1,
            // The place is free, but the thread of the model is still busy.
            status => assert_eq!(status, 408),
        }
        assert!(begin.elapsed() < Duration::from_mins(1));
    }
    let metrics = service.get("/metrics");
    assert!(metrics.text().contains("mlp_server_requests_in_flight 0"));
    refused > 0
}
