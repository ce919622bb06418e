use super::*;
use crate::builtin::idx::idx_bytes;
use crate::input::compression::gzip;
use crate::{BuiltIn, Partition};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};

/// A local server that gives the same answers as long as the test runs.
struct Server {
    url: String,
}

/// The head and the body of an answer.
type Answer = (String, Vec<u8>);

impl Server {
    fn start(answers: HashMap<String, Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/mnist", listener.local_addr().unwrap());
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &answers);
            }
        });
        Self { url }
    }
}

fn answer(mut stream: TcpStream, answers: &HashMap<String, Answer>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let request = lines.next().unwrap().unwrap();
    while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
    let path = request.split(' ').nth(1).unwrap();
    let not_found = &respond("404 Not Found", b"no such file");
    let (head, body) = answers.get(path).unwrap_or(not_found);
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
}

fn respond(status: &str, body: &[u8]) -> Answer {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    (head, body.to_vec())
}

/// Three training and two test images of 1 × 2 pixels.
fn contents() -> [Vec<u8>; 4] {
    [
        idx_bytes(&[3, 1, 2], &[0, 10, 20, 30, 40, 50]),
        idx_bytes(&[3], &[1, 0, 3]),
        idx_bytes(&[2, 1, 2], &[60, 70, 80, 255]),
        idx_bytes(&[2], &[0, 1]),
    ]
}

fn answers() -> HashMap<String, Answer> {
    let bodies = contents().map(|content| respond("200 OK", &gzip(&content)));
    let paths = FILES.map(|name| format!("/mnist/{name}.gz"));
    paths.into_iter().zip(bodies).collect()
}

fn fetch_from(url: &str, folder: &Path) -> Result<(), Error> {
    let checksums = contents().map(|content| sha256(&content));
    fetch(folder, url, checksums.each_ref().map(String::as_str))
}

/// The error of fetching from a server with this answer to the first file. No file may remain.
fn fetch_with(answer: Answer) -> Error {
    let mut answers = answers();
    answers.insert(format!("/mnist/{}.gz", FILES[0]), answer);
    let folder = tempfile::tempdir().unwrap();
    let error = fetch_from(&Server::start(answers).url, folder.path()).unwrap_err();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    error
}

#[test]
fn files_are_fetched_once_and_can_be_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("a/b");
    fetch_from(&Server::start(answers()).url, &new).unwrap();
    let mut names: Vec<_> = fs::read_dir(&new)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut expected = FILES.map(|name| format!("{name}.gz"));
    expected.sort();
    assert_eq!(names, expected);

    // The server is not asked again.
    fetch_from("http://127.0.0.1:1", &new).unwrap();
    let options = LoadOptions {
        data_dir: Some(new),
        ..LoadOptions::default()
    };
    let dataset = BuiltIn::Mnist.load(&options).unwrap();
    assert_eq!(dataset.partition, Partition::Official { test_start: 3 });
    assert_eq!(dataset.table.row(4), [80.0, 255.0]);
}

#[test]
fn uncompressed_files_are_kept_under_their_plain_names() {
    let folder = tempfile::tempdir().unwrap();
    let mut answers = answers();
    for (name, content) in FILES.into_iter().zip(contents()) {
        answers.insert(format!("/mnist/{name}.gz"), respond("200 OK", &content));
    }
    fetch_from(&format!("{}/", Server::start(answers).url), folder.path()).unwrap();
    for (name, content) in FILES.into_iter().zip(contents()) {
        assert_eq!(fs::read(folder.path().join(name)).unwrap(), content);
    }
}

#[test]
fn a_missing_file_is_an_error_with_its_address() {
    let error = fetch_with(respond("404 Not Found", b"no such file"));
    let Error::Checksum { file, found, .. } = error else {
        panic!("{error}");
    };
    assert!(
        file.ends_with("/mnist/train-images-idx3-ubyte.gz"),
        "{file}"
    );
    assert_eq!(found, sha256(b"no such file"));
}

#[test]
fn another_file_is_an_error_with_both_checksums() {
    let error = fetch_with(respond("200 OK", &gzip(b"another")));
    let Error::Checksum {
        found, expected, ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(found, sha256(b"another"));
    assert_eq!(expected, sha256(&contents()[0]));
}

#[test]
fn a_body_that_ends_early_is_an_error() {
    let (head, body) = respond("200 OK", &gzip(&contents()[0]));
    let error = fetch_with((head, body[..10].to_vec()));
    assert!(matches!(error, Error::Download { .. }), "{error}");

    // Even if the length that the server gives is that of the incomplete body.
    let error = fetch_with(respond("200 OK", &body[..body.len() - 4]));
    assert!(matches!(error, Error::Download { .. }), "{error}");
}

#[test]
fn a_body_of_unknown_length_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_owned();
    let message = fetch_with((head, gzip(&contents()[0]))).to_string();
    assert!(
        message.ends_with("the server does not give the length of the file"),
        "{message}"
    );
}

#[test]
fn a_refused_connection_is_an_error_without_the_words_of_unwrap() {
    // Freed on return, so that nobody listens at this address.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = fetch_from(&format!("http://{address}"), folder.path()).unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with(&format!("cannot download `http://{address}/train-images")),
        "{message}"
    );
    assert!(!message.contains("unwrap"), "{message}");
}

#[test]
fn a_damaged_file_that_already_exists_is_reported_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILES[0]);
    fs::write(&path, b"mine").unwrap();
    let error = fetch_from("http://127.0.0.1:1", folder.path()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("`{}` is not", path.display()))
    );
    assert_eq!(fs::read(&path).unwrap(), b"mine");
}
