#!/bin/sh
# Fills the corpus of each target with the files of the tests.
set -eu
cd "$(dirname "$0")"
files=../tests/files
for target in text json parquet arrow workbook gzip idx; do
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
for file in "$files"/*.csv "$files"/*.jsonl; do
    gzip -c "$file" >"corpus/gzip/$(basename "$file").gz"
    bzip2 -c "$file" >"corpus/gzip/$(basename "$file").bz2"
    zstd -qc "$file" >"corpus/gzip/$(basename "$file").zst" || echo "no seeds for Zstandard"
done
# The first byte chooses the file: two images of 1 x 2 pixels, and two labels.
images='\000\000\010\003\000\000\000\002\000\000\000\001\000\000\000\002\001\002\003\004'
printf "\\000$images" >corpus/idx/images
printf '\001\000\000\010\001\000\000\000\002\001\000' >corpus/idx/labels
{ printf '\004'; printf "$images" | gzip -c; } >corpus/idx/images.gz
