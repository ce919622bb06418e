use burn::nn::loss::{BinaryCrossEntropyLossConfig, LpLossConfig, MseLoss};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumDiscriminants, EnumMessage, EnumString, IntoStaticStr, VariantArray};

use super::{HuberLoss, Loss, PerceptronCriterion, PinballLoss, SoftmaxCrossEntropy};
use crate::InvalidConfig;

/// Names a loss and its parameters; [`init`](Self::init) creates the [module](Loss).
///
/// With outputs `y` (logits `z` for the cross-entropies and the criterion) and targets `t`:
///
/// | loss | formula |
/// |---|---|
/// | cross-entropy | `−Σ_c t_c·ln softmax(z)_c`, averaged over rows |
/// | binary cross-entropy | `−t·ln σ(z) − (1 − t)·ln(1 − σ(z))`, averaged over rows and outputs |
/// | squared error | `mean((y − t)²)` |
/// | absolute error | `mean(abs(y − t))`, less influenced by outliers |
/// | [Huber](HuberLoss) | `mean(½e² if abs(e) ≤ δ, else δ(abs(e) − ½δ))` with `e = y − t` |
/// | [pinball](PinballLoss) | `mean(max(q·(t − y), (q − 1)·(t − y)))` |
/// | [perceptron criterion](PerceptronCriterion) | `Σ −t·z` over misclassified outputs, averaged over rows |
///
/// [`LossKind`] has the same variants without parameters, for command lines and configuration files.
#[derive(Serialize, Deserialize, EnumDiscriminants, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[strum_discriminants(
    name(LossKind),
    derive(
        Serialize,
        Deserialize,
        Display,
        EnumMessage,
        EnumString,
        IntoStaticStr,
        VariantArray
    ),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case"),
    doc = "A [`LossConfig`] without its parameters.",
    doc = "",
    doc = "In text the names are in snake case; `mse` and `mae` are read too."
)]
pub enum LossConfig {
    /// Softmax cross-entropy.
    CrossEntropy {
        /// The share, in `[0, 1)`, of each target that is spread evenly over all classes
        /// ([Szegedy et al. 2016](https://arxiv.org/abs/1512.00567)).
        label_smoothing: f32,
    },
    /// Sigmoid cross-entropy, independent per output.
    BinaryCrossEntropy {
        /// The share, in `[0, 1)`, of each target that is spread evenly over yes and no.
        label_smoothing: f32,
    },
    /// Mean squared error; classes become one-hot targets.
    #[serde(alias = "mse")]
    #[strum_discriminants(serde(alias = "mse"))]
    #[strum_discriminants(strum(to_string = "mean_squared_error", serialize = "mse"))]
    MeanSquaredError,
    /// Mean absolute error.
    #[serde(alias = "mae")]
    #[strum_discriminants(serde(alias = "mae"))]
    #[strum_discriminants(strum(to_string = "mean_absolute_error", serialize = "mae"))]
    MeanAbsoluteError,
    /// Squared near zero, absolute far from it.
    Huber {
        /// Where the squared part ends, above 0: one for each output, or one for all.
        deltas: Vec<f32>,
    },
    /// Quantile (pinball) loss.
    Pinball {
        /// The quantile `q`, in (0, 1).
        quantile: f64,
    },
    /// Rosenblatt's criterion: the net inputs of misclassified rows.
    PerceptronCriterion,
}

impl LossConfig {
    /// Checks the parameters of the loss.
    ///
    /// # Errors
    ///
    /// Names the first parameter that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        let (is_valid, field, value, allowed) = match self {
            Self::CrossEntropy { label_smoothing }
            | Self::BinaryCrossEntropy { label_smoothing } => (
                (0.0..1.0).contains(label_smoothing),
                "label_smoothing",
                label_smoothing.to_string(),
                "in [0, 1)",
            ),
            Self::Huber { deltas } => {
                let is_invalid = |delta: &&f32| !(delta.is_finite() && **delta > 0.0);
                let invalid = deltas.iter().find(is_invalid);
                (
                    invalid.is_none() && !deltas.is_empty(),
                    "huber_delta",
                    invalid.map_or_else(String::new, f32::to_string),
                    "above 0",
                )
            }
            Self::Pinball { quantile } => (
                *quantile > 0.0 && *quantile < 1.0,
                "quantile",
                quantile.to_string(),
                "in (0, 1)",
            ),
            Self::MeanSquaredError | Self::MeanAbsoluteError | Self::PerceptronCriterion => {
                return Ok(());
            }
        };
        if is_valid {
            Ok(())
        } else {
            Err(InvalidConfig::new(field, value, allowed))
        }
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Loss {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        match *self {
            Self::CrossEntropy { label_smoothing } => {
                Loss::CrossEntropy(SoftmaxCrossEntropy { label_smoothing })
            }
            Self::BinaryCrossEntropy { label_smoothing } => Loss::BinaryCrossEntropy(
                BinaryCrossEntropyLossConfig::new()
                    .with_logits(true)
                    .with_smoothing(Some(label_smoothing).filter(|&share| share > 0.0))
                    .init(device),
            ),
            Self::MeanSquaredError => Loss::MeanSquaredError(MseLoss::new()),
            Self::MeanAbsoluteError => Loss::MeanAbsoluteError(LpLossConfig::l1()),
            Self::Huber { ref deltas } => Loss::Huber(HuberLoss {
                deltas: deltas.clone(),
            }),
            Self::Pinball { quantile } => Loss::Pinball(PinballLoss { quantile }),
            Self::PerceptronCriterion => Loss::PerceptronCriterion(PerceptronCriterion::new()),
        }
    }

    /// The same loss, but without smoothed labels.
    #[must_use]
    pub fn without_smoothing(&self) -> Self {
        let label_smoothing = 0.0;
        match self {
            Self::CrossEntropy { .. } => Self::CrossEntropy { label_smoothing },
            Self::BinaryCrossEntropy { .. } => Self::BinaryCrossEntropy { label_smoothing },
            Self::MeanSquaredError
            | Self::MeanAbsoluteError
            | Self::Huber { .. }
            | Self::Pinball { .. }
            | Self::PerceptronCriterion => self.clone(),
        }
    }

    /// Whether the loss is defined for classes only. The others accept numbers too.
    pub fn needs_classes(&self) -> bool {
        LossKind::from(self).needs_classes()
    }

    /// How many outputs a network needs to learn `num_classes` classes with this loss: one per class,
    /// or a single output for two classes.
    ///
    /// The binary losses always use a single output for two classes, the softmax cross-entropy never
    /// does. For the distances, from the squared error to the pinball loss, both are possible, and
    /// `single_for_two` decides.
    pub fn num_outputs(&self, num_classes: usize, single_for_two: bool) -> usize {
        let is_single = match self {
            Self::CrossEntropy { .. } => false,
            Self::BinaryCrossEntropy { .. } | Self::PerceptronCriterion => true,
            Self::MeanSquaredError
            | Self::MeanAbsoluteError
            | Self::Huber { .. }
            | Self::Pinball { .. } => single_for_two,
        };
        if num_classes == 2 && is_single {
            1
        } else {
            num_classes
        }
    }
}

