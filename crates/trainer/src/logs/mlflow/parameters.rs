use std::collections::BTreeMap;

use toml::{Table, Value};

/// The longest name of a parameter or metric that MLflow takes, in characters.
const LONGEST_NAME: usize = 250;
/// The longest value of a parameter that MLflow takes, in characters.
const LONGEST_VALUE: usize = 6_000;
/// The longest value of a tag that MLflow takes, in characters.
const LONGEST_TAG: usize = 8_000;

/// The settings of a configuration by their dotted names, such as `training.epochs`, as MLflow takes them.
pub fn parameters(config: &Table) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    flatten("", config, &mut parameters);
    parameters
}

fn flatten(prefix: &str, table: &Table, parameters: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let name = format!("{prefix}{name}");
        match value {
            Value::Table(table) if !table.is_empty() => {
                flatten(&format!("{name}."), table, parameters);
            }
            Value::String(text) => insert(&name, text, parameters),
            Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::Array(_)
            | Value::Table(_) => insert(&name, &value.to_string(), parameters),
        }
    }
}

/// Two names of columns may become the same name: then the first has it.
fn insert(name: &str, value: &str, parameters: &mut BTreeMap<String, String>) {
    let value = shortened(value, LONGEST_VALUE);
    parameters.entry(allowed(name)).or_insert(value);
}

/// The value of a tag, as MLflow takes it.
pub fn tag(value: &str) -> String {
    shortened(value, LONGEST_TAG)
}

/// A name with the characters that MLflow takes.
fn allowed(name: &str) -> String {
    let allowed = |char: char| {
        if char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | ' ') {
            char
        } else {
            '_'
        }
    };
    shortened(&name.chars().map(allowed).collect::<String>(), LONGEST_NAME)
}

/// A text that ends in `...` if it is cut to fit.
fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let mut shortened: String = text.chars().take(longest - 3).collect();
    shortened.push_str("...");
    shortened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_become_dotted_names() {
        let config = "seed = 1\n[model]\nname = 'mlp'\nhidden = [64, 32]\n[table.missing]\n\
                      'a/b' = ['9']\n[training]\nlearning_rate = 0.001\npatience = 16\n[data]\n";
        let parameters = parameters(&config.parse().unwrap());
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            parameters,
            [
                ("data", "{}"),
                ("model.hidden", "[64, 32]"),
                ("model.name", "mlp"),
                ("seed", "1"),
                ("table.missing.a_b", "[\"9\"]"),
                ("training.learning_rate", "0.001"),
                ("training.patience", "16"),
            ]
        );
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        let mut config = Table::new();
        config.insert("ä".repeat(300), Value::String("ö".repeat(7_000)));
        let parameters = parameters(&config);
        let (name, value) = parameters.first_key_value().unwrap();
        assert_eq!(
            (name.chars().count(), value.chars().count()),
            (LONGEST_NAME, LONGEST_VALUE)
        );
        assert!(value.ends_with("ö..."));
    }
}
