#!/usr/bin/env bash
# The main job: compiles the mechanisms, runs the half-centre oscillator on the CPU and on the GPU,
# compares the two, and draws voltage and calcium of both cells to output/oscillator.svg.
set -euo pipefail
cd "$(dirname "$0")"
bash scripts/setup.sh

cargo build --release --locked --bin modgen --bin runtime
bin=target/release
config=examples/hco/config.json

$bin/modgen mod/ -o generated/
$bin/runtime "$config" --overwrite --output output/cpu
$bin/runtime --gpu "$config" --overwrite --output output/gpu
$bin/runtime compare output/cpu output/gpu
$bin/runtime plot output/cpu --config "$config" --kind traces --group-by cell_name -o output/oscillator.svg
echo "voltage and calcium of both cells: output/oscillator.svg"
