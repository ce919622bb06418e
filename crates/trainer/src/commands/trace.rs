use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use mlp_inference::TrainedNetwork;
use mlp_training::{LayerTrace, Trace, TracedTarget};
use serde::Serialize;

use super::row_numbers::{RowNumber, check, typed};
use super::write_json;
use crate::data::load_training_named_by_run;
use crate::options::named;
use crate::report::trace::{TracedRow, write_trace};
use crate::run::load;
use crate::{Backend, Error};

/// Show the five steps of backpropagation for a row, with every number.
#[derive(Args, Debug)]
pub struct TraceCommand {
    /// Folder of the run
    run: PathBuf,
    /// Number of the row in the table of the training, from 1, those of rows without a target included; `test:3` is
    /// in a separate test file
    row: RowNumber,
    /// Learning rate of the update that is shown, above 0 [default: that of the training]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
    /// Print one JSON document and nothing else
    #[arg(long)]
    json: bool,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Document<'a> {
    row: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    test_file: Option<&'a str>,
    learning_rate: f64,
    inputs: Inputs<'a>,
    layers: &'a [LayerTrace],
    outputs: &'a [String],
    target: &'a TracedTarget,
    loss: f64,
}

#[derive(Serialize)]
struct Inputs<'a> {
    names: &'a [String],
    values: &'a [f64],
}

impl TraceCommand {
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let (model, config, _) = load(&self.run, &backend.device()?)?;
        let (Some(recipe), TrainedNetwork::Prediction { network, .. }) =
            (config.recipe.as_supervised(), model.trained_network())
        else {
            return Err(Error::from(mlp_training::Error::not_plain_layers()).into());
        };
        let rate = self.learning_rate.or_else(|| config.learning_rate());
        let rate = rate.unwrap_or_default();
        if !(rate.is_finite() && rate > 0.0) {
            return Err(Error::InvalidOption {
                option: "learning_rate".to_owned(),
                value: rate.to_string(),
                allowed: "above 0".to_owned(),
            }
            .into());
        }
        let dataset = load_training_named_by_run(&config)?;
        let table = &dataset.table;
        let RowNumber(place) = self.row;
        check(place, &dataset.places)?;
        let Some(row) = dataset.places.row(place) else {
            return Err(Error::Mismatch {
                what: format!(
                    "row {} has no target, so there is no error to propagate",
                    typed(place)
                ),
                hint: "name a row with a target".to_owned(),
            }
            .into());
        };
        let test_file = config.table().split.test.as_deref();
        let test_file = test_file.filter(|_| place.is_test);
        let preprocessor = model.preprocessor();
        let loss = recipe.training().loss_config_for(&preprocessor.target);
        let traces = Trace::of_rows(network, &loss, preprocessor, table, &[row]);
        let traces = traces.map_err(Error::from)?;
        let trace = &traces[0];

        let inputs = preprocessor.input_names(trace.inputs.len());
        let outputs = preprocessor.output_names(trace.outputs().len());
        if self.json {
            let document = Document {
                row: place.number,
                test_file,
                learning_rate: rate,
                inputs: Inputs {
                    names: &inputs,
                    values: &trace.inputs,
                },
                layers: &trace.layers,
                outputs: &outputs,
                target: &trace.target,
                loss: trace.loss,
            };
            return Ok(write_json(out, &document)?);
        }
        let predictions = model.predict_rows(table, &[row])?;
        let predicted = match predictions.class(0) {
            Some(class) => class.to_owned(),
            None => predictions
                .number(0)
                .map_or_else(String::new, |number| number.to_string()),
        };
        let traced = TracedRow {
            row: place.number,
            dataset: test_file.unwrap_or(&dataset.name),
            classes: preprocessor.classes().unwrap_or_default(),
            predicted,
            inputs: &inputs,
            outputs: &outputs,
            loss: recipe.training().loss.into(),
            learning_rate: rate,
        };
        Ok(write_trace(out, &traced, trace)?)
    }
}
