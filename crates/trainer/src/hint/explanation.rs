use mlp_explanations::Error;

use mlp_datasets::nearest;

/// What to try if a model cannot be explained as asked.
pub fn explanation_hint(error: &Error) -> Option<String> {
    let misspelled = |name: &str, known: &[String]| {
        let nearest = nearest(name, known.iter().map(String::as_str))?;
        Some(format!("did you mean `{nearest}`?"))
    };
    #[allow(clippy::wildcard_enum_match_arm)] // The others have nothing to try.
    match error {
        Error::Clustering { .. } => Some(
            "`trainer evaluate RUN` says how good the clusters are, and `trainer predict RUN FILE` gives \
             the cluster of each row; to explain them, train a model on the cluster as its target"
                .to_owned(),
        ),
        Error::UnknownColumn { column, known } => misspelled(column, known),
        Error::UnknownOutput { output, known } => misspelled(output, known),
        Error::NoMetric { .. } => {
            Some("`trainer evaluate RUN` lists the metrics that there are".to_owned())
        }
        _ => None,
    }
}
