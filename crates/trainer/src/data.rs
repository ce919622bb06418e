use mlp_datasets::{BuiltIn, Dataset, LoadOptions};

use crate::Error;

/// How alike two names must be, from 0 to 1, for one to be taken for a slip of the other.
const SIMILAR: f64 = 0.75;

/// Loads the data set of a name.
///
/// # Errors
///
/// If there is none of that name, or it cannot be read.
pub fn load_dataset(name: &str, options: &LoadOptions) -> Result<Dataset, Error> {
    let dataset: BuiltIn = name.parse().map_err(|_| Error::UnknownDataset {
        name: name.to_owned(),
        nearest: nearest(name),
    })?;
    Ok(dataset.load(options)?)
}

fn nearest(name: &str) -> Option<&'static str> {
    BuiltIn::ALL
        .into_iter()
        .map(|dataset| (strsim::jaro_winkler(name, dataset.name()), dataset.name()))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_one() {
        assert_eq!(nearest("irsi"), Some("iris"));
        assert_eq!(nearest("minst"), Some("mnist"));
        assert_eq!(nearest("titanic_passengers"), None);
    }
}
