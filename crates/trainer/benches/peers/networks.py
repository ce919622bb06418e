"""Time networks for tables next to pytabkit's, with the same epochs, batches and sizes.

    python networks.py train CALIFORNIA_HOUSING.csv     all three, or those that are named
    python networks.py predict ADULT.csv                the default, and TabM with its defaults

The programs take turns, three times, with two threads each; prints the medians. The release build of the
trainer is that of the repository or $TRAINER. Needs pandas, pyarrow, scikit-learn and pytabkit.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from compare import TRAINER

ROUNDS = 3
MODELS = {
    "real-mlp": (16, ["--model", "real-mlp"]),
    "tabm": (3, ["--model", "tabm", "--num-bins", "48"]),
    "tabm-mini": (3, ["--model", "tabm-mini", "--num-bins", "48"]),
}
BATCH = 256


def trainer(*arguments):
    environment = os.environ | {"RAYON_NUM_THREADS": "2"}
    command = [TRAINER, *map(str, arguments)]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment
    ).stdout


def ours(name, path, folder):
    """Return the seconds of a training, from rows in memory to the evaluated model."""
    epochs, model = MODELS[name]
    options = ["--epochs", epochs, "--batch-size", BATCH, "--test-size", 0.01]
    options += ["--valid-size", 0.2, "--json", "--force", "--output", folder / "run"]
    summary = trainer("train", path, "--target", "MedHouseVal", *model, *options)
    return json.loads(summary)["seconds"]


def pytabkit(name, table):
    """Return the seconds of `fit`, which splits, prepares and trains."""
    import pytabkit

    epochs, _ = MODELS[name]
    shared = {"random_state": 0, "device": "cpu", "n_threads": 2, "n_epochs": epochs}
    if name == "real-mlp":
        model = pytabkit.RealMLP_TD_Regressor(batch_size=BATCH, **shared)
    else:
        # Its default has no embeddings of numbers; these are the ones of the authors' example.
        model = pytabkit.TabM_D_Regressor(
            arch_type=name,
            batch_size=BATCH,
            num_emb_type="pwl",
            num_emb_n_bins=48,
            n_blocks=2,
            share_training_batches=False,
            **shared,
        )
    start = time.perf_counter()
    model.fit(table.drop(columns="MedHouseVal"), table["MedHouseVal"].to_numpy())
    return time.perf_counter() - start


def train(path, *models):
    import pandas as pd

    table = pd.read_csv(path)
    with tempfile.TemporaryDirectory() as folder:
        for name in models or MODELS:
            times = [
                (ours(name, path, Path(folder)), pytabkit(name, table))
                for _ in range(ROUNDS)
            ]
            this, peer = map(statistics.median, zip(*times, strict=True))
            print(f"{name}: {this:.1f} s, pytabkit {peer:.1f} s, {peer / this:.1f}x")


def predict(path):
    import pandas as pd
    import pytabkit

    table = pd.read_csv(path)
    features = table.drop(columns="class")
    for column in features.select_dtypes(exclude="number"):
        features[column] = features[column].fillna("missing").astype("category")
    # On how many rows and for how long it is trained does not matter.
    peer = pytabkit.TabM_D_Classifier(
        random_state=0, device="cpu", n_threads=2, n_epochs=1
    )
    peer.fit(features[:2000], table["class"][:2000])
    with tempfile.TemporaryDirectory() as folder:
        run, output = Path(folder) / "run", Path(folder) / "predictions.csv"
        trainer(
            "train", path, "--target", "class", "--epochs", 1, "--output", run
        )
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            trainer("predict", run, path, "--output", output)
            this = time.perf_counter() - start
            start = time.perf_counter()
            peer.predict_proba(features)
            times.append((this, time.perf_counter() - start))
    this, other = map(statistics.median, zip(*times, strict=True))
    rows = len(table)
    print(
        f"{rows / this:.0f} rows a second from file to file, "
        f"pytabkit {rows / other:.0f} in memory, {other / this:.1f}x"
    )


if __name__ == "__main__":
    {"train": train, "predict": predict}[sys.argv[1]](*sys.argv[2:])
