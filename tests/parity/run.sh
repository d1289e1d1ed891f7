#!/bin/sh
# Compare Saltatory with NEURON 9.0.2 on the models of models.py; arguments go to parity.py.
#
#   tests/parity/run.sh                      --compat neuron, 1e-9
#   tests/parity/run.sh --kernels default    default kernels, 1e-6
#   tests/parity/run.sh --evaluated          the same, and evaluated kernels held to the bits of compiled ones
#   tests/parity/run.sh --only hh bush --keep FOLDER
#
# Needs python3, a C++ compiler (for NEURON's mechanisms) and, the first time, the network.
# PARITY_PYTHON names an interpreter that has neuron, h5py and numpy; RUNTIME names the program.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

. "$here/python.sh"

runtime=${RUNTIME:-$target/release/runtime}
if [ -z "${RUNTIME:-}" ]; then
    (cd "$root" && cargo build --release --quiet -p runtime)
fi
exec "$python" "$here/parity.py" --runtime "$runtime" "$@"
