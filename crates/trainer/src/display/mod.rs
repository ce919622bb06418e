//! What a user sees while a network is trained.

mod bar;
#[cfg(feature = "tui")]
mod dashboard;
mod remaining;
mod steps;

use std::io::{IsTerminal, stderr, stdin, stdout};

use mlp_training::{Progress, StopHandle, Training};

use crate::logs::{Followed, Logs};
use bar::Bar;
pub use steps::Steps;

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// Burn's dashboard, on a terminal.
    Dashboard,
    /// A bar on stderr; where stderr is not a terminal, a line for every tenth of the epochs.
    Bar,
    /// Not at all.
    Silent,
}

impl Display {
    /// Chooses a display for the terminal. The dashboard needs a terminal to draw on and keys to listen
    /// to.
    pub fn detect(no_tui: bool, json: bool) -> Self {
        let on_terminal = stdout().is_terminal() && stdin().is_terminal();
        if on_terminal && !no_tui && !json && cfg!(feature = "tui") {
            Self::Dashboard
        } else if json && !stderr().is_terminal() {
            Self::Silent
        } else {
            Self::Bar
        }
    }

    /// Shows the progress of a training that a handle stops, and sends its curves to logs.
    pub fn follow(self, training: Training, stop: &StopHandle, logs: &Logs) -> Training {
        training.with_progress(Followed::new(self.progress(stop), logs.clone()))
    }

    #[cfg_attr(not(feature = "tui"), expect(unused_variables))]
    fn progress(self, stop: &StopHandle) -> Option<Box<dyn Progress>> {
        match self {
            #[cfg(feature = "tui")]
            Self::Dashboard => Some(Box::new(dashboard::Dashboard::new(stop))),
            #[cfg(not(feature = "tui"))]
            Self::Dashboard => Some(Box::new(Bar::new())),
            Self::Bar => Some(Box::new(Bar::new())),
            Self::Silent => None,
        }
    }
}
