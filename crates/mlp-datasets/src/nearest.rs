/// How similar two names must be, from 0 to 1, for one to be taken for a misspelling of the other.
const SIMILAR: f64 = 0.75;

/// The name that another one is most likely a misspelling of, if any is similar. Upper and lower case do not count.
///
/// ```
/// use mlp_datasets::nearest;
///
/// assert_eq!(nearest("wieght", ["height", "weight"]), Some("weight"));
/// ```
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|other| {
            let similarity = strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase());
            (similarity, other)
        })
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_name_is_answered_with_the_nearest_one() {
        let nearest = |name| nearest(name, ["iris", "wine", "mnist"]);
        assert_eq!(nearest("irsi"), Some("iris"));
        assert_eq!(nearest("minst"), Some("mnist"));
        assert_eq!(nearest("passengers_of_a_ship"), None);
    }
}
