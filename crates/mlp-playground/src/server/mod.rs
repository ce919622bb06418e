//! The server of the page.

mod assets;
mod guard;
mod socket;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use mlp_datasets::bytes::Bytes;
use mlp_training::Device;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::{Notify, Semaphore};
use tokio::task::spawn_blocking;

use crate::protocol::Failure;
use crate::tables::{MAX_FILE_SIZE, Tables};

/// How many pages may be open at the same time.
const MAX_PAGES: usize = 16;

/// A page on which one plays with networks, served on the loopback.
///
/// ```no_run
/// use mlp_playground::Playground;
/// use mlp_training::Device;
///
/// let playground = Playground::bind(7878, Device::flex())?;
/// println!("http://{}", playground.address());
/// playground.serve()?;
/// # Ok::<(), mlp_playground::Error>(())
/// ```
pub struct Playground {
    listener: std::net::TcpListener,
    address: SocketAddr,
    device: Device,
    stopper: Stopper,
}

/// Ends a server from elsewhere: another thread, a signal.
#[derive(Clone, Default)]
pub struct Stopper(Arc<Notify>);

impl Stopper {
    /// Ends it. Trainings end with the pages that they are on.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

/// Why a page cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Its port is taken, or may not be used.
    #[error("the page cannot be served on port {port}")]
    Bind {
        /// The port.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// The server failed.
    #[error("the page can no longer be served")]
    Serve(#[source] io::Error),
}

/// What all pages share.
pub(crate) struct Shared {
    tables: Arc<Tables>,
    device: Device,
    pages: Arc<Semaphore>,
}

impl Playground {
    /// Takes a port of the loopback; with 0, a free one.
    ///
    /// # Errors
    ///
    /// If it is taken.
    pub fn bind(port: u16, device: Device) -> Result<Self, Error> {
        let bind = || {
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            listener.set_nonblocking(true)?;
            Ok((listener.local_addr()?, listener))
        };
        let (address, listener) = bind().map_err(|source| Error::Bind { port, source })?;
        Ok(Self {
            listener,
            address,
            device,
            stopper: Stopper::default(),
        })
    }

    /// Where the page is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What ends it.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Serves the page until it is stopped.
    ///
    /// # Errors
    ///
    /// If the server fails.
    pub fn serve(self) -> Result<(), Error> {
        let shared = Arc::new(Shared {
            tables: Arc::new(Tables::default()),
            device: self.device,
            pages: Arc::new(Semaphore::new(MAX_PAGES)),
        });
        // One thread suffices: what takes time has threads of its own.
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(Error::Serve)?;
        let serving = async {
            let listener = TcpListener::from_std(self.listener)?;
            let serve = axum::serve(listener, router(shared));
            tokio::select! {
                served = serve => served,
                // Without waiting for pages that are open.
                () = self.stopper.0.notified() => Ok(()),
            }
        };
        let served = runtime.block_on(serving);
        runtime.shutdown_background();
        served.map_err(Error::Serve)
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(assets::index))
        .route("/assets/{name}", get(assets::asset))
        .route("/socket", get(socket::open))
        .route("/tables/{name}", put(add_table))
        .layer(DefaultBodyLimit::max(MAX_FILE_SIZE + 1))
        .layer(from_fn(guard::only_from_here))
        .with_state(shared)
}

/// Keeps a file that was dropped on the page.
async fn add_table(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    content: Bytes,
) -> Response {
    let tables = shared.tables.clone();
    // A large file takes a while to be read.
    let added = spawn_blocking(move || tables.add(name, content)).await;
    match added.unwrap_or_else(|_| Err(Failure::new("the file cannot be read"))) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(failure) => {
            let text = serde_json::to_string(&failure).unwrap_or_default();
            let kind = [(CONTENT_TYPE, "application/json")];
            (StatusCode::UNPROCESSABLE_ENTITY, kind, text).into_response()
        }
    }
}
