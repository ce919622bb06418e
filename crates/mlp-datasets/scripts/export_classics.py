"""Write the tables of `datasets/` from the data bundled with scikit-learn.

Makes iris.csv, wine.csv, breast_cancer.csv, digits.csv.gz and diabetes.csv in
the folder given, and prints the rows, features and SHA-256 of each. Nothing is
downloaded. From the root of the repository, with numpy and scikit-learn
installed:

    python crates/mlp-datasets/scripts/export_classics.py datasets
"""

import argparse
import gzip
import hashlib
import re
from pathlib import Path

import numpy as np
from sklearn import datasets


def snake_case(name):
    """Return the name in lower-case letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def format_column(values):
    """Return the numbers as text, each the shortest that reads back."""
    if np.all(values == np.floor(values)):
        return [str(int(value)) for value in values]
    return [repr(float(value)) for value in values]


def to_csv(names, features, target_name, target):
    """Return the CSV text: a header, then the rows, the target last."""
    columns = [format_column(column) for column in features.T] + [target]
    lines = [",".join([*names, target_name])]
    lines.extend(",".join(row) for row in zip(*columns, strict=True))
    return "\n".join(lines) + "\n"


def class_names(bunch):
    """Return the name of the class of each row."""
    return [str(bunch.target_names[index]) for index in bunch.target]


def tables():
    """Yield the file name and the arguments of `to_csv` for each table."""
    iris = datasets.load_iris()
    names = [
        snake_case(name.removesuffix(" (cm)")) for name in iris.feature_names
    ]
    yield "iris.csv", (names, iris.data, "species", class_names(iris))

    wine = datasets.load_wine()
    names = [snake_case(name) for name in wine.feature_names]
    yield "wine.csv", (names, wine.data, "class", class_names(wine))

    cancer = datasets.load_breast_cancer()
    names = [snake_case(name) for name in cancer.feature_names]
    yield (
        "breast_cancer.csv",
        (names, cancer.data, "diagnosis", class_names(cancer)),
    )

    digits = datasets.load_digits()
    yield (
        "digits.csv.gz",
        (
            digits.feature_names,
            digits.data,
            "digit",
            class_names(digits),
        ),
    )

    diabetes = datasets.load_diabetes(scaled=False)
    yield (
        "diabetes.csv",
        (
            diabetes.feature_names,
            diabetes.data,
            "progression",
            format_column(diabetes.target),
        ),
    )


def write(path, text):
    """Write the text, compressed reproducibly where the path ends in .gz."""
    content = text.encode("ascii")
    with path.open("wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile(
                filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0
            ) as archive:
                archive.write(content)
        else:
            file.write(content)


def main():
    parser = argparse.ArgumentParser(
        description="Write the tables from scikit-learn's bundled data."
    )
    parser.add_argument("folder", type=Path, help="the folder to write into")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for file_name, table in tables():
        path = folder / file_name
        write(path, to_csv(*table))
        rows, features = table[1].shape
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(
            f"{file_name}: {rows} rows, {features} features, sha256 {digest}"
        )


if __name__ == "__main__":
    main()
