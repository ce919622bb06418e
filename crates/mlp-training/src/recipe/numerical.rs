use mlp_datasets::{InputKind, InputSpec};
use mlp_models::{
    InputsConfig, NumericalEmbeddingConfig, NumericalInputsConfig, PbldEmbeddingConfig,
    PeriodicEmbeddingConfig, PiecewiseLinearEmbeddingConfig,
};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

use super::NetworkInputs;
use super::require::require;
use crate::Error;

/// How numbers become vectors after they are scaled.
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
    Default,
    PartialEq,
    Eq,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NumericalKind {
    /// They remain numbers
    #[default]
    None,
    /// Waves of learned frequencies (PLR, Gorishniy et al. 2022)
    Periodic,
    /// Waves of learned frequencies and phases, and the number itself (Holzmüller et al. 2024)
    Pbld,
    /// A function that is linear between quantiles (Gorishniy et al. 2022)
    PiecewiseLinear,
}

/// How many bins there are by default: more than the authors' 48, since what a number costs does not depend
/// on it, and fewer of a small table. With 128, `tabm-mini` has a lower RMSE on `california_housing`.
fn default_num_bins(num_rows: usize) -> usize {
    /// Training rows of which a bin should have this many.
    const ROWS_PER_BIN: usize = 15;
    (num_rows / ROWS_PER_BIN).clamp(1, 128)
}

/// How numbers are embedded. Each kind ignores what only the others need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumericalSettings {
    /// What the vectors are made of.
    pub kind: NumericalKind,
    /// The length of the vector of each number, at least 1.
    pub d_numerical: usize,
    /// How many bins of `piecewise_linear` there are at most, at least 1. `None`: 128, or fewer of a small
    /// table.
    pub num_bins: Option<usize>,
    /// How many frequencies of `periodic` and `pbld` each number has, at least 1.
    pub num_frequencies: usize,
    /// The standard deviation of these frequencies at the start, above 0.
    pub frequency_scale: f64,
}

impl NumericalSettings {
    /// Checks each setting, whichever kind is asked for.
    fn check(&self) -> Result<(), Error> {
        for (setting, size) in [
            ("d_numerical", self.d_numerical),
            ("num_bins", self.num_bins.unwrap_or(1)),
            ("num_frequencies", self.num_frequencies),
        ] {
            require(size > 0, setting, size, "1 or more")?;
        }
        let scale = self.frequency_scale;
        let is_valid = scale.is_finite() && scale > 0.0;
        require(is_valid, "frequency_scale", scale, "above 0")?;
        let is_too_short = self.kind == NumericalKind::Pbld && self.d_numerical < 2;
        let allowed = "2 or more for `pbld`: the number itself is one of them";
        require(!is_too_short, "d_numerical", self.d_numerical, allowed)
    }

    /// All inputs, with an embedding of each category too.
    ///
    /// # Errors
    ///
    /// As [`config`](Self::config).
    pub(super) fn inputs(
        &self,
        inputs: NetworkInputs,
        d_embedding: usize,
    ) -> Result<InputsConfig, Error> {
        let spec = inputs.spec;
        let numerical = self.config(inputs)?;
        let inputs = InputsConfig::new(spec.width(), &spec.cardinalities, d_embedding);
        Ok(inputs.with_numerical(numerical))
    }

    /// The embedding of those inputs that are numbers by nature: not of one-hot inputs, nor of
    /// indicators. `None` if there are none, or they remain numbers.
    ///
    /// # Errors
    ///
    /// If there are more bins than any number has different values, or the device fails.
    pub fn config(&self, inputs: NetworkInputs) -> Result<Option<NumericalInputsConfig>, Error> {
        self.check()?;
        let columns = numbers_by_nature(inputs.spec);
        let num_features = columns.len();
        if num_features == 0 {
            return Ok(None);
        }
        let embedding = match self.kind {
            NumericalKind::None => return Ok(None),
            NumericalKind::Periodic => NumericalEmbeddingConfig::Periodic(
                PeriodicEmbeddingConfig::new(num_features)
                    .with_d_embedding(self.d_numerical)
                    .with_num_frequencies(self.num_frequencies)
                    .with_frequency_scale(self.frequency_scale),
            ),
            NumericalKind::Pbld => NumericalEmbeddingConfig::Pbld(
                PbldEmbeddingConfig::new(num_features)
                    .with_d_embedding(self.d_numerical)
                    .with_num_frequencies(self.num_frequencies)
                    .with_frequency_scale(self.frequency_scale),
            ),
            NumericalKind::PiecewiseLinear => {
                let bins = self.bins(&columns, inputs)?;
                NumericalEmbeddingConfig::PiecewiseLinear(
                    PiecewiseLinearEmbeddingConfig::new(bins).with_d_embedding(self.d_numerical),
                )
            }
        };
        Ok(Some(NumericalInputsConfig { columns, embedding }))
    }

    /// The edges of the bins of each of the columns, as the training rows have them.
    fn bins(&self, columns: &[usize], inputs: NetworkInputs) -> Result<Vec<Vec<f32>>, Error> {
        let values = inputs.values(columns).map_err(Error::learner)?;
        let Some(values) = values else {
            // Any edges: only the number of columns matters.
            return Ok(vec![vec![0.0, 1.0]; columns.len()]);
        };
        let num_bins = match self.num_bins {
            None => default_num_bins(values.first().map_or(0, Vec::len)),
            Some(num_bins) => {
                let most_different = values.iter().map(|values| count_different(values)).max();
                let most_different = most_different.unwrap_or(0);
                let allowed =
                    format!("at most {most_different}, as no number has more different values");
                require(num_bins <= most_different, "num_bins", num_bins, &allowed)?;
                num_bins
            }
        };
        // Unlike the authors' bins: on adult, where most capital gains are zero, the log-loss of `tabm-mini`
        // is lower.
        let bins = |values: &Vec<f32>| {
            PiecewiseLinearEmbeddingConfig::quantile_bins_around_ties(values, num_bins)
        };
        Ok(values.iter().map(bins).collect())
    }
}

/// The indices of the inputs that come from a numeric feature or a date.
fn numbers_by_nature(spec: &InputSpec) -> Vec<usize> {
    let is_number = |&index: &usize| match spec.numbers[index].kind {
        InputKind::Numeric
        | InputKind::Derived
        | InputKind::TargetMean
        | InputKind::DatePart(_) => true,
        InputKind::OneHot | InputKind::MissingIndicator => false,
    };
    (0..spec.numbers.len()).filter(is_number).collect()
}

fn count_different(values: &[f32]) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    sorted.dedup();
    sorted.len()
}
