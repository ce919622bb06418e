use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mlp_models::Network;
use mlp_models::clustering::Clusterer;
use mlp_training::Selection;

use crate::protocol::{CurvePoint, Failure, State, View};

/// A weight to be changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edit {
    /// The layer of weights, from 0.
    pub layer: usize,
    /// The unit that the weight comes from; `None`: the bias.
    pub from: Option<usize>,
    /// The unit that it goes to.
    pub to: usize,
    /// Its new value.
    pub value: f32,
}

/// A network that is seen.
#[derive(Clone)]
#[allow(clippy::large_enum_variant)] // There is one for each snapshot.
pub enum Seen {
    /// One that predicts.
    Network(Network),
    /// One that finds clusters, in a phase of its training.
    Clusterer(Clusterer, &'static str),
}

/// A network after some step.
#[derive(Clone)]
pub struct Snapshot {
    /// The network, off autodiff.
    pub network: Seen,
    /// The steps that were taken.
    pub step: usize,
}

/// What a training thread, the one that paints and the page share.
///
/// The thread that trains looks at two atomics after each step, and at the rest only when one of them says so:
/// a step takes a few dozen microseconds.
pub struct Controls {
    /// The step after which the training pauses.
    pause_after: AtomicUsize,
    /// Whether someone wants something of the thread that trains.
    is_wanted: AtomicBool,
    /// Whether that cannot wait for the next step of a slow training.
    is_urgent: AtomicBool,
    /// The steps that were taken.
    step: AtomicUsize,
    /// How many steps an epoch has.
    steps_per_epoch: AtomicUsize,
    /// The epochs of the phases before this one.
    epochs_before: AtomicUsize,
    /// The shortest time between two steps, in nanoseconds.
    interval: AtomicU64,
    shared: Mutex<Shared>,
    changed: Condvar,
}

/// What is behind the lock of [`Controls`].
#[derive(Default)]
struct Shared {
    view: Option<View>,
    is_paused: bool,
    is_closed: bool,
    ending: Option<State>,
    failure: Option<Failure>,
    edits: Vec<Edit>,
    snapshot: Option<Snapshot>,
    /// Counts what there is to paint, so that one who paints knows whether it is new.
    version: u64,
    curve: Vec<CurvePoint>,
    epoch: usize,
    best: Option<(usize, f64)>,
}

/// How far a training is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it does.
    pub state: State,
    /// The steps that were taken.
    pub step: usize,
    /// The epochs that are over.
    pub epoch: usize,
    /// The best epoch so far, or 0.
    pub best_epoch: usize,
    /// Grows whenever there is something else to paint.
    pub version: u64,
    /// Whether nobody wants it any more.
    pub is_closed: bool,
}

