use std::str::FromStr;

/// The most seeds of a benchmark.
const MOST: u64 = 1000;

/// The seeds of a benchmark: `0..2` for 0, 1 and 2, or a list such as `0,5,7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeds(pub Vec<u64>);

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut seeds = Vec::new();
        for part in text.split(',') {
            let (first, last) = range(part.trim()).ok_or_else(|| {
                format!("`{part}` is neither a seed nor a range such as `0..2` for 0, 1 and 2")
            })?;
            if last < first {
                return Err(format!("the range `{part}` is empty"));
            }
            if last - first >= MOST {
                return Err(format!(
                    "`{part}` has more than {MOST} seeds, which is the most"
                ));
            }
            seeds.extend(first..=last);
        }
        for (index, seed) in seeds.iter().enumerate() {
            if seeds[..index].contains(seed) {
                return Err(format!("the seed {seed} is named twice"));
            }
        }
        Ok(Self(seeds))
    }
}

/// The first and the last seed of a part of the list.
fn range(part: &str) -> Option<(u64, u64)> {
    let Some((first, last)) = part.split_once("..") else {
        let seed = part.parse().ok()?;
        return Some((seed, seed));
    };
    // Rust's way of including the last one means the same here.
    let last = last.strip_prefix('=').unwrap_or(last);
    Some((first.parse().ok()?, last.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_includes_both_of_its_ends() {
        assert_eq!("0..2".parse(), Ok(Seeds(vec![0, 1, 2])));
        assert_eq!("7, 3..=4".parse(), Ok(Seeds(vec![7, 3, 4])));
        assert_eq!("5..5".parse(), Ok(Seeds(vec![5])));
    }

    #[test]
    fn what_is_not_a_list_of_seeds_is_rejected() {
        for (text, reason) in [
            ("", "neither a seed"),
            ("0..", "neither a seed"),
            ("-1", "neither a seed"),
            ("3..1", "is empty"),
            ("0..1000", "more than 1000"),
            ("0..3,2", "the seed 2 is named twice"),
        ] {
            let error = text.parse::<Seeds>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
