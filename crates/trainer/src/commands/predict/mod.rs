mod digits;
mod output_file;
mod writer;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_datasets::{Chunks, Dialect, Quote, Source, UnseenValues};
use mlp_inference::{Purpose, SavedModel};

use crate::display::Steps;
use crate::escaped::{Escaped, stderr};
use crate::options::{ascii, named, parse_delimiter, parse_encoding, parse_escape};
use crate::report::{counted, warnings};
use crate::run::{KeptFiles, load_model};
use crate::signals::{exit, on_signal};
use crate::{Backend, Error};
use output_file::OutputFile;
use writer::PredictionWriter;

/// Predict the rows of a table.
#[derive(Args, Debug)]
pub struct PredictCommand {
    /// Folder of the run
    run: PathBuf,
    /// Table in any format that `train` reads, a pattern of files, a folder, or `-` for standard input;
    /// columns are found by name, and others are ignored
    file: String,
    /// Write to a file, as Parquet if it ends in `.parquet`, else as CSV; `-` prints CSV
    /// [default: -]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the codes of a clustering too, or the position of each row on a map
    #[arg(long)]
    embed: bool,
    /// Leave out the columns of the table
    #[arg(long)]
    only_predictions: bool,
    /// Predict although no value of a column was there in training
    #[arg(long)]
    allow_unknown: bool,
    /// Further text that means "missing", besides what did in training, in all columns or, as COLUMN=VALUE,
    /// in one
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Character between cells [default: as in training]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    delimiter: Option<char>,
    /// Character around cells that contain the delimiter, or `none` [default: as in training]
    #[arg(long, value_name = "CHARACTER")]
    quote: Option<Quote>,
    /// Character that makes the next quote part of a cell [default: as in training]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_escape)]
    escape: Option<char>,
    /// Whether the first row names the columns [default: as in training]
    #[arg(long, value_name = "BOOL")]
    header: Option<bool>,
    /// Lines, or rows of a sheet, before the first row [default: comments and notes are detected]
    #[arg(long, value_name = "N")]
    skip_lines: Option<u64>,
    /// Encoding, such as `utf-8` [default: as in training]
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    encoding: Option<String>,
    /// Sheet of a workbook to read, by its name or its number from 1 [default: the first one with a table]
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
}

impl PredictCommand {
    pub(super) fn run(self, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let device = backend.device()?;
        let model = load_model(&self.run, &device)?;
        if self.embed && model.purpose() != Purpose::Clustering {
            return Err(Error::Mismatch {
                what: format!(
                    "`--embed` only applies to clustering, but `{}` predicts",
                    self.run.display()
                ),
                hint: "leave it out".to_owned(),
            }
            .into());
        }
        // Read as in training, unless told otherwise.
        let mut schema = model.schema();
        self.change(&mut schema.dialect);
        let mut source = Source::new(&self.file).map_err(Error::from)?;
        if let Some(sheet) = &self.sheet {
            source = source.with_sheet(sheet);
        }
        let mut chunks = Chunks::open(&source, &schema).map_err(Error::from)?;
        let output = self.output.as_ref().filter(|path| path.as_os_str() != "-");
        let predicted = match output {
            // Cells may hold commands to a terminal.
            None if io::stdout().is_terminal() => {
                self.write(Escaped(out), false, &mut chunks, &model)?
            }
            None => self.write(out, false, &mut chunks, &model)?,
            Some(path) => {
                let parquet = is_parquet(path)?;
                let kept = KeptFiles::of(&self.run);
                kept.with_files(source.paths()).check(path)?;
                let (output, file) = OutputFile::create(path)?;
                remove_on_ctrl_c(output.part())?;
                let predicted = self.write(file, parquet, &mut chunks, &model);
                let predicted = predicted.map_err(|error| of_file(error, path))?;
                output.keep()?;
                predicted
            }
        };
        let _ = warnings::write_empty_inputs(&mut stderr(), chunks.empty_inputs());
        let _ = warnings::write_notes(&mut stderr(), &source.notes());
        let _ = write!(stderr(), "{}", predicted.warnings());
        if let Some(path) = output {
            let rows = counted(predicted.num_rows, "row", "rows");
            let _ = writeln!(stderr(), "predicted {rows}: `{}`", path.display());
        }
        Ok(())
    }

