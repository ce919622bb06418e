use std::env;

/// The command that runs, as one types it in a shell, without passwords in addresses.
pub fn command_line() -> String {
    let arguments = env::args_os().skip(1);
    let arguments = arguments.map(|argument| typed(&argument.to_string_lossy()));
    let mut words = vec!["trainer".to_owned()];
    words.extend(arguments);
    words.join(" ")
}

/// An argument as one types it.
fn typed(argument: &str) -> String {
    let argument = without_password(argument);
    let is_plain = |char: char| char.is_alphanumeric() || "_-./=,:+%@".contains(char);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        argument
    } else {
        format!("'{}'", argument.replace('\'', "'\\''"))
    }
}

/// An argument without what is between `://` and `@`.
fn without_password(argument: &str) -> String {
    let Some((scheme, rest)) = argument.split_once("://") else {
        return argument.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((_, rest)) => format!("{scheme}://***@{rest}"),
        None => argument.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_typed_as_a_shell_takes_them_and_passwords_are_not() {
        for (argument, expected) in [
            ("--epochs", "--epochs"),
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("", "''"),
            ("data/*.csv", "'data/*.csv'"),
            ("https://me:secret@host/x", "'https://***@host/x'"),
            (
                "mlflow=http://127.0.0.1:5000",
                "mlflow=http://127.0.0.1:5000",
            ),
        ] {
            assert_eq!(typed(argument), expected);
        }
    }
}
