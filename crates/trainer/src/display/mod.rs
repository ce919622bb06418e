//! What a user sees while a network is trained.

mod bar;
#[cfg(feature = "tui")]
mod dashboard;
mod remaining;
mod steps;

use std::io::{IsTerminal, stderr, stdin, stdout};

use mlp_training::{StopHandle, Training};

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

    /// Shows the progress of a training that a handle stops.
    #[cfg_attr(not(feature = "tui"), expect(unused_variables))]
    pub fn follow(self, training: Training, stop: &StopHandle) -> Training {
        match self {
            #[cfg(feature = "tui")]
            Self::Dashboard => training.with_progress(dashboard::Dashboard::new(stop)),
            #[cfg(not(feature = "tui"))]
            Self::Dashboard => training.with_progress(Bar::new()),
            Self::Bar => training.with_progress(Bar::new()),
            Self::Silent => training,
        }
    }
}
