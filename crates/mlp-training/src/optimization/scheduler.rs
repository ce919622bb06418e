use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::lr_scheduler::{LrScheduler, LrSchedulerRecord};

use super::curve::Curve;

/// The learning rates of a training, one for each step.
#[derive(Clone)]
pub enum Scheduler {
    /// Those of Burn.
    Burn(ModuleLrScheduler),
    /// A curve that Burn does not have.
    Curve {
        /// The factor of the learning rate.
        curve: Curve,
        /// The highest one, above 0.
        learning_rate: f64,
        /// How many steps the training has, at least 1.
        num_steps: usize,
        /// The next step, from 0.
        step: usize,
    },
}

/// The path of Burn's schedule for all parameters within its record.
const ALL: &str = "0";
/// The name of the next step within a record.
const STEP: &str = "step";

impl LrScheduler for Scheduler {
    fn step(&mut self) -> f64 {
        match self {
            Self::Burn(scheduler) => scheduler.step().base(),
            Self::Curve {
                curve,
                learning_rate,
                num_steps,
                step,
            } => {
                let time = *step as f64 / *num_steps as f64;
                *step += 1;
                *learning_rate * curve.at(time.min(1.0))
            }
        }
    }

    fn to_record(&self) -> LrSchedulerRecord {
        match self {
            Self::Burn(scheduler) => scheduler.to_record().record(ALL),
            Self::Curve { step, .. } => LrSchedulerRecord::new().with_scalar(STEP, *step),
        }
    }

    fn load_record(&mut self, record: LrSchedulerRecord) {
        match self {
            Self::Burn(scheduler) => {
                let record = LrSchedulerRecord::new().with_record(ALL, record);
                *scheduler = scheduler.clone().load_record(record);
            }
            Self::Curve { step, .. } => *step = record.scalar(STEP).unwrap_or(*step),
        }
    }
}
