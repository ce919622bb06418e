//! Sends many requests over many connections to a server whose run is exchanged every second, with a few malformed
//! bodies, and compares every answer.
//!
//! ```sh
//! cargo run --release -p mlp-server --example soak -- 1000000 200
//! ```
//!
//! The numbers are those of requests and of connections. It prints how many answers were right, and the memory of the
//! process as it goes, and fails if an answer was wrong or missing.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mlp_inference::{Device, SavedModel};
use mlp_server::{Log, LogFormat, ServedRun, Server, Settings};
use serde_json::{Value, json};

/// One body of so many is malformed.
const MALFORMED: u64 = 100;
/// The models that take turns, among those of the tests.
const MODELS: [&str; 2] = ["v3-iris-layer-norm", "v3-iris-batch-norm"];

type Failure = Box<dyn Error + Send + Sync>;

/// A body, and what may be answered.
struct Request {
    body: String,
    /// The predictions of each model; none for a malformed body.
    answers: Vec<Value>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print(&format!("failed: {error}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout)] // What it is for.
fn print(line: &str) {
    println!("{line}");
}

fn run() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let num_requests: u64 = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let num_connections: u64 = arguments.next().map_or(Ok(200), |text| text.parse())?;
    let folder = std::env::temp_dir().join(format!("soak-{}", std::process::id()));
    put(0, &folder)?;
    let path = folder.clone();
    let run = ServedRun::load("iris", &folder, move || {
        SavedModel::load(&path, &Device::flex())
    })?;
    let settings = Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        reload_every: Duration::from_millis(100),
        ..Settings::default()
    };
    let reloads = Arc::new(AtomicU64::new(0));
    let count = reloads.clone();
    let log = Log::new(LogFormat::Text, move |line| {
        if line.starts_with("reloaded") {
            count.fetch_add(1, Ordering::Relaxed);
        } else {
            print(line);
        }
    });
    let server = Server::bind(settings, vec![run], log)?;
    let (address, stopper) = (server.address(), server.stopper());
    let serving = std::thread::spawn(move || server.serve());

    let requests = Arc::new(requests()?);
    let done = Arc::new(AtomicU64::new(0));
    let ends = Arc::new(AtomicBool::new(false));
    let exchanging = {
        let (ends, folder, done) = (ends.clone(), folder.clone(), done.clone());
        std::thread::spawn(move || -> Result<(), Failure> {
            let mut turn = 0;
            while !ends.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_secs(1));
                turn += 1;
                put(turn % 2, &folder)?;
                if turn % 10 == 0 {
                    let done = done.load(Ordering::Relaxed);
                    print(&format!("{turn} s: {done} requests, {} KiB", memory()));
                }
            }
            Ok(())
        })
    };
    let begin = Instant::now();
    let clients: Vec<_> = (0..num_connections)
        .map(|client| {
            let (requests, done) = (requests.clone(), done.clone());
            let count =
                num_requests / num_connections + u64::from(client < num_requests % num_connections);
            std::thread::spawn(move || converse(address, client, count, &requests, &done))
        })
        .collect();
    let mut counts = [0u64; 3];
    for client in clients {
        let of_client = client.join().map_err(|_| "a client panicked")??;
        for (sum, count) in counts.iter_mut().zip(of_client) {
            *sum += count;
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    ends.store(true, Ordering::Relaxed);
    exchanging.join().map_err(|_| "the exchange panicked")??;
    stopper.stop();
    serving.join().map_err(|_| "the server panicked")??;
    fs::remove_dir_all(&folder)?;
    print(&format!(
        "{num_requests} requests in {seconds:.1} s: {} by the first model, {} by the second, {} malformed and refused; \
         {} reloads, {} KiB",
        counts[0],
        counts[1],
        counts[2],
        reloads.load(Ordering::Relaxed),
        memory()
    ));
    Ok(())
}

fn model(index: usize) -> PathBuf {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mlp-inference/tests/formats");
    formats.join(MODELS[index])
}

/// Puts a model into a folder, each of its files as a whole.
fn put(index: usize, folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    for name in ["model.safetensors", "model.json"] {
        let new = folder.join(format!("{name}.new"));
        fs::copy(model(index).join(name), &new)?;
        fs::rename(&new, folder.join(name))?;
    }
    Ok(())
}

/// Rows with what the models predict for them without a server, and bodies that are malformed.
fn requests() -> Result<Vec<Request>, Failure> {
    let models = [0, 1].map(|index| SavedModel::load(model(index), &Device::flex()));
    let models = models.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut requests = Vec::new();
    for index in 0..500u32 {
        let number = |step: f64, most: f64| (f64::from(index) * step).rem_euclid(most) + 0.1;
        let row = json!({
            "sepal_length": number(0.37, 8.0),
            "sepal_width": number(0.61, 5.0),
            "petal_length": number(0.73, 7.0),
            "petal_width": number(0.29, 3.0),
        });
        let answers = models.iter().map(|model| {
            let predictions = model.predict_records(std::slice::from_ref(&row))?;
            let mut answer = json!({ "prediction": predictions.class(0) });
            for class in model.classes().unwrap_or_default() {
                answer[format!("probability_{class}")] = json!(predictions.probability(0, class));
            }
            Ok(answer)
        });
        requests.push(Request {
            body: row.to_string(),
            answers: answers.collect::<Result<_, mlp_inference::Error>>()?,
        });
    }
    for body in [
        "",
        "{",
        "[]",
        r#"{"sepal_length": NaN}"#,
        r#"{"sepal_length": 1}"#,
        r#"{"sepal_length": "long", "sepal_width": 1, "petal_length": 1, "petal_width": 1}"#,
        "\u{0}",
    ] {
        requests.push(Request {
            body: body.to_owned(),
            answers: Vec::new(),
        });
    }
    Ok(requests)
}

/// Sends requests one after another: how many were answered by each model, and refused as they should be.
fn converse(
    address: SocketAddr,
    client: u64,
    count: u64,
    requests: &[Request],
    done: &AtomicU64,
) -> Result<[u64; 3], Failure> {
    let mut stream = BufReader::new(TcpStream::connect(address)?);
    stream.get_ref().set_nodelay(true)?;
    let num_good = requests
        .iter()
        .filter(|request| !request.answers.is_empty())
        .count() as u64;
    let num_bad = requests.len() as u64 - num_good;
    let mut counts = [0; 3];
    for number in 0..count {
        let random = (client * 1_000_003 + number).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let index = if random.is_multiple_of(MALFORMED) {
            num_good + random / MALFORMED % num_bad
        } else {
            random / MALFORMED % num_good
        };
        let request = &requests[usize::try_from(index)?];
        let text = format!(
            "POST /predict HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{}",
            request.body.len(),
            request.body
        );
        stream.get_mut().write_all(text.as_bytes())?;
        let (status, answer) = receive(&mut stream)?;
        let wrong = || format!("`{}` was answered {status} {answer}", request.body);
        let kind = if request.answers.is_empty() {
            let is_refused = [400, 422].contains(&status) && answer["error"].is_string();
            is_refused.then_some(2).ok_or_else(wrong)?
        } else {
            let by = request
                .answers
                .iter()
                .position(|expected| status == 200 && is_close(&answer, expected));
            by.ok_or_else(wrong)?
        };
        counts[kind] += 1;
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(counts)
}

fn receive(stream: &mut BufReader<TcpStream>) -> Result<(u16, Value), Failure> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err("the connection ended without an answer".into());
    }
    let status = line.split(' ').nth(1).unwrap_or_default().parse()?;
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        if line.trim_end().is_empty() {
            break;
        }
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.trim_end().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((status, serde_json::from_slice(&body)?))
}

/// Whether predictions are the same but for the last digits of probabilities, as rows are predicted together.
fn is_close(found: &Value, expected: &Value) -> bool {
    let (Some(found), Some(expected)) = (found.as_object(), expected.as_object()) else {
        return false;
    };
    found.len() == expected.len()
        && expected.iter().all(|(name, expected)| {
            found
                .get(name)
                .is_some_and(|found| match (found.as_f64(), expected.as_f64()) {
                    (Some(found), Some(expected)) => (found - expected).abs() < 1e-5,
                    _ => found == expected,
                })
        })
}

/// The memory of the process in KiB, where the system tells.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
