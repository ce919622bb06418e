//! Tables of any kinds of columns.

use mlp_datasets::{ColumnKind, Values};
use proptest::collection::{btree_set, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

use super::style::{DateStyle, Locale, NumberStyle, date_styles, locales, number_styles};

#[derive(Clone, Debug)]
pub struct Table {
    pub names: Vec<String>,
    pub columns: Vec<Column>,
    pub locale: Locale,
}

/// A column, and how its cells are written in a text.
#[derive(Clone, Debug)]
pub struct Column {
    pub cells: Cells,
    /// The text of a missing value.
    pub missing: &'static str,
}

#[derive(Clone, Debug)]
pub enum Cells {
    /// Numbers times 10 to the power of the number of decimals.
    Numbers {
        mantissas: Vec<Option<i64>>,
        decimals: usize,
        style: NumberStyle,
    },
    Words(Vec<Option<String>>),
    Booleans {
        values: Vec<Option<bool>>,
        names: [&'static str; 2],
    },
    /// Microseconds since 1970.
    Dates {
        values: Vec<Option<i64>>,
        has_times: bool,
        style: DateStyle,
    },
}

pub fn tables() -> impl Strategy<Value = Table> {
    let size = (8usize..90, 2usize..7);
    size.prop_flat_map(|(num_rows, num_columns)| {
        let names =
            btree_set(names(), num_columns).prop_map(|names| names.into_iter().collect::<Vec<_>>());
        (vec(column(num_rows), num_columns), names, locales())
    })
    .prop_map(|(columns, names, locale)| {
        let mut columns: Vec<Column> = columns.into_iter().collect();
        // A row without any value is none in a workbook.
        let num_rows = columns[0].cells.len();
        for row in 0..num_rows {
            if columns.iter().all(|column| column.cells.is_missing(row)) {
                columns[0].cells.fill(row);
            }
        }
        let columns = columns
            .into_iter()
            .map(|column| column.fitting(locale))
            .collect();
        Table {
            names,
            columns,
            locale,
        }
    })
}

/// Names of columns as people write them.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z]{3,9}(_[a-z]{2,6})?",
        2 => "[A-Z][a-z]{2,7} [a-z]{3,6}( \\((kg|EUR|%|m²)\\))?",
        1 => "[a-z]{3,5}, [a-z]{3,5}",
        1 => "[a-z]{3,6};[a-z]{2,4}",
        1 => "(Größe|prénom|価格|年齢|šířka|naïve) [a-z]{2,5}",
        1 => "[a-z]{3,4} \"[a-z]{2,4}\" [a-z]",
        1 => "q[0-9]{1,2}[a-z]{0,2}",
    ]
}

/// Words that are nothing but words.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => "[a-z]{4,9}",
        2 => "[A-Z][a-z]{3,7} [A-Z][a-z]{3,7}",
        1 => "[a-z]{4,6}, [a-z]{4,6}",
        1 => "[a-z]{4,6};[a-z]{4,6}",
        1 => "[a-z]{4,5} \"[a-z]{4,5}\" [a-z]{3,4}",
        1 => "[a-z]{4,5}'s [a-z]{4,5}",
        1 => "[a-z]{4,5}\n[a-z]{4,5}",
        1 => "(straße|façade|東京都|Ærø|žluťoučký|naïveté) [a-z]{4,6}",
        1 => "0[0-9]{4}",
        1 => "[A-D][0-9]{3}-[x-z]{2}",
        1 => "[a-z]{4,5}\t[a-z]{4,5}",
        1 => "[a-z]{4,5} \\| [a-z]{4,5}",
    ];
    word.prop_filter("a month is part of a date", |word| {
        !["march", "april", "june", "july", "august", "infinity"].contains(&word.as_str())
    })
}

fn column(num_rows: usize) -> impl Strategy<Value = Column> {
    // Most columns have no missing values.
    let has_missing = prop::bool::weighted(0.3);
    let missing = select(vec![
        "", "", "NA", "None", "NULL", "null", "\\N", "#N/A", "(null)", "nil", ".", "?", "NaN",
        "n/a", "<NA>",
    ]);
    (
        has_missing.prop_flat_map(move |has_missing| cells(num_rows, has_missing)),
        missing,
    )
        .prop_map(|(cells, missing)| Column { cells, missing })
}

/// Values, some of which may be missing.
fn maybe<T: Clone + std::fmt::Debug + 'static>(
    has_missing: bool,
    values: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Option<T>> {
    if has_missing {
        weighted(0.85, values).boxed()
    } else {
        values.prop_map(Some).boxed()
    }
}

fn cells(num_rows: usize, has_missing: bool) -> BoxedStrategy<Cells> {
    let magnitudes = select(vec![9i64, 1_000, 100_000, 50_000_000, 4_000_000_000_000]);
    let numbers = (
        magnitudes,
        0usize..6,
        number_styles(),
        any::<bool>(),
        any::<i64>(),
    );
    let numbers = numbers.prop_flat_map(move |(most, decimals, style, is_signed, around)| {
        let range = if is_signed { -most..=most } else { 0..=most };
        // Some columns vary little around a large number, as times do.
        let shift = if around % 5 == 0 && decimals < 3 {
            1_700_000_000_000
        } else {
            0
        };
        vec(maybe(has_missing, range), num_rows).prop_map(move |mantissas| Cells::Numbers {
            mantissas: mantissas
                .into_iter()
                .map(|number| Some(number? + shift))
                .collect(),
            decimals,
            style: style.clone(),
        })
    });
    let words = vec(words(), 1..12).prop_flat_map(move |words| {
        vec(maybe(has_missing, select(words)), num_rows).prop_map(Cells::Words)
    });
    let spellings = select(vec![
        ["false", "true"],
        ["False", "True"],
        ["FALSE", "TRUE"],
    ]);
    let booleans = (vec(maybe(has_missing, any::<bool>()), num_rows), spellings)
        .prop_map(|(values, names)| Cells::Booleans { values, names });
    let resolutions = select(vec![86_400_000_000i64, 1_000_000, 60_000_000, 1_000, 1]);
    let dates = (resolutions, date_styles()).prop_flat_map(move |(resolution, style)| {
        // From 1920 to 2068.
        let range = -1_577_900_000_000_000 / resolution..3_120_000_000_000_000 / resolution;
        vec(maybe(has_missing, range), num_rows).prop_map(move |values| Cells::Dates {
            values: values
                .into_iter()
                .map(|value| Some(value? * resolution))
                .collect(),
            has_times: resolution < 86_400_000_000,
            style,
        })
    });
    prop_oneof![4 => numbers.boxed(), 3 => words.boxed(), 1 => booleans.boxed(), 2 => dates.boxed()]
        .boxed()
}

