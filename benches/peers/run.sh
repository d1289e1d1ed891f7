#!/usr/bin/env bash
# Speeds of Saltatory and its peers on the same networks; options are those of compare.py.
# Makes a virtual environment with the peers unless PEERS_PYTHON names a Python that has them, and cmake for Arbor at its best.
set -euo pipefail
cd "$(dirname "$0")/../.."
python="${PEERS_PYTHON:-}"
if [ -z "$python" ]; then
    environment=target/peers
    [ -x "$environment/bin/python" ] || python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet neuron arbor cmake h5py numpy
    python="$environment/bin/python"
fi
cargo build --release --locked --quiet -p runtime
exec "$python" benches/peers/compare.py "$@"
