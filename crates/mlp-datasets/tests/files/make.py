"""Writes the files of this folder: the same table of fruit in each format.

    pip install pandas pyarrow openpyxl odfpy xlwt
    python make.py
"""

import datetime

import numpy
import pandas
import xlwt

ROWS = 60


def fruit():
    rows = []
    for row in range(ROWS):
        colour, weight, kind = [
            ("red", 150 + row % 20 + 0.5, "apple"),
            ("yellow", 120 + row % 15, "banana"),
            ("green", 8 + row % 4, "lime"),
        ][row % 3]
        rows.append(
            {
                "colour": None if row % 10 == 7 else colour,
                "weight": None if row % 11 == 5 else float(weight),
                "seeds": row % 7,
                "ripe": row % 5 < 3,
                # Beyond what double precision holds.
                "code": 2**53 + 1 + row % 4,
                "picked": datetime.date(2024, 5, row % 28 + 1),
                "sold": datetime.datetime(2024, 6, row % 28 + 1, 13, row % 60),
                "kind": kind,
            }
        )
    return pandas.DataFrame(rows)


def sheet():
    # Excel's numbers have 15 digits, so long codes are text there.
    table = fruit()
    table["code"] = table["code"].astype(str)
    return table


def other():
    return pandas.DataFrame({"x": [1, 2, 3], "y": ["a", "b", "c"]})


def write_workbooks():
    for name, engine in [("fruit.xlsx", "openpyxl"), ("fruit.ods", "odf")]:
        with pandas.ExcelWriter(name, engine=engine) as writer:
            # Empty rows above and an empty column before the table.
            sheet().to_excel(writer, sheet_name="fruit", index=False, startrow=2, startcol=1)
            other().to_excel(writer, sheet_name="other", index=False)
    workbook = xlwt.Workbook()
    for name, table in [("fruit", sheet()), ("other", other())]:
        page = workbook.add_sheet(name)
        for column, title in enumerate(table.columns):
            page.write(0, column, title)
            for row, value in enumerate(table[title].tolist()):
                if value is None or value != value:
                    continue
                style = xlwt.Style.default_style
                if isinstance(value, pandas.Timestamp):
                    value = value.to_pydatetime()
                    style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
                elif isinstance(value, datetime.date):
                    style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
                page.write(row + 1, column, value, style)
    workbook.save("fruit.xls")


def write_mixed():
    """Columns whose cells have several types."""
    import openpyxl

    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = "cells"
    page.append(["mixed", "number", "missing", "time", "error", "flag", "digits"])
    for row in range(4):
        page.append(
            [
                42 if row % 2 == 0 else "many",
                "NA" if row == 1 else row + 0.5,
                "#N/A" if row == 2 else row,
                datetime.time(6 * row, 30),
                "#DIV/0!" if row == 3 else row,
                row % 2 == 0,
                str(row) if row == 0 else row,
            ]
        )
    # The error is a value, not a text.
    for cell in [page["C4"], page["E5"]]:
        cell.data_type = "e"
    workbook.create_sheet("empty")
    workbook.save("cells.xlsx")


def main():
    table = fruit()
    table.to_csv("fruit.csv", index=False)
    table.to_json("fruit.jsonl", orient="records", lines=True, date_format="iso", date_unit="s")
    table.to_json("fruit.json", orient="records", date_format="iso", date_unit="s", indent=1)
    table["picked"] = pandas.to_datetime(table["picked"]).astype("datetime64[ms]")
    table.to_parquet("fruit.parquet", index=False)
    table.to_feather("fruit.arrow")
    write_workbooks()
    write_mixed()
    texts = pandas.DataFrame(
        {"text": [value.encode() for value in ["a", "bé", "a", "c"]], "bytes": [b"\xff", b"a", b"b", b"\xfe"]}
    )
    texts["y"] = numpy.arange(4) * 1.5
    texts.to_parquet("impala.parquet", index=False)


main()
