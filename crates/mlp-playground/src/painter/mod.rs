//! What there is to see of a network.

mod clusters;
mod diagnosis;
mod layers;
mod maps;
mod numbers;
mod plane;
mod row;

use std::collections::BTreeMap;
use std::sync::Arc;

use mlp_datasets::Dataset;
use mlp_models::Network;
use mlp_training::{ObservedTraining, Trace as Traced};

use crate::player::{Seen, Snapshot};
use crate::protocol::frame::{FrameHeader, encode};
use crate::protocol::{Diagnosis, Failure, Plane, Trace, View};
use maps::{Map, Output};
use plane::Grid;

pub use clusters::ClusterPainter;
pub use plane::axes;

#[cfg(test)]
pub use layers::weights;

/// How many training rows a diagnosis looks at.
const DIAGNOSED_ROWS: usize = 200;

/// Paints what there is to see of an experiment.
pub trait Paint: Send {
    /// Looks at something else.
    ///
    /// # Errors
    ///
    /// If it cannot be shown; the view is the same as before then.
    fn look(&mut self, view: View) -> Result<(), Failure>;

    /// A frame.
    ///
    /// # Errors
    ///
    /// If a tensor cannot be read.
    fn frame(&mut self, snapshot: &Snapshot, epoch: usize) -> Result<Vec<u8>, Failure>;

    /// The way of the row that is looked at, if one is, through a network of plain layers.
    ///
    /// # Errors
    ///
    /// If a tensor cannot be read.
    fn trace(&self, _snapshot: &Snapshot) -> Result<Option<Trace>, Failure> {
        Ok(None)
    }

    /// How the layers are, if that is asked for.
    fn diagnosis(&self, _snapshot: &Snapshot) -> Option<Diagnosis> {
        None
    }
}

/// Paints a network that predicts.
pub struct Painter {
    number: usize,
    dataset: Dataset,
    training: ObservedTraining,
    learning_rate: f64,
    view: View,
    /// The inputs of maps, by their resolutions: they change with the view alone.
    grids: BTreeMap<usize, Arc<Grid>>,
    output: Output,
    /// The row that other columns are held at, unless the view names one.
    median_row: usize,
    /// Rows by which gradients and units are judged.
    sample: Vec<usize>,
}

impl Painter {
    /// A painter of a training that is about to begin.
    ///
    /// # Errors
    ///
    /// If the rows cannot be prepared.
    pub fn new(
        number: usize,
        dataset: Dataset,
        training: ObservedTraining,
        learning_rate: f64,
    ) -> Result<Self, Failure> {
        let rows = &training.split.train;
        let step = rows.len().div_ceil(DIAGNOSED_ROWS).max(1);
        let sample: Vec<usize> = rows.iter().copied().step_by(step).collect();
        let median_row = plane::median_row(&dataset.table, &sample, &training.preprocessor)?;
        let output = Output::of(&training);
        Ok(Self {
            number,
            dataset,
            training,
            learning_rate,
            view: View::default(),
            grids: BTreeMap::new(),
            output,
            median_row,
            sample,
        })
    }
}

impl Paint for Painter {
    fn look(&mut self, view: View) -> Result<(), Failure> {
        for (what, value, most) in [
            ("resolution", view.resolution, 64),
            ("output_resolution", view.output_resolution, 200),
        ] {
            if !(8..=most).contains(&value) {
                return Err(Failure::new(format!(
                    "`{what}` is {value}, but must be from 8 to {most}"
                )));
            }
        }
        let num_rows = self.dataset.table.num_rows();
        let rows = [
            view.trace_row,
            view.plane.as_ref().and_then(|plane| plane.row),
        ];
        if let Some(row) = rows.into_iter().flatten().find(|row| *row >= num_rows) {
            return Err(Failure::new(format!(
                "there is no row {row}: the table has {num_rows}, counted from 0"
            )));
        }
        let before = std::mem::replace(&mut self.view, view);
        self.grids.clear();
        if let Some(plane) = self.plane()
            && let Err(failure) = self.grid(&plane, self.view.resolution)
        {
            self.view = before;
            return Err(failure);
        }
        Ok(())
    }

