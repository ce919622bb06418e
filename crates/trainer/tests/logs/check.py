"""Reads the curves of trainings back by TensorBoard's and MLflow's own readers, and compares them with the runs' files.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python check.py TRAINER

TRAINER is the program, such as `target/debug/trainer`. An MLflow server is started on the loopback.
"""

import csv
import json
import math
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from contextlib import closing
from pathlib import Path

os.environ["MLFLOW_TRACKING_TOKEN"] = TOKEN = "a-secret-that-nobody-may-see"

from mlflow import MlflowClient  # noqa: E402
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator  # noqa: E402

TRAINER = str(Path(sys.argv[1]).resolve())
SPLITS = ("train", "valid")


def free_port():
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A real MLflow server, with its data in a folder."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(folder / "server.log", "w")
        store = f"sqlite:///{folder}/mlflow.db"
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--backend-store-uri", store, "--workers", "1"]
        command += ["--default-artifact-root", str(folder / "artifacts")]
        # In a group of its own, since it has workers.
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True, cwd=folder
        )
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1):
                    break
            except OSError:
                time.sleep(0.2)
        else:
            sys.exit(f"the MLflow server does not start: {(folder / 'server.log').read_text()}")
        self.client = MlflowClient(tracking_uri=self.url)

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def command(*arguments):
    return [TRAINER, *map(str, arguments)]


def train(*arguments, code=0):
    """Trains; what it says on stderr."""
    done = subprocess.run(command("train", "--no-tui", *arguments), capture_output=True, text=True)
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    assert TOKEN not in done.stderr + done.stdout
    return done.stderr


