use serde::{Deserialize, Serialize};

/// How good the predictions for some rows are. Metrics that do not apply to the task are absent.
///
/// For regression `y` is a prediction and `t` its target; with several outputs each metric is the
/// unweighted mean of its values for each output.
///
/// If rows have weights, numbers of rows (`TP`, shares, pairs, …), sums and means over rows are those
/// of weights, as with scikit-learn's `sample_weight`; a row of weight 0 is left out. Rows of classes
/// that the model does not know are wrong predictions, and together one more class. All metrics are
/// absent if a prediction is not finite, or no row has a weight above 0.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Metrics {
    /// The share of rows whose class is right, in `[0, 1]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The mean of the recall `TP / (TP + FN)` over the classes that occur among the labels, in
    /// `[0, 1]`. A rare class counts as much as the others: always predicting the same of `n`
    /// classes gets `1 / n` ([Brodersen et al.
    /// 2010](https://doi.org/10.1109/ICPR.2010.764)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balanced_accuracy: Option<f64>,
    /// The mean of `F1 = 2·TP / (2·TP + FP + FN)` over the classes that occur among the labels or the
    /// predictions, in `[0, 1]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1_macro: Option<f64>,
    /// The area under the ROC curve of the probability of the second class, in `[0, 1]`: among the
    /// pairs of a row of each class, the share in which the row of the second class has the higher
    /// probability, where a tie counts half. Guessing gets 0.5 ([Fawcett
    /// 2006](https://doi.org/10.1016/j.patrec.2005.10.010)). For more than two classes, the mean
    /// over all classes of one against the rest. Absent without probabilities, if a class has
    /// no rows, and if the class of a row is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roc_auc: Option<f64>,
    /// `Σ (Rₙ − Rₙ₋₁)·Pₙ` with the recall `R` and the precision `P` of the second class if the rows
    /// with its `n` highest probabilities are predicted to be of it, in `(0, 1]`. Guessing gets the
    /// share of the class, so it is more informative than `roc_auc` for a rare class ([Saito and
    /// Rehmsmeier 2015](https://doi.org/10.1371/journal.pone.0118432)). For more than two classes,
    /// the mean over all classes of one against the rest. Absent if `roc_auc` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_precision: Option<f64>,
    /// The mean of `−ln p` with the probability `p` of the right class, at least 0. Absent without
    /// probabilities, and if the class of a row is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_loss: Option<f64>,
    /// `Σ share·|accuracy − mean confidence|` over 15 bins of equal width of the confidence, the
    /// probability of the predicted class, in `[0, 1]`. At 0, for example,
    /// 80 % of the rows predicted with a confidence of 0.8 are right ([Guo et al.
    /// 2017](https://arxiv.org/abs/1706.04599)). Absent without probabilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_calibration_error: Option<f64>,
    /// `√mean((y − t)²)`, in the units of the target, at least 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmse: Option<f64>,
    /// `mean(|y − t|)`, in the units of the target, at least 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mae: Option<f64>,
    /// `median(|y − t|)`, in the units of the target, at least 0. Outliers hardly change it while
    /// they are fewer than half of the rows. With weights, half of the weight is at or below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_absolute_error: Option<f64>,
    /// `mean(max(q·(t − y), (1 − q)·(y − t)))` for the predicted quantile `q`, in the
    /// units of the target, at least 0; half the `mae` for `q = 0.5` ([Koenker and Bassett
    /// 1978](https://doi.org/10.2307/1913643)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinball: Option<f64>,
    /// `1 − Σ(y − t)² / Σ(t − mean(t))²`, at most 1; 0 is as good as always predicting the mean. If
    /// all targets are equal, as those of a single row are, 1 if the predictions are exact, else 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r2: Option<f64>,
}
