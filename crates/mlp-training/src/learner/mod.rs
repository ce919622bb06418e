//! The part of a training that Burn's learner does.

mod averaging;
mod checkpoint;
mod clock;
mod epochs;
mod gradient_norm;
mod history;
mod no_renderer;
mod recorder;
mod seed;
mod session;
mod strategy;
mod trainee;
mod weight_average;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::{env, thread};

use burn::module::Module;
use burn::train::{
    InferenceStep, Learner, LearnerModel, SupervisedTraining, TrainStep, TrainingStrategy,
};
use mlp_datasets::quietly;

pub use averaging::Averaging;
pub use checkpoint::{Identity, Memory, RAISABLE_SETTINGS, remembered};
pub use clock::{Batch, Clock, ClockedLoader};
pub use epochs::Epochs;
pub use history::History;
pub use recorder::Recorder;
pub use seed::seed_device;
pub use session::Session;
pub use strategy::{Gather, SingleDevice};

use crate::{Error, StopHandle};
use no_renderer::NoRenderer;

/// Runs Burn's learner with a strategy that records a learning curve. Returns the trained model,
/// and whether training was interrupted.
///
/// # Errors
///
/// If the learner or the device fails, or nobody wants the model any more.
pub fn launch<M, T>(
    training: SupervisedTraining<M>,
    strategy: SingleDevice<M, T>,
    learner: Learner<M>,
    history: &History,
    stop: &StopHandle,
) -> Result<(M, bool), Error>
where
    M: LearnerModel + TrainStep<Output = T> + InferenceStep<Output = T> + 'static,
    T: Gather + 'static,
{
    let training = training
        .with_training_strategy(TrainingStrategy::Custom(Arc::new(strategy)))
        .with_application_logger(None)
        // The strategy's recorder reports what there is to see.
        .renderer(Box::new(NoRenderer));
    // The dashboard's "stop immediately", failing GPU drivers and threads that cannot be started end in a panic.
    let result = caught(|| training.launch(learner))
        .map_err(|panic| Error::learner(panic_message(panic.as_ref())))?;
    let error = result.error.map(|error| error.to_string());
    match error.or_else(|| history.failure()) {
        Some(reason) => Err(Error::learner(reason)),
        None if stop.is_abandoned() => Err(Error::Abandoned),
        None => Ok((result.model, result.interrupted.is_some())),
    }
}

/// Draws all weights now, in the order in which they are in the module: they would be drawn when
/// they are first used, after whatever else draws.
pub fn draw_weights(module: &impl Module) {
    let _ = module.clone().into_record();
}

/// What a function returns, or what it panics with, about which nothing is printed unless backtraces are asked for.
fn caught<T>(function: impl FnOnce() -> T) -> thread::Result<T> {
    if env::var_os("RUST_BACKTRACE").is_some() {
        catch_unwind(AssertUnwindSafe(function))
    } else {
        quietly(function)
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("the learner panicked").to_owned()
}
