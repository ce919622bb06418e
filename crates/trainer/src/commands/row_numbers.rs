use std::str::FromStr;

/// The numbers of rows as they are typed: `1,5,10-20`, counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowNumbers(Vec<(usize, usize)>);

/// Why a text is not the numbers of rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{part}` is neither a number of a row, from 1, nor a range such as `10-20`")]
pub struct NotRowNumbers {
    part: String,
}

impl RowNumbers {
    /// The rows in their order, from 0; the number that is too large if there are not as many rows.
    pub fn rows(&self, num_rows: usize) -> Result<Vec<usize>, usize> {
        let mut rows = Vec::new();
        for &(first, last) in &self.0 {
            if last > num_rows {
                return Err(last);
            }
            rows.extend(first - 1..last);
        }
        Ok(rows)
    }
}

impl FromStr for RowNumbers {
    type Err = NotRowNumbers;

    fn from_str(text: &str) -> Result<Self, NotRowNumbers> {
        let range = |part: &str| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let number = |text: &str| text.trim().parse().ok().filter(|number| *number > 0);
            let (first, last): (usize, usize) = (number(first)?, number(last)?);
            (first <= last).then_some((first, last))
        };
        let parts = text.split(',').map(|part| {
            range(part).ok_or_else(|| NotRowNumbers {
                part: part.to_owned(),
            })
        });
        parts.collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ranges_are_counted_from_one() {
        let numbers: RowNumbers = "1,5, 7-9".parse().unwrap();
        assert_eq!(numbers.rows(9), Ok(vec![0, 4, 6, 7, 8]));
        assert_eq!(numbers.rows(8), Err(9));
    }

    #[test]
    fn what_is_no_number_of_a_row_is_named() {
        for part in ["0", "", "a", "3-2", "-1", "1-2-3"] {
            let error = format!("1,{part}").parse::<RowNumbers>().unwrap_err();
            assert!(error.to_string().contains(&format!("`{part}`")), "{error}");
        }
    }
}
