"""Write the golden values of the tests of integrated gradients.

Writes integrated_gradients.json to the folder of this file. The networks are those of two
saved models, crates/mlp-inference/tests/formats/v3-iris-batch-norm and
v3-fruit-embedding, built anew in PyTorch in float64 with the same weights. The
rows are those of their inputs.csv, prepared here as model.json says; the
baseline is the mean of the first three. captum attributes the prediction to
the inputs, which are then summed to columns. From the root of the repository,
with torch, captum 0.9.0 and safetensors installed:

    python crates/mlp-explanations/tests/golden/integrated_gradients.py
"""

import csv
import datetime
import json
from pathlib import Path

import captum
import torch
from captum.attr import IntegratedGradients
from safetensors.torch import load_file

FORMATS = Path("crates/mlp-inference/tests/formats")
STEPS = 50
NUM_BACKGROUND = 3


def read(folder):
    """Return the description, the weights and the rows of a saved model."""
    description = json.loads((folder / "model.json").read_text())
    weights = load_file(folder / "model.safetensors")
    weights = {name: weight.double() for name, weight in weights.items()}
    with open(folder / "inputs.csv", newline="") as file:
        return description, weights, list(csv.DictReader(file))


def scaled(value, scaler):
    """Return a standardised number."""
    return (value - scaler["mean"]) / scaler["std"]


def number(feature, cell):
    """Return the inputs of a number: scaled, and whether it is missing."""
    missing = cell == ""
    value = feature["median"] if missing else float(cell)
    inputs = [scaled(value, feature["scaler"])]
    return inputs + [float(missing)] if feature["indicator"] else inputs


def date(feature, cell):
    """Return the inputs of a date: its parts, scaled."""
    epoch = datetime.datetime(1970, 1, 1)
    if cell:
        time = datetime.datetime.fromisoformat(cell)
    else:
        time = epoch + datetime.timedelta(seconds=feature["median"])
    parts = {
        "month": time.month,
        "weekday": time.isoweekday(),
        "elapsed": (time - epoch) / datetime.timedelta(days=1),
    }
    return [scaled(parts[p["part"]], p["scaler"]) for p in feature["parts"]]


def index(feature, cell):
    """Return the index of a category: 0 if it is unknown or missing."""
    names = feature["categories"]["names"]
    return names.index(cell) + 2 if cell in names else 0


def inputs(features, rows):
    """Return numbers, categories, and the column of each."""
    numbers, categories, of_numbers, of_categories = [], [], [], []
    for row in rows:
        numbers.append([])
        categories.append([])
        of_numbers, of_categories = [], []
        for feature in features:
            cell = row[feature["name"]]
            if feature["kind"] == "embedding":
                categories[-1].append(index(feature, cell))
                of_categories.append(feature["name"])
                continue
            found = {"numeric": number, "date": date}[feature["kind"]](feature, cell)
            numbers[-1].extend(found)
            of_numbers.extend([feature["name"]] * len(found))
    numbers = torch.tensor(numbers, dtype=torch.float64)
    return numbers, torch.tensor(categories), of_numbers, of_categories


def network(weights, prefix, hidden, outputs):
    """Return the network as a function of its input vector."""

    def layer(name, x):
        return x @ weights[f"{prefix}{name}.weight"] + weights[f"{prefix}{name}.bias"]

    def forward(x):
        for i in range(hidden):
            x = layer(f"hidden.{i}.linear", x)
            norm = f"{prefix}hidden.{i}.normalization"
            if f"{norm}.gamma" in weights:
                mean, var = (weights[f"{norm}.running_{of}"] for of in ("mean", "var"))
                x = (x - mean) / torch.sqrt(var + 1e-5)
                x = x * weights[f"{norm}.gamma"] + weights[f"{norm}.beta"]
            x = torch.tanh(x)
        return outputs(layer("output", x))

    return forward


def summed(attributions, columns, names):
    """Return the sum of the attributions of each column."""
    sums = []
    for row in attributions:
        sums.append(
            [sum(float(a) for a, of in zip(row, columns) if of == name) for name in names]
        )
    return sums


def iris():
    """Explain the probability of each class."""
    description, weights, rows = read(FORMATS / "v3-iris-batch-norm")
    features = description["preprocessor"]["features"]
    numbers, _, columns, _ = inputs(features, rows)
    forward = network(weights, "", 2, lambda z: torch.softmax(z, dim=1))
    baseline = numbers[:NUM_BACKGROUND].mean(dim=0, keepdim=True)
    names = [feature["name"] for feature in features]
    found = {}
    for target, name in enumerate(description["preprocessor"]["target"]["classes"]):
        attributions = IntegratedGradients(forward).attribute(
            numbers, baseline, target=target, n_steps=STEPS, method="gausslegendre"
        )
        found[name] = {
            "predictions": forward(numbers)[:, target].tolist(),
            "baseline": float(forward(baseline)[0, target]),
            "contributions": summed(attributions, columns, names),
        }
    return {"columns": names, "outputs": found}


def fruit():
    """Explain the price."""
    description, weights, rows = read(FORMATS / "v3-fruit-embedding")
    features = description["preprocessor"]["features"]
    target = description["preprocessor"]["target"]["outputs"][0]
    numbers, categories, columns, embedded = inputs(features, rows)
    vectors = weights["embedding.embedding.weight"][categories].flatten(1)
    width = vectors.shape[1] // len(embedded)
    price = network(weights, "backbone.", 1, lambda z: z * target["std"] + target["mean"])

    def forward(numbers, vectors):
        return price(torch.cat([numbers, vectors], dim=1))

    ends = (numbers, vectors)
    baselines = tuple(end[:NUM_BACKGROUND].mean(dim=0, keepdim=True) for end in ends)
    attributions = IntegratedGradients(forward).attribute(
        ends, baselines, target=0, n_steps=STEPS, method="gausslegendre"
    )
    columns = columns + [name for name in embedded for _ in range(width)]
    names = [feature["name"] for feature in features]
    return {
        "columns": names,
        "outputs": {
            target["name"]: {
                "predictions": forward(*ends)[:, 0].tolist(),
                "baseline": float(forward(*baselines)[0, 0]),
                "contributions": summed(torch.cat(attributions, dim=1), columns, names),
            }
        },
    }


def main():
    """Write all values."""
    document = {
        "generated_by": f"integrated_gradients.py, captum {captum.__version__}, "
        f"torch {torch.__version__.split('+')[0]}",
        "steps": STEPS,
        "num_background": NUM_BACKGROUND,
        "v3-iris-batch-norm": iris(),
        "v3-fruit-embedding": fruit(),
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
