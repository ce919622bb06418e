use mlp_datasets::with_causes;

/// An error with its causes, on one line.
pub fn message(error: &anyhow::Error) -> String {
    with_causes(error.as_ref())
}
