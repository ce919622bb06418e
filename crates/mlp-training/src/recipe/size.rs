use serde_json::Value;

use super::require::require;
use crate::Error;

/// The most numbers that a network may learn, or that a table of it may have: 8 GiB of single precision.
const MOST_NUMBERS: u64 = 1 << 31;

/// Checks that a network of some settings is not so large that no machine could hold it, as far as that depends on
/// the settings alone: a wrong digit is reported before anything is computed or written.
///
/// # Errors
///
/// Names the largest of the settings that are too large together.
pub(super) fn check_size(settings: &Value, is_packed: bool) -> Result<(), Error> {
    let size = |name: &str| settings[name].as_u64();
    let mut hidden: Vec<u64> = settings["hidden"].as_array().map_or(Vec::new(), |sizes| {
        sizes.iter().filter_map(Value::as_u64).collect()
    });
    if let Some(largest) = hidden.iter().copied().max() {
        let joined: Vec<_> = hidden.iter().map(ToString::to_string).collect();
        let code = size("d_code").unwrap_or(0);
        hidden.push(code);
        let between = hidden
            .windows(2)
            .map(|pair| pair[0].saturating_mul(pair[1]));
        let numbers = between.fold(largest.saturating_add(code), u64::saturating_add);
        if code > largest {
            require_few(numbers, "d_code", &code.to_string())?;
        }
        require_few(numbers, "hidden", &joined.join(","))?;
    }
    let members = if is_packed { "num_members" } else { "" };
    // The weights of a layer or of its members, or of an embedding. The distances of a map are those of each pair.
    for factors in [
        &["num_blocks", "d_block", "d_hidden"][..],
        &["num_blocks", "d_block", "d_block", members],
        &["num_members", "d_block"],
        &["num_frequencies", "d_numerical"],
        &["d_code"],
        &["d_embedding"],
    ] {
        let sizes = factors.iter().filter(|name| !name.is_empty());
        let sizes = sizes.map(|&name| size(name).map(|size| (size, name)));
        let Some(sizes) = sizes.collect::<Option<Vec<_>>>() else {
            continue;
        };
        let numbers = sizes.iter().map(|(size, _)| *size);
        let numbers = numbers.fold(1, u64::saturating_mul);
        if let Some((largest, name)) = sizes.iter().max() {
            require_few(numbers, name, &largest.to_string())?;
        }
    }
    Ok(())
}

/// Checks the number of units of a map, whose distances are those of each pair of them.
///
/// # Errors
///
/// If it is too large.
pub(super) fn check_units(num_units: usize, grid: &str) -> Result<(), Error> {
    let units = u64::try_from(num_units).unwrap_or(u64::MAX);
    let is_small = units.saturating_mul(units) <= MOST_NUMBERS;
    let most = MOST_NUMBERS.isqrt();
    require(is_small, "grid", grid, &format!("of at most {most} units"))
}

fn require_few(numbers: u64, setting: &'static str, value: &str) -> Result<(), Error> {
    let allowed = format!("so small that the network has at most {MOST_NUMBERS} weights");
    require(numbers <= MOST_NUMBERS, setting, value, &allowed)
}

#[cfg(test)]
mod tests {
    use mlp_datasets::Task;
    use serde_json::{Value, json};

    use crate::{Error, Model, Problem, Recipe, Settings};

    fn refused(model: Model, setting: &str, value: &Value) -> Option<&'static str> {
        let task = if model.is_clustering() {
            Task::Clustering
        } else {
            Task::Classification
        };
        let mut settings = Settings::default();
        settings.model.insert(setting.to_owned(), value.clone());
        match Recipe::new(model, Problem::unknown(task), &settings) {
            Ok(_) => None,
            Err(Error::InvalidSetting { setting, .. }) => Some(setting),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_network_that_no_machine_could_hold_is_refused_by_the_setting() {
        for (model, setting, value) in [
            (Model::Mlp, "hidden", json!([999_999_999_999_u64])),
            (Model::Mlp, "hidden", json!([100_000, 100_000])),
            (Model::RealMlp, "hidden", json!([u64::MAX, u64::MAX])),
            (Model::ResNet, "num_blocks", json!(1_000_000_000)),
            (Model::ResNet, "d_block", json!(u64::MAX)),
            (Model::ResNet, "d_hidden", json!(u64::MAX)),
            (Model::TabM, "d_block", json!(100_000)),
            (Model::TabM, "num_members", json!(1_000_000_000_000_u64)),
            (Model::TabMPacked, "num_members", json!(1_000_000)),
            (
                Model::MlpPlr,
                "num_frequencies",
                json!(1_000_000_000_000_u64),
            ),
            (Model::MlpPlr, "d_numerical", json!(1_000_000_000_000_u64)),
            (Model::Mlp, "d_embedding", json!(1_000_000_000_000_u64)),
            (Model::Autoencoder, "d_code", json!(1_000_000_000_000_u64)),
            (Model::Idec, "d_code", json!(1_000_000_000_000_u64)),
            (Model::Som, "grid", json!("4294967296x4294967296")),
            (Model::Som, "grid", json!("100000x100000")),
        ] {
            assert_eq!(refused(model, setting, &value), Some(setting), "{value}");
        }
    }

    #[test]
    fn a_large_network_that_a_machine_can_hold_is_not() {
        for (model, setting, value) in [
            (Model::Mlp, "hidden", json!([40_000, 40_000])),
            (Model::ResNet, "num_blocks", json!(100)),
            (Model::TabM, "d_block", json!(8192)),
            (Model::Som, "grid", json!("200x200")),
        ] {
            assert_eq!(refused(model, setting, &value), None, "{value}");
        }
    }
}
