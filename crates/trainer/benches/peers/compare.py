"""Accuracy, time and memory of this program and its peers with their default settings.

    python compare.py trainer [OPTIONS]     the release build (or $TRAINER), with options of `trainer train`
    python compare.py scikit-learn          MLPClassifier or MLPRegressor
    python compare.py torch                 a network of 64-64 units in a plain loop
    python compare.py boosting              HistGradientBoosting

Each data set is split three times, 80 % for training and 20 % for the test, stratified for classes.
Every program reads both parts from CSV files. Prints the mean and the standard deviation of the
accuracy or the RMSE on the test rows, and the medians of the seconds and the peak memory of the
whole process. Needs pandas, pyarrow and scikit-learn; for `torch` also torch.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
TRAINER = os.environ.get("TRAINER", ROOT / "target" / "release" / "trainer")
# The target, the task, and columns that identify rows.
DATASETS = {
    "adult": ("class", "classification", []),
    "titanic": (
        "Survived",
        "classification",
        ["PassengerId", "Name", "Ticket", "Cabin"],
    ),
    "california_housing": ("MedHouseVal", "regression", []),
}
SEEDS = range(3)
SELF = [sys.executable, __file__]


def split(dataset, seed, folder):
    """Write the training rows and the test rows of a data set as CSV files."""
    import pandas as pd
    from sklearn.model_selection import train_test_split

    target, task, identifiers = DATASETS[dataset]
    rows = pd.read_parquet(ROOT / "datasets" / f"{dataset}.parquet")
    rows = rows.drop(columns=identifiers)
    strata = rows[target] if task == "classification" else None
    parts = train_test_split(
        rows, test_size=0.2, random_state=int(seed), stratify=strata
    )
    for part, name in zip(parts, ("train", "test"), strict=True):
        part.to_csv(Path(folder) / f"{name}.csv", index=False)


def read(dataset, train, test):
    """Return the features of both parts and their targets, classes as codes."""
    import pandas as pd

    target, task, _ = DATASETS[dataset]
    parts = [pd.read_csv(path) for path in (train, test)]
    targets = [part.pop(target) for part in parts]
    if task == "classification":
        classes = sorted(targets[0].unique())
        targets = [part.map(classes.index) for part in targets]
    return parts, [part.to_numpy() for part in targets]


def encoder(ordinal=False):
    """Return an encoder of columns: one-hot and scaled, or as trees take them."""
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import (
        OneHotEncoder,
        OrdinalEncoder,
        StandardScaler,
    )

    if ordinal:
        numbers = "passthrough"
        categories = OrdinalEncoder(
            handle_unknown="use_encoded_value",
            unknown_value=-1,
            encoded_missing_value=-1,
        )
    else:
        numbers = make_pipeline(
            SimpleImputer(strategy="median"), StandardScaler()
        )
        categories = make_pipeline(
            SimpleImputer(strategy="constant", fill_value="missing"),
            OneHotEncoder(handle_unknown="ignore", sparse_output=False),
        )
    return make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (categories, make_column_selector(dtype_exclude="number")),
    )


def scikit_learn(task, seed):
    """Return a network with scikit-learn's defaults."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if task == "classification":
        model = MLPClassifier(random_state=seed)
    else:
        model = TransformedTargetRegressor(
            MLPRegressor(random_state=seed), transformer=StandardScaler()
        )
    return make_pipeline(encoder(), model)


def boosting(task, seed):
    """Return gradient boosting with scikit-learn's defaults."""
    from sklearn.ensemble import (
        HistGradientBoostingClassifier,
        HistGradientBoostingRegressor,
    )
    from sklearn.pipeline import make_pipeline

    if task == "classification":
        model = HistGradientBoostingClassifier(random_state=seed)
    else:
        model = HistGradientBoostingRegressor(random_state=seed)
    return make_pipeline(encoder(ordinal=True), model)


