use serde::{Deserialize, Serialize};

/// What a page looks at.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct View {
    /// The plane of which maps are drawn; that of the first two columns of numbers if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plane: Option<Plane>,
    /// The pixels of a neuron's map along each axis, from 8 to 64.
    pub resolution: usize,
    /// The pixels of the output's map along each axis, from 8 to 200.
    pub output_resolution: usize,
    /// Whether maps are drawn at all.
    pub maps: bool,
    /// The row, of those in [`Points`](super::Points), whose way through the network is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_row: Option<usize>,
    /// Whether gradients and the state of units are measured.
    pub diagnosis: bool,
}

/// A plane through the table: two columns vary, the others keep the values of a row.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Plane {
    /// The column along the horizontal axis.
    pub x: String,
    /// The column along the vertical axis; none in a table of one column, whose maps are one pixel high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
    /// The row of the table whose values the other columns keep; the median row if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            plane: None,
            resolution: 24,
            output_resolution: 80,
            maps: true,
            trace_row: None,
            diagnosis: false,
        }
    }
}
