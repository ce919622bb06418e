use std::io::{self, Write};

use mlp_inference::Metric;
use mlp_training::Spread;

use super::grid::Grid;
use super::plan::Plan;
use super::ranks::mean_ranks;
use super::record::Record;
use crate::report::{counted, heading};

/// What a column shows of a record.
type Value = fn(&Record) -> Option<f64>;

/// A column: its heading, its value, and how the mean of values is written.
type Column = (&'static str, Value, fn(f64) -> String);

/// The columns after the metric, of which those are shown that have a value for any model.
const COLUMNS: [Column; 6] = [
    ("ROC AUC", |record| record.roc_auc, four_decimals),
    ("R²", |record| record.r2, four_decimals),
    ("log-loss", |record| record.log_loss, four_decimals),
    (
        "seconds",
        |record| record.seconds,
        |seconds| format!("{seconds:.2}"),
    ),
    ("rows/s", |record| record.rows_per_second, with_commas),
    ("MB", |record| record.peak_mb, with_commas),
];

/// The tables of a benchmark.
pub struct Report<'a> {
    plan: &'a Plan,
    records: Vec<Record>,
    /// Our own models, and then those of other programs in the order of their results.
    models: Vec<String>,
}

impl<'a> Report<'a> {
    /// Of the results of a plan, and those of other programs.
    pub fn new(plan: &'a Plan, own: Vec<Record>, peers: Vec<Record>) -> Self {
        let mut models = plan.models.clone();
        for record in &peers {
            if !models.contains(&record.model) {
                models.push(record.model.clone());
            }
        }
        Self {
            plan,
            records: own.into_iter().chain(peers).collect(),
            models,
        }
    }

    /// Writes a table for each data set, and one of the mean ranks over several.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let seeds: Vec<String> = self.plan.seeds.iter().map(u64::to_string).collect();
        match &seeds[..] {
            [seed] => writeln!(out, "Results on the test rows, with the seed {seed}.")?,
            _ => writeln!(
                out,
                "Results on the test rows: means over the seeds {}, ± their standard deviation.",
                seeds.join(", ")
            )?,
        }
        for data in &self.plan.data {
            let records = self.records.iter().filter(|record| record.data == *data);
            let records: Vec<&Record> = records.collect();
            if records.is_empty() {
                continue;
            }
            writeln!(out, "\n## {data}\n")?;
            if let Some(metric) = metric_of(&records) {
                writeln!(out, "{}{}\n", metric.task(), described_rows(&records))?;
                self.write_models(out, metric, &records)?;
            }
            write_failures(out, &records)?;
        }
        self.write_ranks(out)
    }

    /// Writes a line for each model with a result.
    fn write_models(
        &self,
        out: &mut impl Write,
        metric: Metric,
        records: &[&Record],
    ) -> io::Result<()> {
        let spreads = self.models.iter().map(|model| {
            let spread = spread(records, model, |record| record.value);
            (model, spread)
        });
        let spreads: Vec<(&String, Spread)> = spreads
            .filter_map(|(model, spread)| Some((model, spread?)))
            .collect();
        let num_seeds = self.plan.seeds.len();
        let shows_seeds = spreads.iter().any(|(_, spread)| spread.folds != num_seeds);
        let has_value = |value: Value| records.iter().any(|&record| value(record).is_some());
        let columns: Vec<_> = COLUMNS
            .into_iter()
            .filter(|column| has_value(column.1))
            .collect();

        let headings = ["model", heading(metric)].into_iter();
        let headings = headings.chain(shows_seeds.then_some("seeds"));
        let mut grid = Grid::new(headings.chain(columns.iter().map(|(heading, ..)| *heading)));
        let decimals = decimals(metric, spreads.iter().map(|(_, spread)| spread.mean));
        for (model, metric) in spreads {
            let mut row = vec![model.clone(), written(metric, decimals)];
            row.extend(shows_seeds.then(|| metric.folds.to_string()));
            row.extend(columns.iter().map(|&(_, value, write)| {
                let spread = spread(records, model, value);
                spread.map_or("-".to_owned(), |spread| write(spread.mean))
            }));
            grid.push(row);
        }
        grid.write(out)
    }

    fn write_ranks(&self, out: &mut impl Write) -> io::Result<()> {
        let scores = self.plan.data.iter().map(|data| {
            let records = self.records.iter().filter(|record| record.data == *data);
            let records: Vec<&Record> = records.collect();
            let higher_is_better = metric_of(&records).is_some_and(Metric::higher_is_better);
            let sign = if higher_is_better { -1.0 } else { 1.0 };
            let means = self.models.iter().map(|model| {
                let spread = spread(&records, model, |record| record.value);
                spread.map(|spread| sign * spread.mean)
            });
            means.collect()
        });
        let mut scores: Vec<Vec<Option<f64>>> = scores.collect();
        scores.retain(|scores| scores.iter().any(Option::is_some));
        let ranked = mean_ranks(&self.models, &scores);
        let num_data = scores.len();
        if num_data < 2 || ranked.len() < 2 {
            return Ok(());
        }
        let is_complete = ranked.iter().all(|(_, rank)| rank.count == num_data);
        let mut grid = Grid::new(["model", "mean rank", "data sets"]);
        for (model, rank) in ranked {
            let (mean, count) = (format!("{:.2}", rank.mean), rank.count.to_string());
            grid.push(vec![model.to_owned(), mean, count]);
        }
        let over = counted(num_data, "data set", "data sets");
        writeln!(out, "\n## Mean ranks over {over}\n")?;
        grid.write(out)?;
        if !is_complete {
            writeln!(
                out,
                "\nWhere a model has no result, it is not ranked, and the others have one competitor less."
            )?;
        }
        Ok(())
    }
}