def curve(path):
    """The curves of a file by their names: value by epoch."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in rows[0] if name != "epoch"]
    curves = {name: {int(row["epoch"]): float(row[name]) for row in rows} for name in columns}
    # What was not measured in an epoch has no point.
    return {
        name: {epoch: value for epoch, value in values.items() if not math.isnan(value)}
        for name, values in curves.items()
    }


def single(value):
    """In single precision, as an event file has it."""
    return struct.unpack("f", struct.pack("f", value))[0]


def events(folder):
    """The curves in a folder of event files, as TensorBoard reads them: a list of points for each name."""
    files = [path for path in Path(folder).iterdir() if path.is_file()]
    assert len(files) == 1, files
    reader = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    reader.Reload()
    return {tag: reader.Scalars(tag) for tag in reader.Tags()["scalars"]}


def check_tensorboard(file, folder):
    """Compares the learning curve in a file with event files."""
    for name, values in curve(file).items():
        rows = name.split("_")[0]
        tag = name.removeprefix(f"{rows}_") if rows in SPLITS else name
        points = events(folder / (rows if rows in SPLITS else "train")).get(tag, [])
        found = [(point.step, point.value) for point in points]
        expected = [(epoch, single(value)) for epoch, value in values.items()]
        assert found == expected, (folder, name, found[:3], expected[:3], len(found), len(expected))
        times = [point.wall_time for point in points]
        assert times == sorted(times), (folder, name)
    print(f"  TensorBoard shows {file.parent.name}/{file.name}: {len(values)} epochs")


def check_mlflow(server, file, run, prefix=""):
    """Compares the learning curve in a file with the metrics of a run."""
    for name, values in curve(file).items():
        points = server.client.get_metric_history(run, prefix + name)
        found = [(point.step, point.value) for point in points]
        assert found == list(values.items()), (run, name, found[:3], len(found), len(values))
    print(f"  MLflow shows {file.parent.name}/{file.name}: {len(values)} epochs")


def mlflow_run(server, folder):
    record = json.loads((folder / "log.json").read_text())
    assert record["mlflow"]["address"] == server.url
    return server.client.get_run(record["mlflow"]["run"])


def parts(server, run):
    """The runs below a run by the names of their parts."""
    query = f"tags.`mlflow.parentRunId` = '{run.info.run_id}'"
    found = server.client.search_runs([run.info.experiment_id], query)
    return {one.data.tags["trainer.part"]: one for one in found}


def check_secrets(folder):
    for path in Path(folder).rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes(), path


def flat(table, prefix=""):
    """A table of TOML by its dotted names, with the leaves as they are."""
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def check_one(server):
    print("one training")
    run = Path("iris")
    train("iris", "--epochs", 30, "--log", "tensorboard", "--log", f"mlflow={server.url}", "--output", run)
    check_tensorboard(run / "metrics.csv", run / "tensorboard")
    found = mlflow_run(server, run)
    check_mlflow(server, run / "metrics.csv", found.info.run_id)
    summary = json.loads((run / "summary.json").read_text())
    shown = events(run / "tensorboard" / "test")
    for name, value in summary["metrics"]["test"].items():
        assert found.data.metrics[f"test_{name}"] == value, name
        [point] = shown[name]
        assert (point.step, point.value) == (summary["best_epoch"], single(value)), name
    assert found.data.metrics["best_epoch"] == summary["best_epoch"]
    assert found.info.status == "FINISHED" and found.info.run_name == "iris"
    assert server.client.get_experiment(found.info.experiment_id).name == "iris"
    settings = dict(flat(tomllib.loads((run / "config.toml").read_text())))
    assert set(settings) == set(found.data.params), set(settings) ^ set(found.data.params)
    for name in ("seed", "training.epochs", "training.learning_rate", "model.name"):
        assert found.data.params[name] == str(settings[name]), name
    tags = found.data.tags
    assert tags["trainer.command"].startswith("trainer train --no-tui iris --epochs 30")
    assert tags["trainer.version"] and len(tags["trainer.data_fingerprint"]) > 16
    check_secrets(run)


def start(*arguments):
    arguments = command("train", "--no-tui", *arguments)
    return subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def wait_for_epochs(run, epochs):
    for _ in range(1_200):
        if (run / "metrics.csv").exists() and len((run / "metrics.csv").read_text().splitlines()) > epochs:
            return
        time.sleep(0.05)
    sys.exit(f"`{run}` has no {epochs} epochs after a minute")


def check_resumed(server):
    long = ["adult", "--model", "mlp", "--hidden", 64, "--epochs", 12, "--patience", 100]
    logs = ["--log", "tensorboard", "--log", f"mlflow={server.url}"]
    for how, status in ((signal.SIGKILL, "RUNNING"), (signal.SIGINT, "KILLED")):
        print(f"a training that is ended by {how.name}, and goes on")
        run = Path(f"resumed-{how.name}")
        process = start(*long, *logs, "--output", run)
        wait_for_epochs(run, 4)
        process.send_signal(how)
        process.communicate()
        before = mlflow_run(server, run)
        assert before.info.status == status, before.info.status
        # Event files go on even without the option.
        said = train("--resume", run, *logs[2:])
        assert "note:" not in said, said
        check_tensorboard(run / "metrics.csv", run / "tensorboard")
        after = mlflow_run(server, run)
        assert after.info.run_id == before.info.run_id and after.info.status == "FINISHED"
        check_mlflow(server, run / "metrics.csv", after.info.run_id)
        assert not list(Path().glob(f"{run}.*")), "something is left of the run that was replaced"
    print("a training whose log begins when it goes on")
    said = train("--resume", run, "--epochs", 14)
    assert f"--log mlflow={server.url}" in said, said
    run = Path("late")
    train("iris", "--model", "mlp", "--epochs", 10, "--patience", 100, "--output", run)
    train("--resume", run, "--epochs", 20, "--log", f"mlflow={server.url}", "--log", "tensorboard=late-curves")
    check_tensorboard(run / "metrics.csv", Path("late-curves"))
    check_mlflow(server, run / "metrics.csv", mlflow_run(server, run).info.run_id)


def check_parts(server):
    logs = ["--log", "tensorboard", "--log", f"mlflow={server.url}"]
    print("folds")
    run = Path("folds")
    train("wine", "--model", "mlp", "--folds", 3, "--epochs", 15, *logs, "--output", run)
    parent = mlflow_run(server, run)
    folds = parts(server, parent)
    assert sorted(folds) == ["fold 1", "fold 2", "fold 3"], folds
    for name, fold in folds.items():
        folder = name.replace(" ", "-")
        check_tensorboard(run / folder / "metrics.csv", run / "tensorboard" / folder)
        check_mlflow(server, run / folder / "metrics.csv", fold.info.run_id)
        assert fold.info.status == "FINISHED", fold.info.status
        summary = json.loads((run / folder / "summary.json").read_text())
        assert fold.data.metrics["test_accuracy"] == summary["metrics"]["test"]["accuracy"]
    check_tensorboard(run / "metrics.csv", run / "tensorboard")
    check_mlflow(server, run / "metrics.csv", parent.info.run_id)
    spread = json.loads((run / "summary.json").read_text())["metrics"]["test"]["accuracy"]
    assert parent.data.metrics["test_accuracy_mean"] == spread["mean"]
    assert parent.data.metrics["test_accuracy_std"] == spread["std"]
    print("members")
    run = Path("members")
    train("iris", "--model", "ensemble", "--members", "mlp,resnet", "--epochs", 6, *logs, "--output", run)
    members = parts(server, mlflow_run(server, run))
    assert sorted(members) == ["member 1", "member 2"], members
    for name, member in members.items():
        folder = name.replace(" ", "-")
        check_tensorboard(run / folder / "metrics.csv", run / "tensorboard" / folder)
        check_mlflow(server, run / folder / "metrics.csv", member.info.run_id)
    print("phases of a clustering")
    run = Path("clusters")
    options = ["--model", "idec", "--clusters", 3, "--pretraining-epochs", 10, "--epochs", 10]
    train("iris", *options, *logs, "--output", run)
    found = mlflow_run(server, run)
    for phase in ("pretraining", "clustering"):
        check_tensorboard(run / f"{phase}.csv", run / "tensorboard" / phase)
        check_mlflow(server, run / f"{phase}.csv", found.info.run_id, f"{phase}/")
    summary = json.loads((run / "summary.json").read_text())
    assert found.data.metrics["silhouette"] == summary["metrics"]["silhouette"]


def check_failures(server):
    print("a server that is away, at once and later")
    nobody = f"mlflow=http://127.0.0.1:{free_port()}"
    said = train("iris", "--log", nobody, "--output", "never", code=1)
    assert "cannot be reached" in said and not Path("never").exists(), said
    run = Path("alone")
    process = start("adult", "--model", "mlp", "--epochs", 8, "--log", f"mlflow={server.url}", "--output", run)
    wait_for_epochs(run, 2)
    server.stop()
    _, said = process.communicate()
    assert process.returncode == 0, said
    warnings = [line for line in said.splitlines() if "MLflow server" in line]
    assert 1 <= len(warnings) <= 2 and "warning:" in warnings[0], said
    assert json.loads((run / "summary.json").read_text())["epochs"] == 8
    print("a disk that is full")
    if Path("/dev/full").exists():
        run = Path("full")
        folder = Path("full-curves")
        folder.mkdir()
        # A file where a folder should be.
        (folder / "train").write_text("")
        said = train("iris", "--epochs", 5, "--log", f"tensorboard={folder}", "--output", run)
        warnings = [line for line in said.splitlines() if "full-curves" in line and "warning" in line]
        assert len(warnings) == 1, said


def main():
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        server = Server(Path(folder))
        print(f"the server answers after {time.monotonic() - begin:.1f} s")
        try:
            check_one(server)
            check_resumed(server)
            check_parts(server)
            check_failures(server)
        finally:
            server.stop()
    print(f"all curves are as they should be: {time.monotonic() - begin:.1f} s")


main()
