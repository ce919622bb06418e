"""FastAPI with a network of scikit-learn, as its tutorials write it: a model of the body, a row, its probabilities."""

from pathlib import Path

import joblib
import numpy
from fastapi import FastAPI
from pydantic import BaseModel

model = joblib.load(Path(__file__).parent / "model.joblib")
app = FastAPI()


class Row(BaseModel):
    sepal_length: float
    sepal_width: float
    petal_length: float
    petal_width: float


@app.post("/predict")
def predict(row: Row) -> dict:
    values = numpy.array([[row.sepal_length, row.sepal_width, row.petal_length, row.petal_width]])
    probabilities = model.predict_proba(values)[0]
    answer = {"prediction": str(model.classes_[probabilities.argmax()])}
    for name, probability in zip(model.classes_, probabilities):
        answer[f"probability_{name}"] = float(probability)
    return answer
