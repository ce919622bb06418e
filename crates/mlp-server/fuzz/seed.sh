#!/bin/sh
# Fills the corpus with a body of each kind. The first byte chooses the model and the kind.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/body
seed() { printf "\\$1%s" "$3" >"corpus/body/$2"; }
row='{"kind": "apple", "weight": 100, "picked": "2024-05-11"}'
seed 000 object "$row"
seed 003 array "[$row, $row]"
seed 003 csv 'kind,weight,picked
apple,100,2024-05-11
'
seed 006 arrow ''
seed 011 tensors '{"inputs": [{"name": "kind", "shape": [1], "datatype": "BYTES", "data": ["apple"]},
    {"name": "weight", "shape": [1, 1], "datatype": "FP64", "data": [[100]]},
    {"name": "picked", "shape": [1], "datatype": "BYTES", "data": [null]}], "outputs": [{"name": "prediction"}]}'
seed 014 split '{"dataframe_split": {"columns": ["kind", "weight", "picked"], "data": [["apple", 100, "2024-05-11"]]}}'
seed 014 records "{\"dataframe_records\": [$row]}"
