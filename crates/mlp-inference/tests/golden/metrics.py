"""Write metrics.txt, random cases of this crate's metrics.

The values are those of scikit-learn 1.9.1. The seed is fixed, so a second run
on the same machine writes the same bytes. From the root of the repository,
with numpy and scikit-learn installed:

    python crates/mlp-inference/tests/golden/metrics.py

Each line is a case: the words before `|` are given, those after it expected.

    classes K ROW… | UNKNOWN NOT_FINITE METRIC… CLASS…
    scores K ROW… | UNKNOWN NOT_FINITE METRIC… CLASS…
    numbers QUANTILE ROW… | NOT_FINITE METRIC…

A row of classes is `LABEL:DIGITS` or `LABEL:DIGITS*WEIGHT`. The label is `?`
for a class that the model does not know. Each of the K digits divided by
their sum is the probability of a class, and the first largest one is the
class predicted. A digit `n` is NaN; digits of `-` are a row without a class.
For `scores` there are no probabilities, only the classes predicted.

A row of numbers is `TARGETS:PREDICTIONS` or `TARGETS:PREDICTIONS*WEIGHT`, with
commas between the numbers of several outputs. All are of single precision.

Rows of weight 0 are left out. The number of rows of unknown classes and of
predictions that are not finite come first among what is expected, then the
metrics in the order of `Metric`, then for each class `PRECISION,RECALL,F1`.
A value that is absent is `-`; without a finite prediction, classes are too.
"""

import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics

PATH = Path(__file__).resolve().parent / "metrics.txt"

# Multiples of a quarter, whose sums and products are exact.
EXACT_WEIGHTS = ["0", "0.25", "0.5", "1", "1", "2", "3"]
WEIGHTS = ["0", "0.1", "0.3", "0.7", "1", "1.1", "2.5", "40"]


def written(value):
    """Return a value with seven digits, or `-` if there is none."""
    if value is None or np.isnan(value):
        return "-"
    return f"{value:.7g}"


def draw_weights(rng, n_rows, exact=False):
    """Return the weights of rows as text; None in half of the cases."""
    kind = rng.random()
    if kind < 0.5:
        return None
    if kind < 0.52:
        return ["0"] * n_rows
    choices = EXACT_WEIGHTS if exact or kind < 0.75 else WEIGHTS
    return list(rng.choice(choices, size=n_rows))


def draw_n_rows(rng):
    """Return 1 to 40, more often few than many."""
    return int(rng.integers(1, 5 + int(rng.choice([2, 4, 8, 8, 16, 36]))))


def rows_of_classes(rng, n_classes, n_rows):
    """Return the labels (-1 is unknown) and the digits of rows."""
    # Some classes may be absent, and some never predicted.
    shares = rng.dirichlet(np.full(n_classes, 3.0))
    if rng.random() < 0.4:
        shares[rng.integers(n_classes, size=n_classes - 1)] = 0.0
        shares[rng.integers(n_classes)] += 0.1
    labels = rng.choice(n_classes, size=n_rows, p=shares / shares.sum())
    # Few different digits make many ties.
    highest = int(rng.choice([2, 4, 10]))
    digits = rng.integers(highest, size=(n_rows, n_classes))
    if rng.random() < 0.3:
        digits[:, rng.integers(n_classes)] = 0
    helped = rng.random(n_rows) < rng.choice([0.0, 0.5, 0.9])
    digits[helped, labels[helped]] = 9
    empty = digits.sum(axis=1) == 0
    digits[empty, rng.integers(n_classes, size=empty.sum())] = 1
    if rng.random() < 0.2:
        labels[rng.random(n_rows) < 0.3] = -1
    return labels, digits


def one_against_rest(labels, rows, weights):
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
        labels=list(range(n_classes)),
        sample_weight=weights,
    )
    if np.isnan(roc_auc):
        return None, None
    precision = metrics.average_precision_score(
        labels, scores, sample_weight=weights
    )
    return roc_auc, precision


def log_loss(labels, rows, weights):
    """Return scikit-learn's, unless the probability of a label is 0.

    There scikit-learn counts it as 2^-52, and this crate as 2^-1022.
    """
    right = rows[np.arange(len(labels)), labels]
    if right.min() == 0.0:
        least = np.finfo(np.float64).tiny
        return np.average(-np.log(np.maximum(right, least)), weights=weights)
    classes = list(range(rows.shape[1]))
    return metrics.log_loss(
        labels, rows, labels=classes, sample_weight=weights
    )


def expected_calibration_error(labels, predicted, rows, weights):
    """Return the error of Guo et al. (2017) with 15 bins (low, high]."""
    confidence = rows[np.arange(len(rows)), predicted]
    right = (labels == predicted).astype(np.float64)
    bins = np.digitize(confidence, np.arange(16) / 15, right=True)
    total = 0.0
    for number in np.unique(bins):
        inside = bins == number
        share = weights[inside].sum() / weights.sum()
        accuracy = np.average(right[inside], weights=weights[inside])
        mean = np.average(confidence[inside], weights=weights[inside])
        total += share * abs(accuracy - mean)
    return total


