use std::io::Write;

use clap::Args;

use crate::Backend;
use crate::options::named;

/// Serve a page on which one plays with networks and watches backpropagation.
#[derive(Args, Debug)]
pub struct PlayCommand {
    /// Port of the page on this machine; 0 for one that is free
    #[arg(long, value_name = "N", default_value_t = 7878)]
    port: u16,
    /// Compute backend, among those compiled in [default: the first of flex, ndarray, …]
    #[arg(long, value_parser = named::<Backend>())]
    backend: Option<Backend>,
}

impl PlayCommand {
    #[cfg(feature = "play")]
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        use mlp_playground::Playground;

        use crate::Error;
        use crate::escaped::stderr;
        use crate::signals::on_signal;
        use crate::threads::check_threads;

        check_threads()?;
        let backend = self.backend.map_or_else(Backend::preferred, Ok)?;
        let playground = Playground::bind(self.port, backend.device()?).map_err(Error::from)?;
        writeln!(out, "http://{}", playground.address())?;
        out.flush()?;
        let _ = writeln!(
            stderr(),
            "Open this address in a browser; Ctrl-C ends the program."
        );
        let stopper = playground.stopper();
        on_signal(move || stopper.stop())?;
        Ok(playground.serve().map_err(Error::from)?)
    }

    #[cfg(not(feature = "play"))]
    #[allow(clippy::unused_self)] // As with the feature.
    pub(super) fn run(self, _out: &mut impl Write) -> anyhow::Result<()> {
        Err(crate::Error::PlayNotCompiledIn.into())
    }
}
