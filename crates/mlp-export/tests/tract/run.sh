#!/usr/bin/env bash
# Compares all numeric graphs that ../onnxruntime/run.sh has left in a folder with tract.
#
#   run.sh FOLDER
set -euo pipefail
here="$(dirname "$(realpath "$0")")"
shopt -s nullglob
graphs=("$1"/*.numeric.onnx)
[ ${#graphs[@]} -gt 0 ]
cargo run --quiet --release --locked --manifest-path "$here/Cargo.toml" -- "${graphs[@]}"
