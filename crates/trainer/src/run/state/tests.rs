use super::*;

const CONFIG: &str = "dataset = 'iris'\nseed = 0\n[model]\nname = 'mlp'\n";

/// A folder with such files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn a_run_is_known_by_what_only_this_program_writes() {
    for files in [
        &[("lock", LOCK_TEXT)][..],
        &[("lock", ""), ("config.toml", CONFIG)],
        &[("model.json", r#"{"format_version": 1}"#)],
        &[("fold-1/model.json", r#"{"format_version": 3}"#)],
        &[("model.json", ""), ("config.toml", CONFIG)],
    ] {
        assert!(is_run(folder(files).path()), "{files:?}");
    }
    for files in [
        &[("lock", "")][..],
        &[("config.toml", CONFIG)],
        &[("lock", "4711"), ("config.toml", "k = 1")],
        &[
            ("model.json", r#"{"format": "layers-model"}"#),
            ("config.toml", "k = 1"),
            ("metrics.csv", "a"),
            ("report.html", "h"),
        ],
    ] {
        let folder = folder(files);
        assert!(!is_run(folder.path()), "{files:?}");
        remove_unfinished(folder.path()).unwrap();
        for (name, content) in files {
            let found = fs::read_to_string(folder.path().join(name)).unwrap();
            assert_eq!(found, *content, "{name}");
        }
    }
}

#[test]
fn a_model_without_a_summary_is_no_training_that_was_killed() {
    let alone = [("model.json", r#"{"format_version": 3}"#)];
    let summary = |text| ("summary.json", text);
    let of = |files: &[(&str, &str)]| State::of(folder(files).path());
    assert_eq!(of(&alone), Some(State::ModelOnly));
    assert_eq!(of(&[alone[0], summary("{")]), Some(State::ModelOnly));
    assert_eq!(of(&[alone[0], summary("{}")]), Some(State::Complete));
    assert_eq!(of(&[alone[0], ("lock", "")]), Some(State::Unfinished));

    let kept = folder(&alone);
    remove_unfinished(kept.path()).unwrap();
    assert!(kept.path().join("model.json").is_file());
}

#[test]
fn what_others_put_into_a_run_stays_when_it_is_removed() {
    let theirs = [
        "pictures/holiday.png",
        "checkpoint/my.safetensors",
        "member-photos/metrics.csv",
        "member-2/notes.txt",
    ];
    let ours = [
        "metrics.csv",
        "pictures/win_map.svg",
        "checkpoint/training.safetensors",
        "member-1/metrics.csv",
        "member-2/checkpoint/training.safetensors",
    ];
    let files: Vec<(&str, &str)> = theirs.iter().chain(&ours).map(|name| (*name, "")).collect();
    let folder = folder(&files);
    let run = folder.path();
    fs::write(run.join("lock"), LOCK_TEXT).unwrap();

    let error = remove_unfinished(run).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DirectoryNotEmpty);

    for name in theirs {
        assert!(run.join(name).is_file(), "{name}");
    }
    for name in ours {
        assert!(!run.join(name).exists(), "{name}");
    }
    assert!(!run.join("member-1").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_behind_a_link() {
    use std::os::unix::fs::symlink;

    let other = folder(&[
        ("lock", LOCK_TEXT),
        ("config.toml", CONFIG),
        ("checkpoint/training.safetensors", ""),
        ("metrics.csv", ""),
    ]);
    let runs = tempfile::tempdir().unwrap();
    let link = runs.path().join("link");
    symlink(other.path(), &link).unwrap();
    assert_eq!(State::of(&link), Some(State::Unfinished));
    assert!(remove_unfinished(&link).is_err());

    let run = runs.path().join("run");
    fs::create_dir(&run).unwrap();
    fs::write(run.join("lock"), LOCK_TEXT).unwrap();
    symlink(other.path().join("checkpoint"), run.join("checkpoint")).unwrap();
    symlink(other.path(), run.join("member-1")).unwrap();
    assert!(!has_checkpoint(&run));
    remove_checkpoints(&run);
    assert!(remove_unfinished(&run).is_err());

    for name in [
        "lock",
        "config.toml",
        "metrics.csv",
        "checkpoint/training.safetensors",
    ] {
        assert!(other.path().join(name).is_file(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    let folder = folder(&[("fold-1/model.json", "")]);
    for name in ["lock", "config.toml", "model.json", "summary.json"] {
        let status = std::process::Command::new("mkfifo")
            .arg(folder.path().join(name))
            .status();
        assert!(status.unwrap().success());
    }
    assert_eq!(State::of(folder.path()), None);
    assert!(!is_being_trained(folder.path()));
}
