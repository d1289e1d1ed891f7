#!/usr/bin/env bash
# Time and memory of the set-up of large networks here and in BMTK; options are those of compare.py.
# Makes a virtual environment with BMTK and NEURON unless PEERS_PYTHON names a Python that has them.
set -euo pipefail
cd "$(dirname "$0")/../.."
python="${PEERS_PYTHON:-}"
if [ -z "$python" ]; then
    environment=target/peers
    [ -x "$environment/bin/python" ] || python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet neuron bmtk h5py numpy
    python="$environment/bin/python"
fi
cargo build --release --locked --quiet -p runtime
exec "$python" benches/setup/compare.py "$@"