def class_metrics(labels, digits, weights, *, probabilities):
    """Return the seven metrics and those of each class."""
    n_classes = digits.shape[1]
    predicted = digits.argmax(axis=1)
    rows = digits / digits.sum(axis=1, keepdims=True)
    known = labels >= 0
    # Unknown classes together are one more class.
    labels = np.where(known, labels, n_classes)
    weighted = {"sample_weight": weights}
    values = [
        metrics.accuracy_score(labels, predicted, **weighted),
        metrics.balanced_accuracy_score(labels, predicted, **weighted),
        metrics.f1_score(labels, predicted, average="macro", **weighted),
    ]
    if probabilities:
        ranking, loss = (None, None), None
        if known.all():
            ranking = one_against_rest(labels, rows, weights)
            loss = log_loss(labels, rows, weights)
        error = expected_calibration_error(labels, predicted, rows, weights)
        values += [*ranking, loss, error]
    else:
        values += [None] * 4
    per_class = metrics.precision_recall_fscore_support(
        labels,
        predicted,
        labels=list(range(n_classes)),
        zero_division=np.nan,
        **weighted,
    )
    return values, np.transpose(per_class[:3])


def classification(rng):
    """Return the line of a case of classes."""
    n_classes, n_rows = int(rng.integers(2, 7)), draw_n_rows(rng)
    labels, digits = rows_of_classes(rng, n_classes, n_rows)
    weights = draw_weights(rng, n_rows)
    probabilities = rng.random() < 0.9
    texts = ["".join(map(str, row)) for row in digits]
    finite = np.full(n_rows, True)
    if rng.random() < 0.07:
        row = rng.integers(n_rows)
        finite[row] = False
        texts[row] = "-" * n_classes
        if probabilities and rng.random() < 0.5:
            texts[row] = "n" + "".join(map(str, digits[row, 1:]))
    words = [
        f"{label if label >= 0 else '?'}:{text}"
        for label, text in zip(labels, texts, strict=True)
    ]
    numbers = np.ones(n_rows)
    if weights is not None:
        words = [f"{a}*{b}" for a, b in zip(words, weights, strict=True)]
        numbers = np.array(weights, dtype=np.float32).astype(np.float64)
    counted = numbers > 0.0
    unknown, not_finite = (labels[counted] < 0).sum(), (~finite[counted]).sum()
    values, per_class = [None] * 7, []
    if counted.any() and not not_finite:
        values, per_class = class_metrics(
            labels[counted],
            digits[counted],
            numbers[counted],
            probabilities=probabilities,
        )
    elif not not_finite:
        per_class = np.full((n_classes, 3), np.nan)
    expected = [str(unknown), str(not_finite), *map(written, values)]
    expected += [",".join(map(written, row)) for row in per_class]
    kind = "classes" if probabilities else "scores"
    return " ".join([kind, str(n_classes), *words, "|", *expected])


def number_metrics(targets, predictions, weights, quantile):
    """Return the five metrics; several outputs count alike in the mean."""
    given = (targets, predictions)
    weighted = {"sample_weight": weights}
    # For one row R² is undefined in scikit-learn, but that of the row twice is
    # not: equal targets have no variance to explain.
    once = (len(targets) == 1) + 1
    # The weighted mean of equal targets is off by its rounding, unless they are 0.
    shift = targets[0]
    return [
        metrics.root_mean_squared_error(*given, **weighted),
        metrics.mean_absolute_error(*given, **weighted),
        metrics.median_absolute_error(*given, **weighted),
        metrics.mean_pinball_loss(*given, alpha=quantile, **weighted),
        metrics.r2_score(
            np.repeat(targets - shift, once, axis=0),
            np.repeat(predictions - shift, once, axis=0),
            sample_weight=np.repeat(weights, once),
        ),
    ]


def short(values, step):
    """Return multiples of a step, rounded to two decimals."""
    return ((values / step).round() * step).round(2)


def regression(rng):
    """Return the line of a case of numbers."""
    n_outputs, n_rows = int(rng.integers(1, 4)), draw_n_rows(rng)
    shape = (n_rows, n_outputs)
    # Large steps make many ties.
    step = float(rng.choice([0.01, 0.1, 0.5, 5.0]))
    targets = short(rng.normal(rng.normal(0.0, 9.0), 4.0, size=shape), step)
    constant = rng.random(n_outputs) < 0.15
    targets[:, constant] = targets[0, constant]
    errors = short(rng.normal(0.0, rng.choice([0.0, 1.0, 5.0]), shape), step)
    predictions = (targets + errors).round(2)
    if rng.random() < 0.07:
        number = float(rng.choice([np.nan, np.inf, -np.inf]))
        predictions[rng.integers(n_rows), rng.integers(n_outputs)] = number
    weights = draw_weights(rng, n_rows, exact=constant.any())
    words = [
        ":".join(",".join(f"{number:g}" for number in row) for row in pair)
        for pair in zip(targets, predictions, strict=True)
    ]
    numbers = np.ones(n_rows)
    if weights is not None:
        words = [f"{a}*{b}" for a, b in zip(words, weights, strict=True)]
        numbers = np.array(weights, dtype=np.float32).astype(np.float64)
    counted = numbers > 0.0
    finite = np.isfinite(predictions).all(axis=1)
    not_finite = (~finite[counted]).sum()
    quantile = float(rng.choice([0.1, 0.25, 0.5, 0.5, 0.9]))
    values = [None] * 5
    if counted.any() and not not_finite:
        values = number_metrics(
            targets[counted], predictions[counted], numbers[counted], quantile
        )
    expected = [str(not_finite), *map(written, values)]
    return " ".join(["numbers", f"{quantile:g}", *words, "|", *expected])


def main():
    # scikit-learn warns of the classes without rows, which are meant to be.
    warnings.filterwarnings("ignore", module="sklearn")
    rng = np.random.default_rng(7)
    lines = [classification(rng) for _ in range(1200)]
    lines += [regression(rng) for _ in range(400)]
    with PATH.open("w", encoding="ascii", newline="\n") as file:
        file.write(f"# metrics.py, scikit-learn {sklearn.__version__}\n")
        file.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main()
