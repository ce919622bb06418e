use mlp_datasets::with_causes;

/// An error with its causes, on one line.
pub fn message(error: &anyhow::Error) -> String {
    let message = with_causes(error.as_ref());
    // Whatever else is read or written is named by its own error.
    let is_bare = error
        .chain()
        .next()
        .is_some_and(|outermost| outermost.is::<std::io::Error>() || outermost.is::<csv::Error>());
    if is_bare {
        format!("cannot write to standard output: {message}")
    } else {
        message
    }
}
