use std::collections::BTreeMap;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::client::Refusal;
use super::parameters::tag;
use super::{Address, Client};
use crate::logs::message::{RunEnding, milliseconds};
use crate::logs::{Error, Failure};

/// What MLflow answers if something is not there.
const MISSING: &str = "RESOURCE_DOES_NOT_EXIST";
/// How many parameters or tags, and how many metrics, go into a request.
const MOST_PARAMETERS: usize = 100;
/// How many metrics go into a request.
pub const MOST_METRICS: usize = 1_000;
/// How many points of a curve are asked for at once.
const PAGE: &str = "10000";
/// The tag of the run that another one is part of, which MLflow's page shows below it.
const PARENT: &str = "mlflow.parentRunId";
/// The tag of the part of a training.
const PART: &str = "trainer.part";

/// An experiment on an MLflow server, in which there are runs.
pub struct Connection {
    client: Client,
    experiment: String,
}

/// A value of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// The name.
    pub key: String,
    /// The epoch.
    pub step: usize,
    /// In milliseconds since 1970.
    pub timestamp: i64,
    /// The value.
    pub value: f64,
}

impl Connection {
    /// Finds an experiment on a server, or makes it.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, refuses, or is something else.
    pub fn open(address: Address, experiment: &str) -> Result<Self, Error> {
        let client = Client::new(address);
        let id = experiment_id(&client, experiment).map_err(|failure| Error::Server {
            address: client.address().to_string(),
            failure,
        })?;
        Ok(Self {
            client,
            experiment: id,
        })
    }

    /// The address of the server.
    pub fn address(&self) -> &Address {
        self.client.address()
    }

    /// The address of the page that shows a run.
    pub fn page(&self, run: &str) -> String {
        let (address, experiment) = (self.client.address(), &self.experiment);
        format!("{address}/#/experiments/{experiment}/runs/{run}")
    }

    /// Makes a run with a name, tags and parameters: its identifier.
    ///
    /// # Errors
    ///
    /// If the server does not.
    pub fn create(
        &self,
        name: &str,
        tags: &[(String, String)],
        parameters: &BTreeMap<String, String>,
    ) -> Result<String, Failure> {
        let pair = |(key, value): (&str, &str)| json!({ "key": key, "value": value });
        let tags: Vec<Value> = tags
            .iter()
            .map(|(key, value)| pair((key.as_str(), tag(value).as_str())))
            .collect();
        let answer = self.client.post(
            "runs/create",
            &json!({
                "experiment_id": self.experiment,
                "run_name": tag(name),
                "start_time": milliseconds(SystemTime::now()),
                "tags": tags,
            }),
        )?;
        let run = text(&answer["run"]["info"]["run_id"])?;
        let parameters: Vec<Value> = parameters
            .iter()
            .map(|(key, value)| pair((key, value)))
            .collect();
        for parameters in parameters.chunks(MOST_PARAMETERS) {
            let body = json!({ "run_id": run, "params": parameters });
            self.client.post("runs/log-batch", &body)?;
        }
        Ok(run)
    }

    /// Makes a run of a part of a training: its identifier.
    ///
    /// # Errors
    ///
    /// If the server does not.
    pub fn create_part(
        &self,
        name: &str,
        part: &str,
        parent: &str,
        tags: &[(String, String)],
    ) -> Result<String, Failure> {
        let mut tags = tags.to_vec();
        tags.push((PARENT.to_owned(), parent.to_owned()));
        tags.push((PART.to_owned(), part.to_owned()));
        self.create(&format!("{name} {part}"), &tags, &BTreeMap::new())
    }

