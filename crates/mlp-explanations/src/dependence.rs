use mlp_datasets::{Column, Table, Values};
use mlp_inference::SavedModel;
use serde::Serialize;

use crate::error::{Error, check_range};
use crate::grid::Grid;
use crate::quantity::{Quantity, outputs};
use crate::sample::sampled;
use crate::sources::Sources;

/// How a model's predictions depend on a column, other columns being as they are
/// ([Friedman 2001](https://doi.org/10.1214/aos/1013203451)), with the curves of single rows
/// ([Goldstein et al. 2015](https://doi.org/10.1080/10618600.2014.907095)).
///
/// ```text
/// curve of row i:  fᵢ(v) = f(row i with the value v in the column)
/// dependence:      mean of fᵢ(v) over the rows
/// ```
///
/// Curves that are not parallel show that the column acts together with others, which the mean hides. Where
/// columns go together, some of the rows that are tried never occur. It describes the model, and not what
/// would happen if one changed the column.
///
/// ```
/// use burn::tensor::Device;
/// use mlp_datasets::{BuiltIn, LoadOptions};
/// use mlp_explanations::{Grid, PartialDependence};
/// use mlp_training::{MlpRecipe, Problem, Training};
///
/// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
/// let fitted = Training::new(MlpRecipe::new(Problem::of(&iris)?)).fit(&iris, &Device::flex())?;
/// let rows: Vec<usize> = (0..150).collect();
///
/// let found = PartialDependence::default();
/// let found = found.compute(&fitted.model, &iris.table, &rows, "petal_length")?;
///
/// let virginica = &found.outputs[2];
/// assert_eq!(virginica.output, "virginica");
/// assert!(virginica.mean[0] < *virginica.mean.last().unwrap());
/// assert!(matches!(found.grid, Grid::Numbers(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PartialDependence {
    /// The most values of the column that are tried, at least 1.
    pub points: usize,
    /// The most curves of single rows that are kept.
    pub curves: usize,
    /// The most rows that are used, at least 1; of more, so many are drawn.
    pub max_rows: usize,
    /// The seed by which rows are drawn.
    pub seed: u64,
}

impl Default for PartialDependence {
    fn default() -> Self {
        Self {
            points: 20,
            curves: 50,
            max_rows: 500,
            seed: 0,
        }
    }
}

/// How predictions depend on a column.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Dependence {
    /// The column of the table.
    pub column: String,
    /// The values that were tried.
    pub grid: Grid,
    /// What the curves are of.
    pub quantity: Quantity,
    /// How many rows were used; all count alike.
    pub rows: usize,
    /// One for each class, or for each target.
    pub outputs: Vec<OutputDependence>,
}

/// How the prediction of a class or a target depends on a column.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct OutputDependence {
    /// The class or the target.
    pub output: String,
    /// The mean over the rows for each value of the grid.
    pub mean: Vec<f64>,
    /// The curves of some rows: `[curves][values of the grid]`.
    pub curves: Vec<Vec<f64>>,
}

impl PartialDependence {
    /// How predictions of rows of a table depend on a column.
    ///
    /// # Errors
    ///
    /// If a setting is out of range, no rows are given, the model finds clusters or did not learn from such
    /// a column, the table lacks one, all values are missing, a prediction is not finite, or the
    /// device fails.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn compute(
        &self,
        model: &SavedModel,
        table: &Table,
        rows: &[usize],
        column: &str,
    ) -> Result<Dependence, Error> {
        check_range("points", self.points, 1_000, "between 1 and 1000")?;
        check_range("max_rows", self.max_rows, usize::MAX, "1 or more")?;
        let mut sources = Sources::new(model, "partial dependence")?;
        if rows.is_empty() {
            return Err(Error::NoRows);
        }
        let known = model.preprocessor().column_names();
        let Some(position) = known.iter().position(|name| name == column) else {
            return Err(Error::UnknownColumn {
                column: column.to_owned(),
                known,
            });
        };
        let rows = sampled(rows, self.max_rows, self.seed);
        let first = sources.add(table, &rows)?.start;
        let values = table.column(column).expect("its values were prepared");
        let grid = Grid::of(&values.values, &rows, self.points);
        if grid.is_empty() {
            return Err(Error::NothingPresent {
                column: column.to_owned(),
            });
        }
        let tried = with_values(table, &known, rows[0], column, &grid)?;
        let all: Vec<usize> = (0..grid.len()).collect();
        let tried = sources.add(&tried, &all)?.start;

        let names = outputs(model);
        let drawn = sampled(&all_of(rows.len()), self.curves, self.seed);
        let empty = |output| OutputDependence {
            output,
            mean: Vec::with_capacity(grid.len()),
            curves: vec![Vec::with_capacity(grid.len()); drawn.len()],
        };
        let mut found: Vec<_> = names.into_iter().map(empty).collect();
        for value in 0..grid.len() {
            let pick = |row: usize, of: usize| {
                if of == position {
                    tried + value
                } else {
                    first + row
                }
            };
            let predicted = sources.predict_mixed(rows.len(), pick)?;
            for (output, found) in found.iter_mut().enumerate() {
                let mut sum = 0.0;
                for (index, &row) in rows.iter().enumerate() {
                    let prediction = predicted.of_row(index)[output];
                    if !prediction.is_finite() {
                        return Err(Error::NotFinite { row });
                    }
                    sum += prediction;
                }
                found.mean.push(sum / rows.len() as f64);
                for (curve, &row) in found.curves.iter_mut().zip(&drawn) {
                    curve.push(predicted.of_row(row)[output]);
                }
            }
        }
        Ok(Dependence {
            column: column.to_owned(),
            grid,
            quantity: Quantity::of(model),
            rows: rows.len(),
            outputs: found,
        })
    }
}

fn all_of(count: usize) -> Vec<usize> {
    (0..count).collect()
}

/// Rows that differ in a column alone, which has the values of the grid.
fn with_values(
    table: &Table,
    features: &[String],
    row: usize,
    column: &str,
    grid: &Grid,
) -> Result<Table, Error> {
    let columns = table.columns().iter();
    let columns = columns.filter(|known| features.contains(&known.name));
    let columns = columns.map(|known| Column {
        name: known.name.clone(),
        values: if known.name == column {
            grid.values()
        } else {
            repeated(&known.values, row, grid.len())
        },
    });
    Ok(Table::new(columns.collect(), None)?)
}

/// The value of a row, so many times.
fn repeated(values: &Values, row: usize, count: usize) -> Values {
    match values {
        Values::Numbers(numbers) => Values::Numbers(vec![numbers[row]; count]),
        Values::Dates(dates) => Values::Dates(vec![dates[row]; count]),
        Values::Categories { codes, names } => Values::Categories {
            codes: vec![codes[row]; count],
            names: names.clone(),
        },
    }
}
