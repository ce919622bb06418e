use std::fmt;
use std::str::FromStr;

use mlp_inference::ClusterMetrics;
use serde::{Deserialize, Serialize};

use super::k_means::KMeans;
use crate::Error;

/// The most clusters that `auto` tries.
const MAX_TRIED: usize = 12;

/// How many clusters there are to be.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(try_from = "NumberOrName", into = "NumberOrName")]
pub enum ClusterCount {
    /// As many as give the best silhouette.
    Auto,
    /// As many.
    Exactly(usize),
}

/// How a [`ClusterCount`] stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum NumberOrName {
    Number(usize),
    Name(String),
}

impl TryFrom<NumberOrName> for ClusterCount {
    type Error = String;

    fn try_from(value: NumberOrName) -> Result<Self, String> {
        match value {
            NumberOrName::Number(number) => Ok(Self::Exactly(number)),
            NumberOrName::Name(name) => name.parse(),
        }
    }
}

impl From<ClusterCount> for NumberOrName {
    fn from(count: ClusterCount) -> Self {
        match count {
            ClusterCount::Auto => Self::Name("auto".to_owned()),
            ClusterCount::Exactly(number) => Self::Number(number),
        }
    }
}

impl FromStr for ClusterCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse()) {
            ("auto", _) => Ok(Self::Auto),
            (_, Ok(number)) => Ok(Self::Exactly(number)),
            _ => Err(format!(
                "`{text}` is no number of clusters: give a whole number of 2 or more, or `auto`"
            )),
        }
    }
}

impl fmt::Display for ClusterCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.pad("auto"),
            Self::Exactly(number) => number.fmt(f),
        }
    }
}

/// How many rows and columns of units a map has.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(try_from = "String", into = "String")]
pub struct GridSize {
    /// Rows of units.
    pub rows: usize,
    /// Units in a row.
    pub columns: usize,
}

impl FromStr for GridSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sizes = text.split_once('x').map(|(rows, columns)| {
            let size = |text: &str| text.trim().parse::<usize>().ok().filter(|&size| size > 0);
            (size(rows), size(columns))
        });
        match sizes {
            Some((Some(rows), Some(columns))) => Ok(Self { rows, columns }),
            _ => Err(format!(
                "`{text}` is no grid: give rows and columns of 1 or more, such as `8x8`"
            )),
        }
    }
}

impl TryFrom<String> for GridSize {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<GridSize> for String {
    fn from(size: GridSize) -> Self {
        size.to_string()
    }
}

impl fmt::Display for GridSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.rows, self.columns)
    }
}

/// Groups points by k-means, into the number of clusters that has the best silhouette if none is
/// given; with the silhouette of each number that was tried.
pub fn choose(
    count: ClusterCount,
    points: &[f32],
    width: usize,
    seed: u64,
) -> Result<(KMeans, Vec<(usize, f64)>), Error> {
    if let ClusterCount::Exactly(count) = count {
        return Ok((KMeans::fit(points, width, count, seed)?, Vec::new()));
    }
    let num_distinct = num_distinct(points, width, MAX_TRIED + 1);
    let mut best: Option<(f64, KMeans)> = None;
    let mut silhouettes = Vec::new();
    for count in 2..=MAX_TRIED.min(num_distinct.saturating_sub(1)).max(2) {
        let found = KMeans::fit(points, width, count, seed)?;
        let metrics = ClusterMetrics::of_points(points, width, &found.clusters);
        let silhouette = metrics.silhouette.unwrap_or(-1.0);
        silhouettes.push((count, silhouette));
        if best.as_ref().is_none_or(|(best, _)| silhouette > *best) {
            best = Some((silhouette, found));
        }
    }
    let (_, best) = best.expect("two clusters are tried at least");
    Ok((best, silhouettes))
}

/// How many points are not alike, counted up to `most`.
pub fn num_distinct(points: &[f32], width: usize, most: usize) -> usize {
    let mut distinct: Vec<&[f32]> = Vec::new();
    for point in points.chunks_exact(width) {
        if distinct.len() == most {
            break;
        }
        if !distinct.contains(&point) {
            distinct.push(point);
        }
    }
    distinct.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_clusters_with_the_best_silhouette_is_chosen() {
        let points: Vec<f32> = [0.0, 100.0, 200.0, 300.0]
            .iter()
            .flat_map(|centre| [0.0, 1.0, 2.0, 3.0].map(|by| centre + by))
            .collect();
        let (found, silhouettes) = choose(ClusterCount::Auto, &points, 1, 0).unwrap();
        assert_eq!(found.num_clusters, 4);
        assert_eq!(silhouettes[0].0, 2);
        assert_eq!(silhouettes.len(), 11);
    }

    #[test]
    fn a_count_is_a_number_or_auto() {
        assert_eq!("auto".parse(), Ok(ClusterCount::Auto));
        assert_eq!("7".parse(), Ok(ClusterCount::Exactly(7)));
        assert!("few".parse::<ClusterCount>().is_err());
        for count in [ClusterCount::Auto, ClusterCount::Exactly(3)] {
            let json = serde_json::to_string(&count).unwrap();
            assert_eq!(serde_json::from_str::<ClusterCount>(&json).unwrap(), count);
        }
    }

    #[test]
    fn a_grid_has_rows_and_columns() {
        let size = "3x5".parse::<GridSize>().unwrap();
        assert_eq!((size.rows, size.columns), (3, 5));
        assert_eq!(size.to_string(), "3x5");
        for text in ["", "3", "0x5", "3x", "ax5", "3x5x2"] {
            assert!(text.parse::<GridSize>().is_err(), "`{text}` was taken");
        }
    }

    #[test]
    fn points_that_are_alike_count_once() {
        assert_eq!(num_distinct(&[1.0, 2.0, 1.0, 2.0, 1.0, 3.0], 2, 9), 2);
        assert_eq!(num_distinct(&[1.0, 2.0, 3.0], 1, 2), 2);
    }
}
