//! What happens on one page.

mod configured;
mod gallery;
mod options;
mod outgoing;

use std::sync::Arc;
use std::thread::JoinHandle;

use mlp_training::Device;
use tokio::sync::mpsc::Sender;

use crate::painter::{ClusterPainter, Paint, Painter};
use crate::player::{Edit, Observed, Player};
use crate::protocol::{Configured, Experiment, Failure, Request, Response, View};
use crate::setup::{Setup, check_width};
use crate::tables::Tables;
use gallery::Gallery;
pub use options::option_lists;
pub use outgoing::Outgoing;

/// A page that is open: it has at most one experiment.
pub struct Page {
    tables: Arc<Tables>,
    device: Device,
    out: Sender<Outgoing>,
    number: usize,
    view: View,
    /// The most steps in a second, if there is a limit.
    pace: Option<f64>,
    current: Option<Current>,
}

/// The experiment of a page.
struct Current {
    experiment: Experiment,
    player: Player,
    painting: Option<JoinHandle<()>>,
}

impl Page {
    /// A page to which messages are sent.
    pub fn new(tables: Arc<Tables>, device: Device, out: Sender<Outgoing>) -> Self {
        Self {
            tables,
            device,
            out,
            number: 0,
            view: View::default(),
            pace: None,
            current: None,
        }
    }

    /// Carries out a request.
    pub fn handle(&mut self, request: Request) {
        if let Err(failure) = self.try_handle(request) {
            self.send(Response::Failed(failure));
        }
    }

    fn try_handle(&mut self, request: Request) -> Result<(), Failure> {
        if let Request::Configure { experiment } = request {
            return self.configure(&experiment);
        }
        if let Request::Pace { steps_per_second } = request {
            if steps_per_second.is_some_and(|pace| !(pace.is_finite() && pace > 0.0)) {
                return Err(Failure::new("the pace must be a number above 0"));
            }
            self.pace = steps_per_second;
        }
        let Some(current) = &self.current else {
            return match request {
                Request::Look { view } => {
                    self.view = view;
                    Ok(())
                }
                Request::Pace { .. } => Ok(()),
                Request::Configure { .. }
                | Request::Play
                | Request::Pause
                | Request::Step
                | Request::Epoch
                | Request::Reset
                | Request::SetWeight { .. } => Err(Failure::new("there is no network yet")),
            };
        };
        let controls = current.player.controls();
        match request {
            Request::Play => controls.play(),
            Request::Pause => controls.pause(),
            Request::Step => controls.step(),
            Request::Epoch => controls.epoch(),
            Request::Pace { .. } => controls.set_pace(self.pace),
            Request::Look { view } => {
                self.view = view.clone();
                controls.look(view);
            }
            Request::SetWeight {
                layer,
                from,
                to,
                value,
            } => {
                if !value.is_finite() {
                    return Err(Failure::new("a weight must be a finite number"));
                }
                controls.edit(Edit {
                    layer,
                    from,
                    to,
                    value,
                });
            }
            Request::Reset => {
                let experiment = current.experiment.clone();
                self.configure(&experiment)?;
            }
            Request::Configure { .. } => {}
        }
        Ok(())
    }

    /// Begins an experiment in place of the one there is.
    fn configure(&mut self, experiment: &Experiment) -> Result<(), Failure> {
        let setup = Setup::of(experiment, &self.tables)?;
        let (player, training) = Player::start(&setup, &self.device)?;
        player.controls().set_pace(self.pace);
        let number = self.number + 1;
        let learning_rate = setup.experiment.learning_rate.unwrap_or_default();
        let (mut painter, configured): (Box<dyn Paint>, Configured) = match training {
            Observed::Prediction(training) => {
                check_width(
                    training.config.backbone.d_input(),
                    training.config.d_output(),
                )?;
                let configured = configured::describe(number, &setup, &training);
                let dataset = setup.dataset.clone();
                let painter = Painter::new(number, dataset, training, learning_rate)?;
                (Box::new(painter), configured)
            }
            Observed::Clustering(training) => {
                check_width(training.config.d_input(), 1)?;
                let rows = configured::drawn_rows(&setup.dataset.table);
                let dataset = setup.dataset.clone();
                let painter = ClusterPainter::new(dataset, training.clone(), &rows)?;
                let edges = painter.edges();
                let configured = configured::describe_clusters(number, &setup, &training, edges);
                (Box::new(painter), configured)
            }
        };
        if let Err(failure) = painter.look(self.view.clone()) {
            // It was the view of another table.
            self.view = View {
                plane: None,
                trace_row: None,
                ..self.view.clone()
            };
            painter.look(self.view.clone()).map_err(|_| failure)?;
        }
        // Its last messages come before those of the new one.
        self.close();
        self.number = number;
        self.send(Response::Configured(Box::new(configured)));
        let gallery = Gallery::new(number, painter, player.controls().clone(), self.out.clone());
        self.current = Some(Current {
            experiment: setup.experiment,
            painting: Some(gallery.open()?),
            player,
        });
        Ok(())
    }

    fn send(&self, response: Response) {
        // The page may have been left.
        let _ = self.out.blocking_send(Outgoing::Text(Box::new(response)));
    }

    /// Ends the experiment.
    fn close(&mut self) {
        if let Some(mut current) = self.current.take() {
            current.player.controls().close();
            if let Some(painting) = current.painting.take() {
                let _ = painting.join();
            }
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // Not waiting for the thread that paints: it may wait for the page to take a frame.
        if let Some(current) = &self.current {
            current.player.controls().close();
        }
    }
}
