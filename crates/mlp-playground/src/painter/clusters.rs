use burn::tensor::{Tensor, TensorData};
use mlp_datasets::{Column, Dataset, InputKind, Table, Values};
use mlp_models::clustering::{Clusterer, ClustererConfig, Topology};
use mlp_training::ObservedClustering;

use super::numbers::read;
use super::plane::{axes, no_axis};
use super::{Paint, Snapshot};
use crate::player::Seen;
use crate::protocol::frame::{FrameHeader, Scatter, encode};
use crate::protocol::{Axis, Failure, Plane, View};

/// The values of a column at which it is looked how they are scaled.
const PROBES: usize = 129;

/// Paints a network that finds clusters: the units of a map among the rows, or the codes of rows.
pub struct ClusterPainter {
    dataset: Dataset,
    training: ObservedClustering,
    /// The inputs of the rows that are drawn: `[num_rows, d_input]`.
    inputs: Tensor<2>,
    plane: Option<Plane>,
    /// How units become points of the plane.
    horizontal: Option<Restored>,
    vertical: Option<Restored>,
}

impl ClusterPainter {
    /// A painter of a training that is about to begin, which draws these rows.
    ///
    /// # Errors
    ///
    /// If the rows cannot be prepared.
    pub fn new(
        dataset: Dataset,
        training: ObservedClustering,
        rows: &[usize],
    ) -> Result<Self, Failure> {
        let preprocessor = &training.preprocessor;
        let inputs = preprocessor.transform(&dataset.table, rows)?.numbers;
        let inputs = TensorData::new(inputs, [rows.len(), preprocessor.width()]);
        Ok(Self {
            inputs: Tensor::from_data(inputs, &training.device),
            dataset,
            training,
            plane: None,
            horizontal: None,
            vertical: None,
        })
    }

    /// The units of a map between which lines are drawn: those next to each other.
    pub fn edges(&self) -> Vec<[usize; 2]> {
        let ClustererConfig::SelfOrganisingMap(config) = &self.training.config else {
            return Vec::new();
        };
        let grid = config.grid;
        let is_straight = |a: usize, b: usize| match grid.topology {
            Topology::Hexagonal => true,
            // Squares also touch at a corner.
            Topology::Rectangular => {
                a / grid.columns == b / grid.columns || a % grid.columns == b % grid.columns
            }
        };
        let units = 0..grid.num_units();
        let pairs = units.flat_map(|a| (a + 1..grid.num_units()).map(move |b| [a, b]));
        pairs
            .filter(|&[a, b]| grid.are_neighbours(a, b) && is_straight(a, b))
            .collect()
    }

    /// The units of a map, as points of the plane in the units of the table.
    fn units(&self, units: Tensor<2>) -> Result<Vec<f32>, Failure> {
        let width = self.training.preprocessor.width();
        let units = read(units)?;
        let at = |unit: &[f32], column: &Option<Restored>| {
            column.as_ref().map_or(0.0, |column| column.value(unit))
        };
        let points = units.chunks_exact(width);
        let points = points.flat_map(|unit| [at(unit, &self.horizontal), at(unit, &self.vertical)]);
        Ok(points.collect())
    }
}

impl Paint for ClusterPainter {
    fn look(&mut self, view: View) -> Result<(), Failure> {
        if let ClustererConfig::DeepEmbeddedClustering(_) = &self.training.config {
            // Codes have a plane of their own.
            return Ok(());
        }
        let (table, preprocessor) = (&self.dataset.table, &self.training.preprocessor);
        let axes = axes(table, &preprocessor.feature_names());
        let plane = view.plane.or_else(|| {
            let mut names = axes.iter().map(|(name, _)| name.clone());
            let x = names.next()?;
            let y = names.next();
            Some(Plane { x, y, row: None })
        });
        if plane == self.plane {
            return Ok(());
        }
        let restored = |name: &String| {
            let axis = axes.iter().find(|(axis, _)| axis == name);
            let (_, axis) = axis.ok_or_else(|| no_axis(name))?;
            Restored::new(&self.training, table, name, *axis)
        };
        let x = plane.as_ref().map(|plane| &plane.x);
        let y = plane.as_ref().and_then(|plane| plane.y.as_ref());
        let [x, y] = [x, y].map(|name| name.map(restored).transpose());
        (self.horizontal, self.vertical) = (x?, y?);
        self.plane = plane;
        Ok(())
    }

    fn frame(&mut self, snapshot: &Snapshot, epoch: usize) -> Result<Vec<u8>, Failure> {
        let Seen::Clusterer(clusterer, phase) = &snapshot.network else {
            return Err(Failure::new("the network finds no clusters"));
        };
        let mut scatter = Scatter {
            phase: (*phase).to_owned(),
            num_codes: 0,
            num_prototypes: 0,
            has_clusters: false,
        };
        let mut clusters = Vec::new();
        let points = match clusterer {
            Clusterer::SelfOrganisingMap(map) => {
                let points = self.units(map.weight.val())?;
                scatter.num_prototypes = points.len() / 2;
                points
            }
            Clusterer::DeepEmbeddedClustering(network) => {
                let codes = network.autoencoder.encode(self.inputs.clone());
                scatter.num_codes = codes.dims()[0];
                let mut points = read(codes.clone())?;
                // Until codes are grouped, centroids mean nothing.
                if *phase == "clustering" {
                    scatter.has_clusters = true;
                    let nearest = network.probabilities_of_codes(codes).argmax(1);
                    let nearest = nearest.into_data();
                    let nearest = nearest.iter::<i64>();
                    clusters
                        .extend(nearest.map(|cluster| u8::try_from(cluster).unwrap_or(u8::MAX)));
                    let centroids = read(network.centroids.val())?;
                    scatter.num_prototypes = centroids.len() / 2;
                    points.extend(centroids);
                }
                points
            }
        };
        let header = FrameHeader {
            step: snapshot.step,
            epoch,
            num_weights: points.len(),
            resolution: 0,
            rows: 0,
            ranges: Vec::new(),
            output_resolution: 0,
            output_rows: 0,
            output_ranges: Vec::new(),
            inputs: Vec::new(),
            input_ranges: Vec::new(),
            scatter: Some(scatter),
        };
        encode(&header, &points, &clusters).map_err(|error| Failure::new(error.to_string()))
    }
}