fn metric_of(records: &[&Record]) -> Option<Metric> {
    records.iter().find_map(|record| record.metric)
}

/// How many rows there are, if our own models were trained on them.
fn described_rows(records: &[&Record]) -> String {
    let rows = |record: &&Record| record.train_rows.zip(record.test_rows);
    let rows = records.iter().find_map(rows);
    rows.map_or(String::new(), |(train, test)| {
        let (train, test) = (with_commas(train as f64), with_commas(test as f64));
        format!(", {train} rows to train and validate on, {test} to test")
    })
}

/// A value of a model over its records; `None` if none has it.
fn spread(records: &[&Record], model: &str, value: Value) -> Option<Spread> {
    let of_model = records.iter().filter(|record| record.model == model);
    let values: Vec<f64> = of_model.filter_map(|record| value(record)).collect();
    (!values.is_empty()).then(|| Spread::of(&values))
}

/// How many decimals show four digits of the smallest mean; four for shares.
pub fn decimals(metric: Metric, means: impl IntoIterator<Item = f64>) -> usize {
    let smallest = means.into_iter().fold(f64::INFINITY, f64::min);
    if metric == Metric::Accuracy || !smallest.is_finite() || smallest <= 0.0 {
        return 4;
    }
    #[allow(clippy::cast_possible_truncation)] // A logarithm is between -308 and 308.
    let magnitude = smallest.log10().floor() as i32;
    usize::try_from(3 - magnitude).unwrap_or(0).min(12)
}

fn written(spread: Spread, decimals: usize) -> String {
    let Spread { mean, std, folds } = spread;
    match folds {
        1 => format!("{mean:.decimals$}"),
        _ => format!("{mean:.decimals$} ± {std:.decimals$}"),
    }
}

fn four_decimals(value: f64) -> String {
    format!("{value:.4}")
}

/// A whole number, with commas between thousands.
fn with_commas(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes which trainings failed, and why; a line for the same failure with several seeds.
fn write_failures(out: &mut impl Write, records: &[&Record]) -> io::Result<()> {
    let mut failures: Vec<(&str, &str, Vec<String>)> = Vec::new();
    for record in records {
        let (Some(error), Some(seed)) = (&record.error, record.seed) else {
            continue;
        };
        let (model, error, seed) = (record.model.as_str(), error.as_str(), seed.to_string());
        match failures
            .iter_mut()
            .find(|known| (known.0, known.1) == (model, error))
        {
            Some((_, _, seeds)) => seeds.push(seed),
            None => failures.push((model, error, vec![seed])),
        }
    }
    if !failures.is_empty() && metric_of(records).is_some() {
        writeln!(out)?;
    }
    for (model, error, seeds) in failures {
        let word = if seeds.len() == 1 { "seed" } else { "seeds" };
        writeln!(
            out,
            "- {model} failed ({word} {}): {error}",
            seeds.join(", ")
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_commas_between_thousands() {
        let written = [7.0, 999.6, 123_456.0, 1_234_567.0].map(with_commas);
        assert_eq!(written, ["7", "1,000", "123,456", "1,234,567"]);
    }

    #[test]
    fn four_digits_of_the_smallest_error_are_shown() {
        let decimals = |means: &[f64]| decimals(Metric::Rmse, means.iter().copied());
        assert_eq!(decimals(&[0.4356, 12.0]), 4);
        assert_eq!(decimals(&[5123.4]), 0);
        assert_eq!(decimals(&[0.001_234]), 6);
        assert_eq!(decimals(&[0.0]), 4);
    }
}
