use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Error;

/// What is set of some options, by their names.
pub fn set<T: Serialize>(options: &T) -> Result<Map<String, Value>, Error> {
    // JSON has no NaN and no infinity, and would take them for what is not set.
    if let Ok(toml::Value::Table(options)) = toml::Value::try_from(options) {
        check_finite(&options)?;
    }
    let Value::Object(mut options) = serde_json::to_value(options).map_err(Error::Options)? else {
        return Ok(Map::new());
    };
    remove_unset(&mut options);
    Ok(options)
}

/// The name of the first option that is set, if any is.
pub fn first_key<T: Serialize>(options: &T) -> Result<Option<String>, Error> {
    Ok(set(options)?.keys().next().cloned())
}

/// Options, and others that take precedence over them.
pub fn merge<T: Serialize + DeserializeOwned>(options: &T, over: &T) -> Result<T, Error> {
    let mut merged = set(options)?;
    put_over(&mut merged, set(over)?);
    serde_json::from_value(Value::Object(merged)).map_err(Error::Options)
}

fn check_finite(options: &toml::Table) -> Result<(), Error> {
    for (name, value) in options {
        if let toml::Value::Table(section) = value {
            check_finite(section)?;
        }
        if let Some(number) = value.as_float()
            && !number.is_finite()
        {
            return Err(Error::InvalidOption {
                option: name.clone(),
                value: number.to_string(),
                allowed: "a finite number".to_owned(),
            });
        }
    }
    Ok(())
}

fn remove_unset(options: &mut Map<String, Value>) {
    for value in options.values_mut() {
        if let Value::Object(section) = value {
            remove_unset(section);
        }
    }
    options.retain(|_, value| match value {
        Value::Null => false,
        Value::Object(section) => !section.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => true,
    });
}

fn put_over(options: &mut Map<String, Value>, over: Map<String, Value>) {
    for (name, value) in over {
        match (options.get_mut(&name), value) {
            (Some(Value::Object(section)), Value::Object(over)) => put_over(section, over),
            (_, value) => {
                options.insert(name, value);
            }
        }
    }
}
