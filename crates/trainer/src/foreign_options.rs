//! Options as other programs call them.

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::commands::Cli;

/// What other programs for machine learning call options of this program.
const NAMES: [(&str, &str); 25] = [
    ("alpha", "weight-decay"),
    ("batch", "batch-size"),
    ("class-weight", "class-weights"),
    ("cv", "folds"),
    ("device", "backend"),
    ("early-stopping", "patience"),
    ("hidden-layer-sizes", "hidden"),
    ("hidden-size", "hidden"),
    ("k-fold", "folds"),
    ("label", "target"),
    ("layers", "hidden"),
    ("learning-rate-init", "learning-rate"),
    ("lr", "learning-rate"),
    ("max-epochs", "epochs"),
    ("max-iter", "epochs"),
    ("n-clusters", "clusters"),
    ("n-epochs", "epochs"),
    ("n-iter-no-change", "patience"),
    ("n-splits", "folds"),
    ("num-epochs", "epochs"),
    ("random-state", "seed"),
    ("solver", "optimizer"),
    ("test-split", "test-size"),
    ("val-size", "valid-size"),
    ("validation-fraction", "valid-size"),
];
/// What others call the number of threads, which is no option here.
const THREADS: [&str; 5] = ["n-jobs", "num-threads", "num-workers", "threads", "workers"];

/// Corrects what is suggested in place of an unknown option of a command, if other programs have it: clap
/// suggests the option whose letters are the nearest.
#[must_use]
pub fn with_own_name(mut error: clap::Error, command: &str) -> clap::Error {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let name = typed.trim_start_matches('-');
    let name = name
        .split_once('=')
        .map_or(name, |(name, _)| name)
        .replace('_', "-");
    if THREADS.contains(&name.as_str()) {
        let tip = "the environment variable `RAYON_NUM_THREADS` sets the number of threads";
        error.remove(ContextKind::SuggestedArg);
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![tip.into()]),
        );
        return error;
    }
    let own = NAMES.iter().find(|(other, _)| *other == name);
    if let Some((_, own)) = own
        && has_option(command, own)
    {
        error.remove(ContextKind::Suggested);
        error.insert(
            ContextKind::SuggestedArg,
            ContextValue::String(format!("--{own}")),
        );
    }
    error
}

/// Whether a command has an option.
fn has_option(command: &str, option: &str) -> bool {
    let cli = Cli::command();
    let command = cli.find_subcommand(command);
    let mut options = command.into_iter().flat_map(clap::Command::get_arguments);
    options.any(|argument| argument.get_long() == Some(option))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn message(command: &str, option: &str) -> String {
        let error = Cli::try_parse_from(["trainer", command, "iris", option, "1"]).unwrap_err();
        with_own_name(error, command).to_string()
    }

    #[test]
    fn options_of_other_programs_are_answered_with_those_of_this_one() {
        for (other, own) in NAMES {
            assert!(has_option("train", own), "{own}");
            assert!(!has_option("train", other), "{other}");
            let message = message("train", &format!("--{other}"));
            assert!(message.contains(&format!("'--{own}'")), "{message}");
        }
        let message = message("train", "--n_jobs");
        assert!(message.contains("RAYON_NUM_THREADS"), "{message}");
    }

    #[test]
    fn an_option_that_a_command_lacks_is_not_suggested() {
        let message = message("inspect", "--lr");
        assert!(!message.contains("--learning-rate"), "{message}");
    }
}
