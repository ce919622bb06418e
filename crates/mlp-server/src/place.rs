//! Places of requests, of which there are only so many.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::metrics::Metrics;

/// The place of a request for predictions. Whatever works for the request keeps it, so that it becomes free when the
/// work has ended, and not already when the client has left or was told that it took too long.
pub struct Place {
    metrics: Arc<Metrics>,
    _request: OwnedSemaphorePermit,
    /// The memory of its body, if that is large.
    memory: OnceLock<OwnedSemaphorePermit>,
}

impl Place {
    /// Takes one of the places of requests; none if all are taken.
    pub fn take(places: &Arc<Semaphore>, metrics: &Arc<Metrics>) -> Option<Arc<Self>> {
        let request = places.clone().try_acquire_owned().ok()?;
        metrics.in_flight.fetch_add(1, Ordering::Relaxed);
        Some(Arc::new(Self {
            metrics: metrics.clone(),
            _request: request,
            memory: OnceLock::new(),
        }))
    }

    /// Keeps memory as long as the place.
    pub fn keep(&self, memory: OwnedSemaphorePermit) {
        // A request has one body.
        let _ = self.memory.set(memory);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.metrics.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
