use std::path::{Path, PathBuf};
use std::{fs, iter};

use mlp_datasets::Source;

use super::files::CONFIG_FILE;
use super::identity::identity_of_file;
use super::written::{Folder, entries};
use crate::{Error, TrainingConfig, built_in};

/// The files that no output of a command may replace: those that it reads, those of the run, and the table of its
/// training. A file is recognised by what it is, under whatever name or link.
pub struct KeptFiles {
    run: PathBuf,
    /// Whether the run says which table it was trained on, or has no configuration that could.
    knows_table: bool,
    /// Those that the command reads.
    read: Vec<PathBuf>,
    /// The tables that the run was trained on, as one names them.
    trained_on: Vec<PathBuf>,
    /// Those of the run that the command is for.
    replaced: Vec<PathBuf>,
}

impl KeptFiles {
    /// Of a run, and of the tables that its configuration names, which is not checked otherwise.
    pub fn of(run: &Path) -> Self {
        let config = TrainingConfig::load(run);
        let knows_table = config.is_ok() || !run.join(CONFIG_FILE).exists();
        Self {
            run: run.to_owned(),
            knows_table,
            read: Vec::new(),
            trained_on: config.map_or(Vec::new(), |config| trained_on(run, &config)),
            replaced: Vec::new(),
        }
    }

    /// And of a table or built-in data set that the command reads.
    pub fn with_table(self, name: &str) -> Self {
        self.with_files(files_of(name))
    }

    /// And some files that the command reads.
    pub fn with_files(mut self, files: impl IntoIterator<Item = PathBuf>) -> Self {
        self.read.extend(files);
        self
    }

    /// But not some files of the run, which the command writes.
    pub fn but(mut self, names: &[&str]) -> Self {
        self.replaced = names.iter().map(|name| self.run.join(name)).collect();
        self
    }

    /// Checks that an output replaces none of them.
    ///
    /// # Errors
    ///
    /// Names the output; or the configuration of the run if it cannot be read, so that nobody knows which table is to
    /// stay.
    pub fn check(&self, output: &Path) -> Result<(), Error> {
        let path = || output.to_owned();
        let Some(found) = identity_of_file(output) else {
            return Ok(());
        };
        if !self.knows_table {
            TrainingConfig::load(&self.run)?;
        }
        let is_output = |file: &PathBuf| identity_of_file(file).is_some_and(|file| file == found);
        if self.read.iter().any(is_output) {
            return Err(Error::OutputIsInput { path: path() });
        }
        let mut of_run = Vec::new();
        add_files(&self.run, Folder::Training, &mut of_run);
        of_run.retain(|file| !self.replaced.contains(file));
        let is_found = |table: &PathBuf| {
            table
                .to_str()
                .is_some_and(|table| Source::finds(table, output))
        };
        if self.trained_on.iter().chain(&of_run).any(is_output)
            || self.trained_on.iter().any(is_found)
        {
            return Err(Error::OutputIsOfRun { path: path() });
        }
        Ok(())
    }

    /// The same for an output that appears as a whole, which a device or a pipe cannot.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check), and if it is standard output, a device, a pipe or a folder.
    pub fn check_replaceable(&self, output: &Path) -> Result<(), Error> {
        if output.as_os_str() == "-" || fs::metadata(output).is_ok_and(|found| !found.is_file()) {
            return Err(Error::InvalidOption {
                option: "output".to_owned(),
                value: format!("`{}`", output.display()),
                allowed: "the name of a file, and not that of a folder, a device or a pipe"
                    .to_owned(),
            });
        }
        self.check(output)
    }
}

/// The tables that a run was trained on, and the file of their kinds. A stranger's run may name all files of the
/// machine, which are not looked for.
fn trained_on(run: &Path, config: &TrainingConfig) -> Vec<PathBuf> {
    let table = config.table();
    let schema = table.schema_file.as_deref().and_then(Path::to_str);
    let named = [Some(config.dataset()), table.split.test.as_deref(), schema];
    let named = named.into_iter().flatten();
    let tables = named.filter(|name| built_in(name).is_none()).map(Path::new);
    let mut found: Vec<PathBuf> = tables.flat_map(|name| places(run, name)).collect();
    if let Some(folder) = config.load_options().data_dir {
        found.extend(places(run, &folder));
    }
    found
}

