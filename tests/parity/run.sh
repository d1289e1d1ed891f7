#!/bin/sh
# Compare Saltatory with NEURON 9.0.2 on the models of models.py; arguments go to parity.py.
#
#   tests/parity/run.sh                      --compat neuron, 1e-9
#   tests/parity/run.sh --kernels default    default kernels, 1e-6
#   tests/parity/run.sh --only hh bush --keep FOLDER
#
# Needs python3, a C++ compiler (for NEURON's mechanisms) and, the first time, the network.
# PARITY_PYTHON names an interpreter that has neuron, h5py and numpy; RUNTIME names the program.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

python=${PARITY_PYTHON:-$target/parity/venv/bin/python}
if ! "$python" -c 'import neuron, h5py, numpy' >/dev/null 2>&1; then
    if [ -n "${PARITY_PYTHON:-}" ]; then
        echo "$python has not all of neuron, h5py and numpy" >&2
        exit 2
    fi
    python3 -m venv "$target/parity/venv"
    "$python" -m pip install --quiet neuron==9.0.2 h5py numpy
fi

runtime=${RUNTIME:-$target/release/runtime}
if [ -z "${RUNTIME:-}" ]; then
    (cd "$root" && cargo build --release --quiet -p runtime)
fi
exec "$python" "$here/parity.py" --runtime "$runtime" "$@"
