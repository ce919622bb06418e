#!/usr/bin/env bash
# Trains every recipe briefly on ten varied tables, exports the models, and compares them in onnxruntime with
# `trainer predict`. All graphs with texts and all numeric ones; about a hundred models.
#
#   run.sh TRAINER [FOLDER]
#
# TRAINER is the program; PYTHON has the packages of requirements.txt (default: python3).
set -euo pipefail

trainer="$(realpath "$1")"
folder="${2:-$(mktemp -d)}"
python="${PYTHON:-python3}"
here="$(dirname "$(realpath "$0")")"
mkdir -p "$folder"
cd "$folder"
"$python" "$here/tables.py" tables

failures=0
models=0

# check NAME TABLE TARGET OPTION...: one training, its exports and the comparison.
check() {
  local name="$1" table="$2" target="$3"
  shift 3
  rm -rf "runs/$name" "$name".*
  if ! "$trainer" train "tables/$table.csv" --target "$target" --output "runs/$name" --no-tui --no-report --json \
    "$@" >"$name.log" 2>&1; then
    echo "FAILED training: $name: $(tail -n 3 "$name.log")"
    failures=$((failures + 1))
    return
  fi
  "$trainer" predict "runs/$name" "tables/$table.csv" --only-predictions --output "$name.csv" 2>"$name.log"
  "$trainer" export "runs/$name" --format onnx --output "$name.onnx" >"$name.export"
  "$trainer" export "runs/$name" --format onnx --numeric --output "$name.numeric.onnx" >>"$name.export"
  models=$((models + 1))
  "$python" "$here/check.py" "tables/$table.csv" "$name.csv" "$name.onnx" "$name.numeric.onnx" ||
    failures=$((failures + 1))
}

of_classes=(flowers:kind passengers:survived digits:digit loans:default people:génération small:result)
of_numbers=(houses:price bicycles:rides shops:sales sensors:heat,flow)
networks=(mlp resnet mlp-plr mlp-pl real-mlp real-mlp-s tabm tabm-mini tabm-packed)
scalings=(standard robust quantile min_max)
encodings=(auto one_hot embedding target)

# Every recipe on every table; each with another scaling and another encoding of categories.
number=0
short() {
  case "$1" in
    tabm*) echo --epochs 2 --num-members 4 --d-block 32 ;;
    *) echo --epochs 3 ;;
  esac
}
for pair in "${of_classes[@]}" "${of_numbers[@]}"; do
  table="${pair%%:*}" target="${pair#*:}"
  for model in "${networks[@]}"; do
    read -ra options <<<"$(short "$model")"
    check "$table-$model" "$table" "$target" --model "$model" "${options[@]}" \
      --scaling "${scalings[number % 4]}" --categories "${encodings[number / 4 % 4]}"
    number=$((number + 1))
  done
done
for pair in "${of_classes[@]}"; do
  for model in perceptron adaline logistic; do
    check "${pair%%:*}-$model" "${pair%%:*}" "${pair#*:}" --model "$model" --epochs 3
  done
done
for pair in "${of_numbers[@]}"; do
  check "${pair%%:*}-adaline" "${pair%%:*}" "${pair#*:}" --model adaline --epochs 3
done

# Every activation and normalisation.
for activation in step sigmoid tanh relu leaky_relu elu selu gelu silu mish softplus identity; do
  check "flowers-$activation" flowers kind --model mlp --hidden 8,8 --epochs 3 --activation "$activation"
done
for normalization in batch layer; do
  check "passengers-$normalization" passengers survived --model mlp --epochs 3 --normalization "$normalization"
done

# Losses that give outputs another meaning.
check flowers-binary flowers kind --model mlp --epochs 3 --loss binary_cross_entropy
check passengers-binary passengers survived --model mlp --epochs 3 --loss binary_cross_entropy
check flowers-scores flowers kind --model mlp --epochs 3 --loss mean_squared_error
check loans-tabm-binary loans default --model tabm --epochs 2 --num-members 4 --d-block 32 --loss binary_cross_entropy
check loans-tabm-scores loans default --model tabm --epochs 2 --num-members 4 --d-block 32 --loss mean_squared_error
check houses-quantile houses price --model mlp --epochs 3 --loss pinball --quantile 0.9
check shops-huber shops sales --model mlp --epochs 3 --loss huber
check shops-none shops sales --model mlp --epochs 3 --scaling none
check shops-rare shops sales --model mlp --epochs 3 --min-category-count 20 --categories target

# Ensembles and cross-validation are one graph.
for pair in passengers:survived shops:sales people:génération sensors:heat,flow; do
  table="${pair%%:*}" target="${pair#*:}"
  check "$table-ensemble" "$table" "$target" --model ensemble --members mlp,tabm-mini,real-mlp --epochs 2
  check "$table-folds" "$table" "$target" --model mlp --epochs 3 --folds 3
done
check bicycles-fast bicycles rides --preset fast --epochs 3
check people-default people génération --preset default --epochs 2

# What has no graph is refused.
"$trainer" train tables/flowers.csv --model som --epochs 2 --drop kind --output runs/som --no-tui --no-report --json >som.log 2>&1
if "$trainer" export runs/som --format onnx --output som.onnx 2>som.log || [ -e som.onnx ]; then
  echo "FAILED: a self-organising map has no graph"
  failures=$((failures + 1))
fi

echo "$models models, $failures failures"
[ "$failures" -eq 0 ]
