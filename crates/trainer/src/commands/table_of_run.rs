use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use mlp_datasets::{Dataset, Partition, ReadOptions, Scaling, SplitName, read_table};
use mlp_inference::SavedModel;
use strum::VariantArray;

use crate::data::{announce_test, load_named_by_run, load_to_evaluate, source};
use crate::escaped::stderr;
use crate::report::warnings;
use crate::summary::PredictionSummary;
use crate::{Error, TrainingConfig, built_in};

/// The table that a run is evaluated or explained on: that of its training, or another one.
#[derive(Args, Clone, Debug)]
pub struct TableOfRun {
    /// Another data set or table, all of whose rows are then taken as `test`, without weights. The
    /// rows of the training are recognised and split as they were [default: that of the training]
    dataset: Option<String>,
    /// Folder of the IDX files of `mnist` and `idx` [default: the one used in training]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Further text that means "missing", besides what did in training, in all columns or, as COLUMN=VALUE,
    /// in one
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Go on although no value of a column was there in training
    #[arg(long)]
    allow_unknown: bool,
    /// Sheet of a workbook to read, by its name or its number from 1 [default: that of the training, or
    /// the first one with a table]
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
}

impl TableOfRun {
    /// The data set or table, if another one than that of the training is named.
    pub fn name(&self) -> Option<&str> {
        self.dataset.as_deref()
    }

    /// Whether the data set is named as in training, in any spelling of its path.
    pub fn names_training(&self, config: &TrainingConfig) -> bool {
        let name = self.dataset.as_deref().unwrap_or(config.dataset());
        let absolute = |path: &str| fs::canonicalize(path).ok();
        let is_same_file = || {
            let path = absolute(name);
            path.is_some() && path == absolute(config.dataset())
        };
        let is_same_sheet = self.sheet.is_none() || self.sheet == config.table().sheet;
        is_same_sheet && (name == config.dataset() || built_in(name).is_none() && is_same_file())
    }

    /// Whether nothing is asked for but the table of the training as it was read then.
    pub fn is_default(&self) -> bool {
        let has_none = self.dataset.is_none() && self.data_dir.is_none() && self.sheet.is_none();
        has_none && self.missing.is_empty() && !self.allow_unknown
    }

    /// The data set, and whether its rows are split as in training: they are if they are those of the
    /// training, wherever they are read from.
    pub fn load_and_recognise(
        &self,
        config: &TrainingConfig,
        model: &SavedModel,
        trained: &PredictionSummary,
    ) -> Result<(Dataset, bool), Error> {
        let is_named = self.names_training(config);
        let dataset = self.load(config, model, is_named)?;
        let features = model.preprocessor().column_names();
        let is_equal = match &trained.fingerprint {
            Some(fingerprint) => *fingerprint == dataset.fingerprint(&features),
            None => is_named,
        };
        // Read with another test file or other columns, it would be split otherwise.
        let is_split_alike = |dataset: &Dataset| {
            trained.split_fingerprint.is_none()
                || trained.split_fingerprint == dataset.split_fingerprint()
        };
        match (is_named, is_equal) {
            (true, _) if !is_equal || !is_split_alike(&dataset) => {
                warn_of_change();
                Ok((dataset, true))
            }
            (false, true) => {
                let _ = writeln!(
                    stderr(),
                    "these are the rows of the training, so they are split as they were then"
                );
                let by_column = !config.table().split.is_empty();
                let dataset = if by_column {
                    self.load(config, model, true)?
                } else {
                    dataset
                };
                if !is_split_alike(&dataset) {
                    warn_of_change();
                }
                Ok((dataset, true))
            }
            (is_named, _) => Ok((dataset, is_named)),
        }
    }

