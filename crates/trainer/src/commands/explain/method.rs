/// How a model is explained.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    serde::Serialize,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Method {
    /// How much worse predictions get when a column is shuffled (Breiman 2001)
    Importance,
    /// How predictions depend on a column, with curves of single rows (Friedman 2001)
    Dependence,
    /// What each column adds to the prediction of a row, from gradients (Sundararajan et al. 2017)
    IntegratedGradients,
    /// The same by replacing columns with those of training rows, with its error (Štrumbelj and Kononenko
    /// 2014)
    Shapley,
}

impl Method {
    /// What the prediction is called where an explanation of a row begins.
    pub fn baseline_of(self, compared: &str) -> String {
        match self {
            // Its baseline is no row: the mean of each input.
            Self::IntegratedGradients => format!("where each input is the mean of the {compared}"),
            Self::Importance | Self::Dependence | Self::Shapley => {
                format!("on average over the {compared}")
            }
        }
    }

    /// In words.
    pub fn described(self) -> &'static str {
        match self {
            Self::Importance => "permutation importance",
            Self::Dependence => "partial dependence",
            Self::IntegratedGradients => "integrated gradients",
            Self::Shapley => "Shapley values",
        }
    }
}
