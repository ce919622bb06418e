use super::*;
use crate::run::loading::unchanged;

fn finish(run: RunDirectory, file: &str) -> PathBuf {
    let write = |folder: &Path, _: &Path| -> Result<(), Error> {
        fs::write(folder.join("model.json"), r#"{"format_version": 3}"#).unwrap();
        fs::write(folder.join(file), "").unwrap();
        Ok(())
    };
    run.keep(write).unwrap().0
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_run_that_is_not_kept_leaves_nothing_behind_but_what_others_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("run");
    let run = RunDirectory::create(&target, false).unwrap();
    fs::write(run.path().join("config.toml"), "half").unwrap();
    drop(run);
    assert!(names(folder.path()).is_empty());

    let run = RunDirectory::create(&target, false).unwrap();
    fs::write(run.path().join("notes.txt"), "mine").unwrap();
    drop(run);
    assert_eq!(names(&target), ["notes.txt"]);
}

#[test]
fn an_existing_run_is_replaced_only_by_force_and_only_when_the_new_one_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("run");
    finish(RunDirectory::create(&target, false).unwrap(), "old");

    let refused = RunDirectory::create(&target, false);
    assert!(matches!(refused, Err(Error::RunExists { .. })));

    drop(RunDirectory::create(&target, true).unwrap());
    assert_eq!(names(&target), ["model.json", "old"]);

    let path = finish(RunDirectory::create(&target, true).unwrap(), "summary.json");
    assert_eq!(path, target);
    assert_eq!(names(&target), ["model.json", "summary.json"]);
    // The file `old` is none that a training writes.
    assert_eq!(names(&folder.path().join("run.old")), ["old"]);
    assert_eq!(names(folder.path()), ["run", "run.old"]);
}

#[test]
fn of_two_trainings_that_replace_a_run_the_later_one_is_kept_beside() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("run");
    finish(
        RunDirectory::create(&target, false).unwrap(),
        "summary.json",
    );
    let first = RunDirectory::create(&target, true).unwrap();
    let second = RunDirectory::create(&target, true).unwrap();
    assert_eq!(finish(first, "first"), target);
    let beside = finish(second, "second");
    assert_eq!(beside, folder.path().join("run-2"));
    assert_eq!(names(&target), ["first", "model.json"]);
    assert_eq!(names(&beside), ["model.json", "second"]);
    assert_eq!(names(folder.path()), ["run", "run-2"]);
}

#[test]
fn a_run_whose_folder_is_removed_or_replaced_meanwhile_is_kept_beside() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("run");
    let run = RunDirectory::create(&target, false).unwrap();
    fs::remove_dir_all(&target).unwrap();
    fs::create_dir(&target).unwrap();
    fs::write(target.join("thesis.tex"), "").unwrap();
    let kept = finish(run, "new");
    assert_eq!(kept, folder.path().join("run-2"));
    assert_eq!(names(&target), ["thesis.tex"]);
}

#[test]
fn a_run_is_kept_when_the_folder_around_it_is_moved() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a/b/run");
    let run = RunDirectory::create(&target, false).unwrap();
    fs::rename(folder.path().join("a"), folder.path().join("moved")).unwrap();
    let kept = finish(run, "new");
    assert_eq!(kept, folder.path().join("a/b/run-2"));
    assert!(kept.join("new").is_file());
}

#[test]
fn a_folder_in_which_another_program_trains_is_refused_even_by_force() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("run");
    let run = RunDirectory::create(&target, false).unwrap();
    let refused = RunDirectory::create(&target, true);
    assert!(matches!(refused, Err(Error::BeingTrained { .. })));
    drop(run);
    assert!(RunDirectory::create(&target, false).is_ok());
}

#[test]
fn a_folder_that_is_not_a_run_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "").unwrap();

    let refused = RunDirectory::create(folder.path(), true);

    assert!(matches!(refused, Err(Error::NotARun { .. })));
}

#[test]
fn simultaneous_trainings_get_different_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let first = RunDirectory::create_numbered(folder.path(), "iris-mlp").unwrap();
    let second = RunDirectory::create_numbered(folder.path(), "iris-mlp").unwrap();
    drop(first);
    finish(second, "file");
    assert_eq!(names(folder.path()), ["iris-mlp-2"]);
}

#[test]
fn numbered_runs_count_up() {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=3 {
        let run = RunDirectory::create_numbered(folder.path(), "iris-mlp").unwrap();
        let path = finish(run, "file");
        assert_eq!(path, folder.path().join(format!("iris-mlp-{number}")));
    }
}

#[test]
fn a_run_that_is_replaced_while_it_is_read_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("run");
    finish(RunDirectory::create(&target, false).unwrap(), "old");
    let mut reads = 0;
    let found = unchanged(&target, || {
        reads += 1;
        let found = names(&target);
        if reads == 1 {
            finish(RunDirectory::create(&target, true).unwrap(), "new");
        }
        Ok::<_, Error>(found)
    });
    assert_eq!(found.unwrap(), ["model.json", "new"]);
    assert_eq!(reads, 2);
}

#[test]
fn a_training_that_goes_on_is_found_beside_its_run_and_what_belongs_to_others_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let begun = |name: &str, lock: &str, config: Option<&str>| {
        fs::create_dir(path(name)).unwrap();
        fs::write(path(name).join(LOCK_FILE), lock).unwrap();
        if let Some(config) = config {
            fs::write(path(name).join(CONFIG_FILE), config).unwrap();
        }
    };
    let run = path("run");
    let config = "dataset = 'iris'\n[training]\nepochs = 5\n";
    let longer = config.replace('5', "9");
    let mark = format!("{LOCK_TEXT}{}", text_of_replacement(&run));
    begun("run", LOCK_TEXT, Some(config));
    // A run of its own, one that was killed at once, one that is to replace another run, and the one.
    begun("run.new", LOCK_TEXT, Some(&longer));
    begun("run.new-2", &mark, None);
    let other = format!("{LOCK_TEXT}{}", text_of_replacement(&path("other")));
    begun("run.new-3", &other, Some(&longer));
    begun("run.new-4", &mark, Some(&longer));

    assert_eq!(continued(&run), Some(path("run.new-4")));

    assert_eq!(
        names(folder.path()),
        ["run", "run.new", "run.new-3", "run.new-4"]
    );
    fs::remove_dir_all(path("run.new-4")).unwrap();
    assert_eq!(continued(&run), None);
}
