"""Compares an exported graph in onnxruntime with the CSV that `trainer predict --only-predictions` has written.

check.py TABLE.csv PREDICTIONS.csv GRAPH.onnx [GRAPH.onnx ...]

A graph beside which there is GRAPH.onnx.json is a numeric one. Probabilities may differ by 1e-5, and numbers by 1e-5 of
themselves or of the standard deviation of the target, whichever is greater.
"""

import csv
import datetime
import json
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime

TOLERANCE = 1e-5
MISSING = {"", "NA"}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def seconds(text):
    if text in MISSING:
        return numpy.nan
    date = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    return date.timestamp()


def feed(table, inputs, tables):
    codes = {entry["input"]: entry.get("codes", {}) for entry in tables["inputs"]} if tables else None
    arrays = {}
    for column in inputs:
        texts = table[column["column"]]
        if column["kind"] == "numeric":
            values = numpy.array([numpy.nan if t in MISSING else float(t) for t in texts])
        elif column["kind"] == "date":
            values = numpy.array([seconds(text) for text in texts])
        else:
            if tables:
                of_column = codes[column["input"]]
                values = numpy.array([of_column.get(text, 0) for text in texts], dtype=numpy.int64)
            else:
                values = numpy.array(texts, dtype=object)
        arrays[column["input"]] = values.reshape(-1, 1)
    return arrays


def write_rows(path, arrays, outputs):
    """Some rows and what is computed from them, for ../tract."""
    def listed(array):
        return [None if value != value else value for value in array[:20].flatten().tolist()]

    document = {
        "inputs": {name: listed(array) for name, array in arrays.items()},
        "outputs": {name: listed(array) for name, array in outputs.items()},
        "order": list(outputs),
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def check(graph, table, predicted):
    model = onnx.load(graph)
    onnx.checker.check_model(model, full_check=True)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    inputs, targets = json.loads(metadata["inputs"]), json.loads(metadata["targets"])
    classes = json.loads(metadata["classes"])
    path = Path(f"{graph}.json")
    tables = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    assert [i.shape for i in session.get_inputs()] == [["N", 1]] * len(inputs)
    names = [output.name for output in session.get_outputs()]
    arrays = feed(table, inputs, tables)
    outputs = dict(zip(names, session.run(None, arrays)))
    if tables:
        write_rows(path.with_suffix(".rows.json"), arrays, outputs)
    # One row gives the same as many, and none gives none.
    single = session.run(None, {name: array[5:6] for name, array in arrays.items()})
    for name, one in zip(names, single):
        if one.dtype.kind == "f":
            numpy.testing.assert_allclose(one[0], outputs[name][5], rtol=1e-5, atol=1e-6)
    none = session.run(None, {name: array[:0] for name, array in arrays.items()})
    assert all(len(output) == 0 for output in none)

    worst, others = 0.0, 0
    if classes:
        found = list(outputs["prediction"])
        if tables:
            found = [classes[index] if index >= 0 else "" for index in found]
        expected = predicted["prediction"]
        if "probabilities" in outputs:
            columns = [predicted[f"probability_{name}"] for name in classes]
            probabilities = numpy.array([[float(cell) for cell in column] for column in columns]).T
            worst = float(numpy.abs(outputs["probabilities"] - probabilities).max())
            top = numpy.sort(probabilities, axis=1)[:, -2:]
            is_tie = top[:, 1] - top[:, 0] < 10 * TOLERANCE
        else:
            is_tie = numpy.zeros(len(expected), dtype=bool)
        others = sum(a != b and not tie for a, b, tie in zip(found, expected, is_tie))
    else:
        for target in targets:
            name = "prediction" if len(targets) == 1 else f"prediction_{target['name']}"
            expected = numpy.array([float(cell) for cell in predicted[name]])
            scale = numpy.maximum(numpy.abs(expected), target["std"])
            worst = max(worst, float((numpy.abs(outputs[name] - expected) / scale).max()))
    is_good = worst <= TOLERANCE and others == 0
    print(f"{'ok' if is_good else 'WRONG':5}  {worst:.1e}  {others} other classes  {graph}")
    return is_good


if __name__ == "__main__":
    csv.field_size_limit(sys.maxsize)
    of_table, of_predictions = read(sys.argv[1]), read(sys.argv[2])
    results = [check(graph, of_table, of_predictions) for graph in sys.argv[3:]]
    sys.exit(not all(results))
