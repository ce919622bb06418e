#[cfg(not(feature = "serve"))]
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::Backend;
use crate::options::named;

/// Answer HTTP requests with the predictions of trained models.
#[derive(Args, Debug)]
#[cfg_attr(not(feature = "serve"), allow(dead_code))] // As with the feature.
pub struct ServeCommand {
    /// Folder of a run, or NAME=FOLDER to give it another name than that of the folder
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<String>,
    /// Address and port to listen on; port 0 is a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080", value_parser = parse_address)]
    listen: SocketAddr,
    /// File with the token that requests must carry as `Authorization: Bearer TOKEN`; only questions about health need none
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Another name of this server, such as that of a proxy in front of it; without a token, requests on the loopback
    /// must be for this machine or such a name
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// Largest body of a request, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=1024))]
    max_body: u64,
    /// Most rows of a request
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    max_rows: u64,
    /// Most requests for predictions at the same time
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    max_requests: u64,
    /// Seconds that a request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// Predict rows whose categories differ from those of the training in upper and lower case alone
    #[arg(long)]
    allow_unknown: bool,
    /// How the log on standard error is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log: LogKind,
    /// Log each request, too
    #[arg(long)]
    log_requests: bool,
    /// Compute backend [default: the first one compiled in]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
}

/// Reads an address to listen on. Names other than `localhost` may stand for several addresses, or another machine.
fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let address = match text.strip_prefix("localhost:") {
        Some(port) => port
            .parse()
            .ok()
            .map(|port| (Ipv4Addr::LOCALHOST, port).into()),
        None => text.parse().ok(),
    };
    address.ok_or_else(|| {
        "HOST:PORT is an IP address or `localhost` with a port from 0 to 65535, such as `127.0.0.1:8080`, \
         `0.0.0.0:8080` or `[::1]:8080`"
            .to_owned()
    })
}

/// How a log is written.
#[derive(ValueEnum, Clone, Copy, Debug)]
enum LogKind {
    /// A short text a line
    Text,
    /// A JSON object a line
    Json,
}

#[cfg(feature = "serve")]
mod serving {
    use std::fs;
    use std::io::Write;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use burn::tensor::Device;
    use mlp_server::{Limits, Log, LogFormat, ServedRun, Server, Settings, Token};

    use super::{LogKind, ServeCommand};
    use crate::escaped::stderr;
    use crate::run::load_model;
    use crate::signals::on_signal;
    use crate::threads::check_threads;
    use crate::{Backend, Error};

    impl ServeCommand {
        pub(in super::super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
            check_threads()?;
            let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
            let device = backend.device()?;
            let token = self.token_file.as_deref().map(Token::read).transpose();
            let token = token.map_err(Error::from)?;
            let named = self
                .runs
                .iter()
                .map(|run| named_run(run))
                .collect::<Vec<_>>();
            // Before models are loaded, which may take long.
            Server::check_names(named.iter().map(|(name, _)| name.as_str()))
                .map_err(Error::from)?;
            let runs = named
                .into_iter()
                .map(|(name, folder)| load(name, folder, &device));
            let runs = runs.collect::<Result<Vec<_>, Error>>()?;
            let format = match self.log {
                LogKind::Text => LogFormat::Text,
                LogKind::Json => LogFormat::Json,
            };
            let log = Log::new(format, |line| {
                let _ = writeln!(stderr(), "{line}");
            });
            let is_open = token.is_none() && !self.listen.ip().is_loopback();
            let most = |number| usize::try_from(number).unwrap_or(usize::MAX);
            let settings = Settings {
                listen: self.listen,
                token,
                hosts: self.host,
                limits: Limits {
                    body_bytes: most(self.max_body << 20),
                    rows: most(self.max_rows),
                    requests: most(self.max_requests),
                    time: Duration::from_secs(self.timeout),
                    ..Limits::default()
                },
                allow_unknown: self.allow_unknown,
                ..Settings::default()
            };
            let log = log.with_requests(self.log_requests);
            let server = Server::bind(settings, runs, log).map_err(Error::from)?;
            writeln!(out, "http://{}", server.address())?;
            out.flush()?;
            if is_open {
                let _ = writeln!(
                    stderr(),
                    "warning: everyone who reaches this address is answered; `--token-file FILE` asks for a token"
                );
            }
            let stopper = server.stopper();
            on_signal(move || stopper.stop())?;
            Ok(server.serve().map_err(Error::from)?)
        }
    }

    /// The name of a run and its folder. What is a folder is not divided into a name and a folder.
    fn named_run(run: &str) -> (String, PathBuf) {
        match run.split_once('=') {
            Some((name, folder)) if !Path::new(run).exists() => (name.to_owned(), folder.into()),
            Some(_) | None => {
                let folder = PathBuf::from(run);
                let named = folder.file_name().map(ToOwned::to_owned);
                // As that of `.`.
                let named =
                    named.or_else(|| Some(fs::canonicalize(&folder).ok()?.file_name()?.to_owned()));
                (
                    named.unwrap_or_default().to_string_lossy().into_owned(),
                    folder,
                )
            }
        }
    }

    fn load(name: String, folder: PathBuf, device: &Device) -> Result<ServedRun, Error> {
        let device = device.clone();
        let path = folder.clone();
        ServedRun::load(name, folder, move || load_model(&path, &device))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_run_has_the_name_of_its_folder_or_a_given_one() {
            let name = |run| named_run(run).0;
            assert_eq!(name("runs/iris-mlp-1/"), "iris-mlp-1");
            assert_eq!(
                named_run("flowers=runs/a=b"),
                ("flowers".to_owned(), "runs/a=b".into())
            );
            assert_eq!(name("."), "trainer");
        }
    }
}

#[cfg(not(feature = "serve"))]
impl ServeCommand {
    #[allow(clippy::unused_self)] // As with the feature.
    pub(super) fn run(self, _out: &mut impl Write) -> anyhow::Result<()> {
        Err(crate::Error::ServeNotCompiledIn.into())
    }
}
