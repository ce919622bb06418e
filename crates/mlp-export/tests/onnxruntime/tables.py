"""Writes ten varied tables, always the same, into a folder."""

import csv
import datetime
import sys
from pathlib import Path

import numpy


def write(folder, name, columns):
    with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in zip(*columns.values()):
            writer.writerow(row)


def with_missing(rng, values, share, text=""):
    return [text if missing else value for value, missing in zip(values, rng.random(len(values)) < share)]


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = numpy.random.default_rng(7)

    # Four numbers, three classes.
    n = 240
    kind = rng.integers(0, 3, n)
    write(folder, "flowers", {
        "sepal length": numpy.round(5 + kind * 0.8 + rng.normal(0, 0.4, n), 1),
        "sepal width": numpy.round(3 + rng.normal(0, 0.3, n), 1),
        "petal length": numpy.round(1.5 + kind * 2 + rng.normal(0, 0.3, n), 1),
        "petal width": numpy.round(0.3 + kind * 0.9 + rng.normal(0, 0.2, n), 1),
        "kind": [["setosa", "versicolor", "virginica"][k] for k in kind],
    })

    # Missing numbers and categories; two classes.
    n = 400
    sex = rng.choice(["female", "male"], n)
    age = numpy.round(rng.gamma(4, 8, n), 1)
    port = rng.choice(["Cherbourg", "Queenstown", "Southampton"], n, p=[0.2, 0.1, 0.7])
    fare = numpy.round(rng.lognormal(3, 1, n), 2)
    survived = (sex == "female").astype(float) * 1.5 - age / 40 + rng.normal(0, 0.5, n) > 0
    write(folder, "passengers", {
        "sex": sex,
        "age": with_missing(rng, age, 0.2),
        "port": with_missing(rng, port, 0.1, "NA"),
        "fare": fare,
        "survived": ["yes" if s else "no" for s in survived],
    })

    # Numbers far from zero; a large target.
    n = 300
    area = rng.uniform(40, 200, n)
    year = rng.integers(1900, 2020, n)
    write(folder, "houses", {
        "area": numpy.round(area, 1),
        "year": year,
        "latitude": numpy.round(5_234_000 + rng.normal(0, 40, n), 3),
        "district": rng.choice(["north", "south", "east"], n),
        "price": numpy.round(2500 * area + (year - 1960) * 400 + rng.normal(0, 5e3, n)),
    })

    # Dates with a time; a regression.
    n = 400
    start = datetime.datetime(2019, 11, 3)
    times = [start + datetime.timedelta(hours=int(h)) for h in rng.integers(0, 20_000, n)]
    hour = numpy.array([time.hour for time in times])
    month = numpy.array([time.month for time in times])
    write(folder, "bicycles", {
        "time": [time.strftime("%Y-%m-%d %H:%M:%S") for time in times],
        "temperature": numpy.round(12 + 9 * numpy.sin((month - 4) / 2) + rng.normal(0, 3, n), 1),
        "rides": numpy.round(60 + 40 * numpy.sin(hour / 4) + 8 * numpy.sin(month / 2) + rng.normal(0, 5, n)),
    })

    # A category with many values; a skewed target.
    n = 500
    shop = rng.integers(0, 30, n)
    write(folder, "shops", {
        "shop": [f"shop {s:02}" for s in shop],
        "weekday": rng.choice(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], n),
        "discount": with_missing(rng, numpy.round(rng.uniform(0, 0.5, n), 2), 0.05),
        "sales": numpy.round(rng.lognormal(6 + shop / 20, 0.5, n), 2),
    })

    # Many columns, ten classes.
    n = 300
    digit = rng.integers(0, 10, n)
    shapes = rng.integers(0, 17, (10, 36))
    pixels = numpy.clip(shapes[digit] + rng.integers(-3, 4, (n, 36)), 0, 16)
    write(folder, "digits", {**{f"p{i}": pixels[:, i] for i in range(36)}, "digit": [f"d{d}" for d in digit]})

    # Several targets.
    n = 300
    a, b = rng.normal(0, 1, n), rng.uniform(-3, 3, n)
    write(folder, "sensors", {
        "a": numpy.round(a, 4),
        "b": numpy.round(b, 4),
        "c": numpy.round(rng.standard_t(2, n), 4),
        "heat": numpy.round(20 + 3 * a + b**2 + rng.normal(0, 0.2, n), 3),
        "flow": numpy.round(0.01 * numpy.exp(a / 3) + 0.001 * b, 6),
    })

    # Yes or no in the columns and the target, and codes that look like numbers.
    n = 300
    flag, code = rng.random(n) < 0.4, rng.choice(["001", "002", "010", "1"], n)
    write(folder, "loans", {
        "owner": ["true" if f else "false" for f in flag],
        "code": code,
        "income": numpy.round(rng.pareto(3, n) * 20_000, -1),
        "default": ((flag.astype(float) + (code == "001") + rng.normal(0, 0.5, n)) > 1).astype(int),
    })

    # Missing dates, before 1970 too; three classes with quotes and signs in their names.
    n = 300
    days = rng.integers(-15_000, 20_000, n)
    born = [(datetime.date(1970, 1, 1) + datetime.timedelta(days=int(d))).isoformat() for d in days]
    write(folder, "people", {
        "born": with_missing(rng, born, 0.15),
        "height": with_missing(rng, numpy.round(rng.normal(172, 9, n), 0), 0.1),
        "génération": [["alt, \"A\"", "mittel", "jung"][int(g)] for g in numpy.digitize(days, [-3000, 8000])],
    })

    # Few rows; columns that are called like outputs.
    n = 90
    x = rng.normal(0, 1, n)
    write(folder, "small", {
        "prediction": numpy.round(x, 3),
        "probabilities": rng.choice(["a", "b", ""], n),
        "float:0.0": numpy.round(rng.normal(1e-3, 1e-4, n), 7),
        "result": ["up" if v > 0 else "down" for v in x + rng.normal(0, 0.3, n)],
    })


if __name__ == "__main__":
    main(Path(sys.argv[1]))
