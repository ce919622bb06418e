use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::table::{Table, Values};

/// How many commas the names of a derivation's columns may have, together.
const MOST_COMMAS: usize = 16;

/// A number that is derived from one column of numbers or two.
///
/// It is written as a product `a*b`, a square `a^2`, `sin(a)` or `cos(a)`, and is missing where one of its columns is.
///
/// ```
/// use mlp_datasets::{BuiltIn, LoadOptions, Preprocessor, PreprocessorConfig};
///
/// let circles = BuiltIn::Circles.load(&LoadOptions::default())?;
/// let rows: Vec<usize> = (0..500).collect();
/// let config = PreprocessorConfig {
///     derive: vec!["x^2".into(), "y^2".into()],
///     only_derived: vec!["x".into(), "y".into()],
///     ..PreprocessorConfig::default()
/// };
/// let preprocessor = Preprocessor::fit(&circles.table, &rows, config)?;
///
/// assert_eq!(preprocessor.input_spec().names(), ["x^2", "y^2"]);
/// // A table needs the columns alone.
/// assert_eq!(preprocessor.column_names(), ["x", "y"]);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(tag = "function", rename_all = "snake_case", deny_unknown_fields)]
pub enum Derivation {
    /// The product of two columns.
    Product {
        /// The first column.
        left: String,
        /// The second column.
        right: String,
    },
    /// The square of a column.
    Square {
        /// The column.
        column: String,
    },
    /// The sine of a column, in radians.
    Sine {
        /// The column.
        column: String,
    },
    /// The cosine of a column, in radians.
    Cosine {
        /// The column.
        column: String,
    },
}

impl Derivation {
    /// The largest number of columns that there are.
    pub(super) const MOST_COLUMNS: usize = 2;

    /// All that a text can mean. Names of columns may contain the characters of the grammar, so there can be several
    /// readings; none if it is no derivation.
    ///
    /// ```
    /// use mlp_datasets::Derivation;
    ///
    /// let readings = Derivation::readings("a * b*c");
    /// let columns: Vec<_> = readings.iter().map(Derivation::columns).collect();
    /// assert_eq!(columns, [["a", "b*c"], ["a * b", "c"]]);
    /// ```
    pub fn readings(text: &str) -> Vec<Self> {
        let text = text.trim();
        let name = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        let within = |function: &str| {
            let inner = text.strip_prefix(function)?.trim_start();
            name(inner.strip_prefix('(')?.strip_suffix(')')?)
        };
        let square = text.strip_suffix("^2").and_then(name);
        let products = text.match_indices('*').filter_map(|(place, _)| {
            let (left, right) = (name(&text[..place])?, name(&text[place + 1..])?);
            Some(Self::Product { left, right })
        });
        let functions = [
            square.map(|column| Self::Square { column }),
            within("sin").map(|column| Self::Sine { column }),
            within("cos").map(|column| Self::Cosine { column }),
        ];
        functions.into_iter().flatten().chain(products).collect()
    }

