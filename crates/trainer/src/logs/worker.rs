use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::message::Message;
use super::{Error, Failure};

/// How many messages may wait. Whoever trains never waits for a log: one that falls behind by more is given up.
const MOST_WAITING: usize = 65_536;
/// How long a log is waited for when the training is over.
const PATIENCE: Duration = Duration::from_secs(30);
/// The time between a failure that may pass and the next try, at first.
const FIRST_DELAY: Duration = Duration::from_secs(1);
/// The same after many failures.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// Where a log is written.
pub trait Sink: Send + 'static {
    /// Takes messages from the front, each once it is written. After a failure those that are left are tried
    /// again, in which a message may come twice.
    ///
    /// # Errors
    ///
    /// If a message cannot be written.
    fn deliver(&mut self, messages: &mut VecDeque<Message>) -> Result<(), Failure>;
}

/// Writes a log on a thread of its own.
pub struct Worker {
    /// What the log is called in warnings.
    name: String,
    sender: SyncSender<Item>,
    warning: Arc<Mutex<Option<String>>>,
    /// Whether nothing is sent any more.
    is_given_up: bool,
}

enum Item {
    Message(Message),
    /// All before it is to be written soon, and then it is answered: with whether it was.
    Flush(SyncSender<bool>),
}

impl Worker {
    /// Starts a thread for a log that is called so in warnings.
    ///
    /// # Errors
    ///
    /// If the system has none.
    pub fn start(name: impl Into<String>, sink: impl Sink) -> Result<Self, Error> {
        let (sender, receiver) = sync_channel(MOST_WAITING);
        let warning = Arc::new(Mutex::new(None));
        let writer = Writer {
            sink,
            receiver,
            waiting: VecDeque::new(),
            flushes: Vec::new(),
            warning: warning.clone(),
        };
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writer.run())
            .map_err(Error::Thread)?;
        Ok(Self {
            name: name.into(),
            sender,
            warning,
            is_given_up: false,
        })
    }

    /// Has a message written. This does not wait.
    pub fn send(&mut self, message: Message) {
        if self.is_given_up {
            return;
        }
        match self.sender.try_send(Item::Message(message)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.give_up("is too slow"),
            // It has said why.
            Err(TrySendError::Disconnected(_)) => self.is_given_up = true,
        }
    }

    /// Waits until all is written, but not long: whether it was.
    pub fn flush(&mut self) -> bool {
        if self.is_given_up {
            return false;
        }
        let (answer, answered) = sync_channel(1);
        match self.sender.try_send(Item::Flush(answer)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                self.give_up("is too slow");
                return false;
            }
            Err(TrySendError::Disconnected(_)) => {
                self.is_given_up = true;
                return false;
            }
        }
        match answered.recv_timeout(PATIENCE) {
            Ok(is_written) => {
                self.is_given_up = !is_written;
                is_written
            }
            Err(RecvTimeoutError::Timeout) => {
                self.give_up(&format!("takes more than {} s", PATIENCE.as_secs()));
                false
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.is_given_up = true;
                false
            }
        }
    }

    /// What is to be said about a failure, once.
    pub fn take_warning(&self) -> Option<String> {
        let mut warning = self.warning.lock().unwrap_or_else(PoisonError::into_inner);
        let warning = warning.take()?;
        Some(format!("{} {warning}", self.name))
    }

    fn give_up(&mut self, reason: &str) {
        self.is_given_up = true;
        let mut warning = self.warning.lock().unwrap_or_else(PoisonError::into_inner);
        *warning = Some(format!("{reason}, so the curves there are not complete"));
    }
}

/// The other end of a [`Worker`].
struct Writer<S> {
    sink: S,
    receiver: Receiver<Item>,
    waiting: VecDeque<Message>,
    flushes: Vec<SyncSender<bool>>,
    warning: Arc<Mutex<Option<String>>>,
}

