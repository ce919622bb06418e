use std::collections::HashMap;

/// What a name of a category or a class means, so that files that write it differently agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Meaning {
    /// The bits of a number.
    Number(u64),
    /// A word for yes or no.
    Boolean(bool),
}

/// Whole numbers up to this one are exact in double precision.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

impl Meaning {
    /// The meanings of a name, the nearest first: `1` is a number, and in a column of booleans a yes.
    pub fn of(name: &str) -> impl Iterator<Item = Self> {
        // Beyond 2^53, different whole numbers are the same in double precision.
        let number = name.parse::<f64>().ok();
        let number = number.filter(|number| number.abs() <= MAX_EXACT);
        // Adding 0 makes −0 and 0 the same.
        let bits = number.map(|number| Self::Number((number + 0.0).to_bits()));
        bits.into_iter().chain(boolean(name).map(Self::Boolean))
    }
}

/// Yes or no, as programs and databases write them.
fn boolean(name: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| name.eq_ignore_ascii_case(word));
    if is(&["true", "t", "1", "1.0", "yes", "y"]) {
        Some(true)
    } else if is(&["false", "f", "0", "0.0", "no", "n"]) {
        Some(false)
    } else {
        None
    }
}

/// The index of the name that a text is, or that means the same.
///
/// A text means the same as a name if both are the same number, or if all names are words for yes and no and the
/// text is one for the same. The text must mean one name only.
pub fn find_same(names: &[String], text: &str) -> Option<usize> {
    let by_name = names.iter().position(|name| name == text);
    by_name.or_else(|| {
        let are_booleans = names.len() <= 2 && names.iter().all(|name| boolean(name).is_some());
        Meaning::of(text).find_map(|meaning| {
            if matches!(meaning, Meaning::Boolean(_)) && !are_booleans {
                return None;
            }
            let means = |name: &String| Meaning::of(name).any(|found| found == meaning);
            let mut same = (0..names.len()).filter(|&index| means(&names[index]));
            let index = same.next()?;
            same.next().is_none().then_some(index)
        })
    })
}

/// Two names that mean the same, if there are any: the same number, or yes or no if all names do.
pub fn first_alike(names: &[String]) -> Option<[&str; 2]> {
    let are_booleans = names.iter().all(|name| boolean(name).is_some());
    let mut first: HashMap<Meaning, &str> = HashMap::new();
    names.iter().find_map(|name| {
        let meaning = match boolean(name) {
            Some(value) if are_booleans => Meaning::Boolean(value),
            _ => Meaning::of(name).find(|meaning| matches!(meaning, Meaning::Number(_)))?,
        };
        first
            .insert(meaning, name)
            .map(|other| [other, name.as_str()])
    })
}

/// Two names that differ only in case, if there are any.
pub fn first_of_other_case(names: &[String]) -> Option<[&str; 2]> {
    let mut first: HashMap<String, &str> = HashMap::new();
    names.iter().find_map(|name| {
        first
            .insert(name.to_lowercase(), name)
            .map(|other| [other, name.as_str()])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find<'a>(names: &[&'a str], text: &str) -> Option<&'a str> {
        let all: Vec<String> = names.iter().map(ToString::to_string).collect();
        find_same(&all, text).map(|index| names[index])
    }

    #[test]
    fn names_are_found_by_what_they_mean() {
        for (names, text, expected) in [
            (&["1", "2", "10"][..], "2.0", Some("2")),
            (&["1.0", "2.0"], "1", Some("1.0")),
            (&["06510", "10115"], "6510", Some("06510")),
            (&["false", "true"], "1", Some("true")),
            (&["false", "true"], "F", Some("false")),
            (&["0", "1"], "True", Some("1")),
            (&["f", "t"], "false", Some("f")),
            (&["No", "Yes"], "true", Some("Yes")),
            (&["01", "1"], "1.0", None),
            (&["a", "t"], "true", None),
            (&["1", "2", "3"], "true", None),
            (&["red"], "Red", None),
            (&["9007199254740994"], "9007199254740993", None),
        ] {
            assert_eq!(find(names, text), expected, "{text} in {names:?}");
        }
    }

    #[test]
    fn names_that_mean_the_same_are_found() {
        let alike = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            first_alike(&names).map(|pair| pair.map(str::to_owned))
        };
        let pair = |a: &str, b: &str| Some([a.to_owned(), b.to_owned()]);
        assert_eq!(alike(&["1", "2", "1.0"]), pair("1", "1.0"));
        assert_eq!(alike(&["0", "1", "True"]), pair("1", "True"));
        assert_eq!(alike(&["yes", "no", "Yes"]), pair("yes", "Yes"));
        assert_eq!(alike(&["1", "2", "true"]), None);
        assert_eq!(alike(&["red", "Red"]), None);

        let names = ["red", "blue", "Red"].map(str::to_owned);
        assert_eq!(first_of_other_case(&names), Some(["red", "Red"]));
        assert_eq!(first_of_other_case(&names[..2]), None);
    }
}
