"""Write metrics.json, the golden values of this crate's metrics.

The values are scikit-learn's. The seed is fixed, so a second run on the same
machine writes the same bytes; elsewhere the last digits may differ. From the
root of the repository, with numpy and scikit-learn installed:

    python crates/mlp-inference/tests/golden/generate.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics

PATH = Path(__file__).resolve().parent / "metrics.json"


def probabilities(rng, predicted, n_classes):
    """Return rows of probabilities, each largest at the class predicted."""
    scores = rng.random((len(predicted), n_classes))
    scores[np.arange(len(predicted)), predicted] += 1.0
    exponentials = np.exp(scores)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def classification(rng, name, n_classes, labels, predicted):
    """Return one classification case; every class counts in the macro mean."""
    classes = list(range(n_classes))
    rows = probabilities(rng, predicted, n_classes)
    f1 = {"labels": classes, "zero_division": 0}
    return {
        "name": name,
        "n_classes": n_classes,
        "labels": [int(label) for label in labels],
        "probabilities": rows.tolist(),
        "predicted": rows.argmax(axis=1).tolist(),
        "accuracy": float(metrics.accuracy_score(labels, predicted)),
        "f1_macro": float(
            metrics.f1_score(labels, predicted, average="macro", **f1)
        ),
        "f1_per_class": metrics.f1_score(
            labels, predicted, average=None, **f1
        ).tolist(),
        "log_loss": float(metrics.log_loss(labels, rows, labels=classes)),
        "confusion_matrix": metrics.confusion_matrix(
            labels, predicted, labels=classes
        ).tolist(),
    }


def regression(name, targets, predictions):
    """Return one regression case."""
    return {
        "name": name,
        "targets": targets.tolist(),
        "predictions": predictions.tolist(),
        "rmse": float(metrics.root_mean_squared_error(targets, predictions)),
        "mae": float(metrics.mean_absolute_error(targets, predictions)),
        "r2": float(metrics.r2_score(targets, predictions)),
    }


def main():
    rng = np.random.default_rng(5)
    labels = rng.integers(4, size=40)
    predicted = np.where(
        rng.random(40) < 0.7, labels, rng.integers(4, size=40)
    )
    binary_labels = rng.integers(2, size=20)
    binary_predicted = np.where(
        rng.random(20) < 0.75, binary_labels, 1 - binary_labels
    )
    targets = rng.normal(10.0, 4.0, size=30).round(3)
    predictions = (targets + rng.normal(0.5, 1.5, size=30)).round(3)
    constant = np.full(5, 2.5)
    content = {
        "generated_by": f"generate.py, scikit-learn {sklearn.__version__}",
        "classification": [
            classification(rng, "four_classes", 4, labels, predicted),
            classification(
                rng,
                "absent_from_labels_but_predicted",
                4,
                [0, 1, 2, 0, 1, 2, 0, 1, 2, 0],
                [0, 1, 3, 0, 2, 2, 3, 1, 2, 1],
            ),
            classification(
                rng,
                "in_labels_but_never_predicted",
                4,
                [0, 1, 2, 3, 0, 1, 2, 3, 0, 1],
                [0, 1, 2, 0, 0, 2, 2, 1, 1, 1],
            ),
            classification(
                rng,
                "absent_from_labels_and_never_predicted",
                4,
                [0, 1, 3, 3, 0, 1, 3, 1],
                [0, 1, 3, 0, 0, 3, 3, 1],
            ),
            classification(rng, "binary", 2, binary_labels, binary_predicted),
        ],
        "regression": [
            regression("noisy", targets, predictions),
            regression(
                "constant_targets",
                constant,
                np.array([2.0, 2.5, 3.25, 2.75, 1.5]),
            ),
            regression("constant_targets_exact", constant, constant),
        ],
    }
    with PATH.open("w", encoding="ascii", newline="\n") as file:
        json.dump(content, file, indent=1, allow_nan=False)
        file.write("\n")


if __name__ == "__main__":
    main()
