//! The numbers behind the curves of a report.

mod calibration;
mod quantiles;
mod ranking;

pub use calibration::{CalibrationBin, calibration_bins};
pub use quantiles::quantile;
pub use ranking::{ClassRow, RankingCurves, RankingPoint};
