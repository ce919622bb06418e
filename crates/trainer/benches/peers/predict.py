"""Train a model on a table, or predict the rows of a CSV file with it.

    python predict.py train iris.csv species model.joblib
    python predict.py predict model.joblib rows.csv predictions.csv

The peer of `trainer predict`: it writes the same columns, with a network of the same size.
"""

import sys

import joblib
import pandas as pd
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train(path, target, model_path):
    table = pd.read_csv(path)
    labels = table.pop(target)
    network = MLPClassifier((64, 64), activation="tanh", max_iter=300, random_state=0)
    joblib.dump(make_pipeline(StandardScaler(), network).fit(table, labels), model_path)


def predict(model_path, path, output):
    model = joblib.load(model_path)
    table = pd.read_csv(path)
    probabilities = model.predict_proba(table[list(model.feature_names_in_)])
    table["prediction"] = model.classes_[probabilities.argmax(axis=1)]
    for name, column in zip(model.classes_, probabilities.T, strict=True):
        table[f"probability_{name}"] = column
    table.to_csv(output, index=False)


if __name__ == "__main__":
    {"train": train, "predict": predict}[sys.argv[1]](*sys.argv[2:])
