"""From a CSV file to arrays, with pandas, and one-hot encoding and scaling by scikit-learn.

    python read_table.py adult.csv class

The peer of ../read_table.rs.
"""

import sys

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def main():
    path, target = sys.argv[1:]
    table = pd.read_csv(path, na_values="?")
    labels = pd.factorize(table.pop(target), sort=True)[0]
    numbers = table.select_dtypes("number").columns
    names = table.columns.difference(numbers)
    rest, test = train_test_split(
        np.arange(len(table)), test_size=0.2, stratify=labels, random_state=0
    )
    train, valid = train_test_split(
        rest, test_size=0.25, stratify=labels[rest], random_state=0
    )
    transformer = make_column_transformer(
        (StandardScaler(), numbers),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), names),
    )
    transformer.fit(table.iloc[train])
    for rows in (train, valid, test):
        inputs = transformer.transform(table.iloc[rows]).astype(np.float32)
        print(inputs.shape)


if __name__ == "__main__":
    main()
