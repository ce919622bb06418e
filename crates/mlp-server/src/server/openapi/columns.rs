//! Rows and predictions of a model.

use chrono::DateTime;
use mlp_datasets::{Categories, FeatureEncoding, Values};
use mlp_inference::arrow_schema::{DataType, Field};
use serde_json::{Map, Value, json};

use crate::model::ServedModel;

/// How many categories of a column are listed.
const LISTED: usize = 50;

/// A table by its columns, in the order of the training, and its rows.
pub fn split(model: &ServedModel) -> Value {
    let (columns, width) = (model.columns(), model.num_columns());
    let items = features(model).map(|(_, feature)| column(feature));
    let row = json!({
        "type": "array",
        "prefixItems": items.collect::<Vec<_>>(),
        "items": false,
        "minItems": width,
        "maxItems": width,
    });
    let split = json!({
        "type": "object",
        "required": ["columns", "data"],
        "properties": {
            "columns": { "const": columns },
            "data": { "type": "array", "minItems": 1, "items": row },
        },
    });
    json!({
        "type": "object",
        "required": ["dataframe_split"],
        "properties": { "dataframe_split": split },
    })
}

/// A row of a model.
pub fn row(model: &ServedModel) -> Value {
    let properties: Map<_, _> = features(model)
        .map(|(name, feature)| (name.clone(), column(feature)))
        .collect();
    json!({
        "type": "object",
        "required": model.columns(),
        "properties": properties,
        "example": example(model),
    })
}

/// The columns of a model, each with its feature; without one if only what is derived from it is an input.
fn features(model: &ServedModel) -> impl Iterator<Item = (&String, Option<&FeatureEncoding>)> {
    let features = &model.model.preprocessor().features;
    model.schema.names().map(move |name| {
        let mut features = features.iter();
        (name, features.find(|feature| feature.name() == name))
    })
}

/// The values of a column.
fn column(feature: Option<&FeatureEncoding>) -> Value {
    let Some(feature) = feature else {
        return number();
    };
    match feature {
        FeatureEncoding::Numeric { .. } | FeatureEncoding::Derived(_) => number(),
        FeatureEncoding::OneHot { categories, .. }
        | FeatureEncoding::Embedding { categories, .. }
        | FeatureEncoding::TargetMeans { categories, .. } => {
            let known: Vec<_> = categories.names.iter().take(LISTED).collect();
            json!({
                "type": ["string", "number", "boolean", "null"],
                "examples": known,
                "description": "A category, best one of the training; null is a missing value",
            })
        }
        FeatureEncoding::Date { .. } => json!({
            "type": ["string", "number", "null"],
            "description": "A date, as in training; null is a missing value",
        }),
    }
}

/// A number of a column.
fn number() -> Value {
    json!({
        "type": ["number", "string", "boolean", "null"],
        "minimum": -Values::MAX_NUMBER,
        "maximum": Values::MAX_NUMBER,
        "description": "A number. A text is read as in training; null is a missing value",
    })
}

/// A row of values in the middle of those of the training.
pub fn example(model: &ServedModel) -> Value {
    let most_frequent = |categories: &Categories| {
        let shares = categories.names.iter().zip(&categories.shares);
        let best = shares
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(name, _)| name);
        best.or(categories.names.first()).cloned()
    };
    let value = |feature: &FeatureEncoding| match feature {
        FeatureEncoding::Numeric { median, .. } => json!(rounded(*median)),
        FeatureEncoding::Derived(_) => json!(0.0),
        FeatureEncoding::OneHot { categories, .. }
        | FeatureEncoding::Embedding { categories, .. }
        | FeatureEncoding::TargetMeans { categories, .. } => json!(most_frequent(categories)),
        FeatureEncoding::Date { name, median, .. } => {
            // Dates that are written otherwise are not shown as they are written.
            let is_usual = { model.schema.dialect.columns.get(name) }
                .is_none_or(|format| format.dates.is_none());
            let date = DateTime::from_timestamp(*median, 0).filter(|_| is_usual);
            json!(date.map(|date| date.format("%Y-%m-%d").to_string()))
        }
    };
    // Nothing is known of the values of a column from which others are derived.
    features(model)
        .map(|(name, feature)| (name.clone(), feature.map_or(json!(0.0), value)))
        .collect()
}

/// A number without the digits that come from computing it.
fn rounded(number: f64) -> f64 {
    format!("{number:.5e}").parse().unwrap_or(number)
}

/// The prediction of a row.
pub fn prediction(model: &ServedModel) -> Value {
    let names: Vec<_> = model.fields.iter().map(Field::name).collect();
    let properties: Map<_, _> = { model.fields.iter() }
        .map(|field| (field.name().clone(), predicted(model, field)))
        .collect();
    json!({
        "type": "object",
        "required": names,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn predicted(model: &ServedModel, field: &Field) -> Value {
    if *field.data_type() == DataType::UInt64 {
        json!({ "type": "integer", "minimum": 0 })
    } else if *field.data_type() == DataType::Utf8 {
        let classes = model.model.classes().unwrap_or_default();
        let classes = classes.iter().map(|class| json!(class));
        json!({ "enum": classes.chain([Value::Null]).collect::<Vec<_>>() })
    } else if field.name().starts_with("probability") {
        json!({ "type": ["number", "null"], "minimum": 0, "maximum": 1 })
    } else {
        json!({ "type": ["number", "null"] })
    }
}
