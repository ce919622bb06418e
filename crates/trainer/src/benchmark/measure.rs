use std::time::Instant;

use mlp_datasets::{Dataset, Split, SplitName, Task};
use mlp_inference::Metric;
use mlp_training::{Ending, Fitted};

use super::memory::peak_megabytes;
use super::record::Measurement;
use crate::options::Options;
use crate::{Error, TrainingConfig, load_dataset};

/// For how long rows are predicted to find out how many are predicted in a second.
const PREDICTION_SECONDS: f64 = 0.2;

/// Trains once and measures how good, how fast and how large that was.
///
/// # Errors
///
/// If the data set cannot be loaded, the model does not suit it, the training fails or diverges, or no
/// row can be judged.
pub fn measure(mut options: Options) -> Result<Measurement, Error> {
    let name = options.dataset().to_owned();
    let load_options = options.load_options();
    let dataset = load_dataset(&name, &load_options, &mut options.table, true)?;
    let config = TrainingConfig::resolve(&options, &dataset)?;
    let device = config.backend.device()?;
    let fitted = config.training().fit(&dataset, &device)?;
    if let Ending::Diverged(divergence) = fitted.ending {
        return Err(Error::Diverged {
            divergence: Box::new(divergence),
            kept: None,
        });
    }
    let split = config.split(&dataset)?;
    let rows_per_second = rows_per_second(&fitted, &dataset, &split.test)?;
    of_test_rows(&fitted, &split, rows_per_second, &name)
}

fn of_test_rows(
    fitted: &Fitted,
    split: &Split,
    rows_per_second: f64,
    name: &str,
) -> Result<Measurement, Error> {
    let metric = match fitted.model.task() {
        Task::Classification => Metric::Accuracy,
        Task::Regression | Task::Clustering => Metric::Rmse,
    };
    let of_test = |metric| fitted.metric(metric, SplitName::Test);
    let value = of_test(metric).ok_or_else(|| Error::Mismatch {
        what: format!("there is no {metric} of the test rows of `{name}`: none can be judged"),
        hint: "see `trainer train` on it".to_owned(),
    })?;
    Ok(Measurement {
        train_rows: split.learned().len(),
        test_rows: split.test.len(),
        epochs: fitted.epochs,
        metric,
        value,
        roc_auc: of_test(Metric::RocAuc),
        r2: of_test(Metric::R2),
        log_loss: of_test(Metric::LogLoss),
        seconds: fitted.seconds,
        rows_per_second,
        peak_mb: peak_megabytes(),
    })
}

/// Predicts the test rows again and again, from the table to the predictions.
fn rows_per_second(fitted: &Fitted, dataset: &Dataset, rows: &[usize]) -> Result<f64, Error> {
    // The evaluation has predicted them once, so that nothing is done for the first time.
    let start = Instant::now();
    let mut predicted = 0;
    loop {
        fitted.model.predict_rows(&dataset.table, rows)?;
        predicted += rows.len();
        let seconds = start.elapsed().as_secs_f64();
        if seconds >= PREDICTION_SECONDS {
            return Ok(predicted as f64 / seconds);
        }
    }
}