    /// Has a run go on. Whether there is such a run, which was not deleted.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or refuses.
    pub fn reopen(&self, run: &str) -> Result<bool, Failure> {
        match self.client.get("runs/get", &[("run_id", run)]) {
            Ok(answer) if answer["run"]["info"]["lifecycle_stage"] != "active" => Ok(false),
            Ok(_) => {
                let body = json!({ "run_id": run, "status": "RUNNING" });
                self.client.post("runs/update", &body)?;
                Ok(true)
            }
            Err(refusal) if refusal.code == MISSING => Ok(false),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The runs of the parts of a training, by the names of the parts.
    ///
    /// # Errors
    ///
    /// If the server does not list them.
    pub fn parts(&self, parent: &str) -> Result<BTreeMap<String, String>, Failure> {
        let answer = self.client.post(
            "runs/search",
            &json!({
                "experiment_ids": [self.experiment],
                "filter": format!("tags.`{PARENT}` = '{parent}'"),
                "max_results": 1_000,
            }),
        )?;
        let mut parts = BTreeMap::new();
        for run in answer["runs"].as_array().into_iter().flatten() {
            let tags = run["data"]["tags"].as_array().into_iter().flatten();
            let mut tags = tags.filter(|tag| tag["key"] == PART);
            if let Some(part) = tags.next().and_then(|tag| tag["value"].as_str()) {
                parts.insert(part.to_owned(), text(&run["info"]["run_id"])?);
            }
        }
        Ok(parts)
    }

    /// Adds points to the curves of a run, at most [`MOST_METRICS`].
    ///
    /// # Errors
    ///
    /// If the server does not.
    pub fn log(&self, run: &str, metrics: &[Metric]) -> Result<(), Failure> {
        let metrics: Vec<Value> = metrics
            .iter()
            .map(|metric| {
                json!({
                    "key": metric.key,
                    "value": number(metric.value),
                    "timestamp": metric.timestamp,
                    "step": metric.step,
                })
            })
            .collect();
        let body = json!({ "run_id": run, "metrics": metrics });
        self.client.post("runs/log-batch", &body)?;
        Ok(())
    }

    /// The curve of a metric of a run: its values by their steps.
    ///
    /// # Errors
    ///
    /// If the server does not give it.
    pub fn history(&self, run: &str, key: &str) -> Result<BTreeMap<usize, f64>, Failure> {
        let mut history = BTreeMap::new();
        let mut page = String::new();
        loop {
            let mut query = vec![("run_id", run), ("metric_key", key), ("max_results", PAGE)];
            if !page.is_empty() {
                query.push(("page_token", &page));
            }
            let answer = match self.client.get("metrics/get-history", &query) {
                Ok(answer) => answer,
                Err(refusal) if refusal.code == MISSING => return Ok(history),
                Err(refusal) => return Err(refusal.into()),
            };
            for metric in answer["metrics"].as_array().into_iter().flatten() {
                // What is 0 is left out, and large numbers are texts.
                let step = integer(&metric["step"]).unwrap_or(0);
                let value = metric["value"].as_f64();
                history.insert(step, value.unwrap_or(f64::NAN));
            }
            match answer["next_page_token"].as_str() {
                Some(next) if !next.is_empty() && next != page => next.clone_into(&mut page),
                Some(_) | None => return Ok(history),
            }
        }
    }

    /// Ends a run.
    ///
    /// # Errors
    ///
    /// If the server does not.
    pub fn end(&self, run: &str, ending: RunEnding, time: SystemTime) -> Result<(), Failure> {
        let status = match ending {
            RunEnding::Finished => "FINISHED",
            RunEnding::Stopped => "KILLED",
            RunEnding::Failed => "FAILED",
        };
        let body = json!({ "run_id": run, "status": status, "end_time": milliseconds(time) });
        self.client.post("runs/update", &body)?;
        Ok(())
    }
}

/// The identifier of an experiment, which is made if it is not there.
fn experiment_id(client: &Client, name: &str) -> Result<String, Failure> {
    let query = [("experiment_name", name)];
    match client.get("experiments/get-by-name", &query) {
        Ok(answer) => text(&answer["experiment"]["experiment_id"]),
        Err(refusal) if refusal.code == MISSING => {
            let created = client.post("experiments/create", &json!({ "name": name }));
            match created {
                Ok(answer) => text(&answer["experiment_id"]),
                // Another training was faster.
                Err(Refusal { code, .. }) if code == "RESOURCE_ALREADY_EXISTS" => {
                    let answer = client.get("experiments/get-by-name", &query)?;
                    text(&answer["experiment"]["experiment_id"])
                }
                Err(refusal) => Err(refusal.into()),
            }
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// A text that an answer should have.
fn text(value: &Value) -> Result<String, Failure> {
    let text = value.as_str().map(ToOwned::to_owned);
    text.ok_or_else(|| {
        Failure::lasting("does not answer as MLflow does, so it may be something else")
    })
}

/// A number as JSON of a protocol buffer has it.
fn number(value: f64) -> Value {
    if value.is_nan() {
        "NaN".into()
    } else if value == f64::INFINITY {
        "Infinity".into()
    } else if value == f64::NEG_INFINITY {
        "-Infinity".into()
    } else {
        value.into()
    }
}

fn integer(value: &Value) -> Option<usize> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_has_no_number_for_is_a_text() {
        assert_eq!(number(f64::NAN), json!("NaN"));
        assert_eq!(number(f64::INFINITY), json!("Infinity"));
        assert_eq!(number(f64::NEG_INFINITY), json!("-Infinity"));
        assert_eq!(number(0.1), json!(0.1));
        assert_eq!(integer(&json!("12")), Some(12));
        assert_eq!(integer(&json!(12)), Some(12));
        assert_eq!(integer(&json!(-1)), None);
    }
}
