use mlp_datasets::{
    BuiltIn, ColumnKind, ColumnReport, Dataset, DropReason, LoadOptions, ReadOptions, Role, Source,
    Table, Values, read_dataset,
};

use crate::protocol::{DataChoice, Failure};
use crate::tables::Tables;

use super::MAX_WIDTH;

/// Of so many columns at most, derived features are offered.
const FEW_COLUMNS: usize = 2;

/// The data set of a page that nobody has changed.
const DEFAULT_DATASET: &str = "circles";

/// A table that is loaded.
#[derive(Debug)]
pub struct Loaded {
    /// The table, without the columns that are not used.
    pub dataset: Dataset,
    /// What is known about the choice.
    pub choice: DataChoice,
    /// The columns from which the target is chosen, of a file.
    pub targets: Vec<String>,
    /// The columns that can be inputs, in the table's order, those that are not used too.
    pub input_columns: Vec<String>,
    /// The features that can be derived: the usual ones of a table of few columns, and those that are.
    pub derivable: Vec<String>,
}

/// Loads a data set. A model that finds clusters needs no target.
pub fn load(
    choice: &DataChoice,
    seed: u64,
    tables: &Tables,
    is_clustering: bool,
) -> Result<Loaded, Failure> {
    let name = choice.name.as_deref().unwrap_or(DEFAULT_DATASET);
    let mut known = DataChoice {
        name: Some(name.to_owned()),
        drop: choice.drop.clone().filter(|names| !names.is_empty()),
        derive: choice.derive.clone().filter(|names| !names.is_empty()),
        ..DataChoice::default()
    };
    let (dropped, _) = choice.dropped();
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
        let input_columns = dataset.table.feature_names();
        return Ok(Loaded {
            derivable: derivable(&dataset.table, &input_columns, choice),
            dataset: dataset.without_columns(&dropped)?,
            choice: known,
            targets: Vec::new(),
            input_columns,
        });
    }
    let Some(content) = tables.get(name) else {
        return Err(
            Failure::new(format!("the program does not have the file `{name}`"))
                .with_hint("drop it on the page again: it is kept for as long as the program runs"),
        );
    };
    let dropped = dropped
        .into_iter()
        .map(|name| (name.clone(), ColumnKind::Drop));
    let options = ReadOptions {
        target: choice.target.clone().into_iter().collect(),
        kinds: dropped.collect(),
        ..ReadOptions::default()
    };
    let dataset = read_dataset(&Source::from_bytes(name, content), &options)?;
    let is_target = |name: &String| choice.target.as_ref() == Some(name);
    let names = |is_wanted: &dyn Fn(&ColumnReport) -> bool| -> Vec<String> {
        let columns = dataset.columns.iter();
        let wanted = columns.filter(|column| is_wanted(column));
        wanted.map(|column| column.name.clone()).collect()
    };
    let targets = names(&|column| is_target(&column.name) || can_be_predicted(column));
    if dataset.table.target().is_none() && !is_clustering {
        // With an error that says why, if there is none.
        let targets = if targets.is_empty() {
            names(&|_| true)
        } else {
            targets
        };
        return Err(Failure::without_target(name, targets));
    }
    known.target.clone_from(&choice.target);
    let input_columns = names(&|column| {
        column.role == Role::Feature && matches!(column.dropped, None | Some(DropReason::Asked))
    });
    Ok(Loaded {
        choice: known,
        targets,
        derivable: derivable(&dataset.table, &input_columns, choice),
        dataset,
        input_columns,
    })
}

/// The features that are offered: squares, products and sines of few columns, and those that are derived anyway.
fn derivable(table: &Table, columns: &[String], choice: &DataChoice) -> Vec<String> {
    // Of a column that was not read, it is not known whether it has numbers.
    let may_be_numbers = |name: &&String| {
        let column = table.column(name);
        column.is_none_or(|column| matches!(column.values, Values::Numbers(_)))
    };
    let mut all = Vec::new();
    if columns.len() <= FEW_COLUMNS {
        let names: Vec<&String> = columns.iter().filter(may_be_numbers).collect();
        all.extend(names.iter().map(|name| format!("{name}^2")));
        if let [x, y] = names[..] {
            all.push(format!("{x}*{y}"));
        }
        all.extend(names.iter().map(|name| format!("sin({name})")));
    }
    for text in choice.derive.iter().flatten() {
        if !all.contains(text) {
            all.push(text.clone());
        }
    }
    all
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
        let loaded = load(&choice(Some("kind")), 0, &tables, false).unwrap();
        assert_eq!(loaded.targets, ["size", "kind"]);
    }

    #[test]
    fn all_columns_are_offered_as_inputs_those_that_are_not_used_too() {
        let tables = Tables::default();
        let content = "a,b,c,y\n".to_owned() + &"1,2,5,k\n2,1,3,l\n3,5,2,k\n".repeat(5);
        tables.add("rows.csv".to_owned(), content.into()).unwrap();
        for (name, target, drop, all) in [
            ("rows.csv", Some("y"), "b", &["a", "b", "c"][..]),
            ("circles", None, "x", &["x", "y"]),
        ] {
            let choice = DataChoice {
                name: Some(name.to_owned()),
                target: target.map(ToOwned::to_owned),
                drop: Some(vec![drop.to_owned()]),
                ..DataChoice::default()
            };
            let loaded = load(&choice, 0, &tables, false).unwrap();
            assert_eq!(loaded.input_columns, all);
            assert_eq!(loaded.choice.drop, choice.drop);
            let squares: Vec<_> = all.iter().map(|name| format!("{name}^2")).collect();
            let has_squares = loaded.derivable.starts_with(&squares);
            assert_eq!(has_squares, all.len() == 2, "{:?}", loaded.derivable);
            let used = loaded.dataset.table.feature_names();
            let others: Vec<_> = all.iter().filter(|name| **name != drop).collect();
            assert_eq!(used.iter().collect::<Vec<_>>(), others);
        }
        let choice = DataChoice {
            name: Some("circles".to_owned()),
            drop: Some(vec!["z".to_owned()]),
            ..DataChoice::default()
        };
        let failure = load(&choice, 0, &tables, false).err().unwrap();
        assert_eq!(
            failure.message,
            "`circles` has no column `z`; its columns are `x`, `y`"
        );
    }
}