impl LossKind {
    /// Whether the loss is defined for classes only. The others accept numbers too.
    pub fn needs_classes(self) -> bool {
        match self {
            Self::CrossEntropy | Self::BinaryCrossEntropy | Self::PerceptronCriterion => true,
            Self::MeanSquaredError | Self::MeanAbsoluteError | Self::Huber | Self::Pinball => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_parsing_and_serde_agree_on_every_kind() {
        for &kind in LossKind::VARIANTS {
            let name = kind.to_string();
            assert_eq!(name.parse(), Ok(kind));
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{name}\""));
            assert_eq!(serde_json::from_str::<LossKind>(&json).unwrap(), kind);
        }
    }

    #[test]
    fn abbreviations_are_read_and_the_long_names_written() {
        for (short, long, kind) in [
            ("mse", "mean_squared_error", LossKind::MeanSquaredError),
            ("mae", "mean_absolute_error", LossKind::MeanAbsoluteError),
        ] {
            assert_eq!(short.parse(), Ok(kind));
            let json = format!("\"{short}\"");
            assert_eq!(serde_json::from_str::<LossKind>(&json).unwrap(), kind);
            assert_eq!(kind.to_string(), long);
            assert_eq!(<&str>::from(kind), long);
        }
    }

    #[test]
    fn every_kind_has_one_line_of_documentation() {
        for kind in LossKind::VARIANTS {
            let documentation = kind.get_documentation().unwrap();
            assert!(documentation.ends_with('.'), "{documentation:?}");
            assert!(!documentation.contains('\n'), "{documentation:?}");
        }
    }

    #[test]
    fn a_configuration_survives_serialization() {
        for config in [
            LossConfig::MeanSquaredError,
            LossConfig::Huber { deltas: vec![0.1] },
            LossConfig::CrossEntropy {
                label_smoothing: 0.1,
            },
        ] {
            let json = serde_json::to_string(&config).unwrap();
            assert_eq!(serde_json::from_str::<LossConfig>(&json).unwrap(), config);
        }
        let json = r#"{"kind":"huber","deltas":[0.5]}"#;
        let huber: LossConfig = serde_json::from_str(json).unwrap();
        assert_eq!(huber, LossConfig::Huber { deltas: vec![0.5] });
    }

    #[test]
    fn a_parameter_out_of_range_is_rejected_by_name() {
        for (config, field) in [
            (
                LossConfig::CrossEntropy {
                    label_smoothing: 1.0,
                },
                "label_smoothing",
            ),
            (
                LossConfig::BinaryCrossEntropy {
                    label_smoothing: f32::NAN,
                },
                "label_smoothing",
            ),
            (LossConfig::Huber { deltas: vec![0.0] }, "huber_delta"),
            (LossConfig::Pinball { quantile: 1.0 }, "quantile"),
        ] {
            assert_eq!(config.check().unwrap_err().field, field);
        }
    }

    #[test]
    fn only_some_losses_use_a_single_output_for_two_classes() {
        let cross_entropy = LossConfig::CrossEntropy {
            label_smoothing: 0.0,
        };
        assert_eq!(cross_entropy.num_outputs(2, true), 2);
        let binary = LossConfig::BinaryCrossEntropy {
            label_smoothing: 0.0,
        };
        assert_eq!(binary.num_outputs(2, false), 1);
        assert_eq!(binary.num_outputs(3, true), 3);
        assert_eq!(LossConfig::MeanSquaredError.num_outputs(2, false), 2);
        assert_eq!(LossConfig::MeanSquaredError.num_outputs(2, true), 1);
    }
}
