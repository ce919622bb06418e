use std::collections::BTreeSet;

use mlp_datasets::{Column, Dialect, FeatureEncoding, Preprocessor, Table, TargetEncoding, Values};
use serde::Serialize;

use super::spelling::texts;
use crate::error::Error;

/// The code of a category that is none of the known ones.
pub const UNKNOWN: i64 = 0;
/// The code of a missing value.
pub const MISSING: i64 = 1;
/// The code of the first text.
const FIRST: i64 = 2;

/// A column of the table, which is an input of the graph.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct InputColumn {
    /// The name of the column.
    pub column: String,
    /// The name of the input: that of the column, unless an output has it.
    pub input: String,
    /// What the values are.
    #[serde(flatten)]
    pub kind: InputKind,
}

/// What the values of an input are.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InputKind {
    /// Numbers of double precision; NaN is a missing one.
    Numeric,
    /// Seconds since the beginning of 1970 in double precision; NaN is a missing date.
    Date,
    /// Texts, of which the empty one is a missing value; in a numeric graph, their codes: 0 for an unknown text, 1 for
    /// a missing value.
    Categorical {
        /// The texts with codes from 2 on, in their order.
        texts: Vec<String>,
        /// Further texts that mean a missing value.
        missing: Vec<String>,
    },
}

impl InputKind {
    fn name(&self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::Date => "a date",
            Self::Categorical { .. } => "categorical",
        }
    }
}

/// The inputs of a model: the columns of the first preprocessor, which are those of all of them.
///
/// # Errors
///
/// If a column has different kinds for two members.
pub fn input_columns(
    preprocessors: &[&Preprocessor],
    dialect: &Dialect,
    reserved: &[String],
) -> Result<Vec<InputColumn>, Error> {
    let Some((first, others)) = preprocessors.split_first() else {
        return Ok(Vec::new());
    };
    let mut columns = Vec::with_capacity(first.features.len());
    for feature in &first.features {
        let name = feature.name();
        let mut kind = kind_of(feature, dialect);
        for other in others {
            let mut features = other.features.iter();
            let Some(feature) = features.find(|feature| feature.name() == name) else {
                continue;
            };
            let (first, other) = (kind.name(), kind_of(feature, dialect));
            let other_name = other.name();
            if !merge(&mut kind, other) {
                return Err(Error::MemberKinds {
                    column: name.to_owned(),
                    first,
                    other: other_name,
                });
            }
        }
        columns.push(InputColumn {
            column: name.to_owned(),
            input: name.to_owned(),
            kind,
        });
    }
    rename(&mut columns, reserved);
    Ok(columns)
}

/// Gives an input another name where its column is called like an output.
fn rename(columns: &mut [InputColumn], reserved: &[String]) {
    let mut taken: BTreeSet<String> = reserved.iter().cloned().collect();
    taken.extend(columns.iter().map(|column| column.column.clone()));
    // A tensor without a name is one that is left out.
    let is_usable = |name: &String| !name.is_empty() && !reserved.contains(name);
    for column in columns
        .iter_mut()
        .filter(|column| !is_usable(&column.input))
    {
        let mut name = format!("{}_input", column.column);
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        column.input = name;
    }
}

fn kind_of(feature: &FeatureEncoding, dialect: &Dialect) -> InputKind {
    match feature {
        FeatureEncoding::Numeric { .. } => InputKind::Numeric,
        FeatureEncoding::Date { .. } => InputKind::Date,
        FeatureEncoding::OneHot { name, categories }
        | FeatureEncoding::Embedding { name, categories }
        | FeatureEncoding::TargetMeans {
            name, categories, ..
        } => {
            let texts = texts(categories);
            InputKind::Categorical {
                missing: missing_texts(name, &texts, dialect),
                texts,
            }
        }
    }
}

/// The texts that mean a missing value in a column, besides the empty one, when `predict` reads a file.
fn missing_texts(column: &str, texts: &[String], dialect: &Dialect) -> Vec<String> {
    let own = dialect.columns.get(column);
    let usual = Dialect::MISSING.iter().flat_map(|text| {
        let others = [text.to_lowercase(), text.to_uppercase()];
        [(*text).to_owned()].into_iter().chain(others)
    });
    let present = dialect.present.iter();
    let present = present.chain(own.iter().flat_map(|format| &format.present));
    let present: BTreeSet<&String> = present.collect();
    let special = dialect.missing.iter();
    let special = special.chain(own.iter().flat_map(|format| &format.missing));
    let usual = usual.filter(|text| !present.contains(text));
    let mut taken: BTreeSet<String> = texts.iter().cloned().collect();
    taken.insert(String::new());
    let all = usual.chain(special.cloned());
    all.filter(|text| taken.insert(text.clone())).collect()
}

