use mlp_datasets::{
    BuiltIn, ColumnKind, ColumnReport, Dataset, DropReason, LoadOptions, ReadOptions, Source,
    read_dataset,
};

use crate::protocol::{DataChoice, Failure};
use crate::tables::Tables;

use super::MAX_WIDTH;

/// The data set of a page that nobody has changed.
const DEFAULT_DATASET: &str = "circles";

/// Loads a data set: with what is known about the choice, and the columns of the file. A model that finds
/// clusters needs no target.
pub fn load(
    choice: &DataChoice,
    seed: u64,
    tables: &Tables,
    is_clustering: bool,
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
    let is_target = |name: &String| choice.target.as_ref() == Some(name);
    let targets = dataset.columns.iter();
    let targets = targets.filter(|column| is_target(&column.name) || can_be_predicted(column));
    let targets: Vec<String> = targets.map(|column| column.name.clone()).collect();
    if dataset.table.target().is_none() && !is_clustering {
        // With an error that says why, if there is none.
        let targets = if targets.is_empty() { columns } else { targets };
        return Err(Failure::without_target(name, targets));
    }
    known.target.clone_from(&choice.target);
    let dropped = choice.drop.iter().flatten();
    let dropped: Vec<String> = dropped
        .filter(|name| columns.contains(name))
        .cloned()
        .collect();
    known.drop = Some(dropped).filter(|names| !names.is_empty());
    Ok((dataset, known, targets))
}

/// Whether a column of a file can be a target that the page draws: numbers, or a few classes.
fn can_be_predicted(column: &ColumnReport) -> bool {
    // The others have no values, or none that could be learned.
    let is_useful = matches!(column.dropped, None | Some(DropReason::Asked));
    let is_of_kind = match column.kind {
        // It was not looked at.
        ColumnKind::Drop => column.dropped == Some(DropReason::Asked),
        ColumnKind::Numeric | ColumnKind::Boolean => true,
        ColumnKind::Categorical => column.categories.is_some_and(|count| count <= MAX_WIDTH),
        ColumnKind::Date => false,
    };
    is_useful && is_of_kind
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn only_columns_that_can_be_predicted_are_offered_as_targets() {
        let mut table = "id,name,day,same,empty,size,kind\n".to_owned();
        for row in 0..100 {
            let (size, kind) = (row * 37 % 50, row % 3);
            writeln!(
                table,
                "{row},n{row},2024-03-{:02},7,,{size},k{kind}",
                row % 28 + 1
            )
            .unwrap();
        }
        let tables = Tables::default();
        tables.add("rows.csv".to_owned(), table.into()).unwrap();
        let choice = |target: Option<&str>| DataChoice {
            name: Some("rows.csv".to_owned()),
            target: target.map(ToOwned::to_owned),
            ..DataChoice::default()
        };
        let failure = load(&choice(None), 0, &tables, false).unwrap_err();
        assert_eq!(failure.choose_target.unwrap().columns, ["size", "kind"]);
        let (_, _, targets) = load(&choice(Some("kind")), 0, &tables, false).unwrap();
        assert_eq!(targets, ["size", "kind"]);
    }
}
