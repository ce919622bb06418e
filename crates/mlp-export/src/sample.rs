//! Rows that are made up to compare a graph with its model.

use mlp_datasets::{Column, FeatureEncoding, Preprocessor, Scaler, Values};

use crate::onnx::{InputColumn, InputKind};

const ROWS: usize = 128;
/// One value in so many is missing.
const ONE_MISSING_IN: u64 = 16;
/// One category in so many is unknown.
const ONE_UNKNOWN_IN: u64 = 16;
/// How many standard deviations numbers are away at most.
const SPREAD: f64 = 3.0;
const MICROSECONDS: f64 = 1e6;
const SECONDS_PER_DAY: f64 = 86_400.0;
/// How many days dates are away from their median at most.
const DAYS: f64 = 2_000.0;

/// Values of a column in the sample rows.
pub enum SampleColumn {
    Numbers { name: String, values: Vec<f64> },
    Dates { name: String, seconds: Vec<f64> },
    Categories { name: String, texts: Vec<String> },
}

/// Columns for the inputs of a graph, around the rows that a preprocessor was fitted on.
pub fn sample(inputs: &[InputColumn], preprocessor: &Preprocessor) -> Vec<SampleColumn> {
    let columns = inputs.iter().enumerate();
    columns
        .map(|(number, input)| {
            let name = input.column.clone();
            let mut features = preprocessor.features.iter();
            let feature = features.find(|feature| feature.name() == name);
            let draws = (0..ROWS).map(|row| Draw::new(row, number));
            match &input.kind {
                InputKind::Numeric => {
                    let (low, high) = range(feature);
                    SampleColumn::Numbers {
                        name,
                        values: draws.map(|draw| draw.number(low, high)).collect(),
                    }
                }
                InputKind::Date => {
                    let median = match feature {
                        Some(FeatureEncoding::Date { median, .. }) => *median as f64,
                        _ => 0.0,
                    };
                    let span = DAYS * SECONDS_PER_DAY;
                    let date = |draw: Draw| draw.number(median - span, median + span).round();
                    SampleColumn::Dates {
                        name,
                        seconds: draws.map(date).collect(),
                    }
                }
                InputKind::Categorical { texts, .. } => SampleColumn::Categories {
                    name,
                    texts: draws.map(|draw| draw.text(texts)).collect(),
                },
            }
        })
        .collect()
}

/// The range in which most numbers of the training were.
fn range(feature: Option<&FeatureEncoding>) -> (f64, f64) {
    let Some(FeatureEncoding::Numeric { scaler, median, .. }) = feature else {
        return (0.0, 1.0);
    };
    match scaler {
        Scaler::Standard { mean, std } => (mean - SPREAD * std, mean + SPREAD * std),
        Scaler::Robust { median, factor } => {
            let spread = if *factor > 0.0 { SPREAD / factor } else { 1.0 };
            (median - spread, median + spread)
        }
        Scaler::Quantile { quantiles } => {
            let (first, last) = (quantiles[0], quantiles[quantiles.len() - 1]);
            let margin = (last - first) / 20.0;
            (first - margin, last + margin)
        }
        Scaler::MinMax { min, range } => (*min, min + range),
        Scaler::Constant => (median - 1.0, median + 1.0),
    }
}

/// A number that is drawn for a row and a column, always the same: by
/// [SplitMix64](https://doi.org/10.1145/2714064.2660195).
#[derive(Clone, Copy)]
struct Draw(u64);

impl Draw {
    fn new(row: usize, column: usize) -> Self {
        let mut hash = (row as u64) << 32 | column as u64;
        hash = hash
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(0x9e37_79b9_7f4a_7c15);
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(hash ^ (hash >> 31))
    }

    fn is_one_in(self, count: u64) -> bool {
        self.0.is_multiple_of(count)
    }

    /// A number in a range, or a missing one.
    fn number(self, low: f64, high: f64) -> f64 {
        if self.is_one_in(ONE_MISSING_IN) {
            return f64::NAN;
        }
        let share = (self.0 >> 11) as f64 / (1u64 << 53) as f64;
        let number = low + share * (high - low);
        number.clamp(-Values::MAX_NUMBER, Values::MAX_NUMBER)
    }

    /// One of some texts, one that is none of them, or a missing one.
    fn text(self, texts: &[String]) -> String {
        let rest = self.0 / ONE_MISSING_IN;
        if self.is_one_in(ONE_MISSING_IN) {
            String::new()
        } else if rest.is_multiple_of(ONE_UNKNOWN_IN) || texts.is_empty() {
            "a text that no training had".to_owned()
        } else {
            let index = (rest / ONE_UNKNOWN_IN) % texts.len() as u64;
            texts[usize::try_from(index).unwrap_or(0)].clone()
        }
    }
}

impl SampleColumn {
    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers { values, .. } => values.len(),
            Self::Dates { seconds, .. } => seconds.len(),
            Self::Categories { texts, .. } => texts.len(),
        }
    }

    /// The column as part of a table.
    pub fn into_column(self) -> Column {
        match self {
            Self::Numbers { name, values } => Column {
                name,
                values: Values::Numbers(values),
            },
            Self::Dates { name, seconds } => {
                #[expect(clippy::cast_possible_truncation)] // Whole numbers of microseconds.
                let date = |seconds: f64| {
                    if seconds.is_nan() {
                        Values::MISSING_DATE
                    } else {
                        (seconds * MICROSECONDS).round() as i64
                    }
                };
                let dates = seconds.into_iter().map(date).collect();
                Column {
                    name,
                    values: Values::Dates(dates),
                }
            }
            Self::Categories { name, texts } => {
                let mut names: Vec<String> = texts
                    .iter()
                    .filter(|text| !text.is_empty())
                    .cloned()
                    .collect();
                names.sort_unstable();
                names.dedup();
                let code = |text: &String| {
                    let code = names.binary_search(text).ok();
                    let code = code.filter(|_| !text.is_empty());
                    code.and_then(|code| u32::try_from(code).ok())
                        .unwrap_or(Values::MISSING_CODE)
                };
                let codes = texts.iter().map(code).collect();
                Column {
                    name,
                    values: Values::Categories { codes, names },
                }
            }
        }
    }
}