    /// The columns that it is derived from: one, or two.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Product { left, right } => vec![left, right],
            Self::Square { column } | Self::Sine { column } | Self::Cosine { column } => {
                vec![column]
            }
        }
    }

    /// Its value for the numbers of its columns, of which there are as many as [`columns`](Self::columns); NaN where
    /// one is missing.
    ///
    /// # Panics
    ///
    /// If there are fewer.
    pub fn of(&self, numbers: &[f64]) -> f64 {
        match self {
            Self::Product { .. } => numbers[0] * numbers[1],
            Self::Square { .. } => numbers[0] * numbers[0],
            Self::Sine { .. } => numbers[0].sin(),
            Self::Cosine { .. } => numbers[0].cos(),
        }
    }

    /// The one that is meant by a text, for the columns of a table.
    fn parse(text: &str, table: &Table) -> Result<Self, Error> {
        let invalid = |reason: String| Error::InvalidDerivation {
            expression: text.trim().to_owned(),
            reason,
        };
        let readings = Self::readings(text);
        let has = |name: &&str| table.column(name).is_some();
        let is_possible = |reading: &&Self| reading.columns().iter().all(has);
        let Some(meant) = readings.iter().find(is_possible) else {
            // Of several readings, the one that has most of its columns.
            let best = readings.iter().rev().max_by_key(|reading| {
                let columns = reading.columns();
                columns.iter().filter(|name| has(name)).count()
            });
            let columns = best.iter().flat_map(|reading| reading.columns());
            let missing = columns.into_iter().find(|name| !has(name));
            return Err(match missing {
                Some(missing) => Error::MissingFeature {
                    feature: missing.to_owned(),
                    found: table.feature_names(),
                },
                None => invalid(
                    "must be `a*b`, `a^2`, `sin(a)` or `cos(a)` with names of columns".to_owned(),
                ),
            });
        };
        for name in meant.columns() {
            let kind = table.column(name).map(|column| column.values.kind());
            if let Some(kind) = kind.filter(|_| numbers_of(table, name).is_none()) {
                return Err(invalid(format!(
                    "needs numbers, but the column `{name}` is {}",
                    kind.name()
                )));
            }
        }
        let name = meant.to_string();
        let is_target = table.target_names().contains(&name.as_str());
        if is_target || table.column(&name).is_some() {
            return Err(invalid("is the name of a column of the table".to_owned()));
        }
        Ok(meant.clone())
    }

    /// Those that are meant by texts, for the columns of a table. Texts that were divided at a comma which belongs to
    /// the name of a column are joined again.
    ///
    /// # Errors
    ///
    /// If a text is no derivation or is there twice, or a column does not exist or is not one of numbers.
    pub(super) fn parse_all(texts: &[String], table: &Table) -> Result<Vec<Self>, Error> {
        let all = in_parts(&texts.join(","), |text| Self::parse(text, table))?;
        let twice = all
            .iter()
            .enumerate()
            .find(|(index, one)| all[..*index].contains(one));
        match twice {
            Some((_, twice)) => Err(Error::InvalidDerivation {
                expression: twice.to_string(),
                reason: "is there twice".to_owned(),
            }),
            None => Ok(all),
        }
    }

    /// The numbers of its columns in a table.
    ///
    /// # Errors
    ///
    /// If a column is missing or not one of numbers.
    pub(super) fn numbers<'a>(&self, table: &'a Table) -> Result<Vec<&'a [f64]>, Error> {
        let columns = self.columns().into_iter();
        let numbers = columns.map(|name| {
            let column = table.column(name).ok_or_else(|| Error::MissingFeature {
                feature: name.to_owned(),
                found: table.feature_names(),
            })?;
            numbers_of(table, name).ok_or_else(|| Error::WrongKind {
                feature: name.to_owned(),
                found: column.values.kind().name(),
                expected: crate::table::ColumnKind::Numeric.name(),
            })
        });
        numbers.collect()
    }
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Product { left, right } => write!(f, "{left}*{right}"),
            Self::Square { column } => write!(f, "{column}^2"),
            Self::Sine { column } => write!(f, "sin({column})"),
            Self::Cosine { column } => write!(f, "cos({column})"),
        }
    }
}

/// What the parts of a text mean that are divided by commas, some of which may belong to the parts.
///
/// # Errors
///
/// If a part means nothing: why its first piece does not.
pub(super) fn in_parts<T>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut rest = text.trim();
    let mut all = Vec::new();
    while !rest.is_empty() {
        let ends = rest.match_indices(',').map(|(place, _)| place);
        let mut ends = ends.chain([rest.len()]).take(MOST_COMMAS + 1);
        let first = ends.next().unwrap_or(rest.len());
        let (found, end) = match parse(&rest[..first]) {
            Ok(found) => (found, first),
            // Of what cannot be read, the shortest piece is what is wrong.
            Err(error) => {
                let mut longer = ends.filter_map(|end| Some((parse(&rest[..end]).ok()?, end)));
                longer.next().ok_or(error)?
            }
        };
        all.push(found);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    Ok(all)
}