/// How the numbers of a column are found again from those that a network gets.
struct Restored {
    /// The input that the column becomes.
    input: usize,
    /// What is put in, and the value of the column that it stands for, in rising order.
    curve: Vec<(f32, f64)>,
}

impl Restored {
    /// Looks how some values of a column are scaled.
    fn new(
        training: &ObservedClustering,
        table: &Table,
        name: &str,
        axis: Axis,
    ) -> Result<Self, Failure> {
        let preprocessor = &training.preprocessor;
        let spec = preprocessor.input_spec();
        // Besides its number, a column with missing values has an input that says where they are.
        let input = spec
            .numbers
            .iter()
            .position(|input| input.feature == name && input.kind == InputKind::Numeric);
        let input = input.ok_or_else(|| no_axis(name))?;
        let at = |probe: usize| {
            let share = probe as f64 / (PROBES - 1) as f64;
            axis.low + share * (axis.high - axis.low)
        };
        let columns = table.columns().iter().map(|column| Column {
            name: column.name.clone(),
            values: match &column.values {
                Values::Numbers(_) if column.name == name => {
                    Values::Numbers((0..PROBES).map(at).collect())
                }
                Values::Numbers(numbers) => Values::Numbers(vec![numbers[0]; PROBES]),
                Values::Categories { codes, names } => Values::Categories {
                    codes: vec![codes[0]; PROBES],
                    names: names.clone(),
                },
                Values::Dates(dates) => Values::Dates(vec![dates[0]; PROBES]),
            },
        });
        let probes = Table::new(columns.collect(), None)?;
        let rows: Vec<usize> = (0..PROBES).collect();
        let inputs = preprocessor.transform(&probes, &rows)?.numbers;
        let inputs = inputs.chunks_exact(preprocessor.width());
        let scaled = inputs.map(|row| row[input]);
        Ok(Self {
            input,
            curve: scaled.zip((0..PROBES).map(at)).collect(),
        })
    }

    /// The value that an input of a unit stands for: linear between the values that were looked at, and beyond.
    fn value(&self, unit: &[f32]) -> f32 {
        let scaled = unit[self.input];
        let above = self.curve.partition_point(|(input, _)| *input < scaled);
        let above = above.clamp(1, PROBES - 1);
        let [(low, from), (high, to)] = [self.curve[above - 1], self.curve[above]];
        let share = if low < high {
            f64::from(scaled - low) / f64::from(high - low)
        } else {
            0.5
        };
        #[expect(clippy::cast_possible_truncation)] // It is a place in a picture.
        let value = (from + share * (to - from)) as f32;
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::{Observed, Player};
    use crate::protocol::Experiment;
    use crate::setup::Setup;
    use crate::tables::Tables;
    use mlp_training::Device;

    /// A painter that looks at a plane.
    fn looking(experiment: &str, x: &str, y: Option<&str>) -> ClusterPainter {
        let experiment: Experiment = serde_json::from_str(experiment).unwrap();
        let setup = Setup::of(&experiment, &Tables::default()).unwrap();
        let (_player, observed) = Player::start(&setup, &Device::flex()).unwrap();
        let Observed::Clustering(training) = observed else {
            panic!("it finds clusters");
        };
        let mut painter = ClusterPainter::new(setup.dataset, training, &[0, 1]).unwrap();
        let plane = Some(Plane {
            x: x.to_owned(),
            y: y.map(str::to_owned),
            row: None,
        });
        let view = View {
            plane,
            ..View::default()
        };
        painter.look(view).unwrap();
        painter
    }

    fn painter(settings: &str) -> ClusterPainter {
        let experiment = format!(r#"{{"data": {{"name": "iris"}}, "model": "som", {settings}}}"#);
        looking(&experiment, "petal_length", Some("sepal_width"))
    }

    #[test]
    fn a_unit_that_lies_on_a_row_is_drawn_on_it() {
        let painter = painter(r#""grid": "2x2""#);
        let points = painter.units(painter.inputs.clone()).unwrap();
        // Sepals of 3.5 and 3 cm, petals of 1.4 cm.
        for (point, expected) in points.iter().zip([1.4, 3.5, 1.4, 3.0]) {
            assert!((point - expected).abs() < 1e-3, "{points:?}");
        }
    }

    #[test]
    fn a_column_with_missing_values_may_be_an_axis_and_codes_need_none() {
        for (model, x) in [("som", "Age"), ("idec", "no such column")] {
            let experiment = format!(r#"{{"data": {{"name": "titanic"}}, "model": "{model}"}}"#);
            looking(&experiment, x, None);
        }
    }

    #[test]
    fn lines_join_units_next_to_each_other() {
        let square = painter(r#""grid": "2x3""#).edges();
        assert_eq!(
            square,
            [[0, 1], [0, 3], [1, 2], [1, 4], [2, 5], [3, 4], [4, 5]]
        );
        // The second row is shifted to the right by half a unit: unit 1 touches 2 and 3 below.
        let hexagons = painter(r#""grid": "2x2", "topology": "hexagonal""#).edges();
        assert_eq!(hexagons, [[0, 1], [0, 2], [1, 2], [1, 3], [2, 3]]);
    }
}