impl Cells {
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers { mantissas, .. } => mantissas.len(),
            Self::Words(words) => words.len(),
            Self::Booleans { values, .. } => values.len(),
            Self::Dates { values, .. } => values.len(),
        }
    }

    fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers { mantissas, .. } => mantissas[row].is_none(),
            Self::Words(words) => words[row].is_none(),
            Self::Booleans { values, .. } => values[row].is_none(),
            Self::Dates { values, .. } => values[row].is_none(),
        }
    }

    /// Gives a row a value if it has none.
    fn fill(&mut self, row: usize) {
        match self {
            Self::Numbers { mantissas, .. } => {
                mantissas[row].get_or_insert(7);
            }
            Self::Words(words) => {
                words[row].get_or_insert("only one".to_owned());
            }
            Self::Booleans { values, .. } => {
                values[row].get_or_insert(true);
            }
            Self::Dates { values, .. } => {
                values[row].get_or_insert(86_400_000_000 * 365);
            }
        }
    }
}

impl Column {
    /// The column with at least one value, written as is possible.
    fn fitting(mut self, locale: Locale) -> Self {
        self.cells.fill(0);
        match &mut self.cells {
            Cells::Numbers {
                decimals, style, ..
            } => {
                style.has_exponent &= locale.decimal == '.' && *decimals > 0;
            }
            Cells::Dates { values, style, .. } => *style = style.fitting(values, locale),
            Cells::Words(_) | Cells::Booleans { .. } => {}
        }
        self
    }

    pub fn kind(&self) -> ColumnKind {
        match self.cells {
            Cells::Numbers { .. } => ColumnKind::Numeric,
            Cells::Words(_) => ColumnKind::Categorical,
            Cells::Booleans { .. } => ColumnKind::Boolean,
            Cells::Dates { .. } => ColumnKind::Date,
        }
    }

    fn values(&self) -> Values {
        match &self.cells {
            Cells::Numbers {
                mantissas,
                decimals,
                ..
            } => {
                let number = |mantissa| number(mantissa, *decimals);
                let numbers = mantissas
                    .iter()
                    .map(|mantissa| mantissa.map_or(f64::NAN, number));
                Values::Numbers(numbers.collect())
            }
            Cells::Words(words) => categories(words.iter().map(Option::as_deref)),
            Cells::Booleans { values, .. } => {
                let name = |value| if value { "true" } else { "false" };
                categories(values.iter().map(|value| value.map(name)))
            }
            Cells::Dates { values, .. } => {
                let dates = values
                    .iter()
                    .map(|date| date.unwrap_or(Values::MISSING_DATE));
                Values::Dates(dates.collect())
            }
        }
    }

    /// The text of a cell, where the locale decides how numbers and dates are written.
    pub fn text(&self, row: usize, locale: Locale) -> String {
        let text = match &self.cells {
            Cells::Numbers {
                mantissas,
                decimals,
                style,
            } => mantissas[row].map(|mantissa| style.write(mantissa, *decimals, locale)),
            Cells::Words(words) => words[row].clone(),
            Cells::Booleans { values, names } => {
                values[row].map(|value| names[usize::from(value)].to_owned())
            }
            Cells::Dates {
                values,
                has_times,
                style,
            } => values[row].map(|date| style.write(date, *has_times, locale)),
        };
        text.unwrap_or_else(|| self.missing.to_owned())
    }
}

/// The number that is closest to `mantissa / 10^decimals`.
pub fn number(mantissa: i64, decimals: usize) -> f64 {
    format!("{mantissa}e-{decimals}")
        .parse()
        .expect("it is a number")
}

fn categories<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> Values {
    let mut names: Vec<String> = Vec::new();
    let codes = texts.map(|text| {
        let Some(text) = text else {
            return Values::MISSING_CODE;
        };
        let known = names.iter().position(|name| name == text);
        let code = known.unwrap_or_else(|| {
            names.push(text.to_owned());
            names.len() - 1
        });
        u32::try_from(code).expect("names are few")
    });
    let codes = codes.collect();
    Values::Categories { codes, names }
}

impl Table {
    pub fn num_rows(&self) -> usize {
        self.columns[0].cells.len()
    }

    /// What is read: the names, kinds and values. Without a header, columns are numbered.
    pub fn columns(&self, is_numbered: bool) -> Vec<(String, ColumnKind, Values)> {
        let columns = self.names.iter().zip(&self.columns).enumerate();
        columns
            .map(|(index, (name, column))| {
                let name = if is_numbered {
                    format!("column_{}", index + 1)
                } else {
                    name.clone()
                };
                (name, column.kind(), column.values())
            })
            .collect()
    }
}
