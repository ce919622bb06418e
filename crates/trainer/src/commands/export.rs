use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use mlp_export::{Difference, Onnx, burnpack, safetensors, tables_path};
use mlp_inference::SavedModel;
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

use crate::escaped::stderr;
use crate::options::named;
use crate::report::counted;
use crate::run::{KeptFiles, load_model};
use crate::{Backend, Error};

/// A difference between a graph and its model beyond which something is wrong.
const LARGE_DIFFERENCE: f64 = 1e-5;

/// Write a run's model for other programs: ONNX, safetensors or burnpack.
#[derive(Args, Debug)]
pub struct ExportCommand {
    /// Folder of the run
    run: PathBuf,
    /// Format of the file
    #[arg(long, value_parser = named::<ExportFormat>())]
    format: ExportFormat,
    /// File to write [default: the name of the run with the ending of the format]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write categories and classes of ONNX as whole numbers, for runtimes without `ai.onnx.ml`, and a table of
    /// them to FILE.json
    #[arg(long)]
    numeric: bool,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
}

/// The format of an exported model.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Display, EnumMessage, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
enum ExportFormat {
    /// A graph with all of prediction, from the columns of a table to classes or numbers
    Onnx,
    /// The weights, with what the model is as metadata
    Safetensors,
    /// The weights, for another program that uses Burn
    Burnpack,
}

impl ExportFormat {
    fn ending(self) -> &'static str {
        match self {
            Self::Onnx => "onnx",
            Self::Safetensors => "safetensors",
            Self::Burnpack => "bpk",
        }
    }
}

impl ExportCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let format = self.format;
        if self.numeric && format != ExportFormat::Onnx {
            return Err(Error::Mismatch {
                what: format!("`--numeric` only applies to ONNX, but the format is `{format}`"),
                hint: "leave it out".to_owned(),
            }
            .into());
        }
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let model = load_model(&self.run, &backend.device()?)?;
        let path = self.output_path()?;
        match format {
            ExportFormat::Onnx => self.export_onnx(&model, &path, out)?,
            ExportFormat::Safetensors => {
                safetensors(&model, &path).map_err(Error::from)?;
                write_size(out, &path, "weights")?;
            }
            ExportFormat::Burnpack => {
                burnpack(&model, &path).map_err(Error::from)?;
                write_size(out, &path, "weights")?;
            }
        }
        Ok(())
    }

    /// The file to write, which is none of the run's own, nor its table.
    fn output_path(&self) -> Result<PathBuf, Error> {
        let path = self.output.clone();
        let path = path.unwrap_or_else(|| self.default_output());
        let kept = KeptFiles::of(&self.run);
        kept.check_replaceable(&path)?;
        if self.numeric {
            kept.check_replaceable(&tables_path(&path))?;
        }
        Ok(path)
    }

    /// The name of the run with the ending of the format, in the current folder.
    fn default_output(&self) -> PathBuf {
        let run = fs::canonicalize(&self.run).unwrap_or_else(|_| self.run.clone());
        let name = run.file_name().unwrap_or(OsStr::new("model"));
        let mut name = name.to_owned();
        name.push(".");
        name.push(self.format.ending());
        PathBuf::from(name)
    }

    /// Writes the graph, after comparing it with the model.
    fn export_onnx(
        &self,
        model: &SavedModel,
        path: &Path,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let onnx = if self.numeric {
            Onnx::numeric(model)
        } else {
            Onnx::of(model)
        };
        let onnx = onnx.map_err(Error::from)?;
        let difference = onnx.compare(model).map_err(Error::from)?;
        onnx.write(path).map_err(Error::from)?;
        write_size(
            out,
            path,
            &format!(
                "{}, {}, {}",
                counted(onnx.inputs().len(), "input", "inputs"),
                counted(onnx.outputs().len(), "output", "outputs"),
                counted(onnx.num_operators(), "operator", "operators"),
            ),
        )?;
        if self.numeric {
            let tables = tables_path(path);
            write_size(out, &tables, "codes of categories and classes")?;
        }
        write_difference(out, &difference)?;
        let has_scores = difference.probabilities.is_none() && difference.numbers.is_none();
        if has_scores && difference.other_classes > 0 {
            let _ = writeln!(
                stderr(),
                "warning: the graph predicts another class than the model in {} of {} rows",
                difference.other_classes,
                difference.rows
            );
        }
        // NaN is a difference, too.
        let is_close = difference.largest() <= LARGE_DIFFERENCE;
        if !is_close {
            let _ = writeln!(
                stderr(),
                "warning: the graph differs from the model by more than {LARGE_DIFFERENCE:e}"
            );
        }
        Ok(())
    }
}

fn write_size(out: &mut impl Write, path: &Path, what: &str) -> anyhow::Result<()> {
    let bytes = fs::metadata(path).map_or(0, |metadata| metadata.len());
    writeln!(out, "{}: {what}, {bytes} bytes", path.display())?;
    Ok(())
}

fn write_difference(out: &mut impl Write, difference: &Difference) -> anyhow::Result<()> {
    let rows = counted(difference.rows, "sample row", "sample rows");
    if let Some(largest) = difference.probabilities {
        writeln!(
            out,
            "largest difference of a probability in {rows}: {largest:.1e}"
        )?;
    }
    if let Some(largest) = difference.numbers {
        writeln!(
            out,
            "largest relative difference of a number in {rows}: {largest:.1e}"
        )?;
    }
    let other = difference.other_classes;
    if difference.probabilities.is_none() && difference.numbers.is_none() || other > 0 {
        writeln!(out, "other classes in {rows}: {other}")?;
    }
    Ok(())
}
