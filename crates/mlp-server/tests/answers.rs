//! Answers are those of the models, however rows are sent. The expected predictions are those that were saved with
//! each model when its format was new.

mod service;

use std::fs;
use std::io::Cursor;
use std::sync::Arc;

use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use mlp_datasets::{ColumnKind, Schema};
use mlp_inference::arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use mlp_server::Settings;
use serde_json::{Map, Value, json};

use service::{Service, load, saved};

const MODELS: [&str; 9] = [
    "v3-fruit-embedding",
    "v3-fruit-one-hot",
    "v3-iris-batch-norm",
    "v3-iris-dec-tied",
    "v3-iris-idec",
    "v3-iris-layer-norm",
    "v3-iris-perceptron",
    "v3-iris-som",
    "v3-two-targets",
];

/// The rows and the predictions of a saved model.
struct Case {
    name: &'static str,
    schema: Schema,
    csv: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// For each row, the predictions by the names of their columns.
    expected: Vec<Vec<(String, String)>>,
}

impl Case {
    fn new(name: &'static str) -> Self {
        let folder = saved(name);
        let csv = fs::read_to_string(folder.join("inputs.csv")).unwrap();
        let predictions = fs::read_to_string(folder.join("predictions.csv")).unwrap();
        let cells =
            |line: &str| -> Vec<String> { line.split([',', ';']).map(str::to_owned).collect() };
        let mut lines = csv.lines();
        let header = cells(lines.next().unwrap());
        let rows = lines.map(cells).collect();
        let mut lines = predictions.lines();
        let names = cells(lines.next().unwrap());
        let expected = lines.map(|line| names.iter().cloned().zip(cells(line)).collect());
        Self {
            name,
            schema: load(&folder).schema(),
            header,
            rows,
            expected: expected.collect(),
            csv,
        }
    }

    fn kind(&self, column: &str) -> Option<ColumnKind> {
        let mut columns = self.schema.columns.iter();
        columns
            .find(|known| known.name == column)
            .map(|column| column.kind)
    }

    /// A cell as JSON: a number where it is one.
    fn value(&self, column: &str, cell: &str) -> Value {
        match cell.parse::<f64>() {
            _ if cell.is_empty() => Value::Null,
            Ok(number) if self.kind(column) == Some(ColumnKind::Numeric) => json!(number),
            _ => json!(cell),
        }
    }

    fn records(&self) -> Vec<Value> {
        let row = |row: &Vec<String>| {
            let cells = self.header.iter().zip(row);
            let cells = cells.map(|(name, cell)| (name.clone(), self.value(name, cell)));
            Value::Object(cells.collect::<Map<_, _>>())
        };
        self.rows.iter().map(row).collect()
    }

    /// Compares answered rows with the expected ones.
    fn check(&self, how: &str, answered: &[Value]) {
        assert_eq!(answered.len(), self.expected.len(), "{} {how}", self.name);
        for (row, expected) in answered.iter().zip(&self.expected) {
            // Codes are written for `--embed` alone.
            let expected = expected
                .iter()
                .filter(|(column, _)| !column.starts_with("code_"));
            for (column, expected) in expected {
                let found = &row[column];
                let place = format!("{} {how} {column}: {row}", self.name);
                match (expected.parse::<f64>(), found.as_f64()) {
                    (Ok(expected), Some(found)) => {
                        let most = 1e-5 * expected.abs().max(1.0);
                        assert!((found - expected).abs() <= most, "{place}, not {expected}");
                    }
                    _ => assert_eq!(found, expected, "{place}"),
                }
            }
        }
    }
}

/// The rows of a CSV text as JSON.
fn rows_of_csv(text: &str) -> Vec<Value> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let cell = |cell: &str| {
        cell.parse::<f64>()
            .map_or_else(|_| json!(cell), |number| json!(number))
    };
    let row = |line: &str| -> Value {
        let cells = names.iter().zip(line.split(','));
        Value::Object(
            cells
                .map(|(name, text)| ((*name).to_owned(), cell(text)))
                .collect(),
        )
    };
    lines.map(row).collect()
}

#[test]
fn rows_as_json_and_csv_are_predicted_as_the_model_does() {
    for case in MODELS.map(Case::new) {
        let service = Service::of(case.name);

        let answer = service.post_json("/predict", &json!(case.records()));
        assert_eq!(answer.status, 200, "{}", answer.text());
        case.check("JSON", answer.json().as_array().unwrap());

        let one = service.post_json("/models/model/predict", &case.records()[0]);
        assert_eq!(one.json(), answer.json()[0]);

        // In the dialect of the training, whose delimiter is a semicolon for one of the models.
        let headers = [("Content-Type", "text/csv"), ("Accept", "text/csv")];
        let answer = service.post("/predict", &headers, case.csv.as_bytes());
        assert_eq!(answer.header("content-type"), Some("text/csv"));
        case.check("CSV", &rows_of_csv(answer.text()));
    }
}

