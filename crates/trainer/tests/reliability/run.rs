//! Runs that are compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// What two runs of the same training have in common: their models, learning curves and metrics, but not
/// how long they took, where they are, and the state of the training. A lock that nobody holds says nothing.
pub fn contents(run: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut contents = BTreeMap::new();
    add(run, "", &mut contents);
    contents
}

fn add(folder: &Path, prefix: &str, contents: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "checkpoint" || name == "lock" {
            continue;
        }
        let named = format!("{prefix}{name}");
        if path.is_dir() {
            add(&path, &format!("{named}/"), contents);
            continue;
        }
        let mut content = fs::read(&path).unwrap();
        if name == "summary.json" {
            let mut summary: Value = serde_json::from_slice(&content).unwrap();
            forget_times(&mut summary);
            content = summary.to_string().into_bytes();
        }
        contents.insert(named, content);
    }
}

/// The names of the files that differ, or that one run lacks.
pub fn differences(
    one: &BTreeMap<String, Vec<u8>>,
    other: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let names = one.keys().chain(other.keys());
    let mut differences: Vec<String> = names
        .filter(|name| one.get(*name) != other.get(*name))
        .cloned()
        .collect();
    differences.dedup();
    differences
}

fn forget_times(value: &mut Value) {
    if let Value::Object(summary) = value {
        summary.remove("seconds");
        summary.remove("run");
        // It is that of all of the content, with these.
        summary.remove("sha256");
        summary.values_mut().for_each(forget_times);
    }
}

/// Whether a run is complete and whole.
pub fn is_whole(run: &Path) -> bool {
    let is_json = |file: &str| {
        let content = fs::read(run.join(file));
        content.is_ok_and(|content| serde_json::from_slice::<Value>(&content).is_ok())
    };
    is_json("summary.json") && is_json("model.json")
}
