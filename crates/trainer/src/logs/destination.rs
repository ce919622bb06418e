use std::path::PathBuf;

use super::Error;
use super::mlflow::Address;
use mlp_datasets::nearest;

/// The names of the logs.
const KINDS: [&str; 2] = ["tensorboard", "mlflow"];

/// Where the curves of a training go besides its run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destinations {
    /// Event files of TensorBoard, in a folder.
    pub tensorboard: Option<EventFolder>,
    /// An MLflow server.
    pub mlflow: Option<Address>,
}

/// Where event files are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventFolder {
    /// Into the folder of the run.
    OfRun,
    /// Into another one.
    Other(PathBuf),
}

impl Destinations {
    /// Reads what is given with `--log`: each `tensorboard`, `tensorboard=DIR` or `mlflow=URL`.
    ///
    /// # Errors
    ///
    /// If there is no such log, it is given twice, or what follows its name is missing or wrong.
    pub fn parse(logs: &[String]) -> Result<Self, Error> {
        let mut destinations = Self::default();
        for log in logs {
            let (name, value) = match log.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (log.as_str(), None),
            };
            match (name, value) {
                ("tensorboard", Some("")) => {
                    return Err(Error::Lacks {
                        kind: "tensorboard",
                        what: "a folder after `=`",
                    });
                }
                ("tensorboard", folder) => {
                    if destinations.tensorboard.is_some() {
                        return Err(Error::Twice {
                            kind: "tensorboard",
                        });
                    }
                    destinations.tensorboard = Some(match folder {
                        Some(folder) => EventFolder::Other(PathBuf::from(folder)),
                        None => EventFolder::OfRun,
                    });
                }
                ("mlflow", None | Some("")) => {
                    return Err(Error::Lacks {
                        kind: "mlflow",
                        what: "the address of a server",
                    });
                }
                ("mlflow", Some(address)) => {
                    if destinations.mlflow.is_some() {
                        return Err(Error::Twice { kind: "mlflow" });
                    }
                    destinations.mlflow = Some(Address::parse(address)?);
                }
                (name, _) => {
                    return Err(Error::Unknown {
                        name: name.to_owned(),
                        nearest: nearest(name, KINDS)
                            .and_then(|nearest| KINDS.into_iter().find(|kind| *kind == nearest)),
                    });
                }
            }
        }
        Ok(destinations)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tensorboard.is_none() && self.mlflow.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(logs: &[&str]) -> Result<Destinations, String> {
        let logs: Vec<String> = logs.iter().map(|log| (*log).to_owned()).collect();
        Destinations::parse(&logs).map_err(|error| error.to_string())
    }

    #[test]
    fn both_logs_may_be_given_and_a_folder_may_have_an_equals_sign() {
        let both = parse(&["mlflow=http://127.0.0.1:5000/", "tensorboard"]).unwrap();
        assert_eq!(both.tensorboard, Some(EventFolder::OfRun));
        assert_eq!(both.mlflow.unwrap().to_string(), "http://127.0.0.1:5000");
        let folder = parse(&["tensorboard=curves/rate=0.1"]).unwrap();
        assert_eq!(
            folder.tensorboard,
            Some(EventFolder::Other(PathBuf::from("curves/rate=0.1")))
        );
        assert!(parse(&[]).unwrap().is_empty());
    }

    #[test]
    fn a_wrong_log_is_named_and_a_password_is_not_shown() {
        for (logs, expected) in [
            (&["tensorbord"][..], "there is no log `tensorbord`"),
            (&["mlflow"], "`--log mlflow` lacks the address of a server"),
            (&["mlflow="], "`--log mlflow` lacks the address of a server"),
            (
                &["tensorboard="],
                "`--log tensorboard` lacks a folder after `=`",
            ),
            (
                &["tensorboard", "tensorboard=a"],
                "`--log tensorboard` is given twice",
            ),
            (
                &["mlflow=http://a:1", "mlflow=http://b:1"],
                "`--log mlflow` is given twice",
            ),
            (
                &["mlflow=http://me:secret@host"],
                "the address of `--log mlflow` has a user name or a password in it",
            ),
            (
                &["mlflow=ftp://host"],
                "the address of `--log mlflow` begins with neither `http://` nor `https://`",
            ),
        ] {
            assert_eq!(parse(logs).unwrap_err(), expected);
        }
    }
}