/// Where something may be that a run names: the name is relative to the folder in which the training was begun, which
/// is the current one, or likely one of those around the run.
fn places(run: &Path, name: &Path) -> Vec<PathBuf> {
    /// As in `results/2024/iris-mlp-1`.
    const MOST_LEVELS: usize = 3;
    let run = fs::canonicalize(run).unwrap_or_default();
    let around = run.ancestors().skip(1).take(MOST_LEVELS);
    let around = around.map(|folder| folder.join(name));
    iter::once(name.to_owned()).chain(around).collect()
}

/// The files of a table, unless it is built in.
fn files_of(name: &str) -> Vec<PathBuf> {
    if built_in(name).is_some() {
        return Vec::new();
    }
    let source = Source::new(name);
    source.map_or(Vec::new(), |source| source.paths())
}

/// Adds the files that a training has written into a folder and into those within it.
fn add_files(folder: &Path, is: Folder, files: &mut Vec<PathBuf>) {
    for (entry, name, kind) in entries(folder) {
        if let Some(within) = is.within(&name).filter(|_| kind.is_dir()) {
            add_files(&entry.path(), within, files);
        } else if is == Folder::Events || is.has_file(&name) {
            // Event files have names with times.
            files.push(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::files::REPORT_FILE;

    /// A run with a member.
    fn run() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in ["member-1", "checkpoint"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        for name in [
            "model.json",
            "metrics.csv",
            "report.html",
            "member-1/model.safetensors",
            "checkpoint/training.safetensors",
            "predictions.csv",
        ] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        folder
    }

    #[test]
    fn files_of_a_run_and_of_its_members_are_kept_and_others_are_not() {
        let folder = run();
        let kept = KeptFiles::of(folder.path());
        let check = |name: &str| kept.check(&folder.path().join(name));
        for name in [
            "model.json",
            "metrics.csv",
            "report.html",
            "member-1/model.safetensors",
            "member-1/../member-1/model.safetensors",
            "checkpoint/training.safetensors",
        ] {
            let error = check(name).unwrap_err();
            assert!(matches!(error, Error::OutputIsOfRun { .. }), "{name}");
        }
        check("predictions.csv").unwrap();
        check("new.csv").unwrap();
        let kept = kept.but(&[REPORT_FILE]);
        kept.check(&folder.path().join("report.html")).unwrap();
    }

    #[test]
    fn a_table_that_is_read_is_kept_under_another_name() {
        let folder = run();
        let table = folder.path().join("table.csv");
        fs::write(&table, "a\n1\n").unwrap();
        let other = folder.path().join("other.csv");
        fs::hard_link(&table, &other).unwrap();
        let kept = KeptFiles::of(folder.path()).with_table(&table.display().to_string());
        let error = kept.check(&other).unwrap_err();
        assert!(matches!(error, Error::OutputIsInput { .. }), "{error}");
    }

    #[test]
    fn without_a_configuration_that_can_be_read_nothing_is_replaced() {
        let folder = run();
        fs::write(folder.path().join(CONFIG_FILE), "dataset = ").unwrap();
        let kept = KeptFiles::of(folder.path());
        let error = kept.check(&folder.path().join("predictions.csv"));
        assert!(matches!(error, Err(Error::RunConfig { .. })), "{error:?}");
        kept.check(&folder.path().join("new.csv")).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_replaced_and_not_waited_for() {
        let folder = run();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let kept = KeptFiles::of(folder.path());
        kept.check(&pipe).unwrap();
        let error = kept.check_replaceable(&pipe).unwrap_err();
        assert!(matches!(error, Error::InvalidOption { .. }), "{error}");
    }
}