/// The numbers of a column, if it has numbers.
fn numbers_of<'a>(table: &'a Table, name: &str) -> Option<&'a [f64]> {
    match &table.column(name)?.values {
        Values::Numbers(numbers) => Some(numbers),
        Values::Categories { .. } | Values::Dates(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Column, Target};

    fn table() -> Table {
        let numbers = |name: &str| Column {
            name: name.to_owned(),
            values: Values::Numbers(vec![2.0, -3.0, f64::NAN]),
        };
        let colour = Column {
            name: "colour".to_owned(),
            values: Values::Categories {
                codes: vec![0, 0, 0],
                names: vec!["red".to_owned()],
            },
        };
        let mut columns: Vec<Column> = ["x", "y", "a*b", "price, net", "x*x"].map(numbers).into();
        columns.push(colour);
        let target = Target::Numbers {
            names: vec!["cos(y)".to_owned()],
            values: vec![0.0; 3],
        };
        Table::new(columns, Some(target)).unwrap()
    }

    fn parsed(texts: &[&str]) -> Result<Vec<String>, String> {
        let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
        let all = Derivation::parse_all(&texts, &table()).map_err(|error| error.to_string())?;
        Ok(all.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn each_function_is_computed_as_it_is_written() {
        for (text, numbers, expected) in [
            ("x*y", &[2.0, -3.0][..], -6.0),
            ("x^2", &[-3.0], 9.0),
            ("sin(x)", &[0.5], 0.479_425_538_604_203),
            ("cos(x)", &[0.5], 0.877_582_561_890_372_8),
        ] {
            let readings = Derivation::readings(text);
            let [derivation] = &readings[..] else {
                panic!("`{text}` has one meaning");
            };
            assert_eq!(derivation.to_string(), text);
            assert!((derivation.of(numbers) - expected).abs() < 1e-15);
            let missing = vec![f64::NAN; numbers.len()];
            assert!(derivation.of(&missing).is_nan());
        }
    }

    #[test]
    fn names_of_columns_may_have_the_characters_of_the_grammar() {
        assert_eq!(parsed(&["x * y", " x^2"]).unwrap(), ["x*y", "x^2"]);
        assert_eq!(parsed(&["a*b^2", "a*b*x"]).unwrap(), ["a*b^2", "a*b*x"]);
        // As the command line divides it.
        let divided = ["x^2", "price", " net*x", "sin (price", " net)"];
        assert_eq!(
            parsed(&divided).unwrap(),
            ["x^2", "price, net*x", "sin(price, net)"]
        );
        assert_eq!(parsed(&[]).unwrap(), [""; 0]);
    }

    #[test]
    fn what_cannot_be_derived_is_refused_with_the_reason() {
        for (text, message) in [
            (
                "x+y",
                "the derived feature `x+y` must be `a*b`, `a^2`, `sin(a)` or `cos(a)` with names of columns",
            ),
            (
                "()",
                "the derived feature `()` must be `a*b`, `a^2`, `sin(a)` or `cos(a)` with names of columns",
            ),
            (
                "x*yy",
                "the table has no feature `yy`; its features are `x`, `y`, `a*b`, `price, net`, `x*x`, `colour`",
            ),
            (
                "colour^2",
                "the derived feature `colour^2` needs numbers, but the column `colour` is categorical",
            ),
            (
                "x*x",
                "the derived feature `x*x` is the name of a column of the table",
            ),
            (
                "cos(y)",
                "the derived feature `cos(y)` is the name of a column of the table",
            ),
            ("x^2,y^2,x^2", "the derived feature `x^2` is there twice"),
        ] {
            assert_eq!(parsed(&[text]).unwrap_err(), message);
        }
    }

    #[test]
    fn a_name_may_have_sixteen_commas() {
        for (num_commas, is_found) in [(16, true), (17, false)] {
            let name = vec!["a"; num_commas + 1].join(",");
            let table = Table::from_rows(vec![name.clone()], &[1.0, 2.0], None).unwrap();
            let square = format!("{name}^2");
            let found = Derivation::parse_all(std::slice::from_ref(&square), &table);
            let found = found.ok().map(|all| all[0].to_string());
            assert_eq!(found, is_found.then_some(square), "{num_commas} commas");
        }
    }
}
