use std::fs;
use std::path::Path;

use mlp_inference::Metric;
use serde::Deserialize;

use super::data::name_of;
use super::plan::Plan;
use super::record::Record;
use crate::Error;

/// Results of other programs.
#[derive(Clone, Debug, Default)]
pub struct Peers(Vec<(Line, String)>);

/// One result of another program, in a line of JSON.
#[derive(Deserialize, Clone, Debug)]
struct Line {
    #[serde(alias = "data")]
    dataset: String,
    model: String,
    seed: Option<u64>,
    metric: Metric,
    value: f64,
    #[serde(alias = "auc")]
    roc_auc: Option<f64>,
    r2: Option<f64>,
    #[serde(alias = "logloss")]
    log_loss: Option<f64>,
    #[serde(alias = "seconds")]
    fit_s: Option<f64>,
    /// How long it took to predict the test rows.
    predict_s: Option<f64>,
    peak_mb: Option<f64>,
}

impl Peers {
    /// Reads files of JSON lines. A model that is called like one of the plan gets the name of its file
    /// in brackets.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or a line is not a result.
    pub fn read(paths: &[impl AsRef<Path>], plan: &Plan) -> Result<Self, Error> {
        let mut lines = Vec::new();
        for path in paths {
            let path = path.as_ref();
            let text = fs::read_to_string(path).map_err(|source| Error::Io {
                action: "read",
                path: path.to_owned(),
                source,
            })?;
            let file = path.file_stem().unwrap_or_default().to_string_lossy();
            for (text, number) in text.lines().zip(1..) {
                if text.trim().is_empty() {
                    continue;
                }
                let line: Line =
                    serde_json::from_str(text).map_err(|source| Error::DamagedLine {
                        path: path.to_owned(),
                        line: number,
                        reason: source.to_string(),
                    })?;
                let model = if plan.models.contains(&line.model) {
                    format!("{} ({file})", line.model)
                } else {
                    line.model.clone()
                };
                lines.push((line, model));
            }
        }
        Ok(Self(lines))
    }

    /// Their results on the data sets and with the seeds of a plan, and what is left out. A line without
    /// a seed counts as one more seed. Of two lines with the same seed the later one counts.
    ///
    /// The results of the plan say by which metric each data set is judged and how many rows were
    /// predicted.
    pub fn records(&self, plan: &Plan, own: &[Record]) -> (Vec<Record>, Vec<String>) {
        let (mut records, mut left_out) = (Vec::<Record>::new(), Vec::new());
        for (line, model) in &self.0 {
            let mut leave_out = |reason: &str| {
                let note = format!("`{}` of `{}`: {reason}", model, line.dataset);
                if !left_out.contains(&note) {
                    left_out.push(note);
                }
            };
            let Some(data) = data_set(&line.dataset, &plan.data) else {
                leave_out("the benchmark has no such data set");
                continue;
            };
            if line.seed.is_some_and(|seed| !plan.seeds.contains(&seed)) {
                leave_out("a seed that the benchmark does not have");
                continue;
            }
            let reference = own
                .iter()
                .find(|own| own.data == data && own.value.is_some());
            let metric = reference.and_then(|own| own.metric);
            if metric.is_some_and(|metric| metric != line.metric) {
                leave_out("another metric than that of the benchmark");
                continue;
            }
            let is_same = |record: &Record| {
                record.data == data
                    && record.model == *model
                    && record.seed.is_some()
                    && record.seed == line.seed
            };
            records.retain(|record| !is_same(record));
            let test_rows = reference.and_then(|own| own.test_rows);
            let predicted = test_rows.zip(line.predict_s.filter(|&seconds| seconds > 0.0));
            records.push(Record {
                data: data.to_owned(),
                model: model.clone(),
                seed: line.seed,
                metric: Some(line.metric),
                value: Some(line.value),
                roc_auc: line.roc_auc,
                r2: line.r2,
                log_loss: line.log_loss,
                seconds: line.fit_s,
                rows_per_second: predicted.map(|(rows, seconds)| rows as f64 / seconds),
                peak_mb: line.peak_mb,
                ..Record::default()
            });
        }
        (records, left_out)
    }
}

/// The data set that another program means by a name, such as `california` or `california.csv:MedHouseVal:reg`
/// for `california_housing`: the one of this name, or the only one whose name begins with it.
fn data_set<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let path = match name.rsplitn(3, ':').collect::<Vec<_>>()[..] {
        [_task, _target, path] => path,
        _ => name,
    };
    let short = name_of(path, true);
    let is_longer = |known: &str| {
        let rest = known.strip_prefix(&short);
        rest.is_some_and(|rest| rest.starts_with(['_', '-']))
    };
    let same = known
        .iter()
        .find(|known| **known == name || **known == short);
    let mut longer = known.iter().filter(|known| is_longer(known));
    let found = same.or_else(|| longer.next().filter(|_| longer.next().is_none()));
    found.map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_set_of_another_program_is_found_by_its_name_or_the_beginning_of_a_name() {
        let known = ["adult", "california_housing", "bike_a", "bike_b"].map(str::to_owned);
        for (name, found) in [
            ("adult", Some("adult")),
            ("data/adult.csv:a/b:cls", Some("adult")),
            ("california", Some("california_housing")),
            ("cal", None),
            ("bike", None),
        ] {
            assert_eq!(data_set(name, &known), found, "{name}");
        }
    }
}
