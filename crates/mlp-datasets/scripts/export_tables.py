"""Write the larger tables of `datasets/` as Parquet files from CSV files.

Makes adult.parquet, california_housing.parquet and titanic.parquet in the
second folder given from the CSV files of the same names in the first, and
prints the rows, features, size and SHA-256 of each. `datasets/README.md` says
which CSV files these are. Each file is read back and compared with its CSV
file, cell by cell. Nothing is downloaded. From the root of the repository,
with pyarrow installed:

    python crates/mlp-datasets/scripts/export_tables.py FOLDER datasets
"""

import argparse
import csv
import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

# Name, target, and the text of the CSV file that marks a missing value.
TABLES = [
    ("adult", "class", "?"),
    ("california_housing", "MedHouseVal", ""),
    ("titanic", "Survived", ""),
]


def read_csv(path, target, missing):
    """Return the columns by name, the target last, None where missing."""
    with path.open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file, strict=True)
    columns = {
        name: [None if cell == missing else cell for cell in cells]
        for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    }
    columns[target] = columns.pop(target)
    return columns


def convert(cells, kind):
    """Return the cells as values of the kind, None where missing."""
    return [None if cell is None else kind(cell) for cell in cells]


def to_array(cells):
    """Return whole numbers as int32, others as float64, the rest as text."""
    try:
        numbers = convert(cells, float)
    except ValueError:
        return pa.array(cells, pa.string())
    if all(number is None or number.is_integer() for number in numbers):
        return pa.array(convert(numbers, int), pa.int32())
    return pa.array(numbers, pa.float64())


def write(path, table):
    """Write the table as one row group, with no metadata of Arrow's."""
    text = [
        field.name for field in table.schema if pa.types.is_string(field.type)
    ]
    pq.write_table(
        table,
        path,
        version="2.6",
        row_group_size=table.num_rows,
        use_dictionary=text,
        compression="zstd",
        compression_level=19,
        store_schema=False,
    )


def check(path, columns):
    """Fail unless the file has the columns, in order, and their values."""
    table = pq.read_table(path)
    if table.column_names != list(columns):
        raise ValueError(f"{path}: the columns are {table.column_names}")
    for name, cells in columns.items():
        found = table[name]
        kind = str if pa.types.is_string(found.type) else float
        if found.to_pylist() != convert(cells, kind):
            raise ValueError(f"{path}: the values of `{name}` differ")


def main():
    parser = argparse.ArgumentParser(
        description="Write the larger tables as Parquet files."
    )
    parser.add_argument("source", type=Path, help="the folder of CSV files")
    parser.add_argument("folder", type=Path, help="the folder to write into")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, target, missing in TABLES:
        source = arguments.source / f"{name}.csv"
        columns = read_csv(source, target, missing)
        table = pa.table(
            {name: to_array(cells) for name, cells in columns.items()}
        )
        path = arguments.folder / f"{name}.parquet"
        write(path, table)
        check(path, columns)
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        print(
            f"{path.name}: {table.num_rows} rows, "
            f"{table.num_columns - 1} features, {len(content)} bytes, "
            f"sha256 {digest}"
        )


if __name__ == "__main__":
    main()
