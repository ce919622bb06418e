use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use mlp_datasets::read_features;
use mlp_inference::{Predictions, SavedModel};

use crate::{Backend, Error};

/// Predict the rows of a CSV file.
#[derive(Args, Debug)]
pub struct PredictCommand {
    /// Folder of the run
    run: PathBuf,
    /// CSV file with a header; columns are found by name, others are ignored
    file: PathBuf,
    /// Write the predictions to a file [default: print them]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What computes [default: the first backend compiled in]
    #[arg(long, value_enum)]
    backend: Option<Backend>,
}

impl PredictCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let model = SavedModel::load(&self.run, &backend.device()?)?;
        let table = read_features(&self.file, &model.feature_names())?;
        let predictions = model.predict(&table)?;
        match self.output {
            None => write_csv(out, &model, &predictions),
            Some(path) => {
                // The file appears whole or not at all.
                let part = path.with_added_extension("part");
                let io = |source| Error::Io {
                    action: "write",
                    path: path.clone(),
                    source,
                };
                let mut file = BufWriter::new(File::create(&part).map_err(io)?);
                write_csv(&mut file, &model, &predictions)?;
                file.flush().map_err(io)?;
                std::fs::rename(&part, &path).map_err(io)?;
                Ok(())
            }
        }
    }
}

/// One line for each row: the prediction, then the probability of each class if there are any.
fn write_csv(
    out: &mut impl Write,
    model: &SavedModel,
    predictions: &Predictions,
) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    match predictions {
        Predictions::Numbers(numbers) => {
            csv.write_record(["prediction"])?;
            for number in numbers {
                csv.write_record([number.to_string()])?;
            }
        }
        Predictions::Classes {
            labels,
            probabilities,
            num_classes,
        } => {
            let classes = model.classes().unwrap_or_default();
            let mut header = vec!["prediction".to_owned()];
            if probabilities.is_some() {
                header.extend(classes.iter().map(|class| format!("probability_{class}")));
            }
            csv.write_record(&header)?;
            for (row, &label) in labels.iter().enumerate() {
                let mut record = vec![classes[label].clone()];
                if let Some(probabilities) = probabilities {
                    let row = &probabilities[row * num_classes..(row + 1) * num_classes];
                    record.extend(row.iter().map(f64::to_string));
                }
                csv.write_record(&record)?;
            }
        }
    }
    csv.flush()?;
    Ok(())
}
