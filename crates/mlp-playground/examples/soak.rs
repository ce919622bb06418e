//! Keeps pages open while networks train, leaves them in the middle of it, and sends malformed messages.
//!
//! ```sh
//! cargo run --release -p mlp-playground --example soak -- 60 8
//! ```
//!
//! The numbers are those of minutes and of pages. Each minute it prints how many messages came and went, and the memory and
//! the threads of the process. At the end all pages are left, and it fails if threads remain, or if a message was answered
//! by anything but JSON or a picture.

use std::error::Error;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use mlp_playground::Playground;
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket, client};

/// So fast that eight pages leave a processor free.
const STEPS_PER_SECOND: f64 = 200.0;
/// How long a page takes between two messages.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a page waits for a message.
const PATIENCE: Duration = Duration::from_mins(1);

type Failure = Box<dyn Error + Send + Sync>;

/// What all pages have sent and received.
#[derive(Default)]
struct Counts {
    opened: AtomicU64,
    malformed: AtomicU64,
    failures: AtomicU64,
    texts: AtomicU64,
    pictures: AtomicU64,
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
    let minutes: u64 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let num_pages: usize = arguments.next().map_or(Ok(8), |text| text.parse())?;
    let playground = Playground::bind(0, Device::flex())?;
    let (address, stopper) = (playground.address(), playground.stopper());
    let serving = thread::spawn(move || playground.serve());
    let counts = Arc::new(Counts::default());
    // Threads that the first page starts stay for the next ones.
    visit(address, 0, &counts)?;
    let before = settled("Threads", 0)?;

    let ends = Arc::new(AtomicBool::new(false));
    let pages = (0..num_pages).map(|page| {
        let (counts, ends) = (counts.clone(), ends.clone());
        thread::spawn(move || -> Result<(), Failure> {
            let mut turn = page;
            while !ends.load(Ordering::Relaxed) {
                visit(address, turn, &counts)?;
                turn += num_pages;
            }
            Ok(())
        })
    });
    let pages: Vec<_> = pages.collect();
    for minute in 1..=minutes {
        thread::sleep(Duration::from_mins(1));
        print(&format!("minute {minute}: {}", progress(&counts)?));
    }
    ends.store(true, Ordering::Relaxed);
    for page in pages {
        page.join().map_err(|_| "a page panicked")??;
    }
    let after = settled("Threads", before)?;
    print(&format!("at the end: {}", progress(&counts)?));
    let remain = if after > before {
        thread_names()?
    } else {
        Vec::new()
    };
    stopper.stop();
    serving.join().map_err(|_| "the server panicked")??;
    if after > before {
        let names = remain.join(", ");
        return Err(format!("{before} threads became {after}: {names}").into());
    }
    Ok(())
}

/// Opens a page, lets it train, looks at it for some seconds, sends what cannot be read, and leaves it while it trains.
fn visit(address: SocketAddr, turn: usize, counts: &Counts) -> Result<(), Failure> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let (mut socket, _) = client(format!("ws://{address}/socket"), stream)?;
    counts.opened.fetch_add(1, Ordering::Relaxed);
    let experiments = experiments();
    let requests = [
        json!({"type": "configure", "experiment": experiments[turn % experiments.len()]}),
        json!({"type": "pace", "steps_per_second": STEPS_PER_SECOND}),
        json!({"type": "play"}),
    ];
    for request in requests {
        socket.send(Message::text(request.to_string()))?;
    }
    let stays = Duration::from_millis(500 + turn as u64 * 977 % 9_000);
    let begin = Instant::now();
    let mut messages = malformed().into_iter().cycle().skip(turn);
    while begin.elapsed() < stays {
        receive(&mut socket, counts)?;
        if let Some(message) = messages.next() {
            counts.malformed.fetch_add(1, Ordering::Relaxed);
            socket.send(message)?;
        }
        thread::sleep(PAUSE);
    }
    // Every other page says goodbye.
    if turn.is_multiple_of(2) {
        let _ = socket.close(None);
    }
    Ok(())
}