impl<S: Sink> Writer<S> {
    fn run(mut self) {
        let mut delay = FIRST_DELAY;
        let mut next_try = Instant::now();
        let mut is_warned = false;
        loop {
            if !self.receive(next_try) {
                return;
            }
            if self.waiting.len() > MOST_WAITING {
                self.warn("is too far behind, so the curves there are not complete");
                return;
            }
            let is_ending = !self.flushes.is_empty();
            if Instant::now() < next_try && !is_ending {
                continue;
            }
            let mut result = self.sink.deliver(&mut self.waiting);
            if is_ending && result.as_ref().is_err_and(|failure| failure.is_passing) {
                thread::sleep(FIRST_DELAY);
                result = self.sink.deliver(&mut self.waiting);
            }
            match result {
                Ok(()) => {
                    (delay, is_warned) = (FIRST_DELAY, false);
                    self.answer(true);
                }
                Err(failure) if failure.is_passing && !is_ending => {
                    if !is_warned {
                        self.warn(&format!(
                            "{failure}; training goes on, and the curves are sent once that has passed"
                        ));
                    }
                    is_warned = true;
                    next_try = Instant::now() + delay;
                    delay = (2 * delay).min(LONGEST_DELAY);
                }
                Err(failure) => {
                    self.warn(&format!("{failure}, so the curves there are not complete"));
                    self.answer(false);
                    return;
                }
            }
        }
    }

    /// Waits for something to do, at most until a time if something waits already. Whether there will be more.
    fn receive(&mut self, next_try: Instant) -> bool {
        let first = if self.waiting.is_empty() {
            self.receiver.recv().ok()
        } else {
            let wait = next_try.saturating_duration_since(Instant::now());
            match self.receiver.recv_timeout(wait) {
                Ok(item) => Some(item),
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => None,
            }
        };
        let Some(first) = first else {
            return false;
        };
        let mut next = Some(first);
        while let Some(item) = next {
            match item {
                Item::Message(message) => self.waiting.push_back(message),
                Item::Flush(answer) => self.flushes.push(answer),
            }
            next = self.receiver.try_recv().ok();
        }
        true
    }

    fn answer(&mut self, is_written: bool) {
        for flush in self.flushes.drain(..) {
            // Whoever asked may have lost patience.
            let _ = flush.try_send(is_written);
        }
    }

    fn warn(&self, warning: &str) {
        let mut slot = self.warning.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = Some(warning.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::super::message::{Content, RunEnding};
    use super::*;

    /// Counts what it delivers, and fails at first.
    struct Counting {
        delivered: Arc<Mutex<usize>>,
        failures: Vec<Failure>,
    }

    impl Sink for Counting {
        fn deliver(&mut self, messages: &mut VecDeque<Message>) -> Result<(), Failure> {
            if let Some(failure) = self.failures.pop() {
                return Err(failure);
            }
            *self.delivered.lock().unwrap() += messages.len();
            messages.clear();
            Ok(())
        }
    }

    /// How many of three messages are delivered after some failures, whether all were, and the warnings.
    fn deliver(failures: Vec<Failure>) -> (usize, bool, Option<String>) {
        let delivered = Arc::new(Mutex::new(0));
        let sink = Counting {
            delivered: delivered.clone(),
            failures,
        };
        let mut worker = Worker::start("the log", sink).unwrap();
        for _ in 0..3 {
            worker.send(Message {
                place: Arc::default(),
                time: SystemTime::now(),
                content: Content::Ended(RunEnding::Finished),
            });
        }
        let is_written = worker.flush();
        let delivered = *delivered.lock().unwrap();
        (delivered, is_written, worker.take_warning())
    }

    #[test]
    fn whatever_was_sent_is_delivered_at_the_latest_when_it_is_waited_for() {
        assert_eq!(deliver(Vec::new()), (3, true, None));
        // The first failure may come before or after the question.
        let (delivered, is_written, _) = deliver(vec![Failure::passing("is away")]);
        assert_eq!((delivered, is_written), (3, true));
    }

    #[test]
    fn a_log_that_fails_for_good_is_a_warning() {
        let warning = "the log is full, so the curves there are not complete";
        let (delivered, is_written, said) = deliver(vec![Failure::lasting("is full")]);
        assert_eq!((delivered, is_written), (0, false));
        assert_eq!(said.as_deref(), Some(warning));
    }

    #[test]
    fn a_log_that_stays_away_is_given_up_in_the_end() {
        let failures = vec![Failure::passing("is away"); 9];
        let (delivered, is_written, said) = deliver(failures);
        assert_eq!((delivered, is_written), (0, false));
        let said = said.unwrap();
        assert!(said.contains("the log is away, so the curves"), "{said}");
    }
}
