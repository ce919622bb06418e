use std::io::Write;

use clap::Args;
use mlp_datasets::BuiltIn;
use strum::VariantArray;

/// List the built-in data sets.
#[derive(Args, Debug)]
pub struct DatasetsCommand {}

impl DatasetsCommand {
    #[allow(clippy::unused_self)] // Like the other commands.
    pub(super) fn run(self, out: &mut impl Write) -> anyhow::Result<()> {
        writeln!(
            out,
            "{:<20}{:>7}{:>10}{:>9}  {:<16}description and source",
            "name", "rows", "features", "classes", "task"
        )?;
        let number = |number: Option<usize>| number.map_or("-".to_owned(), |n| n.to_string());
        for &dataset in BuiltIn::VARIANTS {
            writeln!(
                out,
                "{:<20}{:>7}{:>10}{:>9}  {:<16}{}; {}",
                dataset.name(),
                number(dataset.rows()),
                number(dataset.num_features()),
                number(dataset.num_classes()),
                dataset.task().to_string(),
                dataset.description(),
                dataset.source(),
            )?;
        }
        Ok(())
    }
}
