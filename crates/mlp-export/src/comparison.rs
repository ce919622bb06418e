use std::collections::HashMap;

use mlp_datasets::{Table, TargetEncoding};
use mlp_inference::{PredictedValues, SavedModel};

use crate::error::Error;
use crate::evaluator::{Array, Data, evaluate};
use crate::onnx::{InputColumn, InputKind, Onnx, preprocessors};
use crate::sample::{SampleColumn, sample};

/// How far the predictions of a graph are from those of its model, in the row where they are farthest.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// How many rows were compared.
    pub rows: usize,
    /// The largest difference of two probabilities; `None` for a model without any.
    pub probabilities: Option<f64>,
    /// The largest difference of two numbers, divided by the number or by the standard deviation of the target in
    /// training, whichever is greater; `None` for classes.
    pub numbers: Option<f64>,
    /// How many rows have another class; those may be ties.
    pub other_classes: usize,
}

impl Difference {
    /// The largest difference, of probabilities or relative of numbers; 0 for a model that has neither.
    pub fn largest(&self) -> f64 {
        self.probabilities.or(self.numbers).unwrap_or(0.0)
    }
}

impl Onnx {
    /// Computes the graph for sample rows, and compares the outputs with what the model predicts for them. The rows are
    /// made up: numbers around those of the training, all categories and unknown ones, and some missing values.
    ///
    /// The graph is computed from the bytes of the file, by code that shares nothing with the networks.
    ///
    /// # Errors
    ///
    /// If the graph cannot be computed, or the device fails.
    pub fn compare(&self, model: &SavedModel) -> Result<Difference, Error> {
        let preprocessors = preprocessors(model);
        let columns = match preprocessors.first() {
            Some(preprocessor) => sample(self.inputs(), preprocessor),
            None => Vec::new(),
        };
        let inputs = columns.iter().zip(self.inputs());
        let inputs = inputs.map(|(column, input)| (input.input.clone(), self.array(input, column)));
        let outputs = evaluate(&self.to_bytes(), inputs.collect())?;
        let rows = columns.first().map_or(0, SampleColumn::len);
        let columns = columns.into_iter().map(SampleColumn::into_column);
        let table = Table::new(columns.collect(), None)?;
        let predicted = model.predict(&table)?.values;
        self.difference(model, &outputs, &predicted, rows)
    }

    /// The values of a column as an input of the graph.
    fn array(&self, input: &InputColumn, column: &SampleColumn) -> Array {
        let data = match column {
            SampleColumn::Numbers { values, .. } => Data::Double(values.clone()),
            SampleColumn::Dates { seconds, .. } => Data::Double(seconds.clone()),
            SampleColumn::Categories { texts, .. } => match self.tables() {
                None => Data::Text(texts.clone()),
                Some(tables) => {
                    let codes = texts.iter().map(|text| tables.code(&input.input, text));
                    Data::Int64(codes.collect())
                }
            },
        };
        debug_assert_eq!(
            matches!(data, Data::Double(_)),
            !matches!(input.kind, InputKind::Categorical { .. })
        );
        let shape = vec![column.len(), 1];
        Array { shape, data }
    }

    fn difference(
        &self,
        model: &SavedModel,
        outputs: &HashMap<String, Array>,
        predicted: &PredictedValues,
        rows: usize,
    ) -> Result<Difference, Error> {
        let output = |position: usize| {
            let name = self.outputs().get(position);
            let array = name.and_then(|name| outputs.get(name));
            array.ok_or_else(|| Error::graph("an output is missing"))
        };
        let mut difference = Difference {
            rows,
            ..Difference::default()
        };
        match predicted {
            PredictedValues::Classes(classes) => {
                let names: Vec<Option<&str>> = match &output(0)?.data {
                    Data::Text(texts) => texts.iter().map(|text| Some(text.as_str())).collect(),
                    Data::Int64(indices) => {
                        let name = |index: &i64| {
                            let index = usize::try_from(*index).ok()?;
                            classes.names.get(index).map(String::as_str)
                        };
                        indices.iter().map(name).collect()
                    }
                    Data::Float(_) | Data::Double(_) | Data::Bool(_) => {
                        return Err(Error::graph("the classes have another type"));
                    }
                };
                let pairs = names.into_iter().zip(classes.names());
                let is_other = |(found, expected): &(Option<&str>, Option<&str>)| {
                    found.unwrap_or_default() != expected.unwrap_or_default()
                };
                difference.other_classes = pairs.filter(is_other).count();
                if let Some(expected) = &classes.probabilities {
                    let found = doubles(output(1)?)?;
                    let largest = found
                        .iter()
                        .zip(expected)
                        .map(|(a, b)| distance(*a, *b, 1.0));
                    difference.probabilities = Some(largest.fold(0.0, worse));
                }
            }
            PredictedValues::Numbers(numbers) => {
                let target = &model.preprocessor().target;
                let mut largest = 0.0;
                for position in 0..numbers.num_outputs {
                    let unit = |number: f64| match target {
                        TargetEncoding::Numbers { outputs } => match outputs[position].log_factor {
                            None => outputs[position].std,
                            Some(_) => number.abs() * outputs[position].std,
                        },
                        TargetEncoding::Classes { .. } | TargetEncoding::Nothing => 1.0,
                    };
                    let found = doubles(output(position)?)?;
                    for (row, &found) in found.iter().enumerate() {
                        let expected = numbers.of_row(row).get(position).copied();
                        let expected = expected.unwrap_or(f64::NAN);
                        let scale = expected.abs().max(unit(expected));
                        largest = worse(largest, distance(found, expected, scale));
                    }
                }
                difference.numbers = Some(largest);
            }
            PredictedValues::Clusters(_) => {}
        }
        Ok(difference)
    }
}

fn doubles(array: &Array) -> Result<&[f64], Error> {
    match &array.data {
        Data::Double(numbers) => Ok(numbers),
        Data::Float(_) | Data::Int64(_) | Data::Bool(_) | Data::Text(_) => {
            Err(Error::graph("the numbers have another type"))
        }
    }
}

/// The distance of two numbers in units of a scale; 0 if both are not finite.
fn distance(a: f64, b: f64, scale: f64) -> f64 {
    if !a.is_finite() && !b.is_finite() {
        return 0.0;
    }
    (a - b).abs() / scale
}

/// The greater distance, where NaN is greater than all others.
fn worse(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}
