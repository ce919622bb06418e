#!/bin/sh
# Fills the corpus of each target with the files of the tests.
set -eu
cd "$(dirname "$0")"
files=../tests/files
for target in text json parquet arrow workbook; do
    mkdir -p "corpus/$target"
done
for file in "$files"/*.csv; do
    # The first byte chooses the dialect.
    { printf '\000'; cat "$file"; } >"corpus/text/$(basename "$file")"
done
cp "$files"/*.json "$files"/*.jsonl corpus/json/
cp "$files"/*.parquet corpus/parquet/
cp "$files"/*.arrow corpus/arrow/
cp "$files"/*.xlsx "$files"/*.xls "$files"/*.ods corpus/workbook/
