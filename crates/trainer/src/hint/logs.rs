use crate::logs::Error;

/// What to try if curves cannot be sent to a log.
pub fn log_hint(error: &Error) -> Option<String> {
    match error {
        Error::Unknown {
            nearest: Some(nearest),
            ..
        } => Some(format!("did you mean `{nearest}`? {FORMS}")),
        Error::Lacks { kind: "mlflow", .. } | Error::Address { .. } => {
            Some("write it as in `--log mlflow=http://127.0.0.1:5000`".to_owned())
        }
        Error::Unknown { nearest: None, .. } | Error::Lacks { .. } => Some(FORMS.to_owned()),
        Error::Twice { .. } => Some("leave out one of them".to_owned()),
        Error::Credentials => Some(
            "set `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, or `MLFLOW_TRACKING_TOKEN`, \
             in the environment"
                .to_owned(),
        ),
        Error::NoTls { .. } => Some(
            "build it in with `cargo run -p trainer --features tls -- train … --log mlflow=https://…`"
                .to_owned(),
        ),
        Error::Server { failure, .. } if failure.is_passing => Some(
            "is it running, as with `mlflow server --port 5000`? Without `--log mlflow`, the training does \
             not need it"
                .to_owned(),
        ),
        Error::TakenFolder { .. } => Some(
            "choose another folder with `--log tensorboard=DIR`, or overwrite it with `--force`"
                .to_owned(),
        ),
        Error::UnwritableFolder { .. } => {
            Some("choose another folder with `--log tensorboard=DIR`".to_owned())
        }
        Error::Server { .. } | Error::Thread(_) => None,
    }
}

/// What may follow the option.
const FORMS: &str = "`--log` takes `tensorboard`, `tensorboard=DIR` and `mlflow=URL`";
