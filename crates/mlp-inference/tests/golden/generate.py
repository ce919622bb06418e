"""Write metrics.json, the golden values of this crate's metrics.

The values are scikit-learn's. The seed is fixed, so a second run on the same
machine writes the same bytes; elsewhere the last digits may differ. From the
root of the repository, with numpy and scikit-learn installed:

    python crates/mlp-inference/tests/golden/generate.py
"""

import json
import math
import warnings
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


def tied_probabilities(rng, labels):
    """Return rows of two probabilities, each a multiple of a tenth."""
    of_second = (0.3 * labels + 0.7 * rng.random(len(labels))).round(1)
    return np.column_stack([1.0 - of_second, of_second])


def one_against_rest(labels, rows):
    """Return ROC AUC and average precision, of the second of two classes.

    For more classes, the mean over all of them. Both are None where the first
    is undefined, which is where a class has no rows.
    """
    n_classes = rows.shape[1]
    scores = rows[:, 1] if n_classes == 2 else rows
    roc_auc = metrics.roc_auc_score(
        labels,
        scores,
        multi_class="ovr",
        average="macro",
        labels=list(range(n_classes)),
    )
    if math.isnan(roc_auc):
        return None, None
    precision = metrics.average_precision_score(
        labels, scores, average="macro"
    )
    return float(roc_auc), float(precision)


def expected_calibration_error(labels, rows):
    """Return the error of Guo et al. (2017) with 15 bins (low, high]."""
    confidence = rows.max(axis=1)
    right = rows.argmax(axis=1) == np.asarray(labels)
    bins = np.digitize(confidence, np.arange(16) / 15, right=True)
    total = 0.0
    for number in range(1, 16):
        inside = bins == number
        if inside.any():
            gap = right[inside].mean() - confidence[inside].mean()
            total += inside.mean() * abs(gap)
    return float(total)


def classification(name, labels, rows):
    """Return one classification case."""
    classes = list(range(rows.shape[1]))
    predicted = rows.argmax(axis=1)
    f1 = {"labels": classes, "average": None, "zero_division": np.nan}
    roc_auc, average_precision = one_against_rest(labels, rows)
    return {
        "name": name,
        "n_classes": len(classes),
        "labels": [int(label) for label in labels],
        "probabilities": rows.tolist(),
        "predicted": predicted.tolist(),
        "accuracy": float(metrics.accuracy_score(labels, predicted)),
        "balanced_accuracy": float(
            metrics.balanced_accuracy_score(labels, predicted)
        ),
        "f1_macro": float(
            metrics.f1_score(labels, predicted, average="macro")
        ),
        "f1_per_class": [
            None if math.isnan(value) else float(value)
            for value in metrics.f1_score(labels, predicted, **f1)
        ],
        "roc_auc": roc_auc,
        "average_precision": average_precision,
        "log_loss": float(metrics.log_loss(labels, rows, labels=classes)),
        "expected_calibration_error": expected_calibration_error(labels, rows),
        "confusion_matrix": metrics.confusion_matrix(
            labels, predicted, labels=classes
        ).tolist(),
    }


def single(values):
    """Return the nearest numbers of single precision, as models predict."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def regression(name, targets, predictions, quantile=0.5):
    """Return one regression case; several outputs count alike in the mean."""
    targets, predictions = single(targets), single(predictions)
    return {
        "name": name,
        "n_outputs": 1 if targets.ndim == 1 else targets.shape[1],
        "quantile": quantile,
        "targets": targets.ravel().tolist(),
        "predictions": predictions.ravel().tolist(),
        "rmse": float(metrics.root_mean_squared_error(targets, predictions)),
        "mae": float(metrics.mean_absolute_error(targets, predictions)),
        "median_absolute_error": float(
            metrics.median_absolute_error(targets, predictions)
        ),
        "pinball": float(
            metrics.mean_pinball_loss(targets, predictions, alpha=quantile)
        ),
        "r2": float(metrics.r2_score(targets, predictions)),
    }


def main():
    # scikit-learn warns of the classes without rows, which are meant to be.
    warnings.filterwarnings("ignore", module="sklearn")
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
    predicted_classes = [
        ("four_classes", 4, labels, predicted),
        (
            "absent_from_labels_but_predicted",
            4,
            [0, 1, 2, 0, 1, 2, 0, 1, 2, 0],
            [0, 1, 3, 0, 2, 2, 3, 1, 2, 1],
        ),
        (
            "in_labels_but_never_predicted",
            4,
            [0, 1, 2, 3, 0, 1, 2, 3, 0, 1],
            [0, 1, 2, 0, 0, 2, 2, 1, 1, 1],
        ),
        (
            "absent_from_labels_and_never_predicted",
            4,
            [0, 1, 3, 3, 0, 1, 3, 1],
            [0, 1, 3, 0, 0, 3, 3, 1],
        ),
        ("binary", 2, binary_labels, binary_predicted),
    ]
    classifications = [
        classification(name, labels, probabilities(rng, predicted, n_classes))
        for name, n_classes, labels, predicted in predicted_classes
    ]
    binary_labels = rng.integers(2, size=30)
    ternary_labels = rng.choice(3, size=25, p=[0.6, 0.3, 0.1])
    confident = rng.dirichlet([0.3, 0.3, 0.3], size=25)
    confident[np.arange(25), ternary_labels] += 0.4
    outputs = rng.normal([1.0, -20.0], [2.0, 5.0], size=(12, 2))
    content = {
        "generated_by": f"generate.py, scikit-learn {sklearn.__version__}",
        "classification": [
            *classifications,
            classification(
                "binary_with_ties",
                binary_labels,
                tied_probabilities(rng, binary_labels),
            ),
            classification("three_classes", ternary_labels, confident / 1.4),
        ],
        "regression": [
            regression("noisy", targets, predictions),
            regression("noisy_at_quantile_0.9", targets, predictions, 0.9),
            regression(
                "constant_targets",
                constant,
                np.array([2.0, 2.5, 3.25, 2.75, 1.5]),
            ),
            regression("constant_targets_exact", constant, constant),
            regression(
                "two_outputs",
                outputs,
                outputs + rng.normal(0.5, [1.0, 2.0], size=(12, 2)),
                0.25,
            ),
        ],
    }
    with PATH.open("w", encoding="ascii", newline="\n") as file:
        json.dump(content, file, indent=1, allow_nan=False)
        file.write("\n")


if __name__ == "__main__":
    main()