    /// Sets what the options say of a dialect.
    fn change(&self, dialect: &mut Dialect) {
        dialect.delimiter = self.delimiter.and_then(ascii).or(dialect.delimiter);
        dialect.quote = self.quote.or(dialect.quote);
        dialect.escape = self.escape.and_then(ascii).or(dialect.escape);
        dialect.header = self.header.or(dialect.header);
        dialect.skip_lines = self.skip_lines.or(dialect.skip_lines);
        dialect.encoding = self.encoding.clone().or(dialect.encoding.take());
        dialect.missing.extend(self.missing.clone());
    }

    /// Writes all rows with their predictions.
    fn write(
        &self,
        out: impl Write + Send,
        parquet: bool,
        chunks: &mut Chunks,
        model: &SavedModel,
    ) -> anyhow::Result<Predicted> {
        let only = self.only_predictions;
        let mut predicted = Predicted::default();
        let mut steps = Steps::new("predicting rows");
        // The first rows before the first line, so that a table that cannot be read prints nothing.
        let mut more = chunks.advance().map_err(Error::from)?;
        if more && !self.allow_unknown {
            let known = model.preprocessor().check_known(chunks.table());
            known.map_err(Error::from)?;
        }
        let mut writer = PredictionWriter::new(
            out,
            parquet,
            chunks,
            model.prediction_columns(self.embed),
            only,
        )?;
        while more {
            let predictions = model.predict(chunks.table()).map_err(Error::from)?;
            for values in &predictions.unseen_values {
                values.clone().add_to(&mut predicted.unseen);
            }
            predicted.num_rows += chunks.table().num_rows();
            predicted.num_not_finite += predictions.num_not_finite();
            writer.write(chunks, predictions.into_columns(self.embed))?;
            steps.count(predicted.num_rows);
            more = chunks.advance().map_err(Error::from)?;
        }
        writer.finish()?;
        Ok(predicted)
    }
}

/// Whether a file is to be Parquet, by its ending.
fn is_parquet(path: &Path) -> Result<bool, Error> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    match ending.to_lowercase().as_str() {
        "parquet" => Ok(true),
        "gz" | "zst" | "bz2" | "xz" | "zip" | "feather" | "arrow" | "arrows" | "json" | "xlsx" => {
            Err(Error::InvalidOption {
                option: "output".to_owned(),
                value: format!("`{}`", path.display()),
                allowed: "a file that ends in `.csv` or `.parquet`".to_owned(),
            })
        }
        _ => Ok(false),
    }
}

/// What went wrong with the file of an output, which the system does not name.
fn of_file(error: anyhow::Error, path: &Path) -> anyhow::Error {
    if error.is::<Error>() {
        return error;
    }
    let error = match error.downcast::<csv::Error>() {
        Ok(error) => io::Error::from(error).into(),
        Err(error) => error,
    };
    error.context(format!("cannot write `{}`", path.display()))
}

/// A file that is half written is removed before the program ends.
fn remove_on_ctrl_c(part: Option<&Path>) -> anyhow::Result<()> {
    let Some(part) = part.map(Path::to_owned) else {
        return Ok(());
    };
    on_signal(move || {
        let _ = std::fs::remove_file(&part);
        exit();
    })
}

/// How many rows were predicted, and what is odd about them.
#[derive(Default)]
struct Predicted {
    /// The number of rows.
    num_rows: usize,
    /// The features with values that training has not seen.
    unseen: Vec<UnseenValues>,
    /// The number of rows without a finite prediction.
    num_not_finite: usize,
}

impl Predicted {
    /// A line for each oddity.
    fn warnings(&self) -> String {
        let mut lines = Vec::new();
        // A vector takes whatever is written.
        let _ = warnings::warn_of_unseen_values(&mut lines, &self.unseen);
        if self.num_not_finite > 0 {
            let rows = counted(self.num_not_finite, "row", "rows");
            let _ = writeln!(
                lines,
                "warning: the prediction is not finite in {rows}, and left empty"
            );
        }
        String::from_utf8_lossy(&lines).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_oddity_has_a_line() {
        let values = |feature: &str, unseen, missing| UnseenValues {
            feature: feature.into(),
            unseen,
            missing,
        };
        let predicted = Predicted {
            num_rows: 3,
            unseen: vec![values("colour", 3, 0), values("age", 0, 1)],
            num_not_finite: 2,
        };
        assert_eq!(
            predicted.warnings(),
            "warning: `colour` has values not seen (or too rare) in training, in 3 rows\n\
             warning: `age` is missing in 1 row, though it was never missing in training\n\
             warning: the prediction is not finite in 2 rows, and left empty\n"
        );
    }
}
