mod predictor;
mod writer;

use std::io::{Write, stderr};
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::{Chunks, Source, Surprise};

use crate::config::parse_delimiter;
use crate::{Backend, ClusteringConfig, Error, TableOptions, TrainingConfig};
use predictor::Predictor;
use writer::{PartFile, PredictionWriter};

/// Predict the rows of a table.
#[derive(Args, Debug)]
pub struct PredictCommand {
    /// Folder of the run
    run: PathBuf,
    /// CSV, Parquet or Arrow file, a pattern of files, or `-` for standard input; columns are found
    /// by name, others are ignored
    file: String,
    /// Write to a file, as Parquet if it ends in `.parquet`, else as CSV; `-` prints CSV
    /// [default: -]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the codes of a clustering too, or where on a map a row lies
    #[arg(long)]
    embed: bool,
    /// Leave out the columns of the table
    #[arg(long)]
    only_predictions: bool,
    /// What stands for a missing value, beside what did in training
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// What stands between cells [default: as in training]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    delimiter: Option<char>,
    /// Whether the first row names the columns: `true` or `false` [default: as in training]
    #[arg(long, value_name = "BOOL")]
    header: Option<bool>,
    /// What computes [default: the first backend compiled in]
    #[arg(long, value_enum)]
    backend: Option<Backend>,
}

impl PredictCommand {
    pub(super) fn run(self, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let model = Predictor::load(&self.run, &backend.device()?, self.embed)?;
        // A model of another program has no configuration of a training beside it.
        let table = match &model {
            Predictor::Model(_) => TrainingConfig::load(&self.run).map(|config| config.table),
            Predictor::Clusters { .. } => {
                ClusteringConfig::load(&self.run).map(|config| config.table)
            }
        };
        let table = table.unwrap_or_default();
        let mut dialect = TableOptions {
            delimiter: self.delimiter.or(table.delimiter),
            header: self.header.or(table.header),
            ..table
        }
        .dialect();
        dialect.missing.extend(self.missing.clone());
        let mut chunks = Source::new(&self.file)
            .and_then(|source| Chunks::open(&source, &model.schema(), &dialect))
            .map_err(Error::from)?;
        let output = self.output.as_ref().filter(|path| path.as_os_str() != "-");
        let surprises = match output {
            None => self.write(out, false, &mut chunks, &model)?,
            Some(path) => {
                let parquet = is_parquet(path)?;
                let (part, file) = PartFile::create(path)?;
                remove_on_ctrl_c(part.part())?;
                let surprises = self.write(file, parquet, &mut chunks, &model)?;
                part.keep()?;
                surprises
            }
        };
        if !surprises.is_empty() {
            let _ = writeln!(stderr(), "{}", warning(&surprises));
        }
        Ok(())
    }

    /// Writes all rows with their predictions.
    fn write(
        &self,
        out: impl Write + Send,
        parquet: bool,
        chunks: &mut Chunks,
        model: &Predictor,
    ) -> anyhow::Result<Vec<Surprise>> {
        let only = self.only_predictions;
        let mut surprises = Vec::new();
        // The first rows before the first line, so that a table that cannot be read prints nothing.
        let mut more = chunks.advance().map_err(Error::from)?;
        let mut writer = PredictionWriter::new(out, parquet, chunks, model, only)?;
        while more {
            let predictions = model.predict(chunks.table(), &mut surprises)?;
            writer.write(chunks.rows(), predictions)?;
            more = chunks.advance().map_err(Error::from)?;
        }
        writer.finish()?;
        Ok(surprises)
    }
}

/// Whether a file is to be Parquet, by its ending.
fn is_parquet(path: &Path) -> Result<bool, Error> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    match ending.to_lowercase().as_str() {
        "parquet" => Ok(true),
        "gz" | "zst" | "bz2" | "xz" | "zip" | "feather" | "arrow" | "arrows" | "json" | "xlsx" => {
            Err(Error::InvalidOption {
                option: "output",
                value: format!("`{}`", path.display()),
                allowed: "a file that ends in `.csv` or `.parquet`".to_owned(),
            })
        }
        _ => Ok(false),
    }
}

/// A file that is half written is removed before the program ends.
fn remove_on_ctrl_c(part: Option<&Path>) -> anyhow::Result<()> {
    let Some(part) = part.map(Path::to_owned) else {
        return Ok(());
    };
    ctrlc::set_handler(move || {
        let _ = std::fs::remove_file(&part);
        #[allow(clippy::exit)] // The user says so.
        std::process::exit(130);
    })?;
    Ok(())
}

/// One line about all values that training has not prepared the model for.
fn warning(surprises: &[Surprise]) -> String {
    let mut parts = Vec::new();
    for Surprise {
        feature,
        unseen,
        missing,
    } in surprises
    {
        if *unseen > 0 {
            parts.push(format!(
                "`{feature}` has a category unknown to the model, or too rare to be learned, in {unseen} rows"
            ));
        }
        if *missing > 0 {
            parts.push(format!(
                "`{feature}` is missing in {missing} rows, as never in training"
            ));
        }
    }
    format!("warning: {}", parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_surprises_are_told_in_one_line() {
        let surprise = |feature: &str, unseen, missing| Surprise {
            feature: feature.into(),
            unseen,
            missing,
        };
        assert_eq!(
            warning(&[surprise("colour", 3, 0), surprise("age", 0, 2)]),
            "warning: `colour` has a category unknown to the model, or too rare to be learned, in 3 rows; `age` is missing in 2 \
             rows, as never in training"
        );
    }
}