impl Controls {
    /// Those of a training that pauses before its first step.
    pub fn new() -> Self {
        Self {
            pause_after: AtomicUsize::new(0),
            is_wanted: AtomicBool::new(false),
            is_urgent: AtomicBool::new(false),
            step: AtomicUsize::new(0),
            steps_per_epoch: AtomicUsize::new(1),
            epochs_before: AtomicUsize::new(0),
            interval: AtomicU64::new(0),
            shared: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Trains on without a pause.
    pub fn play(&self) {
        self.go_on_until(usize::MAX);
    }

    /// Takes one step.
    pub fn step(&self) {
        // After those that were asked for and are not taken yet.
        let asked = self.pause_after.load(Ordering::Relaxed);
        let last = if asked == usize::MAX { 0 } else { asked };
        self.go_on_until(last.max(self.steps()) + 1);
    }

    /// Trains until the end of the epoch.
    pub fn epoch(&self) {
        let steps_per_epoch = self.steps_per_epoch();
        let epochs = self.steps() / steps_per_epoch + 1;
        self.go_on_until(epochs * steps_per_epoch);
    }

    /// Pauses after the current step.
    pub fn pause(&self) {
        self.pause_after.store(0, Ordering::Relaxed);
        self.interrupt();
    }

    /// Allows so many steps in a second, or any number.
    pub fn set_pace(&self, steps_per_second: Option<f64>) {
        let nanoseconds = steps_per_second.map_or(0.0, |pace| 1e9 / pace);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Above 0, saturating.
        self.interval.store(nanoseconds as u64, Ordering::Relaxed);
        self.interrupt();
    }

    /// Changes a weight.
    pub fn edit(&self, edit: Edit) {
        self.lock().edits.push(edit);
        self.interrupt();
    }

    /// Has something else painted.
    pub fn look(&self, view: View) {
        let mut shared = self.lock();
        shared.view = Some(view);
        shared.version += 1;
        self.changed.notify_all();
    }

    /// What is to be painted from now on, if that has changed.
    pub fn take_view(&self) -> Option<View> {
        self.lock().view.take()
    }

    /// Has the thread that trains show its network, as soon as it is between two steps.
    pub fn want(&self) {
        self.is_wanted.store(true, Ordering::Release);
        // Under the lock, since the other thread looks at the atomics before it waits.
        let _shared = self.lock();
        self.changed.notify_all();
    }

    /// The same, without waiting for the next step.
    fn interrupt(&self) {
        self.is_urgent.store(true, Ordering::Release);
        self.want();
    }

    /// Ends everything.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.interrupt();
    }

    /// Waits until there is something else to paint than a version, or a time is over.
    pub fn wait(&self, version: u64, time: Duration) -> Standing {
        let shared = self.lock();
        let is_old = |shared: &mut Shared| shared.version == version && !shared.is_closed;
        let waited = self.changed.wait_timeout_while(shared, time, is_old);
        let (shared, _) = waited.unwrap_or_else(PoisonError::into_inner);
        shared.standing(self.steps())
    }

    /// The network that was shown last.
    pub fn snapshot(&self) -> Option<Snapshot> {
        self.lock().snapshot.clone()
    }

    /// The epochs after some epoch.
    pub fn curve_after(&self, epoch: usize) -> Vec<CurvePoint> {
        let shared = self.lock();
        let new = shared.curve.iter().filter(|point| point.epoch > epoch);
        new.cloned().collect()
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<Failure> {
        self.lock().failure.clone()
    }

    fn go_on_until(&self, step: usize) {
        self.pause_after.store(step, Ordering::Relaxed);
        self.interrupt();
    }

    fn steps_per_epoch(&self) -> usize {
        self.steps_per_epoch.load(Ordering::Relaxed)
    }

    fn steps(&self) -> usize {
        self.step.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the thread that trains says.
impl Controls {
    /// How many steps an epoch has.
    pub(super) fn set_steps_per_epoch(&self, steps: usize) {
        self.steps_per_epoch.store(steps.max(1), Ordering::Relaxed);
    }

    /// A phase begins, before which so many epochs were trained.
    pub(super) fn set_epochs_before(&self, epochs: usize) {
        self.epochs_before.store(epochs, Ordering::Relaxed);
    }

    /// The epochs of the phases before this one.
    pub(super) fn epochs_before(&self) -> usize {
        self.epochs_before.load(Ordering::Relaxed)
    }

    /// The shortest time between two steps.
    pub(super) fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval.load(Ordering::Relaxed))
    }

    /// Whether the training pauses after a step.
    pub(super) fn pauses_after(&self, step: usize) -> bool {
        step >= self.pause_after.load(Ordering::Relaxed)
    }

    /// Whether something is wanted that cannot wait.
    pub(super) fn is_urgent(&self) -> bool {
        self.is_urgent.load(Ordering::Acquire)
    }

    /// Whether to look further, after a step: at the end of an epoch in any case, as it may be the last one.
    pub(super) fn concern(&self, step: usize) -> bool {
        self.step.store(step, Ordering::Relaxed);
        step.is_multiple_of(self.steps_per_epoch())
            || self.pauses_after(step)
            || self.is_wanted.load(Ordering::Acquire)
    }

    /// Shows the network after a step, waits if the training is paused, and applies what is to be changed.
    /// The network to go on with, if it is another one.
    pub(super) fn meet(
        &self,
        step: usize,
        mut network: Seen,
        apply: impl Fn(&mut Seen, &[Edit]),
    ) -> Option<Seen> {
        let mut is_changed = false;
        let mut shared = self.lock();
        loop {
            self.is_wanted.store(false, Ordering::Release);
            self.is_urgent.store(false, Ordering::Release);
            let edits = std::mem::take(&mut shared.edits);
            if !edits.is_empty() {
                apply(&mut network, &edits);
                is_changed = true;
            }
            shared.snapshot = Some(Snapshot {
                network: network.clone(),
                step,
            });
            shared.is_paused = step >= self.pause_after.load(Ordering::Relaxed);
            shared.version += 1;
            self.changed.notify_all();
            if !shared.is_paused || shared.is_closed {
                return is_changed.then_some(network);
            }
            let is_idle = |shared: &mut Shared| {
                let goes_on = step < self.pause_after.load(Ordering::Relaxed);
                !goes_on && !shared.is_closed && shared.edits.is_empty()
            };
            let waited = self.changed.wait_while(shared, is_idle);
            shared = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// An epoch has ended, with a value by which the best one is selected, if one is.
    pub(super) fn add(&self, point: CurvePoint, value: Option<(f64, Selection)>) {
        let mut shared = self.lock();
        shared.epoch = point.epoch;
        if let Some((value, selection)) = value.filter(|(value, _)| value.is_finite())
            && shared
                .best
                .is_none_or(|(_, best)| selection.prefers(value, best))
        {
            shared.best = Some((point.epoch, value));
        }
        shared.curve.push(point);
    }

    /// The training is over.
    pub(super) fn end(&self, state: State) {
        let mut shared = self.lock();
        shared.ending = Some(state);
        shared.version += 1;
        self.changed.notify_all();
    }

    /// The training has failed.
    pub(super) fn fail(&self, failure: Failure) {
        self.lock().failure = Some(failure);
        self.end(State::Complete);
    }
}

impl Shared {
    fn standing(&self, step: usize) -> Standing {
        Standing {
            state: self.ending.unwrap_or(if self.is_paused {
                State::Paused
            } else {
                State::Playing
            }),
            step,
            epoch: self.epoch,
            best_epoch: self.best.map_or(0, |(epoch, _)| epoch),
            version: self.version,
            is_closed: self.is_closed,
        }
    }
}