fn receive(socket: &mut WebSocket<TcpStream>, counts: &Counts) -> Result<(), Failure> {
    match socket.read()? {
        Message::Text(text) => {
            let response: Value = serde_json::from_str(&text)?;
            counts.texts.fetch_add(1, Ordering::Relaxed);
            if response["type"] == "failed" {
                counts.failures.fetch_add(1, Ordering::Relaxed);
            }
        }
        Message::Binary(_) => {
            counts.pictures.fetch_add(1, Ordering::Relaxed);
        }
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => {}
    }
    Ok(())
}

fn experiments() -> Vec<Value> {
    vec![
        json!({"data": {"name": "moons", "samples": 300}, "hidden": [8, 8], "epochs": 100_000}),
        json!({"data": {"name": "spirals", "samples": 300}, "hidden": [16, 16], "epochs": 100_000}),
        json!({"data": {"name": "iris"}, "hidden": [6], "dropout": 0.2, "epochs": 100_000}),
        json!({"data": {"name": "sine"}, "hidden": [12], "epochs": 100_000}),
        json!({"data": {"name": "circles"}, "model": "som", "epochs": 10_000}),
        json!({"data": {"name": "wine"}, "hidden": [32], "epochs": 100_000}),
    ]
}

/// Messages that are no requests, or ask for what there is not.
fn malformed() -> Vec<Message> {
    let texts = [
        "",
        "{",
        "null",
        "[]",
        "{\"type\": \"fly\"}",
        "{\"type\": \"pace\", \"steps_per_second\": -1}",
        "{\"type\": \"pace\", \"steps_per_second\": \"fast\"}",
        "{\"type\": \"pace\", \"steps_per_second\": 200}",
        "{\"type\": \"set_weight\", \"layer\": 99, \"from\": 7, \"to\": 99999999, \"value\": 1e38}",
        "{\"type\": \"set_weight\", \"layer\": -1, \"from\": null, \"to\": 0, \"value\": 0}",
        "{\"type\": \"configure\", \"experiment\": {\"data\": {\"name\": \"/etc/passwd\"}}}",
        "{\"type\": \"configure\", \"experiment\": {\"hidden\": [1000000, 1000000]}}",
        "{\"type\": \"configure\", \"experiment\": {\"epochs\": 0, \"batch_size\": 0}}",
        "{\"type\": \"look\", \"view\": {\"row\": 18446744073709551615}}",
        "\u{0}\u{1}\u{2}",
    ];
    let mut messages: Vec<Message> = texts.into_iter().map(Message::text).collect();
    messages.push(Message::text("[".repeat(60_000)));
    messages.push(Message::binary(vec![0xff; 1000]));
    messages
}

fn progress(counts: &Counts) -> Result<String, Failure> {
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    Ok(format!(
        "{} pages opened, {} malformed messages sent, {} refusals, {} texts, {} pictures; {} MB, {} threads",
        count(&counts.opened),
        count(&counts.malformed),
        count(&counts.failures),
        count(&counts.texts),
        count(&counts.pictures),
        of_process("VmRSS")? / 1000,
        of_process("Threads")?
    ))
}

/// A number of the process, once it has come down to another one or has not for half a minute.
fn settled(name: &str, expected: u64) -> Result<u64, Failure> {
    for _ in 0..300 {
        if of_process(name)? <= expected {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    of_process(name)
}

/// The names of the threads of the process.
fn thread_names() -> Result<Vec<String>, Failure> {
    let threads = fs::read_dir("/proc/self/task")?;
    let names = threads.map(|thread| {
        let name = fs::read_to_string(thread?.path().join("comm"))?;
        Ok(name.trim_end().to_owned())
    });
    names.collect()
}

/// A number of the process by its name in `/proc`; memory is in kB.
fn of_process(name: &str) -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.trim_start_matches(':').split_whitespace().next());
    Ok(number.ok_or("there is no such number")?.parse()?)
}
