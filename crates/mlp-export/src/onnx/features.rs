//! From columns of a table to inputs of a network, as the preprocessor does it.

use std::f64::consts::FRAC_PI_2;

use mlp_datasets::{
    DatePart, Derivation, DerivedFeature, FeatureEncoding, Inputs, PartScaler, Preprocessor, Scaler,
};

use super::column::InputColumn;
use super::date::parts;
use super::graph::{ElementType, Graph, Tensor, whole};
use super::scaling::{in_order, scale};
use crate::error::Error;

/// An input of the graph with its column: numbers or dates `[N, 1]` in double precision, or codes `[N, 1]`.
pub struct Input<'a> {
    pub column: &'a InputColumn,
    pub tensor: Tensor,
}

/// The inputs of a network.
pub struct NetworkInputs {
    /// The numbers, `[N, width]` in single precision; `None` if all features are embedded.
    pub numbers: Option<Tensor>,
    /// The rows of all embedding vectors, `[N, num_embeddings]`; `None` without embeddings.
    pub categories: Option<Tensor>,
}

/// Builds the inputs of a network from those of the graph.
///
/// # Errors
///
/// If a column is missing.
pub fn network_inputs(
    graph: &mut Graph,
    inputs: &[Input<'_>],
    preprocessor: &Preprocessor,
) -> Result<NetworkInputs, Error> {
    let mut builder = Builder::default();
    let find = |name: &str| {
        let input = inputs.iter().find(|input| input.column.column == name);
        input.ok_or_else(|| Error::graph(format!("there is no column `{name}`")))
    };
    for feature in &preprocessor.features {
        match feature.as_derived() {
            Some(derived) => {
                let columns = derived.derivation.columns().into_iter();
                let columns = columns.map(|name| Ok(&find(name)?.tensor));
                let columns = columns.collect::<Result<Vec<_>, Error>>()?;
                builder.add_derived(graph, derived, &columns);
            }
            None => builder.add(graph, feature, find(feature.name())?)?,
        }
    }
    Ok(builder.finish(graph))
}

/// What the features give, and at which position in the inputs of the network.
#[derive(Default)]
struct Builder<'a> {
    width: usize,
    numeric: Vec<NumericFeature<'a>>,
    /// The parts of dates, in double precision and not yet scaled.
    dates: Vec<(Tensor, &'a Scaler, usize)>,
    /// Finished inputs: tensors `[N, width]` with the positions of their columns.
    finished: Vec<(Tensor, Vec<usize>)>,
    categories: Vec<Tensor>,
    offset: i64,
}

struct NumericFeature<'a> {
    tensor: Tensor,
    scaler: &'a Scaler,
    median: f64,
    position: usize,
    has_indicator: bool,
}

impl<'a> Builder<'a> {
    fn add(
        &mut self,
        graph: &mut Graph,
        feature: &'a FeatureEncoding,
        Input { column, tensor }: &Input<'_>,
    ) -> Result<(), Error> {
        let position = self.width;
        self.width += feature.width();
        let positions = (position..self.width).collect();
        match feature {
            FeatureEncoding::Numeric {
                scaler,
                median,
                indicator,
                ..
            } => self.numeric.push(NumericFeature {
                tensor: tensor.clone(),
                scaler,
                median: *median,
                position,
                has_indicator: *indicator,
            }),
            FeatureEncoding::OneHot { name, .. } | FeatureEncoding::TargetMeans { name, .. } => {
                let Inputs { numbers, .. } = column.encode_codes(feature)?;
                let width = feature.width();
                let shape = [numbers.len() / width.max(1), width];
                let table = graph.floats(&format!("{name}.inputs"), &shape, &numbers);
                let of_rows = graph.gather(&table, tensor, 0);
                let of_rows = graph.squeeze(&of_rows, 1);
                self.finished.push((of_rows, positions));
            }
            FeatureEncoding::Embedding { name, .. } => {
                let Inputs { categories, .. } = column.encode_codes(feature)?;
                let rows = categories
                    .iter()
                    .map(|&index| self.offset + i64::from(index));
                let rows: Vec<i64> = rows.collect();
                let table = graph.integers(&format!("{name}.indices"), &[rows.len()], &rows);
                self.categories.push(graph.gather(&table, tensor, 0));
                self.offset += whole(feature.cardinality().unwrap_or(0));
            }
            FeatureEncoding::Date {
                parts,
                median,
                indicator,
                ..
            } => self.add_date(graph, tensor, (parts, *median, *indicator), position),
            // It comes from other columns than one of its name.
            FeatureEncoding::Derived(derived) => {
                return Err(Error::graph(format!("`{}` is no column", derived.name)));
            }
        }
        Ok(())
    }