/// Adds the texts of another member; false if the kinds differ.
fn merge(kind: &mut InputKind, other: InputKind) -> bool {
    match (kind, other) {
        (
            InputKind::Categorical { texts, missing },
            InputKind::Categorical {
                texts: other_texts,
                missing: other_missing,
            },
        ) => {
            let known: BTreeSet<String> = texts.iter().cloned().collect();
            texts.extend(other_texts.into_iter().filter(|text| !known.contains(text)));
            let known: BTreeSet<String> = texts.iter().chain(&*missing).cloned().collect();
            missing.extend(
                other_missing
                    .into_iter()
                    .filter(|text| !known.contains(text)),
            );
            missing.retain(|text| !texts.contains(text));
            true
        }
        (InputKind::Numeric, InputKind::Numeric) | (InputKind::Date, InputKind::Date) => true,
        (
            InputKind::Numeric | InputKind::Date | InputKind::Categorical { .. },
            InputKind::Numeric | InputKind::Date | InputKind::Categorical { .. },
        ) => false,
    }
}

impl InputColumn {
    /// The texts of a categorical column with the code of each.
    pub fn codes(&self) -> impl Iterator<Item = (&String, i64)> {
        let (texts, missing): (&[String], &[String]) = match &self.kind {
            InputKind::Categorical { texts, missing } => (texts, missing),
            InputKind::Numeric | InputKind::Date => (&[], &[]),
        };
        let texts = texts.iter().zip(FIRST..);
        texts.chain(missing.iter().map(|text| (text, MISSING)))
    }

    /// What the preprocessor makes of each code, in the order of the codes, from a feature of this column alone.
    ///
    /// # Errors
    ///
    /// If the feature is not one of categories.
    pub fn encode_codes(&self, feature: &FeatureEncoding) -> Result<mlp_datasets::Inputs, Error> {
        let texts = match &self.kind {
            InputKind::Categorical { texts, .. } => texts.as_slice(),
            InputKind::Numeric | InputKind::Date => &[],
        };
        // A name that is none of the texts: longer than all of them.
        let longest = texts.iter().map(String::len).max().unwrap_or(0);
        let unknown = "?".repeat(longest + 1);
        let names: Vec<String> = [unknown].into_iter().chain(texts.iter().cloned()).collect();
        let codes = [0, Values::MISSING_CODE].into_iter();
        let codes: Vec<u32> = codes.chain((1..).take(texts.len())).collect();
        let rows: Vec<usize> = (0..codes.len()).collect();
        let column = Column {
            name: feature.name().to_owned(),
            values: Values::Categories { codes, names },
        };
        let table = Table::new(vec![column], None)?;
        let of_feature = Preprocessor {
            features: vec![feature.clone()],
            target: TargetEncoding::Nothing,
        };
        Ok(of_feature.transform(&table, &rows)?)
    }
}

#[cfg(test)]
mod tests {
    use mlp_datasets::Categories;

    use super::*;

    fn categories(names: &[&str]) -> Categories {
        Categories {
            names: names.iter().map(ToString::to_string).collect(),
            missing: false,
            other: true,
            shares: Vec::new(),
        }
    }

    #[test]
    fn an_unknown_text_and_a_missing_one_have_inputs_of_their_own() {
        let feature = FeatureEncoding::OneHot {
            name: "colour".to_owned(),
            categories: Categories {
                missing: true,
                ..categories(&["blue", "red"])
            },
        };
        let column = InputColumn {
            column: "colour".to_owned(),
            input: "colour".to_owned(),
            kind: kind_of(&feature, &Dialect::default()),
        };
        // Slots for blue, red, missing and other ones; codes for other ones, missing, blue and red.
        #[rustfmt::skip]
        let expected = [
            0.0, 0.0, 0.0, 1.0,
            0.0, 0.0, 1.0, 0.0,
            1.0, 0.0, 0.0, 0.0,
            0.0, 1.0, 0.0, 0.0,
        ];
        assert_eq!(column.encode_codes(&feature).unwrap().numbers, expected);
    }

    #[test]
    fn what_means_a_missing_value_in_a_file_does_so_in_the_graph() {
        let dialect = Dialect {
            missing: vec!["unknown".to_owned()],
            present: vec!["?".to_owned()],
            ..Dialect::default()
        };
        let texts = missing_texts("colour", &["NA".to_owned()], &dialect);
        let means_missing = |text: &str| texts.iter().any(|known| known == text);
        assert!(
            ["na", "null", "NULL", "unknown"]
                .into_iter()
                .all(means_missing)
        );
        assert!(!["NA", "?", "", "red"].into_iter().any(means_missing));
    }

    #[test]
    fn an_input_is_not_called_like_an_output() {
        let column = |name: &str| InputColumn {
            column: name.to_owned(),
            input: name.to_owned(),
            kind: InputKind::Numeric,
        };
        let mut columns = ["prediction", "prediction_input", "size", ""].map(column);
        rename(&mut columns, &["prediction".to_owned()]);
        let names = columns.each_ref().map(|column| column.input.as_str());
        assert_eq!(
            names,
            ["prediction_input_", "prediction_input", "size", "_input"]
        );
    }
}
