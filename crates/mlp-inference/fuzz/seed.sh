#!/bin/sh
# Fills the corpus of each target with the models of the tests.
set -eu
cd "$(dirname "$0")"
formats=../tests/formats
mkdir -p corpus/weights corpus/description
for folder in "$formats"/*/; do
    cp "$folder/model.json" "corpus/description/$(basename "$folder").json"
done
# The first byte chooses the network.
number=0
for name in v2-iris-layer-norm v2-fruit-embedding v2-iris-som v1-iris-batch-norm; do
    { printf "\\00$number"; cat "$formats/$name/model.safetensors"; } >"corpus/weights/$name"
    number=$((number + 1))
done
