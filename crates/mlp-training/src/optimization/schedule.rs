use burn::lr_scheduler::LrSchedulerConfig;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::exponential::ExponentialLrSchedulerConfig;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrSchedulerConfig;
use burn::lr_scheduler::sequential::SequentialLrSchedulerConfig;
use burn::lr_scheduler::step::StepLrSchedulerConfig;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

use super::curve::Curve;
use super::scheduler::Scheduler;
use crate::Error;

/// How the learning rate changes from step to step, from the first batch to the last.
#[derive(
    Serialize,
    Deserialize,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Schedule {
    /// It does not change
    Constant,
    /// Half a cosine wave down to 0
    Cosine,
    /// A straight line down to 0
    Linear,
    /// Divided by 10 after each third
    Step,
    /// By a constant factor at each step, down to a hundredth
    Exponential,
    /// Up from a twenty-fifth over the first 30 %, then half a cosine wave down to 0 (Smith and
    /// Topin 2018)
    #[serde(alias = "one_cycle")]
    #[strum(to_string = "one-cycle", serialize = "one_cycle")]
    OneCycle,
    /// Four cosine waves, each twice as long as the one before, from 0 to 0 (Holzmüller et al. 2024)
    Coslog4,
    /// Unchanged in the first half, then half a cosine wave down to 0
    FlatCosine,
}

impl Schedule {
    /// The learning rates of a training.
    ///
    /// # Arguments
    ///
    /// - `learning_rate` - the highest learning rate.
    /// - `num_steps` - how many optimizer steps the whole training has, at least 1.
    ///
    /// # Errors
    ///
    /// If [`check`](Self::check) does not accept the learning rate.
    pub fn init(self, learning_rate: f64, num_steps: usize) -> Result<Scheduler, Error> {
        self.check(learning_rate)?;
        let cosine = |num_steps| CosineAnnealingLrSchedulerConfig::new(learning_rate, num_steps);
        let curve = |curve| Scheduler::Curve {
            curve,
            learning_rate,
            num_steps,
            step: 0,
        };
        let config = match self {
            Self::Coslog4 => return Ok(curve(Curve::Coslog4)),
            Self::FlatCosine => return Ok(curve(Curve::FlatCosine)),
            Self::Constant => LrSchedulerConfig::Constant(learning_rate),
            Self::Cosine => cosine(num_steps).into(),
            Self::Linear => LinearLrSchedulerConfig::new(learning_rate, 0.0, num_steps).into(),
            Self::Step => StepLrSchedulerConfig::new(learning_rate, num_steps.div_ceil(3)).into(),
            Self::Exponential => {
                let gamma = 0.01f64.powf(1.0 / num_steps as f64);
                ExponentialLrSchedulerConfig::new(learning_rate, gamma).into()
            }
            Self::OneCycle => {
                let rising = (num_steps * 3 / 10).max(1);
                let falling = (num_steps - rising.min(num_steps)).max(1);
                let lowest = learning_rate / 25.0;
                let rise = LinearLrSchedulerConfig::new(lowest, learning_rate, rising);
                let parts = vec![rise.into(), cosine(falling).into()];
                SequentialLrSchedulerConfig::new(parts, vec![rising]).into()
            }
        };
        let scheduler = ModuleLrSchedulerConfig::new(config).init();
        scheduler.map(Scheduler::Burn).map_err(Error::learner)
    }

    /// Checks the highest learning rate.
    ///
    /// # Errors
    ///
    /// If it is not above 0, or is above 1 where Burn's schedulers do not take that.
    pub fn check(self, learning_rate: f64) -> Result<(), Error> {
        let most = match self {
            Self::Constant | Self::Step | Self::Coslog4 | Self::FlatCosine => f64::MAX,
            Self::Cosine | Self::Linear | Self::Exponential | Self::OneCycle => 1.0,
        };
        if learning_rate > 0.0 && learning_rate <= most {
            return Ok(());
        }
        let allowed = if learning_rate > 0.0 && learning_rate.is_finite() {
            format!("above 0 and at most 1 with the schedule `{self}`")
        } else {
            "above 0".to_owned()
        };
        Err(Error::invalid("learning_rate", learning_rate, &allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::lr_scheduler::LrScheduler;

    /// The learning rates of a schedule with 0.1 at most, over ten steps.
    fn rates(schedule: Schedule) -> Vec<f64> {
        let mut scheduler = schedule.init(0.1, 10).unwrap();
        (0..10).map(|_| scheduler.step()).collect()
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
    fn the_four_waves_begin_with_0() {
        let rates = rates(Schedule::Coslog4);
        assert_close(rates[0], 0.0);
        // log₂(1 + 15·0.2) = 2, the end of the second wave.
        assert_close(rates[2], 0.0);
        // log₂(1 + 15·0.9) = 3.857980995, and ½·(1 − cos(2π·0.857980995)) = 0.186200800
        assert_close(rates[9], 0.018_620_080_012_567_71);
    }

    #[test]
    fn a_flat_cosine_falls_in_the_second_half() {
        let rates = rates(Schedule::FlatCosine);
        assert!(rates[..=5].iter().all(|&rate| rate == 0.1));
        // ½·(1 + cos(π·0.6)) = 0.345491503
        assert_close(rates[8], 0.034_549_150_281_252_63);
    }

    #[test]
    fn every_schedule_goes_on_from_its_record() {
        for &schedule in Schedule::VARIANTS {
            let [mut whole, mut first, mut second] =
                [(); 3].map(|()| schedule.init(0.1, 10).unwrap());
            for _ in 0..4 {
                whole.step();
                first.step();
            }
            second.load_record(first.to_record());
            for _ in 4..10 {
                assert_eq!(second.step(), whole.step(), "{schedule}");
            }
        }
    }

    #[test]
    fn a_learning_rate_above_1_is_rejected_where_the_schedule_does_not_take_it() {
        let message = |schedule: Schedule, rate| schedule.check(rate).map_err(|e| e.to_string());
        assert_eq!(
            message(Schedule::Cosine, 2.0).unwrap_err(),
            "`learning_rate` is 2, but must be above 0 and at most 1 with the schedule `cosine`"
        );
        assert_eq!(
            message(Schedule::OneCycle, -1.0).unwrap_err(),
            "`learning_rate` is -1, but must be above 0"
        );
        assert_eq!(message(Schedule::Constant, 2.0), Ok(()));
        for &schedule in Schedule::VARIANTS {
            assert!(schedule.check(1.0).is_ok());
            assert!(schedule.init(1.0, 10).is_ok());
            assert!(schedule.check(f64::NAN).is_err());
            assert!(schedule.check(0.0).is_err());
        }
    }
}
