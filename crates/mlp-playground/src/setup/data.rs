use mlp_datasets::{BuiltIn, ColumnKind, Dataset, LoadOptions, ReadOptions, Source, read_dataset};

use crate::protocol::{DataChoice, Failure};
use crate::tables::Tables;

/// The data set of a page that nobody has changed.
const DEFAULT_DATASET: &str = "circles";

/// Loads a data set: with what is known about the choice, and the columns of the file.
pub fn load(
    choice: &DataChoice,
    seed: u64,
    tables: &Tables,
) -> Result<(Dataset, DataChoice, Vec<String>), Failure> {
    let name = choice.name.as_deref().unwrap_or(DEFAULT_DATASET);
    let mut known = DataChoice {
        name: Some(name.to_owned()),
        ..DataChoice::default()
    };
    if let Ok(built_in) = name.parse::<BuiltIn>() {
        if matches!(built_in, BuiltIn::Mnist | BuiltIn::Idx) {
            return Err(Failure::new(format!("`{name}` is too large for the page"))
                .with_hint("`digits` is a small set of the same kind"));
        }
        if built_in.is_generated() {
            known.samples = choice.samples.or(Some(LoadOptions::DEFAULT_SAMPLES));
            known.noise = choice.noise.or(Some(built_in.default_noise()));
        }
        let dataset = built_in.load(&LoadOptions {
            seed,
            samples: known.samples,
            noise: known.noise,
            ..LoadOptions::default()
        })?;
        return Ok((dataset, known, Vec::new()));
    }
    let Some(content) = tables.get(name) else {
        return Err(
            Failure::new(format!("the program does not have the file `{name}`"))
                .with_hint("drop it on the page again: it is kept for as long as the program runs"),
        );
    };
    let dropped = choice.drop.iter().flatten();
    let options = ReadOptions {
        target: choice.target.clone().into_iter().collect(),
        kinds: dropped
            .map(|name| (name.clone(), ColumnKind::Drop))
            .collect(),
        ..ReadOptions::default()
    };
    let dataset = read_dataset(&Source::from_bytes(name, content), &options)?;
    let columns: Vec<String> = dataset
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    if dataset.table.target().is_none() {
        return Err(Failure::without_target(name, columns));
    }
    known.target.clone_from(&choice.target);
    let dropped = choice.drop.iter().flatten();
    let dropped: Vec<String> = dropped
        .filter(|name| columns.contains(name))
        .cloned()
        .collect();
    known.drop = Some(dropped).filter(|names| !names.is_empty());
    Ok((dataset, known, columns))
}
