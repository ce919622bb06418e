"""Whole runs of the trainer's peers, from a cold start to a saved model.

    python whole_run.py scikit-learn iris
    python whole_run.py scikit-learn adult.csv
    python whole_run.py torch adult.csv
    python whole_run.py torch MNIST_DIR 784-512-10 EPOCHS

Each run splits, prepares, trains, evaluates and saves as `trainer train` does, with the same sizes.
The last one prints the seconds of an epoch of a plain loop over batches in memory.
"""

import gzip
import pickle
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def split(labels):
    """The training, validation and test rows: 60, 20 and 20 %."""
    from sklearn.model_selection import train_test_split

    rows = np.arange(len(labels))
    rest, test = train_test_split(rows, test_size=0.2, stratify=labels, random_state=0)
    train, valid = train_test_split(
        rest, test_size=0.25, stratify=labels[rest], random_state=0
    )
    return train, valid, test


def table(path):
    """The encoded inputs and the labels of a table whose last column is the class."""
    import pandas as pd
    from sklearn.compose import make_column_transformer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    data = pd.read_csv(path, na_values="?")
    labels = pd.factorize(data.pop(data.columns[-1]), sort=True)[0]
    numbers = data.select_dtypes("number").columns
    names = data.columns.difference(numbers)
    encoder = make_column_transformer(
        (StandardScaler(), numbers),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), names),
    )
    parts = split(labels)
    encoder.fit(data.iloc[parts[0]])
    inputs = [encoder.transform(data.iloc[rows]).astype(np.float32) for rows in parts]
    return inputs, [labels[rows] for rows in parts]


def iris():
    from sklearn.datasets import load_iris
    from sklearn.preprocessing import StandardScaler

    data = load_iris()
    parts = split(data.target)
    scaler = StandardScaler().fit(data.data[parts[0]])
    inputs = [scaler.transform(data.data[rows]).astype(np.float32) for rows in parts]
    return inputs, [data.target[rows] for rows in parts]


def mnist(folder):
    def read(name, header):
        with gzip.open(Path(folder) / f"{name}.gz") as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)

    images = read("train-images-idx3-ubyte", 16).reshape(-1, 784)
    labels = read("train-labels-idx1-ubyte", 8).astype(np.int64)
    return images.astype(np.float32) / 255, labels


def scikit_learn(source):
    from sklearn.metrics import accuracy_score
    from sklearn.neural_network import MLPClassifier

    inputs, labels = iris() if source == "iris" else table(source)
    small = source == "iris"
    model = MLPClassifier(
        (64, 64),
        batch_size=16 if small else 128,
        max_iter=100 if small else 20,
        n_iter_no_change=1000,
    )
    model.fit(inputs[0], labels[0])
    for rows, truth in zip(inputs, labels, strict=True):
        print(accuracy_score(truth, model.predict(rows)))
    with tempfile.TemporaryFile() as file:
        pickle.dump(model, file)


def train_torch(model, inputs, labels, batch_size, epochs):
    import torch

    optimizer = torch.optim.AdamW(model.parameters(), lr=0.001, weight_decay=1.0)
    criterion = torch.nn.CrossEntropyLoss()
    for _ in range(epochs):
        begun = time.perf_counter()
        order = torch.randperm(len(inputs))
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            optimizer.zero_grad()
            criterion(model(inputs[rows]), labels[rows]).backward()
            optimizer.step()
        print(f"epoch {time.perf_counter() - begun:.3f} s")


def torch_network(sizes):
    from torch import nn

    layers = []
    for d_in, d_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [nn.Linear(d_in, d_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def torch_run(source, sizes=None, epochs=20):
    import torch

    torch.set_num_threads(2)
    if sizes:
        inputs, labels = mnist(source)
        model = torch_network([int(size) for size in sizes.split("-")])
        inputs, labels = torch.from_numpy(inputs), torch.from_numpy(labels)
        train_torch(model, inputs[:54_000], labels[:54_000], 128, int(epochs))
        return
    inputs, labels = table(source)
    inputs = [torch.from_numpy(part) for part in inputs]
    labels = [torch.from_numpy(part) for part in labels]
    model = torch_network([inputs[0].shape[1], 64, 64, 2])
    train_torch(model, inputs[0], labels[0], 128, epochs)
    with torch.no_grad(), tempfile.TemporaryFile() as file:
        for part, truth in zip(inputs, labels, strict=True):
            print((model(part).argmax(1) == truth).float().mean().item())
        torch.save(model.state_dict(), file)


if __name__ == "__main__":
    {"scikit-learn": scikit_learn, "torch": torch_run}[sys.argv[1]](*sys.argv[2:])