#[test]
fn tensors_are_predicted_as_the_model_does() {
    for case in MODELS.map(Case::new) {
        let service = Service::of(case.name);
        let num_rows = case.rows.len();
        let inputs = case.header.iter().enumerate().map(|(index, name)| {
            let cells = case.rows.iter().map(|row| case.value(name, &row[index]));
            let (datatype, shape) = match case.kind(name) {
                Some(ColumnKind::Numeric) => ("FP64", json!([num_rows])),
                _ => ("BYTES", json!([num_rows, 1])),
            };
            json!({ "name": name, "datatype": datatype, "shape": shape, "data": cells.collect::<Vec<_>>() })
        });
        let request = json!({ "id": "7", "inputs": inputs.collect::<Vec<_>>() });

        let answer = service.post_json("/v2/models/model/infer", &request);

        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer = answer.json();
        assert_eq!(
            (&answer["id"], &answer["model_name"]),
            (&json!("7"), &json!("model"))
        );
        let outputs = answer["outputs"].as_array().unwrap();
        let rows = (0..num_rows).map(|row| {
            let of_row = outputs.iter().map(|output| {
                assert_eq!(output["shape"], json!([num_rows]));
                (
                    output["name"].as_str().unwrap().to_owned(),
                    output["data"][row].clone(),
                )
            });
            Value::Object(of_row.collect())
        });
        case.check("V2", &rows.collect::<Vec<_>>());
    }
}

#[test]
fn data_frames_are_predicted_as_the_model_does() {
    for case in MODELS.map(Case::new) {
        let service = Service::of(case.name);
        let records = json!({ "dataframe_records": case.records(), "params": {} });
        let data = case.rows.iter().map(|row| {
            let cells = case.header.iter().zip(row);
            cells
                .map(|(name, cell)| case.value(name, cell))
                .collect::<Vec<_>>()
        });
        let index: Vec<_> = (0..case.rows.len()).collect();
        // The order of the keys does not matter.
        let split = format!(
            r#"{{"dataframe_split": {{"data": {}, "index": {}, "columns": {}}}}}"#,
            json!(data.collect::<Vec<_>>()),
            json!(index),
            json!(case.header)
        );

        for body in [records.to_string(), split] {
            let answer = service.post("/invocations", &[], body.as_bytes());
            assert_eq!(answer.status, 200, "{}", answer.text());
            case.check("MLflow", answer.json()["predictions"].as_array().unwrap());
        }
    }
}

#[test]
fn arrow_streams_are_predicted_as_the_model_does() {
    let stream_type = "application/vnd.apache.arrow.stream";
    for case in MODELS.map(Case::new) {
        let service = Service::of(case.name);
        let columns = case.header.iter().enumerate().map(|(index, name)| {
            let cells = case.rows.iter().map(|row| row[index].as_str());
            let array: ArrayRef = if case.kind(name) == Some(ColumnKind::Numeric) {
                Arc::new(
                    cells
                        .map(|cell| cell.parse().ok())
                        .collect::<Float64Array>(),
                )
            } else {
                Arc::new(
                    cells
                        .map(|cell| Some(cell).filter(|c| !c.is_empty()))
                        .collect::<StringArray>(),
                )
            };
            (name, array)
        });
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        let body = writer.into_inner().unwrap();

        let headers = [("Content-Type", stream_type)];
        let answer = service.post("/predict", &headers, &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        case.check("Arrow in", answer.json().as_array().unwrap());

        let headers = [("Content-Type", stream_type), ("Accept", stream_type)];
        let arrow = service.post("/predict", &headers, &body);
        let batches = StreamReader::try_new(Cursor::new(arrow.body), None).unwrap();
        let predicted: Vec<RecordBatch> = batches.map(Result::unwrap).collect();
        assert_eq!(predicted[0].num_rows(), case.rows.len());
        // Again as rows, by the server's own CSV.
        let headers = [("Content-Type", stream_type), ("Accept", "text/csv")];
        let csv = service.post("/predict", &headers, &body);
        let schema = predicted[0].schema();
        let names: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        assert_eq!(names.join(","), csv.text().lines().next().unwrap());
        case.check("Arrow in, CSV out", &rows_of_csv(csv.text()));
    }
}

#[test]
fn requests_at_the_same_time_get_their_own_answers() {
    let case = Case::new("v3-fruit-embedding");
    let service = Service::of(case.name);
    let records = case.records();
    std::thread::scope(|scope| {
        for start in 0..16 {
            let (service, case, records) = (&service, &case, &records);
            scope.spawn(move || {
                let mut client = service.client();
                for number in 0..50 {
                    let index = (start + number) % records.len();
                    let body = records[index].to_string();
                    let answer = client
                        .send("POST", "/predict", &[], body.as_bytes())
                        .unwrap();
                    let found = answer.json()["prediction"].as_f64().unwrap();
                    let expected: f64 = case.expected[index][0].1.parse().unwrap();
                    assert!((found - expected).abs() <= 1e-5 * expected.abs().max(1.0));
                }
            });
        }
    });
}

#[test]
fn several_models_are_told_apart_by_their_names() {
    let (fruit, iris) = (saved("v3-fruit-embedding"), saved("v3-iris-layer-norm"));
    let service = Service::start(Settings::default(), &[("fruit", &fruit), ("iris", &iris)]);
    for (name, model) in [
        ("fruit", "v3-fruit-embedding"),
        ("iris", "v3-iris-layer-norm"),
    ] {
        let case = Case::new(model);
        let answer = service.post_json(&format!("/models/{name}/predict"), &json!(case.records()));
        case.check(name, answer.json().as_array().unwrap());
        let ready = service.get(&format!("/v2/models/{name}/ready"));
        assert_eq!(ready.json(), json!({ "name": name, "ready": true }));
    }
    let answer = service.post_json("/predict", &json!([]));
    assert_eq!(answer.status, 404);
    assert!(answer.error().contains("`fruit`, `iris`"));
}
