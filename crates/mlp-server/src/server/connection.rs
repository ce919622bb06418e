//! Connections, from their beginning to the end of the server.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, EXPECT};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::patient::Patient;
use super::router::router;
use super::unread::Lent;
use super::{Shared, Stage};
use crate::log::Level;

/// How long the head of a request may take, and how long a connection may be idle.
const HEAD_TIME: Duration = Duration::from_mins(1);
/// How long to wait if the system has no connections left.
const PAUSE: Duration = Duration::from_millis(50);
/// How often to look whether all connections have ended.
const LOOK: Duration = Duration::from_millis(5);

/// Accepts connections until the server ends.
pub async fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let router = router(shared.clone());
    let places = Arc::new(Semaphore::new(shared.settings.limits.connections));
    let mut stage = shared.stage.clone();
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            _ = stage.wait_for(|stage| *stage > Stage::Serving) => return,
        };
        match accepted {
            Ok((stream, _)) => {
                let (router, shared) = (router.clone(), shared.clone());
                let open = Open::new(shared.clone());
                tokio::spawn(async move {
                    converse(stream, router, &shared).await;
                    drop((open, place));
                });
            }
            Err(error) => {
                let fields = [("reason", error.to_string().into())];
                let event = "a connection could not be accepted";
                shared.log.write(Level::Warning, event, &fields);
                sleep(PAUSE).await;
            }
        }
    }
}

/// A connection that is open.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: Arc<Shared>) -> Self {
        shared.metrics.connections.fetch_add(1, Ordering::Relaxed);
        Self(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.metrics.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits until the requests that have begun are answered, but no longer than one may take.
pub async fn drain(shared: &Shared) {
    let mut stage = shared.stage.clone();
    let all = async {
        while shared.metrics.connections.load(Ordering::Relaxed) > 0 {
            sleep(LOOK).await;
        }
    };
    tokio::select! {
        waited = timeout(shared.settings.limits.time, all) => if waited.is_err() {
            shared.log.write(Level::Warning, "requests that take too long are not answered", &[]);
        },
        _ = stage.wait_for(|stage| *stage > Stage::Ending) => {}
    }
}

/// Answers the requests of a connection, one after another.
async fn converse(stream: TcpStream, router: Router, shared: &Shared) {
    // Answers are written at once.
    let _ = stream.set_nodelay(true);
    let has_unread = Arc::new(AtomicBool::new(false));
    let stream = Patient::new(stream, shared.settings.limits.time, has_unread.clone());
    let mut stage = shared.stage.clone();
    let service = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let (service, has_unread) = (service.clone(), has_unread.clone());
        async move {
            // Such a client sends the body only if it is asked to.
            let may_read = !request.headers().contains_key(EXPECT);
            let mut unread = None;
            let request = request.map(|body| {
                if body.is_end_stream() {
                    return Body::empty();
                }
                let (lent, left) = Lent::new(body);
                unread = Some(left);
                Body::new(lent)
            });
            let answered = hyper::service::Service::call(&service, request).await;
            let mut answer = answered.unwrap_or_else(|never| match never {});
            if let Some(unread) = unread
                && !unread.read(may_read).await
            {
                has_unread.store(true, Ordering::Relaxed);
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(CONNECTION, close);
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // A connection that breaks is the client's affair.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stage.wait_for(|stage| *stage > Stage::Serving) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