    /// Loads the data set. That of the training is read as it was then, so that its rows are split alike;
    /// but the kinds of its columns, and which of them are left out, are those that the model knows.
    pub fn load(
        &self,
        config: &TrainingConfig,
        model: &SavedModel,
        is_training: bool,
    ) -> Result<Dataset, Error> {
        let mut options = config.load_options();
        options.data_dir = self.data_dir.clone().or(options.data_dir);
        options.download = false;
        let name = self.dataset.as_deref().unwrap_or(config.dataset());
        let schema = model.schema();
        let mut read = ReadOptions {
            dialect: schema.dialect.clone(),
            model: Some(schema),
            ..config.table().without_kinds().read_options()?
        };
        read.dialect.missing.extend(self.missing.clone());
        if model.clustering().is_none() {
            read.target = model.target_names();
            read.task = Some(model.task());
        }
        if !is_training {
            (read.split, read.group, read.time, read.test) = (None, None, None, None);
            read.weight = None;
        }
        let sheet = self.sheet(config);
        let dataset = match &self.dataset {
            Some(_) => {
                announce_test(&read)?;
                load_to_evaluate(name, sheet, &options, &read)?
            }
            None => load_named_by_run(name, sheet, &options, &read)?,
        };
        let _ = warnings::write_notes(&mut stderr(), &dataset.notes);
        if !is_training {
            self.check_values(model, &dataset)?;
        }
        Ok(dataset)
    }

    /// The sheet to read.
    fn sheet<'a>(&'a self, config: &'a TrainingConfig) -> Option<&'a str> {
        let trained_on = config.table().sheet.as_ref();
        let trained_on = trained_on.filter(|_| self.names_training(config));
        self.sheet.as_ref().or(trained_on).map(String::as_str)
    }

    /// The table of the training, read with the same options.
    pub fn of_training(&self) -> Self {
        Self {
            dataset: None,
            sheet: None,
            ..self.clone()
        }
    }

    /// Loads the columns that a model needs of another table than that of the training, which need not have a
    /// target.
    pub fn load_features(
        &self,
        config: &TrainingConfig,
        model: &SavedModel,
    ) -> Result<Dataset, Error> {
        let name = self.dataset.as_deref().unwrap_or(config.dataset());
        if built_in(name).is_some() {
            return self.load(config, model, false);
        }
        let mut schema = model.schema();
        schema.dialect.missing.extend(self.missing.clone());
        let table = read_table(&source(name, self.sheet(config))?, &schema)?;
        let dataset = Dataset::new(name, table, Partition::Whole, Scaling::None);
        self.check_values(model, &dataset)?;
        Ok(dataset)
    }

    /// Counts values that were not seen in training, and refuses columns without any that was.
    fn check_values(&self, model: &SavedModel, dataset: &Dataset) -> Result<(), Error> {
        let preprocessor = model.preprocessor();
        if !self.allow_unknown {
            preprocessor.check_known(&dataset.table)?;
        }
        let unseen = preprocessor.unseen_values(&dataset.table)?;
        let _ = warnings::warn_of_unseen_values(&mut stderr(), &unseen);
        Ok(())
    }
}

/// The rows of a data set by their use: those of the training are split as they were then, and all rows of
/// another one are for testing.
///
/// # Errors
///
/// If they cannot be split as in training.
pub fn splits(
    config: &TrainingConfig,
    dataset: &Dataset,
    is_training: bool,
) -> Result<Vec<(SplitName, Vec<usize>)>, Error> {
    let all_rows = || (0..dataset.table.num_rows()).collect();
    if is_training && config.is_of_all_rows() {
        return Ok(vec![(SplitName::Train, all_rows())]);
    }
    if !is_training {
        return Ok(vec![(SplitName::Test, all_rows())]);
    }
    let split = config.split(dataset)?;
    let names = SplitName::VARIANTS.iter();
    Ok(names
        .map(|&name| (name, name.rows(&split).to_vec()))
        .collect())
}

/// Says that rows of the training may be tested.
pub fn warn_of_change() {
    let _ = writeln!(
        stderr(),
        "warning: the table has changed since training, so its rows are split anew: test rows may have \
         been trained on"
    );
}
