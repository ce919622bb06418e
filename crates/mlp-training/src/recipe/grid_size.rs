use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
                "`{text}` is not a valid grid: give rows and columns of 1 or more, such as `8x8`"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_rows_and_columns() {
        let size = "3x5".parse::<GridSize>().unwrap();
        assert_eq!((size.rows, size.columns), (3, 5));
        assert_eq!(size.to_string(), "3x5");
        for text in ["", "3", "0x5", "3x", "ax5", "3x5x2"] {
            assert!(text.parse::<GridSize>().is_err(), "`{text}` was accepted");
        }
    }
}
