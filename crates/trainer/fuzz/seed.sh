#!/bin/sh
# Fills the corpus with a section for each setting that the configuration of a run has.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/configuration
runs="$(mktemp -d)"
trap 'rm -rf "$runs"' EXIT
for model in perceptron adaline mlp tabm som idec; do
    cargo run -q -p trainer -- train iris --model "$model" --epochs 1 --no-tui --output "$runs/$model" >/dev/null 2>&1 || continue
    cp "$runs/$model/config.toml" "corpus/configuration/$model.toml"
done
