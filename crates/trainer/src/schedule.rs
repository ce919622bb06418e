use std::fmt;

use burn::lr_scheduler::LrSchedulerConfig;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::exponential::ExponentialLrSchedulerConfig;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::lr_scheduler::sequential::SequentialLrSchedulerConfig;
use burn::lr_scheduler::step::StepLrSchedulerConfig;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::Error;

/// How the learning rate changes from step to step, from the first batch to the last.
#[derive(ValueEnum, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "kebab-case")]
pub enum Schedule {
    /// It does not change.
    Constant,
    /// Half a cosine wave down to 0.
    Cosine,
    /// A straight line down to 0.
    Linear,
    /// Divided by 10 after each third.
    Step,
    /// By a constant factor at each step, down to a hundredth.
    Exponential,
    /// Up from a twenty-fifth over the first 30 %, then half a cosine wave down to 0 (Smith and
    /// Topin 2018).
    #[serde(alias = "one-cycle")]
    OneCycle,
}

impl Schedule {
    /// Makes the scheduler.
    ///
    /// # Arguments
    ///
    /// - `learning_rate` - the highest learning rate, above 0 and, unless constant or stepwise, at
    ///   most 1.
    /// - `num_steps` - how many optimizer steps the whole training has, at least 1.
    ///
    /// # Errors
    ///
    /// If Burn's scheduler does not take the learning rate.
    pub fn init(self, learning_rate: f64, num_steps: usize) -> Result<ModuleLrScheduler, Error> {
        let cosine = |num_steps| CosineAnnealingLrSchedulerConfig::new(learning_rate, num_steps);
        let scheduler = match self {
            Self::Constant => return Ok(ModuleLrScheduler::new(learning_rate)),
            Self::Cosine => cosine(num_steps).init(),
            Self::Linear => LinearLrSchedulerConfig::new(learning_rate, 0.0, num_steps).init(),
            Self::Step => StepLrSchedulerConfig::new(learning_rate, num_steps.div_ceil(3)).init(),
            Self::Exponential => {
                let gamma = 0.01f64.powf(1.0 / num_steps as f64);
                ExponentialLrSchedulerConfig::new(learning_rate, gamma).init()
            }
            Self::OneCycle => {
                let rising = (num_steps * 3 / 10).max(1);
                let falling = (num_steps - rising.min(num_steps)).max(1);
                SequentialLrSchedulerConfig::new(
                    vec![
                        LrSchedulerConfig::Linear(LinearLrSchedulerConfig::new(
                            learning_rate / 25.0,
                            learning_rate,
                            rising,
                        )),
                        LrSchedulerConfig::Cosine(cosine(falling)),
                    ],
                    vec![rising],
                )
                .init()
            }
        };
        scheduler.map_err(|_| Error::InvalidOption {
            option: "learning-rate",
            value: learning_rate.to_string(),
            allowed: format!("above 0 and at most 1 for `--schedule {self}`"),
        })
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.to_possible_value().expect("no variant is skipped");
        f.pad(name.get_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The learning rates of a schedule with 0.1 at most, over ten steps.
    fn rates(schedule: Schedule) -> Vec<f64> {
        let mut scheduler = schedule.init(0.1, 10).unwrap();
        (0..10).map(|_| scheduler.step().base()).collect()
    }

    fn assert_close(actual: f64, expected: f64) {
        assert!(
            (actual - expected).abs() < 1e-12,
            "{actual} is not {expected}"
        );
    }

    #[test]
    fn a_constant_schedule_stays() {
        assert!(rates(Schedule::Constant).iter().all(|&rate| rate == 0.1));
    }

    #[test]
    fn the_cosine_is_half_way_down_in_the_middle() {
        let rates = rates(Schedule::Cosine);
        assert_close(rates[0], 0.1);
        assert_close(rates[5], 0.05);
    }

    #[test]
    fn a_linear_schedule_falls_by_equal_amounts() {
        let rates = rates(Schedule::Linear);
        assert_close(rates[0], 0.1);
        assert_close(rates[9], 0.01);
    }

    #[test]
    fn the_step_schedule_divides_by_ten_after_each_third() {
        let rates = rates(Schedule::Step);
        assert_close(rates[3], 0.1);
        assert_close(rates[4], 0.01);
        assert_close(rates[8], 0.001);
    }

    #[test]
    fn the_exponential_schedule_ends_near_a_hundredth() {
        let rates = rates(Schedule::Exponential);
        assert_close(rates[0], 0.1);
        assert_close(rates[5], 0.1 * 0.1);
    }

    #[test]
    fn one_cycle_rises_for_three_tenths_and_then_falls() {
        let rates = rates(Schedule::OneCycle);
        assert_close(rates[0], 0.1 / 25.0);
        assert_close(rates[3], 0.1);
        assert!(rates[3..].is_sorted_by(|a, b| a > b));
    }

    #[test]
    fn a_learning_rate_that_a_schedule_cannot_take_is_named() {
        let error = Schedule::Cosine.init(2.0, 10).err().unwrap();

        assert_eq!(
            error.to_string(),
            "`--learning-rate` is 2, but must be above 0 and at most 1 for `--schedule cosine`"
        );
    }
}
