//! Binary messages: the network as it is, with a picture of what each of its units does.
//!
//! A frame is the length of a header in bytes (a `u32`, little-endian), the header (JSON, a
//! [`FrameHeader`]), and then, without gaps:
//!
//! 1. the weights as `f32`, little-endian: for each layer the matrix row by row (`d_input × d_output`; a
//!    row holds what one input sends to all units), then the biases (`d_output`);
//! 2. for each hidden unit, layer by layer, a map of `resolution × rows` bytes, from the top row to the
//!    bottom one;
//! 3. the maps of the outputs, of `output_resolution × output_rows` bytes each: the probability of each
//!    class, or each predicted number;
//! 4. for each derived input, a map as of a hidden unit.
//!
//! Of a network that finds clusters, a frame holds points in place of weights and maps, as its [`Scatter`] says:
//! two numbers `x` and `y` for the code of each row that is drawn, then for each unit or centroid; and one
//! byte for each of these rows, its cluster.
//!
//! A byte `b` of a map stands for `low + b / 255 · (high − low)`.

use serde::{Deserialize, Serialize};

/// What a frame holds.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct FrameHeader {
    /// The steps that were taken.
    pub step: usize,
    /// The epochs that are over.
    pub epoch: usize,
    /// The number of weights and biases.
    pub num_weights: usize,
    /// The width of the map of a hidden unit, in pixels.
    pub resolution: usize,
    /// Its height.
    pub rows: usize,
    /// What the bytes 0 and 255 stand for, for each hidden unit; empty if no maps were asked for.
    pub ranges: Vec<[f32; 2]>,
    /// The width of the map of an output, in pixels.
    pub output_resolution: usize,
    /// Its height.
    pub output_rows: usize,
    /// What the bytes 0 and 255 stand for, for each output.
    pub output_ranges: Vec<[f32; 2]>,
    /// The inputs that are derived from columns, by their indices.
    pub inputs: Vec<usize>,
    /// What the bytes 0 and 255 stand for, for each of them.
    pub input_ranges: Vec<[f32; 2]>,
    /// What it holds instead, of a network that finds clusters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scatter: Option<Scatter>,
}

/// The points of a network that finds clusters.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Scatter {
    /// `map`, `pretraining` or `clustering`.
    pub phase: String,
    /// How many rows have a code: those of [`Points`](super::Points), or none.
    pub num_codes: usize,
    /// How many units or centroids there are.
    pub num_prototypes: usize,
    /// Whether the rows have clusters yet.
    pub has_clusters: bool,
}

/// Puts a frame together.
///
/// # Errors
///
/// If the header cannot be serialized, which does not happen.
pub fn encode(header: &FrameHeader, weights: &[f32], maps: &[u8]) -> serde_json::Result<Vec<u8>> {
    let header = serde_json::to_vec(header)?;
    let length = u32::try_from(header.len()).unwrap_or(u32::MAX);
    let mut frame = Vec::with_capacity(4 + header.len() + 4 * weights.len() + maps.len());
    frame.extend(length.to_le_bytes());
    frame.extend(header);
    frame.extend(weights.iter().flat_map(|weight| weight.to_le_bytes()));
    frame.extend(maps);
    Ok(frame)
}
