//! The `trainer` program while it answers requests.

#![allow(dead_code)] // Each test file uses a part.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::program::Program;

/// The program while it serves runs, or the page.
pub struct Served {
    pub child: Child,
    pub address: String,
}

impl Served {
    /// Serves runs on a free port.
    pub fn start(program: &Program, args: &[&str]) -> Self {
        let serve = ["serve", "--listen", "127.0.0.1:0"];
        Self::running(program, &[&serve, args].concat())
    }

    /// Runs a command that prints its address.
    pub fn running(program: &Program, args: &[&str]) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("trainer"))
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

    pub fn stream(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        let limit = Some(Duration::from_mins(1));
        stream.set_read_timeout(limit).unwrap();
        stream
    }

    /// Sends a request, and gives the answer with its head.
    pub fn http(&self, request: &str, body: &str) -> String {
        let mut stream = self.stream();
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