    fn frame(&mut self, snapshot: &Snapshot, epoch: usize) -> Result<Vec<u8>, Failure> {
        let network = predicting(snapshot)?;
        let weights = layers::weights(network)?;
        let (resolution, output_resolution) = (self.view.resolution, self.view.output_resolution);
        let mut header = FrameHeader {
            step: snapshot.step,
            epoch,
            num_weights: weights.len(),
            resolution,
            rows: 0,
            ranges: Vec::new(),
            output_resolution,
            output_rows: 0,
            output_ranges: Vec::new(),
            inputs: Vec::new(),
            input_ranges: Vec::new(),
            scatter: None,
        };
        let mut pixels = Vec::new();
        if let Some(plane) = self.plane() {
            let grid = self.grid(&plane, resolution)?;
            header.rows = grid.height;
            header.inputs = grid.derived.iter().map(|(input, _)| *input).collect();
            let derived = grid.derived.iter().map(|(_, values)| Map(values.clone()));
            let derived = derived.collect();
            let hidden = layers::hidden_units(network, &grid)?;
            header.ranges = draw(hidden, &mut pixels);
            let grid = self.grid(&plane, output_resolution)?;
            header.output_rows = grid.height;
            let outputs = self.output.maps(layers::outputs(network, &grid)?);
            header.output_ranges = draw(outputs, &mut pixels);
            header.input_ranges = draw(derived, &mut pixels);
        }
        encode(&header, &weights, &pixels).map_err(|error| Failure::new(error.to_string()))
    }

    fn trace(&self, snapshot: &Snapshot) -> Result<Option<Trace>, Failure> {
        let Some(row) = self.view.trace_row else {
            return Ok(None);
        };
        let traces = match self.traces(&[row], snapshot) {
            Ok(traces) => traces,
            // The page says why.
            Err(mlp_training::Error::NotTraceable { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let message = traces.first().map(|trace| {
            let context = row::Context {
                number: self.number,
                step: snapshot.step,
                row,
                outputs: self.output.values(&trace.outputs()),
                target: row::value(&trace.target, &self.training.preprocessor.target),
                learning_rate: self.learning_rate,
            };
            let fired = layers::fired(
                predicting(snapshot)?,
                &trace.outputs(),
                &self.training.device,
            )?;
            Ok(row::message(trace, &fired, context))
        });
        message.transpose()
    }

    fn diagnosis(&self, snapshot: &Snapshot) -> Option<Diagnosis> {
        if !self.view.diagnosis {
            return None;
        }
        // Nothing of a network whose layers are not plain.
        let traces = self.traces(&self.sample, snapshot).unwrap_or_default();
        Some(Diagnosis {
            number: self.number,
            layers: diagnosis::layers(&traces),
        })
    }
}

impl Painter {
    /// The ways of some rows.
    fn traces(
        &self,
        rows: &[usize],
        snapshot: &Snapshot,
    ) -> Result<Vec<Traced>, mlp_training::Error> {
        let training = &self.training;
        let Seen::Network(network) = &snapshot.network else {
            return Ok(Vec::new());
        };
        Traced::of_rows(
            network,
            &training.loss,
            &training.preprocessor,
            &self.dataset.table,
            rows,
        )
    }

    /// The inputs of maps of a resolution.
    fn grid(&mut self, plane: &Plane, resolution: usize) -> Result<Arc<Grid>, Failure> {
        if let Some(grid) = self.grids.get(&resolution) {
            return Ok(grid.clone());
        }
        let grid = Grid::new(
            &self.dataset.table,
            &self.training,
            plane,
            plane.row.unwrap_or(self.median_row),
            resolution,
        )?;
        let grid = Arc::new(grid);
        self.grids.insert(resolution, grid.clone());
        Ok(grid)
    }

    /// The plane that maps are drawn over, if they are: that of the first two columns of numbers unless the view
    /// names one. A table without such a column has none.
    fn plane(&self) -> Option<Plane> {
        if !self.view.maps || self.view.plane.is_some() {
            return self.view.plane.clone().filter(|_| self.view.maps);
        }
        let columns = self.training.preprocessor.column_names();
        let axes = plane::axes(&self.dataset.table, &columns);
        let mut names = axes.into_iter().map(|(name, _)| name);
        let (x, y) = (names.next()?, names.next());
        Some(Plane { x, y, row: None })
    }
}

/// The network of a snapshot, which predicts.
fn predicting(snapshot: &Snapshot) -> Result<&Network, Failure> {
    match &snapshot.network {
        Seen::Network(network) => Ok(network),
        Seen::Clusterer(..) => Err(Failure::new("the network finds clusters")),
    }
}

/// Adds the pixels of maps, and gives their ranges.
fn draw(maps: Vec<Map>, pixels: &mut Vec<u8>) -> Vec<[f32; 2]> {
    let draw = |map: Map| {
        let range = map.range();
        map.draw(range, pixels);
        range
    };
    maps.into_iter().map(draw).collect()
}