    /// Adds a number that is derived from columns; it is missing where one of them is.
    fn add_derived(&mut self, graph: &mut Graph, derived: &'a DerivedFeature, columns: &[&Tensor]) {
        let (first, last) = (columns[0], columns[columns.len() - 1]);
        let tensor = match derived.derivation {
            Derivation::Product { .. } | Derivation::Square { .. } => graph.mul(first, last),
            Derivation::Sine { .. } => graph.map("Sin", first),
            // Not all runtimes have a cosine of double precision.
            Derivation::Cosine { .. } => {
                let quarter = graph.double(FRAC_PI_2);
                let shifted = graph.add(first, &quarter);
                graph.map("Sin", &shifted)
            }
        };
        self.numeric.push(NumericFeature {
            tensor,
            scaler: &derived.scaler,
            median: derived.median,
            position: self.width,
            has_indicator: derived.indicator,
        });
        self.width += derived.width();
    }

    fn add_date(
        &mut self,
        graph: &mut Graph,
        date: &Tensor,
        (scalers, median, has_indicator): (&'a [PartScaler], i64, bool),
        position: usize,
    ) {
        let is_missing = graph.is_nan(date);
        let median = graph.double(median as f64);
        let date = graph.select(&is_missing, &median, date);
        let of_scalers: Vec<DatePart> = scalers.iter().map(|scaler| scaler.part).collect();
        let numbers = parts(graph, &date, &of_scalers);
        let numbers = numbers.into_iter().zip(scalers).zip(position..);
        self.dates
            .extend(numbers.map(|((number, PartScaler { scaler, .. }), at)| (number, scaler, at)));
        if has_indicator {
            let indicator = graph.cast(&is_missing, ElementType::Float);
            self.finished
                .push((indicator, vec![position + scalers.len()]));
        }
    }

    fn finish(mut self, graph: &mut Graph) -> NetworkInputs {
        self.finish_numbers(graph);
        let positions: Vec<usize> = self
            .finished
            .iter()
            .flat_map(|(_, positions)| positions)
            .copied()
            .collect();
        let tensors: Vec<Tensor> = self
            .finished
            .into_iter()
            .map(|(tensor, _)| tensor)
            .collect();
        let numbers = (self.width > 0).then(|| {
            let numbers = graph.concat(&tensors, 1);
            in_order(graph, &numbers, &positions)
        });
        let has_categories = !self.categories.is_empty();
        NetworkInputs {
            numbers,
            categories: has_categories.then(|| graph.concat(&self.categories, 1)),
        }
    }

    /// Scales all numbers and parts of dates at once.
    fn finish_numbers(&mut self, graph: &mut Graph) {
        let mut tensors = Vec::new();
        let (mut scalers, mut positions) = (Vec::new(), Vec::new());
        if !self.numeric.is_empty() {
            let columns: Vec<Tensor> = self.numeric.iter().map(|x| x.tensor.clone()).collect();
            let medians: Vec<f64> = self.numeric.iter().map(|x| x.median).collect();
            let width = columns.len();
            let numbers = graph.concat(&columns, 1);
            let is_missing = graph.is_nan(&numbers);
            let medians = graph.doubles("median", &[1, width], &medians);
            tensors.push(graph.select(&is_missing, &medians, &numbers));
            scalers.extend(self.numeric.iter().map(|x| x.scaler));
            positions.extend(self.numeric.iter().map(|x| x.position));

            let with_indicator = (0..width).filter(|&i| self.numeric[i].has_indicator);
            let with_indicator: Vec<usize> = with_indicator.collect();
            if !with_indicator.is_empty() {
                let indicators = graph.cast(&is_missing, ElementType::Float);
                let indicators = graph.columns(&indicators, &with_indicator, width);
                let positions = with_indicator.iter().map(|&i| self.numeric[i].position + 1);
                self.finished.push((indicators, positions.collect()));
            }
        }
        for (tensor, scaler, position) in self.dates.drain(..) {
            tensors.push(tensor);
            scalers.push(scaler);
            positions.push(position);
        }
        if !tensors.is_empty() {
            let numbers = graph.concat(&tensors, 1);
            let scaled = scale(graph, &numbers, &scalers);
            self.finished.push((scaled, positions));
        }
    }
}
