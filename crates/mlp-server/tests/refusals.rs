//! Requests that are not answered with predictions say what is wrong with them.

mod service;

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use mlp_server::{Limits, Settings};
use serde_json::{Value, json};

use service::{Service, saved};

/// A row of the fruit models.
const ROW: &str = r#"{"kind": "apple", "weight": 100, "picked": "2024-05-11"}"#;

fn with_limits(limits: Limits) -> Service {
    let settings = Settings {
        limits,
        ..Settings::default()
    };
    Service::start(settings, &[("model", &saved("v3-fruit-embedding"))])
}

/// The status of the answer to a body, and its error.
fn refused(service: &Service, path: &str, body: &str) -> (u16, Value) {
    let answer = service.post(
        path,
        &[("Content-Type", "application/json")],
        body.as_bytes(),
    );
    (answer.status, answer.json())
}

#[test]
fn a_bad_row_is_refused_with_row_column_value_and_what_is_allowed() {
    let service = Service::of("v3-fruit-embedding");
    let bad = r#"{"kind": "apple", "weight": "heavy", "picked": null}"#;

    let (status, error) = refused(&service, "/predict", &format!("[{ROW}, {bad}]"));

    assert_eq!(status, 422);
    assert_eq!(
        error,
        json!({
            "error": "row 2 has `heavy` as `weight`, where a number was expected",
            "row": 2, "column": "weight", "value": "heavy",
            "allowed": "a number, or null if it is missing",
        })
    );
}