class Torch:
    """A 64-64 network with relu and AdamW, batches and epochs by the number of rows."""

    def __init__(self, task, seed):
        import torch

        torch.set_num_threads(2)
        torch.manual_seed(seed)
        self.classifies = task == "classification"

    def fit(self, features, targets):
        import torch
        from torch import nn

        self.encoder = encoder().fit(features)
        inputs = self.tensor(features)
        if self.classifies:
            targets = torch.tensor(targets)
            d_output, criterion = int(targets.max()) + 1, nn.CrossEntropyLoss()
        else:
            self.mean, self.std = targets.mean(), targets.std()
            targets = torch.tensor((targets - self.mean) / self.std)
            targets, d_output = targets.float()[:, None], 1
            criterion = nn.MSELoss()
        self.network = nn.Sequential(
            nn.Linear(inputs.shape[1], 64),
            nn.ReLU(),
            nn.Linear(64, 64),
            nn.ReLU(),
            nn.Linear(64, d_output),
        )
        small, large = len(inputs) < 5_000, len(inputs) >= 20_000
        epochs = 100 if small else 20 if large else 50
        batch_size = 32 if small else 128
        optimizer = torch.optim.AdamW(self.network.parameters())
        for _ in range(epochs):
            for rows in torch.randperm(len(inputs)).split(batch_size):
                optimizer.zero_grad()
                criterion(self.network(inputs[rows]), targets[rows]).backward()
                optimizer.step()
        return self

    def predict(self, features):
        import torch

        with torch.no_grad():
            outputs = self.network(self.tensor(features))
        if self.classifies:
            return outputs.argmax(1).numpy()
        return outputs[:, 0].numpy() * self.std + self.mean

    def tensor(self, features):
        import torch

        return torch.tensor(self.encoder.transform(features)).float()


PEERS = {"scikit-learn": scikit_learn, "torch": Torch, "boosting": boosting}


def peer(name, dataset, seed, train, test):
    """Train, predict, and print the accuracy or the RMSE."""
    import warnings

    warnings.filterwarnings("ignore")
    (features, unseen), (targets, truth) = read(dataset, train, test)
    task = DATASETS[dataset][1]
    predicted = (
        PEERS[name](task, int(seed)).fit(features, targets).predict(unseen)
    )
    if task == "classification":
        print(float((predicted == truth).mean()))
    else:
        print(float(((predicted - truth) ** 2).mean() ** 0.5))


def run(command):
    """Return stdout, the seconds and the peak megabytes of a process."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"failed: {command}")
        out.seek(0)
        return out.read().decode(), seconds, usage.ru_maxrss / 1024


def trainer(dataset, seed, train, test, folder, options):
    """Train and return what `run` does, with the metric for stdout."""
    target, task, _ = DATASETS[dataset]
    command = [str(TRAINER), "train", str(train), "--test", str(test)]
    command += ["--target", target, "--task", task, "--seed", str(seed)]
    command += ["--json", "--output", str(folder / "run"), *options]
    out, *rest = run(command)
    metric = "accuracy" if task == "classification" else "rmse"
    return json.loads(out)["metrics"]["test"][metric], *rest


def main():
    name, *options = sys.argv[1:]
    if name not in ("trainer", *PEERS):
        sys.exit(__doc__)
    for dataset in DATASETS:
        results = []
        for seed in SEEDS:
            with tempfile.TemporaryDirectory() as folder:
                folder = Path(folder)
                # In a separate process, since the peak memory of a process includes
                # that of its parent before it was started.
                run([*SELF, "--split", dataset, str(seed), str(folder)])
                parts = folder / "train.csv", folder / "test.csv"
                if name == "trainer":
                    result = trainer(dataset, seed, *parts, folder, options)
                else:
                    command = [*SELF, "--peer", name, dataset, str(seed)]
                    command += map(str, parts)
                    out, *rest = run(command)
                    result = float(out), *rest
                results.append(result)
        values, seconds, memory = zip(*results, strict=True)
        print(
            f"{dataset:20} {statistics.mean(values):.4f} ± {statistics.stdev(values):.4f}"
            f"{statistics.median(seconds):9.2f} s{statistics.median(memory):7.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(*sys.argv[2:])
    elif sys.argv[1:2] == ["--split"]:
        split(*sys.argv[2:])
    elif len(sys.argv) > 1:
        main()
    else:
        sys.exit(__doc__)
