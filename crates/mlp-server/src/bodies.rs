use std::sync::Arc;

use bytes::Bytes;
use mlp_inference::SavedModel;

use crate::answer::{self, Answer};
use crate::batch::{Predicted, Worker};
use crate::log::{Log, LogFormat};
use crate::metrics::ModelMetrics;
use crate::model::ServedModel;
use crate::refusal::Refusal;
use crate::request::{
    InferRequest, Reading, table_of_dataframe, table_of_inputs, table_of_json, tables_of_arrow,
    tables_of_csv,
};

/// Reads bodies as requests do, without a network: for fuzzing. Not part of the stable interface.
#[doc(hidden)]
pub struct Bodies {
    model: Arc<ServedModel>,
    worker: Worker,
}

impl Bodies {
    /// Those of requests to a model.
    ///
    /// # Panics
    ///
    /// If the system has no thread for it.
    pub fn new(model: SavedModel) -> Self {
        let log = Log::new(LogFormat::Text, |line| panic!("{line}"));
        let metrics = Arc::new(ModelMetrics::new("model"));
        Self {
            model: Arc::new(ServedModel::new("model", String::new(), model)),
            worker: Worker::start("model", 1, metrics, log).expect("there is a thread"),
        }
    }

    /// Reads a body in one of five ways, predicts its rows and writes the answer; whether it is not refused.
    ///
    /// # Panics
    ///
    /// If the model fails.
    pub fn read(&self, way: usize, body: Vec<u8>) -> bool {
        self.answer(way, body.into()).is_ok()
    }

    fn answer(&self, way: usize, body: Bytes) -> Result<(), Refusal> {
        let reading = Reading {
            model: &self.model,
            most_rows: 1000,
            allow_unknown: false,
        };
        let mut wanted = None;
        let tables = match way % 5 {
            0 => vec![table_of_json(reading, &body)?.0],
            1 => tables_of_csv(reading, body, None)?,
            2 => tables_of_arrow(reading, body, 1 << 20)?,
            3 => {
                let request = InferRequest::parse(&body)?;
                wanted = Some(answer::selected(&self.model.fields, &request)?);
                vec![table_of_inputs(reading, &request)?]
            }
            _ => vec![table_of_dataframe(reading, &body)?],
        };
        let predicted = self.worker.predict(self.model.clone(), tables, None)?;
        let predicted: Predicted = predicted.blocking_recv().expect("the worker works")?;
        let answer = Answer {
            model: &self.model,
            predicted: &predicted,
        };
        let text = match &wanted {
            Some(wanted) => answer::outputs(answer, None, wanted),
            None => answer::rows(answer, true),
        };
        let document: serde_json::Value = serde_json::from_slice(&text).expect("it is JSON");
        assert!(document.is_object() || document.is_array());
        Ok(())
    }
}
