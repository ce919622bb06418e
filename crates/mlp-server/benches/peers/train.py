"""Trains the network of scikit-learn that both peers serve."""

import sys
from pathlib import Path

import joblib
import pandas
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

table = pandas.read_csv(sys.argv[1])
target = table.pop("species")
model = make_pipeline(StandardScaler(), MLPClassifier((64, 64), max_iter=300, random_state=0))
model.fit(table.to_numpy(), target)
joblib.dump(model, Path(sys.argv[2]))
