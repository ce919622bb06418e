//! Full disks and folders that are taken away.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::program::Program;
use crate::run::is_whole;
use crate::{is_long, trainer, tries};

/// A file system of a size, until it is dropped.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    /// `None` without the right to mount one.
    fn mount(folder: &'a Path, kibibytes: usize) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let size = format!("size={kibibytes}k");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(Self(folder))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_is_an_error_or_a_warning_and_the_training_goes_on_when_there_is_room() {
    if !is_long() {
        return;
    }
    let program = Program::new();
    let train = [
        "train", "digits", "--model", "mlp", "--epochs", "40", "--json", "--output", "run",
    ];
    for number in 0..tries(0, 50) {
        let disk = program.path().join("disk");
        let Some(_disk) = Disk::mount(&disk, 8 + 16 * number) else {
            eprintln!("a file system cannot be mounted, so no disk is full");
            return;
        };
        let output = trainer(&disk, &train).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!errors.contains("panicked"), "{number}: {errors}");
        let run = disk.join("run");
        if output.status.success() {
            assert!(is_whole(&run), "{number}: {errors}");
            eprintln!(
                "{number}: complete {}",
                errors.lines().last().unwrap_or_default()
            );
            continue;
        }
        assert!(errors.contains("No space left"), "{number}: {errors}");
        assert!(!is_whole(&run), "{number}");
        eprintln!("{number}: {}", errors.lines().next().unwrap_or_default());
        if run.is_dir() {
            // Room for it is made.
            let remount = Command::new("mount")
                .args(["-o", "remount,size=64m"])
                .arg(&disk)
                .status();
            assert!(remount.unwrap().success());
            let output = trainer(&disk, &["train", "--json", "--resume", "run"])
                .output()
                .unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{number}: {errors}");
            assert!(is_whole(&run), "{number}");
        }
    }
}

#[test]
fn a_run_whose_folder_is_taken_away_is_kept_beside() {
    for replaced in [false, true] {
        let program = Program::new();
        let train = [
            "train", "digits", "--model", "mlp", "--epochs", "60", "--json", "--output", "run",
        ];
        let training = trainer(program.path(), &train).spawn().unwrap();
        let run = program.path().join("run");
        while !run.join("metrics.csv").is_file() {
            sleep(Duration::from_millis(5));
        }
        fs::rename(&run, program.path().join("moved")).unwrap();
        if replaced {
            fs::create_dir(&run).unwrap();
            fs::write(run.join("thesis.tex"), "mine").unwrap();
        }
        let output = training.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let kept = program.path().join(summary["run"].as_str().unwrap());
        assert!(is_whole(&kept), "{errors}");
        if replaced {
            assert_eq!(fs::read_to_string(run.join("thesis.tex")).unwrap(), "mine");
            assert_eq!(fs::read_dir(&run).unwrap().count(), 1);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_become_so_large_is_an_error() {
    let program = Program::new();
    let trainer = assert_cmd::cargo::cargo_bin("trainer");
    // In blocks of half a kibibyte or of a whole one; the weights alone have twenty.
    let command = format!(
        "ulimit -f 8; '{}' train iris --model mlp --epochs 3 --json --output run",
        trainer.display()
    );
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(program.path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("File too large"), "{errors}");
    assert!(!is_whole(&program.path().join("run")));
}
