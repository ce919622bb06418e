//! A server on a free port, and a small client.

#![allow(dead_code)] // Each test uses some of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use mlp_inference::{Device, SavedModel};
use mlp_server::{Log, LogFormat, ServedRun, Server, Settings, Stopper};
use serde_json::Value;

/// The models that each format of saved models is tested with.
pub fn saved(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../mlp-inference/tests/formats")
        .join(name)
}

pub fn load(folder: &Path) -> SavedModel {
    SavedModel::load(folder, &Device::flex()).unwrap()
}

pub struct Service {
    pub address: SocketAddr,
    pub log: Arc<Mutex<Vec<String>>>,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    /// Serves the models of folders under their names.
    pub fn start(settings: Settings, runs: &[(&str, &Path)]) -> Self {
        let runs = runs.iter().map(|(name, folder)| {
            let path = folder.to_path_buf();
            ServedRun::load(*name, *folder, move || {
                SavedModel::load(&path, &Device::flex())
            })
            .unwrap()
        });
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = log.clone();
        let write = move |line: &str| lines.lock().unwrap().push(line.to_owned());
        let settings = Settings {
            listen: ([127, 0, 0, 1], 0).into(),
            ..settings
        };
        let server =
            Server::bind(settings, runs.collect(), Log::new(LogFormat::Json, write)).unwrap();
        let (address, stopper) = (server.address(), server.stopper());
        let thread = std::thread::spawn(move || server.serve().unwrap());
        Self {
            address,
            log,
            stopper,
            thread: Some(thread),
        }
    }

    /// One of the saved models.
    pub fn of(name: &str) -> Self {
        Self::start(Settings::default(), &[("model", &saved(name))])
    }

    pub fn client(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        Client {
            host: self.address.to_string(),
            stream: BufReader::new(stream),
        }
    }

    /// An answer to a request on a connection of its own.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.client().send("POST", path, headers, body).unwrap()
    }

    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(
            path,
            &[("Content-Type", "application/json")],
            body.to_string().as_bytes(),
        )
    }

    pub fn get(&self, path: &str) -> Answer {
        self.client().send("GET", path, &[], b"").unwrap()
    }

    pub fn stop(&self) {
        self.stopper.stop();
    }

    /// Waits until the server has ended.
    pub fn join(&mut self) {
        self.thread.take().unwrap().join().unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stopper.stop();
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A connection.
pub struct Client {
    pub host: String,
    pub stream: BufReader<TcpStream>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The message of a refusal.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap().to_owned()
    }
}

impl Client {
    /// Sends a request and reads the answer; an error if the connection ends before.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Answer> {
        use std::fmt::Write as _;

        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            let _ = write!(request, "Host: {}\r\n", self.host);
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n", body.len());
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body);
        self.stream.get_mut().write_all(&bytes)?;
        self.receive()
    }

    pub fn receive(&mut self) -> std::io::Result<Answer> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        answer.body.resize(length, 0);
        self.stream.read_exact(&mut answer.body)?;
        Ok(answer)
    }
}
