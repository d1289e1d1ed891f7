# Sets $python to an interpreter that has neuron, h5py and numpy; sourced, with $target set.

python=${PARITY_PYTHON:-$target/parity/venv/bin/python}
if ! "$python" -c 'import neuron, h5py, numpy' >/dev/null 2>&1; then
    if [ -n "${PARITY_PYTHON:-}" ]; then
        echo "$python has not all of neuron, h5py and numpy" >&2
        exit 2
    fi
    python3 -m venv "$target/parity/venv"
    "$python" -m pip install --quiet neuron==9.0.2 h5py numpy
fi