#[test]
fn json_that_does_not_fit_is_refused() {
    let service = Service::of("v3-fruit-embedding");
    let row = |weight: &str| format!(r#"{{"kind": "apple", "weight": {weight}, "picked": null}}"#);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (body, status, message) in [
        (String::new(), 400, "the body is empty"),
        ("{".to_owned(), 400, "not JSON"),
        (format!("{ROW} x"), 400, "not JSON"),
        (
            row("NaN"),
            400,
            "`NaN` in line 1, column 29 is not JSON; give null",
        ),
        (row("-Infinity"), 400, "`-Infinity` in line 1"),
        (row("1e999"), 400, "out of range"),
        (
            row("1e300"),
            422,
            "has `1e300` as `weight`, where a number within ±3.4e38 (single precision) was expected",
        ),
        (
            row("[1]"),
            422,
            "row 1 has a JSON array as `weight`; a cell is a string, a number, a boolean or null",
        ),
        (
            row(r#"{"x": 1}"#),
            422,
            "row 1 has a JSON object as `weight`",
        ),
        (row(r#"1, "weight": 2"#), 422, "row 1 has `weight` twice"),
        ("[]".to_owned(), 422, "there are no rows"),
        ("7".to_owned(), 422, "an array of objects"),
        ("[7]".to_owned(), 422, "row 1 as an object"),
        (
            r#"{"kind": "apple", "picked": null}"#.to_owned(),
            422,
            "row 1 has no `weight`; give null",
        ),
        (
            r#"{"kind": "apple", "wieght": 1, "colour": 2, "picked": null}"#.to_owned(),
            422,
            "row 1 has no `weight`; it has `wieght`: did you mean `weight`?",
        ),
        (
            row(r#""2024""#).replace("null", r#""soon""#),
            422,
            "`soon` as `picked`",
        ),
        (deep.clone(), 422, "row 1 as an object"),
        (row(&deep), 422, "a JSON array"),
        (
            r#"{"kind": "APPLE", "weight": 1, "picked": null}"#.to_owned(),
            422,
            "row 1 has `APPLE` as `kind`, but training had `apple`",
        ),
    ] {
        let (found, error) = refused(&service, "/predict", &body);
        let error = error["error"].as_str().unwrap();
        let shown = &body[..body.len().min(80)];
        assert!(error.contains(message), "{shown}: {error}");
        assert_eq!(found, status, "{shown}: {error}");
    }
}

/// New kinds of fruit are predicted, and those in another case are refused: in either case whatever the other rows are.
#[test]
fn what_is_answered_to_a_row_does_not_depend_on_its_neighbours() {
    let service = Service::of("v3-fruit-embedding");
    let row = |kind: &str| json!({ "kind": kind, "weight": 100, "picked": "2024-05-11" });
    let csv = |rows: &[Value]| {
        let cells = rows
            .iter()
            .map(|row| format!("{},100,2024-05-11\n", row["kind"].as_str().unwrap()));
        format!("kind,weight,picked\n{}", cells.collect::<String>())
    };
    let known: Vec<Value> = (0..12).map(|_| row("apple")).collect();
    let new: Vec<Value> = (0..12).map(|index| row(&format!("new {index}"))).collect();

    let alone = service.post_json("/predict", &row("new 0")).json();
    let misspelt = service.post_json("/predict", &row("APPLE"));

    assert_eq!(misspelt.status, 422);
    assert_eq!(misspelt.json()["allowed"], "`apple`");
    for neighbours in [&known, &new] {
        let with = |row: Value| [&neighbours[..], &[row]].concat();
        let rows = with(row("new 0"));
        let answer = service.post_json("/predict", &json!(rows));
        let found = answer.json()[12]["prediction"].as_f64().unwrap();
        let expected = alone["prediction"].as_f64().unwrap();
        assert!((found - expected).abs() < 1e-4, "{found}, not {expected}");
        let headers = [("Content-Type", "text/csv")];
        let answer = service.post("/predict", &headers, csv(&rows).as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());

        let rows = with(row("APPLE"));
        let tensor = |name: &str| {
            let data: Vec<_> = rows.iter().map(|row| &row[name]).collect();
            let datatype = if name == "weight" { "INT64" } else { "BYTES" };
            json!({ "name": name, "shape": [13], "datatype": datatype, "data": data })
        };
        let tensors = ["kind", "weight", "picked"].map(tensor);
        let inputs = json!({ "inputs": tensors });
        let expected = "row 13 has `APPLE` as `kind`, but training had `apple`";
        for (path, body) in [
            ("/predict", json!(rows)),
            ("/invocations", json!({ "dataframe_records": rows })),
            ("/v2/models/model/infer", inputs),
        ] {
            assert_eq!(service.post_json(path, &body).error(), expected, "{path}");
        }
        let answer = service.post("/predict", &headers, csv(&rows).as_bytes());
        assert_eq!(answer.error(), expected);
    }
}

#[test]
fn csv_that_does_not_fit_is_refused() {
    let service = Service::of("v3-fruit-embedding");
    for (body, status, message) in [
        (&b""[..], 422, "empty"),
        (b"kind,weight,picked\n", 422, "no rows"),
        (b"kind,weight\napple,1\n", 422, "no column `picked`"),
        (
            b"kind,weight,pickd\napple,1,\n",
            422,
            "it has `pickd`: did you mean `picked`?",
        ),
        (
            b"kind,weight,picked\napple,heavy,2024-05-11\n",
            422,
            "line 2 of `the body` has `heavy` as `weight`",
        ),
        (b"kind,weight,picked\napple,1\n", 400, "line 2"),
        (b"{\"kind\": \"apple\"}", 400, "the body is not CSV"),
        (b"\x1f\x8b\x08\0\0\0\0\0", 400, "the body is not CSV"),
    ] {
        let answer = service.post("/predict", &[("Content-Type", "text/csv")], body);
        let error = answer.error();
        assert!(error.contains(message), "{error}");
        assert_eq!(answer.status, status, "{error}");
    }
}

#[test]
fn tensors_and_data_frames_that_do_not_fit_are_refused() {
    let service = Service::of("v3-two-targets");
    let input = |name: &str, shape: Value, datatype: &str, data: Value| json!({ "name": name, "shape": shape, "datatype": datatype, "data": data });
    let x = || input("x", json!([1]), "FP64", json!([0.5]));
    let infer = "/v2/models/model/infer";
    let with = |y: Value| json!({ "inputs": [x(), y] }).to_string();
    let y = |data: Value| with(input("y", json!([1]), "FP64", data));
    for (path, body, message) in [
        (
            infer,
            json!({ "inputs": [x()] }).to_string(),
            "the body has no `y`",
        ),
        (
            infer,
            json!({ "inputs": [x(), x()] }).to_string(),
            "two inputs `x`",
        ),
        (
            infer,
            y(json!([1, 2])),
            "`y` has 2 values, but its shape says 1",
        ),
        (infer, y(json!(["a"])), "value of the datatype FP64"),
        (infer, y(json!([[1, 2]])), "array of one"),
        (
            infer,
            with(input("y", json!([2]), "FP64", json!([1, 2]))),
            "`y` has 2 rows, but `x` has 1",
        ),
        (
            infer,
            with(input("y", json!([1, 2]), "FP64", json!([1, 2]))),
            "shape [ROWS]",
        ),
        (
            infer,
            with(input("y", json!([1]), "COMPLEX", json!([1]))),
            "`COMPLEX`",
        ),
        (infer, json!({}).to_string(), "missing field `inputs`"),
        ("/invocations", "{}".to_owned(), "`dataframe_split`"),
        (
            "/invocations",
            r#"{"instances": [1]}"#.to_owned(),
            "`instances` are not taken",
        ),
        (
            "/invocations",
            r#"{"dataframe_records": {"x": 1, "y": 2}}"#.to_owned(),
            "must be an array",
        ),
        (
            "/invocations",
            r#"{"dataframe_split": {"columns": ["x", "y"], "data": [[1]]}}"#.to_owned(),
            "row 1 has 1 values",
        ),
        (
            "/invocations",
            r#"{"dataframe_split": {"columns": ["x"], "data": [[1]]}}"#.to_owned(),
            "the body has no `y`",
        ),
        (
            "/invocations",
            r#"{"dataframe_split": {"columns": ["x", "Y"], "data": [[1, 2]]}}"#.to_owned(),
            "it has `Y`: did you mean `y`?",
        ),
        (
            infer,
            with(input("y", json!([-1]), "FP64", json!([1]))),
            "integer `-1`, expected a length: a whole number from 0",
        ),
        (infer, "[]".to_owned(), "expected an object with `inputs`"),
        (
            infer,
            with(input("y", json!([1]), "FP64", json!({}))),
            "invalid type: object, expected an array",
        ),
        (
            "/invocations",
            r#"{"dataframe_records": [{"x": 1, "y": 2}], "params": {"t": 1}}"#.to_owned(),
            "no parameter `t`",
        ),
    ] {
        let (status, error) = refused(&service, path, &body);
        let error = error["error"].as_str().unwrap();
        assert!(error.contains(message), "{body}: {error}");
        assert_eq!(status, 422, "{body}: {error}");
    }
    let unknown = json!({ "inputs": [x(), input("y", json!([1]), "FP32", json!([1]))], "outputs": [{ "name": "z" }] });
    let (status, error) = refused(&service, infer, &unknown.to_string());
    assert_eq!(
        (status, &error["error"]),
        (
            422,
            &json!(
                "there is no output `z`; the outputs are `prediction_sum`, `prediction_difference`"
            )
        )
    );
}

#[test]
fn what_is_too_much_is_refused() {
    let service = with_limits(Limits {
        body_bytes: 1000,
        rows: 3,
        ..Limits::default()
    });
    let rows = |number: usize| format!("[{}]", vec![ROW; number].join(","));
    assert_eq!(refused(&service, "/predict", &rows(3)).0, 200);
    let (status, error) = refused(&service, "/predict", &rows(4));
    assert_eq!(
        (status, &error["error"]),
        (
            413,
            &json!("there are more than 3 rows; send them in several requests")
        )
    );
    // The client has sent it all before it reads the answer.
    let (status, error) = refused(&service, "/predict", &" ".repeat(9000));
    assert!(
        error["error"]
            .as_str()
            .unwrap()
            .contains("more than 1000 bytes")
    );
    assert_eq!(status, 413);
    let csv = format!("kind,weight,picked\n{}", "apple,1,2024-05-11\n".repeat(4));
    let answer = service.post("/predict", &[("Content-Type", "text/csv")], csv.as_bytes());
    assert_eq!(answer.status, 413);
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let service = with_limits(Limits {
        time: Duration::from_millis(100),
        ..Limits::default()
    });
    let mut client = service.client();
    let begin = Instant::now();
    let head = format!(
        "POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Length: 100\r\n\r\n{{",
        service.address
    );
    client.stream.get_mut().write_all(head.as_bytes()).unwrap();

    let answer = client.receive().unwrap();

    assert_eq!(
        (answer.status, answer.header("connection")),
        (408, Some("close"))
    );
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn more_requests_than_are_taken_are_told_to_come_back() {
    let service = with_limits(Limits {
        requests: 1,
        ..Limits::default()
    });
    // A request whose body is under way.
    let mut waiting = service.client();
    let head = format!(
        "POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
        service.address,
        ROW.len()
    );
    waiting.stream.get_mut().write_all(head.as_bytes()).unwrap();
    let begin = Instant::now();
    while !service
        .get("/metrics")
        .text()
        .contains("mlp_server_requests_in_flight 1")
    {
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
    let refused = service.post("/predict", &[], ROW.as_bytes());
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), Some("1"));

    waiting.stream.get_mut().write_all(ROW.as_bytes()).unwrap();

    assert_eq!(waiting.receive().unwrap().status, 200);
    assert_eq!(service.post("/predict", &[], ROW.as_bytes()).status, 200);
}

#[test]
fn other_addresses_methods_and_types_are_refused() {
    let service = Service::of("v3-fruit-embedding");
    let json = ("Content-Type", "application/json");
    for (method, path, headers, status) in [
        ("GET", "/nothing", &[][..], 404),
        ("POST", "/models/other/predict", &[], 404),
        ("GET", "/v2/models/other", &[], 404),
        ("GET", "/predict", &[], 405),
        ("DELETE", "/v2", &[], 405),
        ("POST", "/predict", &[("Content-Type", "text/html")], 415),
        (
            "POST",
            "/predict",
            &[json, ("Content-Encoding", "gzip")],
            415,
        ),
        (
            "POST",
            "/v2/models/model/infer",
            &[("Content-Type", "text/csv")],
            415,
        ),
        (
            "POST",
            "/v2/models/model/infer",
            &[json, ("Inference-Header-Content-Length", "3")],
            415,
        ),
        ("POST", "/predict", &[json, ("Accept", "image/png")], 406),
        ("POST", "/predict", &[json, ("Host", "example.org")], 403),
        (
            "POST",
            "/predict",
            &[json, ("Origin", "http://example.org")],
            403,
        ),
    ] {
        let answer = service
            .client()
            .send(method, path, headers, ROW.as_bytes())
            .unwrap();
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(!answer.error().is_empty());
        assert_eq!(answer.header("allow").is_some(), status == 405, "{path}");
    }
}

/// A stream that claims to have 2^60 rows, and one that is cut.
#[test]
fn arrow_streams_that_are_damaged_are_refused() {
    let service = Service::of("v3-two-targets");
    let headers = [("Content-Type", "application/vnd.apache.arrow.stream")];
    for body in [
        &b"ARROW1\0\0"[..],
        b"\xff\xff\xff\xff\x10\0\0\0",
        b"x,y\n1,2\n",
        b"",
    ] {
        let answer = service.post("/predict", &headers, body);
        assert!([400, 422].contains(&answer.status), "{}", answer.text());
    }
}

#[test]
fn a_client_that_leaves_disturbs_nobody() {
    let service = Service::of("v3-fruit-embedding");
    for _ in 0..20 {
        let mut stream = TcpStream::connect(service.address).unwrap();
        let request = format!(
            "POST /predict HTTP/1.1\r\nHost: {}\r\nContent-Length: 9\r\n\r\n{{",
            service.address
        );
        stream.write_all(request.as_bytes()).unwrap();
    }
    assert_eq!(service.post("/predict", &[], ROW.as_bytes()).status, 200);
}
